import { layout } from "../../lib/layout.gen.ts";
import { checkOptions } from "../../lib/machine/options.ts";
import { Engine, type EngineOptions } from "../../lib/machine/engine.ts";
import { EXCHANGE_BASE, EXCHANGE_SIZE } from "../../lib/machine/memory_map.ts";
import { fieldOffset, structLayout } from "../../lib/machine/memory.ts";
import { loadModule } from "../../lib/machine/module.ts";

const Nr = layout.enums.Nr.values;
const { SYSCALL, USER_STORE } = layout.enums.InputKind.values;
const RECORD = structLayout("InputRecord").size;

/** The exports that a benchmark calls directly. */
interface Exports {
  syscall(nr: number, a0: number, a1: number, a2: number, a3: number, a4: number, a5: number): number;
  schedule(): number;
  spawn(parent: number, flags: number, adopted: number): number;
  user_alloc(pid: number, length: number): number;
  user_store(pid: number, address: number, from: number, length: number): number;
  replay(address: number, length: number): number;
}

/** A system call by name, with its arguments. */
export type RawCall = readonly [name: keyof typeof Nr, ...args: number[]];

/** A number of 4 bytes that the program stores between its calls; it may differ from round to round. */
export interface RawStore {
  readonly address: number;
  readonly value: (round: number) => number;
}

const isCall = (step: RawCall | RawStore): step is RawCall => Array.isArray(step);

/** One machine with one task, driven without the library: what the kernel alone costs. */
export class RawMachine {
  readonly engine: Engine;
  readonly exports: Exports;
  readonly pid: number;

  private constructor(engine: Engine) {
    this.engine = engine;
    this.exports = engine.exports as unknown as Exports;
    this.pid = this.exports.spawn(0, 0, 0);
    this.exports.schedule();
  }

  static async boot(options: Partial<EngineOptions> = {}): Promise<RawMachine> {
    const defaults = checkOptions({ trace: false });
    return new RawMachine(await Engine.create(await loadModule(), { ...defaults, ...options }));
  }

  /** Makes a system call. @throws Error if it fails. */
  call(name: keyof typeof Nr, ...args: number[]): number {
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = args;
    this.exports.syscall(Nr[name], a, b, c, d, e, f);
    const { result } = this.engine;
    if (result < 0) throw new Error(`${name}(${args.join(", ")}) = ${result}`);
    return result;
  }

  /** New user memory. @returns its address. */
  memory(length: number): number {
    return this.exports.user_alloc(this.pid, length);
  }

  /** Writes numbers of 4 bytes to user memory. */
  store(address: number, ...words: number[]): void {
    new Uint32Array(this.engine.memory.bytes.buffer, EXCHANGE_BASE, words.length).set(words);
    this.exports.user_store(this.pid, address, EXCHANGE_BASE, words.length * 4);
  }

  /** How many system calls fit into the exchange window. */
  get capacity(): number {
    return Math.floor(EXCHANGE_SIZE / RECORD);
  }

  /**
   * Puts a round of system calls and stores into the exchange window as often as it fits, ready for replay().
   *
   * @returns  how many rounds, and the function that makes them all inside Wasm.
   */
  batch(round: readonly (RawCall | RawStore)[]): { rounds: number; run: () => void } {
    const length = round.reduce((sum, step) => sum + RECORD + (isCall(step) ? 0 : 8), 0);
    const rounds = Math.floor(EXCHANGE_SIZE / length);
    const view = new DataView(this.engine.memory.bytes.buffer);
    let at = EXCHANGE_BASE;
    const record = (kind: number, size: number, nr: number, args: readonly number[]) => {
      view.setUint32(at + fieldOffset("InputRecord", "kind"), kind, true);
      view.setUint32(at + fieldOffset("InputRecord", "size"), size, true);
      view.setInt32(at + fieldOffset("InputRecord", "pid"), this.pid, true);
      view.setInt32(at + fieldOffset("InputRecord", "nr"), nr, true);
      const first = at + fieldOffset("InputRecord", "a0");
      for (let j = 0; j < 6; j++) view.setBigInt64(first + 8 * j, BigInt(args[j] ?? 0), true);
      at += size;
    };
    for (let i = 0; i < rounds; i++) {
      for (const step of round) {
        if (isCall(step)) {
          const [name, ...args] = step;
          record(SYSCALL, RECORD, Nr[name], args);
        } else {
          view.setUint32(at + RECORD, step.value(i), true);
          record(USER_STORE, RECORD + 8, 0, [step.address, 4]);
        }
      }
    }
    return { rounds, run: () => void this.exports.replay(EXCHANGE_BASE, at - EXCHANGE_BASE) };
  }
}
