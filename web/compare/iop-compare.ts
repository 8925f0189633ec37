import { LitElement, type PropertyValues, type TemplateResult, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { fire, listenerOf } from "../app/events.ts";
import type { Notice } from "../app/iop-notice.ts";
import { errorNotice } from "../app/notices.ts";
import { shared } from "../app/styles.ts";
import { type Locale, type Translate, translator } from "../i18n/catalogue.ts";
import { sentences } from "../later/parts.ts";
import { drawn } from "../run/drawn.ts";
import { Player } from "../run/player.ts";
import "../run/iop-transport.ts";
import { sentenceOf } from "../run/sentence.ts";
import type { Frame } from "../model/frame.ts";
import { type Command, commandOf } from "../model/keys.ts";
import { type CompareRoute, type RunRoute, YOUR_PROGRAM, formatRoute } from "../model/route.ts";
import type { Grain } from "../model/run.ts";
import { Session } from "../model/session.ts";
import type { Scenario } from "../scenarios/scenario.ts";
import { scenarioOf } from "../scenarios/own-program.ts";
import { PLAIN, type Terms } from "../scenarios/running.ts";
import type { Share, SharedRun } from "../share/share.ts";
import "../stage/iop-stage.ts";
import { changeText } from "./change-text.ts";
import { type Position, forkOf, indexAt, positionsOf } from "./clock.ts";
import { compareStyles } from "./compare-styles.ts";
import { countersTable } from "./counters-table.ts";

/** A run on one side. */
interface Side {
  readonly run: SharedRun;
  /** What it is called, in the language that is shown. */
  readonly title: () => string;
  readonly session: Session;
}

/**
 * Two machines side by side on one clock: two programs, or one with something done differently. Both go on by the
 * common clock; where they part is marked.
 *
 * @fires iop-route   what is shown has changed: the address that leads here
 * @fires iop-go      a program is to be shown alone
 * @fires iop-notice  something that a person should know
 */
@customElement("iop-compare")
export class IopCompare extends LitElement {
  static override styles = [shared, compareStyles];

  @property() locale: Locale = "en";
  @property({ attribute: false }) route: CompareRoute | null = null;
  @state() private sides: readonly [Side, Side] | null = null;
  @state() private grain: Grain = "function";
  @state() private step = 0;
  @state() private width = 0;
  /** What a link is to say; null: nobody has asked for one. */
  @state() private share: Share | null = null;
  readonly #player = new Player(this, () => this.#go(1));
  readonly #commands: Readonly<Partial<Record<Command, () => unknown>>> = {
    step: () => this.#go(1),
    back: () => this.#go(-1),
    first: () => this.#seek(0),
    last: () => this.#seek(Infinity),
    play: () => this.#player.toggle(),
    grain_syscall: () => this.#regrain("syscall"),
    grain_function: () => this.#regrain("function"),
    grain_tick: () => this.#regrain("tick"),
    share: () => this.#share(),
  };
  #positions: readonly Position[] = [];
  /** The first tick at which the runs differ; Infinity: never. */
  #fork = Infinity;
  #frames: readonly Frame[] = [];
  #asked = new AbortController();

  constructor() {
    super();
    const on = listenerOf(this);
    on<{ command: Command }>("iop-command", ({ command }) => this.#do(command));
    on<{ tick: number }>("iop-seek", ({ tick }) => this.#jump(tick));
    on<{ grain: Grain }>("iop-grain", ({ grain }) => this.#regrain(grain));
    on<{ speed: number }>("iop-speed", ({ speed }) => (this.#player.speed = speed));
    on<{ width: number }>("iop-width", ({ width }) => (this.width = width));
    on("iop-close", () => (this.share = null));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("keydown", this.#pressed);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("keydown", this.#pressed);
    this.#asked.abort();
  }

  /** Which step is shown, of how many, and the tick of each run. */
  get position(): { readonly step: number; readonly steps: number; readonly ticks: readonly number[] } {
    return { step: this.step, steps: this.#positions.length - 1, ticks: this.#frames.map(({ tick }) => tick) };
  }

  /** The runs; null: they have not run yet. */
  get shown(): readonly Session[] | null {
    return this.sides?.map(({ session }) => session) ?? null;
  }

  readonly #t: Translate = (key, values) => translator(this.locale)(key, values);

  async #start(route: CompareRoute): Promise<void> {
    this.#asked.abort();
    const { signal } = (this.#asked = new AbortController());
    this.#player.pause();
    const { left, right, changes, step, grain } = route;
    const byHand = changes.some(({ kind }) => kind === "choose");
    try {
      const sides = await Promise.all([
        this.#side(left, { ...PLAIN, byHand }, signal),
        this.#side(right, { changes, byHand }, signal),
      ]);
      if (signal.aborted) return;
      this.sides = sides;
      this.grain = grain ?? "function";
      const [a, b] = sides.map(({ session }) => session.run) as [Session["run"], Session["run"]];
      this.#fork = forkOf(a, b);
      this.#measure();
      this.#seek(step ?? (this.#isRelated ? this.#parted : 0));
    } catch (error) {
      if (!signal.aborted) this.#tell(errorNotice(error, this.sides !== null, this.#t));
    }
  }

  async #side(run: SharedRun, terms: Terms, signal: AbortSignal): Promise<Side> {
    const scenario = scenarioOf(run, signal);
    if (!scenario) throw new RangeError(this.#t("error_no_scenario", { id: "scenario" in run ? run.scenario : "" }));
    const { kernel, calls, lines } = await scenario.start(terms);
    const changed = () => terms.changes.map((change) => changeText(change, this.#t)).join(this.#t("comma"));
    return { run, title: () => changed() || this.#titleOf(run, scenario), session: new Session(kernel, calls, lines) };
  }

  /** What a side is called: of a program that was edited, what it was and what has become of it. */
  #titleOf(run: SharedRun, { title }: Scenario): string {
    const { left, right } = this.route!;
    if (!("program" in run) || isSame(left, right)) return title[this.locale];
    return this.#t(run === right ? "edited" : "unedited");
  }

  /** Whether the right side has come about from the left one: then it matters where they part. */
  get #isRelated(): boolean {
    const { left, right } = this.route!;
    return isSame(left, right) || "program" in right;
  }

  /** Shows the link to these runs, once that part of the page is there. */
  #share(): void {
    Promise.all([import("../share/iop-share.ts"), import("../share/compare-link.ts")]).then(
      ([, { shareOf }]) => (this.share = shareOf({ ...this.route!, step: this.step, grain: this.grain })),
      (error: unknown) => this.#tell({ kind: "error", text: this.#t("error_page"), detail: String(error) }),
    );
  }

  #tell(notice: Notice): void {
    fire(this, "iop-notice", { notice });
  }

  /** Finds the steps of the grain. */
  #measure(): void {
    const [left, right] = this.sides!;
    this.#positions = positionsOf([left.session.run, right.session.run], this.grain);
  }

  /** The step in which the runs part; 0: they never do. */
  get #parted(): number {
    return Math.max(
      0,
      this.#positions.findIndex(({ ticks }) => Math.max(...ticks) >= this.#fork),
    );
  }

  #regrain(grain: Grain): void {
    if (!this.sides || grain === this.grain) return;
    const { time } = this.#positions[this.step]!;
    this.grain = grain;
    this.#measure();
    this.#seek(indexAt(this.#positions, time));
  }

  #seek(step: number): void {
    this.step = Math.max(0, Math.min(this.#positions.length - 1, step));
    // The grain may be another one in which the step has the same number.
    this.requestUpdate("step", -1);
  }

  #jump(step: number): void {
    this.#player.pause();
    this.#seek(step);
  }

  #go(direction: 1 | -1): boolean {
    this.#seek(this.step + direction);
    return direction === 1 ? this.step < this.#positions.length - 1 : this.step > 0;
  }

  readonly #pressed = (event: KeyboardEvent) => {
    const command = commandOf(event);
    if (!command || !this.#commands[command]) return;
    event.preventDefault();
    this.#do(command);
  };

  #do(command: Command): void {
    if (!this.sides) return;
    if (command !== "play") this.#player.pause();
    this.#commands[command]?.();
  }

  protected override willUpdate(changes: PropertyValues): void {
    if (changes.has("route") && this.route) void this.#start(this.route);
    if (!this.sides || !changes.has("step")) return;
    const now = this.#positions[this.step]!;
    const before = this.#positions[this.step - 1] ?? now;
    this.#frames = this.sides.map(({ session }, i) => session.frameFrom(before.ticks[i]!, now.ticks[i]!));
  }

  protected override updated(changes: PropertyValues): void {
    if (!this.sides || !changes.has("step") || !this.route) return;
    const grain = this.grain === "function" ? null : this.grain;
    const route: CompareRoute = { ...this.route, step: this.step, grain };
    fire(this, "iop-route", { route });
  }

  override render(): TemplateResult {
    const { sides } = this;
    const t = this.#t;
    sentences[this.locale].for(this);
    if (!sides) return html`<p class="loading" role="status">${t("loading")}</p>`;
    return html`<main>
        <div class="sides">${sides.map((side, i) => this.#view(side, i))}</div>
        ${this.#common()}
        ${countersTable(
          this.#frames,
          sides.map(({ title }) => title()),
          this.locale,
          t,
        )}
      </main>
      <iop-transport
        .locale=${this.locale}
        .tick=${this.step}
        .ticks=${this.#positions.length - 1}
        .time=${this.#positions[this.step]!.time}
        .grain=${this.grain}
        .speed=${this.#player.speed}
        .playing=${this.#player.playing}
        unit="step"
        .sentence=${this.#sentence()}
      ></iop-transport>
      ${this.share ? html`<iop-share .locale=${this.locale} .share=${this.share}></iop-share>` : nothing}`;
  }

  /** Whether a side has moved in this step. */
  #moved(i: number): boolean {
    const before = this.#positions[this.step - 1];
    return before !== undefined && before.ticks[i] !== this.#positions[this.step]!.ticks[i];
  }

  #sentence(): string {
    const said = this.#frames.map((frame) => sentenceOf(frame, this.locale));
    if (said[0] === said[1]) return said[0] ?? "";
    const names = [this.#t("left"), this.#t("right")];
    return said
      .flatMap((sentence, i) => (this.#moved(i) ? [`${names[i]}${this.#t("colon")}${sentence}`] : []))
      .join(" ");
  }

  /** Where the runs part, and the way to take them away. */
  #common(): TemplateResult {
    const t = this.#t;
    const parted = this.#parted;
    const where = html`${t(this.step < parted ? "before_fork" : "after_fork")}
      <button @click=${() => this.#jump(parted)}>${t("to_fork")}</button>`;
    return html`<p class="fork">
      ${this.#fork === Infinity ? t("never_part") : this.#isRelated ? where : nothing}
      <button class="share" aria-keyshortcuts="s" @click=${() => this.#share()}>${t("share")}</button>
    </p>`;
  }

  /** The way to a run alone. */
  #link({ run, title }: Side, tick: number): TemplateResult {
    if ("scenario" in run)
      return html`<a href=${formatRoute({ page: "run", scenario: run.scenario, tick })}>${title()}</a>`;
    const { program, cpus, seed } = run;
    const route: RunRoute = { page: "run", scenario: YOUR_PROGRAM, tick, program, boot: { cpus, seed } };
    const go = (event: Event) => {
      event.preventDefault();
      fire(this, "iop-go", { route });
    };
    return html`<a href="#/program" @click=${go}>${title()}</a>`;
  }

  #view(side: Side, i: number): TemplateResult {
    const frame = this.#frames[i]!;
    const t = this.#t;
    const { session } = side;
    const title = side.title();
    const sight = { width: this.width, translate: t, selected: 0, expanded: new Set<string>() };
    const picture = this.width === 0 ? null : drawn(frame, sight);
    const isOver = frame.tick >= session.run.ticks;
    return html`<section aria-label=${title} class=${this.#moved(i) ? "moved" : ""}>
      <h2><span class="side">${t(i === 0 ? "left" : "right")}</span> ${this.#link(side, frame.tick)}</h2>
      <p class="sentence">${sentenceOf(frame, this.locale)} ${isOver ? html`<b>${t("run_over")}</b>` : nothing}</p>
      <div class="stage" tabindex="0">
        <iop-stage
          .picture=${picture}
          .changed=${this.#moved(i) ? frame.changed : new Set<number>()}
          .label=${title}
        ></iop-stage>
      </div>
    </section>`;
  }
}

function isSame(left: SharedRun, right: SharedRun): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-compare": IopCompare;
  }
}
