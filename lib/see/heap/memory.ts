import { type FieldName, type Reader, type StructName, structs } from "../reader.ts";
import type { UserMemory } from "../call-arguments.ts";
import { userMemory } from "../user-memory.ts";

const PAGE_SIZE = 4096;

/** The memory of a process, for structs that lie in it: addresses are the process's, 0 stands for what is not there. */
export class ProcessMemory {
  readonly #memory: UserMemory;
  readonly #pages = new Map<number, DataView | null>();

  /** @param task  address of a TaskStruct. */
  constructor(reader: Reader, task: number) {
    this.#memory = userMemory(reader, task);
  }

  #page(address: number): DataView | null {
    const page = Math.floor(address / PAGE_SIZE);
    let view = this.#pages.get(page);
    if (view === undefined) {
      const bytes = this.#memory.load(BigInt(page * PAGE_SIZE), PAGE_SIZE);
      view = bytes && new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      this.#pages.set(page, view);
    }
    return view;
  }

  /** The number of 8 bytes at a multiple of 8. */
  u64(address: number): number {
    const view = this.#page(address);
    return view === null || address % 8 !== 0 ? 0 : Number(view.getBigUint64(address % PAGE_SIZE, true));
  }

  /** The number of 4 bytes at a multiple of 4. */
  u32(address: number): number {
    const view = this.#page(address);
    return view === null || address % 4 !== 0 ? 0 : view.getUint32(address % PAGE_SIZE, true);
  }

  /** The number of 2 bytes at a multiple of 2. */
  u16(address: number): number {
    const view = this.#page(address);
    return view === null || address % 2 !== 0 ? 0 : view.getUint16(address % PAGE_SIZE, true);
  }

  /** A field of a struct. */
  get<S extends StructName>(struct: S, address: number, field: FieldName<S>): number {
    const { offset, type } = structs[struct]!.fields[field]!;
    if (type === "u64" || type === "i64") return this.u64(address + offset);
    return type === "u16" ? this.u16(address + offset) : this.u32(address + offset);
  }
}
