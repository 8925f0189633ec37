/** What is done: with maps, with queues and lists, with rings, or nothing at all but a call. */
export type CaseName =
  | "insert"
  | "find-hit"
  | "find-miss"
  | "delete"
  | "iterate"
  | "churn"
  | "queue"
  | "lru"
  | "ring-bytes"
  | "ring-records"
  | "ring-threads"
  | "crossing";

/** In which order keys come: ascending, shuffled, or in runs of neighbours at random places. */
export type KeyOrder = "sequential" | "random" | "clustered";

/** One call for an operation, one call for many, or a loop on the other side that needs no calls at all. */
export type Mode = "call" | "batch" | "inside";

/** What a contender is made of. */
export type Kind = "wasm" | "wasm2js" | "js" | "library" | "native";

/** What all contenders of a case are given. Nobody may write to it. */
export interface Work {
  readonly case: CaseName;
  /** Elements; in ring cases the bytes of a message. */
  readonly size: number;
  readonly order: KeyOrder;
  readonly seed: number;
  /** Operations of one run: what its time is divided by. */
  readonly operations: number;
  /** Different keys in the order in which they come in; the value of a key is its index here. */
  readonly keys: Int32Array;
  /** What is looked up, deleted, moved to the front or pushed, in this order; see work.ts for each case. */
  readonly probes: Int32Array;
  /** The bytes of a message, in ring cases; else empty. */
  readonly message: Uint8Array;
}

/** What a run has come to. */
export type Answer =
  | number
  /** Of who takes the time itself, because it runs where our clock does not reach. Unit: ns. */
  | { readonly checksum: number; readonly ns: number };

/** A contender at one case in one mode. */
export interface Runner {
  /**
   * Makes as many fresh copies of the structure as there are to be runs, each as the case wants it to begin with. Where
   * a case changes nothing (find, iterate), all copies may be one. Untimed.
   */
  prepare(work: Work, copies: number): void | Promise<void>;
  /**
   * Does all operations of the work on a copy, and makes a checksum of every answer, so that none of it can be left out.
   * Timed. work.ts says what the checksum has to be.
   */
  run(copy: number): Answer | Promise<Answer>;
  /** Gives back what prepare() has made. Untimed. */
  end(): void | Promise<void>;
  /**
   * Does one operation of the work on copy 0; they are asked for in order, from 0. Each is timed alone to find the worst.
   * Left out: the mode has no single operations.
   */
  one?(operation: number): unknown;
  /**
   * Memory that copy 0 takes as a whole. Unit: bytes. Left out: the growth of the heap is measured. null: it cannot be
   * known.
   */
  bytes?(): number | null;
}

/** A contender that is there. */
export interface Loaded {
  /** Of the package or the compiler; null: it has none but that of iopath. */
  readonly version: string | null;
  /** What it is compiled with, if anything. */
  readonly flags?: string;
  /** null: it cannot do this case in this mode, or not with so many elements in a time that one would wait. */
  runner(name: CaseName, mode: Mode, size: number): Runner | null;
}

/** Somebody who takes part. */
export interface Contender {
  /** A word for addresses and the command line: `red-black-tree`, `std-map`. */
  readonly id: string;
  /** As people call it: `RedBlackTree`, `std::map`. */
  readonly title: string;
  readonly kind: Kind;
  /** What it does differently, in few words of each language. */
  readonly about: { readonly en: string; readonly "zh-CN": string };
  readonly cases: readonly CaseName[];
  readonly modes: readonly Mode[];
  /** The verdicts of its cases are about this one. */
  readonly isSubject?: true;
  /** What one has to do so that it is there: `npm install denque`. */
  readonly install?: string;
  /** null: it is not there. */
  load(): Promise<Loaded | null>;
}

/** A case with a size and an order: contenders are compared within it. */
export interface Heat {
  readonly case: CaseName;
  readonly size: number;
  readonly order: KeyOrder;
}

/** Who takes part, and how. */
export interface Entry {
  readonly contender: string;
  readonly mode: Mode;
}

/** What the answers of a heat have to be: a number for every variant of its work. */
export interface Checksums {
  readonly checksums: readonly number[];
}

/** What a fresh process or Worker is asked for: it measures one contender in one heat. */
export type TrialRequest =
  /** What the checksums of the heat are; nothing else is asked of this one then. */
  | ({ readonly type: "checksum"; readonly seed: number } & Heat)
  /** Comes first otherwise. `checksums` are what the answers have to be, of every variant of the work. */
  | ({ readonly type: "open"; readonly contender: string; readonly seed: number } & Heat & Checksums)
  /** Run a mode until it is as fast as it will be, and find out how many runs make a sample. */
  | { readonly type: "warm"; readonly mode: Mode }
  /** Take a sample. */
  | { readonly type: "sample"; readonly mode: Mode }
  /** Measure the worst single operation, and the memory. */
  | { readonly type: "extra"; readonly mode: Mode };

/** The answer to a request. */
export type TrialAnswer =
  | ({ readonly type: "checksum" } & Checksums)
  | {
      readonly type: "open";
      readonly resolution_ns: number;
      /** Those that it can do; null: the contender is not there. */
      readonly modes: readonly Mode[] | null;
      readonly version: string | null;
      readonly flags: string | null;
    }
  /** How many operations are in a sample. */
  | { readonly type: "warm"; readonly operations: number }
  /** Unit: ns per operation. */
  | { readonly type: "sample"; readonly ns: number }
  /** Units: ns of an operation, bytes per element. */
  | { readonly type: "extra"; readonly worst_ns: number | null; readonly bytes: number | null }
  /** An answer of the contender was wrong, or it has thrown: it is out. */
  | { readonly type: "out"; readonly reason: string };

/** A fresh process or Worker in which one contender runs; lib/race/trial.ts is what it runs. */
export interface Seat {
  /** Asks, and waits for the answer; one at a time. @throws if the process has ended, or was ended by close(). */
  ask(request: TrialRequest): Promise<TrialAnswer>;
  /** Ends it at once. */
  close(): void;
}

/** Where a race is run: Node, or a browser. */
export interface Surroundings {
  /** Begins a fresh process or Worker. */
  readonly seat: () => Seat;
  readonly machine: Pick<Machine, "processor" | "cores" | "memory" | "system" | "runtime" | "versions">;
}

/** What came out for one contender in one mode. Units: ns per operation, bytes per element. */
export interface RaceRow extends Heat, Entry {
  /** null: there is no sample, or it is disqualified. */
  readonly median_ns: number | null;
  /** Lower end of the interval that holds the median with 95 % confidence. */
  readonly low_ns: number | null;
  /** Upper end of that interval. */
  readonly high_ns: number | null;
  /** All samples in the order in which they were taken: none is left out. */
  readonly samples: readonly number[];
  /** How many operations are in a sample. */
  readonly operations: number;
  /** The worst single operation; null: the mode has none. */
  readonly worst_ns: number | null;
  /** Memory per element; null: not known here. */
  readonly bytes: number | null;
  /** Why it is out; null: all its answers were right. */
  readonly disqualified: string | null;
}

/** Where a race was run. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  /** Unit: bytes; null: not known. */
  readonly memory: number | null;
  readonly system: string;
  /** `Node 20.19.0 (V8 11.3)`, or the browser with its version. */
  readonly runtime: string;
  /** The smallest step of the clock that was seen. Unit: ns. */
  readonly clockResolution_ns: number;
  /** Of iopath, and of libraries and compilers that took part, by name. */
  readonly versions: Readonly<Record<string, string>>;
  /** What was compiled with what, by name. */
  readonly flags: Readonly<Record<string, string>>;
}

/** How a contender compares with the subject of its case. Ratios are of this run. */
export interface Verdict extends Heat {
  /** It beats the subject; no difference can be told; the subject beats it. Those that beat us come first. */
  readonly kind: "beaten" | "level" | "ahead";
  readonly subject: Entry;
  readonly other: Entry;
  /** Median of the slower by that of the faster: 1 or more. */
  readonly ratio: number;
}

/** Somebody who was not there. */
export interface Absent {
  readonly contender: string;
  /** What to do about it; null: nothing can be done here. */
  readonly install: string | null;
}

/** A whole race. */
export interface RaceResult {
  /** What kind of file this is. */
  readonly format: "iopath-race";
  readonly version: 1;
  /** When it began, as an ISO date. */
  readonly date: string;
  readonly machine: Machine;
  readonly seed: number;
  /** Whether it came to its end; otherwise it was stopped, and holds what there was. */
  readonly isComplete: boolean;
  readonly rows: readonly RaceRow[];
  readonly verdicts: readonly Verdict[];
  readonly absent: readonly Absent[];
}

/** How far a race has come. */
export interface RaceProgress {
  /** From 0 to 1. */
  readonly part: number;
  /** What is being measured. */
  readonly heat: Heat;
  /** Heats that are over, and all. */
  readonly done: number;
  readonly total: number;
}

/** What is to be raced; what is left out has a default. */
export interface RaceOptions {
  readonly cases: readonly CaseName[];
  /** null: each case has a size of its own. */
  readonly sizes: readonly number[] | null;
  readonly orders: readonly KeyOrder[];
  readonly seed: number;
  readonly samples: number;
  /** Longest time for the samples of a heat. Unit: ms. */
  readonly budget: number;
  /** Ids; null: all. */
  readonly contenders: readonly string[] | null;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: RaceProgress) => void;
  /** Is told of every row as soon as it is known, and again when it has changed. */
  readonly onRow?: (row: RaceRow) => void;
}
