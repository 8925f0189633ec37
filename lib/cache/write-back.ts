import { O_CREAT, O_RDWR } from "../machine/constants.ts";
import { type WriteSettings, checkWriteSettings } from "./write-settings.ts";
import { Kernel } from "../kernel.ts";
import { type Lists, Pages } from "./pages.ts";
import type { Stretch } from "../roads/road.ts";
import type { Sys } from "../machine/sys.ts";
import type { TraceRecord } from "../machine/records.ts";
import { mebibytes } from "./settings.ts";
import { usedBuffer } from "./buffer.ts";

/** How many pages were what at a moment. */
export interface WriteSample {
  /** Unit: ns since boot. */
  readonly time: number;
  readonly dirty: number;
  readonly writeback: number;
  /** Since boot. */
  readonly dirtied: number;
  readonly written: number;
  /** From so many dirty pages on the flusher writes; who writes is paused; he waits until there are fewer. */
  readonly background: number;
  readonly freerun: number;
  readonly thresh: number;
}

/** Why pages were written to the disk, or a writer was kept from going on. */
export type WriteReason = "age" | "background" | "fsync" | "pause";

/** What happened to dirty pages. */
export interface WriteEvent {
  readonly tick: number;
  /** Unit: ns since boot. */
  readonly time: number;
  readonly why: WriteReason;
  /** Pages that were dirty when the flusher looked, or dirty or being written when a writer was paused; of fsync 0. */
  readonly dirty: number;
  /** How many pages were given to the disk; of a pause 0. */
  readonly pages: number;
}

/** What a run has come to. */
export interface WriteRun {
  readonly settings: Required<WriteSettings>;
  readonly samples: readonly WriteSample[];
  /** The two lists at each sample. */
  readonly lists: readonly Lists[];
  readonly events: readonly WriteEvent[];
  /** How long the program took to write all, fsync() included. Unit: ns. */
  readonly time: number;
  /** Times that it was paused. */
  readonly pauses: number;
}

const PATH = "/log";
const KIB = 1024;
const PIECE = 16 * KIB;
const NS_PER_S = 1e9;
/** How long the machine is watched at least: pages are written when they have been dirty for 30 s. Unit: ns. */
const WATCHED = 40 * NS_PER_S;
/** How many samples there are at equal distances, and how many more at equal ratios, for what happens soon. */
const SAMPLES = 200;
/** When the first sample is taken. Unit: ns. */
const FIRST = 1_000_000;
/** Pages that follow each other sooner were written in one go. Unit: ns. */
const NEAR = 10_000_000;
/** The kernel's own percentages. */
const [BACKGROUND_RATIO, RATIO] = [10, 20] as const;

function* write(sys: Sys, { size, rate, fsync }: Required<WriteSettings>): Stretch<number> {
  const file = yield* sys.open(PATH, O_CREAT | O_RDWR, 0o600);
  const buffer = usedBuffer(sys, PIECE);
  let done = 0;
  while (done < size * KIB) {
    const wrote = yield* sys.write(file, buffer, Math.min(PIECE, size * KIB - done));
    if (wrote < 0) return wrote;
    const full = Math.floor((done + wrote) / mebibytes(1)) > Math.floor(done / mebibytes(1));
    done += wrote;
    if (fsync === "each MiB" && full) yield* sys.fsync(file);
    const pause = Math.round((wrote / KIB / rate) * NS_PER_S);
    yield* sys.nanosleep({ sec: Math.floor(pause / NS_PER_S), nsec: pause % NS_PER_S });
  }
  if (fsync !== "never") yield* sys.fsync(file);
  return done;
}

/**
 * A program writes a file; the pages that it makes dirty are written to the disk by and by.
 *
 * @throws TypeError, RangeError  for settings that cannot be.
 * @throws Error  if the file cannot be written.
 */
export async function runWrite(settings: WriteSettings): Promise<WriteRun> {
  const checked = checkWriteSettings(settings);
  const { memory, disk, size, rate } = checked;
  const kernel = await Kernel.boot({ memoryLimit: mebibytes(memory), cpus: 2, device: { disk: { kind: disk } } });
  let time = 0;
  const watched = Math.max(WATCHED, 1.2 * (size / rate) * NS_PER_S);
  const writer = kernel.spawn("writer", function* (sys) {
    const wrote = yield* write(sys, checked);
    time = kernel.now;
    // Nobody waits for the flusher's next round: without this the machine would count as idle, with its pages dirty.
    const rest = Math.max(0, Math.ceil((watched - time) / NS_PER_S));
    yield* sys.nanosleep({ sec: rest, nsec: 0 });
    return wrote;
  });
  const pages = new Pages((path) => ({ owner: path === PATH ? "written" : "other" }));
  const samples = [sampleOf(kernel)];
  const lists = [pages.lists(kernel.memory)];
  const notes = new WriteNotes();
  let tick = 0;
  for (const moment of momentsUntil(watched)) {
    kernel.run({ until: { time: moment } });
    notes.add(kernel.trace.range(tick + 1, kernel.ticks), samples.at(-1)!);
    tick = kernel.ticks;
    // The clock stands at what happened last.
    samples.push({ ...sampleOf(kernel), time: Math.max(moment, kernel.now) });
    lists.push(pages.lists(kernel.memory));
  }
  kernel.run();
  if (writer.result !== size * KIB) throw new Error(`the file has not been written: ${JSON.stringify(writer.result)}`);
  return { settings: checked, samples, lists, events: notes.events, time, pauses: kernel.vmstat.balance_dirty_pauses };
}

/** When samples are taken. Unit: ns since boot. */
function momentsUntil(end: number): number[] {
  const moments = Array.from({ length: SAMPLES }, (_, i) => [
    (end * (i + 1)) / SAMPLES,
    FIRST * (end / FIRST) ** (i / SAMPLES),
  ]);
  return moments.flat().sort((a, b) => a - b);
}

function sampleOf(kernel: Kernel): WriteSample {
  const { nr_dirty, nr_writeback, nr_dirtied, nr_written, nr_free_pages, ...lists } = kernel.vmstat;
  const dirtyable = nr_free_pages + lists.nr_inactive_file + lists.nr_active_file;
  const [background, thresh] = [BACKGROUND_RATIO, RATIO].map((ratio) => Math.floor((dirtyable * ratio) / 100)) as [
    number,
    number,
  ];
  return {
    time: kernel.now,
    dirty: nr_dirty,
    writeback: nr_writeback,
    dirtied: nr_dirtied,
    written: nr_written,
    background,
    freerun: (background + thresh) >> 1,
    thresh,
  };
}

/** Gathers what records tell of write-back. */
class WriteNotes {
  readonly events: WriteEvent[] = [];
  /** Why pages are given to the disk at the moment, and how many were dirty when that began. */
  #why: WriteReason = "background";
  #dirty = 0;
  /** When the last page was given to the disk. Unit: ns since boot. */
  #last = -Infinity;

  /** @param background  from so many dirty pages on the flusher writes because there are so many. */
  add(records: Iterable<TraceRecord>, { background }: WriteSample): void {
    for (const record of records) {
      const { event, args } = record;
      if (event === "wb_workfn") [this.#why, this.#dirty] = [args[0] > background ? "background" : "age", args[0]];
      else if (event === "file_write_and_wait_range") this.#why = "fsync";
      else if (event === "balance_dirty_pages" && args[0] > args[1]) this.#add(record, "pause", args[0], 0);
      else if (event === "folio_start_writeback") this.#page(record);
    }
  }

  #add({ tick, time }: TraceRecord, why: WriteReason, dirty: number, pages: number): void {
    this.events.push({ tick, time, why, dirty, pages });
  }

  /** Pages that are given to the disk soon after each other for one reason are one event. */
  #page(record: TraceRecord): void {
    const { events } = this;
    const last = events.at(-1);
    if (last?.why === this.#why && record.time - this.#last < NEAR) {
      events[events.length - 1] = { ...last, pages: last.pages + 1 };
    } else this.#add(record, this.#why, this.#why === "fsync" ? 0 : this.#dirty, 1);
    this.#last = record.time;
  }
}
