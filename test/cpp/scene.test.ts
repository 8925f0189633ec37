import { type Ownership, type Statement, cpp, cppSource, machineProgram, ownershipOf } from "../../lib/index.ts";
import { expect, test } from "vitest";
import { boot } from "../support/boot.ts";

const Node = cpp.struct("Node", {
  bytes: 8,
  members: [cpp.member("next", "shared_ptr", "Node"), cpp.member("back", "weak_ptr", "Node")],
});

/** What there is when each statement, and each end of a block, begins: by the text of its line. */
async function scenes(main: readonly Statement[]): Promise<[string, Ownership][]> {
  const program = cpp.program([Node], main);
  const kernel = await boot();
  kernel.spawn("main", machineProgram(program));
  kernel.run();
  const lines = cppSource(program).split("\n");
  const steps = [...kernel.trace].filter(({ event }) => event === "cpp_statement");
  return steps.map(({ tick }) => {
    kernel.seek(tick);
    const scene = ownershipOf(kernel.memory, 1, program)!;
    return [lines[scene.line - 1]!.trim(), scene];
  });
}

const counts = ({ blocks }: Ownership) =>
  blocks.map(({ kind, useCount, weakCount }) => `${kind} ${useCount} ${weakCount}`);

test("variables, objects and control blocks are seen at every statement, with their counts", async () => {
  const seen = await scenes([
    cpp.shared_ptr("a", "Node", cpp.new_("Node")),
    cpp.shared_ptr("b", "Node", cpp.make_shared("Node")),
    cpp.weak_ptr("w", "Node", cpp.copy("a")),
    cpp.assign("b->next", cpp.copy("a")),
    cpp.reset("a"),
  ]);
  expect(seen.map(([text, scene]) => [text, scene.variables.map(({ name }) => name).join(" "), counts(scene)])).toEqual(
    [
      ["std::shared_ptr<Node> a(new Node);", "", []],
      ["std::shared_ptr<Node> b = std::make_shared<Node>();", "a", ["PTR 1 1"]],
      ["std::weak_ptr<Node> w = a;", "a b", ["PTR 1 1", "INPLACE 1 1"]],
      ["b->next = a;", "a b w", ["PTR 1 2", "INPLACE 1 1"]],
      ["a.reset();", "a b w", ["PTR 2 2", "INPLACE 1 1"]],
      ["}", "a b w", ["PTR 1 2", "INPLACE 1 1"]],
      ["}", "a b", ["PTR 1 1", "INPLACE 1 1"]],
      ["}", "a", []],
    ],
  );
  const [, scene] = seen[4]!;
  const [a, b] = scene.variables;
  expect(scene.objects.map(({ address }) => address)).toEqual([a!.target, b!.target]);
  expect(scene.objects[1]!.members.map(({ name, target }) => [name, target])).toEqual([
    ["next", a!.target],
    ["back", 0],
  ]);
});

test("a cycle that no variable leads to is seen as leaked", async () => {
  const seen = await scenes([
    cpp.scope([
      cpp.shared_ptr("a", "Node", cpp.make_shared("Node")),
      cpp.shared_ptr("b", "Node", cpp.make_shared("Node")),
      cpp.assign("a->next", cpp.copy("b")),
      cpp.assign("b->next", cpp.copy("a")),
    ]),
    cpp.shared_ptr("c", "Node"),
  ]);
  expect(seen.at(-3)![1].blocks.map(({ leaked }) => leaked)).toEqual([false, false]);
  expect(seen.at(-1)![1].blocks.map(({ leaked, useCount }) => [leaked, useCount])).toEqual([
    [true, 1],
    [true, 1],
  ]);
});

test("a block that only a weak_ptr holds has a dead object", async () => {
  const seen = await scenes([
    cpp.weak_ptr("w", "Node"),
    cpp.scope([cpp.shared_ptr("a", "Node", cpp.make_shared("Node")), cpp.assign("w", cpp.copy("a"))]),
    cpp.expired("w"),
  ]);
  const [text, scene] = seen.at(-2)!;
  expect(text).toBe("says_expired(w.expired());");
  expect(counts(scene)).toEqual(["INPLACE 0 1"]);
  expect(scene.objects.map(({ alive }) => alive)).toEqual([false]);
});

test("a pointer to memory that was given back dangles", async () => {
  const seen = await scenes([
    cpp.pointer("p", "Node", cpp.new_("Node")),
    cpp.delete_("p"),
    cpp.shared_ptr("q", "Node"),
  ]);
  expect(seen.map(([, scene]) => scene.variables[0]?.dangling)).toEqual([undefined, false, true, true, true]);
});
