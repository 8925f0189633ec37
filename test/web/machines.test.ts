import { describe, expect, test } from "vitest";
import type { Kernel } from "../../lib/index.ts";
import { callsOf } from "../../lib/trace/calls.ts";
import { translator } from "../../web/i18n/catalogue.ts";
import { SCENARIOS } from "../../web/scenarios/all.ts";
import { sceneOf } from "../../web/scene/build.ts";
import { type Box, type Scene, keyOf } from "../../web/scene/scene.ts";

async function machine(id: string): Promise<Kernel> {
  return (await SCENARIOS.find((scenario) => scenario.id === id)!.start()).kernel;
}

/** The stage of a machine where an event happens for the n-th time, or some ticks later. */
function sceneAt(kernel: Kernel, event: string, n = 1, later = 0): Scene {
  const ticks = [...kernel.trace].filter((record) => record.event === event).map(({ tick }) => tick);
  kernel.seek(ticks[n - 1]! + later);
  const options = { translate: translator("en"), focus: new Set<number>(), expanded: new Set<string>() };
  return sceneOf(kernel.inspect(), null, options);
}

const boxOf = ({ boxes }: Scene, word: string): Box => boxes.find((box) => box.word === word)!;
const chipsOf = ({ rows }: Box) => rows.flatMap(({ chips }) => chips);
const texts = (box: Box) => chipsOf(box).map(({ text }) => text);

describe("on the stage", () => {
  test("a task asleep in poll() has an entry for each file, to which the wait queues of the files lead", async () => {
    const scene = sceneAt(await machine("poll"), "pollwake");
    const task = boxOf(scene, "reader");
    expect(texts(task)).toEqual(["fd 3", "fd 5", "fd 7"]);
    expect(task.rows[1]!.text).toBe("☾ asleep on 3 wait queues");
    const ends = scene.links.filter(({ kind }) => kind === "waits").map(({ to }) => to);
    expect(ends.toSorted()).toEqual(
      chipsOf(task)
        .map(({ key }) => key)
        .toSorted(),
    );
  });

  test("a task whose handler runs says so, in words", async () => {
    const task = boxOf(sceneAt(await machine("eintr"), "setup_rt_frame"), "loop");
    expect(task.rows[0]!.text).toBe("in its handler of SIGUSR1");
    expect(texts(task)).toEqual(["SIGUSR1 handler runs"]);
    expect(task.label).toContain("SIGUSR1 handler runs");
  });

  test("a signal that is blocked and pending is in its task's box, and who waits for it in the signalfd's", async () => {
    const kernel = await machine("signalfd");
    const waiting = sceneAt(kernel, "sys_exit", 6);
    expect(texts(boxOf(waiting, "signalfd"))).toEqual(["ep_poll_callback"]);
    const [from] = chipsOf(boxOf(waiting, "signalfd"));
    expect(waiting.links.some((link) => link.kind === "callback" && link.from === from!.key)).toBe(true);
    expect(texts(boxOf(waiting, "loop"))).toEqual(["SIGUSR1 blocked"]);
    expect(texts(boxOf(sceneAt(kernel, "send_signal_locked", 1, 4), "loop"))).toEqual(["SIGUSR1 pending, blocked"]);
  });

  test("a timerfd tells its expirations, its next one, and its period", async () => {
    const rows = boxOf(sceneAt(await machine("timerfd"), "do_epoll_wait"), "timerfd").rows;
    expect(rows.slice(0, 3).map(({ name, text }) => [name, text])).toEqual([
      ["expirations", "0"],
      ["next at", expect.stringMatching(/^1\d\d µs$/)],
      ["period", "100 µs"],
    ]);
  });

  test("a FIFO is one box with its name and both its ends", async () => {
    const scene = sceneAt(await machine("fifo"), "data_ready");
    const fifo = boxOf(scene, "FIFO");
    expect(fifo.tabs.map(({ text }) => text)).toEqual(["r end", "w end×2"]);
    expect([fifo.title, fifo.note]).toEqual(["/run/fifo", "1 r · 1 w"]);
    expect(scene.boxes.filter(({ word }) => word === "FIFO" || word === "file" || word === "pipe")).toHaveLength(1);
  });

  test("UDP sockets say so, and keep datagrams apart", async () => {
    const scene = sceneAt(await machine("udp"), "data_ready", 3);
    const socks = scene.boxes.filter(({ word }) => word === "sock");
    expect(socks.map(({ note }) => note)).toEqual(["UDP UNCONN", "UDP ESTAB"]);
    expect(texts(socks[0]!)).toEqual(["3 B", "3 B", "10 B"]);
  });

  test("a message that carries a descriptor says so", async () => {
    const kernel = await machine("rights");
    const all = sceneAt(kernel, "data_ready").boxes.flatMap(texts);
    expect(all).toContain("1 B + 1 fd");
  });

  test("a task that ends has no chip of blocked signals: nobody can block SIGKILL", async () => {
    const kernel = await machine("udp");
    expect(texts(boxOf(sceneAt(kernel, "__fput"), "receiver"))).toEqual([]);
    const { boxes } = sceneAt(kernel, "sock_release");
    expect(boxes.filter(({ place }) => place === "task").flatMap(texts)).toEqual([]);
  });

  test("a call that has to do with signals names them", async () => {
    const kernel = await machine("phases");
    const lines = callsOf(kernel, [...kernel.trace]).map(({ text }) => text);
    expect(lines).toContain("fcntl(3, F_SETOWN, 0x1)");
    expect(lines.some((line) => line.startsWith("rt_sigaction(SIGIO, "))).toBe(true);
  });

  test("descriptors that stand for something outside are one row", async () => {
    const [first] = chipsOf(boxOf(sceneAt(await machine("poll"), "sys_enter"), "fd table"));
    expect(first!.text).toBe("0–2\toutside");
  });

  test("every key is there once, at every step of every scenario that is new", async () => {
    for (const id of ["poll", "timerfd", "eintr", "signalfd", "phases", "fifo", "udp", "rights"]) {
      const kernel = await machine(id);
      for (let tick = 0; tick <= kernel.ticks; tick += 3) {
        kernel.seek(tick);
        const options = { translate: translator("zh-CN"), focus: new Set<number>(), expanded: new Set<string>() };
        const { boxes } = sceneOf(kernel.inspect(), null, options);
        const keys = boxes.flatMap((box) => [
          box.key,
          ...box.tabs.map(({ key }) => key),
          ...chipsOf(box).map(({ key }) => key),
        ]);
        expect(new Set(keys).size, `${id} at tick ${tick}`).toBe(keys.length);
        expect(keys).not.toContain(keyOf(0));
      }
    }
  });
});
