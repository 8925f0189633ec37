import type { ReactiveController, ReactiveControllerHost } from "lit";
import { loadDraft, saveDraft } from "../model/settings.ts";
import type { ProgramRun } from "../sandbox/run-program.ts";
import type { Thrown } from "../sandbox/guest/thrown.ts";
import type { Cut } from "../sandbox/limits.ts";
import { PLAIN_BOOT, type SharedBoot } from "../share/share.ts";

/** What a program that was run here has come to. */
export interface Outcome {
  /** What it has written to the console. */
  readonly console: readonly string[];
  /** What it has thrown first. */
  readonly error: Thrown | null;
  /** Why it was cut off; null: it came to its end. */
  readonly cut: Cut | null;
}

/** Where a program is edited and run: the text on the stage, the draft of another one, and what that came to. */
export class Workbench implements ReactiveController {
  /** Name of the scenario whose program it is. */
  id = "";
  /** The text that the scenario came with. */
  original = "";
  /** The text that was on the stage first: the original, or what came with a link, a file, a draft. */
  opened = "";
  /** What machines are booted with, where the text does not say it: a link may. */
  boot: SharedBoot = PLAIN_BOOT;
  /** What stands in the editor; null: the editor is closed. */
  draft: string | null = null;
  /** Whether a program runs. */
  running = false;
  /** What the last run here came to; null: none was. */
  outcome: Outcome | null = null;
  /** The text that is on the stage, if it was run here; null: it is the original. */
  ran: string | null = null;
  readonly #host: ReactiveControllerHost;
  readonly #show: (text: string, run: ProgramRun) => void;
  #controller: AbortController | null = null;

  /** @param show  called with a machine that has run. */
  constructor(host: ReactiveControllerHost, show: (text: string, run: ProgramRun) => void) {
    this.#host = host;
    this.#show = show;
    host.addController(this);
  }

  /** Whether another text than the original is on the stage. */
  get isEdited(): boolean {
    return this.ran !== null && this.ran !== this.original;
  }

  /** Whether another text is on the stage than first. */
  get isChanged(): boolean {
    return this.ran !== null && this.ran !== this.opened;
  }

  hostDisconnected(): void {
    this.#controller?.abort();
  }

  /** Another scenario is on the stage. What was edited in it before is at hand again. */
  open(id: string, original: string, opened = original, boot = PLAIN_BOOT): void {
    this.stop();
    this.boot = boot;
    [this.id, this.original, this.opened, this.outcome, this.ran] = [id, original, opened, null, null];
    const draft = original === "" ? null : loadDraft(id);
    this.draft = draft === original ? null : draft;
    this.#host.requestUpdate();
  }

  /** Opens the editor. */
  edit(): void {
    this.draft = this.ran ?? this.original;
    this.#host.requestUpdate();
  }

  /** The text in the editor has changed. */
  change(text: string): void {
    if (this.draft === null) return;
    this.draft = text;
    saveDraft(this.id, text);
    this.#host.requestUpdate();
  }

  /** Closes the editor; what was not run is forgotten. */
  leave(): void {
    this.draft = null;
    saveDraft(this.id, this.ran);
    this.#host.requestUpdate();
  }

  /** Ends what runs. */
  stop(): void {
    this.#controller?.abort();
    this.#controller = null;
    this.running = false;
    this.#host.requestUpdate();
  }

  /**
   * Runs a text. The editor closes if it came to its end; else it shows where it did not.
   *
   * @throws what keeps the sandbox itself from running.
   */
  async run(text: string): Promise<void> {
    this.stop();
    const controller = (this.#controller = new AbortController());
    this.running = true;
    saveDraft(this.id, text);
    try {
      const { runProgram } = await import("../sandbox/run-program.ts");
      const run = await runProgram(text, controller.signal, { boot: this.boot });
      if (controller.signal.aborted) return;
      const { kernel, console, error, cut } = run;
      this.outcome = { console, error, cut };
      if (kernel && kernel.ticks > 0) {
        this.ran = text;
        this.#show(text, run);
      }
      this.draft = error === null && cut === null ? null : text;
    } catch (error) {
      if (!controller.signal.aborted) throw error;
    } finally {
      if (this.#controller === controller) this.stop();
    }
  }
}
