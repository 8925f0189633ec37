import { KERNEL_BASE } from "../../lib/machine/memory.ts";

/** A small memory without a machine in it, to lay structures out by hand. */
export class Image {
  readonly view = new DataView(new ArrayBuffer(KERNEL_BASE + 0x1_0000));
  #next = KERNEL_BASE + 0x1000;

  /** Takes memory that nothing else uses. */
  place(size: number): number {
    const address = this.#next;
    this.#next += (size + 15) & ~15;
    return address;
  }

  /** Writes 32-bit words, one after the other. */
  words(address: number, ...values: number[]): void {
    values.forEach((value, i) => this.view.setUint32(address + 4 * i, value, true));
  }

  /** A circular list with so many nodes. Returns the head and the nodes. */
  list(length: number): { head: number; nodes: number[] } {
    const all = Array.from({ length: length + 1 }, () => this.place(8));
    all.forEach((node, i) => this.words(node, all[(i + 1) % all.length]!, all.at(i - 1)!));
    return { head: all[0]!, nodes: all.slice(1) };
  }
}
