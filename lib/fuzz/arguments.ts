import type { Resource, Role } from "./calls.ts";
import type { InputWriter } from "./tape.ts";
import { InputKind } from "../machine/journal.ts";
import { chooseNumber } from "./numbers.ts";
import type { Random } from "./random.ts";
import { REGION } from "./region.ts";
import { layout } from "../layout.gen.ts";
import { writeStruct } from "./structs.ts";

const { Poll, EpollFlags } = layout.enums;

/** How many descriptors of a kind are remembered. */
const REMEMBERED = 12;
/** No struct is larger. Unit: bytes. */
const DRAFT = 512;
const TWO_32 = 2 ** 32;

const LENGTHS = [1, 4, 7, 8, 16, 100, 511, 512, 4095, 4096, 4097, 8192, 16384, 65535, 65536, 65537];
const HOSTILE = [
  -1,
  -2,
  -9,
  -100,
  -4095,
  -4096,
  0x7fff_ffff,
  -0x8000_0000,
  0x8000_0000,
  0xffff_ffff,
  TWO_32,
  TWO_32 + 3,
  2 ** 47,
  2 ** 53,
  2 ** 63,
  -(2 ** 63),
  0x7fff_f000,
  0x1_0000,
  1_000_000,
  0x4000_0000,
  1024,
  1025,
];
const BAD_POINTERS = [
  0,
  1,
  8,
  0xfff,
  0x1000,
  0x2_0000,
  0x10_0000,
  0x7fff_ffff,
  0xffff_f000,
  0x7fff_ffff_efff,
  0x7fff_ffff_f000,
  0x7fff_ffff_fff8,
  2 ** 47,
  2 ** 48,
  2 ** 63,
  -(2 ** 47),
  -4096,
  -8,
  -1,
];
const POLL = Object.values<number>(Poll.values).filter((bit) => bit !== Poll.values.URING_WAKE);
const EPOLL = Object.values<number>(EpollFlags.values);

/** What is known of a table of descriptors. */
interface Descriptors {
  readonly byResource: Map<Resource, number[]>;
  /** One more than the greatest number that was given out. */
  top: number;
  /** Contexts of asynchronous requests, as io_setup() gave them. */
  readonly contexts: number[];
  /** Addresses that mmap() has given. */
  readonly mappings: number[];
}

function remove(all: number[], value: number): void {
  const index = all.indexOf(value);
  if (index >= 0) all.splice(index, 1);
}

/** Arguments for system calls: mostly such as programs use, some such as no program should. */
export class Arguments {
  readonly random: Random;
  /** How often an argument is one that should never be. */
  readonly hostility: number;
  /** Address of the task's memory. */
  base = 0;
  /** The numbers of tasks that there are. */
  readonly pids: number[] = [];
  /** What is known of the descriptors of each task; threads share it. */
  readonly #tables = new Map<number, Descriptors>();
  #table: Descriptors = { byResource: new Map(), top: 3, contexts: [], mappings: [] };
  #next = 0;
  /** How long what the last argument leads to is; -1: nobody knows. */
  suggested = -1;
  readonly #writer: InputWriter;
  readonly #store: () => void;
  #pid = 0;
  /** Where structs are put together, by how deep one leads to another. */
  readonly #drafts: Uint8Array<ArrayBuffer>[] = [];
  #depth = 0;

  /** @param store  takes the input that the writer holds: bytes for a task's memory. */
  constructor(random: Random, hostility: number, writer: InputWriter, store: () => void) {
    this.random = random;
    this.hostility = hostility;
    this.#writer = writer;
    this.#store = store;
  }

  /** There is a new task. @param parent  whose descriptors it has; 0: none. @param shares  whether they are the same. */
  born(pid: number, parent: number, shares: boolean): void {
    this.pids.push(pid);
    const table = this.#tables.get(parent);
    const copy = (): Descriptors => ({
      byResource: new Map(Array.from(table?.byResource ?? [], ([resource, fds]) => [resource, fds.slice()])),
      top: table?.top ?? 3,
      contexts: [],
      mappings: table?.mappings.slice() ?? [],
    });
    this.#tables.set(pid, table && shares ? table : copy());
  }

  /** The arguments that follow are of this task's call. */
  begin(pid: number): void {
    this.#pid = pid;
    this.#table = this.#tables.get(pid) ?? this.#table;
    this.suggested = -1;
  }

  /** A task was given a descriptor. */
  opened(pid: number, resource: Resource, fd: number): void {
    const table = this.#tables.get(pid);
    if (!table) return;
    for (const fds of table.byResource.values()) remove(fds, fd);
    let all = table.byResource.get(resource);
    if (!all) table.byResource.set(resource, (all = []));
    if (all.length < REMEMBERED) all.push(fd);
    else all[this.random.below(REMEMBERED)] = fd;
    if (fd >= table.top && fd < 1024) table.top = fd + 1;
  }

  /** What a descriptor of a task stands for. */
  resource(pid: number, fd: number): Resource {
    for (const [resource, fds] of this.#tables.get(pid)?.byResource ?? []) if (fds.includes(fd)) return resource;
    return "file";
  }

  /** A task was given a context of asynchronous requests, or memory. */
  given(pid: number, kind: "contexts" | "mappings", address: number): void {
    const all = this.#tables.get(pid)?.[kind];
    if (all && all.length < REMEMBERED) all.push(address);
    else if (all) all[this.random.below(REMEMBERED)] = address;
  }

  /** A task has closed a descriptor. */
  closed(pid: number, fd: number): void {
    // Not always: a program may use a number that it has closed.
    if (this.random.oneIn(4)) return;
    for (const fds of this.#tables.get(pid)?.byResource.values() ?? []) remove(fds, fd);
  }

  /** A value for an argument. */
  make(role: Role): number {
    if (role === "fd") return this.fd(null);
    if (role === "aioid") {
      const { contexts } = this.#table;
      return contexts.length > 0 ? this.random.pick(contexts) : this.badPointer();
    }
    if (role.startsWith("fd:")) return this.fd(role.slice(3) as Resource);
    const { suggested } = this;
    this.suggested = -1;
    if (role === "length") return this.#length(suggested);
    if (this.random.chance(this.hostility / 3)) return this.#isPointer(role) ? this.badPointer() : this.hostile();
    return chooseNumber.get(role)?.(this) ?? this.pointer(role);
  }

  /** An address within what was mapped, mostly the beginning of a page. */
  mapped(): number {
    const { random } = this;
    const { mappings } = this.#table;
    const inRegion = Math.ceil(this.base / 4096) * 4096 + 4096 * random.below(8);
    const at = mappings.length > 0 && !random.oneIn(6) ? random.pick(mappings) : inRegion;
    return at + (random.oneIn(10) ? random.below(4096) : 4096 * random.pick([0, 0, 0, 1, 2]));
  }

  #isPointer(role: Role): boolean {
    return writeStruct.has(role) || role === "bytes" || role === "buffer" || role === "events" || role === "pair";
  }

  /** A number that hardly any call expects. */
  hostile(): number {
    const { random } = this;
    return random.oneIn(3)
      ? (random.bits() - random.below(2) * TWO_32) * (random.oneIn(2) ? 1 : TWO_32)
      : random.pick(HOSTILE);
  }

  /** An address that nobody should be given: nothing is there, or it is not the task's. */
  badPointer(): number {
    const { random, base } = this;
    switch (random.below(4)) {
      case 0:
        return base + REGION - random.below(24);
      case 1:
        return base - random.below(16) - 1;
      default:
        return random.pick(BAD_POINTERS);
    }
  }

  /** A descriptor. @param wanted  what it should stand for. */
  fd(wanted: Resource | null): number {
    const { random } = this;
    if (random.chance(this.hostility / 4)) return random.oneIn(2) ? this.hostile() : random.below(300);
    const { byResource, top } = this.#table;
    const fitting = wanted === null ? undefined : byResource.get(wanted);
    if (fitting && fitting.length > 0 && !random.oneIn(8)) return random.pick(fitting);
    if (random.oneIn(8)) return random.below(top + 1);
    const all = [...byResource.values()].filter((fds) => fds.length > 0);
    return all.length === 0 ? random.below(top) : random.pick(random.pick(all));
  }

  #length(suggested: number): number {
    const { random } = this;
    if (random.chance(this.hostility / 3)) return this.hostile();
    if (suggested >= 0 && !random.oneIn(10)) return suggested;
    if (random.oneIn(3)) return random.pick(LENGTHS);
    return random.oneIn(3) ? 8 : random.below(300);
  }

  /** Some of several bits. */
  bits(all: readonly number[]): number {
    const { random } = this;
    let value = 0;
    for (let count = random.pick([0, 0, 1, 1, 1, 2, 3]); count > 0; count--) value |= random.pick(all);
    return value;
  }

  /** An address at which there is what the role says. */
  pointer(role: Role): number {
    const { random } = this;
    const write = writeStruct.get(role);
    if (!write) {
      if (random.oneIn(8)) return this.mapped();
      // Room that a call fills, or bytes that it reads: whatever is there.
      if (role === "bytes" && random.oneIn(3)) return this.place("anything");
      return this.base + random.below(REGION - 64) - (random.oneIn(4) ? 0 : random.below(4));
    }
    return random.oneIn(12) && role !== "path" ? 0 : this.place(role);
  }

  /** Writes what a role says into the task's memory. @returns its address. */
  place(role: Role): number {
    const write = writeStruct.get(role)!;
    const draft = (this.#drafts[this.#depth++] ??= new Uint8Array(DRAFT));
    draft.fill(0);
    this.suggested = -1;
    const length = write(this, new DataView(draft.buffer));
    this.#depth--;
    if (this.suggested < 0) this.suggested = length;
    return this.put(this.#room(length), draft, length);
  }

  /** Writes bytes into the task's memory. @returns where. */
  put(at: number, bytes: Uint8Array, length = bytes.length): number {
    const { payload } = this.#writer;
    this.#writer.begin(InputKind.USER_STORE, this.#pid, 0, length);
    this.#writer.argument(0, at);
    this.#writer.argument(1, length);
    for (let i = 0; i < length; i++) payload[i] = bytes[i]!;
    this.#store();
    return at;
  }

  /** Room in the task's memory, seldom at its very end, or crooked. */
  #room(length: number): number {
    const { random } = this;
    if (random.oneIn(40)) return this.base + REGION - random.below(length + 4) - 1;
    this.#next = (this.#next + length + 8) & ~7;
    if (this.#next + length > REGION) this.#next = 0;
    return this.base + this.#next + (random.oneIn(30) ? random.below(8) : 0);
  }

  /** Bits for a mask of events. */
  events(): number {
    const { random } = this;
    let mask = random.oneIn(3) ? 1 : random.oneIn(2) ? 5 : this.bits(POLL);
    if (random.oneIn(2)) mask |= this.bits(EPOLL);
    return mask >>> 0;
  }
}
