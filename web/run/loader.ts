import type { LitElement } from "lit";
import { fire } from "../app/events.ts";
import type { Notice } from "../app/iop-notice.ts";
import { errorNotice, reportNotice } from "../app/notices.ts";
import { type Locale, type Translate, translator } from "../i18n/catalogue.ts";
import { type CompareRoute, type RunRoute, YOUR_PROGRAM } from "../model/route.ts";
import { Session } from "../model/session.ts";
import { loadDraft, saveDraft } from "../model/settings.ts";
import type { ProgramRun } from "../sandbox/run-program.ts";
import { SCENARIOS, exampleText } from "../scenarios/all.ts";
import type { Facts } from "../scenarios/questions/question.ts";
import { recordingScenario } from "../scenarios/recording.ts";
import type { Scenario } from "../scenarios/scenario.ts";
import type { SharedBoot } from "../share/share.ts";
import { sharedRunOf, sharedText } from "./shared-run.ts";
import { Workbench } from "./workbench.ts";
import { ownProgram } from "../scenarios/own-program.ts";

/** What the page does with what is loaded. */
interface Shows {
  /** Another machine stands on the stage, and is to be shown at a tick. */
  readonly machine: (tick: number) => void;
  /** Another program is there, with or without a machine: which panel shows what matters of it. */
  readonly panel: (name: "question" | "stage" | "program", scenario: Scenario) => void;
}

/** How a person's own program is opened. */
interface Opened {
  /** What it began with. */
  readonly original?: string;
  /** Name of its file. */
  readonly name?: string;
  /** Where to stand in its run. */
  readonly tick?: number;
  /** What its link says to boot with. */
  readonly boot?: SharedBoot | undefined;
}

/** Brings runs onto the stage: scenarios, recordings, programs of strangers. It knows what stands there. */
export class Loader {
  /** What was chosen; null: nothing yet. */
  scenario: Scenario | null = null;
  /** The machine on the stage; null: nothing has run yet. */
  session: Session | null = null;
  /** Text of the programs; empty: there is none. */
  source = "";
  /** What a question's program has found out; null: the scenario is no question. */
  facts: Facts | null = null;
  /** What is being loaded, in words; empty: nothing. */
  loading = "";
  /** Where a program is edited and run. */
  readonly bench: Workbench;
  readonly #host: LitElement & { readonly locale: Locale };
  readonly #shows: Shows;
  /** Counts what was asked to be loaded: only the last one is shown. */
  #asked = 0;

  constructor(host: LitElement & { readonly locale: Locale }, shows: Shows) {
    this.#host = host;
    this.#shows = shows;
    this.bench = new Workbench(host, (text, run) => this.#ran(text, run));
  }

  /** The text on the stage, if it was edited or came from a person; null: it is that of the scenario. */
  get program(): string | null {
    return this.bench.isEdited ? this.bench.ran : null;
  }

  /** Whether what an address leads to stands on the stage already. */
  has({ scenario: id, program, boot = this.bench.boot }: RunRoute): boolean {
    const isSame =
      program === undefined ||
      (program === this.source && boot.cpus === this.bench.boot.cpus && boot.seed === this.bench.boot.seed);
    return this.scenario?.id === id && this.session !== null && isSame;
  }

  /** Runs what an address leads to. */
  async pick({ scenario: id, tick, program, boot }: RunRoute): Promise<void> {
    if (id === YOUR_PROGRAM) {
      const example = await exampleText();
      const text = program ?? loadDraft(YOUR_PROGRAM) ?? example;
      await this.#openProgram(text, { original: example, tick: tick ?? 0, boot });
      return;
    }
    const found = SCENARIOS.find((scenario) => scenario.id === id);
    if (!found) this.#tell({ kind: "error", text: this.#t("error_unknown_scenario", { id }), detail: "" });
    await this.#start(found ?? SCENARIOS[0]!, found ? tick : null);
  }

  /** Runs what a file holds: a program, or a recording. */
  async open(file: File): Promise<void> {
    if (/\.[cm]?js$/.test(file.name)) return this.#openProgram(await file.text(), { name: file.name });
    await this.#start(
      recordingScenario(file.name, () => file.text()),
      null,
    );
  }

  /** Runs a program of a stranger, in the place of the one on the stage. */
  async run(text: string): Promise<void> {
    try {
      await this.bench.run(text);
    } catch (error) {
      this.#tell(errorNotice(error, this.session !== null, this.#t));
    }
  }

  /** The edited program on the stage beside what it was; null: it was not edited here. */
  get comparison(): CompareRoute | null {
    const { id, opened, ran, isChanged } = this.bench;
    if (!isChanged) return null;
    const left = sharedRunOf(id, opened, false, this.bench.boot);
    return { page: "compare", left, right: sharedText(ran!, this.bench.boot), changes: [], step: null };
  }

  /** Lets the scenario's own text take the place of the edited one. */
  backToOriginal(): void {
    const { original, id } = this.bench;
    saveDraft(id, null);
    this.bench.leave();
    if (id === YOUR_PROGRAM) void exampleText().then((text) => this.#openProgram(text));
    else if (this.source !== original && this.scenario) void this.#start(this.scenario, null);
  }

  /** Shows a person's own program, and runs it. */
  async #openProgram(text: string, how: Opened = {}): Promise<void> {
    const asked = ++this.#asked;
    const scenario = ownProgram(text, how.boot, how.name);
    [this.scenario, this.source] = [scenario, text];
    this.loading = this.#t("loading", { name: scenario.title[this.#host.locale] });
    saveDraft(YOUR_PROGRAM, text);
    this.bench.open(YOUR_PROGRAM, how.original ?? text, text, how.boot);
    await this.run(text);
    if (asked !== this.#asked) return;
    this.loading = "";
    if (this.session) this.#shows.machine(how.tick ?? 0);
    else this.#shows.panel("program", scenario);
    this.#host.requestUpdate();
  }

  /** A program that was edited has run. */
  #ran(text: string, { kernel, lines, result }: ProgramRun): void {
    const isAnswer = this.scenario?.question && typeof result === "object" && result !== null;
    this.#put(new Session(kernel!, null, lines), text, 0);
    this.facts = isAnswer ? (result as Facts) : null;
  }

  /** Puts a machine that has run on the stage. */
  #put(session: Session, source: string, tick: number): void {
    [this.session, this.source] = [session, source];
    this.#shows.machine(tick);
    this.#host.requestUpdate();
  }

  /** Runs a scenario, and shows it once it has run; if it cannot, what was on the stage stays there. */
  async #start(scenario: Scenario, tick: number | null): Promise<void> {
    const asked = ++this.#asked;
    const name = scenario.title[this.#host.locale];
    this.loading = this.#t(scenario.recorded ? "loading_trace" : "loading", { name });
    this.#host.requestUpdate();
    try {
      const { kernel, source, cut, calls, report, lines, facts } = await scenario.start();
      if (asked !== this.#asked) return;
      const session = new Session(kernel, calls, lines);
      if (session.run.calls.length === 0 && report) throw new Error(this.#t("error_empty"));
      [this.scenario, this.facts] = [scenario, facts];
      this.#put(session, source, tick ?? 0);
      this.bench.open(scenario.id, source);
      this.#shows.panel(scenario.question ? "question" : "stage", scenario);
      if (cut) this.#tell({ kind: "news", text: this.#t("cut", { ticks: kernel.ticks }), detail: "" });
      if (report) this.#tell(reportNotice(report, this.#t));
    } catch (error) {
      if (asked === this.#asked) this.#tell(errorNotice(error, this.session !== null, this.#t));
    } finally {
      if (asked === this.#asked) this.loading = "";
      this.#host.requestUpdate();
    }
  }

  readonly #t: Translate = (key, values) => translator(this.#host.locale)(key, values);

  #tell(notice: Notice): void {
    fire(this.#host, "iop-notice", { notice });
  }
}
