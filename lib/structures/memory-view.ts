/** The memory of a module as numbers. It gets another buffer whenever it grows. */
export class MemoryView {
  readonly #memory: WebAssembly.Memory;
  /** A buffer that was left behind has no length any more; only a script's memory leaves it as it was. */
  readonly #leavesEmpty: boolean;
  #ints = new Int32Array();
  #floats = new Float64Array();

  constructor(memory: WebAssembly.Memory) {
    this.#memory = memory;
    this.#leavesEmpty = memory instanceof WebAssembly.Memory;
  }

  /** All of it; valid until the module is called again. */
  get ints(): Int32Array {
    this.#renew();
    return this.#ints;
  }

  /** All of it; valid until the module is called again. */
  get floats(): Float64Array {
    this.#renew();
    return this.#floats;
  }

  #renew(): void {
    // Asking for the buffer takes longer than all else here.
    if (this.#ints.length > 0 && (this.#leavesEmpty || this.#ints.buffer === this.#memory.buffer)) return;
    this.#ints = new Int32Array(this.#memory.buffer);
    this.#floats = new Float64Array(this.#memory.buffer);
  }
}

const views = new WeakMap<WebAssembly.Memory, MemoryView>();

/** The view of a memory: one for all that lies in it. */
export function viewOf(memory: WebAssembly.Memory): MemoryView {
  const found = views.get(memory) ?? new MemoryView(memory);
  views.set(memory, found);
  return found;
}
