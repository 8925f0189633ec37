import { expect, test } from "vitest";
import { InputError, Kernel } from "../../lib/index.ts";
import { boot } from "../support/boot.ts";
import { pingPong, populate } from "../support/programs.ts";

test("a journal makes the same machine again, at every tick", async () => {
  const kernel = await boot({ cpus: 2, seed: 7, costs: { copy: 99 } });
  populate(kernel);
  kernel.run();
  const again = await Kernel.replay(kernel.journal);
  expect(again.digest()).toBe(kernel.digest());
  expect(again.journal).toBe(kernel.journal);
  expect(again.costs.copy).toBe(99);
  for (let tick = 0; tick <= kernel.ticks; tick += 13) {
    kernel.seek(tick);
    again.seek(tick);
    expect(again.digest()).toBe(kernel.digest());
  }
  const left = kernel.tasks.filter((task) => task.state !== "gone");
  expect(again.tasks.map((task) => [task.name, task.state])).toEqual(left.map((task) => [task.name, task.state]));
  expect(left.length).toBeLessThan(kernel.tasks.length);
});

test("a machine made from a journal has no programs, and says so by not going on", async () => {
  const kernel = await boot();
  kernel.spawn("ping", pingPong(3));
  kernel.run({ maxInputs: 10 });
  const again = await Kernel.replay(kernel.journal);
  const { digest } = { digest: again.digest() };
  expect(again.run().reason).toBe("idle");
  expect(again.digest()).toBe(digest);
});

test("long inputs and arguments of 64 bits survive the journal", async () => {
  const kernel = await boot();
  const task = kernel.spawn("writer", function* (sys) {
    const fds: number[] = [];
    yield* sys.pipe2(fds, 0);
    const written = yield* sys.write(fds[1]!, "ä".repeat(20_000));
    const bad = yield* sys.write(fds[1]!, 0xffff_8000_0000_0000n, 1);
    return [written, bad];
  });
  kernel.run();
  expect(task.result).toEqual([40_000, -14]);
  const again = await Kernel.replay(kernel.journal);
  expect(again.digest()).toBe(kernel.digest());
});

test("a journal of another version, or of other layouts, is refused", async () => {
  const kernel = await boot();
  const header = JSON.parse(kernel.journal) as Record<string, unknown>;
  await expect(Kernel.replay(JSON.stringify({ ...header, version: 2 }))).rejects.toThrow(
    new InputError({ source: "journal", line: 1, column: 1, expected: "a journal of version 1", found: "version 2" }),
  );
  await expect(Kernel.replay(JSON.stringify({ ...header, layout: "0" }))).rejects.toThrow(
    /journal:1:1: expected .*layout/,
  );
});

test.each([
  ["", /journal:1:1: expected a JSON object/],
  ["[]", /journal:1:1: expected a JSON object/],
  ["{}", /journal:1:1: expected the first line of a journal/],
])("%j is no journal", async (text, message) => {
  const replayed = Kernel.replay(text);
  await expect(replayed).rejects.toThrow(InputError);
  await expect(replayed).rejects.toThrow(message);
});

test.each([
  ["nonsense", /journal:2:1: expected a JSON object, found "nonsense"/],
  ['{"input":"toString"}', /expected the name of an input/],
  ['{"input":"SYSCALL"}', /expected the name of a system call/],
  ['{"input":"SYSCALL","call":"frobnicate"}', /expected the name of a system call, found "frobnicate"/],
  ['{"input":"SYSCALL","call":"read","args":[1,2,3,4,5,6,7]}', /at most six args/],
  ['{"input":"SYSCALL","call":"read","args":[0.5]}', /whole numbers as args, found 0.5/],
  ['{"input":"SPAWN","bytes":"AAAA"}', /expected 16 bytes with the input, found 3 bytes/],
  ['{"input":"USER_STORE","pid":1,"args":[0,-1]}', /expected -1 bytes/],
  ['{"input":"USER_STORE","pid":1,"args":[0,99999999]}', /expected 99999999 bytes/],
  ['{"input":"WIRE_SEND","bytes":"?"}', /bytes in base64/],
  ['{"input":"ELAPSE","pid":-1}', /number of a task/],
])("the line %j is refused with its place", async (line, message) => {
  const kernel = await boot();
  const replayed = Kernel.replay(`${kernel.journal}${line}\n`);
  await expect(replayed).rejects.toThrow(InputError);
  await expect(replayed).rejects.toThrow(message);
});

test("inputs that make no sense are answered by the kernel, not by a crash", async () => {
  const kernel = await boot();
  const lines = [
    '{"input":"SYSCALL","call":"read","args":[0,0,9]}',
    '{"input":"SUBMIT","pid":77,"call":"close"}',
    '{"input":"COMPUTE","args":[5]}',
    '{"input":"USER_ALLOC","pid":9,"args":["9223372036854775807"]}',
    '{"input":"USER_STORE","pid":9,"args":[0,1],"bytes":"AA=="}',
    '{"input":"RESERVE_FD","pid":9,"args":[-5]}',
    '{"input":"WIRE_SEND","args":[99,1],"bytes":"AA=="}',
    '{"input":"WIRE_RESET","args":[99]}',
    '{"input":"SPAWN","pid":55,"bytes":"AAAAAAAAAAAAAAAAAAAAAA=="}',
    '{"input":"ELAPSE"}',
    '{"input":"SCHEDULE"}',
  ];
  const again = await Kernel.replay(`${kernel.journal}${lines.join("\n")}\n`);
  expect(again.inputs).toBe(lines.length);
  expect(again.check()).toEqual([]);
});

test("a journal whose last input the kernel refuses makes a machine that goes on", async () => {
  const kernel = await boot({ scheduling: "hand" });
  const writer = kernel.adopt("writer");
  writer.submit("eventfd2", 0, 0);
  for (const line of ['{"input":"CHOOSE","pid":99}', '{"input":"SUBMIT","pid":99,"call":"getpid"}']) {
    const again = await Kernel.replay(`${kernel.journal}${line}\n`);
    expect(again.run().reason).toBe("idle");
    expect(again.check()).toEqual([]);
  }
});
