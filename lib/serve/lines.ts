/** Cuts what comes in pieces into lines. */
export class Lines {
  readonly #most: number;
  #pieces: Buffer[] = [];
  #length = 0;

  /** @param most  longest line. Unit: bytes. */
  constructor(most: number) {
    this.#most = most;
  }

  /** The lines that are complete now. @throws RangeError if one is too long. */
  *take(piece: Buffer): Generator<string> {
    let rest = piece;
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      this.#keep(rest.subarray(0, end));
      rest = rest.subarray(end + 1);
      yield this.#line();
    }
    if (rest.length > 0) this.#keep(rest);
  }

  #keep(piece: Buffer): void {
    this.#length += piece.length;
    if (this.#length > this.#most) throw new RangeError(`a message has at most ${this.#most} bytes`);
    this.#pieces.push(piece);
  }

  #line(): string {
    const line = Buffer.concat(this.#pieces).toString("utf8");
    this.#pieces = [];
    this.#length = 0;
    return line;
  }
}
