import type { StructName } from "../reader.ts";
import { structs } from "../reader.ts";
import type { Checkup } from "./checkup.ts";
import { hex } from "../../machine/memory.ts";
import { layout } from "../../layout.gen.ts";

/** A pointer that may be stale, because nobody follows it any more: `struct.field`. */
const MAY_BE_STALE: ReadonlySet<string> = new Set([
  "TaskStruct.wait_task",
  "EppollEntry.wait_task",
  "PollTableEntry.wait_task",
  "AioKiocb.poll_wait_task",
  "IoKiocb.poll_wait_task",
  "IoKiocb.poll_double_task",
  // A time limit that is over knows its request by a number as well.
  "IoKiocb.head",
]);

/** A pointer of every object of a kind that leads to an object of a slab cache. */
interface PointerField {
  readonly name: string;
  readonly offset: number;
  readonly to: StructName;
}

/** What pointersOf() has found, by struct. */
const found = new Map<string, readonly PointerField[]>();

function pointersOf(struct: string): readonly PointerField[] {
  let pointers = found.get(struct);
  if (!pointers) found.set(struct, (pointers = findPointers(struct)));
  return pointers;
}

function findPointers(struct: string): PointerField[] {
  return Object.entries(structs[struct]?.fields ?? {})
    .filter(
      ([name, { to }]) =>
        to !== undefined && to in layout.enums.CacheType.values && !MAY_BE_STALE.has(`${struct}.${name}`),
    )
    .map(([name, { offset, to }]) => ({ name, offset, to: to as StructName }));
}

/** No pointer from one object to another leads to one that was freed. */
export function checkPointers(check: Checkup): void {
  const { reader, population } = check;
  // In the middle of a function, an object that is being made or taken apart may hold anything.
  if (!check.quiet) return;
  for (const struct of population.structs as StructName[]) {
    const pointers = pointersOf(struct);
    for (const object of population.of(struct)) {
      for (const { name, offset, to } of pointers) {
        const target = reader.u32(object + offset);
        if (target !== 0 && !population.has(to, target)) {
          check.report(struct, object, "dangling", `${name} is ${hex(target)}, where no ${to} is in use`);
        }
      }
    }
  }
}
