import { LitElement, type PropertyValues, type TemplateResult, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { fire } from "../../app/events.ts";
import { fieldStyles } from "../../app/field-styles.ts";
import { shared } from "../../app/styles.ts";
import type { Locale } from "../../i18n/catalogue.ts";
import { formatRoute } from "../../model/route.ts";
import type { Settings } from "../all.ts";
import "./iop-way-curves.ts";
import "./iop-way-figures.ts";
import "./iop-way-phases.ts";
import "./iop-way-square.ts";
import { wholeIn } from "../choice.ts";
import { partLinkStyles } from "../lab-styles.ts";
import { wayStyles } from "./way-styles.ts";
import {
  DEFAULTS,
  IDS,
  MOST,
  VIEWS,
  type View,
  type WaitingSettings,
  readSettings,
  writeSettings,
} from "./settings.ts";
import { type T, texts, wayAbout, wayHref, wayName } from "./words.ts";
import { waitingStyles } from "./waiting-styles.ts";

/**
 * The lab of the ways of waiting. The settings are its state, and its address; its parts say what is to be changed of
 * them (`iop-set`).
 *
 * @fires iop-route  the settings have changed: the address that leads here
 */
@customElement("iop-waiting-lab")
export class IopWaitingLab extends LitElement {
  static override styles = [shared, wayStyles, partLinkStyles, fieldStyles, waitingStyles];

  @property() locale: Locale = "en";
  /** What the address says. */
  @property({ attribute: false }) query: Settings = {};
  @state() private settings: WaitingSettings = DEFAULTS;
  /** The parts that were shown already: what they have computed is kept. */
  readonly #opened = new Set<View>();

  constructor() {
    super();
    this.addEventListener("iop-set", (event) => {
      event.stopPropagation();
      this.#set((event as CustomEvent<Partial<WaitingSettings>>).detail);
    });
  }

  #set(change: Partial<WaitingSettings>): void {
    this.settings = readSettings(writeSettings({ ...this.settings, ...change }));
    fire(this, "iop-route", { route: { page: "lab", lab: "waiting", query: writeSettings(this.settings) } });
  }

  protected override willUpdate(changes: PropertyValues): void {
    if (changes.has("query")) this.settings = readSettings(this.query);
    this.#opened.add(this.settings.view);
  }

  override render(): TemplateResult {
    const t = texts(this.locale);
    return html`<main>
      <h1>${t("title")}</h1>
      <p class="quiet lead">${t("lead")}</p>
      <nav aria-label=${t("views")}>
        ${VIEWS.map(
          (view) =>
            html`<a href=${this.#href(view)} aria-current=${view === this.settings.view ? "page" : nothing}
              >${t(`view_${view}`)}</a
            >`,
        )}
      </nav>
      ${this.#controls(t)} ${VIEWS.map((view) => (this.#opened.has(view) ? this.#part(view) : nothing))}
      ${this.#programs(t)}
    </main>`;
  }

  #href(view: View): string {
    return formatRoute({ page: "lab", lab: "waiting", query: writeSettings({ ...this.settings, view, way: "" }) });
  }

  #controls(t: T): TemplateResult | typeof nothing {
    const { view, works } = this.settings;
    if (view === "square") return nothing;
    return html`<div class="controls" role="group" aria-label=${t("settings")}>
      ${this.#ways(t)}
      <div class="numbers">
        ${view === "curves" ? nothing : this.#number("connections", t("connections"))}
        ${this.#number("active", t("active"))} ${view === "figures" ? this.#number("rounds", t("rounds")) : nothing}
        <label class="field"
          >${t("meanwhile")}
          <select
            name="works"
            @change=${({ target }: Event) => this.#set({ works: (target as HTMLSelectElement).selectedIndex === 1 })}
          >
            <option ?selected=${!works}>${t("meanwhile_sleeps")}</option>
            <option ?selected=${works}>${t("meanwhile_works")}</option>
          </select>
        </label>
      </div>
    </div>`;
  }

  #ways(t: T): TemplateResult {
    const { ways } = this.settings;
    return html`<div class="ways" role="group" aria-label=${t("ways")}>
      ${IDS.map(
        (id) =>
          html`<button aria-pressed=${ways.includes(id)} title=${wayAbout(t, id)} @click=${() => this.#toggle(id)}>
            ${wayName(t, id)}
          </button>`,
      )}
      <button class="plain" ?disabled=${ways.length === IDS.length} @click=${() => this.#set({ ways: IDS })}>
        ${t("ways_all")}
      </button>
    </div>`;
  }

  /** Chooses a way, or not any more; one stays chosen. */
  #toggle(id: string): void {
    const { ways } = this.settings;
    const next = IDS.filter((one) => (one === id) !== ways.includes(one));
    if (next.length > 0) this.#set({ ways: next });
  }

  #number(name: "connections" | "active" | "rounds", label: string): TemplateResult {
    const value = this.settings[name];
    const most = MOST[name];
    return html`<label class="field"
      >${label}
      <input
        type="number"
        name=${name}
        min="1"
        max=${most}
        .value=${String(value)}
        @change=${({ target }: Event) => {
          const input = target as HTMLInputElement;
          const number = wholeIn(input.value, 1, most, value);
          input.value = String(number);
          this.#set({ [name]: number });
        }}
      />
    </label>`;
  }

  #part(view: View): TemplateResult {
    const { locale, settings } = this;
    const hidden = view !== settings.view;
    switch (view) {
      case "phases":
        return html`<iop-way-phases ?hidden=${hidden} .locale=${locale} .settings=${settings}></iop-way-phases>`;
      case "square":
        return html`<iop-way-square ?hidden=${hidden} .locale=${locale} .way=${settings.way}></iop-way-square>`;
      case "figures":
        return html`<iop-way-figures ?hidden=${hidden} .locale=${locale} .settings=${settings}></iop-way-figures>`;
      case "curves":
        return html`<iop-way-curves ?hidden=${hidden} .locale=${locale} .settings=${settings}></iop-way-curves>`;
    }
  }

  #programs(t: T): TemplateResult {
    return html`<section class="programs">
      <h2>${t("programs")}</h2>
      <dl>
        ${IDS.map(
          (id) =>
            html`<div>
              <dt><a href=${wayHref(id)}>${wayName(t, id)}</a></dt>
              <dd class="hint">${wayAbout(t, id)}</dd>
            </div>`,
        )}
      </dl>
      <p class="hint">
        ${t("compare")}: <a href="#/compare/waiting-poll/waiting-epoll-lt">${t("compare_poll")}</a>,
        <a href="#/compare/waiting-blocking/waiting-io_uring">${t("compare_uring")}</a>
      </p>
    </section>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-waiting-lab": IopWaitingLab;
  }
}
