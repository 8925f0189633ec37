import type { Kernel } from "../../lib/index.ts";

/**
 * What a file must hold on the disk, byte by byte: what was acknowledged, or, of what was not, one of the values that it
 * has had since.
 */
export class Expected {
  readonly path: string;
  /** What a reader sees. */
  readonly now: Uint8Array;
  /** Number of the last step that is over. */
  step = 0;
  /** When each byte was written; infinite while somebody is about to. */
  readonly #written: Float64Array;
  /** The values that the disk may have; null: `now`. */
  readonly #may: (Set<number> | null)[];

  constructor(path: string, size: number) {
    this.path = path;
    this.now = new Uint8Array(size);
    this.#written = new Float64Array(size);
    this.#may = Array.from({ length: size }, () => null);
  }

  /** Somebody is about to write. */
  begin(at: number, length: number, value: number): void {
    for (let i = at; i < at + length; i++) {
      (this.#may[i] ??= new Set([this.now[i]!])).add(value);
      this.#written[i] = Infinity;
    }
  }

  /** So many bytes were written. */
  end(at: number, length: number, written: number, value: number): void {
    this.step++;
    for (let i = at; i < at + length; i++) this.#written[i] = this.step;
    this.now.fill(value, at, at + Math.max(0, written));
  }

  /** What was written after one step and up to another is on the disk, in a range. */
  acknowledge(after: number, until: number, at = 0, length = this.now.length): void {
    for (let i = at; i < at + length; i++) {
      if (this.#written[i]! > after && this.#written[i]! <= until) this.#may[i] = null;
    }
  }

  /** What the disk holds that it must not; null: nothing. */
  wrong(kernel: Kernel): string | null {
    const disk = kernel.world.disk.read(this.path);
    for (let i = 0; i < disk.length; i++) {
      const may = this.#may[i];
      if (may ? may.has(disk[i]!) : disk[i] === this.now[i]) continue;
      return `byte ${i} is ${disk[i]}, not ${may ? [...may].join(" or ") : this.now[i]}`;
    }
    return null;
  }
}
