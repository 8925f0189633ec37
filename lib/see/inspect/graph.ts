import type { Edge, EdgeKind, KernelObject, WaitQueueView } from "../objects.ts";
import { Population, slabs } from "../population.ts";
import { embedsOf, waiters } from "../queues.ts";
import { MANY, type NearObjects, type Nearness, canBeMany, nearObjects } from "./near.ts";
import { type OpenFd, allTasks, openFds } from "../find.ts";
import type { MemoryImage, StructName } from "../reader.ts";
import { type OnBreak } from "../walk.ts";
import { Reader } from "../reader.ts";

/** No more than so many broken links are noted. */
const MOST_NOTES = 100;

/** The graph while it is being collected. */
export class Graph {
  readonly reader: Reader;
  /** All objects in use. */
  readonly population: Population;
  /** Addresses of the objects that are inspected, of structs of which there are very many; null: all are. */
  readonly near: ReadonlySet<number> | null;
  readonly #near: NearObjects | null;
  readonly objects: KernelObject[] = [];
  readonly edges: Edge[] = [];
  readonly notes: string[] = [];
  /** Who has which file: descriptors by the file's address. */
  readonly fds = new Map<number, { files: number; fd: number }[]>();
  /** Every wait queue's owner and name there, by the queue's address. */
  readonly queues = new Map<number, { owner: number; name: string }>();

  constructor(memory: MemoryImage, nearness?: Nearness) {
    this.reader = new Reader(memory);
    this.population = new Population(slabs(this.reader));
    this.#near = nearness ? nearObjects(this.reader, this.population, nearness) : null;
    this.near = this.#near?.all ?? null;
    for (const files of this.population.of("FilesStruct")) {
      for (const { fd, file } of this.openFds(files)) {
        const known = this.fds.get(file);
        if (known) known.push({ files, fd });
        else this.fds.set(file, [{ files, fd }]);
      }
    }
  }

  /** The addresses of the objects of a struct that are inspected. */
  of(struct: StructName): readonly number[] {
    if (!this.#near || !canBeMany(struct)) return this.population.of(struct);
    return this.#near.byStruct.get(struct) ?? [];
  }

  /** The open descriptors of a table whose files are inspected. */
  openFds(files: number): OpenFd[] {
    const { near } = this;
    return near ? openFds(this.reader, files, (file) => near.has(file)) : openFds(this.reader, files);
  }

  /** How many objects are not inspected, by struct; undefined: all are. */
  get left(): Record<string, number> | undefined {
    if (!this.near) return undefined;
    const counts = MANY.map((struct) => [struct, this.population.count(struct) - this.of(struct).length] as const);
    return Object.fromEntries(counts.filter(([, count]) => count > 0));
  }

  /** Notes a broken link. */
  readonly onBreak: OnBreak = ({ structure, message }) => {
    if (this.notes.length < MOST_NOTES) this.notes.push(`broken link in a ${structure}: ${message}`);
  };

  /** Adds an object. */
  add(object: KernelObject): void {
    this.objects.push(object);
  }

  /** Adds a link, unless it leads nowhere. */
  link(from: number, to: number, kind: EdgeKind, label = ""): void {
    if (to !== 0) this.edges.push({ from, to, kind, label });
  }

  /** Adds the links to the members of a list, numbered. */
  links(from: number, members: readonly number[], kind: EdgeKind): void {
    for (let i = 0; i < members.length; i++) this.link(from, members[i]!, kind, String(i));
  }

  /** The wait queues of an object, with links to those who wait. */
  waitQueues(owner: number, struct: string): WaitQueueView[] {
    const views: WaitQueueView[] = [];
    for (const { name, offset } of embedsOf(struct, "WaitQueueHead")) {
      const address = owner + offset;
      this.queues.set(address, { owner, name });
      const waiting = this.reader.u32(address) === 0 ? [] : waiters(this.reader, address, this.onBreak);
      for (const waiter of waiting) this.link(owner, waiter.owner, "waits", name);
      views.push({ address, name, waiters: waiting });
    }
    return views;
  }

  /** `fd 5`, or `fd 5, 6`: the descriptors of a file, for titles; empty if it has none. */
  fdTitle(file: number): string {
    const fds = this.fds.get(file);
    return fds ? `fd ${[...new Set(fds.map(({ fd }) => fd))].join(", ")}` : "";
  }

  /** All tasks, in order of birth. */
  get tasks(): number[] {
    return allTasks(this.reader);
  }
}

/** A title of parts, those that are empty left out. */
export function title(...parts: (string | number)[]): string {
  return parts.filter((part) => part !== "").join(" ");
}
