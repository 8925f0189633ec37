import type { Actor, Stage } from "./stage.ts";
import { type Transfer, TRANSFERS, offsetBefore } from "./transfers.ts";
import { EPOLL_OPERATIONS, FCNTL_COMMANDS, OPEN_FLAGS, SEEK_WHENCE } from "./constants.ts";
import type { StraceCall } from "../strace/types.ts";
import { callTraits } from "../strace/classify.ts";
import { descriptorOf, elementsOf, nameOf } from "../strace/access.ts";
import { hasFlag, isPair, pairArgument } from "./call_facts.ts";
import { makesDescriptors } from "./assess.ts";
import { resultOf } from "./request.ts";

const { F_GETFD, F_SETFD, F_DUPFD } = FCNTL_COMMANDS as Record<string, number>;
const { EPOLL_CTL_DEL } = EPOLL_OPERATIONS as Record<string, number>;
const FD_CLOEXEC = 1;
/** Numbers from here on are used for a moment while descriptors change places. */
const ASIDE = 700;

/**
 * Sets the machine to what the recorded kernel was like, after a call that came out differently or was not made.
 * Descriptors have the recorded numbers again; what cannot be had is a descriptor that is only taken.
 */
export class Alignment {
  readonly #stage: Stage;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  /** After a call that the machine was not given: the descriptors that it made are taken. */
  take(actor: Actor, call: StraceCall): void {
    const cloexec = hasFlag(call, "_CLOEXEC");
    for (const fd of madeNumbers(call)) this.reserve(actor, fd, cloexec);
  }

  /** Marks a number as taken. */
  reserve(actor: Actor, fd: number, cloexec = false): void {
    actor.task.reserve(fd);
    if (cloexec) this.#stage.call(actor, "fcntl", fd, F_SETFD!, FD_CLOEXEC);
  }

  /** Whether a number is open. */
  isOpen(actor: Actor, fd: number): boolean {
    return (this.#stage.call(actor, "fcntl", fd, F_GETFD!) ?? -1) >= 0;
  }

  /**
   * After a call that came out differently.
   *
   * @param value  what the machine returned.
   * @param pair   the descriptors that the call has written, if it is one that makes two.
   * @returns      what was done, in words; undefined if there was nothing to do.
   */
  restore(actor: Actor, call: StraceCall, value: number, pair: readonly number[]): string | undefined {
    if (makesDescriptors(call))
      return this.#descriptors(actor, call, pair.length > 0 && value === 0 ? pair : value >= 0 ? [value] : []);
    const expected = resultOf(call);
    const transfer = TRANSFERS[call.name];
    if (transfer && expected) return this.#positions(actor, call, transfer, expected.value, value);
    if (
      call.name === "epoll_ctl" &&
      expected?.value === -1 &&
      value === 0 &&
      nameOf(call.args[1]) === "EPOLL_CTL_ADD"
    ) {
      this.#stage.call(actor, "epoll_ctl", descriptorOf(call.args[0])!, EPOLL_CTL_DEL!, descriptorOf(call.args[2])!, 0);
      return "the file is not watched any more";
    }
    return undefined;
  }

  /** Files stand where they stood in the recording: the bytes themselves are not moved again. */
  #positions(actor: Actor, call: StraceCall, transfer: Transfer, wanted: number, got: number): string | undefined {
    const missing = Math.max(0, wanted) - Math.max(0, got);
    let moved = false;
    for (const [index, offset] of [
      [transfer.from, transfer.fromOffset],
      [transfer.to, transfer.toOffset],
    ] as const) {
      const fd = descriptorOf(call.args[callTraits(call.name).descriptors[index]!]);
      if (fd === undefined || missing === 0 || offsetBefore(call, offset) !== null) continue;
      if ((this.#stage.call(actor, "lseek", fd, missing, SEEK_WHENCE["SEEK_CUR"]!) ?? -1) >= 0) moved = true;
    }
    return moved ? "the position in the file was set" : undefined;
  }

  #descriptors(actor: Actor, call: StraceCall, got: readonly number[]): string | undefined {
    const wanted = madeNumbers(call);
    if (wanted.join() === got.join()) return undefined;
    const cloexec = hasFlag(call, "_CLOEXEC");
    const aside = got.map((fd) => this.#stage.call(actor, "fcntl", fd, F_DUPFD!, ASIDE) ?? -1);
    for (const fd of got) this.#stage.call(actor, "close", fd);
    wanted.forEach((fd, i) => {
      if (aside[i] === undefined || aside[i] < 0) this.reserve(actor, fd, cloexec);
      else this.#stage.call(actor, "dup3", aside[i], fd, cloexec ? OPEN_FLAGS["O_CLOEXEC"]! : 0);
    });
    for (const fd of aside) if (fd >= 0) this.#stage.call(actor, "close", fd);
    if (wanted.length === 0) return "what it has opened is closed";
    const verb = got.length === 0 ? "taken, without a file" : "made to stand for it";
    return `descriptor ${wanted.join(" and ")} was ${verb}`;
  }

  /** What execve() does to descriptors: those marked so are closed. @param fds all that may be open. */
  exec(actor: Actor, fds: Iterable<number>): void {
    for (const fd of fds) {
      const flags = this.#stage.call(actor, "fcntl", fd, F_GETFD!) ?? -1;
      if (flags >= 0 && (flags & FD_CLOEXEC) !== 0) this.#stage.call(actor, "close", fd);
    }
  }
}

/** The numbers of the descriptors that a call has made, in the recording. */
export function madeNumbers(call: StraceCall): number[] {
  const value = resultOf(call)?.value ?? -1;
  if (value < 0) return [];
  if (!isPair(call)) return makesDescriptors(call) ? [value] : [];
  return elementsOf(pairArgument(call)).flatMap((element) => descriptorOf(element) ?? []);
}
