import { EXCHANGE_BASE } from "./memory_map.ts";
import { Handlers } from "./signals.ts";
import type { Machine } from "./machine.ts";
import type { UserSpace } from "./user_memory.ts";
import { timeOf } from "./clock.ts";

/** The memory of a process: shared by its threads, copied by fork(). */
export class AddressSpace implements UserSpace {
  readonly #machine: Machine;
  /** The memory that this one is a copy of. */
  readonly #parent: AddressSpace | null;
  readonly #members: number[] = [];
  /** The signal handlers of the process. */
  readonly handlers: Handlers;

  constructor(machine: Machine, parent: AddressSpace | null = null) {
    this.#machine = machine;
    this.#parent = parent;
    this.handlers = new Handlers(parent?.handlers);
  }

  /** A task uses this memory. */
  join(pid: number): void {
    this.#members.push(pid);
  }

  /** Whether this memory is `other`, or was copied from it. */
  descends(other: AddressSpace): boolean {
    return this === other || (this.#parent !== null && this.#parent.descends(other));
  }

  /**
   * The task through which to reach the memory: the one whose program runs, if it has a buffer of its parent's at hand,
   * which lies at the same address in its own memory.
   */
  #pid(): number {
    const { running } = this.#machine;
    if (running !== null && running.space.descends(this)) return running.pid;
    return this.#members.find((pid) => this.#machine.lives(pid)) ?? 0;
  }

  #told(value: number): void {
    const { witness, running } = this.#machine;
    if (witness !== null && running !== null) witness.told(running.pid, value);
  }

  #read(bytes: Uint8Array, length: number): void {
    const { witness, running } = this.#machine;
    if (witness !== null && running !== null) witness.read(running.pid, bytes, length);
  }

  get now(): number {
    const now = timeOf(this.#machine.memory);
    this.#told(now);
    return now;
  }

  allocate(length: number): number {
    if (this.#members.length === 0) throw new TypeError("sys is of no use before the program runs: make calls in it");
    const address = this.#machine.allocateUser(this.#pid(), length);
    this.#told(address);
    return address;
  }

  store(address: number, bytes: Uint8Array): number {
    return this.#machine.storeUser(this.#pid(), address, bytes);
  }

  load(address: number, length: number): Uint8Array<ArrayBuffer> {
    const bytes = this.#machine.engine.loadUser(this.#pid(), address, length);
    this.#read(bytes, bytes.length);
    return bytes;
  }

  loadInto(target: Uint8Array, address: number, length: number): number {
    const { engine } = this.#machine;
    const got = engine.exports.user_load(this.#pid(), address, EXCHANGE_BASE, length);
    const { bytes } = engine.memory;
    for (let i = 0; i < got; i++) target[i] = bytes[EXCHANGE_BASE + i]!;
    this.#read(target, got);
    return got;
  }
}
