import type { Actor, Stage } from "./stage.ts";
import { type Difference, type Request, resultOf } from "./request.ts";
import { EPOLL_EVENTS } from "./constants.ts";
import type { Completion } from "../../machine/submission.ts";
import type { Placed } from "./implied.ts";
import type { ReplayedCall, Verdict } from "./report.ts";
import type { StraceCall } from "../strace/types.ts";
import type { Subject } from "./survey.ts";
import { fieldOf, numberOf } from "../strace/access.ts";
import { isEpollWait, isRead, isWrite } from "./call_facts.ts";
import { isPoll, isSelect, pollTimeout } from "./polled.ts";
import { errnoName } from "../../machine/errno.ts";

const { EPOLLOUT } = EPOLL_EVENTS as Record<string, number>;
/** A wait that took at least so long was asleep. Unit: ns. */
const ASLEEP = 100_000;

/** A recorded call on its way through the machine. */
export class Performance {
  readonly call: StraceCall;
  readonly subject: Subject;
  readonly actor: Actor;
  /** What has to have happened outside for it. */
  readonly implied: readonly Placed[];
  /** What it came to, once that is known. */
  verdict: Verdict | null = null;
  reason: string | undefined;
  difference: Difference | null = null;
  resynchronized: string | undefined;
  /** Whether it has been handed to the machine. */
  made = false;
  completion: Completion | null = null;
  request: Request | null = null;
  #firstTick = 0;
  #lastTick = 0;

  constructor(call: StraceCall, subject: Subject, actor: Actor, implied: readonly Placed[]) {
    this.call = call;
    this.subject = subject;
    this.actor = actor;
    this.implied = implied;
  }

  /** Whether it waits to be handed to the machine. */
  get isWaiting(): boolean {
    return !this.made && this.verdict === null;
  }

  /** Whether the recorded task slept in it, for one thing at most: then it sleeps here as well. */
  get sleeps(): boolean {
    const { call, subject } = this;
    if ((call.duration ?? 0) < ASLEEP || subject.reported.length > 1 || this.implied.length > 1) return false;
    if (isEpollWait(call)) return this.#waits(timeoutOf(call));
    if (isPoll(call) || isSelect(call)) return this.#waits(pollTimeout(call));
    const moves = isRead(call) || isWrite(call) || call.name.startsWith("accept") || call.name === "connect";
    const mayWait = moves && subject.files[0]?.kind !== "regular";
    return mayWait && !subject.nonblocking;
  }

  /**
   * Whether a wait can have slept; not one that only looks, nor one that strace held up for longer than its timeout,
   * nor one that reports also what is true most of the time: that it can be written.
   */
  #waits(timeout: number): boolean {
    if (this.implied.length > 0 && this.subject.reported.some(({ mask }) => (mask & EPOLLOUT!) !== 0)) return false;
    return timeout !== 0 && (resultOf(this.call)?.value === 0 || timeout > (this.call.duration ?? 0));
  }

  /** Hands the call to the machine. */
  make(stage: Stage, request: Request): void {
    this.made = true;
    this.request = request;
    this.#firstTick = stage.kernel.ticks;
    stage.submit(this.actor, request.name, request.args, (completion) => {
      this.completion = completion;
      this.#lastTick = stage.kernel.ticks;
    });
  }

  /** Compares what the machine returned with what was recorded. */
  compare(): void {
    const { call, completion, request } = this;
    const expected = resultOf(call);
    if (!completion || !request || !expected) return;
    if (completion.value === -NOT_IMPLEMENTED && expected.errno !== "ENOSYS") {
      this.refuse("not simulated", "the machine does not have this call");
      return;
    }
    const got = formatValue(completion.value);
    const wanted = expected.errno ?? String(expected.value);
    if (got !== wanted) this.difference = { what: "the result", expected: wanted, got: this.#describe(got) };
    else if (completion.value >= 0) this.difference = request.check?.(completion.out, completion.value) ?? null;
    this.verdict = this.difference === null ? "matched" : "mismatched";
  }

  /** Adds to a count of events which events they were. */
  #describe(got: string): string {
    const count = this.completion!.value;
    const [out] = this.completion!.out;
    return this.request!.describe && count > 0 && out ? `${got}: ${this.request!.describe(out, count)}` : got;
  }

  /** Settles that the machine does not make the call. */
  refuse(verdict: Verdict, reason: string | undefined): void {
    this.verdict = verdict;
    this.reason = reason;
  }

  /** Settles that the call never came to an end. */
  sleptOn(): void {
    this.verdict = "mismatched";
    const expected = resultOf(this.call);
    this.difference = {
      what: "the result",
      expected: expected ? (expected.errno ?? String(expected.value)) : "none",
      got: "none: the task sleeps on",
    };
  }

  /** What became of it. */
  get outcome(): ReplayedCall {
    const { call, verdict, reason, difference, resynchronized } = this;
    return {
      call,
      verdict: verdict ?? "unfinished",
      ...(reason === undefined ? {} : { reason }),
      ...(difference === null ? {} : { difference }),
      ...(resynchronized === undefined ? {} : { resynchronized }),
      ...(this.made ? { ticks: [this.#firstTick, this.#lastTick] as const } : {}),
    };
  }
}

/** The timeout of a wait. Unit: ns; Infinity: none. */
function timeoutOf(call: StraceCall): number {
  const value = call.args[3];
  const ms = numberOf(value);
  if (value?.kind === "null" || (ms !== undefined && ms < 0)) return Number.POSITIVE_INFINITY;
  if (ms !== undefined) return ms * 1e6;
  return (numberOf(fieldOf(value, "tv_sec")) ?? 0) * 1e9 + (numberOf(fieldOf(value, "tv_nsec")) ?? 0);
}

const NOT_IMPLEMENTED = 38;

/** What a system call returned, as strace shows it: a number, or an error's name. */
function formatValue(value: number): string {
  return value < 0 ? (errnoName(value) ?? String(value)) : String(value);
}
