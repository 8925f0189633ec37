import { compileModule } from "../machine/module.ts";
import type { LinkedListExports } from "./linked-list.ts";
import { Word } from "./fifo.ts";
import type { RingExports } from "./ring-place.ts";

/** In a node of a list, and in the list itself: the pointers; in a node the value (assembly/structures/linked_list.ts). */
const LINK = { next: 0, prev: 4, value: 16 } as const;
/** Lists of whole numbers. */
const INT32 = 1;
/** A list to play with has fewer nodes: more go round in a circle. */
const MOST_NODES = 10_000;

/** A node of a list, or its head, as its memory is. */
export interface ListLink {
  readonly address: number;
  /** Address of the node that follows; of the list itself behind the last one. */
  readonly next: number;
  /** Address of the one before. */
  readonly prev: number;
}

/** A list at one moment. */
export interface ListFrame {
  readonly head: ListLink;
  /** From the first to the last. */
  readonly nodes: readonly (ListLink & { readonly value: number })[];
}

const abort = () => {
  throw new Error("a structure has found itself broken");
};

async function moduleOf(url: URL): Promise<() => WebAssembly.Exports> {
  const module = await compileModule(url);
  return () => new WebAssembly.Instance(module, { env: { abort } }).exports;
}

/** The kernel's list, whose memory is looked at. Each value is in it once. */
export class WatchedList {
  readonly #exports: LinkedListExports;
  readonly #list: number;
  /** By value. */
  readonly #nodes = new Map<number, number>();

  private constructor(exports: LinkedListExports) {
    this.#exports = exports;
    this.#list = exports.create(INT32);
  }

  /** Loads what lists are made of. @returns makes an empty list. */
  static async load(): Promise<() => WatchedList> {
    const make = await moduleOf(new URL("../../build/structures/linked_list.wasm", import.meta.url));
    return () => new WatchedList(make() as LinkedListExports);
  }

  /** Puts a value at the end. */
  push(value: number): void {
    this.#put(value, this.#exports.push(this.#list));
  }

  /** Puts a value at the beginning. */
  unshift(value: number): void {
    this.#put(value, this.#exports.unshift(this.#list));
  }

  /** Takes a value out. */
  remove(value: number): void {
    this.#exports.remove(this.#list, this.#nodes.get(value) ?? 0);
    this.#nodes.delete(value);
  }

  /** Moves a value to the beginning. */
  moveToFront(value: number): void {
    this.#exports.move_to_front(this.#list, this.#nodes.get(value) ?? 0);
  }

  #put(value: number, node: number): void {
    this.#nodes.set(value, node);
    const address = this.#exports.find(this.#list, node);
    new DataView(this.#exports.memory.buffer).setInt32(address + LINK.value, value, true);
  }

  /** The list as it is now. */
  get frame(): ListFrame {
    const view = new DataView(this.#exports.memory.buffer);
    const link = (address: number): ListLink => ({
      address,
      next: view.getUint32(address + LINK.next, true),
      prev: view.getUint32(address + LINK.prev, true),
    });
    const head = link(this.#list);
    const nodes: (ListLink & { value: number })[] = [];
    for (let at = head.next; at !== this.#list && nodes.length < MOST_NODES; at = nodes.at(-1)!.next)
      nodes.push({ ...link(at), value: view.getInt32(at + LINK.value, true) });
    return { head, nodes };
  }
}

/** A ring of bytes at one moment. */
export interface RingFrame {
  /** How many bytes were written so far, and how many were read. */
  readonly in: number;
  readonly out: number;
  /** All its places, whatever lies there. */
  readonly bytes: readonly number[];
}

/** A ring as the kernel's kfifo, whose memory is looked at. */
export class WatchedRing {
  readonly #exports: RingExports;
  readonly #ring: number;
  readonly #capacity: number;
  /** Address of what is written, and where what is read goes. */
  readonly #room: number;

  private constructor(exports: RingExports, capacity: number) {
    this.#exports = exports;
    this.#capacity = capacity;
    this.#ring = exports.create(capacity, 1);
    this.#room = exports.room_take(capacity);
  }

  /** Loads what rings are made of. @returns makes an empty one. */
  static async load(): Promise<(capacity: number) => WatchedRing> {
    const make = await moduleOf(new URL("../../build/structures/ring_buffer.wasm", import.meta.url));
    return (capacity) => new WatchedRing(make() as RingExports, capacity);
  }

  /** Writes bytes, as many as there is room for. @param bytes  not more than the capacity. */
  write(bytes: readonly number[]): void {
    new Uint8Array(this.#exports.memory.buffer, this.#room, bytes.length).set(bytes);
    this.#exports.write(this.#ring, this.#room, bytes.length);
  }

  /** Reads bytes, as many as there are. @param count  not more than the capacity. @returns them. */
  read(count: number): number[] {
    const length = this.#exports.read(this.#ring, this.#room, count);
    return [...new Uint8Array(this.#exports.memory.buffer, this.#room, length)];
  }

  /** The ring as it is now. */
  get frame(): RingFrame {
    const { buffer } = this.#exports.memory;
    const words = new Uint32Array(buffer, this.#ring);
    const bytes = [...new Uint8Array(buffer, this.#exports.data(this.#ring), this.#capacity)];
    return { in: words[Word.in]!, out: words[Word.out]!, bytes };
  }
}
