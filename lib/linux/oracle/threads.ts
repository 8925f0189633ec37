import { closeSync, openSync, readSync } from "node:fs";
import { Worker } from "node:worker_threads";

/** What a thread is told; it answers with a third number when the call has ended. */
const IDLE = 0;
const CALL = 1;

/** A real thread that makes system calls for a task. */
export class Thread {
  readonly #state = new Int32Array(new SharedArrayBuffer(8));
  readonly #args = new Float64Array(new SharedArrayBuffer(56));
  readonly #worker: Worker;
  /** /proc files of the thread, open from the start: a descriptor opened later could be one that a task waits for. */
  #stat = -1;
  #syscall = -1;
  #nr = 0;

  private constructor() {
    const workerData = { state: this.#state, args: this.#args };
    this.#worker = new Worker(new URL("./thread.mjs", import.meta.url), { workerData, execArgv: [] });
  }

  static async start(): Promise<Thread> {
    const thread = new Thread();
    await new Promise((resolve, reject) => thread.#worker.once("message", resolve).once("error", reject));
    thread.#worker.unref();
    thread.#stat = openSync(`/proc/self/task/${thread.#state[1]}/stat`, "r");
    thread.#syscall = openSync(`/proc/self/task/${thread.#state[1]}/syscall`, "r");
    return thread;
  }

  [Symbol.dispose](): void {
    closeSync(this.#stat);
    closeSync(this.#syscall);
    void this.#worker.terminate();
  }

  /** Begins a call. It has either ended or sleeps when `settle` returns. */
  begin(nr: number, args: readonly number[]): void {
    this.#nr = nr;
    this.#args.fill(0).set([nr, ...args]);
    Atomics.store(this.#state, 0, CALL);
    Atomics.notify(this.#state, 0);
  }

  /** Waits until the call has ended (true) or the thread sleeps in it (false). */
  settle(): boolean {
    while (Atomics.load(this.#state, 0) === CALL) {
      if (this.#sleeps()) return false;
      const briefly_ms = 0.02;
      Atomics.wait(this.#state, 0, CALL, briefly_ms);
    }
    return true;
  }

  /** Waits for the end of the call, `timeout_ms` at most. */
  wait(timeout_ms: number): void {
    Atomics.wait(this.#state, 0, CALL, timeout_ms);
  }

  /** The result of the call that has ended. */
  take(): number {
    Atomics.store(this.#state, 0, IDLE);
    return this.#args[0] ?? 0;
  }

  /** Makes a call that does not sleep. */
  call(nr: number, ...args: readonly number[]): number {
    this.begin(nr, args);
    while (this.inCall) this.wait(1);
    return this.take();
  }

  /** Whether it has begun a call that has not ended. */
  get inCall(): boolean {
    return Atomics.load(this.#state, 0) === CALL;
  }

  /**
   * A thread that a wake-up has reached is runnable before the waker's call returns, so this is never true of a thread
   * that still has something to do.
   */
  #sleeps(): boolean {
    return / S /.test(contents(this.#stat)) && contents(this.#syscall).startsWith(`${this.#nr} `);
  }
}

function contents(fd: number): string {
  const text = new Uint8Array(512);
  return new TextDecoder("latin1").decode(text.subarray(0, readSync(fd, text, 0, text.length, 0)));
}
