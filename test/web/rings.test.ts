import { beforeAll, describe, expect, test } from "vitest";
import { IORING_SETUP_SQPOLL, Kernel } from "../../lib/index.ts";
import { translator } from "../../web/i18n/catalogue.ts";
import { pictureOf } from "../../web/layout/stage.ts";
import { SCENARIOS } from "../../web/scenarios/all.ts";
import { sceneOf } from "../../web/scene/build.ts";
import { type Box, type Scene, keyOf } from "../../web/scene/scene.ts";

const translate = translator("en");

/** The stage of a machine where an event happens for the n-th time, or some ticks later; of negative n, from the end. */
function sceneAt(kernel: Kernel, event: string, n = 1, later = 0): Scene {
  const ticks = [...kernel.trace].filter((record) => record.event === event).map(({ tick }) => tick);
  const tick = ticks.at(n > 0 ? n - 1 : n)! + later;
  kernel.seek(tick);
  const record = kernel.trace.at(tick);
  return sceneOf(kernel.inspect(), record, { translate, focus: new Set(), expanded: new Set() });
}

async function machine(id: string): Promise<Kernel> {
  return (await SCENARIOS.find((scenario) => scenario.id === id)!.start()).kernel;
}

const boxOf = ({ boxes }: Scene, struct: string): Box => boxes.find((box) => box.struct === struct)!;
const texts = ({ rows }: Box) => rows.flatMap(({ chips }) => chips.flatMap(({ text }) => text || []));

describe("a ring of io_uring", () => {
  let kernel: Kernel;
  beforeAll(async () => {
    kernel = await machine("io_uring");
  });

  test("has the entries and completions that wait in slots of the memory that both sides see", () => {
    expect(texts(boxOf(sceneAt(kernel, "io_submit_sqes", -1), "IoRings"))).toEqual(["READ fd 4 →", "SEND fd 6"]);
    expect(texts(boxOf(sceneAt(kernel, "io_uring_enter", -1), "IoRings"))).toEqual(["3: 8192", "4: 8192"]);
  });

  test("keeps the slots in their places, however often the ring has been gone around", () => {
    const slots = boxOf(sceneAt(kernel, "io_submit_sqes", -1), "IoRings").rows[0]!.chips;
    expect(slots.map(({ text }) => text)).toEqual(["", "", "READ fd 4 →", "SEND fd 6"]);
    expect(slots.map(({ key }) => key.split(":").at(-1))).toEqual(["0", "1", "2", "3"]);
  });

  test("has a request in the wait queue of its socket, from which a link leads back to the request", () => {
    const scene = sceneAt(kernel, "io_cqring_wait");
    expect(texts(boxOf(scene, "IoRingCtx"))[0]).toBe("ACCEPT fd 3 · waits until ready");
    const [request] = boxOf(scene, "IoRingCtx").rows[0]!.chips;
    const [link] = scene.links.filter(({ kind }) => kind === "request");
    expect(link!.to).toBe(request!.key);
    expect(texts(boxOf(scene, "Sock"))).toContain("io_poll_wake");
  });

  test("has the requests of a chain below each other, with a line between them", () => {
    const scene = sceneAt(kernel, "io_cqring_wait", -2);
    expect(texts(boxOf(scene, "IoRingCtx")).slice(0, 2)).toEqual([
      "READ fd 4 · waits for a worker",
      "↳ SEND · waits its turn",
    ]);
    const picture = pictureOf(scene, 760, translate);
    expect(picture.threads.filter(({ kind }) => kind === "chain")).toHaveLength(1);
    expect(picture.links.some(({ kind }) => kind === "chain")).toBe(false);
  });

  test("copies go between the object of the request and the program, whoever does the request", () => {
    const scene = sceneAt(kernel, "copy_to_user", -1);
    const server = scene.boxes.find(({ word }) => word === "server")!;
    const inode = scene.boxes.find(({ title }) => title === "page.html")!;
    expect(scene.tokens).toMatchObject([{ kind: "copy", from: inode.key, to: server.key }]);
    const send = sceneAt(kernel, "copy_from_user", -1);
    expect(send.tokens).toMatchObject([{ kind: "copy", from: server.key, to: keyOf(sockOf(send)) }]);
  });
});

test("the thread that looks for entries is in its ring's box, and hangs in a wait queue while it sleeps", async () => {
  const kernel = await Kernel.boot({ seed: 1 });
  kernel.spawn("program", function* (sys) {
    const ring = sys.io_uring();
    yield* ring.queue_init(4, { flags: IORING_SETUP_SQPOLL, sq_thread_idle: 1 });
    ring.prep_nop();
    yield* ring.submit();
    yield* sys.nanosleep({ sec: 1, nsec: 0 });
  });
  kernel.settle();
  const scene = sceneOf(kernel.inspect(), null, { translate, focus: new Set(), expanded: new Set() });
  const thread = scene.boxes.find(({ word }) => word === "iou-sqp")!;
  expect(thread.rows[0]!.text).toBe("kernel thread");
  expect(texts(boxOf(scene, "IoRingCtx"))).toContain("iou-sqp (2)");
  expect(boxOf(scene, "IoRingCtx").rows.map(({ name }) => name)).toContain("sqo_wait");
  expect(scene.links.filter(({ kind, to }) => kind === "waits" && to === thread.key)).toHaveLength(1);
  expect(boxOf(scene, "IoRings").rows.at(-1)!.text).toContain("NEED_WAKEUP");
});

/** Address of the connection's sock. */
function sockOf({ boxes }: Scene): number {
  return boxes.find(({ struct, note }) => struct === "Sock" && note === "ESTAB")!.address;
}

describe("an AIO context", () => {
  let kernel: Kernel;
  beforeAll(async () => {
    kernel = await machine("aio");
  });

  test("has its requests, which lead to the transfers that the disk is at, and its ring the events", () => {
    const scene = sceneAt(kernel, "aio_complete", 1, 1);
    expect(texts(boxOf(scene, "AioRing"))).toEqual([expect.stringMatching(/^0x[0-9a-f]+: 8192$/)]);
    expect(texts(boxOf(scene, "Kioctx"))).toContain("PREAD 8192 B at 16384");
    expect(texts(boxOf(scene, "Inode"))).toContain("read 8192 B at 16384");
    const transfers = new Set(boxOf(scene, "Inode").rows.flatMap(({ chips }) => chips.map(({ key }) => key)));
    const links = scene.links.filter(({ kind, to }) => kind === "page" && transfers.has(to));
    expect(links).toHaveLength(3);
  });

  test("the disk moves bytes into the program's own memory: past the kernel", () => {
    const scene = sceneAt(kernel, "disk_transfer");
    const program = scene.boxes.find(({ word }) => word === "program")!;
    expect(scene.tokens).toMatchObject([{ kind: "dma", to: program.key }]);
    const { flows, boxes } = pictureOf(scene, 760, translate);
    const task = boxes.find(({ key }) => key === program.key)!;
    expect(flows[0]!.d.endsWith(`${task.x + task.width / 2},${task.y + task.height + 2}`)).toBe(true);
  });
});

test.each([360, 760, 1200])("on a stage %d px wide, what belongs to both stands between the two", async (width) => {
  const scene = sceneAt(await machine("io_uring"), "io_submit_sqes", -1);
  const { boxes, bands, borders } = pictureOf(scene, width, translate);
  const rings = boxes.find(({ struct }) => struct === "IoRings")!;
  const others = boxes.filter(({ key }) => key !== rings.key);
  const overlaps = others.filter(({ y, height }) => y < rings.y + rings.height && rings.y < y + height);
  expect(overlaps).toEqual([]);
  const [user, kernel] = bands;
  expect(user!.y + user!.height).toBeLessThanOrEqual(kernel!.y);
  if (width >= 700) {
    expect(borders[0]!.y).toBeGreaterThan(rings.y);
    expect(borders[0]!.y).toBeLessThan(rings.y + rings.height);
  }
  expect(rings.x + rings.width).toBeLessThanOrEqual(width);
});

test("a machine without rings has the line where it was", async () => {
  const scene = sceneAt(await machine("pipe"), "sys_enter");
  const { bands, borders } = pictureOf(scene, 760, translate);
  const [user, kernel] = bands;
  expect(kernel!.y - (user!.y + user!.height)).toBe(20);
  expect(borders[0]!.y).toBe(user!.y + user!.height + 10);
});
