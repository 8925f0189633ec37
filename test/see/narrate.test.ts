import { argumentsOf } from "../../lib/see/narrate.ts";
import { describe as describeEvent, narrate } from "../../lib/see/sentences.ts";
import { describe, expect, test } from "vitest";
import type { EventName, Language } from "../../lib/machine/records.ts";
import { busyMachine } from "./machine.ts";
import { catalogue } from "../../lib/see/catalogue/catalogue.ts";
import { layout } from "../../lib/layout.gen.ts";

const events = Object.keys(layout.enums.Tp.values) as EventName[];
const locales: Language[] = ["en", "zh-CN"];

/** Records of an event with different numbers: sentences may depend on them. */
function records(event: EventName) {
  const numbers = [
    [0, 0, 0],
    [1, 1, 1],
    [5, 5, 5],
    [3, 0xffff_ffff, 64],
    [0x18_0040, 0x2000, 0xffff_fff5],
  ];
  return numbers.map((args) => ({ event, pid: 1, cpu: 0, args }));
}

describe.each(locales)("in %s", (locale) => {
  test.each(events)("%s is told in one full sentence", (event) => {
    for (const record of records(event)) {
      const sentence = narrate(record, { locale });
      expect(sentence).not.toMatch(/[{}]|undefined|NaN/);
      expect(sentence).toMatch(locale === "en" ? /^(fd |\w).*\.$/s : /[\u4e00-\u9fff].*。$/s);
    }
  });

  test.each(events)("what %s does is said in one sentence", (event) => {
    const sentence = describeEvent(event, locale);
    expect(sentence).not.toMatch(/[{}]|undefined/);
    expect(sentence).toMatch(locale === "en" ? /^[A-Z].*\.$/s : /[\u4e00-\u9fff].*。$/s);
  });
});

test("a Chinese sentence has no English words but names from the kernel", () => {
  for (const event of events) {
    for (const record of records(event)) {
      expect(narrate(record, { locale: "zh-CN" })).not.toMatch(/\b(the|is|of|and|a|to|bytes?)\b/);
    }
  }
});

test("every number of a record has a name", () => {
  expect(argumentsOf("ep_insert").map(({ name }) => name)).toEqual(["ep", "file", "fd"]);
});

test("an error that a call returns is named", () => {
  const record = { event: "sys_exit" as const, pid: 1, cpu: 0, args: [0, 0xffff_fff5, 0] };
  expect(narrate(record, { locale: "en" })).toBe("read returns -1 EAGAIN: task 1 goes back to user mode with it.");
  expect(narrate(record, { locale: "zh-CN" })).toBe("read 返回 -1 EAGAIN：任务 1 带着结果回到用户态。");
});

test("an address that a call returns is no error, and no negative number", () => {
  const record = { event: "sys_exit" as const, pid: 1, cpu: 0, args: [9, 0xfffe_8000, 0] };
  expect(narrate(record, { locale: "en" })).toBe("mmap returns 0x…fffe8000: task 1 goes back to user mode with it.");
});

describe("with the machine's memory at hand", () => {
  /** The sentence for the first record of an event in a run, told at its tick. */
  async function told(event: EventName, locale: Language): Promise<string> {
    const kernel = await busyMachine();
    const record = [...kernel.trace].find((candidate) => candidate.event === event)!;
    kernel.seek(record.tick);
    return narrate(record, { locale, memory: kernel.memory });
  }

  test.each<[EventName, string, string]>([
    [
      "ep_ready",
      "The epitem of fd 4 is appended to the ready list: the same object that is in the tree, and the tree does not change.",
      "fd 4 的 epitem 加到就绪链表的末尾。它与红黑树上的是同一个对象，红黑树不变。",
    ],
    [
      "ep_ptable_queue_proc",
      "The epitem of fd 4 hangs an eppoll_entry into the wait queue of the pipe of fd 4: no task sleeps there, a wake-up will call ep_poll_callback instead.",
      "fd 4 的 epitem 把一个 eppoll_entry 挂到 fd 4 的管道的等待队列：以后唤醒该队列就会调用 ep_poll_callback，并没有任务在那里睡眠。",
    ],
    [
      "sched_switch",
      "CPU 0 takes task watcher (pid 1) from the run queue and runs it.",
      "CPU 0 从运行队列取出任务 watcher (pid 1)，开始执行它。",
    ],
    [
      "sys_enter",
      "Task watcher (pid 1) makes the system call epoll_create1(0): the CPU crosses from user mode into kernel mode.",
      "任务 watcher (pid 1) 发起系统调用 epoll_create1(0)：CPU 从用户态进入内核态。",
    ],
    [
      "fd_install",
      "From now on fd 3 stands for an eventpoll in the table of task watcher (pid 1).",
      "从现在起，fd 3 在任务 watcher (pid 1) 的描述符表中代表一个 eventpoll。",
    ],
    [
      "hrtimer_nanosleep",
      "Task watcher (pid 4) wants to sleep for a time: its alarm is set, and will wake it.",
      "任务 watcher (pid 4) 要睡眠一段时间：设好闹钟，到时唤醒它。",
    ],
  ])("%s names the objects", async (event, en, zh) => {
    expect(await told(event, "en")).toBe(en);
    expect(await told(event, "zh-CN")).toBe(zh);
  });
});

test("there are words for every event, and for nothing else", () => {
  expect(Object.keys(catalogue).sort()).toEqual([...events].sort());
});
