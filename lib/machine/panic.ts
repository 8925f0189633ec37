import { KERNEL_BASE, type KernelMemory, fieldOffset } from "./memory.ts";
import { RECORD_SIZE, TraceRecord } from "./records.ts";
import { TRACE_BASE, TRACE_RECORDS } from "./memory_map.ts";

/** How many records a panic carries. */
const TAIL = 32;

/**
 * The kernel has met something that must not be: an assertion of its own fails, or the module traps. It is a mistake
 * of this project, never of a program. The machine can be read, not run.
 */
export class KernelPanic extends Error {
  override readonly name = "KernelPanic";
  /** The tick at which it happened. */
  readonly tick: number;
  /** The last things that happened before, oldest first. */
  readonly trace: readonly TraceRecord[];

  constructor(message: string, tick: number, trace: readonly TraceRecord[], options?: ErrorOptions) {
    super(
      [`${message} (tick ${tick})`, ...trace.map((record) => `  ${record.tick} ${record.plain()}`)].join("\n"),
      options,
    );
    this.tick = tick;
    this.trace = trace;
  }

  /** A panic of the machine in `memory`, with the tail of its trace. */
  static from(memory: KernelMemory, message: string, cause?: unknown): KernelPanic {
    const tick = memory.number64(KERNEL_BASE + fieldOffset("Kernel", "tick"));
    const trace: TraceRecord[] = [];
    for (let at = Math.max(1, tick - TAIL + 1); at <= tick; at++) {
      const slot = TRACE_BASE + ((at - 1) % TRACE_RECORDS) * RECORD_SIZE;
      trace.push(new TraceRecord(memory.view, slot, at));
    }
    return new KernelPanic(message, tick, trace, { cause });
  }
}
