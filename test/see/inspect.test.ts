import { type EventpollObject, inspect, objectBy, objectsOf } from "../../lib/see/inspect.ts";
import { EPOLLIN, EPOLL_CTL_ADD, Kernel } from "../../lib/index.ts";
import { describe, expect, test } from "vitest";
import { Canary } from "./canary.ts";
import { busyMachine } from "./machine.ts";
import { echoServer } from "../support/programs.ts";
import { check } from "../../lib/see/invariants.ts";
import { draw } from "../../lib/see/draw.ts";

/** The eventpoll that watches something. */
function watching(inspection: ReturnType<typeof inspect>): EventpollObject {
  return objectsOf(inspection, "Eventpoll").find(({ tree }) => tree.length > 0)!;
}

describe("inspect", () => {
  test("shows one epitem in the tree, in the ready list and, by its eppoll_entry, in the wait queue", async () => {
    const inspection = inspect((await busyMachine()).memory);
    const eventpoll = watching(inspection);
    const [ready] = eventpoll.ready;
    expect(eventpoll.tree.map(({ address }) => address)).toContain(ready);
    const item = objectBy(inspection, ready!)!;
    expect(item).toMatchObject({ struct: "Epitem", ready: true, events: "EPOLLIN|EPOLLERR|EPOLLHUP|EPOLLET" });
    const pipe = objectsOf(inspection, "PipeInodeInfo").find(({ waitQueues }) =>
      waitQueues.some(({ waiters }) => waiters.some(({ owner }) => isEntryOf(owner))),
    )!;
    function isEntryOf(owner: number): boolean {
      const entry = objectBy(inspection, owner);
      return entry?.struct === "EppollEntry" && entry.base === ready;
    }
    expect(pipe.used).toEqual([5]);
    expect(pipe.waitQueues.find(({ name }) => name === "rd_wait")!.waiters[0]).toMatchObject({
      func: "ep_poll_callback",
      exclusive: false,
      struct: "EppollEntry",
    });
    const [entry] = objectsOf(inspection, "EppollEntry").filter(({ base }) => base === ready);
    expect(inspection.edges).toEqual(
      expect.arrayContaining([
        { from: eventpoll.address, to: ready, kind: "ready", label: "0" },
        { from: pipe.address, to: entry!.address, kind: "waits", label: "rd_wait" },
        { from: entry!.address, to: ready, kind: "base", label: "" },
      ]),
    );
  });

  test("shows the same of a socket of an echo server, in the moment in which its data arrives", async () => {
    const kernel = await Kernel.boot({ seed: 1 });
    kernel.spawn("server", echoServer);
    const peer = kernel.world.connect(8080);
    kernel.run();
    const idle = kernel.ticks;
    peer.send("hello");
    kernel.run();
    const { tick, args } = [...kernel.trace].find((record) => record.tick > idle && record.event === "ep_ready")!;
    kernel.seek(tick);
    const inspection = inspect(kernel.memory);
    const [epi] = args;
    const eventpoll = watching(inspection);
    expect(eventpoll.ready).toEqual([epi]);
    expect(eventpoll.tree.map(({ address }) => address)).toContain(epi);
    const entry = objectsOf(inspection, "EppollEntry").find(({ base }) => base === epi)!;
    const socket = objectsOf(inspection, "Socket").find(({ state }) => state === "CONNECTED")!;
    expect(socket.waitQueues).toMatchObject([{ name: "wait", waiters: [{ owner: entry.address }] }]);
    const sock = objectBy(inspection, socket.sk);
    expect(sock).toMatchObject({
      struct: "Sock",
      state: "ESTABLISHED",
      readable: 5,
      sk_data_ready: "sock_def_readable",
    });
    expect(sock?.struct === "Sock" && objectBy(inspection, sock.receiveQueue[0]!)).toMatchObject({ preview: "hello" });
    const [cpu] = objectsOf(inspection, "Cpu");
    expect(cpu).toMatchObject({ context: "SOFTIRQ" });
    expect(cpu!.stack).toEqual(expect.arrayContaining(["net_rx_action", "sock_def_readable", "ep_poll_callback"]));
  });

  test("is drawn as text", async () => {
    expect(draw(inspect((await busyMachine()).memory))).toMatchInlineSnapshot(`
      "task watcher (1): interruptible, in nanosleep({sec=3, nsec=0}, NULL)
      task watcher (2): interruptible on wq of eventpoll fd 12, in epoll_wait(12, 0x7fffefffd000, 4, 1000)
      task watcher (3): interruptible on rd_wait of pipe fd 6 / fd 7, in read(6, 0x7fffefffb000, 8)
      task watcher (4): interruptible, in nanosleep({sec=5, nsec=0}, NULL)
      fd 0: file outside fd 0
      fd 1: file outside fd 1
      fd 2: file outside fd 2
      fd 3: eventpoll fd 3
      fd 4: pipe fd 4 / fd 5
      fd 5: pipe fd 4 / fd 5
      fd 6: pipe fd 6 / fd 7
      fd 7: pipe fd 6 / fd 7
      fd 8: pipe fd 8 / fd 9
      fd 9: pipe fd 8 / fd 9
      fd 10: pipe fd 10 / fd 11
      fd 11: pipe fd 10 / fd 11
      fd 12: eventpoll fd 12
      eventpoll fd 3
      rbr: B fd 6
        ├ B fd 4
        └ B fd 8
          ├ -
          └ r fd 10
      rdllist: fd 4 -> fd 8
      eventpoll fd 12
      rbr: (empty)
      rdllist: (empty)
      wq: task watcher (2) by ep_autoremove_wake_function (exclusive)"
    `);
  });

  test("says what every task does, and what a sleeper waits for", async () => {
    const inspection = inspect((await busyMachine()).memory);
    const tasks = objectsOf(inspection, "TaskStruct");
    expect(tasks.map(({ pid, state, mode }) => [pid, state, mode])).toEqual(
      [1, 2, 3, 4].map((pid) => [pid, "INTERRUPTIBLE", "KERNEL"]),
    );
    const reader = tasks.find(({ pid }) => pid === 3)!;
    expect(reader.call).toMatch(/^read\(6, 0x[0-9a-f]+, 8\)$/);
    expect(objectBy(inspection, reader.sleepsOn!.owner)).toMatchObject({ struct: "PipeInodeInfo" });
    expect(objectBy(inspection, reader.held)).toMatchObject({ struct: "File", f_count: 2 });
    expect(tasks.find(({ pid }) => pid === 2)!.alarm).toBeGreaterThan(inspection.now);
  });

  test("is JSON, with objects and edges in the order of addresses", async () => {
    const inspection = inspect((await busyMachine()).memory);
    expect(JSON.parse(JSON.stringify(inspection))).toEqual(inspection);
    const addresses = inspection.objects.map(({ address }) => address);
    expect(addresses).toEqual([...new Set(addresses)].sort((a, b) => a - b));
    const from = inspection.edges.map((edge) => edge.from);
    expect(from).toEqual([...from].sort((a, b) => a - b));
    for (const { to } of inspection.edges) expect(objectBy(inspection, to)).toBeDefined();
  });

  test("shows ten thousand items", async () => {
    const items = 10_000;
    const kernel = await Kernel.boot({ seed: 1, trace: false });
    kernel.spawn("many", function* (sys) {
      const epfd = yield* sys.epoll_create1(0);
      for (let i = 0; i < items; i++) {
        const fd = yield* sys.eventfd(i % 3 === 0 ? 1 : 0, 0);
        yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, fd, { events: EPOLLIN, data: { fd } });
      }
      for (;;) yield* sys.nanosleep({ sec: 1, nsec: 0 });
    });
    kernel.settle({ maxInputs: 100_000 });
    const inspection = inspect(kernel.memory);
    const eventpoll = watching(inspection);
    expect(eventpoll.tree).toHaveLength(items);
    expect(eventpoll.ready).toHaveLength(Math.ceil(items / 3));
    expect(Math.max(...eventpoll.tree.map(({ depth }) => depth))).toBeLessThan(2 * Math.log2(items + 1));
    expect(kernel.check()).toEqual([]);
  });
});

describe("a broken machine", () => {
  test("does not make inspect throw: what does not hold together is noted", async () => {
    const canary = new Canary((await busyMachine()).memory);
    const ep = canary.find("Eventpoll", (at) => canary.get("Eventpoll", at, "rbr_root_node") !== 0);
    canary.set("Eventpoll", ep, "rdllist_next", 0x7fff_fff0);
    const inspection = inspect(canary);
    expect(inspection.notes.join()).toMatch(/broken link in a list/);
    expect(objectBy(inspection, ep)).toMatchObject({ struct: "Eventpoll", ready: [] });
  });

  test("whatever is written into the memory, inspect and check come to an end", async () => {
    const { memory } = await busyMachine();
    const end = memory.end;
    let seed = 1;
    const random = (below: number) => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fff_ffff;
      return seed % below;
    };
    const values = [0, 1, 4, 0x20000, 0xffff_ffff, 0x10_0000, 0x11_0000];
    for (let round = 0; round < 100; round++) {
      const canary = new Canary(memory);
      for (let i = 0; i < 1 + random(200); i++) {
        const at = 0x20000 + random(5) === 0 ? random(0x2000) : 0x10_0000 + random((end - 0x10_0000) >> 2) * 4;
        const value = values[random(values.length + 1)] ?? 0x10_0000 + random(0x4_0000) * 4;
        canary.view.setUint32(at & ~3, value, true);
      }
      expect(() => [inspect(canary), check(canary)], `round ${round}`).not.toThrow();
    }
  });

  test("a memory in which nothing was booted has no objects", () => {
    const image = { view: new DataView(new ArrayBuffer(0x20_0000)) };
    expect(inspect(image)).toMatchObject({ objects: [], edges: [], notes: [] });
    expect(inspect({ view: new DataView(new ArrayBuffer(64)) }).objects).toEqual([]);
    expect(check(image)).toEqual([]);
  });
});
