/**
 * The keys in an Int32Array that is kept in order, the values in an array beside: a key is found by halving, and what
 * comes after it is moved when it is put in or taken out. Nothing is smaller, and nothing is simpler.
 */
export class SortedColumns<V> {
  /** Doubles when it is full. */
  #keys = new Int32Array(16);
  readonly #values: V[] = [];

  /** How many keys there are. */
  get size(): number {
    return this.#values.length;
  }

  /** Memory of the keys, and of the values with 8 bytes for each. Unit: bytes. */
  get bytes(): number {
    return this.#keys.byteLength + 8 * this.#values.length;
  }

  /** The value at a key; undefined: there is none. */
  get(key: number): V | undefined {
    const at = this.#lowerBound(key);
    return at < this.#values.length && this.#keys[at] === key ? this.#values[at] : undefined;
  }

  /** Puts a value at a key. */
  set(key: number, value: V): void {
    const at = this.#lowerBound(key);
    const { length } = this.#values;
    if (at === length) {
      if (length === this.#keys.length) this.#grow();
      this.#keys[at] = key;
      this.#values.push(value);
      return;
    }
    if (this.#keys[at] === key) {
      this.#values[at] = value;
      return;
    }
    if (length === this.#keys.length) this.#grow();
    this.#keys.copyWithin(at + 1, at, length);
    this.#keys[at] = key;
    this.#values.splice(at, 0, value);
  }

  /** Takes a key out. Returns whether it was there. */
  delete(key: number): boolean {
    const at = this.#lowerBound(key);
    const { length } = this.#values;
    if (at === length || this.#keys[at] !== key) return false;
    this.#keys.copyWithin(at, at + 1, length);
    this.#values.splice(at, 1);
    return true;
  }

  /** Calls a function with each value and key, in ascending order of the keys, as Map's does. */
  forEach(visit: (value: V, key: number) => void): void {
    const values = this.#values;
    for (let i = 0; i < values.length; i++) visit(values[i]!, this.#keys[i]!);
  }

  /** The place of the first key that is not less. */
  #lowerBound(key: number): number {
    const keys = this.#keys;
    let low = 0;
    let high = this.#values.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (keys[middle]! < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #grow(): void {
    const more = new Int32Array(2 * this.#keys.length);
    more.set(this.#keys);
    this.#keys = more;
  }
}
