import { type Actor, type Stage } from "./stage.ts";
import { descriptorOf } from "../strace/access.ts";
import type { RecordedFile } from "./recorded.ts";
import { EPOLL_EVENTS, FCNTL_COMMANDS } from "./constants.ts";
import { makesDescriptors } from "./assess.ts";
import type { StraceCall } from "../strace/types.ts";
import type { Subject } from "./survey.ts";
import { resultOf } from "./request.ts";
import { isEpollWait, isRead, isWrite } from "./call_facts.ts";
import { TRANSFERS } from "./transfers.ts";

const { EPOLLIN } = EPOLL_EVENTS as Record<string, number>;
const HANG_UP = Number.POSITIVE_INFINITY;

/** A call that has been entered, and not been made on the machine. */
export interface Waiting {
  readonly call: StraceCall;
  readonly subject: Subject;
}

/**
 * Decides in which order calls of several tasks are made that were in the kernel at the same time. The recording tells
 * only that each was made at some time between its two lines; what they returned tells more.
 */
export class Order {
  readonly #stage: Stage;
  /** How much can be read from a file whose other end is in the machine, going by the calls made so far. */
  readonly #levels = new Map<RecordedFile, number>();

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  /** Takes note of a call that was made. @param value what the machine returned. */
  made(made: Waiting, value: number): void {
    const [file] = made.subject.files;
    if (!file || value < 0) return;
    const target = fedBy(made);
    if (target) this.#levels.set(target, (this.#levels.get(target) ?? 0) + Math.max(1, value));
    const source = takenFrom(made);
    if (source) this.#levels.set(source, source.kind === "eventfd" ? 0 : (this.#levels.get(source) ?? 0) - value);
    if (made.call.name === "close" && file.other) this.#levels.set(file.other, HANG_UP);
  }

  /** Of the calls that wait, the one that must have been made before another one; undefined if none must. */
  before(next: Waiting, actor: Actor, waiting: Iterable<Waiting>): Waiting | undefined {
    const others = [...waiting].filter((other) => other !== next);
    if (others.length === 0) return undefined;
    return this.#numberFirst(next, actor, others) ?? this.#contentFirst(next, others);
  }

  /** The kernel gives the lowest free number: lower ones must have been taken, the number itself given back. */
  #numberFirst(next: Waiting, actor: Actor, others: readonly Waiting[]): Waiting | undefined {
    if (!makesDescriptors(next.call)) return undefined;
    const { table } = next.subject;
    const expected = resultOf(next.call)?.value ?? -1;
    if (expected < 0) return undefined;
    for (const other of others) {
      if (other.subject.table !== table) continue;
      const fd = other.call.name === "close" ? descriptorOf(other.call.args[0]) : undefined;
      if (fd !== undefined && fd === expected) return other;
      if (!makesDescriptors(other.call)) continue;
      const lower = resultOf(other.call)?.value ?? -1;
      if (lower >= 0 && lower < expected && !this.#isOpen(actor, lower)) return other;
    }
    return undefined;
  }

  #isOpen(actor: Actor, fd: number): boolean {
    return (this.#stage.call(actor, "fcntl", fd, FCNTL_COMMANDS["F_GETFD"]!) ?? -1) >= 0;
  }

  /** What is read or reported must have been written; whom an eventpoll reports it must have been told to watch. */
  #contentFirst(next: Waiting, others: readonly Waiting[]): Waiting | undefined {
    const { call, subject } = next;
    const result = resultOf(call);
    const source = takenFrom(next);
    if (source) {
      if (!result || result.value <= 0 || this.#has(source)) return undefined;
      return others.find((other) => feeds(other, source));
    }
    if (!isEpollWait(call)) return undefined;
    for (const { file: reported, mask } of subject.reported) {
      if (!reported) continue;
      const told = others.find((other) => other.call.name === "epoll_ctl" && other.subject.files[1] === reported);
      if (told) return told;
      if (this.#has(reported) || (mask & EPOLLIN!) === 0) continue;
      const feeding = others.find((other) => feeds(other, reported));
      if (feeding) return feeding;
    }
    return undefined;
  }

  /**
   * What a call makes readable takes its place on a ready list behind what the next wait reports before it.
   *
   * @returns  the position among the events of that wait up to which everything else has to have happened before; 0 if
   *           the call makes nothing readable that the wait reports.
   */
  precedes(next: Waiting, reported: Subject["reported"]): number {
    const target = fedBy(next);
    if (!target || this.#has(target)) return 0;
    return Math.max(
      0,
      reported.findIndex((report) => report.file === target),
    );
  }

  #has(file: RecordedFile): boolean {
    return (this.#levels.get(file) ?? 0) > 0;
  }
}

/** Whose input a call makes; null if it makes none inside the machine. */
function fedBy({ call, subject }: Waiting): RecordedFile | null {
  const transfer = TRANSFERS[call.name];
  const file = transfer || isWrite(call) ? subject.files[transfer?.to ?? 0] : undefined;
  if (!file) return null;
  if (file.kind === "eventfd") return file;
  return file.kind === "pipe" || file.kind === "unix" ? file.other : null;
}

/** What a call takes bytes from; null if it takes none. */
function takenFrom({ call, subject }: Waiting): RecordedFile | null {
  const transfer = TRANSFERS[call.name];
  if (!transfer && !isRead(call)) return null;
  return subject.files[transfer?.from ?? 0] ?? null;
}

function feeds(other: Waiting, target: RecordedFile): boolean {
  return fedBy(other) === target || (other.call.name === "close" && other.subject.files[0]?.other === target);
}
