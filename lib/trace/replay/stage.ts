import type { AdoptedTask } from "../../machine/adopted_task.ts";
import type { Completion, SubmitArgument } from "../../machine/submission.ts";
import type { Kernel } from "../../kernel.ts";
import { layout } from "../../layout.gen.ts";

/** What happens within so much virtual time belongs together: packets on a wire without latency. Unit: ns. */
const AT_ONCE = 50_000;

/** Times behind this one are not believed. Unit: ns; a hundred days. */
const LATEST = 8.64e15;
/** What ends a sleep of an actor: a signal that no recorded program uses, with a handler that does nothing. */
const INTERRUPT = layout.constants.NSIG;
/** struct sigaction of that handler, at an address where no program has one. */
const HANDLER = new Uint8Array(new BigUint64Array([0x1000n, 0n, 0n, 0n]).buffer);

/** A task of the recording, played by an adopted task of the machine. */
export interface Actor {
  /** Its number in the recording. */
  readonly pid: number;
  /** Changes if the first one can make no calls any more. */
  task: AdoptedTask;
}

/** The machine as a stage: tasks that act, and a clock that follows the recording. */
export class Stage {
  readonly kernel: Kernel;
  /** Number of actors there have been. */
  actors = 0;
  readonly #actors = new Map<number, Actor>();
  readonly #programs: ReadonlyMap<number, string>;
  readonly #helpers = new Map<Actor, Actor>();
  /** Virtual time of the recording's first line. */
  #start = 0;

  /** @param programs  which program each task of the recording runs, by its number. */
  constructor(kernel: Kernel, programs: ReadonlyMap<number, string>) {
    this.kernel = kernel;
    this.#programs = programs;
  }

  /** The clock of the recording begins now. */
  begin(): void {
    this.#start = this.kernel.now;
  }

  /** The actor of a recorded task, if it has one. */
  actor(pid: number): Actor | undefined {
    return this.#actors.get(pid);
  }

  /** Lets a task enter. @param parent the one that makes it; undefined: nobody of the recording does. */
  enter(pid: number, parent?: Actor, shared = false): Actor {
    const options = parent ? ({ parent: parent.task, files: shared ? "shared" : "copied" } as const) : {};
    const actor: Actor = { pid, task: this.kernel.adopt(this.#nameOf(pid), options) };
    // Time passes when the recording says so.
    actor.task.holdsClock = false;
    // Those that have a parent have its handlers.
    if (!parent) actor.task.submit("rt_sigaction", INTERRUPT, { in: HANDLER }, 0, layout.constants.SIGSET_SIZE);
    this.#actors.set(pid, actor);
    this.actors++;
    return actor;
  }

  /** A task goes by the name of its program; one that only its maker knows, by its number in the recording. */
  #nameOf(pid: number): string {
    return this.#programs.get(pid) ?? `pid ${pid}`;
  }

  /** Another task takes over, with the same descriptors: the first one sleeps where nothing will wake it. */
  replace(actor: Actor): void {
    actor.task.onComplete = null;
    actor.task = this.kernel.adopt(this.#nameOf(actor.pid), { parent: actor.task, files: "shared" });
    actor.task.holdsClock = false;
  }

  /** A task that shares an actor's descriptors, for what happens to them from outside while the actor sleeps. */
  helper(actor: Actor): Actor {
    let helper = this.#helpers.get(actor);
    if (!helper) {
      helper = { pid: actor.pid, task: this.kernel.adopt("outside", { parent: actor.task, files: "shared" }) };
      helper.task.holdsClock = false;
      this.#helpers.set(actor, helper);
    }
    return helper;
  }

  /** Makes a call; `done` is called once it has come to an end, maybe at once. */
  submit(actor: Actor, name: string, args: readonly SubmitArgument[], done: (completion: Completion) => void): void {
    const { task } = actor;
    task.onComplete = done;
    const submission = task.submit(name, ...args.map(exact));
    if (submission.done) done(submission);
    this.settle();
    // The recorded machine had its files in memory: here the disk is waited for at once.
    while (task.state === "uninterruptible" && this.kernel.elapse()) this.settle();
  }

  /** Makes a call that does not sleep, for the stage's own purposes. @returns what the machine returned. */
  call(actor: Actor, name: string, ...args: readonly SubmitArgument[]): number | null {
    let value: number | null = null;
    this.submit(actor, name, args, (completion) => (value = completion.value));
    return value;
  }

  /** Lets everything run that can without time passing. */
  settle(): void {
    this.kernel.settle();
  }

  /** Lets packets and what they cause arrive. */
  deliver(): void {
    this.kernel.run({ until: { time: this.kernel.now + AT_ONCE } });
  }

  /** Lets time pass up to that of a line. @param time ns since the recording's first line. */
  advance(time: number): void {
    this.advanceTo(this.#start + time);
  }

  /** Lets time pass. @param time ns since boot. */
  advanceTo(time: number): void {
    const { kernel } = this;
    if (time <= kernel.now || time > LATEST) return;
    kernel.world.at(time, () => {});
    kernel.run({ until: { time } });
  }

  /** Lets time pass until the alarm of a sleeping task goes off, if it has one. */
  timeOut(actor: Actor): void {
    const until = actor.task.sleeping?.until;
    if (until === null || until === undefined) return;
    this.advanceTo(until);
    this.deliver();
  }

  /** A signal interrupts the sleep of a task. @returns whether its call has come to an end. */
  interrupt(actor: Actor): boolean {
    actor.task.signal(INTERRUPT);
    this.settle();
    return actor.task.outside;
  }

  /** A task leaves the stage for good. */
  leave(actor: Actor, status: number): void {
    this.#actors.delete(actor.pid);
    if (actor.task.outside || this.interrupt(actor)) actor.task.exit(status);
    this.settle();
  }
}

/** An argument as a register holds it: numbers that a recording gives may be larger than a number can be exactly. */
function exact(argument: SubmitArgument): SubmitArgument {
  if (typeof argument !== "number" || Number.isSafeInteger(argument)) return argument;
  return Number.isFinite(argument) ? BigInt.asIntN(64, BigInt(Math.trunc(argument))) : 0;
}
