import { layout } from "../layout.gen.ts";
import { describe } from "./call.ts";
import { fieldOffset, hex, structLayout } from "./memory.ts";

/** Name of something that leaves a trace: `ep_poll_callback`, `sys_enter`. */
export type EventName = keyof typeof layout.enums.Tp.values;

/** One of the numbers of a record: what it is, and its value. */
export interface TraceArgument {
  /** What the kernel's sources call it. */
  readonly name: string;
  /** What it is: the name of a struct for an address, or one of fd, bytes, poll, errno, number, ... */
  readonly type: string;
  readonly value: number;
}

/** A language of sentences. */
export type Language = "en" | "zh-CN";

/** Writes a record as a sentence. */
export type Narrator = (record: TraceRecord, language: Language) => string;

const LANGUAGES: Readonly<Record<string, Language>> = { en: "en", "zh-CN": "zh-CN", zh: "zh-CN" };

/** A language by its name; "zh" is short for "zh-CN". @throws RangeError for another one. */
export function languageNamed(name: string): Language {
  const known = LANGUAGES[name];
  if (known === undefined) throw new RangeError(`languages are en, zh-CN, not ${describe(name)}`);
  return known;
}

const EVENTS = new Map<number, EventName>(
  Object.entries(layout.enums.Tp.values).map(([name, value]) => [value, name as EventName]),
);
/** What the kernel's sources say of the numbers of an event's record. */
interface EventMember {
  readonly doc?: string;
  readonly args?: readonly { readonly name: string; readonly type: string }[];
}
const MEMBERS: Readonly<Record<string, EventMember>> = layout.enums.Tp.members;

/** Size of a record in the kernel's ring. Unit: bytes. */
export const RECORD_SIZE = structLayout("TraceRecord").stride;
const EVENT = fieldOffset("TraceRecord", "event");
const CPU = fieldOffset("TraceRecord", "cpu");
const DEPTH = fieldOffset("TraceRecord", "depth");
const PID = fieldOffset("TraceRecord", "pid");
const TIME = fieldOffset("TraceRecord", "time");
const A = fieldOffset("TraceRecord", "a");
const CONTEXT = fieldOffset("TraceRecord", "context");

/** Number of an event. @throws TypeError for a name that no event has. */
export function eventNumber(name: string): number {
  const value = (layout.enums.Tp.values as Readonly<Record<string, number>>)[name];
  if (value === undefined) throw new TypeError(`no event is called ${name}`);
  return value;
}

/** What a tracepoint has written down: something that happened in the kernel. */
export class TraceRecord {
  /** Which tracepoint it was, counted from 1 since boot. */
  readonly tick: number;
  /** When. Unit: ns since boot. */
  readonly time: number;
  /** Number of the CPU. */
  readonly cpu: number;
  /** The task that ran; 0: none. */
  readonly pid: number;
  /** What happened: a kernel function, by Linux's name, or a happening in one. */
  readonly event: EventName;
  /** How many kernel functions were at work on that CPU. */
  readonly depth: number;
  /** What the CPU was doing: CpuContext. */
  readonly context: number;
  /** The three numbers that the tracepoint wrote; {@link TraceRecord.named} says what they are. */
  readonly args: readonly [number, number, number];
  readonly #narrate: Narrator | undefined;

  /** @param at  where the record lies in `view`. */
  constructor(view: DataView, at: number, tick: number, narrate?: Narrator) {
    this.tick = tick;
    this.time = view.getUint32(at + TIME, true) + view.getUint32(at + TIME + 4, true) * 0x1_0000_0000;
    this.cpu = view.getUint8(at + CPU);
    this.pid = view.getUint32(at + PID, true);
    this.event = EVENTS.get(view.getUint16(at + EVENT, true)) ?? "none";
    this.depth = view.getUint8(at + DEPTH);
    this.context = view.getUint32(at + CONTEXT, true);
    this.args = [view.getUint32(at + A, true), view.getUint32(at + A + 4, true), view.getUint32(at + A + 8, true)];
    this.#narrate = narrate;
  }

  /** The numbers with their names and types, as the kernel's sources give them. */
  get named(): TraceArgument[] {
    const declared = MEMBERS[this.event]?.args ?? [];
    return declared.map(({ name, type }, i) => ({ name, type, value: this.args[i]! }));
  }

  /** Which of the two phases of an input it ends: the data is there, or it has been copied; null: neither. */
  get phase(): "ready" | "copied" | null {
    if (this.event === "data_ready") return "ready";
    return this.event === "data_copied" ? "copied" : null;
  }

  /** The record as a sentence. "zh" is short for "zh-CN". @throws RangeError for another language. */
  sentence(language: Language | "zh" = "en"): string {
    const known = languageNamed(language);
    return this.#narrate?.(this, known) ?? this.plain();
  }

  /** The record as one line of text, without sentences: `ep_insert(ep=0x1a0040, fd=5)`. */
  plain(): string {
    const args = this.named.map(({ name, type, value }) => `${name}=${/^[A-Z]/.test(type) ? hex(value) : value}`);
    return `${this.event}(${args.join(", ")})`;
  }

  toString(): string {
    return this.sentence();
  }
}
