import type { Operation, RecordedFile } from "./recorded.ts";

/** What a recording tells of a file's bytes. */
export interface FileFacts {
  /** Unit: bytes. */
  readonly size: number;
  /** Whether the size is known, not only how much there is at least. */
  readonly exact: boolean;
  /** Why it cannot be replayed as a file of that size; null if it can. */
  readonly strange: string | null;
}

/** Works out how large a file was from what was read: a short read, or none, tells where it ends. */
export function factsOf(file: RecordedFile): FileFacts {
  const evidence = new Evidence(file.made !== null);
  for (const operation of file.operations) evidence.take(operation);
  return evidence.facts();
}

/**
 * Where the position of a file was that was open before the recording began: the first lseek() that asks for it tells,
 * less what was read and written before it. 0 if none does. Unit: bytes.
 */
export function firstOffset(file: RecordedFile): number {
  let moved = 0;
  for (const operation of file.operations) {
    if (operation.kind === "seek") {
      return operation.from === "SEEK_CUR" ? Math.max(0, operation.to - operation.offset - moved) : 0;
    }
    if (operation.kind !== "read" && operation.kind !== "write") continue;
    if (typeof operation.got === "number" && operation.at === null) moved += operation.got;
  }
  return 0;
}

class Evidence {
  /** Whether the position is known: not that of a file that was open before. */
  readonly #isKnown: boolean;
  #position = 0;
  #least = 0;
  #end: number | null = null;
  #stated: number | null = null;
  #strange: string | null = null;
  #written = false;

  constructor(isKnown: boolean) {
    this.#isKnown = isKnown;
  }

  take(operation: Operation): void {
    switch (operation.kind) {
      case "read":
        if (typeof operation.got === "number") this.#read(operation.got, operation);
        else if (operation.got === "EISDIR") this.#strange = "a directory";
        break;
      case "write":
        this.#written = true;
        if (typeof operation.got === "number" && operation.at === null) this.#position += operation.got;
        break;
      case "seek":
        this.#seek(operation);
        break;
      case "size":
        this.#stated ??= operation.size;
        break;
    }
  }

  /** Where a position comes from that can be computed, the result is not asked: it is what is to be compared. */
  #seek({ from, offset, to }: Extract<Operation, { kind: "seek" }>): void {
    if (from === "SEEK_SET") this.#position = offset;
    else if (from === "SEEK_CUR" && this.#isKnown) this.#position += offset;
    else this.#position = to;
    if (from === "SEEK_END") this.#ends(to - offset);
  }

  #read(got: number, { at: given, asked, isPart }: Extract<Operation, { kind: "read" }>): void {
    const at = given ?? this.#position;
    if (given === null) this.#position += got;
    this.#least = Math.max(this.#least, at + got);
    if (got < asked && (got === 0 || !isPart) && !(got === 0 && this.#end !== null && at > this.#end))
      this.#ends(at + got);
  }

  #ends(size: number): void {
    if (this.#end !== null && this.#end !== size && !this.#written) this.#strange = "a file that answers in pieces";
    this.#end = size;
  }

  facts(): FileFacts {
    // A file of /proc says that it has no bytes, and then has some.
    const stated = this.#stated !== null && this.#stated >= this.#least ? this.#stated : null;
    const size = this.#written ? (this.#stated ?? 0) : (this.#end ?? stated ?? this.#least);
    return { size, exact: this.#end !== null || stated !== null, strange: this.#strange };
  }
}
