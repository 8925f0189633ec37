import { NR } from "../abi.ts";
import type { Program } from "../program.ts";
import { freshHost, removeFolder } from "./host.ts";
import { LinuxSys, type Request } from "./linux-sys.ts";
import { UserMemory } from "./memory.ts";
import { Puppet } from "./puppet.ts";
import { buildPuppet } from "./puppet-build.ts";
import { COMMAND, Stage } from "./stage.ts";

/** What a task is about to do or waits for: in its main program, or in a signal handler that has interrupted that. */
interface Frame {
  readonly steps: ReturnType<Program>;
  /** What its generator goes on with. */
  value: number;
  state: "runnable" | "in call" | "waiting for others";
  /** It waits for others: the waiter with the lowest number goes on first. */
  turn: number;
}

/** A task of a program: a real process or thread. */
interface Task {
  readonly puppet: Puppet;
  /** The innermost last. */
  readonly frames: Frame[];
  hasEnded: boolean;
}

/** How long calls that sleep may take when nobody else can run. */
const PATIENCE_ms = 5000;
const MEMORY_bytes = 16 << 20;

/** Runs programs on the kernel of this computer, in processes of their own: with threads, forks and signals. */
export class PuppetMachine {
  readonly #stage: Stage;
  readonly #memory: UserMemory;
  #tasks: Task[] = [];
  #host = "";
  #hasSignals = false;

  private constructor(stage: Stage) {
    this.#stage = stage;
    this.#memory = new UserMemory(stage.userMemory);
  }

  /** Starts one, or says null where there is no C compiler. `limit`: RLIMIT_NOFILE of programs. */
  static async start({ limit = 1024 } = {}): Promise<PuppetMachine | null> {
    const program = await buildPuppet();
    return program === null ? null : new PuppetMachine(await Stage.start(program, limit, MEMORY_bytes));
  }

  /** Whether tasks that are woken together run in the order in which they were woken; else the scheduler chooses. */
  get isInOrder(): boolean {
    return this.#stage.isInOrder;
  }

  [Symbol.dispose](): void {
    this.#stage[Symbol.dispose]();
  }

  /**
   * Runs a program until all its tasks have ended, or sleep and nothing has woken them for `patience_ms`. Those are ended
   * then.
   */
  run(program: Program, patience_ms = PATIENCE_ms): void {
    this.#memory.release();
    this.#stage.beginProgram();
    this.#host = freshHost();
    this.#hasSignals = false;
    try {
      this.#adopt(program);
      for (let task = this.#next(patience_ms); task; task = this.#next(patience_ms)) this.#runTask(task);
    } finally {
      for (const { puppet } of this.#tasks) puppet[Symbol.dispose]();
      this.#tasks = [];
      this.#stage.endProgram();
      removeFolder(this.#host);
    }
  }

  /** A task that has been started at the next place. */
  #adopt(program: Program): void {
    const puppet = new Puppet(this.#stage, this.#tasks.length);
    this.#tasks.push({ puppet, frames: [this.#frame(program)], hasEnded: false });
  }

  #frame(program: Program): Frame {
    // Each has its own scratch memory: the kernel may write into that of a call that sleeps.
    const sys = new LinuxSys({ real: (fd) => fd, seen: (fd) => fd }, this.#memory, this.#host);
    return { steps: program(sys), value: 0, state: "runnable", turn: 0 };
  }

  /** The task that goes on: one that can run, or one that waits for others, or the first whose call ends by itself. */
  #next(patience_ms: number): Task | null {
    const alive = this.#tasks.filter((task) => !task.hasEnded);
    const ready = alive.find((task) => top(task).state === "runnable");
    if (ready) return ready;
    const waiting = alive.filter((task) => top(task).state === "waiting for others");
    if (waiting.length > 0) {
      const first = waiting.reduce((a, b) => (top(b).turn < top(a).turn ? b : a));
      top(first).state = "runnable";
      return first;
    }
    const deadline = Date.now() + patience_ms;
    while (alive.length > 0 && Date.now() < deadline) {
      for (const task of alive) {
        task.puppet.wait();
        this.#collect(task);
        if (!task.hasEnded && top(task).state === "runnable") return task;
      }
    }
    return null;
  }

  /** Lets a task run until it sleeps, waits or ends. */
  #runTask(task: Task): void {
    while (!task.hasEnded && top(task).state === "runnable") {
      this.#step(task);
      for (const other of this.#tasks) this.#collect(other);
    }
  }

  /** To the next call of a task, which then is under way. */
  #step(task: Task): void {
    const frame = top(task);
    const { done, value: request } = frame.steps.next(frame.value);
    const wanted = request as Request;
    if (done && task.frames.length > 1) {
      task.puppet.leaveHandler();
      task.frames.pop();
    } else if (done) {
      this.#begin(task, NR.exit, [0]);
    } else if ("nr" in wanted) {
      this.#begin(task, wanted.nr, wanted.args);
    } else if ("start" in wanted) {
      this.#start(task, wanted.start, wanted.flags);
    } else {
      frame.state = "waiting for others";
      frame.turn = wanted.turn ?? 0;
      frame.value = 0;
    }
  }

  #begin(task: Task, nr: number, args: readonly number[]): void {
    top(task).state = "in call";
    task.puppet.begin(nr, args);
  }

  #start(task: Task, program: Program, flags: number): void {
    const frame = top(task);
    const place = this.#tasks.length;
    task.puppet.begin(COMMAND.START, [place, flags]);
    if (task.puppet.settle() !== "done") throw new Error("a task that starts another sleeps");
    frame.value = task.puppet.result;
    if (frame.value < 0) return;
    this.#adopt(program);
    frame.value = place;
  }

  /** Notes how far a task has come: its call has ended, a handler has begun, or it is no more. */
  #collect(task: Task): void {
    if (task.hasEnded) return;
    const frame = top(task);
    if (frame.state !== "in call" && !this.#hasSignals) return;
    const settled = frame.state === "in call" ? task.puppet.settle() : task.puppet.rest();
    if (settled === "ended") task.hasEnded = true;
    if (settled !== "done" || frame.state !== "in call") return;
    frame.value = task.puppet.result;
    frame.state = "runnable";
  }
}

/** The program or handler that a task is in. */
function top(task: Task): Frame {
  return task.frames.at(-1) as Frame;
}
