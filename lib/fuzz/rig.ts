import { Engine, type EngineOptions } from "../machine/engine.ts";
import { type InputWriter, type Recorded, Tape } from "./tape.ts";
import { EXCHANGE_BASE } from "../machine/memory_map.ts";
import { KERNEL_BASE, fieldOffset } from "../machine/memory.ts";
import { type Boot, bootFigures } from "./leaks.ts";
import { layout } from "../layout.gen.ts";

const { UNINTERRUPTIBLE } = layout.enums.TaskState.values;

const RESULT = KERNEL_BASE + fieldOffset("Kernel", "result");
const WINDOW = EXCHANGE_BASE / 4;

/** A machine without any host around it, which can be put back to how it was booted, quickly. */
export class Rig {
  readonly engine: Engine;
  /** What was in use when it was booted. */
  readonly boot: Boot;
  /** All inputs since then. */
  readonly tape = new Tape();
  readonly #image: Uint8Array<ArrayBuffer>;
  readonly #input: (record: number) => number;
  #words: Int32Array<ArrayBuffer>;

  constructor(module: WebAssembly.Module, options: EngineOptions, prepare?: (engine: Engine) => void) {
    this.engine = Engine.createSync(module, options);
    prepare?.(this.engine);
    const { exports } = this.engine;
    this.#input = (record) => exports.input(record);
    const { memory } = this.engine;
    this.#image = memory.bytes.slice(KERNEL_BASE, memory.end);
    this.#words = new Int32Array(memory.bytes.buffer);
    this.boot = bootFigures(memory);
  }

  /** Puts the machine back to how it was booted. */
  reset(): void {
    const { engine } = this;
    const { bytes, end } = engine.memory;
    bytes.set(this.#image, KERNEL_BASE);
    const from = KERNEL_BASE + this.#image.length;
    if (end > from) bytes.fill(0, from, end);
    engine.memory.invalidate();
    engine.panic = undefined;
    this.tape.clear();
  }

  /** Takes an input. @returns what the kernel answers. @throws KernelPanic */
  take(writer: InputWriter): number {
    const { length, words } = writer;
    this.tape.add(words, length);
    return this.#give(words, length);
  }

  /** Takes an input that was recorded. @returns what the kernel answers. @throws KernelPanic */
  repeat(record: Recorded): number {
    this.tape.add(record, record.length);
    return this.#give(record, record.length);
  }

  #give(record: Int32Array, length: number): number {
    // A memory that has grown has left its old arrays empty.
    if (this.#words.length === 0) this.#words = new Int32Array(this.engine.memory.bytes.buffer);
    const words = this.#words;
    if (length < 64) for (let i = 0; i < length; i++) words[WINDOW + i] = record[i]!;
    else words.set(record.subarray(0, length), WINDOW);
    try {
      return this.#input(EXCHANGE_BASE);
    } catch (error) {
      throw this.engine.panicked(error);
    }
  }

  /** What the last system call that ended has returned. */
  get result(): number {
    return this.engine.memory.view.getFloat64(RESULT, true);
  }

  /** Whether a task is there and has not ended. */
  lives(pid: number): boolean {
    const at = this.engine.task(pid);
    return at !== 0 && this.engine.memory.get("TaskStruct", at, "mm") !== 0;
  }

  /** Whether a task is asleep and no signal would wake it. */
  waits(pid: number): boolean {
    const at = this.engine.task(pid);
    return at !== 0 && this.engine.memory.get("TaskStruct", at, "state") === UNINTERRUPTIBLE;
  }
}
