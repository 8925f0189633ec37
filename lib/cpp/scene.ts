import type { PlacedObject } from "./account.ts";
import { CHAR, type CppProgram, type Holder } from "./notation.ts";
import { Frame, type Variable } from "./frame.ts";
import { type HeapReading, readHeap } from "../see/heap.ts";
import { type StructLayout, layoutsOf } from "./layout.ts";
import type { MemoryImage } from "../see/reader.ts";
import { layout } from "../layout.gen.ts";

const { CXX_AT } = layout.constants;
const KINDS = layout.enums.SpKind.values;
/** Kinds of control blocks by number. */
const KIND_NAMES = new Map<number, keyof typeof KINDS>(
  Object.entries(KINDS).map(([name, value]) => [value, name as keyof typeof KINDS]),
);
/** More than the data of any program. Unit: bytes. */
const MOST_DATA = 1 << 20;
/** What lies before the object, or before what says where it is. Unit: bytes. */
const BASE = 16;
/** Where the block of an array says where its first element is. Unit: bytes. */
const ARRAY_MEMORY = 32;
/** More elements of an array are not looked at: a length that was overwritten is any number. */
const MOST_ELEMENTS = 1024;

/** The member that std::enable_shared_from_this brings, as libstdc++ calls it: the first one of the object. */
const WEAK_THIS = "_M_weak_this";

/** A variable or a member that points somewhere. */
export interface CppPointer {
  readonly name: string;
  readonly holder: Holder;
  /** Name of the struct that it points to; `char` for an alias. */
  readonly type: string;
  /** User address of the pointer itself. */
  readonly address: number;
  /** User address that it points to; 0: nothing. */
  readonly target: number;
  /** User address of its control block; 0: it has none. */
  readonly block: number;
  /** Whether it points to memory that was given back: using it would be a use after free. */
  readonly dangling: boolean;
}

/** An object on the heap; dead, but still there, if its block outlives it. */
export interface CppObject {
  /** User address. */
  readonly address: number;
  /** Name of its struct. */
  readonly type: string;
  /** sizeof. Unit: bytes. */
  readonly size: number;
  readonly alive: boolean;
  readonly members: readonly CppPointer[];
}

/** A control block on the heap. */
export interface CppBlock {
  /** User address. */
  readonly address: number;
  readonly kind: keyof typeof KINDS;
  /** Name of the struct of its object. */
  readonly type: string;
  /** Number of owners. */
  readonly useCount: number;
  /** Number of observers, and 1 while there are owners. */
  readonly weakCount: number;
  /** User address of its object, or of the first of an array. */
  readonly object: number;
  /** Whether it has owners, and no variable leads to it any more: a cycle, or an owner that was lost itself. */
  readonly leaked: boolean;
}

/** What a C++ program has in its memory at one moment: who owns what. */
export interface Ownership {
  /** The line of the printed program that runs; 0: none yet. */
  readonly line: number;
  /** The variables that live, in the order in which they were declared. */
  readonly variables: readonly CppPointer[];
  /** By address. */
  readonly objects: readonly CppObject[];
  /** By address. */
  readonly blocks: readonly CppBlock[];
}

type Block = Omit<CppBlock, "leaked"> & { readonly count: number };

/** One look at a program's memory. */
class Look {
  readonly objects = new Map<number, CppObject>();
  readonly blocks = new Map<number, Block>();
  readonly #reading: HeapReading;
  readonly #structs: ReadonlyMap<string, StructLayout>;
  readonly #names: readonly string[];
  readonly #data: number;

  constructor(reading: HeapReading, program: CppProgram) {
    this.#reading = reading;
    this.#structs = layoutsOf(program);
    this.#names = program.structs.map(({ name }) => name);
    this.#data = reading.memory.get("CxxData", reading.libc + CXX_AT, "data");
  }

  /** Finds all control blocks that begin a chunk in use: all but those of arrays by make_shared. */
  scan(): void {
    for (const { state, memory } of this.#reading.heap.chunks) if (state === "used") this.block(memory);
  }

  #isData(address: number): boolean {
    return this.#data !== 0 && address >= this.#data && address < this.#data + MOST_DATA && address % 8 === 0;
  }

  /** The control block at an address, if one is there, and what it holds. */
  block(address: number): void {
    const { memory } = this.#reading;
    const vtable = memory.get("SpCountedBase", address, "vptr");
    if (this.blocks.has(address) || !this.#isData(vtable)) return;
    const typeAt = memory.get("CppVtable", vtable, "type");
    const kind = KIND_NAMES.get(memory.get("CppVtable", vtable, "kind"));
    const type = this.#isData(typeAt) ? this.#names[memory.get("CppType", typeAt, "id")] : undefined;
    if (kind === undefined || type === undefined) return;
    const useCount = memory.get("SpCountedBase", address, "use_count");
    const weakCount = memory.get("SpCountedBase", address, "weak_count");
    const deleter = memory.get("CppVtable", vtable, "deleter");
    const object = this.#objectOf(address, kind, deleter);
    const count = this.#lengthOf(address, kind, object);
    this.blocks.set(address, { address, kind, type, useCount, weakCount, object, count });
    const isThere = useCount > 0 || kind === "INPLACE";
    const { size } = this.#structs.get(type)!;
    for (let i = 0; isThere && i < count; i++) this.object(object + i * size, type, useCount > 0);
  }

  #objectOf(block: number, kind: keyof typeof KINDS, deleter: number): number {
    if (kind === "INPLACE") return block + BASE;
    return this.#reading.memory.u64(block + (kind === "ARRAY" ? ARRAY_MEMORY : BASE + deleter));
  }

  #lengthOf(block: number, kind: keyof typeof KINDS, object: number): number {
    if (object === 0) return 0;
    const { memory } = this.#reading;
    const length = kind === "ARRAY" ? memory.u64(block + BASE) : kind === "ARRAY_PTR" ? memory.u64(object - 8) : 1;
    return Math.min(length, MOST_ELEMENTS);
  }

  /** An object at an address, and what its members lead to. */
  object(address: number, type: string, alive: boolean): void {
    const struct = this.#structs.get(type);
    if (address === 0 || this.objects.has(address) || struct === undefined) return;
    const members: CppPointer[] = [];
    this.objects.set(address, { address, type, size: struct.size, alive, members });
    if (!alive) return;
    if (struct.struct.sharedFromThis) {
      members.push(this.pointer({ name: WEAK_THIS, holder: "weak_ptr", type }, address));
    }
    struct.struct.members.forEach((member, i) => members.push(this.pointer(member, address + struct.offsets[i]!)));
    for (const member of members) this.follow(member);
  }

  /** What a pointer at an address points to. */
  pointer({ name, holder, type }: Pick<Variable, "name" | "holder" | "type">, address: number): CppPointer {
    const { memory } = this.#reading;
    const isWide = holder === "shared_ptr" || holder === "weak_ptr";
    const target = memory.u64(address);
    const block = isWide ? memory.get("SharedPtr", address, "refcount") : 0;
    return { name, holder, type, address, target, block, dangling: !isWide && target !== 0 && !this.#isUsed(target) };
  }

  #isUsed(address: number): boolean {
    const { heap } = this.#reading;
    if (address < heap.start || address >= heap.end) return true;
    const chunk = heap.chunks.find((one) => address >= one.memory && address < one.address + one.size);
    return chunk?.state === "used";
  }

  follow({ holder, type, target, block, dangling }: CppPointer): void {
    if (block !== 0) this.block(block);
    if (block === 0 && !dangling && holder !== "shared_ptr" && holder !== "weak_ptr" && !type.endsWith("[]")) {
      this.object(target, type, true);
    }
  }

  /** The blocks that variables lead to, by owning or by pointing, from one object to the next. */
  reached(variables: readonly CppPointer[]): Set<number> {
    const reached = new Set<number>();
    const met = new Set<number>();
    const ways = variables.filter(({ holder }) => holder !== "weak_ptr");
    for (let way = ways.pop(); way !== undefined; way = ways.pop()) {
      if (way.block !== 0) reached.add(way.block);
      const block = this.blocks.get(way.block);
      const objects = block ? this.#elements(block) : [way.target];
      for (const address of objects) {
        if (met.has(address)) continue;
        met.add(address);
        ways.push(...(this.objects.get(address)?.members ?? []).filter(({ holder }) => holder !== "weak_ptr"));
      }
    }
    return reached;
  }

  #elements({ object, count, type }: Block): number[] {
    const { size } = this.#structs.get(type)!;
    return Array.from({ length: count }, (_, i) => object + i * size);
  }
}

/** A block as it is shown. @param lost  whether no variable leads to it. */
function seen({ address, kind, type, useCount, weakCount, object }: Block, lost: boolean): CppBlock {
  return { address, kind, type, useCount, weakCount, object, leaked: lost && useCount > 0 };
}

const byAddress = (a: { readonly address: number }, b: { readonly address: number }) => a.address - b.address;

/**
 * Who owns what in a C++ program that machineProgram() runs, at the moment at which the machine stands; null: it has not begun, or
 * has ended.
 *
 * @param program  the same that runs.
 * @param known    objects that are known to live, such as those of accountOf(): they are seen also if nothing leads to them.
 */
export function ownershipOf(
  image: MemoryImage,
  pid: number,
  program: CppProgram,
  known: readonly PlacedObject[] = [],
): Ownership | null {
  const reading = readHeap(image, pid);
  if (reading === null) return null;
  const cxx = reading.libc + CXX_AT;
  const { memory } = reading;
  const line = memory.get("CxxData", cxx, "line");
  const end = memory.get("CxxData", cxx, "stack_end");
  const alive = memory.get("CxxData", cxx, "alive");
  const look = new Look(reading, program);
  const variables = new Frame(program)
    .at(line)
    .slice(0, alive)
    .map((variable) => look.pointer(variable, end - variable.below));
  for (const { address, type } of known) look.object(address, type, true);
  for (const variable of variables) if (variable.type !== CHAR || variable.block !== 0) look.follow(variable);
  look.scan();
  const reached = look.reached(variables);
  const blocks = [...look.blocks.values()].map((block) => seen(block, !reached.has(block.address)));
  return { line, variables, objects: [...look.objects.values()].sort(byAddress), blocks: blocks.sort(byAddress) };
}
