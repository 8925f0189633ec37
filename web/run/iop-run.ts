import { LitElement, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { errorNotice, reportNotice } from "../app/notices.ts";
import type { Notice } from "../app/iop-notice.ts";
import { shared } from "../app/styles.ts";
import { type Locale, type Translate, translator } from "../i18n/catalogue.ts";
import type { Picture } from "../layout/picture.ts";
import { type Breakpoint, nextHit } from "../model/breakpoints.ts";
import type { Frame } from "../model/frame.ts";
import { type Command, commandOf } from "../model/keys.ts";
import { type RunRoute, YOUR_PROGRAM } from "../model/route.ts";
import type { Grain } from "../model/run.ts";
import { loadGuesses, saveGuesses } from "../model/settings.ts";
import type { Selection } from "../model/selection.ts";
import { zoomed } from "../model/zoom.ts";
import { Session } from "../model/session.ts";
import type { IopInspector } from "../panels/iop-inspector.ts";
import { loadDraft, saveDraft } from "../model/settings.ts";
import { SCENARIOS, exampleText } from "../scenarios/all.ts";
import type { Facts } from "../scenarios/questions/question.ts";
import { recordingScenario } from "../scenarios/recording.ts";
import type { Scenario } from "../scenarios/scenario.ts";
import type { IopStage, SelectDetail } from "../stage/iop-stage.ts";
import { drawn } from "./drawn.ts";
import { runStyles } from "./run-styles.ts";
import type { IopTimelinePanel } from "./iop-timeline-panel.ts";
import type { ProgramRun } from "../sandbox/run-program.ts";
import { Player } from "./player.ts";
import { Workbench } from "./workbench.ts";
import { yourProgram } from "./your-program.ts";
import { type Tab, runView } from "./view.ts";

/** What the picture depends on: it is drawn anew when one of these has changed, and not for every letter of a search. */
const DRAWN = ["session", "tick", "grain", "selection", "expanded", "width", "locale"] as const;

/** A step longer than this is a leap: things appear in their places instead of moving there. Unit: ticks. */
const LEAP = 400;

/**
 * The page of one run: the one element that knows which machine is looked at, where in its time, and what was chosen
 * in it. What it shows flows down, what a person does comes up.
 *
 * @fires iop-route   what is shown has changed: the address that leads here
 * @fires iop-go      something else is to be shown: its address
 * @fires iop-notice  something that a person should know; null: no more
 */
@customElement("iop-run")
export class IopRun extends LitElement {
  static override styles = [shared, runStyles];

  @property() locale: Locale = "en";
  /** What is to be shown. */
  @property({ attribute: false }) route: RunRoute | null = null;
  /** A recording to be shown instead; null: none. */
  @property({ attribute: false }) file: File | null = null;
  @state() private scenario: Scenario | null = null;
  @state() private session: Session | null = null;
  @state() private facts: Facts | null = null;
  @state() private source = "";
  /** What was guessed, by question. */
  @state() private guesses = loadGuesses();
  @state() private tick = 0;
  @state() private grain: Grain = "function";
  @state() private selection: Selection | null = null;
  @state() private trail: readonly Selection[] = [];
  @state() private expanded: ReadonlySet<string> = new Set();
  @state() private width = 0;
  @state() private tab: Tab = "stage";
  /** How large the stage is drawn: 1 fits the room. */
  @state() private zoom = 1;
  @state() private searched = "";
  /** Whether what is on the stage is to be taken away. */
  @state() private sharing = false;
  @state() private breakpoints: readonly Breakpoint[] = [];
  /** Whether somebody asks what could go differently. */
  @state() private asking = false;
  /** What is being loaded; empty: nothing. */
  @state() private loading = "";
  @query("iop-inspector") private readonly inspector!: IopInspector | null;
  @query("iop-timeline-panel") private readonly timeline!: IopTimelinePanel | null;
  @query("iop-stage") private readonly stage!: IopStage | null;

  readonly #bench = new Workbench(this, (text, run) => this.#ran(text, run));
  readonly #player = new Player(this, () => this.#play());
  readonly #commands: Readonly<Partial<Record<Command, () => unknown>>> = {
    step: () => this.#step(1, this.grain),
    back: () => this.#step(-1, this.grain),
    call: () => this.#step(1, "syscall"),
    call_back: () => this.#step(-1, "syscall"),
    first: () => this.#seek(0),
    last: () => this.#seek(Infinity),
    play: () => this.#player.toggle(),
    grain_syscall: () => (this.grain = "syscall"),
    grain_function: () => (this.grain = "function"),
    grain_tick: () => (this.grain = "tick"),
    timeline: () => this.timeline?.toggle(),
    hit: () => this.#goToHit(1),
    hit_back: () => this.#goToHit(-1),
    search: () => this.#searchNow(),
    share: () => this.#share(),
    what_if: () => (this.asking = true),
    escape: () => this.#clear(),
  };
  #frame: Frame | null = null;
  #picture: Picture | null = null;
  #moving = false;
  /** Counts what was asked to be loaded: only the last one is shown. */
  #asked = 0;

  constructor() {
    super();
    const on = <D>(name: string, act: (detail: D) => void) =>
      this.addEventListener(name, (event) => act((event as CustomEvent<D>).detail));
    on<{ command: Command }>("iop-command", ({ command }) => this.#do(command));
    on<{ tick: number }>("iop-seek", ({ tick }) => this.#jump(tick));
    on("iop-edit", () => this.#bench.edit());
    on<{ text: string }>("iop-draft", ({ text }) => this.#bench.change(text));
    on<{ text: string }>("iop-try", ({ text }) => void this.run(text));
    on("iop-leave", () => this.#bench.leave());
    on("iop-original", () => this.#backToOriginal());
    on("iop-stop", () => this.#bench.stop());
    on<{ line: number }>("iop-run-to", ({ line }) => this.#runTo(line));
    on<{ grain: Grain }>("iop-grain", ({ grain }) => (this.grain = grain));
    on<{ speed: number }>("iop-speed", ({ speed }) => (this.#player.speed = speed));
    on<{ width: number }>("iop-width", ({ width }) => (this.width = width));
    on<{ key: string }>(
      "iop-expand",
      ({ key }) => (this.expanded = new Set([...this.expanded, key.replace(/^more:/, "")])),
    );
    on<{ breakpoints: Breakpoint[] }>("iop-breakpoints", ({ breakpoints }) => (this.breakpoints = breakpoints));
    on<SelectDetail>("iop-select", (detail) => this.#select(detail));
    on("iop-back", () => this.#backToLast());
    on<{ text: string }>("iop-search", ({ text }) => (this.searched = text));
    on("iop-share", () => this.#do("share"));
    on<{ by: 1 | -1 | 0 }>("iop-zoom", ({ by }) => (this.zoom = by === 0 ? 1 : zoomed(this.zoom, by)));
    on<{ tab: Tab }>("iop-tab", ({ tab }) => (this.tab = tab));
    on("iop-what-if", () => (this.asking = true));
    on("iop-close", () => ([this.sharing, this.asking] = [false, false]));
    on<{ guess: number }>("iop-guess", ({ guess }) => this.#guess(guess));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("keydown", this.#pressed);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("keydown", this.#pressed);
  }

  /** The tick that is shown. */
  get position(): number {
    return this.tick;
  }

  /** The run on the stage; null: none yet. */
  get shown(): Session | null {
    return this.session;
  }

  /** Resolves when everything is drawn. */
  protected override async getUpdateComplete(): Promise<boolean> {
    const result = await super.getUpdateComplete();
    if (this.stage) await this.stage.updateComplete;
    return result;
  }

  async #pick({ scenario: id, tick, grain, program }: RunRoute): Promise<void> {
    if (grain) this.grain = grain;
    const isThere = this.scenario?.id === id && this.session !== null;
    if (isThere && (program === undefined || program === this.source)) {
      this.#seek(tick ?? 0);
      return;
    }
    if (id === YOUR_PROGRAM) {
      const example = await exampleText();
      await this.#openProgram(program ?? loadDraft(YOUR_PROGRAM) ?? example, example);
      this.#seek(tick ?? 0);
      return;
    }
    const found = SCENARIOS.find((scenario) => scenario.id === id);
    if (!found) this.#tell({ kind: "error", text: this.#t("error_unknown_scenario", { id }), detail: "" });
    await this.#start(found ?? SCENARIOS[0]!, found ? tick : null);
  }

  async #open(file: File): Promise<void> {
    if (/\.[cm]?js$/.test(file.name)) return this.#openProgram(await file.text(), undefined, file.name);
    await this.#start(
      recordingScenario(file.name, () => file.text()),
      null,
    );
  }

  /** Shows a person's own program, and runs it. @param original  what it began with. @param name  of its file. */
  async #openProgram(text: string, original = text, name = ""): Promise<void> {
    const asked = ++this.#asked;
    this.scenario = yourProgram(name);
    this.source = text;
    this.loading = this.#t("loading", { name: this.scenario.title[this.locale] });
    saveDraft(YOUR_PROGRAM, text);
    this.#bench.open(YOUR_PROGRAM, original);
    await this.run(text);
    if (asked !== this.#asked) return;
    this.loading = "";
    if (!this.session) this.tab = "program";
  }

  /** The text on the stage, if it was edited or came from a person; null: it is that of the scenario. */
  get program(): string | null {
    return this.#bench.isEdited ? this.#bench.ran : null;
  }

  /** Runs a program of a stranger, in the place of the one on the stage. */
  async run(text: string): Promise<void> {
    this.#player.pause();
    try {
      await this.#bench.run(text);
    } catch (error) {
      this.#tell(errorNotice(error, this.session !== null, this.#t));
    }
  }

  /** A program that was edited has run. */
  #ran(text: string, { kernel, lines, result }: ProgramRun): void {
    const isAnswer = this.scenario?.question && typeof result === "object" && result !== null;
    this.#put({ session: new Session(kernel!, null, lines), source: text, tick: 0 });
    this.facts = isAnswer ? (result as Facts) : null;
  }

  #backToOriginal(): void {
    const { original, id } = this.#bench;
    saveDraft(id, null);
    this.#bench.leave();
    if (id === YOUR_PROGRAM) void exampleText().then((text) => this.#openProgram(text));
    else if (this.source !== original && this.scenario) void this.#start(this.scenario, null);
  }

  /** Puts a machine that has run on the stage. */
  #put({ session, source, tick }: { session: Session; source: string; tick: number }): void {
    [this.session, this.source] = [session, source];
    [this.selection, this.trail, this.expanded, this.searched] = [null, [], new Set(), ""];
    this.#moving = false;
    this.tick = Math.min(tick, session.run.ticks);
  }

  /** Runs a scenario, and shows it once it has run; if it cannot, what was on the stage stays there. */
  async #start(scenario: Scenario, tick: number | null): Promise<void> {
    const asked = ++this.#asked;
    this.#player.pause();
    this.loading = this.#t(scenario.recorded ? "loading_trace" : "loading", { name: scenario.title[this.locale] });
    try {
      const { kernel, source, cut, calls, report, lines, facts } = await scenario.start();
      if (asked !== this.#asked) return;
      const session = new Session(kernel, calls, lines);
      if (session.run.calls.length === 0 && report) throw new Error(this.#t("error_empty"));
      this.#put({ session, source, tick: tick ?? 0 });
      this.scenario = scenario;
      this.#bench.open(scenario.id, source);
      this.tab = scenario.question && this.guesses[scenario.id] === undefined ? "question" : "stage";
      this.facts = facts;
      if (cut) this.#tell({ kind: "news", text: this.#t("cut", { ticks: kernel.ticks }), detail: "" });
      if (report) this.#tell(reportNotice(report, this.#t));
    } catch (error) {
      if (asked === this.#asked) this.#tell(errorNotice(error, this.session !== null, this.#t));
    } finally {
      if (asked === this.#asked) this.loading = "";
    }
  }

  readonly #t: Translate = (key, values) => translator(this.locale)(key, values);

  #tell(notice: Notice | null): void {
    this.dispatchEvent(new CustomEvent("iop-notice", { detail: { notice }, bubbles: true, composed: true }));
  }

  #seek(tick: number): void {
    const ticks = this.session?.run.ticks ?? 0;
    const wanted = Math.max(0, Math.min(ticks, tick));
    this.#moving = Math.abs(wanted - this.tick) < LEAP;
    this.tick = wanted;
  }

  #jump(tick: number): void {
    this.#player.pause();
    this.#seek(tick);
  }

  /** Goes to where a call is made next at a line; behind the last time, to the first. */
  #runTo(line: number): void {
    const tick = this.session?.lines?.nextAt(line, this.tick);
    if (tick !== null && tick !== undefined) this.#jump(tick);
  }

  /** Goes one step on or back. Returns whether there is another one. */
  #step(direction: 1 | -1, grain: Grain): boolean {
    const run = this.session?.run;
    if (!run) return false;
    this.#seek(direction === 1 ? run.next(grain, this.tick) : run.previous(grain, this.tick));
    return direction === 1 ? this.tick < run.ticks : this.tick > 0;
  }

  /** Goes one step on, but no further than to a breakpoint. Returns whether it is to go on from there. */
  #play(): boolean {
    const run = this.session?.run;
    const hit = run ? nextHit(run, this.breakpoints, this.tick, 1) : null;
    if (!run || hit === null || hit > run.next(this.grain, this.tick)) return this.#step(1, this.grain);
    this.#seek(hit);
    return false;
  }

  #goToHit(direction: 1 | -1): void {
    const run = this.session?.run;
    const hit = run ? nextHit(run, this.breakpoints, this.tick, direction) : null;
    if (hit !== null) this.#seek(hit);
    else this.#tell({ kind: "news", text: this.#t(direction === 1 ? "hit_none" : "hit_back_none"), detail: "" });
  }

  readonly #pressed = (event: KeyboardEvent) => {
    const command = commandOf(event);
    if (!command || !this.#commands[command]) return;
    event.preventDefault();
    this.#do(command);
  };

  #do(command: Command): void {
    if (command !== "play") this.#player.pause();
    this.#commands[command]?.();
  }

  #guess(guess: number): void {
    this.guesses = { ...this.guesses, [this.scenario!.id]: guess };
    saveGuesses(this.guesses);
  }

  #searchNow(): void {
    this.tab = "inspector";
    void this.updateComplete.then(() => this.inspector?.focusSearch());
  }

  /** Shows how to take away what is on the stage, once that part of the page is there. */
  #share(): void {
    if (!this.session) return;
    import("../share/iop-share.ts").then(
      () => (this.sharing = true),
      (error: unknown) => this.#tell({ kind: "error", text: this.#t("error_page"), detail: String(error) }),
    );
  }

  #clear(): void {
    [this.selection, this.trail, this.searched] = [null, [], ""];
    this.#tell(null);
  }

  #select({ struct, address }: SelectDetail): void {
    const { selection } = this;
    if (selection?.address === address && selection.struct === struct) {
      [this.selection, this.trail] = [null, []];
      return;
    }
    if (selection) this.trail = [...this.trail, selection];
    this.selection = { struct, address };
  }

  #backToLast(): void {
    this.selection = this.trail.at(-1) ?? null;
    this.trail = this.trail.slice(0, -1);
  }

  protected override willUpdate(changes: PropertyValues): void {
    if (changes.has("file") && this.file) void this.#open(this.file);
    else if (changes.has("route") && this.route && !this.file && this.route.scenario !== "")
      void this.#pick(this.route);
    const { session, selection } = this;
    if (!session) return;
    if (["session", "tick", "grain"].some((name) => changes.has(name)))
      this.#frame = session.frame(this.tick, this.grain);
    if (!DRAWN.some((name) => changes.has(name))) return;
    if (changes.has("width")) this.#moving = false;
    const { width, expanded } = this;
    const sight = { width, expanded, selected: selection?.address ?? 0, translate: this.#t };
    this.#picture = width === 0 ? null : drawn(this.#frame!, sight);
  }

  protected override updated(changes: PropertyValues): void {
    if (this.session && ["session", "tick", "grain"].some((name) => changes.has(name))) this.#showAddress();
  }

  #showAddress(): void {
    const scenario = this.scenario?.id ?? "";
    const grain = this.grain === "function" ? null : this.grain;
    const route: RunRoute = { page: "run", scenario, tick: this.tick, grain };
    this.dispatchEvent(new CustomEvent("iop-route", { detail: { route }, bubbles: true, composed: true }));
  }

  override render(): TemplateResult {
    const { locale, session, scenario, tick, grain, selection, trail, tab, searched, loading } = this;
    return runView({
      locale,
      session,
      scenario,
      asking: this.asking,
      source: this.source,
      bench: this.#bench,
      guess: this.guesses[scenario?.id ?? ""] ?? -1,
      facts: this.facts,
      tick,
      grain,
      selection,
      trail,
      tab,
      zoom: this.zoom,
      searched,
      loading,
      sharing: this.sharing,
      drawing: () => this.stage?.shadowRoot?.querySelector("svg") ?? null,
      breakpoints: this.breakpoints,
      translate: this.#t,
      frame: session ? this.#frame : null,
      picture: this.#picture,
      moving: this.#moving,
      playing: this.#player.playing,
      speed: this.#player.speed,
    });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-run": IopRun;
  }
}
