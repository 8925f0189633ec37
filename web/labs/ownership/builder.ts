import type { Account, Chunk, CppBlock, CppObject, CppPointer, FreeList, Ownership } from "../../../lib/index.ts";
import { type StructLayout, layoutsOf } from "../../../lib/cpp/layout.ts";
import type { HeapReading } from "../../../lib/see/heap.ts";
import { formatAddress } from "../../model/format.ts";
import type { Ran } from "./ran.ts";
import { within } from "./totals.ts";
import type { ChunkView, EdgeView, ListView, Lost, Note, Part, Row, VariableView } from "./view.ts";

/** What vptr and the two counts take. Unit: bytes. */
const COUNTED_BASE = 16;

/** What libstdc++ calls its control blocks. */
const CLASSES: Readonly<Record<CppBlock["kind"], string>> = {
  PTR: "_Sp_counted_ptr",
  DELETER: "_Sp_counted_deleter",
  INPLACE: "_Sp_counted_ptr_inplace",
  ARRAY_PTR: "_Sp_counted_deleter",
  ARRAY: "_Sp_counted_array",
};

const isWide = ({ holder }: CppPointer) => holder === "shared_ptr" || holder === "weak_ptr";
const pointerText = (address: number) => (address === 0 ? "nullptr" : formatAddress(address));
/** A number of eight bytes, all its digits. */
const wordText = (high: number, low: number) => `0x${((BigInt(high) << 32n) | BigInt(low)).toString(16)}`;
const row = (key: string, name: string, value: string, note: Note | null = null): Row => ({ key, name, value, note });

/** The type of a pointer in C++, without `std::`. */
function typeText({ holder, type }: CppPointer): string {
  return holder === "pointer" ? `${type.replace("[]", "")}*` : `${holder}<${type}>`;
}

/** Makes the view of one moment: what it reads is gone when the machine goes on. */
export class ViewBuilder {
  readonly edges: EdgeView[] = [];
  readonly #reading: HeapReading;
  readonly #scene: Ownership;
  readonly #account: Account;
  readonly #layouts: ReadonlyMap<string, StructLayout>;
  readonly #stale: (pointer: CppPointer) => boolean;
  readonly #reached = new Set<number>();
  /** Addresses of the objects that live. */
  readonly #living: ReadonlySet<number>;

  constructor(
    ran: Ran,
    reading: HeapReading,
    scene: Ownership,
    account: Account,
    stale: (pointer: CppPointer) => boolean,
  ) {
    this.#reading = reading;
    this.#scene = scene;
    this.#account = account;
    this.#stale = stale;
    this.#layouts = layoutsOf(ran.program);
    this.#living = new Set(account.objects.map(({ address }) => address));
    this.#reach();
  }

  /** Finds out what variables lead to, by owning or by pointing; of what is only observed, the control block. */
  #reach(): void {
    const ways = [...this.#scene.variables];
    for (let way = ways.pop(); way !== undefined; way = ways.pop()) {
      const ends = way.holder === "weak_ptr" ? [way.block] : [way.block, way.target];
      const block = this.#scene.blocks.find(({ address }) => address === way!.block);
      if (block && way.holder !== "weak_ptr") ends.push(block.object);
      for (const end of ends) {
        if (end === 0 || this.#reached.has(end)) continue;
        this.#reached.add(end);
        for (const object of this.#scene.objects) {
          // Of an array, its first element stands for all.
          if (object.alive && (object.address === end || this.#sameAllocation(object.address, end))) {
            ways.push(...object.members);
          }
        }
      }
    }
  }

  #sameAllocation(one: number, other: number): boolean {
    return this.#account.live.some(
      ({ address, bytes }) => within(one, address, bytes) && within(other, address, bytes),
    );
  }

  /** The allocations that nothing leads to. */
  lost(): Lost[] {
    return this.#account.live
      .filter(({ address, bytes }) => ![...this.#reached].some((end) => within(end, address, bytes)))
      .map(({ address, bytes }) => ({ address, bytes }));
  }

  variables(): VariableView[] {
    return this.#scene.variables.map((pointer) => {
      const key = `variable ${pointer.address}`;
      return {
        key,
        name: pointer.name,
        type: typeText(pointer),
        target: pointer.target,
        rows: this.#pointerRows(key, "", pointer),
      };
    });
  }

  /** The lines of a pointer, with the arrows that lead away from them. */
  #pointerRows(key: string, name: string, pointer: CppPointer): Row[] {
    const { target, block } = pointer;
    const prefix = name === "" ? "" : `${name}.`;
    if (!isWide(pointer)) {
      const note = this.#danger(pointer);
      if (target !== 0) {
        const kind = note ? "dangling" : pointer.holder === "unique_ptr" ? "owns" : "points";
        this.edges.push({ key: `edge ${key} ${name}`, from: `${key} ${name}`, to: this.#placeOf(target), kind });
      }
      return [row(`${key} ${name}`, name === "" ? "ptr" : name, pointerText(target), note)];
    }
    const [pointing, counting] = [`${key} ${name} ptr`, `${key} ${name} refcount`];
    const owner = this.#isThere(block) ? this.#scene.blocks.find(({ address }) => address === block) : undefined;
    if (owner) {
      const kind = pointer.holder === "shared_ptr" ? "owns" : "observes";
      this.edges.push({ key: `edge ${counting}`, from: counting, to: `block ${block}`, kind });
    } else if (block !== 0) {
      this.edges.push({ key: `edge ${counting}`, from: counting, to: this.#chunkOf(block), kind: "dangling" });
    }
    // Where the object lies with its block, one arrow says both; an alias points elsewhere.
    const isApart = owner && ((owner.kind !== "INPLACE" && owner.kind !== "ARRAY") || target !== owner.object);
    if (pointer.holder === "shared_ptr" && target !== 0 && isApart) this.#point(pointing, target);
    return [row(pointing, `${prefix}ptr`, pointerText(target)), row(counting, `${prefix}refcount`, pointerText(block))];
  }

  /** What is wrong with a plain pointer or a unique_ptr; null: nothing. */
  #danger(pointer: CppPointer): Note | null {
    if (pointer.target === 0) return null;
    if (!this.#isThere(pointer.target)) return { text: "given_back", count: 0 };
    return this.#stale(pointer) ? { text: "used_again", count: 0 } : null;
  }

  /** An arrow from a line to what its address leads to. */
  #point(from: string, target: number): void {
    const kind = this.#isThere(target) ? "points" : "dangling";
    this.edges.push({ key: `edge ${from}`, from, to: this.#placeOf(target), kind });
  }

  /** Whether an address lies in memory that the program has. */
  #isThere(target: number): boolean {
    return this.#account.live.some(({ address, bytes }) => within(target, address, bytes));
  }

  /** Key of what lies at an address: an object, or the chunk. */
  #placeOf(address: number): string {
    const object = this.#scene.objects.find((one) => within(address, one.address, one.size));
    if (object?.alive && this.#living.has(object.address)) return `object ${object.address}`;
    return this.#chunkOf(address);
  }

  /** Key of the chunk that an address lies in; empty: it lies in none. */
  #chunkOf(address: number): string {
    const chunk = this.#reading.heap.chunks.find((one) => within(address, one.memory, one.size));
    return chunk ? `chunk ${chunk.address}` : "";
  }

  /** The chunks that main() has to do with. @param base  where they begin. @param settled  whether no call is on its way. */
  chunks(base: number, lost: readonly Lost[], settled: boolean): ChunkView[] {
    return this.#reading.heap.chunks
      .filter(({ address }) => address >= base)
      .map((chunk) => {
        const { address, size, prevInuse, state, memory } = chunk;
        const isLost = lost.some((one) => one.address === memory);
        const key = `chunk ${address}`;
        const astray = settled && state === "used" && !this.#isThere(memory);
        const parts = state === "used" && !astray ? this.#parts(chunk) : [];
        return { key, address, size, prevInuse, state, lost: isLost, astray, parts, links: this.#links(chunk) };
      });
  }

  #parts({ memory, size }: Chunk): Part[] {
    const here = ({ address }: { readonly address: number }) => within(address, memory, size - 8);
    const objects = this.#scene.objects
      .filter((one) => here(one) && (this.#living.has(one.address) || !one.alive))
      .map((object) => this.#object(object));
    const known = new Set(objects.map(({ address }) => address));
    const dead = this.#account.destroyed
      .filter((one) => here(one) && !known.has(one.address))
      .map(({ address, type }) => this.#destroyed(address, type));
    const blocks = this.#scene.blocks.filter(here).map((block) => this.#block(block));
    const parts = [...objects, ...dead, ...blocks].sort((a, b) => a.address - b.address);
    const [first] = parts;
    return first?.kind === "object" && first.address === memory + 8 ? [this.#length(memory), ...parts] : parts;
  }

  /** The number of elements, which new[] keeps before the first. */
  #length(address: number): Part {
    const key = `length ${address}`;
    const rows = [row(`${key} n`, "n", String(this.#reading.memory.u64(address)))];
    return { key, kind: "length", address, size: 8, type: "", alive: true, data: 0, rows };
  }

  #object({ address, type, size, alive, members }: CppObject): Part {
    const key = `object ${address}`;
    const data = this.#layouts.get(type)?.struct.bytes ?? 0;
    const rows = alive ? members.flatMap((member) => this.#pointerRows(key, member.name, member)) : [];
    return { key, kind: "object", address, size, type, alive, data, rows };
  }

  #destroyed(address: number, type: string): Part {
    const { size, struct } = this.#layouts.get(type)!;
    const key = `object ${address}`;
    return { key, kind: "object", address, size, type, alive: false, data: struct.bytes, rows: [] };
  }

  #block({ address, kind, useCount, weakCount, object }: CppBlock): Part {
    const key = `block ${address}`;
    const shares: Note =
      useCount > 0 ? { text: "shares", count: weakCount - 1 } : { text: "observers", count: weakCount };
    const owners: Note = { text: useCount > 0 ? "owners" : "no_owner", count: useCount };
    const rows = [
      row(`${key} use_count`, "use_count", String(useCount), owners),
      row(`${key} weak_count`, "weak_count", String(weakCount), shares),
    ];
    const isApart = kind !== "INPLACE" && kind !== "ARRAY";
    const bytes = this.#account.live.find((one) => one.address === address)?.bytes ?? COUNTED_BASE;
    if (isApart) {
      rows.push(row(`${key} ptr`, "ptr", pointerText(object)));
      if (useCount > 0 && object !== 0) this.#point(`${key} ptr`, object);
    }
    const size = isApart ? bytes : kind === "ARRAY" ? 40 : COUNTED_BASE;
    return { key, kind: "block", address, size, type: CLASSES[kind], alive: useCount > 0, data: 0, rows };
  }

  /** What malloc() writes into a chunk that is free. */
  #links({ address, memory, state }: Chunk): Row[] {
    const at = this.#reading.memory;
    const link = (name: string, offset: number, note: Note | null = null) =>
      row(`chunk ${address} ${name}`, name, wordText(at.u32(memory + offset + 4), at.u32(memory + offset)), note);
    if (state === "tcache") return [link("next", 0, { text: "overwrites", count: 16 }), link("key", 8)];
    if (state === "fast") return [link("fd", 0)];
    if (state === "unsorted" || state === "small" || state === "large") return [link("fd", 0), link("bk", 8)];
    return [];
  }

  lists(): ListView[] {
    const { tcache, fastbins, unsorted, bins } = this.#reading.heap;
    const known = new Set(this.#reading.heap.chunks.map(({ address }) => address));
    const list = (name: ListView["name"]) => {
      return ({ index, size, chunks }: FreeList): ListView => ({
        key: `list ${name} ${index}`,
        name,
        size,
        chunks: chunks.map((address) => ({ address, isChunk: known.has(address) })),
      });
    };
    return [
      ...tcache.map(list("tcache")),
      ...fastbins.map(list("fast")),
      ...[unsorted].filter(({ chunks }) => chunks.length > 0).map(list("unsorted")),
      ...bins.map((bin) => list(bin.index < 64 ? "small" : "large")(bin)),
    ];
  }
}
