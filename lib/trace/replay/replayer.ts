import { type Happening, timelineOf } from "./timeline.ts";
import { type Placed, impliedEvents, isStandIn } from "./implied.ts";
import { type Inherited, type Survey, surveyTrace } from "./survey.ts";
import { isExit, isPair, isRead, isTaking, programsOf, sharesTable } from "./call_facts.ts";
import { NotSimulated, resultOf } from "./request.ts";
import { type ReplayReport, type ReplayedCall, tallyByName, tallyCalls } from "./report.ts";
import type { StraceCall, StraceExit, StraceTrace } from "../strace/types.ts";
import { Alignment, madeNumbers } from "./align.ts";
import { type Actor, Stage } from "./stage.ts";
import type { Kernel } from "../../kernel.ts";
import { OPEN_FLAGS } from "./constants.ts";
import { Order } from "./order.ts";
import { Outside } from "./outside.ts";
import { Performance } from "./performance.ts";
import { Waits } from "./waits.ts";
import { Properties } from "./properties.ts";
import { assess } from "./assess.ts";
import { bitsOf, descriptorOf, numberOf } from "../strace/access.ts";
import { moveInstead } from "./effects.ts";
import { hidesArray } from "../strace/classify.ts";
import { requestOf } from "./requests.ts";

/** Drives a machine with the system calls of a recording, and compares what it answers. */
export class Replayer {
  readonly kernel: Kernel;
  readonly trace: StraceTrace;
  readonly #survey: Survey;
  readonly #implied: ReadonlyMap<StraceCall, readonly Placed[]>;
  readonly #timeline: readonly Happening[];
  readonly #stage: Stage;
  readonly #outside: Outside;
  readonly #order: Order;
  readonly #alignment: Alignment;
  readonly #properties: Properties;
  /** Inherited descriptors that have to be there before a call. */
  readonly #late = new Map<StraceCall, Inherited[]>();
  readonly #waits: Waits;
  /** The calls that tasks are in, by their numbers. */
  readonly #open = new Map<number, Performance>();
  readonly #outcomes = new Map<StraceCall, ReplayedCall>();
  #next = 0;

  /** @param kernel  a machine that has just been booted. */
  constructor(kernel: Kernel, trace: StraceTrace) {
    this.kernel = kernel;
    this.trace = trace;
    this.#survey = surveyTrace(trace);
    this.#implied = impliedEvents(this.#survey);
    this.#timeline = timelineOf(trace);
    this.#stage = new Stage(kernel, programsOf(trace.calls));
    this.#outside = new Outside(kernel, this.#implied.values(), this.#survey.files);
    this.#order = new Order(this.#stage);
    this.#alignment = new Alignment(this.#stage);
    this.#properties = new Properties(this.#stage, this.#outside);
    this.#waits = new Waits(this.#timeline, this.#survey);
    for (const inherited of this.#survey.inherited) {
      if (inherited.before === null) continue;
      const list = this.#late.get(inherited.before) ?? [];
      this.#late.set(inherited.before, [...list, inherited]);
    }
  }

  /** Number of happenings: entries and exits of calls, signals, ends of tasks. */
  get length(): number {
    return this.#timeline.length;
  }

  /** How many of them have been played. */
  get position(): number {
    return this.#next;
  }

  /** Plays the next happening. @returns false at the end of the recording. */
  step(): boolean {
    const happening = this.#timeline[this.#next];
    if (!happening) return false;
    if (this.#next === 0) this.#stage.begin();
    this.#next++;
    if (happening.kind === "entry") this.#enter(happening.call);
    else if (happening.kind === "exit") this.#leave(happening.call);
    else if (happening.kind === "end") this.#end(happening.end);
    return this.#next < this.#timeline.length;
  }

  /** What it has come to so far. */
  report(): ReplayReport {
    const calls = this.trace.calls.flatMap((call) => this.#outcomes.get(call) ?? []);
    const tally = tallyCalls(calls);
    return {
      name: this.trace.name,
      lines: this.trace.lines,
      tasks: this.#stage.actors,
      calls,
      tally,
      io: tally.matched + tally.mismatched + tally["not simulated"],
      countOnly: calls.filter(({ call, verdict }) => verdict === "matched" && hidesArray(call)).length,
      bySystemCall: tallyByName(calls),
      firstMismatch: calls.find((call) => call.verdict === "mismatched") ?? null,
      outside: this.#outside.counts,
      warnings: this.trace.warnings,
      virtualTime: this.kernel.now,
    };
  }

  #enter(call: StraceCall): void {
    const actor = this.#stage.actor(call.pid) ?? this.#root(call.pid);
    const subject = this.#survey.subjects.get(call)!;
    const performance = new Performance(call, subject, actor, this.#implied.get(call) ?? []);
    this.#open.set(call.pid, performance);
    this.#birth(call, actor);
    const assessment = assess(call, subject);
    if (assessment) performance.refuse(assessment.verdict, assessment.reason);
    else if (performance.sleeps) {
      this.#stage.advance(call.time);
      // Whom it connects to has to be there before.
      this.#happen(
        actor,
        performance.implied.filter(({ implied }) => implied.kind === "server"),
      );
      this.#make(performance);
    }
    // Whoever reads what it has written to may find the end before the recording says that it is gone.
    if (isExit(call)) this.#stage.leave(actor, numberOf(call.args[0]) ?? 0);
  }

  /** A task that nobody of the recording has made enters, with what it has from before. */
  #root(pid: number): Actor {
    const actor = this.#stage.enter(pid);
    const table = this.#survey.tables.get(pid);
    const own = this.#survey.inherited.filter((inherited) => inherited.table === table && inherited.before === null);
    for (const { fd, file } of own.sort((a, b) => a.fd - b.fd)) this.#properties.place(actor, fd, file);
    return actor;
  }

  /** A call makes a task: it is there from the entry on, for it may act before the call returns. */
  #birth(call: StraceCall, actor: Actor): void {
    const child = resultOf(call)?.value ?? 0;
    if (this.#survey.births.get(child) !== call || this.#stage.actor(child)) return;
    this.#stage.enter(child, actor, sharesTable(call));
  }

  #leave(call: StraceCall): void {
    const performance = this.#open.get(call.pid);
    this.#waits.leave(call);
    if (performance?.call !== call) return;
    if (performance.isWaiting) {
      this.#stage.advance(call.time);
      this.#perform(performance);
    }
    if (performance.verdict === null && !performance.completion) this.#awake(performance);
    if (performance.verdict === null) this.#judge(performance);
    else this.#makeUp(performance);
    this.#open.delete(call.pid);
    this.#outcomes.set(call, performance.outcome);
  }

  /** Makes a call, after those that must come before it and with all that happened outside by then. */
  #perform(performance: Performance): void {
    const waiting = [...this.#open.values()].filter((other) => other.isWaiting);
    for (;;) {
      const before = this.#order.before(
        performance,
        performance.actor,
        waiting.filter((other) => other.isWaiting),
      );
      if (!(before instanceof Performance)) break;
      this.#happen(before.actor, before.implied);
      this.#happenBefore(before);
      this.#make(before);
    }
    this.#happen(performance.actor, performance.implied);
    this.#happenBefore(performance);
    this.#make(performance);
  }

  /** What a call makes readable is reported behind what has happened outside before. */
  #happenBefore(performance: Performance): void {
    for (const next of this.#waits.next()) {
      const implied = this.#implied.get(next);
      if (!implied) continue;
      const until = this.#order.precedes(performance, this.#survey.subjects.get(next)!.reported);
      if (until > 0) this.#happen(performance.actor, implied, until);
    }
  }

  /** Lets happen outside what a call shows: in the first events that it reports, if `until` says in how many. */
  #happen(actor: Actor, placed: readonly Placed[], until = Number.POSITIVE_INFINITY): void {
    let hasHappened = false;
    for (const { implied, position } of placed) {
      if (position >= until) break;
      if (implied.kind === "ready") {
        this.#properties.ready(actor, implied.fd);
        this.#outside.counts.ready++;
      } else if (this.#outside.happen(implied)) hasHappened = true;
      else continue;
      // A client has to be connected before the next one comes, or its data.
      if (implied.kind === "connection" || implied.kind === "server") this.#stage.deliver();
    }
    if (hasHappened) this.#stage.deliver();
  }

  #make(performance: Performance): void {
    const { call, subject, actor } = performance;
    for (const { fd, file } of this.#late.get(call) ?? []) this.#properties.place(actor, fd, file);
    try {
      this.#provide(performance);
      const request = requestOf({ call, subject, surroundings: this.#outside });
      performance.make(this.#stage, request);
    } catch (error) {
      if (!(error instanceof NotSimulated)) throw error;
      performance.refuse("not simulated", error.message);
    }
    if (performance.completion) this.#note(performance);
  }

  /** The file that a call opens is there, unless the call itself makes it. */
  #provide({ call, subject }: Performance): void {
    const [file] = subject.made;
    if (file?.kind !== "regular" || file.made !== call) return;
    const { O_CREAT, O_EXCL } = OPEN_FLAGS as Record<string, number>;
    const flags = bitsOf(call.args[call.name === "openat" ? 2 : 1], OPEN_FLAGS) ?? 0;
    const makes = (flags & O_CREAT!) !== 0 && !this.#outside.has(file.path);
    if (call.name === "creat" || (makes && ((flags & O_EXCL!) !== 0 || (file.facts?.size ?? 0) === 0)))
      this.#outside.made(file);
    else this.#outside.provide(file);
  }

  /** Takes note of what a call has done, for those that come later. */
  #note(performance: Performance): void {
    const { value } = performance.completion!;
    this.#order.made(performance, value);
    if (isTaking(performance.call) && value > 0) this.#outside.took(performance.subject.files[0], value);
  }

  /** The recorded call ended: what woke it happens, one thing after the other, until it ends here as well. */
  #awake(performance: Performance): void {
    const { call, actor } = performance;
    this.#stage.advance(call.endTime ?? call.time);
    if (!performance.completion) this.#happen(actor, performance.implied);
    for (const other of this.#open.values()) {
      if (performance.completion) break;
      if (other === performance || !other.isWaiting) continue;
      this.#happen(other.actor, other.implied);
      this.#make(other);
    }
    if (!performance.completion && resultOf(call)?.errno === "EINTR") {
      this.#outside.counts.signal++;
      this.#stage.interrupt(actor);
    }
    if (!performance.completion && resultOf(call)?.value === 0) this.#stage.timeOut(actor);
    if (performance.completion) this.#note(performance);
    else this.#giveUp(performance);
  }

  /** The task sleeps where the recorded one went on: it is woken, or another one takes its place. */
  #giveUp(performance: Performance): void {
    performance.sleptOn();
    if (this.#stage.interrupt(performance.actor)) performance.resynchronized = "its sleep was interrupted";
    else {
      this.#stage.replace(performance.actor);
      performance.resynchronized = "another task goes on in its place";
    }
    performance.completion = null;
  }

  #judge(performance: Performance): void {
    const { call, actor, completion } = performance;
    performance.compare();
    if (performance.verdict === "not simulated") this.#instead(performance);
    if (performance.verdict !== "mismatched" || !completion) return;
    const [out] = completion.out;
    const pair = out && isPair(call) ? [...new Int32Array(out.slice(0, 8).buffer)] : [];
    const done = this.#alignment.restore(actor, call, completion.value, pair);
    if (done !== undefined) performance.resynchronized = done;
  }

  /** After a call that the machine was not given: what it did that others depend on is done. */
  #makeUp(performance: Performance): void {
    const { call, actor, subject } = performance;
    if (call.name.startsWith("exec") && resultOf(call)?.value === 0) this.#alignment.exec(actor, subject.table.used);
    if (performance.verdict === "no I/O" || performance.made) return;
    if (performance.verdict === "not simulated") this.#instead(performance);
    const [made] = subject.made;
    if (made && made.made === call && isStandIn(made)) this.#standIn(performance);
    else this.#alignment.take(actor, call);
    const [file] = subject.files;
    if (file && isStandIn(file) && isRead(call)) this.#properties.drain(actor, descriptorOf(call.args[0])!);
  }

  /** What a call that the machine does not have has moved is moved by others. */
  #instead({ call, actor, subject, implied }: Performance): void {
    this.#happen(actor, implied);
    this.#outside.took(subject.files[0], moveInstead(this.#stage, actor, call));
  }

  #standIn({ call, actor, resynchronized }: Performance): void {
    const [fd] = madeNumbers(call);
    if (fd === undefined || resynchronized !== undefined) return;
    const got = this.#properties.standIn(actor, false);
    if (got !== fd) this.#alignment.restore(actor, call, got, []);
  }

  #end(end: StraceExit): void {
    const actor = this.#stage.actor(end.pid);
    if (!actor || end.end.kind === "superseded") return;
    this.#stage.leave(actor, end.end.kind === "exited" ? end.end.status : 1);
  }
}
