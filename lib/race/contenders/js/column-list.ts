/** Size of a node: next, previous, value. Unit: words. */
const STRIDE = 3;

/** A doubly linked list of whole numbers of 32 bits in one Int32Array: a node is where it lies, the head lies first. */
export class ColumnList {
  #words = new Int32Array(16 * STRIDE);
  /** Where the next node will lie that nobody has had yet. */
  #end = STRIDE;
  /** The first of the nodes that were given back, which are linked by `next`; 0: none. */
  #free = 0;

  get bytes(): number {
    return this.#words.byteLength;
  }

  push(value: number): number {
    const node = this.#take();
    const words = this.#words;
    words[node + 2] = value;
    this.#link(node, words[1]!, 0);
    return node;
  }

  shift(): number | undefined {
    const words = this.#words;
    const first = words[0]!;
    if (first === 0) return undefined;
    this.#unlink(first);
    words[first] = this.#free;
    this.#free = first;
    return words[first + 2];
  }

  last(): number | undefined {
    const last = this.#words[1]!;
    return last === 0 ? undefined : this.#words[last + 2];
  }

  moveToFront(node: number): void {
    this.#unlink(node);
    this.#link(node, 0, this.#words[0]!);
  }

  #take(): number {
    const node = this.#free;
    if (node !== 0) {
      this.#free = this.#words[node]!;
      return node;
    }
    if (this.#end === this.#words.length) {
      const words = new Int32Array(2 * this.#words.length);
      words.set(this.#words);
      this.#words = words;
    }
    this.#end += STRIDE;
    return this.#end - STRIDE;
  }

  #link(node: number, previous: number, next: number): void {
    const words = this.#words;
    words[node] = next;
    words[node + 1] = previous;
    words[previous] = node;
    words[next + 1] = node;
  }

  #unlink(node: number): void {
    const words = this.#words;
    const [next, previous] = [words[node]!, words[node + 1]!];
    words[previous] = next;
    words[next + 1] = previous;
  }
}
