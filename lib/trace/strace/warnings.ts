import type { StraceWarning } from "./types.ts";

/** Collects warnings: the first of each kind is told in full, the others are counted. */
export class Warnings {
  #first = new Map<StraceWarning["kind"], StraceWarning & { more: number }>();

  add(kind: StraceWarning["kind"], line: number, message: string): void {
    const first = this.#first.get(kind);
    if (first) first.more++;
    else this.#first.set(kind, { kind, line, message, more: 0 });
  }

  /** In the order in which the kinds first came. */
  list(): StraceWarning[] {
    return [...this.#first.values()].map(({ kind, line, message, more }) => ({
      kind,
      line,
      message: more === 0 ? message : `${message} (and ${more} more)`,
    }));
  }
}
