import { describe, expect, test } from "vitest";
import { translator } from "../../web/i18n/catalogue.ts";
import { pictureOf } from "../../web/layout/stage.ts";
import { type StepRecord, sceneOf } from "../../web/scene/build.ts";
import { type Scene, keyOf } from "../../web/scene/scene.ts";
import { AT, echoServer } from "./inspection.ts";

const translate = translator("en");

function scene(record: StepRecord | null = null, ready: readonly number[] = [1]): Scene {
  return sceneOf(echoServer(ready), record, { translate, focus: new Set(), expanded: new Set() });
}

const box = (from: Scene, address: number) => from.boxes.find((one) => one.address === address)!;

describe("a scene", () => {
  test("has the same item in the tree and on the ready list, by one key", () => {
    const { tree } = box(scene(null, [1, 0]), AT.ep);
    expect(tree!.rails).toEqual([
      { key: `${keyOf(AT.ep)}:rdllist`, name: "rdllist", items: [keyOf(AT.items[1]), keyOf(AT.items[0])] },
    ]);
    const keys = tree!.items.map(({ key }) => key);
    expect(keys).toEqual(expect.arrayContaining([...tree!.rails[0]!.items]));
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
