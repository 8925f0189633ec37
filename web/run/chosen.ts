import type { ReactiveControllerHost } from "lit";
import type { Selection } from "../model/selection.ts";
import { type StageSight, WHOLE, narrow } from "../model/stage-sight.ts";

/** What was chosen on the stage: an object, those before it, how much is drawn, what is searched. */
export class Chosen {
  /** The object that is inspected; null: none. */
  selection: Selection | null = null;
  /** What was selected before, the oldest first. */
  trail: readonly Selection[] = [];
  readonly #host: ReactiveControllerHost;
  #sight = WHOLE;
  #searched = "";

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
  }

  /** What of the machine is drawn, and how much of it. */
  get sight(): StageSight {
    return this.#sight;
  }

  set sight(sight: StageSight) {
    this.#sight = sight;
    this.#host.requestUpdate();
  }

  /** What is searched for. */
  get searched(): string {
    return this.#searched;
  }

  set searched(text: string) {
    this.#searched = text;
    this.#host.requestUpdate();
  }

  /** Another machine is on the stage: nothing is chosen of it. */
  open(): void {
    this.clear();
    this.sight = WHOLE;
  }

  /** Nothing is chosen any more. */
  clear(): void {
    [this.selection, this.trail, this.searched] = [null, [], ""];
  }

  /** Chooses an object; if it is chosen already, nothing any more. */
  select({ struct, address }: Selection): void {
    const { selection } = this;
    if (selection?.address === address && selection.struct === struct) {
      [this.selection, this.trail] = [null, []];
    } else {
      if (selection) this.trail = [...this.trail, selection];
      this.selection = { struct, address };
    }
    this.#host.requestUpdate();
  }

  /** Goes back to what was chosen before. */
  back(): void {
    this.selection = this.trail.at(-1) ?? null;
    this.trail = this.trail.slice(0, -1);
    this.#host.requestUpdate();
  }

  /** Narrows the stage to what is selected; if it is, shows everything again. */
  narrow(): void {
    this.sight = narrow(this.sight, this.selection);
  }
}
