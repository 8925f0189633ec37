import { fraction } from "./result.ts";
import { type Scanner, isDigit } from "./scanner.ts";
import type { StraceTrace } from "./types.ts";

const SPACE = 32;
const ROUND = 40;
const DOT = 46;
const COLON = 58;
const LESS = 60;
const OPEN = 91;
const DAY = 86_400e9;
/** More digits than a process id has: then a number without a point is a time. */
const MAXIMUM_PID_DIGITS = 7;

/** Reads what stands before the call in each line, and turns every kind of time into ns since the first line. */
export class PrefixReader {
  /** Process id of the last line read, if the line has one. */
  pid: number | undefined;
  /** Time of the last line read, in ns since the first. */
  time = 0;
  clock: StraceTrace["clock"] = "none";
  /** Time of the first line in ns since 1970. */
  start: bigint | undefined;
  /** True if the last line read is earlier than the one before it. */
  wentBack = false;
  #first: { seconds: number; nanoseconds: number } | undefined;
  /** Added to times of day, once for every midnight. */
  #days = 0;

  /** Reads `[pid 12] 1795378858.360122 ` and its variants; the scanner then stands on the call. */
  read(scanner: Scanner): void {
    this.pid = undefined;
    this.wentBack = false;
    scanner.skipSpaces();
    if (scanner.peek() === OPEN && scanner.take("[pid")) {
      scanner.skipSpaces();
      this.pid = scanner.count("a process id");
      this.#skipCommand(scanner);
      scanner.expect("]");
      scanner.skipSpaces();
    } else if (isDigit(scanner.peek())) this.#readNumber(scanner);
    // Behind a process id may come the time, behind an absolute time the relative one: `(+ 0.000012)`.
    for (let stamps = 0; stamps < 2 && isDigit(scanner.peek()); stamps++) this.#readTime(scanner);
    if (scanner.peek() === ROUND && scanner.take("(+")) {
      scanner.until(")", '")" behind the relative time');
      scanner.skipSpaces();
    }
    // System call numbers (`-n`) and instruction pointers (`-i`) say nothing that is needed.
    while (scanner.peek() === OPEN && /^\[[ \d?a-f]{1,20}\] /.test(scanner.text.slice(scanner.at, scanner.at + 24))) {
      scanner.until("]", '"]"');
      scanner.skipSpaces();
    }
  }

  /** A leading number: a process id, unless a point, a colon or its length tells that it is a time. */
  #readNumber(scanner: Scanner): void {
    const start = scanner.at;
    let end = start;
    while (isDigit(scanner.text.charCodeAt(end))) end++;
    const next = scanner.text.charCodeAt(end);
    if (next === DOT || next === COLON || end - start > MAXIMUM_PID_DIGITS) return;
    this.pid = scanner.count("a process id");
    this.#skipCommand(scanner);
    if (scanner.peek() !== SPACE) scanner.fail("a blank behind the process id");
    scanner.skipSpaces();
  }

  /** Steps over the name of the program behind a process id: `12<bash>`. */
  #skipCommand(scanner: Scanner): void {
    if (scanner.peek() !== LESS) return;
    scanner.at++;
    scanner.until(">", '">" behind the name of a command');
  }

  #readTime(scanner: Scanner): void {
    let seconds = scanner.count("a time");
    let nanoseconds = 0;
    const isDay = scanner.peek() === COLON;
    for (let unit = 0; unit < 2 && isDay; unit++) {
      scanner.expect(":");
      seconds = seconds * 60 + scanner.count("a time of day");
    }
    if (scanner.peek() === DOT) {
      scanner.at++;
      nanoseconds = fraction(scanner);
    }
    if (scanner.peek() !== SPACE) scanner.fail("a blank behind the time");
    scanner.skipSpaces();
    this.#setTime(isDay ? "day" : seconds > 1e8 ? "epoch" : "relative", seconds, nanoseconds);
  }

  #setTime(clock: StraceTrace["clock"], seconds: number, nanoseconds: number): void {
    if (this.clock === "none") this.clock = clock;
    if (clock !== this.clock) return;
    if (!this.#first) {
      this.#first = { seconds, nanoseconds };
      if (clock === "epoch") this.start = BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds);
      return;
    }
    if (clock === "relative") {
      this.time += seconds * 1e9 + nanoseconds;
      return;
    }
    let time = (seconds - this.#first.seconds) * 1e9 + nanoseconds - this.#first.nanoseconds;
    if (clock === "day") {
      if (time + this.#days < this.time - DAY / 2) this.#days += DAY;
      time += this.#days;
    }
    this.wentBack = time < this.time;
    this.time = time;
  }
}
