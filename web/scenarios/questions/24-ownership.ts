import { type CppProgram, type Statement, type Value, cpp, leaksOf } from "../../../lib/index.ts";
import type { CompiledQuestion } from "./question.ts";

const Big = cpp.struct("Big", { bytes: 1000 });
const Node = cpp.struct("Node", {
  members: [cpp.member("next", "shared_ptr", "Node"), cpp.member("back", "weak_ptr", "Node")],
});

/** A weak_ptr outlives the only owner: expired() says that it has. */
const straggler = (made: Value): CppProgram =>
  cpp.program(
    [Big],
    [
      cpp.weak_ptr("weak", "Big"),
      cpp.scope([cpp.shared_ptr("owner", "Big", made), cpp.assign("weak", cpp.copy("owner"))]),
      cpp.expired("weak"),
    ],
  );

/** Two nodes: a leads to b, and b leads back. */
const ring = (back: Statement): CppProgram =>
  cpp.program(
    [Node],
    [
      cpp.shared_ptr("a", "Node", cpp.make_shared("Node")),
      cpp.shared_ptr("b", "Node", cpp.make_shared("Node")),
      cpp.assign("a->next", cpp.copy("b")),
      back,
    ],
  );

/** Unit: bytes. */
const bytesOf = (log: readonly string[]) => leaksOf(log).reduce((sum, { bytes }) => sum + bytes, 0);
const allocated = (log: readonly string[]) => log.filter((line) => line.startsWith("new "));
/** What is allocated when expired() is asked. */
const kept = (log: readonly string[]) => bytesOf(log.slice(0, log.indexOf("expired 1")));
const sum = (lines: readonly string[]) => lines.reduce((total, line) => total + Number(line.split(" ")[1]), 0);

/** One allocation or two, what a weak_ptr keeps, and what a cycle leaks: four C++ programs, each in a process of its own. */
export const ownership: CompiledQuestion = {
  id: "make-shared",
  programs: {
    new: straggler(cpp.new_("Big")),
    make_shared: straggler(cpp.make_shared("Big")),
    cycle: ring(cpp.assign("b->next", cpp.copy("a"))),
    weak: ring(cpp.assign("b->back", cpp.copy("a"))),
  },
  answer: (logs) => {
    const [made, together, cycle, weak] = logs as [string[], string[], string[], string[]];
    return {
      newAllocations: allocated(made).length,
      newBytes: sum(allocated(made)),
      newKept: kept(made),
      makeSharedAllocations: allocated(together).length,
      makeSharedBytes: sum(allocated(together)),
      makeSharedKept: kept(together),
      cycleLeaks: bytesOf(cycle),
      weakLeaks: bytesOf(weak),
    };
  },
  expected: {
    newAllocations: 2,
    newBytes: 1024,
    newKept: 24,
    makeSharedAllocations: 1,
    makeSharedBytes: 1016,
    makeSharedKept: 1016,
    cycleLeaks: 96,
    weakLeaks: 0,
  },
};
