// Who owns what: two allocations or one, what a straggling weak_ptr keeps, and a cycle that leaks.
import { Kernel, cpp, cppLog, cppSource, leaksOf, machineProgram } from "iopath";

const Big = cpp.struct("Big", { bytes: 1000 });
const Node = cpp.struct("Node", {
  members: [cpp.member("next", "shared_ptr", "Node"), cpp.member("back", "weak_ptr", "Node")],
});

/** Runs main() on a machine of its own. @returns what it has done, line by line. */
async function run(main) {
  const program = cpp.program([Big, Node], main);
  const kernel = await Kernel.boot();
  kernel.spawn("main", machineProgram(program));
  kernel.run();
  return cppLog(kernel.trace, program.structs);
}

/** A weak_ptr that outlives the only owner, and a line that tells when that is gone. */
const straggler = (made) => [
  cpp.weak_ptr("weak", "Big"),
  cpp.scope([cpp.shared_ptr("owner", "Big", made), cpp.assign("weak", cpp.copy("owner"))]),
  cpp.expired("weak"),
];
for (const [name, made] of Object.entries({ new: cpp.new_("Big"), make_shared: cpp.make_shared("Big") })) {
  const log = await run(straggler(made));
  const allocations = log.filter((line) => line.startsWith("new ")).length;
  const [kept] = leaksOf(log.slice(0, log.indexOf("expired 1")));
  console.log(`${name}: ${allocations} allocation(s); the weak_ptr keeps ${kept?.bytes} bytes`);
}

/** Two nodes that lead to each other. @param back  by which member the second one leads back. */
const ring = (back) => [
  cpp.shared_ptr("a", "Node", cpp.make_shared("Node")),
  cpp.shared_ptr("b", "Node", cpp.make_shared("Node")),
  cpp.assign("a->next", cpp.copy("b")),
  cpp.assign(`b->${back}`, cpp.copy("a")),
];
for (const back of ["next", "back"]) {
  const leaks = leaksOf(await run(ring(back)));
  console.log(`b->${back} = a: ${leaks.length} blocks leak, ${leaks.reduce((sum, { bytes }) => sum + bytes, 0)} bytes`);
}
const source = cppSource(cpp.program([Node], ring("back")));
console.log(source.slice(source.indexOf("int main")));
