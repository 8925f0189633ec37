/** How long to work before others may have their turn. Unit: ms. */
const SLICE = 30;

/** Cuts long work into slices. Between two of them the host does what else there is to do: draw a page, hear Ctrl-C. */
export class Slices {
  readonly #length: number;
  #end: number;

  /** @param length  how long a slice is. Unit: ms. */
  constructor(length = SLICE) {
    this.#length = length;
    this.#end = performance.now() + length;
  }

  /** Whether it is time for the others. */
  get isOver(): boolean {
    return performance.now() >= this.#end;
  }

  /** Lets the others have their turn, and begins the next slice. @throws the signal's reason if the work is to end. */
  async next(signal?: AbortSignal): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 0));
    signal?.throwIfAborted();
    this.#end = performance.now() + this.#length;
  }
}
