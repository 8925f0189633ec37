import { describe, expect, test } from "vitest";
import { AF_UNIX, CLONE_FILES, CLONE_VM, IOCB_CMD_PREAD, Kernel, SOCK_STREAM } from "../../lib/index.ts";
import { type Load, MOST_CONNECTIONS } from "../../lib/waiting/load.ts";
import { type WaitingFigures, serveClients } from "../../lib/waiting/measure.ts";
import { WAYS_OF_WAITING } from "../../lib/waiting/all.ts";
import { watchClients } from "../../lib/waiting/watch.ts";
import type { WayOfWaiting } from "../../lib/waiting/way.ts";

const LOAD: Load = { connections: 20, active: 5, rounds: 4 };
const MESSAGES = 20;

function way(id: string): WayOfWaiting {
  return WAYS_OF_WAITING.find((one) => one.id === id)!;
}

async function figures(id: string, load: Load = LOAD): Promise<WaitingFigures> {
  return (await serveClients(way(id), load)).figures;
}

test("every way has a name of its own, and says how it goes", () => {
  expect(new Set(WAYS_OF_WAITING.map(({ id }) => id)).size).toBe(10);
  expect(new Set(WAYS_OF_WAITING.map(({ name }) => name)).size).toBe(10);
  for (const { about, most, limit } of WAYS_OF_WAITING) {
    expect(about).not.toBe("");
    expect(limit === null).toBe(most === null);
  }
});

describe.each([false, true])("the program has work of its own: %s", (works) => {
  test("all ways give the same answers, each the bytes of its message, and leave a sound machine", async () => {
    const digests = new Set<string>();
    for (const one of WAYS_OF_WAITING) {
      const { kernel, figures: found } = await serveClients(one, { ...LOAD, works });
      expect(found.messages, one.id).toBe(MESSAGES);
      expect(kernel.check(), one.id).toEqual([]);
      expect(kernel.run({ maxInputs: 0 }).killed, one.id).toEqual([]);
      digests.add(found.digest);
    }
    expect(digests.size).toBe(1);
  });
});

test("other messages have other answers: the digest tells them apart", async () => {
  const { digest } = await figures("epoll-lt");
  expect((await figures("epoll-lt", { ...LOAD, seed: 2 })).digest).not.toBe(digest);
  expect((await figures("epoll-lt", { ...LOAD, length: 65 })).digest).not.toBe(digest);
});

test("the same load gives the same figures, to the nanosecond", async () => {
  for (const { id } of WAYS_OF_WAITING) expect(await figures(id), id).toEqual(await figures(id));
});

test("watching changes nothing: with tracepoints the figures are the same", async () => {
  for (const { id } of WAYS_OF_WAITING) {
    expect(await figures(id, { ...LOAD, rounds: 2, boot: { trace: true } }), id).toEqual(
      await figures(id, { ...LOAD, rounds: 2 }),
    );
  }
});

describe("system calls", () => {
  test("blocking: a read and a write for each message, each in a thread that was woken for it", async () => {
    const found = await figures("blocking");
    expect(found).toMatchObject({ syscalls: 2 * MESSAGES, modeSwitches: 4 * MESSAGES, wakeups: MESSAGES, polls: 0 });
    // From the idle CPU to the thread that was there last is no switch.
    expect(found.contextSwitches).toBeGreaterThan(MESSAGES / 2);
    expect(found.contextSwitches).toBeLessThanOrEqual(MESSAGES);
  });

  test("non-blocking: no sleep, no wake-up; almost every read comes back with nothing", async () => {
    const found = await figures("non-blocking");
    expect(found).toMatchObject({ wakeups: 0, contextSwitches: 0 });
    expect(found.syscalls).toBe(found.empty + 2 * MESSAGES);
    expect(found.empty).toBeGreaterThan(100 * MESSAGES);
    // It is never idle.
    expect(found.cpuTime / found.elapsed).toBeGreaterThan(0.99);
  });

  test("select and poll ask each file before the sleep and again after it", async () => {
    for (const id of ["select", "poll"]) {
      const { rounds, connections } = LOAD;
      const found = await figures(id);
      const calls = found.syscalls - 2 * MESSAGES;
      expect(calls, id).toBeGreaterThanOrEqual(rounds);
      expect(found.polls, id).toBeGreaterThanOrEqual(2 * rounds * connections);
      expect(found.empty, id).toBe(0);
    }
  });

  test("edge-triggered, each message takes one call more than level-triggered, and one question less", async () => {
    const [level, edge] = [await figures("epoll-lt"), await figures("epoll-et")];
    expect(edge.syscalls - level.syscalls).toBe(MESSAGES);
    expect(edge.empty - level.empty).toBe(MESSAGES);
    expect([level.polls, edge.polls]).toEqual([2 * MESSAGES, MESSAGES]);
  });

  test("io_uring needs fewer calls than there are messages", async () => {
    const found = await figures("io_uring");
    expect(found.syscalls).toBeLessThan(MESSAGES);
    expect(found.empty).toBe(0);
  });

  test("a signal takes a handler and its return; helper threads are woken twice for a message", async () => {
    const signal = await figures("signal");
    // read, write, rt_sigreturn, and rt_sigsuspend once for all signals that wait.
    expect(signal.syscalls - 3 * MESSAGES).toBeGreaterThan(0);
    expect(signal.syscalls - 3 * MESSAGES).toBeLessThanOrEqual(MESSAGES);
    const posix = await figures("posix-aio");
    expect(posix.wakeups).toBeGreaterThan(2 * MESSAGES);
    expect(posix.contextSwitches).toBeGreaterThan(signal.contextSwitches);
  });
});

describe("as connections grow from 50 to 1000, of which the same number is active", () => {
  const grown = async (id: string) => [
    await figures(id, { ...LOAD, connections: 50 }),
    await figures(id, { ...LOAD, connections: 1000 }),
  ];

  test.each(["epoll-lt", "epoll-et", "signal", "libaio", "io_uring"])("%s costs the same", async (id) => {
    const [few, many] = await grown(id);
    for (const figure of ["syscalls", "polls", "wakeups"] as const) expect(many![figure], figure).toBe(few![figure]);
    expect(many!.cpuTime).toBeLessThan(few!.cpuTime * 1.1);
  });

  test.each(["select", "poll"])("%s takes more CPU time, and lets messages wait longer", async (id) => {
    const [few, many] = await grown(id);
    expect(many!.cpuTime).toBeGreaterThan(few!.cpuTime * 1.5);
    expect(many!.latency.median).toBeGreaterThan(few!.latency.median * 1.5);
  });

  test("non-blocking takes all CPU time that there is, and lets messages wait longer", async () => {
    const [few, many] = await grown("non-blocking");
    expect(few!.cpuTime / few!.elapsed).toBeGreaterThan(0.99);
    expect(many!.latency.median).toBeGreaterThan(few!.latency.median * 1.5);
  });

  test("what is paid beforehand grows with them: items, requests, threads", async () => {
    for (const [id, kind] of [
      ["epoll-lt", "Epitem"],
      ["libaio", "AioKiocb"],
      ["io_uring", "IoKiocb"],
      ["blocking", "TaskStruct"],
    ] as const) {
      const { setUp } = await figures(id, { ...LOAD, connections: 500 });
      expect(setUp.objects.find((objects) => objects.kind === kind)?.count, id).toBe(500);
      expect(setUp.memory, id).toBeGreaterThan(0);
    }
  });
});

test("with work of its own, only a program that its way lets do so gets on with it", async () => {
  const worked = async (id: string) => (await figures(id, { ...LOAD, works: true })).worked;
  for (const id of ["blocking", "select", "poll", "epoll-lt", "epoll-et"]) expect(await worked(id), id).toBe(0);
  for (const id of ["non-blocking", "signal", "libaio", "posix-aio", "io_uring"]) {
    expect(await worked(id), id).toBeGreaterThan(0);
  }
});

test("what it takes to begin is not counted as serving, whatever the program does meanwhile", async () => {
  for (const { id } of WAYS_OF_WAITING) {
    const [few, many] = [
      await figures(id, { ...LOAD, works: true, connections: 50 }),
      await figures(id, { ...LOAD, works: true, connections: 500 }),
    ];
    if (id !== "non-blocking") expect(many.syscalls, id).toBeLessThan(few.syscalls + 30);
    expect(many.setUp.syscalls, id).toBeGreaterThanOrEqual(few.setUp.syscalls);
  }
});

test("a latency ends when its answer reaches the client, whatever the server is busy with just then", async () => {
  // Of so many connections, poll() asks the last ones long after the answers have arrived.
  for (const [id, connections] of [
    ["poll", 5000],
    ["non-blocking", 100],
    ["blocking", 100],
    ["epoll-lt", 100],
    ["io_uring", 100],
  ] as const) {
    const load = { connections, active: 3, rounds: 1 };
    const { latency } = await figures(id, load);
    const { kernel, watched } = await watchClients(way(id), load);
    const handedOver = watched.messages.map(({ sent, answered }) => answered.time - sent);
    const ends = handedOver.sort((a, b) => a - b).map((time) => time - kernel.costs.wireLatency);
    // From tcp_sendmsg() to the wire it goes through the rest of the stack, and the card.
    expect(latency.longest - ends.at(-1)!, id).toBeGreaterThan(0);
    expect(latency.longest - ends.at(-1)!, id).toBeLessThan(8000);
    expect(latency.median, id).toBeGreaterThan(ends[0]!);
    expect(latency.p95, id).toBe(latency.longest);
  }
});

test("IOCB_CMD_PREAD of a socket is no asynchronous request: io_submit() sleeps until there is something", async () => {
  const kernel = await Kernel.boot();
  const sockets: number[] = [];
  const submitter = kernel.spawn("submitter", function* (sys) {
    yield* sys.socketpair(AF_UNIX, SOCK_STREAM, 0, sockets);
    const context = { value: 0 };
    yield* sys.io_setup(8, context);
    const request = sys.iocb({ opcode: IOCB_CMD_PREAD, fd: sockets[0]!, buf: sys.buffer(8) });
    yield* sys.clone(CLONE_VM | CLONE_FILES, function* (writer) {
      yield* writer.nanosleep({ sec: 0, nsec: 1_000_000 });
      yield* writer.write(sockets[1]!, "x");
    });
    const submitted = yield* sys.io_submit(context, [request]);
    return { submitted, after: kernel.now };
  });
  kernel.run({ until: { time: 900_000 } });
  expect(submitter.sleeping?.call).toBe("io_submit");
  kernel.run();
  const { submitted, after } = submitter.result as { submitted: number; after: number };
  expect(submitted).toBe(1);
  expect(after).toBeGreaterThan(1_000_000);
});

test("more connections than a way can have are refused, and so are other slips", async () => {
  const refused = (id: string, load: object) => expect(serveClients(way(id), load as Load)).rejects;
  await refused("select", { ...LOAD, connections: 1021 }).toThrow("select: at most 1020 connections, not 1021");
  await refused("blocking", { ...LOAD, connections: 10_001 }).toThrow(RangeError);
  await refused("epoll-lt", { ...LOAD, connections: MOST_CONNECTIONS + 1 }).toThrow(RangeError);
  await refused("epoll-lt", { ...LOAD, active: 21 }).toThrow("active is a whole number from 1 to 20, not 21");
  await refused("epoll-lt", { ...LOAD, rounds: 0 }).toThrow(RangeError);
  await refused("epoll-lt", { ...LOAD, length: 4096 }).toThrow(RangeError);
  await refused("epoll-lt", { ...LOAD, works: "yes" }).toThrow(TypeError);
  await refused("epoll-lt", { ...LOAD, conections: 3 }).toThrow(TypeError);
});

test("select serves as many connections as an fd_set has bits for, beside its other descriptors", async () => {
  expect(await figures("select", { connections: 1020, active: 10, rounds: 1 })).toMatchObject({ messages: 10 });
});
