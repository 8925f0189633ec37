import { InputKind } from "../machine/journal.ts";

import { Arguments } from "./arguments.ts";
import { BECOMES, type CallDescription } from "./calls.ts";
import { EXCHANGE_BASE } from "../machine/memory_map.ts";
import { InputWriter } from "./tape.ts";
import { PORTS } from "./structs.ts";
import { REGION } from "./region.ts";
import type { Random } from "./random.ts";
import { type Ring, fillRing, ringCqTail } from "./rings.ts";
import type { Rig } from "./rig.ts";
import { layout } from "../layout.gen.ts";

const { failslab, fail_page_alloc } = layout.enums.FaultKind.values;
const { FILES, VM } = layout.enums.CloneFlags.values;
const { UNIX, INET } = layout.enums.Af.values;
const { STREAM, DGRAM, SEQPACKET } = layout.enums.SockType.values;
const { NONBLOCK } = layout.enums.OpenFlags.values;
const { SQ_RING, SQES } = layout.enums.IoringOff.values;
const { SHARED } = layout.enums.MapFlags.values;
const READ_WRITE = 3;
const Nr = layout.enums.Nr.values;
const BIRTHS: ReadonlySet<number> = new Set([Nr.clone, Nr.fork, Nr.vfork]);
const ERRORS: ReadonlySet<number> = new Set(Object.values(layout.enums.Errno.values).map((errno) => -errno));
const { ESRCH } = layout.enums.Errno.values;
/** Files that are there from the start. */
const FILES_THERE = ["/f", "/file"] as const;
/** So many tasks are in a program at most. */
const MOST_TASKS = 8;
/** So many rings are remembered. */
const MOST_RINGS = 4;
/** So many peers are in the world outside at most. */
const MOST_PEERS = 12;
/** A file that is sent to itself grows for as long as it is asked to, byte by byte: so much is enough. Unit: bytes. */
const MOST_SENT = 1 << 16;
/** How often the machine is let run on at most, before it counts as one that never rests. */
const MOST_TURNS = 10_000;

/** What is fuzzed, and how. */
export interface Plan {
  readonly calls: readonly CallDescription[];
  /** Whether allocations are made to fail. */
  readonly faults: boolean;
}

/** How often calls of each kind were made, ended, and ended well. */
export interface CallCount {
  made: number;
  succeeded: number;
}

/** Something that a call has returned and that no call may return. */
export class WrongResult extends Error {}

/** One program, being made up while it runs: each input depends on what has come of those before, and on its seed. */
export class Session {
  readonly #rig: Rig;
  readonly #random: Random;
  readonly #plan: Plan;
  readonly #make: Arguments;
  readonly #writer = new InputWriter();
  readonly #callWriter = new InputWriter();
  readonly #counts: Map<string, CallCount>;
  /** Calls, each as often as it is wanted in this program. */
  readonly #bag: readonly CallDescription[];
  /** Tasks that are in their programs. */
  #outside: number[] = [];
  /** Tasks that are in a call, and which. */
  readonly #inside = new Map<number, Made>();
  /** Rings of requests that are mapped, by the task that has made them. */
  readonly #rings: (Ring & { readonly pid: number })[] = [];
  #peers = 0;
  #tasks = 0;
  /** Number of system calls made. */
  calls = 0;

  constructor(rig: Rig, random: Random, plan: Plan, counts: Map<string, CallCount>) {
    this.#rig = rig;
    this.#random = random;
    this.#plan = plan;
    this.#counts = counts;
    const hostility = random.pick([0, 0.02, 0.1, 0.3]);
    this.#make = new Arguments(random, hostility, this.#writer, () => void rig.take(this.#writer));
    this.#bag = fillBag(plan.calls, random);
  }

  /** Makes the first tasks, with memory. */
  begin(): void {
    const { random } = this.#make;
    this.#spawn(0, 0);
    for (let count = random.below(4); count > 0; count--) this.#spawn(1, random.oneIn(6) ? 0 : FILES | VM);
    for (const name of FILES_THERE) this.#file(name, random.pick([0, 10, 5000, 100_000]));
    if (this.#plan.faults && random.oneIn(3)) this.#faults(random.pick([0.002, 0.02, 0.1]));
  }

  /** Does something. @throws KernelPanic, WrongResult */
  step(): void {
    const random = this.#random;
    const dice = random.below(100);
    if (this.#outside.length === 0) this.#rest();
    else if (dice < 80) this.#call();
    else if (dice < 82) this.#habit();
    else if (dice < 83) this.#requests();
    else if (dice < 88) this.#settle();
    else if (dice < 92) this.#elapse();
    else if (dice < 97) this.#world();
    else if (dice < 98) this.#signal();
    else if (dice < 99 && this.#plan.faults) this.#faults(0);
    else if (this.#tasks < MOST_TASKS) this.#spawnAnother();
  }

  #take(kind: number, pid: number, ...args: readonly number[]): number {
    const writer = this.#writer;
    writer.begin(kind, pid);
    args.forEach((value, i) => writer.argument(i, value));
    return this.#rig.take(writer);
  }

  #spawn(parent: number, flags: number): void {
    const writer = this.#writer;
    writer.begin(InputKind.SPAWN, parent, 0, 16);
    writer.argument(0, flags);
    writer.argument(1, 1);
    writer.payload.fill(0, 0, 16);
    const pid = this.#rig.take(writer);
    if (pid <= 0) return;
    this.#born(pid, parent, (flags & FILES) !== 0);
    if (parent !== 0) return;
    this.#take(InputKind.USER_ALLOC, pid, REGION);
    if (this.#rig.result > 0) this.#make.base = this.#rig.result;
  }

  /** Makes one more task: mostly a thread of another one. */
  #spawnAnother(): void {
    const random = this.#random;
    const living = this.#make.pids.filter((pid) => this.#rig.lives(pid));
    if (living.length === 0 || random.oneIn(8)) this.#spawn(0, 0);
    else this.#spawn(random.pick(living), random.oneIn(6) ? 0 : FILES | VM);
  }

  #file(name: string, size: number): void {
    const writer = this.#writer;
    writer.begin(InputKind.CREATE_FILE, 0, 0, name.length);
    writer.argument(0, size);
    writer.argument(1, 1);
    writer.argument(2, name.length);
    for (let i = 0; i < name.length; i++) writer.payload[i] = name.charCodeAt(i);
    this.#rig.take(writer);
  }

  #born(pid: number, parent: number, shares: boolean): void {
    this.#tasks++;
    this.#outside.push(pid);
    this.#make.born(pid, parent, shares);
  }

  #call(): void {
    const random = this.#random;
    const call = random.pick(this.#bag);
    // Somebody has to be left to go on.
    if (this.#outside.length < 2 && call.name.startsWith("exit")) return;
    const pid = random.pick(this.#outside);
    this.#make.begin(pid);
    const values = call.roles.map((role) => this.#make.make(role));
    const grows = call.nr === Nr.sendfile && this.#make.resource(pid, values[0]!) === "file";
    if (grows) values[3] = Math.min(values[3]!, MOST_SENT);
    this.#submit(pid, call, values);
  }

  /** A task makes a call. @returns what it has returned; undefined if it has not. */
  #submit(pid: number, call: CallDescription, values: readonly number[]): number | undefined {
    const at = (index: number, otherwise: number) => (index < 0 ? otherwise : (values[index] ?? otherwise));
    const made: Made = { call, first: at(0, 0), second: at(1, 0), most: at(call.most, -1), pair: at(call.pair, 0) };
    const writer = this.#callWriter;
    writer.begin(InputKind.SUBMIT, pid, call.nr);
    for (let i = 0; i < values.length; i++) writer.argument(i, values[i]!);
    this.calls++;
    const count = this.#counts.get(call.name)!;
    count.made++;
    const answer = this.#rig.take(writer);
    if (answer === pid) {
      const { result } = this.#rig;
      this.#ended(pid, made);
      if (this.#random.oneIn(2)) this.#settle();
      return result;
    }
    this.#outside.splice(this.#outside.indexOf(pid), 1);
    if (answer === -ESRCH) return undefined;
    this.#inside.set(pid, made);
    this.#turned(answer);
    return undefined;
  }

  /** A task makes a call that may be missing, if it can. @returns what it has returned; -1 if it has not. */
  #named(pid: number, name: string, ...values: readonly number[]): number {
    const found = this.#plan.calls.find((one) => one.name === name);
    return (found && this.#outside.includes(pid) ? this.#submit(pid, found, values) : undefined) ?? -1;
  }

  /** A ring is made and mapped, or gets entries. */
  #requests(): void {
    const random = this.#random;
    const rings = this.#rings.filter(({ pid }) => this.#outside.includes(pid));
    const ring = rings.length === 0 || random.oneIn(4) ? this.#newRing() : random.pick(rings);
    for (let round = random.below(4); ring && round >= 0 && this.#outside.includes(ring.pid); round--) {
      this.#make.begin(ring.pid);
      const cqTail = (this.#load(ring.pid, ringCqTail(ring)) ?? 0) % 2 ** 32;
      const count = fillRing(this.#make, ring, cqTail);
      const wanted = random.oneIn(3) ? 1 : 0;
      this.#named(ring.pid, "io_uring_enter", ring.fd, count, wanted, wanted, 0, 8);
      if (random.oneIn(2)) this.#elapse();
      else this.#settle();
    }
  }

  #newRing(): (Ring & { readonly pid: number }) | undefined {
    const random = this.#random;
    const pid = random.pick(this.#outside);
    const entries = random.pick([1, 2, 4, 8]);
    this.#make.begin(pid);
    const params = this.#make.put(this.#make.base, new Uint8Array(120));
    const fd = this.#named(pid, "io_uring_setup", entries, params);
    if (fd < 0) return undefined;
    const map = (offset: number) => this.#named(pid, "mmap", 0, 4096, READ_WRITE, SHARED, fd, offset);
    const [rings, sqes] = [map(SQ_RING), map(SQES)];
    if (rings <= 0 || sqes <= 0) return undefined;
    const ring = { pid, fd, rings, sqes, entries, tail: 0 };
    if (this.#rings.length < MOST_RINGS) this.#rings.push(ring);
    else this.#rings[random.below(MOST_RINGS)] = ring;
    return ring;
  }

  /** What servers and clients do one after the other, with good arguments: chance alone seldom gets there. */
  #habit(): void {
    const random = this.#random;
    const pid = random.pick(this.#outside);
    const call = (name: string, ...values: readonly number[]) => this.#named(pid, name, ...values);
    const isInternet = random.oneIn(2);
    const domain = isInternet ? INET : UNIX;
    const type = isInternet ? STREAM : random.pick([STREAM, STREAM, DGRAM, SEQPACKET]);
    const flags = () => type | (random.oneIn(3) ? 0 : NONBLOCK);
    this.#make.begin(pid);
    const at = this.#make.place(isInternet ? "address:internet" : "address:unix");
    const length = this.#make.suggested;
    const serves = random.oneIn(2);
    const listener = serves ? call("socket", domain, flags(), 0) : -1;
    if (serves) {
      call("bind", listener, at, length);
      call("listen", listener, random.below(4));
    }
    if (isInternet && random.oneIn(2)) this.#connect();
    else {
      const client = call("socket", domain, flags(), 0);
      call("connect", client, at, length);
      if (random.oneIn(2)) call("write", client, this.#make.base, random.below(5000));
    }
    if (random.oneIn(2)) this.#elapse();
    else this.#settle();
    if (serves) call("accept4", listener, 0, 0, random.oneIn(2) ? NONBLOCK : 0);
  }

  /** A call has come to its end. */
  #ended(pid: number, { call, first, second, most, pair }: Made): void {
    const { result } = this.#rig;
    if (result < 0) {
      if (!ERRORS.has(result))
        throw new WrongResult(`${call.name} returned ${result}, which is no error that there is`);
      return;
    }
    this.#counts.get(call.name)!.succeeded++;
    if (most >= 0 && result > most)
      throw new WrongResult(`${call.name} returned ${result}, and was to do ${most} at most`);
    if (BIRTHS.has(call.nr) && result > 0) this.#born(result, pid, call.nr === Nr.clone && (first & FILES) !== 0);
    if (call.nr === Nr.close) this.#make.closed(pid, first);
    const becomes = BECOMES[call.name];
    if (becomes) this.#make.opened(pid, becomes, first);
    if (call.name === "mmap") this.#make.given(pid, "mappings", result);
    if (call.name === "io_setup") this.#make.given(pid, "contexts", this.#load(pid, second) ?? 0);
    if (call.gives === null) return;
    if (call.gives === "same") this.#make.opened(pid, this.#make.resource(pid, first), result);
    else if (call.pair < 0) this.#make.opened(pid, call.gives, result);
    else if (this.#rig.engine.exports.user_load(pid, pair, EXCHANGE_BASE, 8) === 8) {
      const { view } = this.#rig.engine.memory;
      this.#make.opened(pid, call.gives, view.getInt32(EXCHANGE_BASE, true));
      const other = call.gives === "pipe" ? "sink" : call.gives;
      this.#make.opened(pid, other, view.getInt32(EXCHANGE_BASE + 4, true));
    }
  }

  /** A number in a task's memory; undefined: it cannot be read. */
  #load(pid: number, at: number): number | undefined {
    const { exports, memory } = this.#rig.engine;
    return exports.user_load(pid, at, EXCHANGE_BASE, 8) === 8 ? memory.number64(EXCHANGE_BASE) : undefined;
  }

  /** The machine has run, and says whose call has ended, if one's has. @returns whether it can run on. */
  #turned(answer: number): boolean {
    if (answer <= 0) return answer < 0;
    const made = this.#inside.get(answer);
    if (made) {
      this.#inside.delete(answer);
      this.#ended(answer, made);
    }
    if (!this.#outside.includes(answer)) this.#outside.push(answer);
    return true;
  }

  /** Lets the machine run until nothing can run without time passing. */
  #settle(): void {
    for (let turn = 0; this.#turned(this.#take(InputKind.SCHEDULE, 0)); turn++) {
      if (turn > MOST_TURNS) throw new WrongResult("the machine never comes to rest, though no time passes");
    }
  }

  #elapse(): void {
    for (let count = this.#random.below(4); count >= 0; count--) {
      if (this.#rig.engine.exports.next_event() < 0) return;
      this.#take(InputKind.ELAPSE, 0);
      this.#settle();
    }
  }

  /** Everybody is in a call: somebody has to get out of it. */
  #rest(): void {
    this.#settle();
    if (this.#outside.length > 0) return;
    const random = this.#random;
    const happening = random.below(4);
    if (happening < 2) this.#elapse();
    else if (happening === 2) this.#world();
    else if (this.#inside.size > 0 && !random.oneIn(3)) this.#signal();
    else this.#spawnAnother();
  }

  #signal(): void {
    const { pids } = this.#make;
    this.#take(InputKind.SIGNAL, this.#random.pick(pids), this.#make.make("signal"));
    this.#settle();
  }

  #faults(probability: number): void {
    const kind = this.#random.oneIn(3) ? fail_page_alloc : failslab;
    const nth = probability === 0 ? 1 + this.#random.below(12) : 0;
    this.#take(InputKind.FAIL_ALLOCATION, 0, kind, nth, Math.round(probability * 2 ** 32));
  }

  #world(): void {
    const random = this.#random;
    const handle = 1 + random.below(this.#peers + 1);
    switch (random.below(10)) {
      case 0:
        this.#take(InputKind.WIRE_LISTEN, 0, random.pick(PORTS));
        break;
      case 1:
      case 2:
        if (this.#peers < MOST_PEERS) this.#connect();
        break;
      case 3:
      case 4:
        this.#send(handle);
        break;
      case 5:
        this.#take(InputKind.WIRE_SHUTDOWN, 0, handle);
        break;
      case 6:
        this.#take(InputKind.WIRE_CLOSE, 0, handle);
        break;
      case 7:
        this.#take(InputKind.WIRE_RESET, 0, handle);
        break;
      case 8:
        this.#take(InputKind.WIRE_DROP, 0, random.pick([0, 1]), random.pick([0, 1, 1, 3]));
        break;
      default:
        this.#take(InputKind.WIRE_WINDOW, 0, handle, random.pick([0, 1, 1000, 65_536]));
    }
    this.#settle();
  }

  #connect(): void {
    const window = this.#random.pick([0, 0, 1, 1000]);
    const digests = this.#random.pick([0, 0, 0, 1]);
    const handle = this.#take(InputKind.WIRE_CONNECT, 0, this.#random.pick(PORTS), window, digests);
    if (handle > this.#peers) this.#peers = handle;
  }

  #send(handle: number): void {
    const length = this.#random.pick([1, 8, 100, 1500, 6000]);
    const writer = this.#writer;
    writer.begin(InputKind.WIRE_SEND, 0, 0, length);
    writer.argument(0, handle);
    writer.argument(1, length);
    writer.payload.fill(0x41 + this.#random.below(26), 0, length);
    this.#rig.take(writer);
  }
}

/** A call that was made. */
interface Made {
  readonly call: CallDescription;
  /** Its first argument. */
  readonly first: number;
  /** Its second argument. */
  readonly second: number;
  /** What it returns at most; -1: nobody knows. */
  readonly most: number;
  /** Where its two descriptors were to be put. */
  readonly pair: number;
}

/** Calls to draw from: in each program some kinds are frequent and some are missing, so that programs differ. */
function fillBag(calls: readonly CallDescription[], random: Random): CallDescription[] {
  const bag: CallDescription[] = [];
  const sparse = random.oneIn(2);
  for (const call of calls) {
    const favour = sparse ? random.pick([0, 0, 1, 2, 6]) : random.pick([1, 1, 2]);
    const share = Math.round(call.weight * favour * 20);
    for (let i = 0; i < share; i++) bag.push(call);
  }
  return bag.length > 0 ? bag : [...calls];
}
