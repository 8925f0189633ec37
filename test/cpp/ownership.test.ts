import { describe, expect, test } from "vitest";
import {
  type CppProgram,
  type Statement,
  Kernel,
  checkHeap,
  cpp,
  cppLog,
  cppSource,
  leaksOf,
  machineProgram,
  ownershipOf,
} from "../../lib/index.ts";
import { layout } from "../../lib/layout.gen.ts";
import { boot } from "../support/boot.ts";

/** An object of 32 bytes, and one that owns or observes others. */
const T = cpp.struct("T", { bytes: 32 });
const Node = cpp.struct("Node", {
  bytes: 8,
  members: [cpp.member("next", "shared_ptr", "Node"), cpp.member("back", "weak_ptr", "Node")],
});
const Own = cpp.struct("Own", { bytes: 8, sharedFromThis: true });

async function run(main: readonly Statement[]): Promise<{ kernel: Kernel; program: CppProgram; log: string[] }> {
  const program = cpp.program([T, Node, Own], main);
  const kernel = await boot();
  kernel.spawn("main", machineProgram(program));
  kernel.run();
  expect(kernel.check()).toEqual([]);
  return { kernel, program, log: cppLog(kernel.trace, program.structs) };
}

/** The log without addresses. */
const short = (log: readonly string[]) =>
  log.map((line) => line.replace(/^(new \d+|delete \d+|~?\w+\(\)|deleter) -?\d+$/, "$1"));

describe("allocations", () => {
  test("an array that a unique_ptr gives up, by reset() or for another one, is deleted element by element", async () => {
    const { log, kernel } = await run([
      cpp.unique_ptr("u", "T[]", cpp.new_array("T", 2)),
      cpp.unique_ptr("v", "T[]", cpp.new_array("T", 1)),
      cpp.assign("u", cpp.move("v")),
      cpp.reset("u"),
    ]);
    const made = ["new 72", "T()", "T()", "new 40", "T()"];
    expect(short(log)).toEqual([...made, "~T()", "~T()", "delete 72", "~T()", "delete 40"]);
    expect(Array.from(kernel.trace.filter({ event: "malloc_printerr" }))).toEqual([]);
  });

  test("an array that a member owns dies with the object, element by element", async () => {
    const Many = cpp.struct("Many", { bytes: 8, members: [cpp.member("all", "unique_ptr", "T[]")] });
    const program = cpp.program(
      [T, Many],
      [
        cpp.unique_ptr("m", "Many", cpp.make_unique("Many")),
        cpp.reset("m->all", cpp.new_array("T", 2)),
        cpp.unique_ptr("empty", "Many", cpp.make_unique("Many")),
      ],
    );
    const kernel = await boot();
    kernel.spawn("main", machineProgram(program));
    kernel.run();
    expect(cppLog(kernel.trace, program.structs).slice(-6)).toEqual([
      "delete 16 112",
      "~Many() 0",
      "~T() 72",
      "~T() 40",
      "delete 72 32",
      "delete 16 0",
    ]);
  });

  test("SH-2: shared_ptr(new T) allocates the object, then its control block, and frees them in this order", async () => {
    const { log } = await run([cpp.shared_ptr("p", "T", cpp.new_("T"))]);
    expect(short(log)).toEqual(["new 32", "T()", "new 24", "~T()", "delete 32", "delete 24"]);
  });

  test("SH-3, SH-9: make_shared and allocate_shared allocate once: 16 bytes and the object", async () => {
    const { log } = await run([
      cpp.shared_ptr("p", "T", cpp.make_shared("T")),
      cpp.shared_ptr("q", "T", cpp.allocate_shared("T")),
    ]);
    const one = ["new 48", "T()"];
    expect(short(log)).toEqual([...one, ...one, "~T()", "delete 48", "~T()", "delete 48"]);
  });

  test("SH-5: a deleter without state costs nothing, one of 16 bytes 16 bytes; it runs instead of delete", async () => {
    const { log } = await run([
      cpp.shared_ptr("p", "T", cpp.new_with_deleter("T", 0)),
      cpp.shared_ptr("q", "T", cpp.new_with_deleter("T", 16)),
    ]);
    expect(short(log).filter((line) => /^new|deleter/.test(line))).toEqual([
      "new 32",
      "new 24",
      "new 32",
      "new 40",
      "deleter",
      "deleter",
    ]);
  });

  test("SH-6: a shared_ptr of what a unique_ptr has allocates a control block, and none of nothing", async () => {
    const { log } = await run([
      cpp.unique_ptr("u", "T", cpp.make_unique("T")),
      cpp.shared_ptr("p", "T", cpp.move("u")),
      cpp.shared_ptr("q", "T", cpp.move("u")),
      cpp.use_count("p"),
      cpp.use_count("q"),
    ]);
    expect(short(log)).toEqual([
      "new 32",
      "T()",
      "new 24",
      "use_count 1",
      "use_count 0",
      "~T()",
      "delete 32",
      "delete 24",
    ]);
  });

  test("SH-9: an array by make_shared is one block, by new[] two: its elements die from the last to the first", async () => {
    const { log } = await run([
      cpp.scope([cpp.shared_ptr("p", "T[]", cpp.make_shared_array("T", 3))]),
      cpp.shared_ptr("q", "T[]", cpp.new_array("T", 3)),
    ]);
    expect(log.filter((line) => line.startsWith("new")).map((line) => line.split(" ")[1])).toEqual([
      "160",
      "104",
      "24",
    ]);
    const deaths = log.filter((line) => line.startsWith("~")).map((line) => Number(line.split(" ")[1]));
    expect(deaths.slice(0, 3)).toEqual([64, 32, 0]);
  });

  test.each([
    ["a unique_ptr", cpp.unique_ptr("from", "T[]", cpp.new_array("T", 3)), cpp.move("from")],
    ["a plain pointer", cpp.pointer("from", "T[]", cpp.new_array("T", 3)), cpp.own("from")],
  ])("SH-6, SH-9: an array that a shared_ptr has from %s is deleted as an array", async (_, from, given) => {
    const { log, kernel } = await run([from, cpp.shared_ptr("p", "T[]", given)]);
    expect(short(log)).toEqual([
      "new 104",
      "T()",
      "T()",
      "T()",
      "new 24",
      "~T()",
      "~T()",
      "~T()",
      "delete 104",
      "delete 24",
    ]);
    expect(kernel.trace.filter({ event: "malloc_printerr" }).next().done).toBe(true);
  });
});

describe("counts", () => {
  test("SH-1: a control block has its vptr, two counts of 4 bytes, and behind 16 bytes the object; all owners are one observer", async () => {
    const { kernel, program } = await run([
      cpp.shared_ptr("p", "T", cpp.make_shared("T")),
      cpp.shared_ptr("q", "T", cpp.copy("p")),
      cpp.weak_ptr("w", "T", cpp.copy("p")),
      cpp.reset("p"),
      cpp.reset("q"),
      cpp.expired("w"),
    ]);
    const blocks = Array.from(kernel.trace.filter({ event: "cpp_statement" }), ({ tick }) => {
      kernel.seek(tick);
      const { variables, blocks: found } = ownershipOf(kernel.memory, 1, program)!;
      for (const { target, block } of variables) if (block !== 0) expect(target).toBe(block + 16);
      return found.map(({ useCount, weakCount }) => [useCount, weakCount]);
    });
    expect(blocks.slice(0, 6)).toEqual([[], [[1, 1]], [[2, 1]], [[2, 2]], [[1, 2]], [[0, 1]]]);
    const { SharedPtr, SpCountedBase } = layout.structs;
    expect([SharedPtr.size, SpCountedBase.size]).toEqual([16, 16]);
    expect([SpCountedBase.fields.use_count.offset, SpCountedBase.fields.weak_count.offset]).toEqual([8, 12]);
  });

  test("SH-4: after new the memory of an object goes with its last owner, the control block with its last observer", async () => {
    const { log } = await run([
      cpp.weak_ptr("w", "T"),
      cpp.scope([cpp.shared_ptr("p", "T", cpp.new_("T")), cpp.assign("w", cpp.copy("p"))]),
      cpp.expired("w"),
    ]);
    expect(short(log)).toEqual(["new 32", "T()", "new 24", "~T()", "delete 32", "expired 1", "delete 24"]);
  });

  test("SH-14: nothing has no control block, a null pointer with a type has one, and one owner", async () => {
    const { log } = await run([
      cpp.shared_ptr("empty", "T"),
      cpp.use_count("empty"),
      cpp.pointer("none", "T"),
      cpp.shared_ptr("p", "T", cpp.own("none")),
      cpp.use_count("p"),
    ]);
    expect(short(log)).toEqual(["use_count 0", "new 24", "use_count 1", "delete 24"]);
  });

  test("SH-7: a copy is one owner more, a move none, an alias keeps the whole object alive", async () => {
    const { log } = await run([
      cpp.shared_ptr("p", "T", cpp.make_shared("T")),
      cpp.shared_ptr("q", "T", cpp.copy("p")),
      cpp.use_count("p"),
      cpp.shared_ptr("r", "T", cpp.move("q")),
      cpp.use_count("r"),
      cpp.shared_ptr("bytes", "char", cpp.alias("p")),
      cpp.reset("p"),
      cpp.reset("r"),
      cpp.use_count("bytes"),
    ]);
    const counts = ["use_count 2", "use_count 2", "use_count 1"];
    expect(short(log)).toEqual(["new 48", "T()", ...counts, "~T()", "delete 48"]);
  });

  test("SH-4, SH-15: the object dies with its last owner, its block of make_shared with its last observer", async () => {
    const { log } = await run([
      cpp.weak_ptr("w", "T"),
      cpp.scope([cpp.shared_ptr("p", "T", cpp.make_shared("T")), cpp.assign("w", cpp.copy("p"))]),
      cpp.expired("w"),
      cpp.shared_ptr("q", "T", cpp.lock("w")),
      cpp.use_count("q"),
    ]);
    expect(short(log)).toEqual(["new 48", "T()", "~T()", "expired 1", "use_count 0", "delete 48"]);
  });

  test("SH-10: an object of enable_shared_from_this observes itself: 16 bytes, and one owner more on demand", async () => {
    const { log } = await run([
      cpp.shared_ptr("p", "Own", cpp.make_shared("Own")),
      cpp.shared_ptr("q", "Own", cpp.shared_from_this("p")),
      cpp.use_count("p"),
    ]);
    expect(short(log)).toEqual(["new 40", "Own()", "use_count 2", "~Own()", "delete 40"]);
  });

  test("SH-12: reset(new T) makes the new object before the old one dies", async () => {
    const { log } = await run([cpp.shared_ptr("p", "T", cpp.make_shared("T")), cpp.reset("p", cpp.new_("T"))]);
    expect(short(log).slice(2, 7)).toEqual(["new 32", "T()", "new 24", "~T()", "delete 48"]);
  });

  test("SH-16: counts are changed by atomic instructions once there was a thread", async () => {
    const { kernel } = await run([
      cpp.shared_ptr("p", "T", cpp.make_shared("T")),
      cpp.shared_ptr("q", "T", cpp.copy("p")),
      cpp.thread(),
      cpp.shared_ptr("r", "T", cpp.copy("p")),
    ]);
    const added = [...kernel.trace].filter(({ event }) => event === "_M_add_ref_copy");
    expect(added.map(({ args }) => args[1]! >>> 31)).toEqual([0, 1]);
    expect(added[1]!.sentence("en")).toContain("atomically");
    expect(added[1]!.sentence("zh-CN")).toContain("原子");
  });

  test("SH-16: lock() changes its count atomically without threads too, the only owner never", async () => {
    const isAtomic = async (event: string, main: readonly Statement[]) => {
      const { kernel } = await run(main);
      return [...kernel.trace].filter((one) => one.event === event).map(({ args }) => args[1]! >>> 31);
    };
    const p = cpp.shared_ptr("p", "T", cpp.make_shared("T"));
    const locked = [p, cpp.weak_ptr("w", "T", cpp.copy("p")), cpp.shared_ptr("q", "T", cpp.lock("w"))];
    expect(await isAtomic("_M_add_ref_copy", locked)).toEqual([1]);
    expect(await isAtomic("_M_release", locked)).toEqual([0, 0]);
    expect(await isAtomic("_M_release", [cpp.thread(), p, cpp.shared_ptr("q", "T", cpp.copy("p"))])).toEqual([1, 0]);
  });

  test("a weak_ptr that is moved into itself is empty", async () => {
    const { log } = await run([
      cpp.shared_ptr("p", "T", cpp.make_shared("T")),
      cpp.weak_ptr("w", "T", cpp.copy("p")),
      cpp.assign("w", cpp.move("w")),
      cpp.expired("w"),
      cpp.reset("p"),
    ]);
    expect(short(log)).toEqual(["new 48", "T()", "expired 1", "~T()", "delete 48"]);
  });
});

describe("cycles", () => {
  const ring = (back: "next" | "back") => [
    cpp.shared_ptr("a", "Node", cpp.make_shared("Node")),
    cpp.shared_ptr("b", "Node", cpp.make_shared("Node")),
    cpp.assign("a->next", cpp.copy("b")),
    cpp.assign(`b->${back}`, cpp.copy("a")),
  ];

  test("SH-13: two objects that own each other leak", async () => {
    const { log } = await run(ring("next"));
    expect(log.filter((line) => line.startsWith("~"))).toEqual([]);
    expect(leaksOf(log)).toEqual([
      { address: 0, bytes: 56 },
      { address: 64, bytes: 56 },
    ]);
  });

  test("SH-13: one weak_ptr breaks the cycle: the counts fall from the outer object to the inner one", async () => {
    const { log } = await run(ring("back"));
    expect(leaksOf(log)).toEqual([]);
    expect(short(log).slice(-4)).toEqual(["~Node()", "~Node()", "delete 56", "delete 56"]);
    expect(log.slice(-4).map((line) => Number(line.split(" ").at(-1)))).toEqual([16, 80, 64, 0]);
  });
});

test(
  "a list of 2,000 nodes is destroyed from its head, each inside the one before it",
  { timeout: 60_000 },
  async () => {
    const nodes = 2000;
    const push = [cpp.shared_ptr("n", "Node", cpp.make_shared("Node")), cpp.assign("n->next", cpp.move("head"))];
    const body = Array.from({ length: nodes }, () => cpp.scope([...push, cpp.assign("head", cpp.move("n"))]));
    const { log } = await run([cpp.shared_ptr("head", "Node"), ...body]);
    const died = log.filter((line) => line.startsWith("~"));
    expect(died.length).toBe(nodes);
    expect(leaksOf(log)).toEqual([]);
  },
);

describe("mistakes that C++ does not find", () => {
  test("two control blocks for one object: the second delete is a double free, and ends the program", async () => {
    const kernel = await boot();
    const main = [
      cpp.pointer("raw", "T", cpp.new_("T")),
      cpp.shared_ptr("p", "T", cpp.own("raw")),
      cpp.shared_ptr("q", "T", cpp.own("raw")),
    ];
    kernel.spawn("main", machineProgram(cpp.program([T], main)));
    expect(kernel.run().killed.map(({ signal }) => signal)).toEqual(["SIGABRT"]);
    const said = [...kernel.trace].find(({ event }) => event === "malloc_printerr");
    expect(said?.sentence("en")).toContain("double free detected in tcache 2");
  });

  test("a store to an object that is gone breaks the list of free chunks", async () => {
    const { kernel } = await run([
      cpp.pointer("raw", "T", cpp.new_("T")),
      cpp.shared_ptr("p", "T", cpp.own("raw")),
      cpp.reset("p"),
      cpp.write("raw"),
    ]);
    const written = [...kernel.trace].findLast(({ event }) => event === "cpp_statement")!;
    kernel.seek(written.tick);
    expect(checkHeap(kernel.memory, 1).map(({ rule }) => rule)).toContain("heap-list");
  });
});

test("a program prints as C++20, a line for each statement", () => {
  const program = cpp.program(
    [Node],
    [
      cpp.shared_ptr("a", "Node", cpp.new_("Node")),
      cpp.weak_ptr("w", "Node", cpp.copy("a")),
      cpp.if_("a", [cpp.assign("a->next", cpp.make_shared("Node"))]),
      cpp.reset("a"),
    ],
  );
  const source = cppSource(program);
  expect(source.slice(source.indexOf("int main"))).toBe(`int main() {
  std::shared_ptr<Node> a(new Node);
  std::weak_ptr<Node> w = a;
  if (a) {
    a->next = std::make_shared<Node>();
  }
  a.reset();
}
`);
});

test("every statement is a step, which says its line of the printed program", async () => {
  const { kernel, program } = await run([cpp.shared_ptr("p", "T", cpp.make_shared("T")), cpp.reset("p")]);
  const lines = cppSource(program).split("\n");
  const steps = [...kernel.trace].filter(({ event }) => event === "cpp_statement");
  expect(steps.map(({ args }) => lines[args[0]! - 1]?.trim())).toEqual([
    "std::shared_ptr<T> p = std::make_shared<T>();",
    "p.reset();",
    "}",
  ]);
  kernel.seek(steps[1]!.tick);
  expect(checkHeap(kernel.memory, 1)).toEqual([]);
});

test("a program lives through a journal: the same machine, byte for byte", async () => {
  const { kernel } = await run([cpp.shared_ptr("p", "T", cpp.new_("T")), cpp.weak_ptr("w", "T", cpp.copy("p"))]);
  const again = await Kernel.replay(kernel.journal);
  expect(again.digest()).toBe(kernel.digest());
});

test("what no compiler would take is refused when the program comes to it", async () => {
  const mistakes: [Statement, RegExp][] = [
    [cpp.assign("nobody", cpp.nullptr), /no variable nobody/],
    [cpp.shared_ptr("p", "Nothing", cpp.make_shared("Nothing")), /no struct Nothing/],
    [cpp.weak_ptr("w", "T", cpp.make_shared("T")), /weak_ptr is not made from make_shared/],
    [cpp.assign("u", cpp.new_("T")), /unique_ptr is not made from new/],
  ];
  const before = [cpp.unique_ptr("u", "T")];
  for (const [statement, message] of mistakes) await expect(run([...before, statement])).rejects.toThrow(message);
});

test("a member of nothing is a segmentation fault", async () => {
  const kernel = await boot();
  const main = [cpp.shared_ptr("a", "Node"), cpp.assign("a->next", cpp.nullptr)];
  kernel.spawn("main", machineProgram(cpp.program([Node], main)));
  expect(kernel.run().killed.map(({ signal }) => signal)).toEqual(["SIGSEGV"]);
});
