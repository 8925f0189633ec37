import { CLONE_FILES, NR } from "../abi.ts";
import type { Program, Sys } from "../program.ts";
import { Descriptors } from "./descriptors.ts";
import { syscall } from "./libc.ts";
import { LinuxSys, type Request } from "./linux-sys.ts";
import { UserMemory } from "./memory.ts";
import { Thread } from "./threads.ts";

/** A task of a program on the real kernel. */
interface Task {
  readonly steps: ReturnType<Program>;
  readonly thread: Thread;
  /** Whether it has a descriptor table of its own. */
  readonly apart: boolean;
  state: "runnable" | "in call" | "waiting for others" | "ended";
  /** What its generator goes on with. */
  value: number;
}

/** Number of the next program. It begins anywhere, so that the addresses differ from those of a minute ago. */
let programs = Math.floor(Math.random() * 16_000_000);

/**
 * Runs programs on the kernel of this computer. There is one at a time in a process, since it owns the descriptors; and a
 * program runs without a pause for the event loop, so that Node opens nothing meanwhile.
 */
export class LinuxMachine {
  readonly #fds: Descriptors;
  readonly #memory = new UserMemory(16 << 20);
  readonly #threads: readonly Thread[];
  /** Threads for tasks with a descriptor table of their own. Each serves once: it cannot go back to the common table. */
  readonly #apart: Thread[] = [];
  readonly #used: Thread[] = [];

  private constructor(threads: readonly Thread[], first: number, limit: number) {
    this.#threads = threads;
    this.#fds = new Descriptors(first, limit);
  }

  /**
   * `threads`: how many tasks a program may have; 0: a program has one task, which may not sleep for ever. `first`: the
   * number of the first descriptor. `limit`: RLIMIT_NOFILE.
   */
  static async start({ threads = 0, first = 3, limit = 1024 } = {}): Promise<LinuxMachine> {
    return new LinuxMachine(await Promise.all(Array.from({ length: threads }, () => Thread.start())), first, limit);
  }

  [Symbol.dispose](): void {
    this.#fds[Symbol.dispose]();
    for (const thread of [...this.#threads, ...this.#apart, ...this.#used]) thread[Symbol.dispose]();
  }

  /** Before a program that has so many tasks with a descriptor table of their own: has threads ready for them. */
  async prepare(apart: number): Promise<void> {
    for (const thread of this.#used.splice(0)) thread[Symbol.dispose]();
    while (this.#apart.length < apart) this.#apart.push(await Thread.start());
  }

  /** Runs a program to its end. */
  run(program: Program): void {
    if (this.#threads.some((thread) => thread.inCall)) throw new Error("a task of an earlier program still sleeps");
    this.#memory.release();
    this.#fds.reserve();
    const sys: Sys = new LinuxSys(this.#fds, this.#memory, this.#freshHost());
    try {
      if (this.#threads.length === 0) runAlone(program(sys));
      else this.#runTasks(program, sys);
    } finally {
      this.#fds.release();
    }
  }

  /** Lets one task run until it sleeps or waits, then the next, until all have ended. */
  #runTasks(main: Program, sys: Sys): void {
    const tasks: Task[] = [];
    const start = (program: Program, apart: boolean) => {
      const thread = apart ? this.#ownTable() : this.#threads[tasks.filter((task) => !task.apart).length];
      if (!thread) throw new Error(`the program wants more than ${this.#threads.length} tasks`);
      tasks.push({ steps: program(sys), thread, apart, state: "runnable", value: 0 });
    };
    start(main, false);
    while (tasks.some((task) => task.state !== "ended")) {
      const task = tasks.find((candidate) => candidate.state === "runnable") ?? this.#nextAwake(tasks);
      while (task.state === "runnable") {
        step(task, start, tasks.length);
        for (const other of tasks) collect(other);
      }
      if (task.state === "ended" && task.apart) {
        this.#fds.releaseBy((nr, ...args) => task.thread.call(nr, ...args));
        for (const other of tasks) collect(other);
      }
    }
  }

  /** A thread that has just got a copy of the descriptor table: with fork() a task has a copy of the memory as well. */
  #ownTable(): Thread {
    const thread = this.#apart.pop();
    if (!thread) throw new Error("the machine was not prepared for so many tasks with their own descriptors");
    this.#used.push(thread);
    if (thread.call(NR.unshare, CLONE_FILES) !== 0) throw new Error("unshare(CLONE_FILES) failed");
    return thread;
  }

  /** Nobody can run: whoever waits for that goes on, or the first call that ends by itself. */
  #nextAwake(tasks: readonly Task[]): Task {
    const waiter = tasks.find((task) => task.state === "waiting for others");
    if (waiter) {
      waiter.state = "runnable";
      return waiter;
    }
    const deadline = Date.now() + 5000;
    while (Date.now() < deadline) {
      for (const task of tasks) {
        if (task.state !== "in call") continue;
        task.thread.wait(1);
        if (collect(task)) return task;
      }
    }
    throw new Error("every task sleeps, and nothing will wake them");
  }

  /** 127.x.y.z, another for every program: ports and their TIME_WAIT are the program's own. */
  #freshHost(): string {
    const n = programs++;
    return `127.${1 + (Math.floor(n / 65_024) % 250)}.${Math.floor(n / 254) % 256}.${1 + (n % 254)}`;
  }
}

/** The fast way for a program with one task: its calls are made by this very thread. */
function runAlone(steps: ReturnType<Program>): void {
  let value = 0;
  for (;;) {
    const { done, value: request } = steps.next(value);
    if (done) return;
    const wanted = request as Request;
    if ("nr" in wanted) {
      const [a, b, c, d, e, f] = wanted.args;
      value = syscall(wanted.nr, a, b, c, d, e, f);
    } else if ("start" in wanted) {
      throw new Error("a program of one task cannot start another");
    } else {
      value = 0;
    }
  }
}

/** One step of a task: to its next call, which then has ended or sleeps. */
function step(task: Task, start: (program: Program, apart: boolean) => void, running: number): void {
  const { done, value: request } = task.steps.next(task.value);
  if (done) {
    task.state = "ended";
    return;
  }
  const wanted = request as Request;
  if ("nr" in wanted) {
    task.state = "in call";
    task.thread.begin(wanted.nr, wanted.args);
  } else if ("start" in wanted) {
    start(wanted.start, (wanted.flags & CLONE_FILES) === 0);
    task.value = running;
  } else {
    task.state = "waiting for others";
    task.value = 0;
  }
}

/** Makes a task runnable if it is in a call that has ended. */
function collect(task: Task): boolean {
  if (task.state !== "in call" || !task.thread.settle()) return false;
  task.value = task.thread.take();
  task.state = "runnable";
  return true;
}
