/** How much had arrived at a time: it was so then, and nothing is said of the times between two of them. */
export interface RoadProgress {
  /** Since the first system call. Unit: ns. */
  readonly time: number;
  /** Unit: bytes. */
  readonly bytes: number;
}

/** How many points a walk is told by at most, besides its begin. */
const POINTS = 240;

/** Notes how much has arrived when, as the machine is looked at between two of its inputs. */
export class Course {
  readonly #size: number;
  readonly #points: RoadProgress[] = [];
  /** How much must have arrived for the next point. Unit: bytes. */
  #next = 1;

  /** @param size  how much is to arrive, at least 1. Unit: bytes. */
  constructor(size: number) {
    this.#size = size;
  }

  /** Takes what has arrived by now. @returns whether that is all. */
  note(bytes: number, clock: { readonly now: number }): boolean {
    if (bytes >= this.#next) {
      this.#points.push({ time: clock.now, bytes });
      this.#next = bytes < this.#size ? Math.min(this.#size, bytes + Math.ceil(this.#size / POINTS)) : Infinity;
    }
    return bytes >= this.#size;
  }

  /** The points, from the begin on: nothing had arrived then. @param begin  Unit: ns since boot. */
  since(begin: number): RoadProgress[] {
    return [{ time: 0, bytes: 0 }, ...this.#points.map(({ time, bytes }) => ({ time: time - begin, bytes }))];
  }
}
