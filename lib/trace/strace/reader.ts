import { InputError } from "../../errors.ts";
import { hidesArray } from "./classify.ts";
import { parseExit, parseSignal } from "./events.ts";
import { PrefixReader } from "./prefix.ts";
import { type Outcome, parseOutcome } from "./result.ts";
import { type Piece, Scanner } from "./scanner.ts";
import { Tasks, UNNAMED } from "./tasks.ts";
import type { StraceCall, StraceTrace, StraceUnfinished, StraceValue, StraceWarning } from "./types.ts";
import { parseArguments } from "./value.ts";
import { Warnings } from "./warnings.ts";

/** How to record so that nothing a replay needs is left out. */
const RECORDING_COMMAND = "strace -f -ttt -T -yy -s 0 -e abbrev=execve,execveat -o FILE";

const PLUS = 43;
const MINUS = 45;
const COMMA = 44;
const LESS = 60;
const GREATER = 62;
const QUESTION = 63;
const BYTE_ORDER_MARK = 0xfeff;
const CARRIAGE_RETURN = 13;

const UNFINISHED = "<unfinished ...>";
const DETACHED = "<detached ...>";
const PID_CHANGED = /<pid changed to (\d{1,9}) \.\.\.>$/;
/** strace writes this wherever it is in its output, also into the middle of a call. */
const SPLICED = /^(.*?)(strace: Process \d{1,9} (?:attached(?: with \d{1,9} threads)?|detached))$/s;

/** A call whose second half has not been read. */
interface OpenCall {
  call: StraceCall;
  /** The arguments printed so far. */
  pieces: readonly Piece[];
}

/** Reads a recording line by line, and joins what belongs together. */
export class StraceReader {
  readonly #trace: StraceTrace;
  readonly #scanner: Scanner;
  readonly #prefix = new PrefixReader();
  readonly #tasks = new Tasks();
  readonly #open = new Map<number, OpenCall>();
  /** The beginning of a line that a notice has cut in two. */
  #held: Piece[] = [];
  /** Where the line being read began: elsewhere than where it ends, if a notice has cut it in two. */
  #startLine = 0;
  #sequence = 0;
  readonly #warnings = new Warnings();

  constructor(name = "strace") {
    this.#scanner = new Scanner(name);
    this.#trace = {
      name,
      lines: 0,
      clock: "none",
      calls: [],
      signals: [],
      stops: [],
      exits: [],
      notices: [],
      warnings: [],
    };
  }

  /** Takes the next line, without its line feed. @throws InputError if it is not strace's. */
  readLine(line: string): void {
    const number = ++this.#trace.lines;
    let text = line;
    if (number === 1 && text.charCodeAt(0) === BYTE_ORDER_MARK) text = ` ${text.slice(1)}`;
    if (text.charCodeAt(text.length - 1) === CARRIAGE_RETURN) text = text.slice(0, -1);
    if ((text.endsWith("tached") || text.endsWith("threads")) && this.#takeNotice(text)) return;
    const scanner = this.#scanner;
    if (this.#held.length) {
      this.#startLine = this.#held[0]?.line ?? number;
      scanner.loadPieces([...this.#held, { text, line: number, column: 1 }]);
      this.#held = [];
    } else {
      this.#startLine = number;
      scanner.load(text, number);
    }
    scanner.skipSpaces();
    if (!scanner.done) this.#readBody(scanner);
  }

  /** Ends the recording. What is still open then is marked so. */
  finish(): StraceTrace {
    const trace = this.#trace;
    if (this.#held.length) {
      this.#scanner.loadPieces(this.#held);
      this.#scanner.fail("the rest of the call", this.#scanner.text.length);
    }
    for (const pid of this.#open.keys()) this.#abandon(pid, "end");
    trace.clock = this.#prefix.clock;
    trace.warnings = this.#warnings.list();
    if (this.#prefix.start !== undefined) trace.start = this.#prefix.start;
    return trace;
  }

  /**
   * Takes a last line that has no line feed. If it cannot be read, it is taken to be cut short, as that of a strace
   * still running is, and only a warning is left; unless there is nothing else. @throws InputError in that case.
   */
  readLastLine(line: string): void {
    try {
      this.readLine(line);
    } catch (error) {
      if (!(error instanceof InputError) || this.#trace.lines === 1) throw error;
      this.#warn("cut", `The last line is not complete and was left out: ${error.message}`);
    }
  }

  /** Notes what strace says about tasks coming and going; returns false if the line is something else. */
  #takeNotice(text: string): boolean {
    const match = SPLICED.exec(text);
    if (!match) return false;
    const [, head = "", notice = ""] = match;
    this.#trace.notices.push({ line: this.#trace.lines, text: notice });
    const pid = Number(/\d+/.exec(notice)?.[0]);
    if (notice.endsWith("detached")) this.#abandon(pid, "detached");
    else this.#tasks.add(pid);
    if (head.trim() !== "") this.#held.push({ text: head, line: this.#trace.lines, column: 1 });
    return true;
  }

  #readBody(scanner: Scanner): void {
    const prefix = this.#prefix;
    prefix.read(scanner);
    if (prefix.wentBack)
      this.#warn("time", "The time goes back: strace saw tasks in another order, or the clock was set.");
    const code = scanner.peek();
    if (code === LESS && scanner.take("<... ")) this.#readResumed(scanner, this.#pidOfResumed(scanner));
    else if (code === PLUS) this.#readExit(scanner, this.#pid());
    else if (code === MINUS) this.#readSignal(scanner, this.#pid());
    else if (code === GREATER || scanner.text.startsWith("strace: ", scanner.at)) this.#readNotice(scanner);
    else if (scanner.text.startsWith("[ Process PID=", scanner.at)) this.#readNotice(scanner);
    else this.#readCall(scanner, this.#pid());
  }

  #readNotice(scanner: Scanner): void {
    this.#trace.notices.push({ line: this.#trace.lines, text: scanner.text.slice(scanner.at) });
  }

  /** The task of the line whose prefix has just been read. */
  #pid(): number {
    const { pid } = this.#prefix;
    const tasks = this.#tasks;
    if (pid === undefined) return tasks.implied();
    if (!tasks.has(pid)) {
      // Nobody has told of this task, so it is the first one; unless that one is about to learn of its child.
      const isCloning = this.#open.get(UNNAMED)?.call.name.match(/clone|fork/);
      if (tasks.hasUnnamed && !isCloning) this.#name(pid);
      tasks.add(pid);
    }
    return pid;
  }

  #pidOfResumed(scanner: Scanner): number {
    const { pid } = this.#prefix;
    if (pid !== undefined && this.#tasks.hasUnnamed && !this.#open.has(pid)) {
      const name = this.#open.get(UNNAMED)?.call.name;
      if (name !== undefined && scanner.text.startsWith(`${name} resumed>`, scanner.at)) this.#name(pid);
    }
    return this.#pid();
  }

  #name(pid: number): void {
    this.#tasks.name(pid);
    this.#moveOpen(UNNAMED, pid);
  }

  #moveOpen(from: number, to: number): void {
    const open = this.#open.get(from);
    if (!open) return;
    this.#open.delete(from);
    this.#open.set(to, open);
  }

  #readCall(scanner: Scanner, pid: number): void {
    const { text, at: start } = scanner;
    let name = scanner.name();
    if (name === "" && scanner.peek() === QUESTION) {
      while (scanner.peek() === QUESTION) scanner.at++;
      name = text.slice(start, scanner.at);
    }
    if (name === "" || !scanner.take("(")) {
      scanner.fail(name === "" ? "the name of a system call" : '"(" behind the name of a system call');
    }
    if (this.#open.has(pid)) this.#abandon(pid, "end");
    const call = this.#newCall(pid, name, this.#prefix.time);
    if (text.charCodeAt(text.length - 1) === GREATER && text.endsWith(" ...>")) this.#readHead(scanner, call);
    else this.#complete(scanner, call, false);
    this.#keep(call);
  }

  /** Adds a call to the trace, once nothing can go wrong with its line any more. */
  #keep(call: StraceCall): void {
    this.#trace.calls.push(call);
    if (call.pid === UNNAMED) this.#tasks.keepUnnamed(call);
  }

  #newCall(pid: number, name: string, time: number): StraceCall {
    const line = this.#startLine;
    return {
      pid,
      line,
      endLine: line,
      time,
      name,
      args: [],
      result: { kind: "unknown" },
      entrySequence: this.#sequence++,
      exitSequence: -1,
      abbreviated: false,
    };
  }

  /** The first half of a call. */
  #readHead(scanner: Scanner, call: StraceCall): void {
    const { text, at } = scanner;
    const open: OpenCall = { call, pieces: [] };
    const changed = text.endsWith(UNFINISHED) || text.endsWith(DETACHED) ? null : PID_CHANGED.exec(text);
    const mark = changed?.[0] ?? (text.endsWith(DETACHED) ? DETACHED : UNFINISHED);
    if (!text.endsWith(mark)) scanner.fail(`"${UNFINISHED}"`, text.lastIndexOf("<"));
    const end = text.length - mark.length;
    if (changed) this.#abandon(Number(changed[1]), "died");
    // strace puts one blank before the mark; an argument list that stops behind a comma keeps its own.
    open.pieces = scanner.cut(at, Math.max(at, text[end - 1] === " " ? end - 1 : end));
    this.#open.set(changed ? Number(changed[1]) : call.pid, open);
    if (mark === DETACHED) {
      this.#warn("detached", `strace let go of task ${call.pid} inside ${call.name}.`);
      this.#abandon(call.pid, "detached");
    }
  }

  /** The second half of a call, the scanner standing on its name. */
  #readResumed(scanner: Scanner, pid: number): void {
    const start = scanner.at;
    const name = scanner.until(" resumed>", '" resumed>"');
    const open = this.#open.get(pid);
    if (!open) {
      this.#readOrphan(scanner, pid, name, start);
      return;
    }
    const { call, pieces } = open;
    if (name !== call.name && name !== "???") scanner.fail(`"${call.name} resumed>": task ${pid} is inside it`, start);
    const died = scanner.text.startsWith(` ${UNFINISHED})`, scanner.at);
    if (died) scanner.at += UNFINISHED.length + 1;
    scanner.loadPieces([...pieces, ...scanner.cut(scanner.at, scanner.text.length)]);
    if (died) this.#completeDead(scanner, call);
    else this.#complete(scanner, call, true);
    this.#open.delete(pid);
  }

  /** A second half without a first: the recording begins inside the call. */
  #readOrphan(scanner: Scanner, pid: number, name: string, start: number): void {
    if (!/^[a-z_?][\w?]{0,63}$/i.test(name)) scanner.fail("the name of a system call", start);
    const call = this.#newCall(pid, name, this.#prefix.time);
    call.startMissing = true;
    this.#warn("start-missing", `The recording begins inside ${name} of task ${pid}: its first arguments are missing.`);
    scanner.take(` ${UNFINISHED}`);
    scanner.skipSpaces();
    if (scanner.peek() === COMMA) scanner.at++;
    else scanner.take("=> ");
    this.#complete(scanner, call, true);
    if (call.duration !== undefined) call.time -= call.duration;
    this.#keep(call);
  }

  /** Arguments and result of a call, the scanner standing behind the parenthesis. */
  #complete(scanner: Scanner, call: StraceCall, isResumed: boolean): void {
    call.args = parseArguments(scanner);
    this.#finish(call, parseOutcome(scanner), isResumed);
    this.#noteAbbreviated(scanner, call);
  }

  /** A call the task died in: the arguments stop anywhere, and `= ?` follows. */
  #completeDead(scanner: Scanner, call: StraceCall): void {
    const { text } = scanner;
    const end = text.lastIndexOf(")");
    const tail = scanner.cut(end + 1, text.length);
    scanner.loadPieces(scanner.cut(0, end));
    scanner.partial = true;
    call.args = this.#parsePartial(scanner);
    this.#noteAbbreviated(scanner, call);
    scanner.loadPieces(tail);
    call.unfinished = "died";
    this.#finish(call, parseOutcome(scanner), true);
  }

  #parsePartial(scanner: Scanner): StraceValue[] {
    const args = parseArguments(scanner);
    if (!scanner.done) scanner.fail("the end of the call");
    return args;
  }

  #finish(call: StraceCall, outcome: Outcome, isResumed: boolean): void {
    call.result = outcome.result;
    call.endLine = this.#trace.lines;
    call.exitSequence = this.#sequence++;
    if (outcome.resultAnnotation) call.resultAnnotation = outcome.resultAnnotation;
    if (outcome.resultText !== undefined) call.resultText = outcome.resultText;
    if (outcome.resultDetails) call.resultDetails = outcome.resultDetails;
    if (outcome.duration !== undefined) call.duration = outcome.duration;
    // A completion on a line of its own has a time of its own.
    if (isResumed) call.endTime = this.#prefix.time;
    else if (outcome.duration !== undefined) call.endTime = call.time + outcome.duration;
    this.#learn(call);
  }

  /** Takes process ids from results that are some. */
  #learn(call: StraceCall): void {
    const { name, result, pid } = call;
    if (result.kind !== "value" || typeof result.value !== "number" || result.value <= 0) return;
    if (/^(?:clone3?|v?fork)$/.test(name)) {
      if (this.#prefix.pid !== undefined) this.#tasks.add(result.value);
    } else if (pid === UNNAMED && (name === "set_tid_address" || name === "gettid")) {
      this.#name(result.value);
      call.pid = result.value;
    }
  }

  /** Ends an open call that has no second half. */
  #abandon(pid: number, unfinished: StraceUnfinished): void {
    const open = this.#open.get(pid);
    if (!open) return;
    this.#open.delete(pid);
    const { call, pieces } = open;
    const scanner = new Scanner(this.#trace.name);
    scanner.loadPieces(pieces);
    scanner.partial = true;
    call.args = this.#parsePartial(scanner);
    call.unfinished = unfinished;
    call.exitSequence = this.#sequence++;
    call.endLine = this.#trace.lines;
    this.#noteAbbreviated(scanner, call);
    if (unfinished === "end") this.#warn("unfinished", `${call.name} of task ${pid} has no end.`, call.line);
  }

  #readSignal(scanner: Scanner, pid: number): void {
    const { stopped, signal, info } = parseSignal(scanner);
    const record = { pid, line: this.#trace.lines, time: this.#prefix.time, sequence: this.#sequence++, signal };
    if (pid === UNNAMED) this.#tasks.keepUnnamed(record);
    if (stopped) this.#trace.stops.push(record);
    else this.#trace.signals.push(info ? Object.assign(record, { info }) : record);
  }

  #readExit(scanner: Scanner, pid: number): void {
    const end = parseExit(scanner);
    this.#abandon(pid, "died");
    const record = { pid, line: this.#trace.lines, time: this.#prefix.time, sequence: this.#sequence++, end };
    this.#trace.exits.push(record);
    if (pid === UNNAMED) this.#tasks.keepUnnamed(record);
    if (end.kind === "superseded") {
      // The thread inside execve goes on under the number of its process.
      this.#moveOpen(end.by, pid);
      this.#tasks.remove(end.by);
    } else this.#tasks.remove(pid);
  }

  /** Remembers that a call hides what a replay needs: which events, which descriptors. */
  #noteAbbreviated(scanner: Scanner, call: StraceCall): void {
    if (!scanner.abbreviated) return;
    call.abbreviated = true;
    if (!hidesArray(call)) return;
    const message = `${call.name} hides its array ("[...]"). Record again with: ${RECORDING_COMMAND}`;
    this.#warn("abbreviated", message, call.line);
  }

  #warn(kind: StraceWarning["kind"], message: string, line = this.#trace.lines): void {
    this.#warnings.add(kind, line, message);
  }
}
