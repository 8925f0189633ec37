import {
  type CompiledStruct,
  type Decoded,
  type EmbedName,
  type EmbedOf,
  type FieldName,
  KERNEL_BASE,
  LITTLE_ENDIAN,
  type Ptr,
  type StructName,
  compiledStruct,
  embedOffset,
  hex,
} from "./struct_layout.ts";

export * from "./struct_layout.ts";

/** Where the bytes are: a WebAssembly.Memory, or a copy of one. */
export interface MemorySource {
  readonly buffer: ArrayBuffer;
}

/**
 * Typed access to the kernel's memory: the living one, or a copy of it.
 *
 * The memory may grow at any system call; every method works on the memory as it is when called. What a method
 * returns is a copy, but for {@link KernelMemory.struct}, whose result says so when it is no longer good.
 */
export class KernelMemory {
  readonly #source: MemorySource;
  #bytes: Uint8Array<ArrayBuffer>;
  #view: DataView<ArrayBuffer>;
  #generation = 0;

  constructor(source: MemorySource) {
    this.#source = source;
    this.#bytes = new Uint8Array(source.buffer);
    this.#view = new DataView(source.buffer);
  }

  /** All bytes, from address 0. Good until the memory grows: do not keep it across a system call. */
  get bytes(): Uint8Array<ArrayBuffer> {
    // Growth detaches the old buffer, which makes its arrays empty.
    if (this.#bytes.length === 0) this.#renew();
    return this.#bytes;
  }

  /** All bytes, from address 0, as numbers. Good until the memory grows: do not keep it across a system call. */
  get view(): DataView<ArrayBuffer> {
    if (this.#bytes.length === 0) this.#renew();
    return this.#view;
  }

  /** Size of the memory. Unit: bytes. */
  get length(): number {
    return this.bytes.length;
  }

  /** Changes whenever what was at an address may have been replaced: the memory has grown or was overwritten. */
  get generation(): number {
    if (this.#bytes.length === 0) this.#renew();
    return this.#generation;
  }

  /** End of the machine: everything behind it was never used and is zero. Unit: bytes. */
  get end(): number {
    return this.get("Kernel", KERNEL_BASE, "high_water") as number;
  }

  /** Says that the memory was overwritten with another state: structs that somebody holds are no longer good. */
  invalidate(): void {
    this.#generation++;
  }

  #renew(): void {
    this.#bytes = new Uint8Array(this.#source.buffer);
    this.#view = new DataView(this.#source.buffer);
    this.#generation++;
  }

  /** Copies the struct at `address` out of the memory. @throws RangeError for null and outside of the memory. */
  read<S extends StructName>(struct: S, address: Ptr<NoInfer<S>>): Decoded<S> {
    const { fields } = this.#check(struct, address);
    const view = this.#view;
    const out: Record<string, unknown> = {};
    for (const field of fields) out[field.name] = field.read(view, address + field.offset);
    return out as Decoded<S>;
  }

  /** Reads one field of the struct at `address`. @throws RangeError for null and outside of the memory. */
  get<S extends StructName, F extends FieldName<S>>(struct: S, address: Ptr<NoInfer<S>>, field: F): Decoded<S>[F] {
    const found = this.#check(struct, address).byName.get(field);
    if (found === undefined) throw new TypeError(`struct ${struct} has no field ${String(field)}`);
    return found.read(this.#view, address + found.offset) as Decoded<S>[F];
  }

  /**
   * A living view of the struct at `address`: its properties are read when they are asked for. Once the memory has
   * grown or was set back to another time, they throw.
   */
  struct<S extends StructName>(struct: S, address: Ptr<NoInfer<S>>): Decoded<S> {
    const { fields } = this.#check(struct, address);
    const generation = this.generation;
    const out = {};
    for (const field of fields) {
      const get = () => {
        if (this.generation !== generation) {
          throw new Error(
            `this view of the ${struct} at ${hex(address)} is from before the memory grew or was set back: take it anew`,
          );
        }
        return field.read(this.#view, address + field.offset);
      };
      Object.defineProperty(out, field.name, { enumerable: true, get });
    }
    return Object.freeze(out) as Decoded<S>;
  }

  /** A whole number of up to 53 bits at `address`, without the detour over bigint. */
  number64(address: number): number {
    const view = this.view;
    return view.getUint32(address, LITTLE_ENDIAN) + view.getUint32(address + 4, LITTLE_ENDIAN) * 0x1_0000_0000;
  }

  /** A copy of `length` bytes. @throws RangeError outside of the memory. */
  slice(address: number, length: number): Uint8Array<ArrayBuffer> {
    if (address < 0 || length < 0 || address + length > this.length) {
      throw new RangeError(`${length} bytes at ${hex(address)} are not in a memory of ${this.length} bytes`);
    }
    return this.bytes.slice(address, address + length);
  }

  /** Text of at most `length` bytes, up to the first NUL. */
  text(address: number, length: number): string {
    const bytes = this.slice(address, length);
    const end = bytes.indexOf(0);
    return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
  }

  /** A copy of the machine as it is now, with the same methods; it changes no more. */
  snapshot(): KernelMemory {
    return new KernelMemory({ buffer: this.bytes.slice(0, this.end).buffer });
  }

  /**
   * The members of a list, from its head, as addresses of the structs that hold the links.
   *
   * @throws RangeError where a link leads out of the memory, or nowhere, or round and round.
   */
  *list<S extends StructName>(head: Ptr<"ListHead">, struct: S, embed: EmbedName<S>): Generator<Ptr<S>> {
    const offset = embedOffset(struct, embed);
    let left = this.length / 8;
    for (let link = this.#next(head); link !== head; link = this.#next(link)) {
      if (left-- <= 0) throw new RangeError(`the list at ${hex(head)} never comes back to its head`);
      yield (link - offset) as Ptr<S>;
    }
  }

  /** The members of a hash bucket, as addresses of the structs that hold the links. @throws RangeError as list(). */
  *hlist<S extends StructName>(head: Ptr<"HlistHead">, struct: S, embed: EmbedName<S>): Generator<Ptr<S>> {
    const offset = embedOffset(struct, embed);
    let left = this.length / 8;
    for (let link: number = this.#next(head); link !== 0; link = this.#next(link)) {
      if (left-- <= 0) throw new RangeError(`the list at ${hex(head)} never ends`);
      yield (link - offset) as Ptr<S>;
    }
  }

  /** First word of a list head or node: its successor. */
  #next(link: number): Ptr<"ListHead"> {
    if (link === 0) throw new RangeError("a list leads to null");
    if (link + 4 > this.length) throw new RangeError(`a list leads out of the memory, to ${hex(link)}`);
    return this.#view.getUint32(link, LITTLE_ENDIAN) as Ptr<"ListHead">;
  }

  /**
   * The members of a red-black tree in order, as addresses of the structs that hold the nodes.
   *
   * @throws RangeError where a link leads out of the memory, or round and round.
   */
  *tree<S extends StructName>(root: Ptr<"RbRoot">, struct: S, embed: EmbedName<S>): Generator<Ptr<S>> {
    const offset = embedOffset(struct, embed);
    const path: Ptr<"RbNode">[] = [];
    let left = this.length / 8;
    let node = this.get("RbRoot", root, "node") as Ptr<"RbNode">;
    while (node !== 0 || path.length > 0) {
      while (node !== 0) {
        if (left-- <= 0) throw new RangeError(`the tree at ${hex(root)} runs round in a circle`);
        path.push(node);
        node = this.get("RbNode", node, "left") as Ptr<"RbNode">;
      }
      node = path.pop()!;
      yield (node - offset) as Ptr<S>;
      node = this.get("RbNode", node, "right") as Ptr<"RbNode">;
    }
  }

  /** Address of the struct inside the one at `outer`. */
  embedded<S extends StructName, E extends EmbedName<S>>(outer: Ptr<S>, struct: S, embed: E): Ptr<EmbedOf<S, E>> {
    return (outer + embedOffset(struct, embed)) as Ptr<EmbedOf<S, E>>;
  }

  /** Address of the struct around the one at `inner`: the kernel's container_of(). */
  containerOf<S extends StructName, E extends EmbedName<S>>(inner: Ptr<EmbedOf<S, E>>, struct: S, embed: E): Ptr<S> {
    return (inner - embedOffset(struct, embed)) as Ptr<S>;
  }

  #check(struct: StructName, address: number): CompiledStruct {
    const found = compiledStruct(struct);
    const { size } = found;
    if (address === 0) throw new RangeError(`null is no ${struct}`);
    if (!Number.isInteger(address) || address < 0 || address + size > this.length) {
      throw new RangeError(`no ${struct} can be at ${hex(address)}: the memory has ${hex(this.length)} bytes`);
    }
    return found;
  }
}
