import { mallocError } from "../../../lib/see/heap.ts";
import { isAtomic, userAddress } from "../../../lib/see/user-address.ts";
import type { EventName } from "../../../lib/index.ts";
import { type Locale, type Translate, translatorOf } from "../../i18n/catalogue.ts";
import { type OwnershipKey, ownershipTexts } from "../../i18n/pages/ownership.ts";
import { formatCount } from "../../model/format.ts";
import type { ProgramId } from "./programs.ts";
import type { Happened, Moment, Ran } from "./ran.ts";
import type { Note, View } from "./view.ts";

/** Gives the lab's texts. */
export type T = Translate<OwnershipKey>;

/** The lab's texts in a language. */
export function texts(locale: Locale): T {
  return translatorOf(ownershipTexts, locale);
}

/** What a program is called. */
export function programName(t: T, id: string): string {
  return t(`program_${id}` as OwnershipKey);
}

/** What is to be seen in a program. */
export function programAbout(t: T, id: ProgramId): string {
  return t(`about_${id}`);
}

/** What is said beside a value. */
export function noteText(t: T, { text, count }: Note): string {
  if (text === "owners") return count === 1 ? t("note_owner") : t("note_owners", { count });
  if (text === "shares") return count === 0 ? t("note_share") : t("note_shares", { count });
  return t(`note_${text}`, { count });
}

const COUNTS: Readonly<
  Partial<Record<EventName, { readonly count: "use_count" | "weak_count"; readonly by: 1 | -1 }>>
> = {
  _M_add_ref_copy: { count: "use_count", by: 1 },
  _M_release: { count: "use_count", by: -1 },
  _M_weak_add_ref: { count: "weak_count", by: 1 },
  _M_weak_release: { count: "weak_count", by: -1 },
};

/** Where the memory of an allocation came from. */
const SOURCES: Readonly<Partial<Record<EventName, OwnershipKey>>> = {
  tcache_get: "from_tcache",
  split_top: "from_top",
  split_chunk: "from_split",
  unlink_chunk: "from_bin",
};

/** A change of a count while a statement runs: several of one block are one. */
interface CountChange {
  readonly key: string;
  readonly count: "use_count" | "weak_count";
  readonly from: number;
  to: number;
  readonly atomic: boolean;
}

/** Says what a statement has done, piece by piece. */
class Saying {
  readonly pieces: (() => string)[] = [];
  readonly #t: T;
  readonly #changes = new Map<string, CountChange>();
  #source: OwnershipKey = "from_bin";
  #made = 0;
  #gone = 0;

  constructor(t: T) {
    this.#t = t;
  }

  take(record: Happened): void {
    const { event, args } = record;
    const [first = 0, , third = 0] = args;
    const t = this.#t;
    const source = SOURCES[event];
    const counted = COUNTS[event];
    if (source) this.#source = source;
    else if (counted) this.#count(record, counted, third);
    else if (event === "operator_new_return") {
      const from = t(this.#source);
      this.pieces.push(() => t("said_new", { bytes: formatCount(third), from }));
      this.#source = "from_bin";
    } else if (event === "cpp_constructor") {
      if (this.#made++ === 0) this.pieces.push(() => this.#objects("constructor", this.#made));
    } else if (event === "cpp_destructor") {
      if (this.#gone++ === 0) this.pieces.push(() => this.#objects("destructor", this.#gone));
    } else if (event === "operator_delete") {
      this.pieces.push(() => t("said_delete", { bytes: formatCount(third) }));
    } else if (event === "__shared_count") this.pieces.push(() => t("said_block"));
    else if (event === "cpp_deleter") this.pieces.push(() => t("said_deleter"));
    else if (event === "use_count") this.pieces.push(() => t("said_says_count", { count: first }));
    else if (event === "expired") this.pieces.push(() => t(first === 1 ? "said_expired_1" : "said_expired_0"));
    else if (event === "malloc_printerr") this.pieces.push(() => t("said_error", { text: mallocError(first) }));
  }

  #objects(what: "constructor" | "destructor", count: number): string {
    return count === 1 ? this.#t(`said_${what}`) : this.#t(`said_${what}s`, { count });
  }

  #count({ args }: Happened, { count, by }: NonNullable<(typeof COUNTS)[EventName]>, to: number): void {
    const [low = 0, high = 0] = args;
    const key = `${userAddress(low, high)} ${count}`;
    const known = this.#changes.get(key);
    if (known) {
      known.to = to;
      return;
    }
    const change: CountChange = { key, count, from: to - by, to, atomic: isAtomic(high) };
    this.#changes.set(key, change);
    this.pieces.push(() => {
      const said = this.#t(`said_${change.count}`, { from: change.from, to: change.to });
      return change.atomic ? `${said} (${this.#t("said_atomically")})` : said;
    });
  }
}

/** What a store through a pointer has come to. */
function writeText(t: T, place: string, { variables }: View): string {
  const note = variables.find(({ name }) => name === place)?.rows[0]?.note;
  return t(!note ? "said_write" : note.text === "used_again" ? "said_write_other" : "said_write_free");
}

/** What a statement has done, in one line. */
function doneText(t: T, { lines }: Ran, { line, records, leaves }: Moment, view: View): string {
  const saying = new Saying(t);
  for (const record of records) saying.take(record);
  const pieces = saying.pieces.map((piece) => piece());
  const statement = lines[line - 1]?.statement;
  if (statement?.do === "write") pieces.push(writeText(t, statement.place, view));
  if (leaves !== "") pieces.unshift(t("said_leaves", { name: leaves }));
  else if (pieces.length === 0) pieces.push(t("said_nothing"));
  return pieces.join(t("and"));
}

function endText(t: T, { signal }: Ran, { lost }: View): string {
  if (signal !== "") return t("said_killed", { signal });
  if (lost.length === 0) return t("said_end");
  const bytes = formatCount(lost.reduce((sum, one) => sum + one.bytes, 0));
  return lost.length === 1 ? t("said_end_leak", { bytes }) : t("said_end_leaks", { bytes, count: lost.length });
}

/**
 * What a moment shows, in one sentence.
 *
 * @param tell  says what a record means.
 * @param lost  bytes that were not lost before.
 */
export function momentText(
  t: T,
  ran: Ran,
  at: number,
  view: View,
  lost: number,
  tell: (record: Happened) => string,
): string {
  const moment = ran.moments[at]!;
  if (moment.kind === "begin") return t("said_begin", { bytes: formatCount(view.own.bytes) });
  if (moment.kind === "end") return endText(t, ran, view);
  if (moment.record) return tell(moment.record);
  const code = moment.leaves === "" ? `${ran.lines[moment.line - 1]!.text.trim()} — ` : "";
  const leaks = lost > 0 ? `${t("and")}${t("said_lost", { bytes: formatCount(lost) })}` : "";
  return `${code}${doneText(t, ran, moment, view)}${leaks}`;
}
