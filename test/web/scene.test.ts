import { describe, expect, test } from "vitest";
import { translator } from "../../web/i18n/catalogue.ts";
import { pictureOf } from "../../web/layout/stage.ts";
import { type StepRecord, sceneOf } from "../../web/scene/build.ts";
import { folded } from "../../web/scene/folding.ts";
import { partsOf } from "../../web/scene/inside.ts";
import { narrowed } from "../../web/scene/narrowed.ts";
import { type Scene, keyOf } from "../../web/scene/scene.ts";
import { AT, crowd, echoServer } from "./inspection.ts";

const translate = translator("en");

function scene(record: StepRecord | null = null, ready: readonly number[] = [1]): Scene {
  return sceneOf(echoServer(ready), record, { translate, focus: new Set(), expanded: new Set() });
}

const box = (from: Scene, address: number) => from.boxes.find((one) => one.address === address)!;

describe("a scene", () => {
  test("has the same item in the tree and on the ready list, by one key", () => {
    const { tree } = box(scene(null, [1, 0]), AT.ep);
    expect(tree!.rails).toEqual([
      {
        key: `${keyOf(AT.ep)}:rdllist`,
        name: "rdllist",
        items: [keyOf(AT.items[1]), keyOf(AT.items[0])],
        places: [1, 2],
        count: 2,
        hint: "rdllist: the ready list, the items about which epoll_wait has something to tell",
      },
    ]);
    const keys = tree!.items.map(({ key }) => key);
    expect(keys).toEqual(expect.arrayContaining([...tree!.rails[0]!.items]));
  });

  test("explains the kernel's own names of a box where the box is asked about, and nothing where there are none", () => {
    const { ground, boxes } = pictureOf(scene(), 1000, translate);
    const shapes = [...ground, ...boxes];
    const hintOf = (address: number) => shapes.find((shape) => shape.address === address)!.hint;
    expect(
      hintOf(AT.ep)!
        .split("\n")
        .map((line) => line.replace(/:.*/, "")),
    ).toEqual(["rdllist", "wq"]);
    expect(hintOf(AT.ada)).toBeUndefined();
  });

  test("says of an item in words what its colour and its place in the list are", () => {
    const { tree } = box(scene(), AT.ep);
    expect(tree!.items.map(({ label }) => label)).toEqual([
      "epitem of fd 3, red, waits for EPOLLIN|EPOLLET; not ready",
      "epitem of fd 5, black, waits for EPOLLIN|EPOLLET; number 1 on rdllist",
      "epitem of fd 6, red, waits for EPOLLIN|EPOLLET; not ready",
    ]);
  });

  test("shows every object once", () => {
    const { boxes } = scene();
    const keys = boxes.flatMap(({ key, tabs, rows }) => [
      key,
      ...[...tabs, ...rows.flatMap(({ chips }) => chips)].map((chip) => chip.key),
    ]);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test("leads from a waiter of a socket to the item that it calls, and from the sleeper to its task", () => {
    const { links } = scene();
    const callbacks = links.filter(({ kind }) => kind === "callback").map(({ to }) => to);
    expect(callbacks).toEqual(AT.items.map(keyOf));
    expect(links.filter(({ kind }) => kind === "waits").map(({ to }) => to)).toEqual([keyOf(AT.task)]);
  });

  test("shows a connection that nobody has accepted as a part of the queue that it waits in", () => {
    const machine = echoServer();
    const objects = machine.objects.map((object) =>
      object.struct === "Sock" && object.address === AT.listener ? { ...object, acceptQueue: [AT.bob] } : object,
    );
    const { boxes } = sceneOf({ ...machine, objects }, null, { translate, focus: new Set(), expanded: new Set() });
    expect(boxes.some(({ address }) => address === AT.bob)).toBe(false);
    const chips = boxes.find(({ address }) => address === AT.listener)!.rows.flatMap((row) => row.chips);
    expect(chips.map(({ key }) => key)).toContain(keyOf(AT.bob));
  });

  test("says how much of a packet is left to be read", () => {
    const machine = echoServer();
    const objects = machine.objects.map((object) =>
      object.struct === "Sock" && object.address === AT.ada ? { ...object, readable: 2 } : object,
    );
    const { boxes } = sceneOf({ ...machine, objects }, null, { translate, focus: new Set(), expanded: new Set() });
    const [receive] = boxes.find(({ address }) => address === AT.ada)!.rows;
    expect(receive!.chips.map(({ text }) => text)).toEqual(["2 of 5 B left"]);
  });
});

describe("what moves", () => {
  test("a copy to a program goes from the object of its system call to the task", () => {
    const { tokens } = scene({ event: "copy_to_user", pid: 1, args: [0, 0, 12] });
    expect(tokens).toEqual([
      { key: "token", kind: "copy", from: keyOf(AT.ep), to: keyOf(AT.task), text: "CPU copy 12 B" },
    ]);
  });

  test("a copy from a program goes the other way", () => {
    const { tokens } = scene({ event: "copy_from_user", pid: 1, args: [0, 0, 12] });
    expect(tokens.map(({ from, to }) => [from, to])).toEqual([[keyOf(AT.task), keyOf(AT.ep)]]);
  });

  test("DMA crosses the line of the hardware, a system call that of user space", () => {
    const dma = scene({ event: "dma_to_memory", pid: 0, args: [0, 5] });
    expect(dma.tokens.map(({ kind, from }) => [kind, from])).toEqual([["dma", keyOf(AT.rx)]]);
    expect([dma.crossing, dma.interrupt]).toEqual([false, true]);
    const call = scene({ event: "sys_enter", pid: 1, args: [0, 0, 0] });
    expect([call.crossing, call.interrupt]).toEqual([true, false]);
  });

  test("nothing moves at a step that moves nothing", () => {
    expect(scene({ event: "ep_ready", pid: 0, args: [0, 0, 0] }).tokens).toEqual([]);
    expect(pictureOf(scene(), 760, translate).flows).toEqual([]);
  });
});

describe("boxes that are folded", () => {
  const links = (from: Scene, kind: string) => from.links.filter((link) => link.kind === kind);

  test("show their heads with the number of what is inside, and links that led there end at them", () => {
    const whole = scene();
    const shown = folded(whole, new Set([keyOf(AT.ep)]), translate);
    const eventpoll = box(shown, AT.ep);
    expect([eventpoll.rows, eventpoll.tabs, eventpoll.tree]).toEqual([[], [], null]);
    // Its file, its three items, and the task that sleeps there.
    expect(eventpoll.fold).toMatchObject({ isFolded: true, count: 5, badge: "5 inside" });
    expect(eventpoll.fold!.inside).toEqual(expect.arrayContaining([...AT.items]));
    expect(links(shown, "callback").map(({ to }) => to)).toEqual([keyOf(AT.ep), keyOf(AT.ep), keyOf(AT.ep)]);
    expect(links(shown, "callback").flatMap(({ ends }) => ends)).toEqual(expect.arrayContaining([...AT.items]));
    expect(links(shown, "waits").map(({ from }) => from)).toEqual([keyOf(AT.ep)]);
  });

  test("take the links between them together", () => {
    const all = scene();
    const shown = folded(all, new Set(all.boxes.map(({ key }) => key)), translate);
    const pairs = shown.links.map(({ kind, from, to }) => `${kind} ${from} ${to}`);
    expect(new Set(pairs).size).toBe(pairs.length);
    expect(links(shown, "fd").map(({ from }) => from)).toEqual(Array(4).fill(keyOf(AT.files)));
  });

  test("can be folded everywhere but where they only stand for more", () => {
    const { boxes } = folded(
      sceneOf(crowd(300), null, { translate, focus: new Set(), expanded: new Set() }),
      new Set(),
      translate,
    );
    expect(boxes.filter(({ fold }) => !fold).map(({ key }) => key)).toEqual(
      boxes.filter(({ word }) => word === "").map(({ key }) => key),
    );
  });
});

describe("a scene narrowed to an object", () => {
  const addresses = ({ boxes }: Scene) => boxes.map(({ address }) => address).sort((a, b) => a - b);

  test("has the object, what it is linked to, and nothing else", () => {
    expect(addresses(narrowed(scene(), AT.task, 1))).toEqual([AT.task, AT.ep]);
  });

  test("has of an item its eventpoll and the one queue that it hangs in", () => {
    expect(addresses(narrowed(scene(), AT.items[1], 1))).toEqual([AT.ada, AT.ep]);
  });

  test("reaches one link further if it is asked to", () => {
    expect(addresses(narrowed(scene(), AT.ada, 1))).toEqual([AT.files, AT.ada, AT.ep]);
    expect(addresses(narrowed(scene(), AT.ada, 2))).toEqual([AT.task, AT.files, AT.listener, AT.ada, AT.bob, AT.ep]);
  });

  test("has no link that leads out of it", () => {
    const { boxes, links } = narrowed(scene(), AT.task, 1);
    const keys = new Set(boxes.flatMap((one) => [one.key, ...partsOf(one).map(({ key }) => key)]));
    for (const { from, to } of links) expect([keys.has(from), keys.has(to)]).toEqual([true, true]);
    expect(links).not.toEqual([]);
  });

  test("is the whole scene as long as the object is not there", () => {
    expect(narrowed(scene(), 0xdead0, 1)).toEqual(scene());
  });
});
