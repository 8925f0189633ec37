import { describe, expect, test } from "vitest";
import { Kernel } from "../../../lib/index.ts";
import { SCENARIOS } from "../../../web/scenarios/all.ts";
import { PLAIN } from "../../../web/scenarios/running.ts";
import { Lines } from "../../../web/scenarios/lines.ts";
import { sandboxed, task } from "./support.ts";

/** As much memory for the machine as a machine outside has by itself: it is a part of what machines are compared by. */
const SAME = { machine: 2 ** 32 };

/** Prepares its calls in a plain function: the line of that, and the line of its `yield*`, are both right. */
const ELSEWHERE = "one-worker-gets-all";

describe("in the sandbox", () => {
  test.each(SCENARIOS.filter(({ recorded }) => !recorded))(
    "the text of $id does what the page's own program does, input by input, line by line",
    async ({ id, start }) => {
      const { kernel, source, lines, facts } = await start();
      const run = await sandboxed(source, SAME);
      expect([run.error, run.cut]).toEqual([null, null]);
      expect(run.journal).toBe(kernel.journal);
      expect((await Kernel.replay(run.journal)).digest()).toBe(kernel.digest());
      if (facts) expect(JSON.parse(run.result)).toEqual(facts);
      if (id !== ELSEWHERE) expect([...run.lines]).toEqual([...lines!.packed]);
    },
  );

  test("io_uring, messages, big numbers and handlers cross as they are", async () => {
    const run = await sandboxed(
      task(`
        const ring = sys.io_uring();
        yield* ring.queue_init(8);
        const fd = yield* sys.open("/f", iopath.O_RDWR | iopath.O_CREAT, 0o600);
        ring.prep_write(fd, sys.buffer(5).set("hello"), 5, 0, { user_data: 7 });
        yield* ring.submit_and_wait(1);
        const { user_data, res } = ring.peek_cqe();
        const old = {};
        let handled = 0n;
        const handler = function* (own, signo, info) { handled = info.value; yield* own.getpid(); };
        yield* sys.sigaction(iopath.SIGUSR1, handler);
        yield* sys.sigaction(iopath.SIGUSR1, handler, old);
        yield* sys.sigqueue(yield* sys.getpid(), iopath.SIGUSR1, 2n ** 62n);
        const fds = [];
        yield* sys.pipe2(fds);
        yield* sys.write(fds[1], "数据\\u{1F600}");
        const buf = sys.buffer(64);
        const n = yield* sys.read(fds[0], buf);
        return { user_data, res, same: old.handler === handler, handled, n, text: buf.text(n), error: iopath.errnoName(-11) };
      `),
    );
    expect(run.error).toBeNull();
    expect(JSON.parse(run.result)).toEqual({
      user_data: 7,
      res: 5,
      same: true,
      handled: String(2n ** 62n),
      n: 10,
      text: "数据😀",
      error: "EAGAIN",
    });
  });

  test("clients, servers, files and faults outside are the same", async () => {
    const text = `
      import { AF_INET, SOCK_STREAM, O_RDONLY } from "iopath";
      export function start(kernel) {
        const { world } = kernel;
        world.file("/a", "some text");
        world.file("/b", new Uint8Array([1, 2, 3]));
        const out = world.listen(9000);
        kernel.spawn("server", function* (sys) {
          const fd = yield* sys.socket(AF_INET, SOCK_STREAM, 0);
          yield* sys.bind(fd, { port: 80 });
          yield* sys.listen(fd);
          const client = yield* sys.accept4(fd);
          const buf = sys.buffer(16);
          const n = yield* sys.read(client, buf);
          yield* sys.write(client, "re: " + buf.text(n));
          const file = yield* sys.open("/a", O_RDONLY);
          yield* sys.read(file, buf);
          yield* sys.nanosleep({ sec: 0, nsec: 1000000 });
        });
        world.at(1000, (now) => {
          const [peer] = now.connectMany(80, 1, { window: 100 });
          peer.send("hello");
          now.at(2000000, () => console.log(peer.received.text(), peer.state, peer.window, out.peers.length, kernel.now));
        });
      }`;
    const run = await sandboxed(text);
    expect([run.error, run.cut]).toEqual([null, null]);
    expect(run.console).toEqual(["re: hello close_wait 91 0 2000000"]);
  });

  test("a program may also be what iopath run always took: one generator, or programs by name and a world", async () => {
    const one = await sandboxed(
      'import { errnoName } from "iopath";\nexport default function* (sys) { return errnoName(yield* sys.close(9)); }',
    );
    expect(one.result).toBe('"EBADF"');
    const more = await sandboxed(
      "export default { boot: { cpus: 2 }, programs: { a: function* (sys) { return yield* sys.getpid(); } }, world: (world) => world.connect(1) };",
    );
    expect([more.error, more.result]).toEqual([null, "1"]);
    expect((await Kernel.replay(more.journal)).tasks.map(({ name }) => name)).toEqual(["a"]);
  });

  test("what a program answers once its run is over is told instead of its first task's result; it may look at the trace", async () => {
    const run = await sandboxed(
      `export function start(kernel) {
        kernel.spawn("one", function* (sys) { for (let i = 0; i < 600; i++) yield* sys.getpid(); return "result"; });
        kernel.spawn("two", function* (sys) { yield* sys.getpid(); });
      }
      export function answer(kernel) {
        const count = (wanted) => [...kernel.trace.filter(wanted)].length;
        const [first] = kernel.trace;
        let wrong = "";
        try { count({ event: "nothing" }); } catch ({ message }) { wrong = message; }
        return { entered: count({ event: "sys_enter", pid: 1 }), all: count(), tick: first.tick, wrong };
      }`,
    );
    expect(run.error).toBeNull();
    const { length } = (await Kernel.replay(run.journal)).trace;
    expect(length).toBeGreaterThan(1000);
    expect(JSON.parse(run.result)).toEqual({
      entered: 601,
      all: length,
      tick: 1,
      wrong: expect.stringContaining("nothing") as string,
    });
  });

  test("a machine is booted with what the program says, and else with what its link says", async () => {
    const start = 'export function start(kernel) { kernel.spawn("task", function* (sys) { yield* sys.getpid(); }); }';
    const linked = { cpus: 3, seed: 9 };
    const optionsOf = async (text: string, boot?: typeof linked) => {
      const { error, journal } = await sandboxed(text, {}, PLAIN, boot);
      expect(error).toBeNull();
      return JSON.parse(journal.split("\n")[0]!) as unknown;
    };
    expect(await optionsOf(start)).toMatchObject({ options: { cpus: 1, seed: 1 } });
    expect(await optionsOf(start, linked)).toMatchObject({ options: linked });
    const own = `export const boot = { cpus: 2 };\n${start}`;
    expect(await optionsOf(own, linked)).toMatchObject({ options: { cpus: 2, seed: 9 } });
  });

  test("tasks, their names and their lines are known to a machine made from the journal", async () => {
    const run = await sandboxed(`export function start(kernel) {
      kernel.spawn("first", function* (sys) {
        yield* sys.nanosleep({ sec: 0, nsec: 1000 });
      });
      kernel.spawn("second", function* (sys) {
        yield* sys.getpid();
      });
    }`);
    const kernel = await Kernel.replay(run.journal);
    expect(kernel.tasks.map(({ name }) => name)).toEqual(["first", "second"]);
    const lines = Lines.of(run.lines);
    expect([lines.lineAt(kernel.ticks, 1), lines.lineAt(kernel.ticks, 2)]).toEqual([3, 6]);
  });
});
