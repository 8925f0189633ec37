import { NR, SIGBUS, SIGCHLD, SIGSEGV } from "../abi.ts";
import type { Program, SignalHandler } from "../program.ts";
import { freshHost, removeFolder } from "./host.ts";
import { type Processes, SA_RESTORER, SA_SIGINFO } from "./linux-signals.ts";
import { LinuxSys, type Request } from "./linux-sys.ts";
import { UserMemory } from "./memory.ts";
import { Puppet } from "./puppet.ts";
import { WTERMSIG } from "../../machine/wait_status.ts";
import { buildPuppet } from "./build.ts";
import { COMMAND, Stage } from "./stage.ts";

/** What a task is about to do or waits for: in its main program, or in a signal handler that has interrupted that. */
interface Frame {
  readonly sys: LinuxSys;
  readonly steps: ReturnType<Program>;
  /** What its generator goes on with. */
  value: number;
  state: "runnable" | "in call" | "waiting for others";
  /** What it does next, if that is known already. */
  next?: ReturnType<ReturnType<Program>["next"]> | undefined;
  /** It waits for others: the waiter with the lowest number goes on first. */
  turn: number;
}

/** A task of a program: a real process or thread. */
interface Task {
  readonly puppet: Puppet;
  /** Handlers by signal; those of a thread are its process's. */
  readonly handlers: Map<number, SignalHandler>;
  /** The innermost last. */
  readonly frames: Frame[];
  hasEnded: boolean;
}

/** How long calls that sleep may take when nobody else can run. */
const PATIENCE_ms = 5000;
/** How long it may take until it is known how a task has ended. */
const TOLD_ms = 1000;
const MEMORY_bytes = 128 << 20;
const PLACES = 8;

/** Runs programs on the kernel of this computer, in processes of their own: with threads, forks and signals. */
export class PuppetMachine {
  readonly #stage: Stage;
  readonly #memory: UserMemory;
  #tasks: Task[] = [];
  #host = "";
  #hasSignals = false;

  private constructor(stage: Stage) {
    this.#stage = stage;
    this.#memory = new UserMemory(stage.userMemory, PLACES);
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
   *
   * @returns  the signal that has ended its first task; null: none has.
   */
  run(program: Program, patience_ms = PATIENCE_ms): number | null {
    this.#memory.release();
    this.#stage.beginProgram();
    this.#host = freshHost();
    this.#hasSignals = false;
    try {
      this.#adopt(program, new Map());
      for (let task = this.#next(patience_ms); task; task = this.#next(patience_ms)) this.#runTask(task);
      return this.#killed();
    } finally {
      for (const { puppet } of this.#tasks) puppet[Symbol.dispose]();
      this.#tasks = [];
      this.#stage.endProgram();
      removeFolder(this.#host);
    }
  }

  /** The signal that has ended the first task, once the process that waits for it has learnt that; null: none has. */
  #killed(): number | null {
    const [main] = this.#tasks;
    const deadline = Date.now() + TOLD_ms;
    while (main?.hasEnded && this.#stage.status === null && Date.now() < deadline) main.puppet.wait();
    return WTERMSIG(this.#stage.status ?? 0) || null;
  }

  /** A task that has been started at the next place. */
  #adopt(program: Program, handlers: Map<number, SignalHandler>): void {
    const puppet = new Puppet(this.#stage, this.#tasks.length);
    this.#tasks.push({ puppet, handlers, frames: [this.#frame(program, handlers)], hasEnded: false });
  }

  #frame(program: Program, handlers: Map<number, SignalHandler>): Frame {
    // Each has its own scratch memory: the kernel may write into that of a call that sleeps.
    const same = { real: (fd: number) => fd, seen: (fd: number) => fd };
    const sys = new LinuxSys(same, this.#memory, this.#host, this.#processes(handlers));
    return { sys, steps: program(sys), value: 0, state: "runnable", turn: 0 };
  }

  #processes(handlers: Map<number, SignalHandler>): Processes {
    const { handler: address, restorer } = this.#stage;
    return {
      real: (pid) => {
        this.#hasSignals = true;
        if (pid === 0) return 0;
        if (pid < 0) throw new RangeError("signals for groups of processes are not for this machine");
        return this.#tasks[pid - 1]?.puppet.tid ?? NOBODY;
      },
      seen: (pid) => (pid <= 0 ? pid : this.#tasks.findIndex((task) => task.puppet.tid === pid) + 1),
      handler: (signo) => handlers.get(signo),
      action: (signo, handler, flags) => {
        this.#hasSignals = true;
        if (typeof handler === "number") handlers.delete(signo);
        else handlers.set(signo, handler);
        const all = (flags | SA_RESTORER | (typeof handler === "number" ? 0 : SA_SIGINFO)) >>> 0;
        return [typeof handler === "number" ? BigInt(handler) : address, BigInt(all), restorer];
      },
    };
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
      this.#collectAll();
    }
  }

  /** Notes how far all have come. When one has ended, those asleep are looked at anew: it may have woken them. */
  #collectAll(): void {
    let before = this.#living;
    for (const task of this.#tasks) this.#collect(task);
    for (let living = this.#living; living !== before; living = this.#living) {
      before = living;
      for (const task of this.#tasks) if (top(task).state === "in call") this.#collect(task);
    }
  }

  /** Number of tasks that have not ended. */
  get #living(): number {
    return this.#tasks.filter(({ hasEnded }) => !hasEnded).length;
  }

  /** To the next call of a task, which then is under way. */
  #step(task: Task): void {
    const frame = top(task);
    const { done, value: request } = frame.next ?? frame.steps.next(frame.value);
    frame.next = undefined;
    const wanted = request as Request;
    if (done && task.frames.length > 1) {
      task.puppet.leaveHandler(frame.sys.isJumping);
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
    this.#adopt(program, flags & CLONE_SIGHAND ? task.handlers : new Map(task.handlers));
    frame.value = place + 1;
  }

  /** Notes how far a task has come: its call has ended, a handler has begun, or it is no more. */
  #collect(task: Task): void {
    if (task.hasEnded) return;
    const frame = top(task);
    if (frame.state !== "in call" && !this.#hasSignals) return;
    const settled = frame.state === "in call" ? task.puppet.settle() : task.puppet.rest();
    if (settled === "ended") task.hasEnded = true;
    if (frame.state === "in call" && settled !== "ended" && task.puppet.isDone) {
      frame.value = task.puppet.result;
      frame.state = "runnable";
      // The program comes before the handler: its call had ended when the signal came.
      if (settled === "signal") frame.next = frame.steps.next(frame.value);
    }
    if (settled === "signal") this.#interrupt(task);
  }

  /** A handler has begun, on top of what the task does. */
  #interrupt(task: Task): void {
    const info = task.puppet.enterHandler();
    const [signo, code, pid, status] = [0, 8, 16, 24].map((at) => info.getInt32(at, true)) as [
      number,
      number,
      number,
      number,
    ];
    const handler = task.handlers.get(signo);
    if (!handler) throw new Error(`signal ${signo} has come to a handler that there is not`);
    const isFault = (signo === SIGSEGV || signo === SIGBUS) && code > 0;
    const known = {
      signo,
      code,
      pid: isFault ? 0 : this.#processes(task.handlers).seen(pid),
      status: signo === SIGCHLD ? status : 0,
      addr: isFault ? Number(info.getBigUint64(16, true)) : 0,
    };
    task.frames.push(this.#frame((sys) => handler(sys, signo, known), task.handlers));
  }
}

/** A number that no task has: the greatest that Linux gives is below. */
const NOBODY = 0x3f_ffff;
const CLONE_SIGHAND = 0x800;

/** The program or handler that a task is in. */
function top(task: Task): Frame {
  return task.frames.at(-1) as Frame;
}
