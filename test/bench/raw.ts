import { layout } from "../../lib/layout.gen.ts";
import { checkOptions } from "../../lib/machine/options.ts";
import { Engine, type EngineOptions } from "../../lib/machine/engine.ts";
import { EXCHANGE_BASE, EXCHANGE_SIZE } from "../../lib/machine/memory_map.ts";
import { fieldOffset, structLayout } from "../../lib/machine/memory.ts";
import { loadModule } from "../../lib/machine/module.ts";

const Nr = layout.enums.Nr.values;
const { SCHEDULE, SPAWN, SYSCALL, USER_ALLOC, USER_STORE } = layout.enums.InputKind.values;
const RECORD = structLayout("InputRecord").size;
/** Length of a task's name. Unit: bytes. */
const NAME_SIZE = 16;

/** One input of the machine. */
interface Input {
  readonly kind: number;
  readonly pid?: number;
  readonly nr?: number;
  readonly args?: readonly number[];
  /** Length of what follows the header, which is zeros. Unit: bytes. */
  readonly payload?: number;
}

/** An input as the kernel reads it. */
function encode({ kind, pid = 0, nr = 0, args = [], payload = 0 }: Input): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(RECORD + payload));
  view.setUint32(fieldOffset("InputRecord", "kind"), kind, true);
  view.setUint32(fieldOffset("InputRecord", "size"), view.byteLength, true);
  view.setInt32(fieldOffset("InputRecord", "pid"), pid, true);
  view.setInt32(fieldOffset("InputRecord", "nr"), nr, true);
  const first = fieldOffset("InputRecord", "a0");
  args.forEach((argument, i) => view.setBigInt64(first + 8 * i, BigInt(argument), true));
  return new Uint8Array(view.buffer);
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
  readonly pid: number;

  private constructor(engine: Engine) {
    this.engine = engine;
    this.pid = engine.input(encode({ kind: SPAWN, payload: NAME_SIZE }));
    engine.input(encode({ kind: SCHEDULE }));
  }

  /** @param wasm  another kernel than the library's. */
  static async boot(options: Partial<EngineOptions> = {}, wasm?: WebAssembly.Module): Promise<RawMachine> {
    const defaults = checkOptions({ trace: false });
    return new RawMachine(await Engine.create(await loadModule(wasm), { ...defaults, ...options }));
  }

  /** Makes a system call. @throws Error if it fails. */
  call(name: keyof typeof Nr, ...args: number[]): number {
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = args;
    this.engine.exports.syscall(Nr[name], a, b, c, d, e, f);
    const { result } = this.engine;
    if (result < 0) throw new Error(`${name}(${args.join(", ")}) = ${result}`);
    return result;
  }

  /** New user memory. @returns its address. */
  memory(length: number): number {
    this.engine.input(encode({ kind: USER_ALLOC, pid: this.pid, args: [length] }));
    return this.engine.result;
  }

  /** Writes numbers of 4 bytes to user memory. */
  store(address: number, ...words: number[]): void {
    const payload = words.length * 4;
    const record = encode({ kind: USER_STORE, pid: this.pid, args: [address, payload], payload });
    new Uint32Array(record.buffer, RECORD).set(words);
    this.engine.input(record);
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
    const { bytes } = this.engine.memory;
    let at = EXCHANGE_BASE;
    const put = (record: Uint8Array) => {
      bytes.set(record, at);
      at += record.length;
    };
    for (let i = 0; i < rounds; i++) {
      for (const step of round) {
        if (isCall(step)) {
          const [name, ...args] = step;
          put(encode({ kind: SYSCALL, pid: this.pid, nr: Nr[name], args }));
        } else {
          const record = encode({ kind: USER_STORE, pid: this.pid, args: [step.address, 4], payload: 8 });
          new DataView(record.buffer).setUint32(RECORD, step.value(i), true);
          put(record);
        }
      }
    }
    return { rounds, run: () => void this.engine.exports.replay(EXCHANGE_BASE, at - EXCHANGE_BASE) };
  }
}
