import { type Account, type CppPointer, accountOf } from "../../../lib/index.ts";
import { CHAR } from "../../../lib/cpp/notation.ts";
import { ownershipOf } from "../../../lib/cpp/scene.ts";
import { type HeapReading, readHeap } from "../../../lib/see/heap.ts";
import { ViewBuilder } from "./builder.ts";
import type { Ran } from "./ran.ts";
import { totalsOf, within } from "./totals.ts";
import type { View } from "./view.ts";

/** The views of a run, each made when it is asked for. */
export class Views {
  readonly ran: Ran;
  readonly #views = new Map<number, View>();
  readonly #base: number;

  constructor(ran: Ran) {
    this.ran = ran;
    this.#base = this.#read(0)?.heap.top ?? 0;
  }

  /** The heap at a moment. @param index  of one of the run's moments. */
  #read(index: number): HeapReading | null {
    const { kernel, pid, moments } = this.ran;
    kernel.seek(moments[index]!.tick);
    return readHeap(kernel.memory, pid);
  }

  /** What is drawn of a moment. */
  at(index: number): View {
    const known = this.#views.get(index) ?? this.#made(index);
    this.#views.set(index, known);
    return known;
  }

  #made(index: number): View {
    const { ran } = this;
    const moment = ran.moments[index]!;
    const account = accountOf(
      ran.records.filter(({ tick }) => tick <= moment.tick),
      ran.program.structs,
    );
    // Looks at moments before, for which the machine goes back: so it comes before this one is read.
    const stale = this.#staleAt(index, account);
    const reading = this.#read(index)!;
    const seen = ownershipOf(ran.kernel.memory, ran.pid, ran.program, account.objects)!;
    const scene = { ...seen, variables: this.#living(index, seen.variables) };
    const builder = new ViewBuilder(ran, reading, scene, account, stale);
    const lost = moment.kind === "action" ? [] : builder.lost();
    const variables = builder.variables();
    const chunks = builder.chunks(this.#base, lost, moment.kind !== "action");
    const own = reading.heap.chunks.filter(({ address }) => address < this.#base);
    return {
      variables,
      chunks,
      own: { chunks: own.length, bytes: this.#base - reading.heap.start },
      lists: builder.lists(),
      edges: builder.edges.filter(({ to }) => to !== ""),
      totals: totalsOf(account, scene),
      lost,
    };
  }

  /** The variables that live: what main() has counted last does not know that the last one has gone. */
  #living(index: number, variables: readonly CppPointer[]): readonly CppPointer[] {
    const { moments, signal } = this.ran;
    const { tick } = moments.at(-1)!;
    return moments[index]!.tick === tick && signal === "" ? [] : variables;
  }

  /** Whether a plain pointer leads to memory that was allocated after it got its value: then it is somebody else's. */
  #staleAt(index: number, { live }: Account): (pointer: CppPointer) => boolean {
    const { moments } = this.ran;
    const since = new Map<string, { readonly target: number; readonly tick: number }>();
    for (let i = 0; i < index; i++) {
      if (moments[i]!.kind !== "done") continue;
      for (const { name, target } of this.at(i).variables) {
        if (since.get(name)?.target !== target) since.set(name, { target, tick: moments[i]!.tick });
      }
    }
    return ({ name, holder, type, target }) => {
      const taken = since.get(name);
      if (holder !== "pointer" || type === CHAR || taken?.target !== target) return false;
      const now = live.find(({ address, bytes }) => within(target, address, bytes));
      return now !== undefined && now.tick > taken.tick;
    };
  }
}
