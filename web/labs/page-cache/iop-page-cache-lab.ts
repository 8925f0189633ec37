import { LitElement, type PropertyValues, type TemplateResult, css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { StreamSettings } from "../../../lib/cache/settings.ts";
import { fire, listenerOf } from "../../app/events.ts";
import { shared } from "../../app/styles.ts";
import { type Locale, type Translate, translatorOf } from "../../i18n/catalogue.ts";
import { type TextKey, texts } from "../../i18n/pages/page-cache.ts";
import type { LabRoute } from "../../model/route.ts";
import type { Settings } from "../all.ts";
import "./iop-read-ahead.ts";
import "./iop-stream-compare.ts";
import "./iop-stream-part.ts";
import "./iop-stream-sweep.ts";
import "./iop-write-back.ts";
import { type LabSettings, readSettings, writeSettings } from "./settings.ts";

/**
 * The page-cache lab: hot files and a stream, what helps, reading ahead, writing back. Its settings are in the address.
 *
 * @fires iop-route  a setting was chosen: the address that leads here
 */
@customElement("iop-page-cache-lab")
export class IopPageCacheLab extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        height: 100%;
        overflow-y: auto;
      }
      main {
        max-width: 1180px;
        margin: 0 auto;
        padding: 28px 20px 64px;
      }
      h1 {
        margin: 0 0 6px;
        font-size: 26px;
        letter-spacing: -0.01em;
      }
      .lead {
        max-width: 70ch;
        margin: 0 0 22px;
      }
      main > * + section,
      main > * + * {
        margin-bottom: 20px;
      }
      .more {
        padding-top: 26px;
        border-top: 1px solid var(--iop-rule);
      }
      .more h2 {
        margin: 0 0 6px;
        font-size: 20px;
        font-weight: 650;
        letter-spacing: -0.01em;
        text-transform: none;
        color: inherit;
      }
      a {
        color: inherit;
      }
    `,
  ];

  @property() locale: Locale = "en";
  /** What the address says: whatever a person has typed there. */
  @property({ attribute: false }) query: Settings = {};
  @state() private settings: LabSettings = readSettings({});
  /** Whether the first run has ended: the other parts wait for it, so that it is soon there. */
  @state() private begun = false;

  constructor() {
    super();
    const on = listenerOf(this);
    on<{ name: string; value: string }>("iop-choose", ({ name, value }) => this.#choose({ [name]: value }));
    on<StreamSettings>("iop-preset", (preset) => {
      this.#choose(Object.fromEntries(Object.entries(preset).map(([name, value]) => [name, String(value)])));
    });
    on("iop-settled", () => (this.begun = true));
    on<{ at: number }>("iop-at", ({ at }) => this.#show({ ...this.settings, at }));
  }

  protected override willUpdate(changes: PropertyValues): void {
    if (changes.has("query")) this.settings = unchanged(this.settings, readSettings(this.query));
  }

  /** Chooses as an address would. */
  #choose(chosen: Settings): void {
    const query = { ...writeSettings(this.settings), ...chosen };
    const next = unchanged(this.settings, readSettings(query));
    // A place in a run is one in that run only.
    this.#show(next.stream === this.settings.stream ? next : { ...next, at: null });
  }

  #show(settings: LabSettings): void {
    this.settings = settings;
    fire(this, "iop-route", {
      route: { page: "lab", lab: "page-cache", query: writeSettings(settings) } satisfies LabRoute,
    });
  }

  readonly #t: Translate<TextKey> = (key, values) => translatorOf(texts, this.locale)(key, values);

  override render(): TemplateResult {
    const t = this.#t;
    const { locale, settings } = this;
    return html`<main>
      <h1>${t("title")}</h1>
      <p class="lead quiet">${t("lead")}</p>
      <iop-stream-part .locale=${locale} .settings=${settings}></iop-stream-part>
      ${
        this.begun
          ? html`<iop-stream-compare .locale=${locale} .settings=${settings}></iop-stream-compare>
              <iop-stream-sweep .locale=${locale} .settings=${settings}></iop-stream-sweep>
              <iop-read-ahead .locale=${locale} .settings=${settings}></iop-read-ahead>
              <iop-write-back .locale=${locale} .settings=${settings}></iop-write-back>`
          : nothing
      }
      <div class="more">
        <h2>${t("more")}</h2>
        <p class="quiet">${t("more_lead")}</p>
        <ul>
          <li><a href="#/run/hot-and-stream">${t("more_stream")}</a></li>
          <li><a href="#/run/page-cache">${t("more_file")}</a></li>
        </ul>
      </div>
    </main>`;
  }
}

/** The new settings, of which those parts that are as before are the same objects: nothing is run again for them. */
function unchanged(before: LabSettings, next: LabSettings): LabSettings {
  const same = <T>(one: T, other: T) => (JSON.stringify(one) === JSON.stringify(other) ? one : other);
  return { ...next, stream: same(before.stream, next.stream), write: same(before.write, next.write) };
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-page-cache-lab": IopPageCacheLab;
  }
}
