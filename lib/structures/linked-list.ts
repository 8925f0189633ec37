import { checkBatch } from "./batch.ts";
import { loadStructure } from "./load.ts";
import { isInt32, shown } from "./shown.ts";

/** What a list holds: anything, or numbers as in a Float64Array or an Int32Array, which then lie in its nodes. */
export type ValueKind = "any" | "float64" | "int32";

/** How a list is made. */
export interface LinkedListOptions {
  /** Default: "any". */
  readonly values?: ValueKind;
}

declare const list: unique symbol;

/**
 * A node of a LinkedList, by which the list finds it at once; keep it in a Map beside a key, for instance. It is a number.
 * Once its node was taken out it is refused, until 8,388,606 more nodes have been put in anywhere.
 */
export type ListNode = number & { readonly [list]: "node" };

/** A list inside the module, or a node: its address. */
type Handle = number;

/** What the module exports (assembly/structures/linked_list.ts). */
export interface LinkedListExports extends WebAssembly.Exports {
  readonly memory: WebAssembly.Memory;
  readonly scratch: (bytes: number) => number;
  readonly create: (kind: number) => Handle;
  readonly destroy: (list: Handle) => void;
  readonly clear: (list: Handle) => void;
  readonly size: (list: Handle) => number;
  readonly bytes: (list: Handle) => number;
  readonly find: (list: Handle, node: number) => Handle;
  readonly push: (list: Handle) => number;
  readonly unshift: (list: Handle) => number;
  readonly insert_before: (list: Handle, node: Handle) => number;
  readonly insert_after: (list: Handle, node: Handle) => number;
  readonly pop: (list: Handle) => Handle;
  readonly shift: (list: Handle) => Handle;
  readonly remove: (list: Handle, node: number) => Handle;
  readonly move_to_front: (list: Handle, node: number) => number;
  readonly move_to_back: (list: Handle, node: number) => number;
  readonly move_many_to_front: (list: Handle, nodes: number, count: number) => number;
  readonly first: (list: Handle) => number;
  readonly last: (list: Handle) => number;
  readonly first_at: (list: Handle) => Handle;
  readonly last_at: (list: Handle) => Handle;
  readonly next: (list: Handle, node: Handle) => number;
  readonly previous: (list: Handle, node: Handle) => number;
  readonly push_many: (list: Handle, values: number, count: number) => number;
  readonly shift_many: (list: Handle, values: number, most: number) => number;
  readonly room_take: (bytes: number) => number;
  readonly room_give: (room: number, bytes: number) => void;
  readonly loop_queue: (list: Handle, values: number, count: number, piece: number) => number;
  readonly loop_lru: (list: Handle, nodes: number, probes: number, count: number) => number;
  readonly scan: (list: Handle, from: Handle, isBackward: number, values: number, most: number) => number;
}

/** The module of a list. */
export const linkedList = await loadStructure<LinkedListExports>(
  new URL("../../build/structures/linked_list.wasm", import.meta.url),
);

/** As the module counts them. */
const KINDS: readonly ValueKind[] = ["any", "int32", "float64"];
/** Where in a node its value lies. Unit: four bytes. */
const VALUE = 4;
/** The part of a node's number that is its address. Unit: four bytes. */
const PLACE = 2 ** 30 - 1;
/** How many values are read at once by a loop over them. */
const AT_ONCE = 128;

/** The module's memory. It has another buffer when it has grown. */
let words = new Int32Array(linkedList.memory.buffer);
let floats = new Float64Array(linkedList.memory.buffer);

function renewed(): Int32Array {
  words = new Int32Array(linkedList.memory.buffer);
  floats = new Float64Array(linkedList.memory.buffer);
  return words;
}

/** The memory in words of four bytes; `floats` is up to date after that too. */
const memory = (): Int32Array => (words.length === 0 ? renewed() : words);

/** Lists that nobody holds any more give their memory back. */
const forgotten = new FinalizationRegistry<Handle>((handle) => linkedList.destroy(handle));

/**
 * A doubly linked list in WebAssembly memory: the kernel's own. What it can that an array cannot: take out, move and
 * insert anywhere at once, by the node that push() and its relatives return, which is how an LRU cache is made.
 *
 * Its memory is given back by `using` or `[Symbol.dispose]()`, or when nobody holds it any more.
 */
export class LinkedList<V = unknown> implements Iterable<V> {
  readonly #kind: ValueKind;
  /** 0: it has been disposed of. */
  #list: Handle;
  /** By slot, if values are anything. */
  #values: (V | undefined)[] = [];

  /** @throws TypeError for another kind of values; RangeError if there is no memory left. */
  constructor({ values = "any" }: LinkedListOptions = {}) {
    const kind = KINDS.indexOf(values);
    if (kind < 0) throw new TypeError(`values are "any", "float64" or "int32", not ${JSON.stringify(values)}`);
    this.#kind = values;
    this.#list = linkedList.create(kind);
    if (this.#list === 0) throw new RangeError("there is no memory left for another list");
    forgotten.register(this, this.#list, this);
  }

  /** How many values there are. */
  get size(): number {
    return linkedList.size(this.#here);
  }

  /** Memory that the nodes take inside of WebAssembly. Unit: bytes. */
  get bytes(): number {
    return linkedList.bytes(this.#here);
  }

  /** Puts a value at the end. @throws TypeError if the list cannot hold it; RangeError if there is no memory left. */
  push(value: V): ListNode {
    this.#check(value);
    return this.#put(linkedList.push(this.#here), value);
  }

  /** Puts a value at the beginning. @throws as push() does. */
  unshift(value: V): ListNode {
    this.#check(value);
    return this.#put(linkedList.unshift(this.#here), value);
  }

  /** Puts a value before a node. @throws as push() does; TypeError if the node is not in this list. */
  insertBefore(node: ListNode, value: V): ListNode {
    this.#check(value);
    return this.#put(linkedList.insert_before(this.#here, this.#find(node)), value);
  }

  /** Puts a value behind a node. @throws as push() does; TypeError if the node is not in this list. */
  insertAfter(node: ListNode, value: V): ListNode {
    this.#check(value);
    return this.#put(linkedList.insert_after(this.#here, this.#find(node)), value);
  }

  /** Takes the last value out; undefined: the list is empty. */
  pop(): V | undefined {
    const at = linkedList.pop(this.#here);
    return at === 0 ? undefined : this.#taken(at);
  }

  /** Takes the first value out; undefined: the list is empty. */
  shift(): V | undefined {
    const at = linkedList.shift(this.#here);
    return at === 0 ? undefined : this.#taken(at);
  }

  /** Takes a node out. Returns its value. @throws TypeError if the node is not in this list. */
  remove(node: ListNode): V {
    const at = linkedList.remove(this.#here, node);
    if (at === 0) throw notHere(node);
    return this.#taken(at);
  }

  /** Makes a node the first. @throws TypeError if the node is not in this list. */
  moveToFront(node: ListNode): void {
    if (linkedList.move_to_front(this.#here, node) === 0) throw notHere(node);
  }

  /** Makes a node the last. @throws TypeError if the node is not in this list. */
  moveToBack(node: ListNode): void {
    if (linkedList.move_to_back(this.#here, node) === 0) throw notHere(node);
  }

  /** Whether a node is in this list. */
  has(node: ListNode): boolean {
    return linkedList.find(this.#here, node) !== 0;
  }

  /** The value of a node. @throws TypeError if the node is not in this list. */
  get(node: ListNode): V {
    return this.#valueAt(this.#find(node));
  }

  /** Gives a node another value. @throws TypeError if the node is not in this list, or cannot hold it. */
  set(node: ListNode, value: V): void {
    this.#check(value);
    this.#write(this.#find(node) >>> 2, value);
  }

  /** The first value; undefined: the list is empty. */
  first(): V | undefined {
    const at = linkedList.first_at(this.#here);
    return at === 0 ? undefined : this.#valueAt(at);
  }

  /** The last value; undefined: the list is empty. */
  last(): V | undefined {
    const at = linkedList.last_at(this.#here);
    return at === 0 ? undefined : this.#valueAt(at);
  }

  /** The first node; undefined: the list is empty. */
  get head(): ListNode | undefined {
    return nodeOf(linkedList.first(this.#here));
  }

  /** The last node; undefined: the list is empty. */
  get tail(): ListNode | undefined {
    return nodeOf(linkedList.last(this.#here));
  }

  /** The node behind another one; undefined: that is the last. @throws TypeError if the node is not in this list. */
  next(node: ListNode): ListNode | undefined {
    return nodeOf(linkedList.next(this.#here, this.#find(node)));
  }

  /** The node before another one; undefined: that is the first. @throws TypeError if the node is not in this list. */
  previous(node: ListNode): ListNode | undefined {
    return nodeOf(linkedList.previous(this.#here, this.#find(node)));
  }

  /** Takes everything out. */
  clear(): void {
    linkedList.clear(this.#here);
    this.#values = [];
  }

  /** Nodes from the first to the last. The one that was got last may be taken out, or moved, meanwhile. */
  *nodes(): Generator<ListNode, undefined, undefined> {
    for (let node = this.head; node !== undefined;) {
      const next = this.next(node);
      yield node;
      node = next;
    }
  }

  /**
   * Values from the first to the last. Many are read at once: what is changed meanwhile is seen if it lies further ahead.
   *
   * @throws TypeError if the node was taken out where reading has to go on.
   */
  values(): Generator<V, undefined, undefined> {
    return this.#read(false);
  }

  /** Values from the last to the first, otherwise as values(). */
  reversed(): Generator<V, undefined, undefined> {
    return this.#read(true);
  }

  [Symbol.iterator](): Generator<V, undefined, undefined> {
    return this.values();
  }

  /** Puts many values at the end. @throws as push() does, and then none of them is there. */
  pushMany(values: ArrayLike<V>): this {
    checkBatch(values, "values");
    const { length } = values;
    const at = scratch(length * this.#width);
    if (this.#kind !== "any") this.#fill(at, values);
    if (linkedList.push_many(this.#here, at, length) !== 0) throw noMemory();
    if (this.#kind === "any") {
      const slots = new Int32Array(linkedList.memory.buffer, at, length);
      for (let i = 0; i < length; i++) this.#values[slots[i]!] = values[i]!;
    }
    return this;
  }

  /** Takes the first values out, at most `count`. */
  shiftMany(count: number): V[] {
    const into = Array.from<V>({ length: Math.min(atLeastNothing(count), this.size) });
    this.shiftInto(into);
    return into;
  }

  /** Takes as many of the first values out as there is room for. Returns how many there were. */
  shiftInto(into: { readonly length: number; [index: number]: V }): number {
    const most = Math.min(into.length, this.size);
    const at = scratch(most * this.#width);
    const count = linkedList.shift_many(this.#here, at, most);
    const found = this.#found(at, count);
    if (this.#kind === "any") {
      for (let i = 0; i < count; i++) into[i] = this.#freed(found[i]!);
    } else if (ArrayBuffer.isView(into)) {
      (into as unknown as Float64Array).set(found);
    } else {
      for (let i = 0; i < count; i++) into[i] = found[i] as V;
    }
    return count;
  }

  /**
   * Makes nodes the first, one after another: the last of them ends up first.
   *
   * @throws TypeError if one is not in this list; then nothing has been moved.
   */
  moveManyToFront(nodes: ArrayLike<number>): void {
    const at = scratch(nodes.length * 8);
    memory();
    floats.set(nodes, at / 8);
    const moved = linkedList.move_many_to_front(this.#here, at, nodes.length);
    if (moved < nodes.length) throw notHere(nodes[moved]!);
  }

  /** Gives the memory back; the list cannot be used any more. */
  [Symbol.dispose](): void {
    if (this.#list === 0) return;
    forgotten.unregister(this);
    linkedList.destroy(this.#list);
    this.#list = 0;
    this.#values = [];
  }

  /** The list, if it can be used. */
  get #here(): Handle {
    if (this.#list === 0) throw new TypeError("the list has been disposed of");
    return this.#list;
  }

  /** Size of a value in a batch. Unit: bytes. */
  get #width(): number {
    return this.#kind === "float64" ? 8 : 4;
  }

  #find(node: ListNode): Handle {
    const at = linkedList.find(this.#here, node);
    if (at === 0) throw notHere(node);
    return at;
  }

  /** Gives a new node its value. */
  #put(node: number, value: V): ListNode {
    if (node === 0) throw noMemory();
    this.#write(node & PLACE, value);
    return node as ListNode;
  }

  /** @param place  Where the node lies. Unit: four bytes. */
  #write(place: number, value: V): void {
    const all = memory();
    if (this.#kind === "any") this.#values[all[place + VALUE]!] = value;
    else if (this.#kind === "int32") all[place + VALUE] = value as number;
    else floats[(place + VALUE) >>> 1] = value as number;
  }

  #valueAt(at: Handle): V {
    const place = (at >>> 2) + VALUE;
    const all = memory();
    if (this.#kind === "any") return this.#values[all[place]!] as V;
    return (this.#kind === "int32" ? all[place] : floats[place >>> 1]) as V;
  }

  /** The value of a node that was taken out. */
  #taken(at: Handle): V {
    if (this.#kind !== "any") return this.#valueAt(at);
    return this.#freed(memory()[(at >>> 2) + VALUE]!);
  }

  /** The value of a slot that is used no longer. */
  #freed(slot: number): V {
    const value = this.#values[slot] as V;
    this.#values[slot] = undefined;
    return value;
  }

  *#read(isBackward: boolean): Generator<V, undefined, undefined> {
    let from: Handle = 0;
    for (;;) {
      const at = scratch(8 + AT_ONCE * this.#width);
      const count = linkedList.scan(this.#here, from, isBackward ? 1 : 0, at, AT_ONCE);
      const found = this.#found(at + 8, count).slice(); // where it lies, others write meanwhile
      memory();
      const next = floats[at / 8]!;
      const read = this.#kind === "any" ? Array.from(found, (slot) => this.#values[slot]) : found;
      for (let i = 0; i < count; i++) yield read[i] as V;
      if (next === 0) return undefined;
      from = this.#find(next as ListNode);
    }
  }

  /** What the module wrote: slots, or values. */
  #found(at: number, count: number): Int32Array | Float64Array {
    const { buffer } = linkedList.memory;
    return this.#kind === "float64" ? new Float64Array(buffer, at, count) : new Int32Array(buffer, at, count);
  }

  /** Writes numbers into the linkedList. @throws TypeError if the list cannot hold one. */
  #fill(at: number, values: ArrayLike<V>): void {
    const inside = this.#found(at, values.length);
    inside.set(values as ArrayLike<number>);
    if (values instanceof (this.#kind === "int32" ? Int32Array : Float64Array)) return;
    for (let i = 0; i < inside.length; i++) this.#check(values[i]!);
  }

  /** @throws TypeError if the list cannot hold a value. */
  #check(value: V): void {
    if (this.#kind === "any") return;
    if (this.#kind === "int32" ? isInt32(value) : typeof value === "number") return;
    const wanted = this.#kind === "int32" ? "a whole number from -2^31 to 2^31 - 1" : "a number";
    throw new TypeError(`a value of this list is ${wanted}, not ${shown(value)}`);
  }
}

/** Memory of the module for a batch. */
function scratch(bytes: number): number {
  const at = bytes < 2 ** 31 ? linkedList.scratch(bytes) >>> 0 : 0;
  if (at === 0) throw new RangeError(`there is no memory for a batch of ${bytes} bytes`);
  return at;
}

function nodeOf(number: number): ListNode | undefined {
  return number === 0 ? undefined : (number as ListNode);
}

function atLeastNothing(count: number): number {
  if (count >= 0) return Math.floor(count);
  throw new RangeError(`how many to take is not negative, as ${String(count)} is`);
}

function notHere(node: unknown): TypeError {
  return new TypeError(`this list has no node ${shown(node)}: it was taken out, or is another list's`);
}

function noMemory(): RangeError {
  return new RangeError("there is no memory left for more values");
}
