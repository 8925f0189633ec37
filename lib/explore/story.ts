import { callText, renderResult } from "../see/calls.ts";
import { InputKind } from "../machine/journal.ts";
import { type Language, type TraceRecord, languageNamed } from "../machine/records.ts";
import type { Machine } from "../machine/machine.ts";
import { Reader } from "../see/reader.ts";
import type { Trace } from "../machine/trace.ts";
import { layout } from "../layout.gen.ts";
import { taskByPid } from "../see/find.ts";
import { timeOf } from "../machine/clock.ts";
import { userMemory } from "../see/user-memory.ts";

const { exit } = layout.enums.Nr.values;

/** A call that a task is in. */
interface OpenCall {
  readonly nr: number;
  readonly args: readonly bigint[];
  /** Whether it has slept in it. */
  slept: boolean;
}

/** What a line tells: `who` is a task's name and number. */
type Happening =
  | { readonly kind: "returns" | "wakes" | "sleeps" | "sleeps again"; readonly who: string; readonly call: string }
  | { readonly kind: "ends"; readonly who: string }
  | { readonly kind: "time"; readonly time: number };

/** Tells a happening in a language. */
type Teller = (happening: Happening) => string;

const TELLERS: Readonly<Record<Language, Teller>> = {
  en(it) {
    switch (it.kind) {
      case "returns":
        return `${it.who}: ${it.call}`;
      case "wakes":
        return `${it.who}: wakes up; ${it.call}`;
      case "sleeps":
        return `${it.who}: ${it.call} sleeps`;
      case "sleeps again":
        return `${it.who}: wakes up in vain; ${it.call} sleeps again`;
      case "ends":
        return `${it.who}: ends`;
      case "time":
        return `time passes to ${it.time} ns, and what is due happens`;
    }
  },
  "zh-CN"(it) {
    switch (it.kind) {
      case "returns":
        return `${it.who}：${it.call}`;
      case "wakes":
        return `${it.who}：醒来，${it.call}`;
      case "sleeps":
        return `${it.who}：${it.call}，进入睡眠`;
      case "sleeps again":
        return `${it.who}：白白醒来，${it.call}，继续睡眠`;
      case "ends":
        return `${it.who}：结束`;
      case "time":
        return `时间走到 ${it.time} ns，到期的事件发生`;
    }
  },
};

/** Listens to a machine that keeps its trace, and tells what its tasks do: one line for each call. */
export class StoryTeller {
  readonly #machine: Machine;
  readonly #trace: Trace;
  readonly #happenings: Happening[] = [];
  readonly #open = new Map<number, OpenCall>();
  #tick: number;
  #inputs: number;

  constructor(machine: Machine, trace: Trace) {
    this.#machine = machine;
    this.#trace = trace;
    this.#tick = machine.ticks;
    this.#inputs = machine.journal.length;
  }

  /** The lines so far. @throws RangeError for a language that there is not. */
  lines(language: Language): string[] {
    return this.#happenings.map(TELLERS[languageNamed(language)]);
  }

  /** Takes in what has happened since the last time: one step. */
  listen(): void {
    const { journal, ticks } = this.#machine;
    const made: (readonly bigint[])[] = [];
    for (; this.#inputs < journal.length; this.#inputs++) {
      const kind = journal.kind(this.#inputs);
      if (kind === InputKind.SYSCALL) made.push(journal.entry(this.#inputs).args);
      if (kind === InputKind.ELAPSE) this.#elapsed();
    }
    const asleep = new Set<number>();
    for (const record of this.#trace.range(this.#tick + 1, ticks)) {
      if (record.event === "schedule") asleep.add(record.pid);
      else this.#hear(record, made);
    }
    this.#tick = ticks;
    for (const pid of asleep) this.#slept(pid);
  }

  #hear({ event, pid, args: [nr, result] }: TraceRecord, made: (readonly bigint[])[]): void {
    if (event === "sys_enter") this.#open.set(pid, { nr: nr | 0, args: made.shift() ?? [], slept: false });
    if (event === "do_exit") this.#happenings.push({ kind: "ends", who: this.#who(pid) });
    if (event !== "sys_exit") return;
    const call = this.#open.get(pid);
    if (call === undefined) return;
    this.#open.delete(pid);
    const text = `${this.#text(pid, call, result | 0)} = ${renderResult(result | 0)}`;
    this.#happenings.push({ kind: call.slept ? "wakes" : "returns", who: this.#who(pid), call: text });
  }

  #slept(pid: number): void {
    const call = this.#open.get(pid);
    if (call === undefined || call.nr === exit) return;
    const kind = call.slept ? "sleeps again" : "sleeps";
    call.slept = true;
    this.#happenings.push({ kind, who: this.#who(pid), call: this.#text(pid, call) });
  }

  #who(pid: number): string {
    return `${this.#machine.tasks.find(pid).name} (${pid})`;
  }

  #text(pid: number, { nr, args }: OpenCall, result?: number): string {
    const reader = new Reader(this.#machine.memory);
    const task = taskByPid(reader, pid);
    return callText(nr, args, task === 0 ? undefined : userMemory(reader, task), result);
  }

  /** Several events in a row are one line. */
  #elapsed(): void {
    if (this.#happenings.at(-1)?.kind === "time") this.#happenings.pop();
    this.#happenings.push({ kind: "time", time: timeOf(this.#machine.memory) });
  }
}
