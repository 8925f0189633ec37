import type { ReactiveControllerHost } from "lit";
import type { Selection } from "../model/selection.ts";

/** What was chosen on the stage: an object, those before it, the groups that are shown as a whole, what is searched. */
export class Chosen {
  /** The object that is inspected; null: none. */
  selection: Selection | null = null;
  /** What was selected before, the oldest first. */
  trail: readonly Selection[] = [];
  /** Keys of the folded groups that are shown as a whole. */
  expanded: ReadonlySet<string> = new Set();
  readonly #host: ReactiveControllerHost;
  #searched = "";

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
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
    this.expanded = new Set();
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

  /** Shows a folded group as a whole. @param key  of the group, or of the sign that stands for what is folded. */
  expand(key: string): void {
    this.expanded = new Set([...this.expanded, key.replace(/^more:/, "")]);
    this.#host.requestUpdate();
  }
}
