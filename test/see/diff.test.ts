import { EPOLLIN, EPOLL_CTL_ADD, EPOLL_CTL_DEL, Kernel } from "../../lib/index.ts";
import { expect, test } from "vitest";
import { diff } from "../../lib/see/diff.ts";
import { inspect } from "../../lib/see/inspect.ts";

/** A machine stopped before every system call of a program that watches an eventfd for a while. */
async function frames() {
  const kernel = await Kernel.boot({ seed: 1 });
  kernel.spawn("program", function* (sys) {
    const epfd = yield* sys.epoll_create1(0);
    const fd = yield* sys.eventfd(0, 0);
    yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, fd, { events: EPOLLIN, data: { fd } });
    yield* sys.write(fd, new Uint8Array([1, 0, 0, 0, 0, 0, 0, 0]));
    yield* sys.epoll_ctl(epfd, EPOLL_CTL_DEL, fd, null);
  });
  kernel.run();
  const ticks = [...kernel.trace].filter(({ event }) => event === "sys_exit").map(({ tick }) => tick);
  return ticks.map((tick) => {
    kernel.seek(tick);
    return inspect(kernel.memory);
  });
}

const structs = (objects: readonly { struct: string }[]) => objects.map(({ struct }) => struct).sort();

test("what comes, goes and changes between two frames is told by address", async () => {
  const [, made, added, written, removed] = await frames();
  const insertion = diff(made!, added!);
  expect(structs(insertion.added)).toEqual(["Epitem", "EppollEntry"]);
  expect(insertion.removed).toEqual([]);
  expect(insertion.linked.map(({ kind }) => kind).sort()).toEqual(["base", "ffd", "tree", "waits"]);

  const event = diff(added!, written!);
  expect(structs(event.added)).toEqual([]);
  expect(event.linked).toMatchObject([{ kind: "ready", label: "0" }]);
  expect(event.relinked).toHaveLength(2);
  const item = event.changed.find(({ struct }) => struct === "Epitem")!;
  expect(item.fields).toEqual([{ name: "ready", before: false, after: true }]);
  const counter = event.changed.find(({ struct }) => struct === "EventfdCtx")!;
  expect(counter.fields).toEqual([{ name: "count", before: "0", after: "1" }]);

  const removal = diff(written!, removed!);
  expect(structs(removal.removed)).toEqual(["Epitem", "EppollEntry"]);
  expect(removal.unlinked.map(({ kind }) => kind).sort()).toEqual(["base", "ffd", "ready", "tree", "waits"]);
});

test("a frame does not differ from itself", async () => {
  const [frame] = await frames();
  expect(diff(frame!, frame!)).toEqual({ added: [], removed: [], changed: [], linked: [], unlinked: [], relinked: [] });
});
