/** A ring of bytes in a Uint8Array: what goes past its end is copied in two pieces. Its capacity is a power of two. */
export class ByteRing {
  readonly #bytes: Uint8Array;
  readonly #mask: number;
  /** How many bytes were written, and read. */
  #in = 0;
  #out = 0;

  constructor(capacity: number) {
    this.#bytes = new Uint8Array(capacity);
    this.#mask = capacity - 1;
  }

  /** Writes all of it, or nothing. Returns whether there was room. */
  write(message: Uint8Array): boolean {
    if (message.length > this.#bytes.length - ((this.#in - this.#out) | 0)) return false;
    const at = this.#in & this.#mask;
    const first = this.#bytes.length - at;
    if (message.length <= first) {
      this.#bytes.set(message, at);
    } else {
      this.#bytes.set(message.subarray(0, first), at);
      this.#bytes.set(message.subarray(first), 0);
    }
    this.#in = (this.#in + message.length) | 0;
    return true;
  }

  /** Fills all of `into`, or nothing. Returns whether there was enough. */
  read(into: Uint8Array): boolean {
    if (into.length > ((this.#in - this.#out) | 0)) return false;
    const at = this.#out & this.#mask;
    const first = Math.min(into.length, this.#bytes.length - at);
    into.set(this.#bytes.subarray(at, at + first));
    if (first < into.length) into.set(this.#bytes.subarray(0, into.length - first), first);
    this.#out = (this.#out + into.length) | 0;
    return true;
  }
}
