import { type Break, type OnBreak, type TreeNode, treeNodes } from "../walk.ts";
import { KERNEL_BASE, type MemoryImage, Reader, structs } from "../reader.ts";
import { Population, type SlabInfo, slabs } from "../population.ts";
import { cpus } from "../cpus.ts";
import { enumName } from "../names.ts";
import { hex } from "../../machine/memory.ts";
import { layout } from "../../layout.gen.ts";

const { TRACE_BASE, TRACE_RECORDS } = layout.constants;

/** No more than so many violations are noted: a machine that is thoroughly broken would have millions. */
const MOST_VIOLATIONS = 1000;

/** A rule that every healthy machine keeps, and this one does not. */
export interface Violation {
  /** Kind of structure, or name of the struct: `rbtree`, `list`, `File`. */
  structure: string;
  /** Address of what breaks the rule. */
  address: number;
  /** Short name of the rule: `rb-red-red`, `f_count`. */
  rule: string;
  /** What was found, and what should be there. */
  message: string;
}

/** One look at a whole machine: what the rules need, and what they have found. */
export class Checkup {
  readonly reader: Reader;
  readonly slabs: readonly SlabInfo[];
  readonly population: Population;
  readonly violations: Violation[] = [];
  /** How many page table entries lead to each frame, by its struct Page; null: not counted, or being changed. */
  mapped: ReadonlyMap<number, number> | null = null;
  /** Name of the last tracepoint. */
  readonly event: string;
  /** Whether the last tracepoint stands in the middle of balancing a tree, where colours are not yet right. */
  readonly balancing: boolean;
  /** The kernel functions that some CPU is in. */
  readonly #functions: ReadonlySet<string>;

  constructor(memory: MemoryImage) {
    this.reader = new Reader(memory);
    this.slabs = slabs(this.reader);
    this.population = new Population(this.slabs);
    this.#functions = new Set(cpus(this.reader).flatMap(({ stack }) => stack));
    this.event = lastEvent(this.reader);
    this.balancing = this.event.startsWith("rb_");
  }

  /** Whether a CPU is in that kernel function right now. */
  inside(name: string): boolean {
    return this.#functions.has(name);
  }

  /** Whether no CPU is in any kernel function: the machine is between two inputs, and every rule must hold. */
  get quiet(): boolean {
    return this.#functions.size === 0;
  }

  /** Notes a violation, unless there are more than anybody will read. */
  report(structure: string, address: number, rule: string, message: string): void {
    if (this.violations.length < MOST_VIOLATIONS) this.violations.push({ structure, address, rule, message });
  }

  /** Notes what a walk over a structure found broken. */
  readonly onBreak: OnBreak = ({ structure, address, rule, message }: Break) => {
    this.report(structure, address, rule, message);
  };

  /** Notes a violation unless two numbers are equal. */
  equal(structure: string, address: number, rule: string, found: number, expected: number, what: string): void {
    if (found !== expected) this.report(structure, address, rule, `${what}: ${found}, expected ${expected}`);
  }

  /**
   * Checks one red-black tree: links, colours, black height, order, and the remembered smallest node.
   *
   * @param root      Address of the topmost struct RbNode; 0: empty.
   * @param leftmost  What the root remembers as the smallest node; undefined: it does not.
   * @param precedes  Whether the first key is smaller than the second, of nodes.
   * @returns         the nodes in order.
   */
  tree(root: number, leftmost: number | undefined, precedes: (a: number, b: number) => boolean): TreeNode[] {
    const nodes = treeNodes(this.reader, root, this.onBreak);
    const report = (node: number, rule: string, message: string) => this.report("rbtree", node, rule, message);
    const colours = new Map(nodes.map((node) => [node.node, node.colour]));
    let height = -1;
    let previous = 0;
    for (const { node, parent, left, right, colour, blacks } of nodes) {
      if (previous !== 0 && !precedes(previous, node)) {
        report(node, "rb-order", `the key of ${hex(node)} is not greater than that of ${hex(previous)} before it`);
      }
      previous = node;
      if (this.balancing) continue;
      if (parent === 0 && colour === "red") report(node, "rb-root", `the root ${hex(node)} is red`);
      if (colour === "red" && colours.get(parent) === "red") {
        report(node, "rb-red-red", `${hex(node)} and its parent ${hex(parent)} are both red`);
      }
      if (left === 0 || right === 0) {
        if (height < 0) height = blacks;
        else if (blacks !== height) {
          report(node, "rb-black-height", `${blacks} black nodes on the way to ${hex(node)}, elsewhere ${height}`);
        }
      }
    }
    const first = nodes[0]?.node ?? 0;
    if (leftmost !== undefined && leftmost !== first && !this.balancing) {
      report(leftmost, "rb-leftmost", `the remembered smallest node is ${hex(leftmost)}, the real one ${hex(first)}`);
    }
    return nodes;
  }
}

/** Name of the event of the last tracepoint; `none` before the first. */
function lastEvent(reader: Reader): string {
  const tick = reader.get("Kernel", KERNEL_BASE, "tick");
  if (tick === 0) return "none";
  const record = TRACE_BASE + ((tick - 1) % TRACE_RECORDS) * structs["TraceRecord"]!.stride;
  return enumName("Tp", reader.get("TraceRecord", record, "event"));
}
