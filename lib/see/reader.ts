import {
  type EmbedName,
  type FieldLayout,
  type FieldName,
  KERNEL_BASE,
  type StructLayout,
  type StructName,
  embedOffset,
  fieldOffset,
} from "../machine/memory.ts";
import { layout } from "../layout.gen.ts";

export { KERNEL_BASE, embedOffset, fieldOffset };
export type { EmbedName, FieldLayout, FieldName, StructName };

/** Anything that holds a machine's memory: the living one, or a copy. */
export interface MemoryImage {
  /** The memory from address 0. */
  readonly view: DataView;
}

/** A struct with what the kernel's sources say of it. */
export interface DocumentedStruct extends StructLayout {
  /** What it is. */
  readonly doc?: string;
  /** Where Linux has it. */
  readonly kernel?: string;
}

/** The layouts of all structs, by name. */
export const structs: Readonly<Record<string, DocumentedStruct>> = layout.structs;

const SIZES: Readonly<Record<string, number>> = {
  bool: 1,
  i8: 1,
  u8: 1,
  i16: 2,
  u16: 2,
  i32: 4,
  u32: 4,
  f32: 4,
  ptr: 4,
  i64: 8,
  u64: 8,
  f64: 8,
};

/** Size of a scalar type. Unit: bytes. */
export function sizeOf(type: string): number {
  return SIZES[type] ?? 4;
}

/**
 * Reads a machine that may be broken, or stopped in the middle of a function: whatever address it is given, it neither
 * throws nor reads behind the end; what is not there reads as 0.
 */
export class Reader {
  readonly #view: DataView;
  /** First address behind the memory. */
  readonly end: number;

  constructor(memory: MemoryImage) {
    this.#view = memory.view;
    this.end = this.#view.byteLength;
  }

  /** The byte at an address. */
  u8(address: number): number {
    return address >= 0 && address < this.end ? this.#view.getUint8(address) : 0;
  }

  /** The 16-bit number at an address. */
  u16(address: number): number {
    return address >= 0 && address + 2 <= this.end ? this.#view.getUint16(address, true) : 0;
  }

  /** The 32-bit number, or pointer, at an address. */
  u32(address: number): number {
    return address >= 0 && address + 4 <= this.end ? this.#view.getUint32(address, true) : 0;
  }

  /** The 64-bit number at an address. */
  u64(address: number): bigint {
    return address >= 0 && address + 8 <= this.end ? this.#view.getBigUint64(address, true) : 0n;
  }

  /** A field as a number; a 64-bit one loses precision above 2^53. */
  get<S extends StructName>(struct: S, address: number, field: FieldName<S>): number {
    const { offset, type } = structs[struct]!.fields[field]!;
    return this.scalar(address + offset, type);
  }

  /** A 64-bit field. */
  get64<S extends StructName>(struct: S, address: number, field: FieldName<S>): bigint {
    const { offset, type } = structs[struct]!.fields[field]!;
    return type === "i64" ? BigInt.asIntN(64, this.u64(address + offset)) : this.u64(address + offset);
  }

  /** The scalar at an address as a number. */
  scalar(address: number, type: string): number {
    if (address < 0 || address + sizeOf(type) > this.end) return 0;
    const view = this.#view;
    switch (type) {
      case "bool":
      case "u8":
        return view.getUint8(address);
      case "i8":
        return view.getInt8(address);
      case "u16":
        return view.getUint16(address, true);
      case "i16":
        return view.getInt16(address, true);
      case "i32":
        return view.getInt32(address, true);
      case "u64":
        return Number(view.getBigUint64(address, true));
      case "i64":
        return Number(view.getBigInt64(address, true));
      case "f32":
        return view.getFloat32(address, true);
      case "f64":
        return view.getFloat64(address, true);
      default:
        return view.getUint32(address, true);
    }
  }

  /** Whether a struct may lie at an address: inside the machine, and aligned. */
  holds(struct: StructName, address: number): boolean {
    return address >= KERNEL_BASE && address % 4 === 0 && address + structs[struct]!.size <= this.end;
  }

  /** `length` bytes from an address on; fewer at the end of the memory. */
  bytes(address: number, length: number): Uint8Array {
    const from = Math.min(Math.max(0, address), this.end);
    const to = Math.min(this.end, from + Math.max(0, length));
    return new Uint8Array(this.#view.buffer, this.#view.byteOffset + from, to - from);
  }
}
