import { layout } from "../layout.gen.ts";

type Structs = typeof layout.structs;

/** Name of a struct of the kernel: `TaskStruct`, `Epitem`. */
export type StructName = keyof Structs;

/** Name of a struct that lies inside `S`: `rdllink` in an `Epitem`. */
export type EmbedName<S extends StructName> = keyof Structs[S]["embeds"] & string;

/** Name of a field of `S`. */
export type FieldName<S extends StructName> = keyof Structs[S]["fields"] & string;

/** Address of a struct in the kernel's memory, in bytes. 0 is the null pointer. */
export type Ptr<S extends string = string> = number & { readonly struct?: S };

/** How a field lies in its struct. */
export interface FieldLayout {
  readonly offset: number;
  readonly type: string;
  /** The struct that the field points at. */
  readonly to?: string;
  readonly doc?: string;
}

/** How a struct lies in memory, as the build has written it down. */
export interface StructLayout {
  /** Unit: bytes; no padding after the last field. */
  readonly size: number;
  /** Distance between two of them in an array. Unit: bytes. */
  readonly stride: number;
  readonly fields: Readonly<Record<string, FieldLayout>>;
  readonly embeds: Readonly<Record<string, { readonly offset: number; readonly type: string }>>;
}

/** The JavaScript type that a field decodes to. Integers of 64 bits become bigint. */
type ValueOf<F> = F extends { readonly to: infer T extends string }
  ? Ptr<T>
  : F extends { readonly type: "ptr" }
    ? Ptr
    : F extends { readonly type: "bool" }
      ? boolean
      : F extends { readonly type: "i64" | "u64" }
        ? bigint
        : number;

/** A struct as a plain object: one property for each field, with the names of the kernel's class. */
export type Decoded<S extends StructName> = {
  readonly [F in keyof Structs[S]["fields"]]: ValueOf<Structs[S]["fields"][F]>;
};

/** The struct that a struct inside `S` is. */
export type EmbedOf<S extends StructName, E extends EmbedName<S>> = Structs[S]["embeds"][E] extends {
  readonly type: infer T extends string;
}
  ? T
  : never;

/** Where the bytes are: a WebAssembly.Memory, or a copy of one. */
export interface MemorySource {
  readonly buffer: ArrayBuffer;
}

/** Address of the struct Kernel, where the machine begins. */
export const KERNEL_BASE = layout.constants.KERNEL_BASE as Ptr<"Kernel">;

const LITTLE_ENDIAN = true;

type Reader = (view: DataView, address: number) => number | bigint | boolean;

const READERS: Readonly<Record<string, Reader>> = {
  bool: (view, address) => view.getUint8(address) !== 0,
  i8: (view, address) => view.getInt8(address),
  u8: (view, address) => view.getUint8(address),
  i16: (view, address) => view.getInt16(address, LITTLE_ENDIAN),
  u16: (view, address) => view.getUint16(address, LITTLE_ENDIAN),
  i32: (view, address) => view.getInt32(address, LITTLE_ENDIAN),
  u32: (view, address) => view.getUint32(address, LITTLE_ENDIAN),
  ptr: (view, address) => view.getUint32(address, LITTLE_ENDIAN),
  i64: (view, address) => view.getBigInt64(address, LITTLE_ENDIAN),
  u64: (view, address) => view.getBigUint64(address, LITTLE_ENDIAN),
  f32: (view, address) => view.getFloat32(address, LITTLE_ENDIAN),
  f64: (view, address) => view.getFloat64(address, LITTLE_ENDIAN),
};

interface CompiledField {
  readonly name: string;
  readonly offset: number;
  readonly read: Reader;
}

const compiled = new Map<string, readonly CompiledField[]>();

/** The fields of a struct with the functions that read them; worked out once for each struct. */
function fieldsOf(struct: StructName): readonly CompiledField[] {
  let fields = compiled.get(struct);
  if (fields === undefined) {
    fields = Object.entries(structLayout(struct).fields).map(([name, field]) => ({
      name,
      offset: field.offset,
      read: READERS[field.type]!,
    }));
    compiled.set(struct, fields);
  }
  return fields;
}

/** The layout of a struct. @throws TypeError for a name that no struct has. */
export function structLayout(struct: StructName): StructLayout {
  const found = (layout.structs as Readonly<Record<string, StructLayout>>)[struct];
  if (found === undefined) throw new TypeError(`no struct is called ${String(struct)}`);
  return found;
}

/** Where a field lies in its struct. Unit: bytes. */
export function fieldOffset<S extends StructName>(struct: S, field: FieldName<S>): number {
  const found = structLayout(struct).fields[field];
  if (found === undefined) throw new TypeError(`struct ${struct} has no field ${String(field)}`);
  return found.offset;
}

/** Where a struct inside a struct lies. Unit: bytes. */
export function embedOffset<S extends StructName>(struct: S, embed: EmbedName<S>): number {
  const found = structLayout(struct).embeds[embed];
  if (found === undefined) throw new TypeError(`struct ${struct} has no struct ${String(embed)} inside`);
  return found.offset;
}

/** An address as it is shown: `0x100040`. */
export function hex(address: number): string {
  return `0x${address.toString(16)}`;
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
    this.#check(struct, address);
    const view = this.#view;
    const out: Record<string, unknown> = {};
    for (const field of fieldsOf(struct)) out[field.name] = field.read(view, address + field.offset);
    return out as Decoded<S>;
  }

  /** Reads one field of the struct at `address`. @throws RangeError for null and outside of the memory. */
  get<S extends StructName, F extends FieldName<S>>(struct: S, address: Ptr<NoInfer<S>>, field: F): Decoded<S>[F] {
    this.#check(struct, address);
    const { offset, type } = structLayout(struct).fields[field]!;
    return READERS[type]!(this.#view, address + offset) as Decoded<S>[F];
  }

  /**
   * A living view of the struct at `address`: its properties are read when they are asked for. Once the memory has
   * grown or was set back to another time, they throw.
   */
  struct<S extends StructName>(struct: S, address: Ptr<NoInfer<S>>): Decoded<S> {
    this.#check(struct, address);
    const generation = this.generation;
    const out = {};
    for (const field of fieldsOf(struct)) {
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

  #check(struct: StructName, address: number): void {
    const { size } = structLayout(struct);
    if (address === 0) throw new RangeError(`null is no ${struct}`);
    if (!Number.isInteger(address) || address < 0 || address + size > this.length) {
      throw new RangeError(`no ${struct} can be at ${hex(address)}: the memory has ${hex(this.length)} bytes`);
    }
  }
}
