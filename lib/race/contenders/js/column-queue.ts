/** A queue of whole numbers of 32 bits in an Int32Array that it goes round in; twice as large when it is full. */
export class ColumnQueue {
  #items = new Int32Array(16);
  #mask = 15;
  #head = 0;
  #size = 0;

  get bytes(): number {
    return this.#items.byteLength;
  }

  push(value: number): void {
    if (this.#size > this.#mask) this.#grow();
    this.#items[(this.#head + this.#size) & this.#mask] = value;
    this.#size += 1;
  }

  shift(): number | undefined {
    if (this.#size === 0) return undefined;
    const value = this.#items[this.#head]!;
    this.#head = (this.#head + 1) & this.#mask;
    this.#size -= 1;
    return value;
  }

  #grow(): void {
    const items = new Int32Array(2 * this.#items.length);
    items.set(this.#items.subarray(this.#head));
    items.set(this.#items.subarray(0, this.#head), this.#items.length - this.#head);
    this.#items = items;
    this.#mask = items.length - 1;
    this.#head = 0;
  }
}
