import { LitElement, type PropertyValues, type TemplateResult, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Heat } from "../../lib/race/types.ts";
import { fire, listenerOf } from "../app/events.ts";
import type { Notice } from "../app/iop-notice.ts";
import { shared } from "../app/styles.ts";
import type { Locale } from "../i18n/catalogue.ts";
import type { Settings } from "../labs/all.ts";
import "./iop-race-compare.ts";
import type { NamedResult } from "./iop-race-compare.ts";
import "./iop-race-method.ts";
import "./iop-race-plan.ts";
import "./iop-race-result.ts";
import "./iop-race-take.ts";
import { pageStyles } from "./page-styles.ts";
import { nearestHeat } from "./pictures.ts";
import { raceStyles } from "./race-styles.ts";
import { Racing, secondsOf } from "./racing.ts";
import { recordedRace } from "./recorded.ts";
import { readFile, unpackResult } from "./saved.ts";
import { DEFAULTS, type RaceSettings, readSettings, writeSettings } from "./settings.ts";
import { Words, formatSpan } from "./words.ts";

/** Where a result is from. */
type Origin = "run" | "recorded" | "link" | "file";

/** A result that is shown. */
interface Shown extends NamedResult {
  readonly origin: Origin;
}

/**
 * The race: what is to be raced, how far it is, what came out. Settings and results are its state, and the settings its
 * address; its parts say what is to be changed of them.
 *
 * @fires iop-route   the settings have changed: the address that leads here
 * @fires iop-notice  a result cannot be read: why
 */
@customElement("iop-race")
export class IopRace extends LitElement {
  static override styles = [shared, raceStyles, pageStyles];

  @property() locale: Locale = "en";
  /** What the address says. */
  @property({ attribute: false }) query: Settings = {};
  /** Results that were dropped. */
  @property({ attribute: false }) files: readonly File[] = [];
  @state() private settings: RaceSettings = DEFAULTS;
  @state() private shown: Shown | null = null;
  /** What lies beside it; null: nothing. */
  @state() private beside: NamedResult | null = null;
  readonly #racing = new Racing(this);
  /** The packed result that is shown, or was tried. */
  #packed = "";

  constructor() {
    super();
    const on = listenerOf(this);
    on<Partial<RaceSettings>>("iop-set", (change) => this.#set(change));
    on<{ files: File[]; beside: boolean }>("iop-results", ({ files, beside }) => void this.#read(files, beside));
  }

  #set(change: Partial<RaceSettings>): void {
    this.settings = readSettings(writeSettings({ ...this.settings, ...change }));
    fire(this, "iop-route", { route: { page: "race", query: writeSettings(this.settings) } });
  }

  protected override willUpdate(changes: PropertyValues): void {
    if (changes.has("query")) {
      this.settings = readSettings(this.query);
      void this.#open(this.settings.result);
    }
    if (changes.has("files") && this.files.length > 0) void this.#read(this.files, false);
  }

  /** Shows the result that came with the address; without one, what was recorded. */
  async #open(packed: string): Promise<void> {
    if (packed !== "" && packed !== this.#packed) {
      this.#packed = packed;
      try {
        this.#show({ name: "", result: await unpackResult(packed), origin: "link" });
      } catch (error) {
        this.#tell(error);
      }
    }
    this.shown ??= await recordedRace().then((result) => result && { name: "", result, origin: "recorded" as const });
  }

  async #read(files: readonly File[], beside: boolean): Promise<void> {
    if (files.length > 2) return this.#tell(null, new Words(this.locale).t("error_files", { count: files.length }));
    try {
      const [first, second] = await Promise.all(
        files.map(async (file) => ({ name: file.name, result: await readFile(file) })),
      );
      if (beside && this.shown) this.beside = first!;
      else {
        this.#show({ ...first!, origin: "file" });
        this.beside = second ?? null;
      }
      fire(this, "iop-notice", { notice: null });
    } catch (error) {
      this.#tell(error);
    }
  }

  #show(shown: Shown): void {
    [this.shown, this.beside] = [shown, null];
  }

  /** Says what cannot be read; what is shown stays. */
  #tell(error: unknown, text = ""): void {
    const detail = error instanceof Error ? error.message : "";
    const said = text || new Words(this.locale).t("error_read");
    fire(this, "iop-notice", { notice: { kind: "error", text: said, detail } satisfies Notice });
  }

  async #race(): Promise<void> {
    if (this.settings.result !== "") this.#set({ result: "" });
    const result = await this.#racing.start(this.settings.plan);
    if (result) this.#show({ name: "", result, origin: "run" });
  }

  override render(): TemplateResult {
    const words = new Words(this.locale);
    const { t } = words;
    const { shown, beside, settings, locale } = this;
    const heat = shown && nearestHeat(shown.result, settings.look);
    return html`<main>
      <h1>${t("title")}</h1>
      <p class="quiet lead">${t("lead")} <a href="#/race/by-hand">${t("by_hand")}</a></p>
      <div class="card begin">
        <iop-race-plan .locale=${locale} .plan=${settings.plan}></iop-race-plan>
        ${this.#start(words)}
      </div>
      ${
        shown && beside
          ? html`<iop-race-compare .locale=${locale} .first=${shown} .second=${beside}></iop-race-compare>
              <button class="back" @click=${() => (this.beside = null)}>${t("back")}</button>`
          : this.#result(words, shown, heat)
      }
      <iop-race-take
        .locale=${locale}
        .result=${shown?.result ?? null}
        .settings=${settings}
        .heat=${heat}
      ></iop-race-take>
      <iop-race-method .locale=${locale} .result=${shown?.result ?? null}></iop-race-method>
    </main>`;
  }

  #start(words: Words): TemplateResult {
    const { t } = words;
    const { state: stands, reason } = this.#racing;
    if (stands === "running") return this.#progress(words);
    const time = formatSpan(secondsOf(this.settings.plan));
    const ended = {
      cancelled: t("ended_cancelled"),
      failed: t("ended_failed", { reason }),
      nobody: t("ended_nobody"),
      none: "",
      done: "",
    }[stands];
    return html`<div class="line">
        <button class="primary" @click=${() => void this.#race()}>
          ${t(this.shown?.origin === "run" ? "again" : "start", { time })}
        </button>
        <span class="hint" role="status">${ended}</span>
      </div>
      <p class="hint quiet-please">${t("quiet")}</p>`;
  }

  #progress(words: Words): TemplateResult {
    const { t } = words;
    const { part, heat, number, total, left } = this.#racing.progress;
    const said = heat ? t("racing", { heat: words.heat(heat), done: number, total }) : t("racing_loading");
    return html`<div class="line racing">
      <progress max="1" .value=${part} aria-label=${said}></progress>
      <button class="cancel" @click=${() => this.#racing.cancel()}>${t("cancel")}</button>
      <span class="hint">${said}${left === null ? nothing : html` · ${t("left", { time: formatSpan(left) })}`}</span>
    </div>`;
  }

  #result(words: Words, shown: Shown | null, heat: Heat | null): TemplateResult | typeof nothing {
    const { t } = words;
    if (!shown || !heat) return html`<p class="empty">${t("empty")}</p>`;
    const { result, origin, name } = shown;
    return html`${origin === "recorded" ? html`<p class="empty">${t("empty")} ${t("empty_recorded")}</p>` : nothing}
      <div class="about">
        <h2>${t("verdict")}</h2>
        <p class="origin">${words.origin(result, origin, name)}</p>
      </div>
      <iop-race-result .locale=${this.locale} .result=${result} .heat=${heat}></iop-race-result>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-race": IopRace;
  }
}
