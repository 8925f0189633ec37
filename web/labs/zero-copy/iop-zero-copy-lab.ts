import { LitElement, type PropertyValues, type TemplateResult, css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { fire } from "../../app/events.ts";
import { shared } from "../../app/styles.ts";
import { type Locale, translatorOf } from "../../i18n/catalogue.ts";
import { zeroCopyTexts } from "../../i18n/pages/zero-copy.ts";
import { formatSize } from "../../model/format.ts";
import { formatRoute } from "../../model/route.ts";
import type { Settings } from "../all.ts";
import "./iop-road-change.ts";
import "./iop-road-race.ts";
import "./iop-road-sizes.ts";
import "./iop-road-watch.ts";
import { partLinkStyles } from "../lab-styles.ts";
import { roadStyles } from "./road-styles.ts";
import {
  CARDS,
  DEFAULTS,
  DISKS,
  VIEWS,
  type View,
  WATCHED,
  type ZeroCopySettings,
  readSettings,
  writeSettings,
} from "./settings.ts";

/**
 * The zero-copy lab: a file goes to a socket on every road. The settings are its state, and its address; its parts say
 * what is to be changed of them (`iop-set`).
 *
 * @fires iop-route  the settings have changed: the address that leads here
 */
@customElement("iop-zero-copy-lab")
export class IopZeroCopyLab extends LitElement {
  static override styles = [
    shared,
    roadStyles,
    partLinkStyles,
    css`
      :host {
        overflow-y: auto;
      }
      main {
        max-width: 1720px;
        margin: 0 auto;
        padding: 18px 20px 48px;
      }
      h1 {
        margin: 0;
        font-size: 26px;
        letter-spacing: -0.01em;
      }
      header {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 20px;
        align-items: baseline;
      }
      header p {
        max-width: none;
        margin: 0;
      }
      .bar {
        display: flex;
        flex-wrap: wrap;
        gap: 6px 24px;
        align-items: end;
        justify-content: space-between;
        margin: 6px 0 14px;
        border-bottom: 1px solid var(--iop-rule);
      }
      .bar .controls {
        margin: 0 0 8px;
      }
      @media (max-width: 760px) {
        main {
          padding: 14px 12px 40px;
        }
        nav a {
          padding: 8px 8px;
        }
      }
    `,
  ];

  @property() locale: Locale = "en";
  /** What the address says. */
  @property({ attribute: false }) query: Settings = {};
  @state() private settings: ZeroCopySettings = DEFAULTS;
  /** The parts that were shown already: what they have computed is kept. */
  readonly #opened = new Set<View>();

  constructor() {
    super();
    this.addEventListener("iop-set", (event) => {
      event.stopPropagation();
      this.#set((event as CustomEvent<Partial<ZeroCopySettings>>).detail);
    });
  }

  #set(change: Partial<ZeroCopySettings>): void {
    this.settings = { ...this.settings, ...change };
    fire(this, "iop-route", { route: { page: "lab", lab: "zero-copy", query: writeSettings(this.settings) } });
  }

  protected override willUpdate(changes: PropertyValues): void {
    if (changes.has("query")) this.settings = readSettings(this.query);
    this.#opened.add(this.settings.view);
  }

  override render(): TemplateResult {
    const t = translatorOf(zeroCopyTexts, this.locale);
    return html`<main>
      <header>
        <h1>${t("title")}</h1>
        <p class="quiet">${t("lead")}</p>
      </header>
      <div class="bar">
        <nav aria-label=${t("views")}>
          ${VIEWS.map(
            (view) =>
              html`<a href=${this.#href(view)} aria-current=${view === this.settings.view ? "page" : nothing}
                >${t(`view_${view}`)}</a
              >`,
          )}
        </nav>
        ${this.#machine()}
      </div>
      ${VIEWS.map((view) => (this.#opened.has(view) ? this.#part(view) : nothing))}
    </main>`;
  }

  #href(view: View): string {
    const query = writeSettings({ ...this.settings, view, tick: null });
    return formatRoute({ page: "lab", lab: "zero-copy", query });
  }

  #machine(): TemplateResult {
    const t = translatorOf(zeroCopyTexts, this.locale);
    const { view, cache, disk, card, size } = this.settings;
    const isFile = view === "watch";
    return html`<div class="controls" role="group" aria-label=${t("machine")}>
      ${isFile ? this.#select("size", t("size"), WATCHED, size, (value) => formatSize(value), { tick: null }) : nothing}
      ${
        view === "change"
          ? nothing
          : this.#select("cache", t("cache"), ["cold", "warm"] as const, cache, (value) => t(`cache_${value}`), {
              tick: null,
            })
      }
      ${this.#select("disk", t("disk"), DISKS, disk, (value) => t(`disk_${value}`), { tick: null })}
      ${this.#select("card", t("card"), CARDS, card, (speed) => t("card_speed", { speed }), { tick: null })}
    </div>`;
  }

  #select<N extends keyof ZeroCopySettings, T extends ZeroCopySettings[N] & (string | number)>(
    name: N,
    label: string,
    values: readonly T[],
    chosen: T,
    text: (value: T) => string,
    besides: Partial<ZeroCopySettings> = {},
  ): TemplateResult {
    return html`<label
      >${label}
      <select
        name=${name}
        .value=${String(chosen)}
        @change=${({ target }: Event) =>
          this.#set({ ...besides, [name]: values[(target as HTMLSelectElement).selectedIndex] })}
      >
        ${values.map(
          (value) => html`<option value=${String(value)} ?selected=${value === chosen}>${text(value)}</option>`,
        )}
      </select></label
    >`;
  }

  #part(view: View): TemplateResult {
    const { locale, settings } = this;
    const hidden = view !== settings.view;
    switch (view) {
      case "watch":
        return html`<iop-road-watch ?hidden=${hidden} .locale=${locale} .settings=${settings}></iop-road-watch>`;
      case "sizes":
        return html`<iop-road-sizes ?hidden=${hidden} .locale=${locale} .settings=${settings}></iop-road-sizes>`;
      case "race":
        return html`<iop-road-race ?hidden=${hidden} .locale=${locale} .settings=${settings}></iop-road-race>`;
      case "change":
        return html`<iop-road-change ?hidden=${hidden} .locale=${locale} .settings=${settings}></iop-road-change>`;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-zero-copy-lab": IopZeroCopyLab;
  }
}
