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

/** Address of the struct Kernel, where the machine begins. */
export const KERNEL_BASE = layout.constants.KERNEL_BASE as Ptr<"Kernel">;

/** For the methods of DataView: Wasm's memory is little-endian. */
export const LITTLE_ENDIAN = true;

/** Reads a scalar. */
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

/** A field with the function that reads it. */
export interface CompiledField {
  readonly name: string;
  readonly offset: number;
  readonly read: Reader;
}

/** A struct, prepared for reading. */
export interface CompiledStruct {
  /** Unit: bytes. */
  readonly size: number;
  readonly fields: readonly CompiledField[];
  readonly byName: ReadonlyMap<string, CompiledField>;
}

const compiled = new Map<string, CompiledStruct>();

/** A struct, prepared for reading; worked out once. @throws TypeError for a name that no struct has. */
export function compiledStruct(struct: StructName): CompiledStruct {
  let found = compiled.get(struct);
  if (found === undefined) {
    const { size, fields } = structLayout(struct);
    const all = Object.entries(fields).map(([name, { offset, type }]) => ({ name, offset, read: READERS[type]! }));
    found = { size, fields: all, byName: new Map(all.map((field) => [field.name, field])) };
    compiled.set(struct, found);
  }
  return found;
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
