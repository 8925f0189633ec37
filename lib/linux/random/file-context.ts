import type { Buffer, Sys } from "../program.ts";
import { one, wrong } from "./commands.ts";
import type { OpenFile, Pool } from "./pool.ts";
import { PATTERN } from "./stream.ts";

/* What random programs about files have in common. */

export type Steps = Generator<unknown, void, unknown>;

/** Four random numbers from 0 to 65535 that a command makes its arguments of. */
export type Choices = readonly [a: number, b: number, c: number, d: number];

/** What the commands of one program share. */
export interface FileContext {
  readonly sys: Sys;
  readonly pool: Pool;
  readonly out: Buffer;
  readonly in: Buffer;
  /** Memory at the beginning of a page, which pipes get references to. */
  readonly pages: Buffer;
  /** Pieces of memory of many lengths, for calls that take several. */
  readonly pieces: readonly Buffer[];
  /** For each area of memory, the names of files that it may show. */
  readonly mapped: Map<number, Set<string>>;
  /** A file that nobody maps: what is in memory is written to it, and read again. */
  scratch: number;
  /** For asynchronous requests; 0: not yet. */
  readonly aio: { value: number };
  /** Pipes or sockets have got pages of files: as ext4's folios have many pages, those files are cut no more. */
  held: boolean;
  /** Names of files of which nobody can tell what has a place on ext4's disk: they are not read past the page cache. */
  readonly scattered: Set<string>;
  /** Number of the command, so that no two writes carry the same bytes. */
  count: number;
}

export type FileCommand = (context: FileContext, choices: Choices) => Steps;

/** Commands, each as often as it is to come up. */
export type Weighted = readonly (readonly [weight: number, command: FileCommand])[];

export const PAGE = 4096;
/** The files that programs open by name, and one that pages are only moved to: what overlaps itself is copied in any order. */
export const SINK = "/disk/sink";
export const NAMES = ["/disk/a", "/disk/b", SINK];

const LENGTHS = [1, 100, 4096, 5000, 512, 8192, 3, 20_000, 511, 4095, 4097, 12_288, 65_536, 70_000, 0, 1024];
const PLACES = [0, 4096, 8192, 12_288, 20_480, 40_960, 65_536, 3 * 4096];
const SHIFTS = [0, 0, 0, 1, -1, 512, 100, 2048, 4000, -512, 7];

/** How many bytes are to be moved. */
export const length = (choice: number) => (wrong(choice) ? -1 : one(LENGTHS, choice));

/** A position in a file: mostly near the edge of a page; now and then behind the end, or a bad one. */
export function place(choice: number): number {
  if (wrong(choice)) return one([-1, -4096, 1_000_000, 300_001], choice >> 5);
  return one(PLACES, choice) + one(SHIFTS, choice >> 4);
}

/** A multiple of a page's size. */
export const pageAt = (choice: number) => one(PLACES, choice);

export const isFile = ({ kind }: OpenFile) => kind === "file";
/** Notes that it is ext4's own matter from now on what of a file has a place on the disk. */
export function scatter({ pool, scattered }: FileContext, fd: number): void {
  const name = pool.file(fd)?.name;
  if (name !== undefined) scattered.add(name);
}

/** A descriptor to read from: none past the page cache of a file that is scattered. */
export function readable({ pool, scattered }: FileContext, choice: number, fits = isFile): number {
  const fd = pool.choose(choice, fits);
  const file = pool.file(fd);
  return file?.direct && file.name !== undefined && scattered.has(file.name) ? -1 : fd;
}

/** A file that pages may be taken from. */
export const isSource = ({ kind, name }: OpenFile) => kind === "file" && name !== SINK;
/** A file that pages may be moved to. */
export const isSink = ({ name }: OpenFile) => name === SINK;

/** Where in a buffer that begins with a page bytes lie: mostly where O_DIRECT may be asked for. */
export const shift = (choice: number) => one([0, 0, 0, 0, 512, 16, 1, 2048], choice);

/** Bytes that no other command has written, where a disk can take them from. */
export function fresh({ out, count }: FileContext, bytes: number, choice = 0): Buffer {
  const most = Math.max(0, Math.min(bytes, PATTERN.length));
  const from = (count * 97) % (PATTERN.length - most + 1);
  const piece = out.at(choice % 2 ? 512 : 0);
  piece.set(PATTERN.subarray(from, from + most).map((byte) => byte ^ count));
  return piece;
}

/** Makes memory for the calls of a program. Pieces of it begin somewhere in a page, and end where one ends. */
export function memoryOf(sys: Sys): Pick<FileContext, "out" | "in" | "pages" | "pieces"> {
  const most = Math.ceil(PATTERN.length / PAGE) * PAGE;
  const ends = [4096, 512, 100, 8192, 1, 4096, 5000, 3584, 1024];
  const pieces = ends.map((bytes) => sys.buffer(2 * PAGE).at(2 * PAGE - bytes));
  const memory = { out: sys.buffer(most + PAGE), in: sys.buffer(most + PAGE), pages: sys.buffer(5 * PAGE), pieces };
  for (const buffer of [memory.out, memory.in, memory.pages]) buffer.set(PATTERN.subarray(0, buffer.length));
  return memory;
}

/** One to three different pieces of memory. */
export function some({ pieces, count }: FileContext, choice: number, written: boolean): Buffer[] {
  const list = Array.from({ length: 1 + (choice % 3) }, (_, i) => pieces[((choice >> 4) + i * 4) % pieces.length]!);
  if (written) for (const piece of list) piece.set(PATTERN.subarray(0, piece.length).map((byte) => byte ^ count));
  return list;
}
