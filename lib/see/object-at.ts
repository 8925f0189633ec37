import { type FieldLayout, type MemoryImage, Reader, sizeOf, structs } from "./reader.ts";
import { enumName, enums, flagNames, functionName } from "./names.ts";
import { errnoName } from "../machine/errno.ts";
import { docs } from "../layout-docs.gen.ts";
import { PAGE_SIZE } from "./population.ts";
import { hex } from "../machine/memory.ts";

/** One field of an object, for people. */
export interface FieldView {
  readonly name: string;
  /** Its type in the kernel's sources: `u32`, or the struct that it points at. */
  readonly type: string;
  /** Its value as text: a number, a name, an address. */
  readonly value: string;
  /** For a pointer that is not null: where it leads. */
  readonly target?: { readonly struct: string; readonly address: number };
  /** What it means. */
  readonly doc?: string;
  /** Distance from the beginning of the struct. Unit: bytes. */
  readonly offset: number;
  /** The struct inside the struct that it is part of: `rdllink`. */
  readonly embed?: string;
  /** Its bytes, in hexadecimal, in the order of their addresses. */
  readonly raw: string;
}

/** An object with all its fields. */
export interface ObjectView {
  readonly struct: string;
  readonly address: number;
  /** Unit: bytes. */
  readonly size: number;
  readonly doc?: string;
  /** Where Linux has it. */
  readonly kernel?: string;
  readonly fields: readonly FieldView[];
}

/** Fields whose 16-bit or 64-bit numbers are text: a task's or a device's name. */
const TEXT = /^(comm_0|comm_8|name)$/;
/** A word of a doc that may be the name of an enum whose members the field holds. */
const ENUM = /\b([A-Z][A-Za-z]+)(?= bits|:|;|\.|,| and [A-Z][A-Za-z]+ bits|$)/g;
/** A doc of a function: an index into the function table. */
const FUNCTION = /index into the function table|^\([^)]*\) => /;

/** The enums that a field's doc names, and whether their members are flags. */
function enumsOf(doc: string): { names: string[]; flags: boolean } | null {
  const names = [...new Set(Array.from(doc.matchAll(ENUM), ([, name]) => name!))].filter((name) => name in enums);
  if (names.length === 0) return null;
  return { names, flags: / bits\b/.test(doc) || names.every((name) => /Flags$|Mask$/.test(name)) };
}

/** What a field means; of a struct inside the struct, what its own field means. */
function docOf(struct: string, name: string): string | undefined {
  const layout = structs[struct];
  const own = docs[struct]?.fields[name];
  if (!layout || own !== undefined) return own;
  for (const [embed, { type }] of Object.entries(layout.embeds)) {
    if (name.startsWith(`${embed}_`)) return docOf(type, name.slice(embed.length + 1));
  }
  return undefined;
}

/** Flags of several enums that share a word. */
function flagsOf(names: readonly string[], value: number): string {
  const [first, second] = names;
  if (second === undefined) return flagNames(first!, value);
  const high = Object.values(enums[second]!.values).reduce((all, bit) => all | bit, 0);
  const parts = [flagNames(first!, (value & ~high) >>> 0), flagNames(second, (value & high) >>> 0)];
  return parts.filter((part) => part !== "0").join("|") || "0";
}

/** The value of a field, as the field's doc wants it read. */
function valueOf(reader: Reader, name: string, { type }: FieldLayout, doc: string, address: number): string {
  if (type === "u64" && TEXT.test(name)) return JSON.stringify(nameAt(reader, address));
  if (type === "u64" || type === "i64") {
    const value = reader.u64(address);
    return String(type === "i64" ? BigInt.asIntN(64, value) : value);
  }
  const value = reader.scalar(address, type);
  if (type === "ptr") return value === 0 ? "null" : hex(value);
  if ((type === "u32" || type === "u16") && FUNCTION.test(doc)) return functionName(value);
  if (/\bErrno\b/.test(doc)) return value === 0 ? "0" : `${value} (${errnoName(-value) ?? "?"})`;
  const meant = enumsOf(doc);
  if (meant) return meant.flags ? flagsOf(meant.names, value) : enumName(meant.names[0]!, value);
  if (/\baddress(es)?\b/i.test(doc) && value >= PAGE_SIZE) return hex(value);
  return String(value);
}

function nameAt(reader: Reader, address: number): string {
  return new TextDecoder().decode(reader.bytes(address, 8).slice()).replace(/\0.*$/s, "");
}

/**
 * All fields of the object at an address, with names, values, what they mean, and their bytes.
 *
 * @throws RangeError for a struct that there is not, and for an address at which none can be.
 */
export function objectAt(memory: MemoryImage, struct: string, address: number): ObjectView {
  const layout = structs[struct];
  if (!layout) throw new RangeError(`no struct is called ${struct}`);
  const reader = new Reader(memory);
  if (!Number.isInteger(address) || address <= 0 || address + layout.size > reader.end) {
    throw new RangeError(`no struct ${struct} can be at ${hex(address)}`);
  }
  const inside = new Map<string, string>();
  for (const [embed, { offset, type }] of Object.entries(layout.embeds)) {
    const size = structs[type]?.size ?? 0;
    for (const [name, field] of Object.entries(layout.fields)) {
      if (field.offset >= offset && field.offset < offset + size) inside.set(name, embed);
    }
  }
  const fields = Object.entries(layout.fields).map(([name, field]): FieldView => {
    const at = address + field.offset;
    const pointer = field.to === undefined ? 0 : reader.u32(at);
    const embed = inside.get(name);
    const doc = docOf(struct, name);
    return {
      name,
      type: field.to ?? field.type,
      value: valueOf(reader, name, field, doc ?? "", at),
      ...(pointer !== 0 && field.to !== undefined && { target: { struct: field.to, address: pointer } }),
      ...(doc !== undefined && { doc }),
      offset: field.offset,
      ...(embed !== undefined && { embed }),
      raw: Array.from(reader.bytes(at, sizeOf(field.type)), (byte) => byte.toString(16).padStart(2, "0")).join(" "),
    };
  });
  return {
    struct,
    address,
    size: layout.size,
    ...(docs[struct]?.doc !== undefined && { doc: docs[struct].doc }),
    ...(docs[struct]?.kernel !== undefined && { kernel: docs[struct].kernel }),
    fields,
  };
}
