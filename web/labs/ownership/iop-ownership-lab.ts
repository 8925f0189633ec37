import { LitElement, type PropertyValues, type TemplateResult, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { tell } from "../../../lib/see/narrate.ts";
import { fire, listenerOf } from "../../app/events.ts";
import { shared } from "../../app/styles.ts";
import { type Locale, translator } from "../../i18n/catalogue.ts";
import { sentences } from "../../later/parts.ts";
import { withArrows } from "../../model/format.ts";
import { type Command, commandOf } from "../../model/keys.ts";
import { Player } from "../../run/player.ts";
import "../../run/iop-transport.ts";
import { save } from "../../share/downloads.ts";
import { frameCode } from "../../share/embed-code.ts";
import { standaloneSvg } from "../../share/picture.ts";
import type { Settings } from "../all.ts";
import "./iop-cpp-source.ts";
import "./iop-heap-figures.ts";
import type { ShownProgram } from "./iop-heap-figures.ts";
import "./iop-heap-picture.ts";
import "./iop-heap-table.ts";
import { legend } from "./legend.ts";
import "./iop-ownership-settings.ts";
import { ownershipStyles } from "./ownership-styles.ts";
import { edgeStyles } from "./picture-styles.ts";
import { type ProgramId, programOf } from "./programs.ts";
import { type Happened, momentOfStatement, nextMoment, ranOf } from "./ran.ts";
import { DEFAULTS, type OwnershipSettings, STRIDES, programsOf, readSettings, writeSettings } from "./settings.ts";
import { changedBetween } from "./view.ts";
import { Views } from "./views.ts";
import { type T, momentText, programAbout, programName, texts } from "./words.ts";

/** A program that is shown: its run. */
interface Side {
  readonly id: ProgramId;
  readonly views: Views;
}

/**
 * The lab of ownership. The settings are its state, and its address.
 *
 * @fires iop-route  the settings have changed: the address that leads here
 */
@customElement("iop-ownership-lab")
export class IopOwnershipLab extends LitElement {
  static override styles = [shared, ownershipStyles, edgeStyles];

  @property() locale: Locale = "en";
  /** What the address says. */
  @property({ attribute: false }) query: Settings = {};
  @state() private settings: OwnershipSettings = DEFAULTS;
  @state() private sides: readonly Side[] = [];
  @state() private failure = "";
  @state() private said: "" | "copied" | "not_copied" = "";
  readonly #player = new Player(this, () => this.#step(1));
  readonly #commands: Readonly<Partial<Record<Command, () => unknown>>> = {
    step: () => this.#step(1),
    back: () => this.#step(-1),
    call: () => this.#step(1, true),
    call_back: () => this.#step(-1, true),
    first: () => this.#go(0),
    last: () => this.#go(Infinity),
    play: () => this.#player.toggle(),
    grain_syscall: () => this.#set({ stride: "statement" }),
    grain_function: () => this.#set({ stride: "action" }),
  };
  /** What the runs are of. */
  #runs = "";

  constructor() {
    super();
    const on = listenerOf(this);
    this.addEventListener("iop-set", (event) => {
      event.stopPropagation();
      this.#set((event as CustomEvent<Partial<OwnershipSettings>>).detail);
    });
    on<{ command: Command }>("iop-command", ({ command }) => this.#do(command));
    on<{ tick: number }>("iop-seek", ({ tick }) => {
      this.#player.pause();
      this.#go(this.#stops[tick] ?? 0);
    });
    on<{ speed: number }>("iop-speed", ({ speed }) => (this.#player.speed = speed));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("keydown", this.#pressed);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("keydown", this.#pressed);
  }

  /** What is shown: each program with its run, and the moment at which it stands. */
  get shown(): readonly ShownProgram[] {
    const t = texts(this.locale);
    return this.sides.map(({ id, views }, i) => ({ name: programName(t, id), views, at: this.#momentOf(i) }));
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

  #set(change: Partial<OwnershipSettings>): void {
    this.settings = readSettings(writeSettings({ ...this.settings, ...change }));
    fire(this, "iop-route", { route: { page: "lab", lab: "ownership", query: writeSettings(this.settings) } });
  }

  /** The number of the last moment. */
  get #last(): number {
    return (this.sides[0]?.views.ran.moments.length ?? 1) - 1;
  }

  /** The moments that steps stop at. */
  get #stops(): readonly number[] {
    const moments = this.sides[0]?.views.ran.moments ?? [];
    const isWhole = this.settings.stride === "statement";
    return [...moments.keys()].filter((at) => !isWhole || moments[at]!.kind !== "action");
  }

  /** Where the first program stands: by statements, at the end of the one that an address leads into. */
  get #at(): number {
    const { at } = this.settings;
    return this.#stops.find((stop) => stop >= at) ?? this.#last;
  }

  /** Where a program stands: the second one has done as many statements as the first. */
  #momentOf(side: number): number {
    const first = this.sides[0]!.views.ran;
    return side === 0 ? this.#at : momentOfStatement(this.sides[side]!.views.ran, first.moments[this.#at]!.statement);
  }

  #go(wanted: number): void {
    const at = Math.max(0, Math.min(this.#last, wanted));
    if (at === this.#at) return;
    this.#set({ at });
  }

  #step(direction: 1 | -1, whole = this.settings.stride === "statement"): boolean {
    const ran = this.sides[0]?.views.ran;
    if (!ran) return false;
    this.#go(nextMoment(ran, this.#at, direction, whole));
    return direction === 1 ? this.#at < this.#last : this.#at > 0;
  }

  protected override willUpdate(changes: PropertyValues): void {
    if (changes.has("query")) this.settings = readSettings(this.query);
    const { bytes, atomic } = this.settings;
    const runs = [...programsOf(this.settings), bytes, atomic].join();
    if (runs === this.#runs) return;
    this.#runs = runs;
    this.#player.pause();
    void this.#run(runs);
  }

  async #run(runs: string): Promise<void> {
    const { settings } = this;
    try {
      const sides = await Promise.all(
        programsOf(settings).map(async (id) => ({ id, views: new Views(await ranOf(programOf(id, settings))) })),
      );
      if (runs !== this.#runs) return;
      this.sides = sides;
      this.failure = "";
    } catch (error) {
      if (runs === this.#runs) this.failure = error instanceof Error ? error.message : String(error);
    }
  }

  override render(): TemplateResult {
    const t = texts(this.locale);
    return html`<main>
      <h1>${t("title")}</h1>
      <p class="quiet lead">${t("lead")}</p>
      ${this.#controls(t)}
      ${this.#isPair ? nothing : html`<p class="about">${programAbout(t, programsOf(this.settings)[0]!)}</p>`}
      ${this.failure === "" ? nothing : html`<p class="wrong" role="alert">${t("failed", { reason: this.failure })}</p>`}
      ${this.sides.length > 0 ? this.#runShown(t) : html`<p class="quiet" role="status">${t("loading")}</p>`}
    </main>`;
  }

  /** Whether two programs are shown. */
  get #isPair(): boolean {
    return programsOf(this.settings).length > 1;
  }

  #controls(t: T): TemplateResult {
    return html`<iop-ownership-settings .locale=${this.locale} .settings=${this.settings}>
      <button @click=${() => this.#copy(location.href)}>${t("share")}</button>
      <button @click=${() => this.#copy(frameCode(location.href, t("title")))}>${t("embed")}</button>
      <button ?disabled=${this.sides.length === 0} @click=${() => this.#savePicture()}>${t("save_svg")}</button>
      <span class="quiet" role="status">${this.said === "" ? "" : t(this.said)}</span>
    </iop-ownership-settings>`;
  }

  async #copy(text: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      this.said = "copied";
    } catch {
      // A browser may forbid it: the address is there to be copied by hand.
      this.said = "not_copied";
    }
  }

  #savePicture(): void {
    const paper = getComputedStyle(this).getPropertyValue("background-color");
    this.renderRoot.querySelectorAll("iop-heap-picture").forEach((picture, i) => {
      const { name } = this.shown[i]!;
      if (!picture.svg) return;
      const text = standaloneSvg(picture.svg, { title: name, description: picture.label, paper });
      save(new Blob([text], { type: "image/svg+xml" }), `ownership-${this.sides[i]!.id}-${this.#momentOf(i)}.svg`);
    });
  }

  #runShown(t: T): TemplateResult {
    const { shown } = this;
    return html`${this.#clock(t)}
      <div class="shown ${shown.length > 1 ? "two" : "one"}">${shown.map((one, i) => this.#program(t, one, i))}</div>
      ${legend(t)}
      <p class="keys">${t(this.#isPair ? "keys" : "keys_strides")}</p>
      <iop-heap-figures .locale=${this.locale} .shown=${shown}></iop-heap-figures>
      <details>
        <summary>${t("as_text")}</summary>
        ${shown.map(
          ({ name, views, at }) =>
            html`<iop-heap-table .locale=${this.locale} .name=${name} .view=${views.at(at)}></iop-heap-table>`,
        )}
      </details>`;
  }

  #clock(t: T): TemplateResult {
    const { locale, sides } = this;
    const { stride } = this.settings;
    const stops = this.#stops;
    const { ran } = sides[0]!.views;
    const step = stops.findLastIndex((at) => at <= this.#at);
    const moment = ran.moments[this.#at]!;
    const position = translator(locale)("position_step", { tick: step, ticks: stops.length - 1 });
    return html`<div class="clock ${this.#isPair ? "pair" : ""}">
      <iop-transport
        .locale=${locale}
        unit="step"
        .tick=${step}
        .ticks=${stops.length - 1}
        .time=${ran.records.findLast(({ tick }) => tick <= moment.tick)?.time ?? 0}
        .speed=${this.#player.speed}
        .playing=${this.#player.playing}
        .sentence=${this.#isPair ? position : this.#sentence(t, 0)}
      ></iop-transport>
      <div class="strides">
        ${
          this.#isPair
            ? nothing
            : html`<span class="position">${position}</span>
                <div class="choices" role="group" aria-label=${t("stride")}>
                  ${STRIDES.map(
                    (one) =>
                      html`<button aria-pressed=${one === stride} @click=${() => this.#set({ stride: one })}>
                        ${t(`stride_${one}`)}
                      </button>`,
                  )}
                </div>`
        }
        ${moment.record ? html`<code class="event">${moment.record.event}</code>` : nothing}
      </div>
    </div>`;
  }

  /** What the moment of a program shows, in one sentence. */
  #sentence(t: T, side: number): string {
    const { views } = this.sides[side]!;
    const at = this.#momentOf(side);
    const view = views.at(at);
    const bytes = (lost: typeof view.lost) => lost.reduce((sum, one) => sum + one.bytes, 0);
    const before = nextMoment(views.ran, at, -1, true);
    const lost = at === before ? 0 : Math.max(0, bytes(view.lost) - bytes(views.at(before).lost));
    return momentText(t, views.ran, at, view, lost, (record) => this.#told(record));
  }

  #told(record: Happened): string {
    const known = sentences[this.locale].for(this);
    return known ? withArrows(tell(record, known, { locale: this.locale })) : record.event;
  }

  #program(t: T, { name, views, at }: ShownProgram, side: number): TemplateResult {
    const { locale } = this;
    const view = views.at(at);
    const { line, kind } = views.ran.moments[at]!;
    const from = nextMoment(views.ran, at, -1, this.settings.stride === "statement");
    const changed = changedBetween(at === from ? null : views.at(from), view);
    const sentence = this.#sentence(t, side);
    const isPair = this.#isPair;
    return html`<section class="program" aria-label=${name}>
      ${
        isPair
          ? html`<div>
              <h2>${name}</h2>
              <p class="about">${programAbout(t, this.sides[side]!.id)}</p>
            </div>`
          : nothing
      }
      <iop-cpp-source
        .locale=${locale}
        .ran=${views.ran}
        .name=${this.sides[side]!.id}
        .line=${line}
        .within=${kind === "action" || (kind === "end" && line > 0)}
        .brief=${isPair}
      ></iop-cpp-source>
      ${isPair ? html`<p class="said" aria-live="polite">${sentence}</p>` : nothing}
      <iop-heap-picture
        .locale=${locale}
        .view=${view}
        .changed=${changed}
        .label=${t("picture", { name, step: sentence })}
      ></iop-heap-picture>
    </section>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-ownership-lab": IopOwnershipLab;
  }
}
