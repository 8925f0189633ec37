import { RecordedFile, type RecordedKind, type RecordedTable } from "./recorded.ts";
import type { StraceAnnotation, StraceCall } from "../strace/types.ts";
import type { Inherited } from "./survey.ts";
import { callTraits } from "../strace/classify.ts";
import { MOST_PORT } from "./address.ts";
import { inheritedKind } from "./kinds.ts";

/** Calls that take or free numbers, beside those that return a descriptor. */
const CHANGING = /^(?:close|pipe|socketpair|fcntl|exit)/;

/** That so many numbers were taken before is not believed. */
const MOST_SKIPPED = 256;

/** A number that a call skipped. */
interface Gap {
  readonly table: RecordedTable;
  readonly fd: number;
  readonly call: StraceCall;
}

/**
 * Finds out which numbers of descriptors were taken before the recording began: those that are used and were never
 * made, and those that were free, as it seems, and that the kernel did not give.
 */
export class InheritedNumbers {
  readonly found: Inherited[] = [];
  readonly #gaps: Gap[] = [];
  /** For each number of a table: the calls that made or closed it, in order. */
  readonly #history = new Map<RecordedTable, Map<number, { call: StraceCall; makes: boolean }[]>>();
  readonly #register: (file: RecordedFile) => void;

  /** @param register  told of every file that was there before. */
  constructor(register: (file: RecordedFile) => void) {
    this.#register = register;
  }

  /** A descriptor is used that nobody has made. */
  inherit(table: RecordedTable, fd: number, annotation: StraceAnnotation | undefined, call: StraceCall): RecordedFile {
    const { root } = table;
    let file = root.inherited.get(fd);
    if (!file) {
      file = this.#make(inheritedKind(annotation), annotation);
      const early = !root.used.has(fd) && !table.used.has(fd);
      if (early) root.inherited.set(fd, file);
      this.found.push({ table: early ? root : table, fd, file, before: early ? null : call });
      if (early && table !== root && !root.descriptors.has(fd)) root.set(fd, file, false);
    }
    table.set(fd, file, false);
    return file;
  }

  #make(kind: RecordedKind, annotation: StraceAnnotation | undefined): RecordedFile {
    const file = new RecordedFile(kind, null, annotation);
    if (annotation?.kind === "file") file.path = annotation.path;
    if (annotation?.kind === "inet" && annotation.local && !annotation.remote && kind === "stream") {
      file.listens = true;
      file.port = annotation.local.port <= MOST_PORT ? annotation.local.port : null;
    }
    this.#register(file);
    return file;
  }

  /**
   * A call was given a number: the kernel takes the lowest one that is free.
   *
   * @param open  the calls that other tasks are in.
   */
  given(table: RecordedTable, fd: number, call: StraceCall, open: Iterable<StraceCall>): void {
    this.#note(table, fd, call, true);
    for (const { name } of open) if (callTraits(name).returnsDescriptor || CHANGING.test(name)) return;
    if (fd - table.lowest > MOST_SKIPPED) return;
    for (let skipped = table.lowest; skipped < fd; skipped = table.lowest) {
      this.#gaps.push({ table, fd: skipped, call });
      table.suspected.add(skipped);
    }
  }

  /** A number was given back. */
  freed(table: RecordedTable, fd: number, call: StraceCall): void {
    this.#note(table, fd, call, false);
  }

  #note(table: RecordedTable, fd: number, call: StraceCall, makes: boolean): void {
    let numbers = this.#history.get(table);
    if (!numbers) this.#history.set(table, (numbers = new Map()));
    const calls = numbers.get(fd);
    if (calls) calls.push({ call, makes });
    else numbers.set(fd, [{ call, makes }]);
  }

  /** At the end of the recording: a number that was skipped was taken, unless a call was given it later all the same. */
  finish(): void {
    for (const gap of this.#gaps) this.#close(gap);
  }

  #close({ table, fd, call }: Gap): void {
    const { root } = table;
    if (root.inherited.has(fd)) return;
    const calls = this.#history.get(table)?.get(fd) ?? [];
    const next = calls.find((entry) => entry.call.entrySequence >= call.entrySequence);
    if (next?.makes) return;
    const early = !root.used.has(fd) && !table.used.has(fd);
    if (!early && this.found.some((other) => other.table === table && other.fd === fd)) return;
    const file = this.#make("unknown", undefined);
    if (early) root.inherited.set(fd, file);
    this.found.push({ table: early ? root : table, fd, file, before: early ? null : call });
  }
}
