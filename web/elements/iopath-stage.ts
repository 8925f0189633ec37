import { LitElement, type PropertyValues, type TemplateResult, html, nothing, svg } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { fire } from "../app/events.ts";
import { sentences } from "../later/parts.ts";
import { type Locale, type Translate, preferredLocale, translator } from "../i18n/catalogue.ts";
import { Player } from "../run/player.ts";
import { isLeap } from "../model/leap.ts";
import { formatCount, formatTime } from "../model/format.ts";
import { YOUR_PROGRAM, plainLink } from "../share/plain.ts";
import { embeddedStyles } from "./embedded-styles.ts";
import type { EmbeddedRun, Shown } from "./run.ts";
import type { IopathGrain, IopathStageElement, IopathStageEventMap } from "./types.ts";

const ICONS = {
  first: "M5 4v12M15 4 8 10l7 6z",
  back: "M13 4 6 10l7 6z",
  play: "M6 3.5 16 10 6 16.5z",
  pause: "M6 4v12M14 4v12",
  forward: "M7 4l7 6-7 6z",
} as const;
/** How near to the window an element has to be to be loaded. */
const NEAR = "200px";

type Detail<K extends keyof IopathStageEventMap> = IopathStageEventMap[K] extends CustomEvent<infer D> ? D : never;

/**
 * A run of the simulated kernel in any page: the stage, the sentence, and a small transport. It is loaded when it
 * comes near to the window.
 *
 * @fires iopath-ready  a run can be watched: its last tick
 * @fires iopath-step   another tick is shown: which, and what happens there
 * @fires iopath-error  nothing can be shown: why
 */
@customElement("iopath-stage")
export class IopathStage extends LitElement implements IopathStageElement {
  static override styles = embeddedStyles;

  @property() scenario = "";
  @property() program = "";
  @property({ type: Number }) tick = 0;
  @property() grain: IopathGrain = "function";
  @property({ reflect: true }) theme = "";
  @property() playground = "";
  @property() override lang = "";
  @state() private run: EmbeddedRun | null = null;
  @state() private failure = "";
  @state() private width = 0;
  @state() private selected = 0;
  @state() private expanded: ReadonlySet<string> = new Set();
  @state() private isNear = false;

  readonly #player = new Player(this, () => this.step());
  readonly #near = new IntersectionObserver(
    (entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) this.isNear = true;
    },
    { rootMargin: NEAR },
  );
  #shown: Shown | null = null;
  #told = "";
  #before = 0;
  /** Ends the program that runs, if another one is to run. */
  #running = new AbortController();
  /** Counts what was asked to be started: only the last one is shown. */
  #asked = 0;

  constructor() {
    super();
    this.#listen<{ width: number }>("iop-width", ({ width }) => (this.width = width));
    this.#listen<{ address: number }>("iop-select", ({ address }) => {
      this.selected = address === this.selected ? 0 : address;
    });
    this.#listen<{ key: string }>("iop-expand", ({ key }) => {
      this.expanded = new Set([...this.expanded, key.replace(/^more:/, "")]);
    });
  }

  /** Hears what its own stage says, which nobody outside has to. */
  #listen<D>(name: string, act: (detail: D) => void): void {
    this.addEventListener(name, (event) => {
      event.stopPropagation();
      act((event as CustomEvent<D>).detail);
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#near.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#near.disconnect();
  }

  get ticks(): number {
    return this.run?.ticks ?? 0;
  }

  get playing(): boolean {
    return this.#player.playing;
  }

  step(): boolean {
    return this.#go(1) && this.tick < this.ticks;
  }

  back(): boolean {
    return this.#go(-1) && this.tick > 0;
  }

  play(): void {
    this.#player.play();
  }

  pause(): void {
    this.#player.pause();
  }

  #go(direction: 1 | -1): boolean {
    if (!this.run) return false;
    this.tick = this.run.next(this.#place, this.grain, direction);
    return true;
  }

  /** The tick that is shown: the page may ask for one that there is not. */
  get #place(): number {
    const { tick } = this;
    return Math.max(0, Math.min(this.ticks, Number.isFinite(tick) ? Math.trunc(tick) : 0));
  }

  get #locale(): Locale {
    const lang = this.lang || this.parentElement?.closest<HTMLElement>("[lang]")?.lang;
    return preferredLocale(lang ? [lang] : navigator.languages);
  }

  readonly #t: Translate = (key, values) => translator(this.#locale)(key, values);

  async #start(): Promise<void> {
    const asked = ++this.#asked;
    const { program } = this;
    const scenario = program.trim() === "" ? this.scenario : YOUR_PROGRAM;
    this.#running.abort();
    const { signal } = (this.#running = new AbortController());
    [this.run, this.failure, this.#told, this.selected, this.expanded] = [null, "", "", 0, new Set()];
    this.pause();
    try {
      const { EmbeddedRun } = await import("./run.ts");
      const run = await EmbeddedRun.start({ scenario, program }, this.#locale, signal);
      if (asked !== this.#asked) return;
      this.run = run;
      this.#tell("iopath-ready", { scenario, ticks: run.ticks });
    } catch (error) {
      if (asked !== this.#asked) return;
      this.failure = error instanceof Error ? error.message : String(error);
      this.#tell("iopath-error", { message: this.failure });
    }
  }

  #tell<K extends "iopath-ready" | "iopath-step" | "iopath-error">(name: K, detail: Detail<K>): void {
    fire(this, name, detail);
  }

  protected override willUpdate(changes: PropertyValues): void {
    if (this.isNear && ["isNear", "scenario", "program"].some((name) => changes.has(name))) void this.#start();
    const { run, width, selected, expanded, grain } = this;
    this.#shown = null;
    if (!run || width === 0) return;
    const sight = { grain, width, locale: this.#locale, translate: this.#t, selected, expanded };
    this.#shown = run.look(this.#place, sight);
  }

  protected override updated(changes: PropertyValues): void {
    const tick = this.#place;
    if (!this.#shown) return;
    const { sentence } = this.#shown;
    const told = `${tick} ${sentence}`;
    if (told !== this.#told && (changes.has("tick") || this.#told === "")) {
      this.#tell("iopath-step", { tick, ticks: this.ticks, sentence });
    }
    [this.#told, this.#before] = [told, tick];
  }

  override render(): TemplateResult {
    const { failure, run } = this;
    const tick = this.#place;
    if (run) sentences[this.#locale].for(this);
    return html`<div class="frame" part="frame" lang=${this.#locale}>
      <div class="stage" part="stage" role="group" aria-label=${this.#t("stage")} tabindex="0">
        ${failure ? html`<p class="error" part="error" role="alert">${this.#failureText}</p>` : nothing}
        ${run || failure ? nothing : html`<p class="waiting" role="status">${this.#t("loading")}</p>`}
        <iop-stage
          .picture=${this.#shown?.picture ?? null}
          .changed=${this.#shown?.changed ?? new Set()}
          .selected=${this.selected}
          .moving=${!isLeap(this.#before, tick)}
          .label=${this.#t("stage")}
        ></iop-stage>
      </div>
      ${run ? this.#transport(tick, run.ticks) : nothing}
    </div>`;
  }

  get #failureText(): string {
    if (this.program.trim() !== "") return `${this.#t("embed_error_program")} ${this.failure}`;
    return `${this.#t("embed_error", { scenario: this.scenario })} ${this.failure}`;
  }

  #transport(tick: number, ticks: number): TemplateResult {
    const t = this.#t;
    const { playing } = this;
    const time = formatTime(this.#shown?.time ?? 0);
    return html`<section class="transport" part="transport" aria-label=${t("transport")}>
      <p class="sentence" part="narration" aria-live=${playing ? "off" : "polite"}>${this.#shown?.sentence ?? ""}</p>
      <div class="buttons">
        ${this.#button("first", t("first"), () => (this.tick = 0), tick === 0)}
        ${this.#button("back", t("back"), () => this.back(), tick === 0)}
        ${this.#button(playing ? "pause" : "play", t(playing ? "pause" : "play"), () => this.#player.toggle(), tick >= ticks && !playing)}
        ${this.#button("forward", t("forward"), () => this.step(), tick >= ticks)}
      </div>
      <input
        type="range"
        part="range"
        min="0"
        max=${ticks}
        .value=${String(tick)}
        aria-label=${t("seek")}
        aria-valuetext=${t("seek_tick", { tick, ticks, time })}
        @input=${this.#sought}
      />
      <span class="position">${t("position_tick", { tick: formatCount(tick), ticks: formatCount(ticks) })}</span>
      ${this.#link(tick)}
    </section>`;
  }

  #button(icon: keyof typeof ICONS, label: string, act: () => unknown, off: boolean): TemplateResult {
    return html`<button
      part="button"
      aria-label=${label}
      title=${label}
      ?disabled=${off}
      @click=${() => this.#press(icon, act)}
    >
      <svg viewBox="0 0 20 20" aria-hidden="true">${svg`<path d=${ICONS[icon]}></path>`}</svg>
    </button>`;
  }

  #press(icon: keyof typeof ICONS, act: () => unknown): void {
    if (icon !== "play" && icon !== "pause") this.pause();
    act();
  }

  readonly #sought = (event: Event) => {
    this.pause();
    this.tick = Number((event.currentTarget as HTMLInputElement).value);
  };

  /** The way to the playground, to where this stage stands. */
  #link(tick: number): TemplateResult | typeof nothing {
    const { playground, scenario, grain } = this;
    if (playground === "" || !URL.canParse(playground, document.baseURI)) return nothing;
    const address = new URL(playground, document.baseURI);
    if (!/^(https?|file):$/.test(address.protocol)) return nothing;
    address.hash = this.run?.link ?? plainLink({ scenario, tick, grain });
    return html`<a part="link" href=${address.href} target="_blank" rel="noopener">${this.#t("embed_open")}</a>`;
  }
}
