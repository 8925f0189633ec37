import { LitElement, type PropertyValues, type TemplateResult, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { type Changed, type ChangedRoad, canChange, changeInFlight } from "../../../lib/index.ts";
import { ROADS } from "../../../lib/roads/all.ts";
import type { Road } from "../../../lib/roads/road.ts";
import { fire } from "../../app/events.ts";
import { shared } from "../../app/styles.ts";
import { type Locale, type Translate, translatorOf } from "../../i18n/catalogue.ts";
import { type ZeroCopyKey, zeroCopyTexts } from "../../i18n/pages/zero-copy.ts";
import { Session } from "../../model/session.ts";
import "../../watch/iop-watch.ts";
import { changeStyles } from "./change-styles.ts";
import { Computation } from "../computation.ts";
import type { ReceivedChange } from "./jobs.ts";
import { roadStyles } from "./road-styles.ts";
import { progressView } from "../progress-view.ts";
import { CHANGES, DEFAULTS, type ZeroCopySettings, bootOf } from "./settings.ts";

/** Length of the file: three pages. Unit: bytes. */
const SIZE = 12_288;
const STAGES = ["before", "changed", "arrived"] as const;
const STAGE_TEXTS = { before: "change_sent", changed: "change_changed", arrived: "change_arrived" } as const;

/** Whether the receiver has got anything of what it was changed to. */
function isSeen({ arrived }: Pick<ChangedRoad, "arrived">): boolean {
  return arrived.some(({ are }) => are === "new");
}

/**
 * What a receiver gets if that is changed which waits in the socket: for every road, and on the stage for one.
 *
 * @fires iop-set  another road, change or moment was chosen
 */
@customElement("iop-road-change")
export class IopRoadChange extends LitElement {
  static override styles = [shared, roadStyles, changeStyles];

  @property() locale: Locale = "en";
  @property({ attribute: false }) settings: ZeroCopySettings = DEFAULTS;
  @state() private changed: { readonly road: ChangedRoad; readonly session: Session } | null = null;
  @state() private all: readonly ReceivedChange[] = [];
  @state() private failure = "";
  readonly #computation = new Computation(this, "changes");
  #machine = "";
  #shown = "";

  constructor() {
    super();
    this.addEventListener("iop-tick", (event) => {
      event.stopPropagation();
      fire(this, "iop-set", { tick: (event as CustomEvent<{ tick: number }>).detail.tick });
    });
  }

  protected override willUpdate(changes: PropertyValues): void {
    if (!changes.has("settings") || this.settings.view !== "change") return;
    const { road, disk, card } = this.settings;
    const machine = [disk, card].join();
    if (machine !== this.#machine) {
      this.#machine = machine;
      this.#count();
    }
    const shown = [road.name, this.#what, machine].join();
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.changed = null;
    void this.#change(shown);
  }

  /** What is changed on this road: the file, if it has no buffer. */
  get #what(): Changed {
    const { road, change } = this.settings;
    return canChange(road, change) ? change : "file";
  }

  #count(): void {
    const boot = { ...bootOf(this.settings), trace: false };
    this.all = [];
    const wanted = ROADS.flatMap((road) =>
      CHANGES.flatMap((what) => (canChange(road, what) ? [{ road: road.name, what, size: SIZE, boot }] : [])),
    );
    void this.#computation.start(wanted, (piece) => (this.all = [...this.all, piece]));
  }

  async #change(shown: string): Promise<void> {
    try {
      const { road: on } = this.settings;
      const road = await changeInFlight(on, { what: this.#what, size: SIZE, boot: bootOf(this.settings) });
      if (shown !== this.#shown) return;
      this.changed = { road, session: new Session(road.kernel) };
      this.failure = "";
    } catch (error) {
      if (shown === this.#shown) this.failure = String(error);
    }
  }

  override render(): TemplateResult {
    const { locale, settings, changed } = this;
    const t = translatorOf(zeroCopyTexts, locale);
    const tick = settings.tick ?? changed?.road.ticks.before ?? 0;
    return html`<p>${t("change_lead")}</p>
      <div class="columns">
        <section class="card" aria-label=${t("change_table")}>
          ${this.#table(t)} ${progressView(this.#computation, locale)}
        </section>
        <section aria-label=${settings.road.name}>
          <h2>${settings.road.name}: ${t(`change_column_${this.#what}`)}</h2>
          ${this.failure === "" ? nothing : html`<p role="alert">${t("failed", { message: this.failure })}</p>`}
          ${changed ? this.#outcome(changed.road, tick, t) : nothing}
          <iop-watch .locale=${locale} .session=${changed?.session ?? null} .tick=${tick}></iop-watch>
        </section>
      </div>`;
  }

  #outcome(changed: ChangedRoad, tick: number, t: Translate<ZeroCopyKey>): TemplateResult {
    const { ticks, text, left } = changed;
    const now = STAGES.findLast((stage) => ticks[stage] <= tick);
    return html`<ol class="stages">
        ${STAGES.map(
          (stage) =>
            html`<li>
              <button
                aria-current=${stage === now ? "step" : nothing}
                @click=${() => fire(this, "iop-set", { tick: ticks[stage] })}
              >
                ${t(STAGE_TEXTS[stage])}
              </button>
            </li>`,
        )}
      </ol>
      <p>
        ${t("change_got")} <code class="got">${text}…</code>
        <span class="hint">${t("change_left", { left })}</span>
      </p>
      <p>${t(isSeen(changed) ? "change_rule_new" : "change_rule_old")}</p>`;
  }

  #table(t: Translate<ZeroCopyKey>): TemplateResult {
    return html`<div class="scroll">
      <table>
        <caption>
          ${t("change_table")}
        </caption>
        <thead>
          <tr>
            <th scope="col">${t("road")}</th>
            <th scope="col">${t("change_column_file")}</th>
            <th scope="col">${t("change_column_buffer")}</th>
          </tr>
        </thead>
        <tbody>
          ${ROADS.map(
            (road) =>
              html`<tr>
                <th scope="row">${road.name}</th>
                ${CHANGES.map((what) => html`<td>${this.#cell(road, what, t)}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  #cell(road: Road, what: Changed, t: Translate<ZeroCopyKey>): TemplateResult {
    if (!canChange(road, what)) return html`<span class="hint">${t("change_none")}</span>`;
    const received = this.all.find((one) => one.road === road.name && one.what === what);
    if (!received) return html`<span class="hint">…</span>`;
    const seen = isSeen(received);
    const isShown = road === this.settings.road && what === this.#what;
    return html`<button
      class=${seen ? "new" : "old"}
      aria-pressed=${isShown ? "true" : "false"}
      @click=${() => fire(this, "iop-set", { road, change: what, tick: null })}
    >
      <b aria-hidden="true">${seen ? "≠" : "="}</b> ${t(seen ? "change_new" : "change_old")}
    </button>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-road-change": IopRoadChange;
  }
}
