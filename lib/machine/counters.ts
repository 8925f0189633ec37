import { KERNEL_BASE, type KernelMemory, type Ptr, structLayout } from "./memory.ts";
import { layout } from "../layout.gen.ts";
import type { EngineOptions } from "./engine.ts";

/** `cpu_copied_bytes` as `cpuCopiedBytes`. */
type CamelCase<S extends string> = S extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : S;

type CounterField = keyof typeof layout.structs.Counters.fields;
type CostField = keyof typeof layout.structs.Costs.fields;

/** What happened, counted: struct Counters, its names in camelCase. */
export type CounterValues = { readonly [F in CounterField as CamelCase<F>]: number };

/** What things cost, in ns of virtual time: struct Costs, its names in camelCase. */
export type CostValues = { [F in CostField as CamelCase<F>]: number };

function camelCase(name: string): string {
  return name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}

const COUNTERS = fieldsOf("Counters");
const COSTS = fieldsOf("Costs");

function fieldsOf(struct: "Counters" | "Costs"): readonly { name: string; field: string; offset: number }[] {
  return Object.entries(structLayout(struct).fields).map(([field, { offset }]) => ({
    name: camelCase(field),
    field,
    offset,
  }));
}

/** The counters at an address; all 0 at null. */
export function readCounters(memory: KernelMemory, at: Ptr<"Counters">): CounterValues {
  const out: Record<string, number> = {};
  for (const { name, offset } of COUNTERS) out[name] = at === 0 ? 0 : memory.number64(at + offset);
  return out as CounterValues;
}

/** The fields of struct Costs for costs in camelCase. @throws TypeError, RangeError for what is no cost. */
export function costFields(costs: Partial<CostValues>): Record<string, number> {
  const out: Record<string, number> = {};
  for (const [name, value] of Object.entries(costs)) {
    const found = COSTS.find((cost) => cost.name === name);
    if (!found)
      throw new TypeError(`no cost is called ${name}; there are ${COSTS.map((cost) => cost.name).join(", ")}`);
    out[found.field] = checkCost(name, value);
  }
  return out;
}

function checkCost(name: string, value: unknown): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff) return value;
  throw new RangeError(`costs.${name} is a whole number of ns from 0 to 4294967295, not ${String(value)}`);
}

/**
 * The costs of a machine, to be read at any time and written before its first input.
 *
 * @param options    what the machine was made with: its past is made with the same.
 * @param writable   throws if it is too late.
 */
export function costsOf(memory: KernelMemory, options: EngineOptions, writable: () => void): CostValues {
  const out = {};
  for (const { name, field, offset } of COSTS) {
    const at = () => memory.get("Kernel", KERNEL_BASE, "costs") + offset;
    Object.defineProperty(out, name, {
      enumerable: true,
      get: () => memory.view.getUint32(at(), true),
      set: (value: unknown) => {
        writable();
        options.costs[field] = checkCost(name, value);
        memory.view.setUint32(at(), options.costs[field], true);
      },
    });
  }
  return Object.seal(out) as CostValues;
}
