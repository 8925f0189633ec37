import { instantiate, instantiateSync, type ASUtil } from "@assemblyscript/loader";
import { layout } from "../layout.gen.ts";
import { type Checkpoint, putBack } from "./checkpoints.ts";
import { type Devices, deviceFlags } from "./devices.ts";
import { KERNEL_BASE, KernelMemory, type Ptr, fieldOffset } from "./memory.ts";
import { MONITOR_BASE, EXCHANGE_BASE, EXCHANGE_SIZE } from "./memory_map.ts";
import { KernelPanic } from "./panic.ts";
import { type VmOptions, setVm } from "./vmstat.ts";

const WASM_PAGE = 0x1_0000;
const STOP_AT = MONITOR_BASE + fieldOffset("Monitor", "stop_at");
const TICK = KERNEL_BASE + fieldOffset("Kernel", "tick");
const RESULT = KERNEL_BASE + fieldOffset("Kernel", "result");

/** The functions of kernel.wasm, as assembly/index.ts describes them. */
export interface KernelExports extends Record<string, unknown> {
  readonly memory: WebAssembly.Memory;
  attach(devices: number, queueDepth: number): void;
  boot(cpus: number, seed: number, tracing: number, memoryLimit: number, poison: number, scheduling: number): number;
  syscall(nr: number, a0: number, a1: number, a2: number, a3: number, a4: number, a5: number): number;
  next_event(): number;
  next_deferred(): number;
  nr_free_pages(): number;
  task(pid: number): number;
  user_load(pid: number, address: number, to: number, length: number): number;
  file_size(nameLength: number): number;
  disk_read(nameLength: number, offset: number, to: number, length: number): number;
  disk_digest(nameLength: number): bigint;
  wire_accepted(port: number, index: number): number;
  wire_peer(handle: number): number;
  wire_digest(handle: number): bigint;
  wire_read(handle: number, offset: number, to: number, length: number): number;
  digest(): void;
  choices(): number;
  fingerprint(): void;
  input(record: number): number;
  replay(address: number, length: number): number;
}

/** Who says which of the tasks that could go on does so. */
export type SchedulingName = "fifo" | "seed" | "hand" | "step";

const { FIFO, SEED, HAND, STEP } = layout.enums.Scheduling.values;
/** The kernel's number for each. */
export const SCHEDULING: Readonly<Record<SchedulingName, number>> = { fifo: FIFO, seed: SEED, hand: HAND, step: STEP };

/** What a machine is made with. */
export interface EngineOptions {
  readonly cpus: number;
  readonly seed: number;
  /** Unit: bytes; 0: as small as can be. */
  readonly memory: number;
  /** Unit: bytes; 0: 4 GiB. */
  readonly memoryLimit: number;
  readonly trace: boolean;
  readonly poison: boolean;
  readonly scheduling: SchedulingName;
  readonly device: Devices;
  /** When files are written back, where it differs from the default. */
  readonly vm: VmOptions;
  /** Fields of struct Costs that differ from their defaults, by name. */
  readonly costs: Record<string, number>;
}

/** Thrown through the kernel to stop it at a tick; the memory stays as it is. */
class Stop extends Error {}
const STOP = new Stop();

/** What the module imports. The functions find their engine late: it does not exist yet when they are handed over. */
class Imports {
  stop: () => void = () => {};
  abort: (message: number, file: number, line: number, column: number) => void = () => {};

  get modules() {
    return {
      env: {
        abort: (message: number, file: number, line: number, column: number) => this.abort(message, file, line, column),
      },
      trace: { stop: () => this.stop() },
    };
  }
}

/** One instance of kernel.wasm: a machine's memory, and the functions that change it. Keeps no journal. */
export class Engine {
  readonly module: WebAssembly.Module;
  readonly exports: KernelExports;
  readonly memory: KernelMemory;
  readonly options: EngineOptions;
  /** What broke the kernel. From then on the machine can be read, not run. */
  panic: KernelPanic | undefined;
  readonly #util: ASUtil;
  /** Called at the tick that was asked for; true stops the machine there. */
  #onStop: () => boolean = () => true;

  private constructor(
    module: WebAssembly.Module,
    imports: Imports,
    { instance, exports }: { instance: WebAssembly.Instance; exports: ASUtil },
    options: EngineOptions,
  ) {
    this.module = module;
    this.options = options;
    this.exports = instance.exports as unknown as KernelExports;
    this.memory = new KernelMemory(this.exports.memory as { buffer: ArrayBuffer });
    this.#util = exports;
    imports.stop = () => {
      if (this.#onStop()) throw STOP;
    };
    imports.abort = (message, file, line, column) => this.#abort(message, file, line, column);
    this.#boot();
  }

  /** Makes a machine and starts it. @throws RangeError if its memory may not be large enough to start. */
  static async create(module: WebAssembly.Module, options: EngineOptions): Promise<Engine> {
    const imports = new Imports();
    return new Engine(module, imports, await instantiate(module, imports.modules), options);
  }

  /** As create(), at once: for a module that has been compiled before. */
  static createSync(module: WebAssembly.Module, options: EngineOptions): Engine {
    const imports = new Imports();
    return new Engine(module, imports, instantiateSync(module, imports.modules), options);
  }

  #boot(): void {
    const { cpus, seed, memory, memoryLimit, trace, poison, scheduling, device, vm, costs } = this.options;
    const order = SCHEDULING[scheduling];
    this.#ensure(memory);
    this.exports.attach(deviceFlags(device), device.disk.queueDepth);
    const failed = this.guard(() => this.exports.boot(cpus, seed, trace ? 1 : 0, memoryLimit, poison ? 1 : 0, order));
    if (failed) {
      const name = Object.entries(layout.enums.Errno.values).find(([, value]) => value === -failed)?.[0] ?? failed;
      throw new RangeError(`the machine does not start with memoryLimit ${memoryLimit} (bytes): ${name}`);
    }
    setVm(this.memory, vm);
    const at = this.memory.get("Kernel", KERNEL_BASE, "costs");
    for (const [field, cost] of Object.entries(costs)) {
      this.memory.view.setUint32(
        at + fieldOffset("Costs", field as keyof typeof layout.structs.Costs.fields),
        cost,
        true,
      );
    }
  }

  /** Number of tracepoints passed since boot. */
  get tick(): number {
    return this.memory.number64(TICK);
  }

  /** Kernel.result: see the functions that set it. */
  get result(): number {
    return this.memory.view.getFloat64(RESULT, true);
  }

  /** Hash of the machine, 32 hexadecimal digits: two machines with the same one are taken to be the same. */
  digest(): string {
    this.exports.digest();
    const bytes = this.memory.bytes.subarray(EXCHANGE_BASE, EXCHANGE_BASE + 16);
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  /** Runs kernel code. @throws KernelPanic if an assertion fails or the module traps, now or at any time before. */
  guard<T>(run: () => T): T {
    if (this.panic) throw this.panic;
    try {
      return run();
    } catch (error) {
      throw this.panicked(error);
    }
  }

  /** What to throw for something that came out of kernel code. */
  panicked(error: unknown): unknown {
    if (error instanceof KernelPanic || !(error instanceof WebAssembly.RuntimeError)) return error;
    return (this.panic = KernelPanic.from(this.memory, error.message, error));
  }

  #abort(message: number, file: number, line: number, column: number): never {
    const text = message ? this.#util.__getString(message >>> 0) : "an assertion does not hold";
    const place = file ? `${this.#util.__getString(file >>> 0)}:${line}:${column}` : `${line}:${column}`;
    this.panic = KernelPanic.from(this.memory, `${text}, at ${place}`);
    throw this.panic;
  }

  /** The numbers of the tasks that could go on. */
  choices(): number[] {
    const count = Math.min(this.exports.choices(), EXCHANGE_SIZE / 4);
    const { view } = this.memory;
    return Array.from({ length: count }, (_, i) => view.getUint32(EXCHANGE_BASE + 4 * i, true));
  }

  /** Fingerprint of the state, as two numbers of 32 bits: see assembly/entry/fingerprint.ts. */
  fingerprint(): readonly [low: number, high: number] {
    this.exports.fingerprint();
    const { view } = this.memory;
    return [view.getUint32(EXCHANGE_BASE, true), view.getUint32(EXCHANGE_BASE + 4, true)];
  }

  /** Takes one input, given as a record. @returns what the kernel answers. */
  input(record: Uint8Array): number {
    this.memory.bytes.set(record, EXCHANGE_BASE);
    return this.guard(() => this.exports.input(EXCHANGE_BASE));
  }

  /** Takes a stretch of journal: whole records, at most as many bytes as the exchange window has. */
  replay(records: Uint8Array): void {
    this.memory.bytes.set(records, EXCHANGE_BASE);
    this.guard(() => this.exports.replay(EXCHANGE_BASE, records.length));
  }

  /**
   * Takes a stretch of journal, and calls `visit` when the tick `first` is reached.
   *
   * @param visit     Returns the next tick at which to be called, or 0: then the machine stops right there.
   * @returns         whether the machine was stopped.
   */
  replayUntil(records: Uint8Array, first: number, visit: () => number): boolean {
    this.#setStop(first);
    this.#onStop = () => {
      const next = visit();
      this.#setStop(next);
      return next === 0;
    };
    try {
      this.replay(records);
      return false;
    } catch (error) {
      if (error === STOP) return true;
      throw error;
    } finally {
      this.#setStop(0);
      this.#onStop = () => true;
    }
  }

  #setStop(tick: number): void {
    this.memory.view.setUint32(STOP_AT, tick % 0x1_0000_0000, true);
    this.memory.view.setUint32(STOP_AT + 4, Math.floor(tick / 0x1_0000_0000), true);
  }

  /** Sets the machine to the state of a checkpoint. */
  restore(checkpoint: Checkpoint): void {
    this.#ensure(checkpoint.end);
    putBack(this.memory, checkpoint, this.options.trace);
    this.panic = undefined;
  }

  /** Copies `length` bytes of a task's memory out. @returns fewer where the memory is not mapped. */
  loadUser(pid: number, address: number, length: number): Uint8Array<ArrayBuffer> {
    const out = new Uint8Array(length);
    return this.#collect(out, (from, part) => this.exports.user_load(pid, address + from, EXCHANGE_BASE, part));
  }

  /** Copies what a peer outside has received, from `offset` on. */
  loadReceived(handle: number, offset: number, length: number): Uint8Array<ArrayBuffer> {
    const out = new Uint8Array(length);
    return this.#collect(out, (from, part) => this.exports.wire_read(handle, offset + from, EXCHANGE_BASE, part));
  }

  #collect(out: Uint8Array<ArrayBuffer>, load: (from: number, part: number) => number): Uint8Array<ArrayBuffer> {
    for (let done = 0; done < out.length;) {
      const part = Math.min(out.length - done, EXCHANGE_SIZE);
      const got = load(done, part);
      out.set(this.memory.bytes.subarray(EXCHANGE_BASE, EXCHANGE_BASE + got), done);
      done += got;
      if (got < part) return out.slice(0, done);
    }
    return out;
  }

  /** Address of a task's TaskStruct; 0 if there is none. */
  task(pid: number): Ptr<"TaskStruct"> {
    return (this.exports.task(pid) >>> 0) as Ptr<"TaskStruct">;
  }

  #ensure(end: number): void {
    const missing = end - this.memory.length;
    if (missing > 0) this.exports.memory.grow(Math.ceil(missing / WASM_PAGE));
  }
}
