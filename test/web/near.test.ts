import { beforeAll, describe, expect, test } from "vitest";
import { EPOLLIN, EPOLL_CTL_ADD, EPOLL_CTL_DEL, Kernel, RLIMIT_NOFILE } from "../../lib/index.ts";
import { changedObjects } from "../../lib/see/changed.ts";
import { type EpitemObject, inspect, objectBy, objectsOf } from "../../lib/see/inspect.ts";
import { objects } from "../../web/later/parts.ts";
import { translator } from "../../web/i18n/catalogue.ts";
import { inspectNear, inspectWhole } from "../../web/model/near.ts";
import { search } from "../../web/model/search.ts";
import { lookAt } from "../../web/model/selection.ts";
import { Session } from "../../web/model/session.ts";
import { drawn } from "../../web/run/drawn.ts";

const FILES = 700;
const sight = { width: 1100, translate: translator("en"), selected: 0, expanded: new Set<string>() };

/** A machine with many eventfds in one epoll instance, of which some become ready, and some are taken out again. */
async function crowded(): Promise<Session> {
  const kernel = await Kernel.boot({ seed: 1 });
  kernel.spawn("server", function* (sys) {
    yield* sys.setrlimit(RLIMIT_NOFILE, { rlim_cur: 4096, rlim_max: 4096 });
    const epfd = yield* sys.epoll_create1(0);
    const one = Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0);
    for (let i = 0; i < FILES; i++) {
      const fd = yield* sys.eventfd(0, 0);
      yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, fd, { events: EPOLLIN, data: { fd } });
    }
    const events = sys.epoll_events(16);
    for (let i = 0; i < 40; i++) yield* sys.write(epfd + 1 + ((i * 37) % FILES), one);
    for (let i = 0; i < 8; i++) yield* sys.epoll_ctl(epfd, EPOLL_CTL_DEL, epfd + 1 + i * 61, null);
    yield* sys.epoll_wait(epfd, events, 16, -1);
    yield* sys.epoll_wait(yield* sys.epoll_create1(0), events, 1, -1);
  });
  kernel.run();
  return new Session(kernel);
}

describe("a machine with very many objects", () => {
  let session: Session;
  let last = 0;

  beforeAll(async () => {
    session = await crowded();
    last = session.run.ticks;
  });

  /** Ticks all over the part of the run in which the items are used. */
  const ticks = () => Array.from({ length: 30 }, (_, i) => last - 1200 + 40 * i);

  test("is inspected where one looks: what is told is what a whole inspection tells, and what is not is counted", () => {
    const { memory } = session.moment(last - 400);
    const [near, whole] = [inspectNear(memory, { addresses: [] }), inspect(memory)];
    expect(near.objects.length).toBeLessThan(whole.objects.length / 4);
    for (const object of near.objects) {
      const { fds: _, tree: __, left: ___, ...rest } = object as unknown as Record<string, unknown>;
      expect(objectBy(whole, object.address)).toMatchObject(object.struct === "File" ? object : rest);
    }
    const left = Object.values(near.left!).reduce((sum, count) => sum + count, 0);
    expect(near.objects.length + left).toBe(whole.objects.length);
    const addresses = new Set(near.objects.map(({ address }) => address));
    expect(near.edges.every(({ from, to }) => addresses.has(from) && addresses.has(to))).toBe(true);
  });

  test("has in its tree what is inspected, and numbers of the rest", () => {
    const { memory } = session.moment(last - 400);
    const [near, whole] = [inspectNear(memory, { addresses: [] }), inspect(memory)];
    const [some, all] = [objectsOf(near, "Eventpoll")[0]!, objectsOf(whole, "Eventpoll")[0]!];
    const known = new Set(some.tree.map(({ address }) => address));
    expect(some.tree).toEqual(all.tree.filter(({ address }) => known.has(address)));
    expect(some.tree.length + some.left!.reduce((sum, { count }) => sum + count, 0)).toBe(all.tree.length);
    // The way to each leads through the tree.
    expect(some.tree.every(({ parent }) => parent === 0 || known.has(parent))).toBe(true);
  });

  test("shows in each step the same changes as if everything had been inspected", () => {
    for (const tick of ticks()) {
      const frame = session.frame(tick, "function");
      const [before, after] = [inspectWhole(frame.before.memory), inspectWhole(frame.memory)];
      const expected = new Set(
        after.objects
          .filter(({ struct }) => struct === "Epitem" || struct === "EventfdCtx")
          .filter((object) => {
            const old = objectBy(before, object.address);
            // Its title and whether it is ready are matters of other objects: it is not touched when they change.
            const { entries: _, ready: __, title: ___, ...seen } = object as EpitemObject;
            const { entries: ____, ready: _____, title: ______, ...was } = (old ?? {}) as EpitemObject;
            return JSON.stringify(seen) !== JSON.stringify(was);
          })
          .map(({ address }) => address),
      );
      const changed = [...frame.changed].filter((address) =>
        ["Epitem", "EventfdCtx"].includes(objectBy(after, address)?.struct ?? ""),
      );
      expect(changed).toEqual(expect.arrayContaining([...expected]));
    }
  });

  test("knows whose bytes have changed", () => {
    const [before, after] = [session.moment(last - 900), session.moment(last - 860)];
    const found = changedObjects(before.memory, after.memory, Infinity);
    const [old, now] = [inspectWhole(before.memory), inspectWhole(after.memory)];
    const differ = now.objects
      .filter(({ struct }) => struct === "Epitem" || struct === "EventfdCtx")
      .filter((object) => JSON.stringify(object) !== JSON.stringify(objectBy(old, object.address)))
      .map(({ address }) => address);
    expect(differ).not.toEqual([]);
    expect([...found]).toEqual(expect.arrayContaining(differ));
    expect(changedObjects(after.memory, after.memory, Infinity)).toEqual(new Set());
  });

  test("draws what a step has changed, what is selected, and the way to it, and little else", () => {
    for (const tick of ticks()) {
      const frame = session.frame(tick, "function");
      const { chips, boxes } = drawn(frame, sight);
      expect(chips.length + boxes.length).toBeLessThan(300);
      const items = new Set(chips.map(({ address }) => address));
      const inTree = objectsOf(frame.inspection, "Eventpoll").flatMap(({ tree }) => tree.map(({ address }) => address));
      const changed = [...frame.changed].filter((address) => inTree.includes(address));
      for (const address of changed.slice(0, 8)) expect(items.has(address)).toBe(true);
    }
    const frame = session.frame(last - 400, "function");
    const hidden = objectsOf(inspectWhole(frame.memory), "Epitem").find(
      ({ address }) => !objectBy(frame.inspection, address),
    )!;
    const picture = drawn(frame, { ...sight, selected: hidden.address });
    expect(picture.chips.some(({ address }) => address === hidden.address)).toBe(true);
  });

  test("is found by a search and shown in the inspector, also what is not drawn", async () => {
    await objects.load();
    const frame = session.frame(last - 400, "function");
    const { found } = search(inspectWhole(frame.memory), "fd 500");
    expect(found.map(({ struct }) => struct).toSorted()).toEqual(["Epitem", "EventfdCtx", "File"]);
    for (const { struct, address, title } of found) expect(lookAt(frame, { struct, address })!.title).toBe(title);
  });

  test("opens a folded sub-tree, and shows its head with what is below", () => {
    const frame = session.frame(last - 400, "function");
    const folded = drawn(frame, sight).chips.filter(({ look }) => look === "folded");
    expect(folded.length).toBeGreaterThan(3);
    const counts = folded.map(({ label }) => Number(/of ([\d,]+) more/.exec(label)![1]!.replaceAll(",", "")));
    const drawnItems = drawn(frame, sight).chips.filter(({ look }) => look === "red" || look === "black").length;
    expect(counts.reduce((sum, count) => sum + count, drawnItems)).toBe(
      objectsOf(inspectWhole(frame.memory), "Eventpoll")[0]!.tree.length,
    );
    const key = folded[0]!.key.replace(/^more:/, "");
    const opened = drawn(frame, { ...sight, expanded: new Set([key]) });
    const head = Number(key.replace("tree:", ""));
    expect(opened.chips.some(({ address, look }) => address === head && look !== "folded")).toBe(true);
  });

  test("is checked against all rules when asked, not with every step", async () => {
    const frame = session.frame(last - 400, "tick");
    expect(session.knownViolations(frame)).toBe(null);
    expect(await session.violations(frame)).toEqual([]);
    expect(session.knownViolations(frame)).toEqual([]);
  });
});
