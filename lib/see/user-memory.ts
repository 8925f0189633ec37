import { PAGE_SIZE } from "./population.ts";
import type { Reader } from "./reader.ts";
import type { UserMemory } from "./call-arguments.ts";

const PRESENT = 1;
/** Shifts of the four indices in a user address, the topmost table first. */
const SHIFTS = [39n, 30n, 21n, 12n];

/** The memory of a task, through its page tables. Reading it changes nothing: what is not mapped yet is not there. */
export function userMemory(reader: Reader, task: number): UserMemory {
  const mm = reader.get("TaskStruct", task, "mm");
  return {
    load(address, length) {
      const bytes = new Uint8Array(length);
      for (let done = 0; done < length;) {
        const at = address + BigInt(done);
        const from = linear(reader, mm, at);
        if (from === 0) return null;
        const part = Math.min(length - done, PAGE_SIZE - Number(at % BigInt(PAGE_SIZE)));
        bytes.set(reader.bytes(from, part), done);
        done += part;
      }
      return bytes;
    },
  };
}

/** Where a user address lies in the machine's memory; 0: its page is not mapped. */
function linear(reader: Reader, mm: number, address: bigint): number {
  let table = mm === 0 ? 0 : reader.get("MmStruct", mm, "pgd");
  for (const shift of SHIFTS) {
    const entry = reader.u32(table + Number((address >> shift) & 511n) * 8);
    if (table === 0 || !(entry & PRESENT)) return 0;
    table = (entry & ~(PAGE_SIZE - 1)) >>> 0;
  }
  return table + Number(address % BigInt(PAGE_SIZE));
}
