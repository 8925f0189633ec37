import type { EventName, TraceRecord } from "../../lib/index.ts";
import { layout } from "../../lib/layout.gen.ts";
import { callName } from "../../lib/see/calls.ts";
import { enumName } from "../../lib/see/names.ts";

/** What a condition could have had where it goes wrong. */
export type Expected = "value" | "field" | "operator" | "closing" | "quote" | "comparable";

/** A condition that cannot be read: where, and what was expected there. */
export class ConditionError extends Error {
  /** Counted from 1. */
  readonly column: number;
  readonly expected: Expected;
  /** What stands there instead; empty: the condition ends. */
  readonly found: string;

  constructor(column: number, expected: Expected, found: string) {
    super(`column ${column}: expected ${expected}, found ${found || "the end"}`);
    this.column = column;
    this.expected = expected;
    this.found = found;
  }
}

/** What a part of a condition comes to for a record; undefined: the record does not have that. */
type Value = number | string | boolean | undefined;
type Term = (record: TraceRecord) => Value;

interface Token {
  readonly text: string;
  readonly kind: "name" | "number" | "string" | "sign" | "end";
  /** Counted from 1. */
  readonly column: number;
}

interface Member {
  readonly args?: readonly { readonly name: string; readonly type: string }[];
}
const MEMBERS: Readonly<Record<string, Member>> = layout.enums.Tp.members;
const ERRNOS: Readonly<Record<string, number>> = layout.enums.Errno.values;

/** What every record has. */
const COMMON: Readonly<Record<string, Term>> = {
  event: ({ event }) => event,
  pid: ({ pid }) => pid,
  cpu: ({ cpu }) => cpu,
  tick: ({ tick }) => tick,
  time: ({ time }) => time,
  depth: ({ depth }) => depth,
  context: ({ context }) => enumName("CpuContext", context),
};

/** Where each event has its numbers, by their names: `fd` is the third one of ep_insert. */
const PLACES = new Map<string, Map<EventName, { readonly at: number; readonly type: string }>>();
for (const [event, { args = [] }] of Object.entries(MEMBERS)) {
  args.forEach(({ name, type }, at) => {
    const known = PLACES.get(name) ?? new Map<EventName, { at: number; type: string }>();
    PLACES.set(name, known.set(event as EventName, { at, type }));
  });
}

/** Names of the fields that a condition may speak of: those of every record, then those of some events. */
export const FIELDS: readonly string[] = [...Object.keys(COMMON), ...[...PLACES.keys()].sort()];

/** The signed numbers among the types of records. */
const SIGNED = new Set(["number", "fd", "errno"]);

/** The value of a field of records; undefined for records that do not have it. */
function fieldNamed(name: string): Term | null {
  const common = COMMON[name];
  if (common && Object.hasOwn(COMMON, name)) return common;
  const places = PLACES.get(name);
  if (!places) return null;
  return ({ event, args }) => {
    const place = places.get(event);
    if (!place) return undefined;
    const value = args[place.at]!;
    if (place.type === "syscall") return callName(value);
    if (place.type === "event") return enumName("Tp", value);
    return SIGNED.has(place.type) ? value | 0 : value;
  };
}

const TOKEN = /\s*(?:(0x[\da-f]+|\d+)|([a-z_]\w*)|"([^"]*)"|'([^']*)'|(&&|\|\||[=!<>]=|[<>!&()-])|(\S))/iy;

function tokens(text: string): Token[] {
  const found: Token[] = [];
  TOKEN.lastIndex = 0;
  for (let at = 0; text.slice(at).trim() !== ""; at = TOKEN.lastIndex) {
    const match = TOKEN.exec(text)!;
    const [whole, number, name, double, single, sign, other] = match;
    const column = match.index + whole.length - whole.trimStart().length + 1;
    if (other !== undefined) throw new ConditionError(column, /["']/.test(other) ? "quote" : "operator", other);
    if (number !== undefined) found.push({ kind: "number", text: number, column });
    else if (name !== undefined) found.push({ kind: "name", text: name, column });
    else if (sign !== undefined) found.push({ kind: "sign", text: sign, column });
    else found.push({ kind: "string", text: double ?? single ?? "", column });
  }
  found.push({ kind: "end", text: "", column: text.length + 1 });
  return found;
}

const COMPARE: Readonly<Record<string, (a: number | string, b: number | string) => boolean>> = {
  "==": (a, b) => a === b,
  "!=": (a, b) => a !== b,
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
};

/** Reads conditions: `a || b`, `a && b`, `!a`, `a == b` and its like, `a & b`, in this order from loose to close. */
class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(text: string) {
    this.#tokens = tokens(text);
  }

  whole(): Term {
    const term = this.#either();
    if (this.#token.kind !== "end") throw this.#error("operator");
    return term;
  }

  get #token(): Token {
    return this.#tokens[this.#at]!;
  }

  #error(expected: Expected): ConditionError {
    const { column, text } = this.#token;
    return new ConditionError(column, expected, text);
  }

  #takes(...signs: readonly string[]): string | null {
    const { kind, text } = this.#token;
    if (kind !== "sign" || !signs.includes(text)) return null;
    this.#at++;
    return text;
  }

  #either(): Term {
    const terms = [this.#all()];
    while (this.#takes("||")) terms.push(this.#all());
    return terms.length === 1 ? terms[0]! : (record) => terms.some((term) => Boolean(term(record)));
  }

  #all(): Term {
    const terms = [this.#not()];
    while (this.#takes("&&")) terms.push(this.#not());
    return terms.length === 1 ? terms[0]! : (record) => terms.every((term) => Boolean(term(record)));
  }

  #not(): Term {
    if (!this.#takes("!")) return this.#comparison();
    const term = this.#not();
    return (record) => !term(record);
  }

  #comparison(): Term {
    const left = this.#masked();
    const sign = this.#takes(...Object.keys(COMPARE));
    if (!sign) return left;
    const right = this.#masked();
    if (this.#token.kind === "sign" && this.#token.text in COMPARE) throw this.#error("comparable");
    const compare = COMPARE[sign]!;
    return (record) => {
      const [a, b] = [plain(left(record)), plain(right(record))];
      // What a record does not have is neither like nor unlike anything.
      return typeof a === typeof b && a !== undefined && b !== undefined && compare(a, b);
    };
  }

  #masked(): Term {
    let term = this.#value();
    while (this.#takes("&")) {
      const [left, right] = [term, this.#value()];
      term = (record) => {
        const [a, b] = [left(record), right(record)];
        return typeof a === "number" && typeof b === "number" ? (a & b) >>> 0 : undefined;
      };
    }
    return term;
  }

  #value(): Term {
    const { kind, text } = this.#token;
    if (this.#takes("(")) {
      const inner = this.#either();
      if (!this.#takes(")")) throw this.#error("closing");
      return inner;
    }
    if (this.#takes("-")) {
      const inner = this.#value();
      return (record) => {
        const value = inner(record);
        return typeof value === "number" ? -value : undefined;
      };
    }
    const term =
      kind === "number" ? constant(Number(text)) : kind === "string" ? constant(text) : kind === "name" && named(text);
    if (!term) throw this.#error(kind === "name" ? "field" : "value");
    this.#at++;
    return term;
  }
}

function constant(value: number | string): Term {
  return () => value;
}

function named(name: string): Term | null {
  if (Object.hasOwn(ERRNOS, name)) return constant(ERRNOS[name]!);
  return fieldNamed(name);
}

function plain(value: Value): number | string | undefined {
  return typeof value === "boolean" ? Number(value) : value;
}

/**
 * Reads a condition over the fields of records, such as `event == "ep_poll_callback" && pid == 1`. Only what records have
 * can be asked; nothing is run.
 *
 * @throws ConditionError  with the column, and what was expected there.
 */
export function parseCondition(text: string): (record: TraceRecord) => boolean {
  const term = new Parser(text).whole();
  return (record) => Boolean(term(record));
}
