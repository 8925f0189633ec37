import { type FieldName, Reader, type StructName, structs } from "../../lib/see/reader.ts";
import { Population, slabs } from "../../lib/see/population.ts";
import type { KernelMemory } from "../../lib/index.ts";
import { check } from "../../lib/see/invariants.ts";

/** A copy of a machine's memory to break on purpose. */
export class Canary {
  readonly view: DataView;
  readonly reader: Reader;
  readonly population: Population;

  constructor(memory: KernelMemory) {
    this.view = new DataView(memory.bytes.slice().buffer);
    this.reader = new Reader(this);
    this.population = new Population(slabs(this.reader));
  }

  /** A field as a number. */
  get<S extends StructName>(struct: S, address: number, field: FieldName<S>): number {
    return this.reader.get(struct, address, field);
  }

  /** Overwrites a field of up to 32 bits. */
  set<S extends StructName>(struct: S, address: number, field: FieldName<S>, value: number): void {
    const { offset, type } = structs[struct]!.fields[field]!;
    if (type.endsWith("8")) this.view.setUint8(address + offset, value);
    else if (type.endsWith("16")) this.view.setUint16(address + offset, value, true);
    else this.view.setUint32(address + offset, value, true);
  }

  /** Adds to a field. */
  add<S extends StructName>(struct: S, address: number, field: FieldName<S>, by: number): void {
    this.set(struct, address, field, this.get(struct, address, field) + by);
  }

  /** The first object of a struct that fits. */
  find<S extends StructName>(struct: S, fits: (address: number) => boolean = () => true): number {
    const found = this.population.of(struct).find(fits);
    if (found === undefined) throw new Error(`the machine has no such ${struct}`);
    return found;
  }

  /** The rules that it breaks. */
  get rules(): string[] {
    return [...new Set(check(this).map(({ rule }) => rule))];
  }
}
