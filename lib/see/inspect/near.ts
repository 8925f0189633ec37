import { type Reader, type StructName, embedOffset, fieldOffset } from "../reader.ts";
import { type OnBreak, type TreeNode, ignore, listNodes, treeNodes } from "../walk.ts";
import { type Population, objectAround } from "../population.ts";
import { embedsOf } from "../queues.ts";
import { openFile, slotCount } from "../find.ts";

/** What of a machine with very many objects is inspected. */
export interface Nearness {
  /** Addresses of objects that are inspected in any case. */
  readonly wanted: ReadonlySet<number>;
  /** Numbers of descriptors whose files are inspected in any case. */
  readonly fds: ReadonlySet<number>;
  /** Of a struct with no more objects all are inspected. */
  readonly many: number;
  /** How many are inspected of each list, tree and table, from its beginning. */
  readonly first: number;
}

/** The structs of which a program can make as many as it likes, and which are looked at one by one. */
export const MANY: readonly StructName[] = [
  "File",
  "Socket",
  "Sock",
  "EventfdCtx",
  "PipeInodeInfo",
  "TimerfdCtx",
  "SignalfdCtx",
  "Epitem",
  "EppollEntry",
];
const CAN_BE_MANY: ReadonlySet<string> = new Set(MANY);

/** Whether there may be so many objects of a struct that not all are inspected. */
export function canBeMany(struct: string): boolean {
  return CAN_BE_MANY.has(struct);
}

const RBN = embedOffset("Epitem", "rbn");
const PARENT = fieldOffset("RbNode", "parent_color");
const LEFT = fieldOffset("RbNode", "left");
const RIGHT = fieldOffset("RbNode", "right");
const CONTENTS = fieldOffset("File", "private_data");
/** Levels of a red-black tree with as many nodes as the memory could hold: a deeper one is broken. */
const DEEPEST = 64;
/** So many of those who wait in one queue are inspected with it. */
const WAITERS = 8;
/** So many items of a sub-tree are inspected with the one at its head that is wanted. */
const BELOW = 7;

/** The objects that are inspected, of structs of which there can be many. */
export interface NearObjects {
  readonly all: ReadonlySet<number>;
  /** The same by struct, ascending. */
  readonly byStruct: ReadonlyMap<string, readonly number[]>;
}

/** Chooses what is inspected; see nearObjects(). */
class Choice {
  readonly chosen = new Set<number>();
  readonly byStruct = new Map<string, number[]>();
  readonly #reader: Reader;
  readonly #population: Population;
  readonly #waiting: { readonly struct: string; readonly address: number }[] = [];

  constructor(reader: Reader, population: Population) {
    this.#reader = reader;
    this.#population = population;
  }

  add(address: number): void {
    if (address === 0 || this.chosen.has(address)) return;
    const found = objectAround(this.#reader, address);
    if (found?.address !== address || !CAN_BE_MANY.has(found.struct)) return;
    if (!this.#population.has(found.struct as StructName, address)) return;
    this.chosen.add(address);
    const known = this.byStruct.get(found.struct);
    if (known) known.push(address);
    else this.byStruct.set(found.struct, [address]);
    this.#waiting.push(found);
  }

  /** Adds what the chosen ones are linked to. */
  follow(): void {
    for (let next = this.#waiting.pop(); next; next = this.#waiting.pop()) this.#neighbours(next.struct, next.address);
  }

  /** Adds the files that stand for the chosen ones: nothing leads to them from there. */
  addFiles(): void {
    for (const file of this.#population.of("File")) {
      if (this.chosen.has(this.#reader.u32(file + CONTENTS))) this.add(file);
    }
    this.follow();
  }

  /** Adds who waits in the queues of an object. */
  waiters(struct: string, address: number): void {
    const reader = this.#reader;
    for (const { offset } of embedsOf(struct, "WaitQueueHead")) {
      const head = address + offset + embedOffset("WaitQueueHead", "head");
      if (reader.u32(head) === 0) continue;
      let node = reader.u32(head);
      for (let i = 0; i < WAITERS && node !== head && node !== 0; i++, node = reader.u32(node)) {
        this.add(objectAround(reader, node)?.address ?? 0);
      }
    }
  }

  #neighbours(struct: string, address: number): void {
    const reader = this.#reader;
    switch (struct) {
      case "File":
        this.add(reader.get("File", address, "private_data"));
        break;
      case "Socket":
        this.add(reader.get("Socket", address, "sk"));
        this.add(reader.get("Socket", address, "file"));
        this.waiters(struct, address);
        break;
      case "Sock":
        this.add(reader.get("Sock", address, "sk_socket"));
        if (reader.get("Sock", address, "unix") !== 0) {
          this.add(reader.get("UnixSock", reader.get("Sock", address, "unix"), "peer"));
        }
        break;
      case "Epitem":
        this.#epitem(address);
        break;
      case "EppollEntry":
        this.add(reader.get("EppollEntry", address, "base"));
        break;
      default:
        this.waiters(struct, address);
    }
  }

  /** Adds its file, its places in wait queues, and the way to it from the root. */
  #epitem(address: number): void {
    const reader = this.#reader;
    this.add(reader.get("Epitem", address, "ffd_file"));
    this.add(reader.get("Epitem", address, "pwqlist"));
    const parent = (reader.u32(address + RBN + PARENT) & ~3) >>> 0;
    if (parent !== 0) this.add(parent - RBN);
  }
}

/**
 * Of a machine with very many objects, those that are inspected, of the structs of which there are many: what is wanted,
 * what comes first, and what these are linked to. Null: there are not so many, everything is inspected.
 */
export function nearObjects(reader: Reader, population: Population, near: Nearness): NearObjects | null {
  if (!MANY.some((struct) => population.count(struct) > near.many)) return null;
  const choice = new Choice(reader, population);
  for (const struct of MANY) {
    if (population.count(struct) <= near.many) for (const address of population.of(struct)) choice.add(address);
  }
  for (const address of near.wanted) {
    choice.add(address);
    // Below an item that is looked at, its sub-tree begins to be seen.
    if (population.has("Epitem", address)) for (const item of below(reader, address + RBN, BELOW)) choice.add(item);
  }
  for (const files of population.of("FilesStruct")) {
    const slots = slotCount(reader, files);
    for (let fd = 0, found = 0; fd < slots && found < near.first; fd++) {
      const file = openFile(reader, files, fd);
      if (file !== 0) found++;
      choice.add(file);
    }
    for (const fd of near.fds) if (fd < slots) choice.add(openFile(reader, files, fd));
  }
  for (const ep of population.of("Eventpoll")) {
    choice.waiters("Eventpoll", ep);
    for (const item of [
      ...below(reader, reader.get("Eventpoll", ep, "rbr_root_node"), near.first),
      ...readyOf(reader, ep, near.first),
    ])
      choice.add(item);
  }
  choice.follow();
  choice.addFiles();
  for (const addresses of choice.byStruct.values()) addresses.sort((a, b) => a - b);
  return { all: choice.chosen, byStruct: choice.byStruct };
}

/** The items from a node of an eventpoll's tree downwards, those nearest to it. */
function below(reader: Reader, top: number, first: number): number[] {
  const nodes = top === 0 ? [] : [top];
  for (let i = 0; i < nodes.length && nodes.length < first; i++) {
    const node = nodes[i]!;
    for (const child of [reader.u32(node + LEFT), reader.u32(node + RIGHT)]) if (child !== 0) nodes.push(child);
  }
  return nodes.map((node) => node - RBN);
}

/** The first items of an eventpoll's lists, and the last ones. */
function readyOf(reader: Reader, ep: number, first: number): number[] {
  return (["rdllist", "txlist"] as const).flatMap((embed) => {
    const head = ep + embedOffset("Eventpoll", embed);
    if (reader.u32(head) === 0) return [];
    const offset = embedOffset("Epitem", "rdllink");
    const items = listNodes(reader, head).map((node) => node - offset);
    return items.length <= first ? items : [...items.slice(0, first / 2), ...items.slice(-2)];
  });
}

/** A part of a tree that is not inspected. */
export interface LeftOut {
  /** Address of the node at its top. */
  readonly node: number;
  /** Number of its nodes. */
  readonly count: number;
}

/**
 * The nodes of a red-black tree that are inspected, in the order of their keys, and what hangs below them that is not.
 * A tree that is too deep to be one is inspected as a whole.
 *
 * @param isNear  whether a node is inspected; all above it are, too.
 */
export function nearTree(
  reader: Reader,
  root: number,
  isNear: (node: number) => boolean,
  onBreak: OnBreak = ignore,
): { nodes: TreeNode[]; left: LeftOut[] } {
  const nodes: TreeNode[] = [];
  const left: LeftOut[] = [];
  let isBroken = false;
  const count = (node: number, depth: number): number => {
    if (node === 0) return 0;
    if (depth > DEEPEST) isBroken = true;
    if (isBroken) return 0;
    return 1 + count(reader.u32(node + LEFT), depth + 1) + count(reader.u32(node + RIGHT), depth + 1);
  };
  const visit = (node: number, parent: number, depth: number, blacksAbove: number) => {
    if (node === 0 || isBroken) return;
    if (!isNear(node)) {
      left.push({ node, count: count(node, depth) });
      return;
    }
    if (depth > DEEPEST) isBroken = true;
    const isBlack = (reader.u32(node + PARENT) & 1) === 1;
    const blacks = blacksAbove + (isBlack ? 1 : 0);
    const [smaller, greater] = [reader.u32(node + LEFT), reader.u32(node + RIGHT)];
    visit(smaller, node, depth + 1, blacks);
    const colour = isBlack ? "black" : "red";
    nodes.push({ node, colour, parent, left: smaller, right: greater, depth, blacks });
    visit(greater, node, depth + 1, blacks);
  };
  visit(root, 0, 0, 0);
  return isBroken ? { nodes: treeNodes(reader, root, onBreak), left: [] } : { nodes, left };
}
