import { LitElement, type PropertyValues, type TemplateResult, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { ROADS } from "../../../lib/roads/all.ts";
import { fire } from "../../app/events.ts";
import { shared } from "../../app/styles.ts";
import { type Locale, translatorOf } from "../../i18n/catalogue.ts";
import { zeroCopyTexts } from "../../i18n/pages/zero-copy.ts";
import { formatCount, formatSize, formatTime } from "../../model/format.ts";
import { Computation } from "../computation.ts";
import type { FailedRoad } from "./jobs.ts";
import { roadStyles } from "./road-styles.ts";
import { progressView } from "../progress-view.ts";
import { raceStyles } from "./race-styles.ts";
import { DEFAULTS, RACED, type ZeroCopySettings, bootOf, pieceOf } from "./settings.ts";
import { type Racer, arrivedAt, endOf, placesOf, timeOf } from "./standings.ts";

/** How long the race is shown for. Unit: ms. */
const SHOWN = 8000;
/** Parts of the file whose arrival the table tells. */
const PARTS = [0.25, 0.5, 0.75, 1] as const;

/**
 * Roads on one clock: how much had arrived on each when.
 *
 * @fires iop-set  others are to race, or with another file
 */
@customElement("iop-road-race")
export class IopRoadRace extends LitElement {
  static override styles = [shared, roadStyles, raceStyles];

  @property() locale: Locale = "en";
  @property({ attribute: false }) settings: ZeroCopySettings = DEFAULTS;
  @state() private racers: readonly Racer[] = [];
  @state() private failed: readonly FailedRoad[] = [];
  /** Time since the first call. Unit: ns. */
  @state() private clock = 0;
  /** When it was told to play, and where the clock stood then; null: it does not play. */
  @state() private playing: { readonly since: number; readonly clock: number } | null = null;
  readonly #computation = new Computation(this, "race");
  #asked = "";

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.playing = null;
  }

  protected override willUpdate(changes: PropertyValues): void {
    if (!changes.has("settings")) return;
    if (this.settings.view !== "race") {
      this.playing = null;
      return;
    }
    const { cache, disk, card, racers, length } = this.settings;
    const asked = [cache, disk, card, length, ...racers.map(({ name }) => name)].join();
    if (asked === this.#asked) return;
    this.#asked = asked;
    void this.#run();
  }

  /** Lets all go their roads, and then shows it from the beginning. */
  async #run(): Promise<void> {
    const { cache, racers, length: size } = this.settings;
    const boot = bootOf(this.settings);
    [this.racers, this.failed, this.clock, this.playing] = [[], [], 0, null];
    const walks = racers.map((road) => ({ road: road.name, size, cache, chunk: pieceOf(road, size), boot }));
    const ended = await this.#computation.start(walks, (piece) => {
      if ("error" in piece) this.failed = [...this.failed, piece];
      else this.racers = [...this.racers, piece];
    });
    if (ended === "none") return;
    // Whoever wants no motion sees how it ended, and the table.
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) this.clock = endOf(this.racers);
    else if (ended === "done") this.#play();
  }

  #play(): void {
    const clock = this.clock >= endOf(this.racers) ? 0 : this.clock;
    this.playing = { since: performance.now(), clock };
    requestAnimationFrame(this.#advance);
  }

  readonly #advance = (now: number): void => {
    const { playing } = this;
    if (!playing) return;
    const end = endOf(this.racers);
    this.clock = Math.min(end, playing.clock + (Math.max(0, now - playing.since) / SHOWN) * end);
    if (this.clock < end) requestAnimationFrame(this.#advance);
    else this.playing = null;
  };

  override render(): TemplateResult {
    const { locale, settings } = this;
    const t = translatorOf(zeroCopyTexts, locale);
    const { state } = this.#computation;
    return html`<p>${t("race_lead")}</p>
      <fieldset>
        <legend>${t("race_who")}</legend>
        ${ROADS.map(
          (road) =>
            html`<label
              ><input
                type="checkbox"
                .checked=${settings.racers.includes(road)}
                @change=${() => {
                  const racers = ROADS.filter((one) => (one === road) !== settings.racers.includes(one));
                  fire(this, "iop-set", { racers });
                }}
              />${road.name}</label
            >`,
        )}
      </fieldset>
      <div class="controls">
        <label
          >${t("size")}
          <select
            @change=${({ target }: Event) =>
              fire(this, "iop-set", { length: RACED[(target as HTMLSelectElement).selectedIndex] })}
          >
            ${RACED.map((size) => html`<option ?selected=${size === settings.length}>${formatSize(size)}</option>`)}
          </select></label
        >
        ${
          state === "cancelled" || state === "failed"
            ? html`<button class="primary" @click=${() => void this.#run()}>${t("race_run")}</button>`
            : nothing
        }
        ${progressView(this.#computation, locale)}
      </div>
      ${settings.racers.length === 0 ? html`<p role="status">${t("race_nobody")}</p>` : this.#track()}
      ${this.failed.map(({ road, error }) => html`<p role="alert">${road}: ${t("row_failed", { message: error })}</p>`)}
      ${this.racers.length > 0 ? this.#table() : nothing}`;
  }

  #track(): TemplateResult {
    const { clock, racers } = this;
    const t = translatorOf(zeroCopyTexts, this.locale);
    const end = endOf(racers);
    const places = placesOf(racers);
    return html`<section class="card" aria-label=${t("view_race")}>
      <ol class="track">
        ${racers.map((racer, i) => this.#lane(racer, places[i]!))}
      </ol>
      <div class="clock">
        <button ?disabled=${racers.length === 0} @click=${() => (this.playing ? (this.playing = null) : this.#play())}>
          ${t(this.playing ? "race_pause" : "race_play")}
        </button>
        <input
          type="range"
          min="0"
          max=${end}
          step="any"
          .value=${String(clock)}
          ?disabled=${racers.length === 0}
          aria-label=${t("race_clock")}
          aria-valuetext=${formatTime(clock)}
          @input=${({ target }: Event) => {
            this.playing = null;
            this.clock = Number((target as HTMLInputElement).value);
          }}
          @keydown=${this.#pressed}
        />
        <output class="mono">${formatTime(clock)}</output>
      </div>
    </section>`;
  }

  readonly #pressed = (event: KeyboardEvent): void => {
    const end = endOf(this.racers);
    const to = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, Home: -Infinity, End: Infinity }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.playing = null;
    this.clock = Math.max(0, Math.min(end, this.clock + (to * end) / 50));
  };

  #lane(racer: Racer, place: number): TemplateResult {
    const t = translatorOf(zeroCopyTexts, this.locale);
    const { figures } = racer;
    const bytes = arrivedAt(racer, this.clock);
    const isThere = this.clock >= figures.wallTime;
    const said = t("race_arrived", { bytes: formatCount(bytes), size: formatCount(figures.size) });
    return html`<li class=${isThere ? "there" : ""}>
      <span class="name">${figures.road}</span>
      <span class="bar" role="img" aria-label=${said}
        ><span style="width: ${(bytes / figures.size) * 100}%"></span
      ></span>
      <span class="said"
        >${
          isThere
            ? html`<b class="place">${place}</b> ${formatTime(figures.wallTime)} ·
                ${t("race_cpu", { time: formatTime(figures.cpuTime) })}`
            : html`${Math.floor((bytes / figures.size) * 100)} %`
        }</span
      >
    </li>`;
  }

  #table(): TemplateResult {
    const t = translatorOf(zeroCopyTexts, this.locale);
    return html`<section class="card table">
      <div class="scroll" tabindex="0" role="group" aria-label=${t("race_table")}>
        <table>
          <caption>
            ${t("race_table")}
          </caption>
          <thead>
            <tr>
              <th scope="col">${t("road")}</th>
              ${PARTS.map((part) => html`<th scope="col">${t("race_quarter", { percent: part * 100 })}</th>`)}
              <th scope="col">${t("column_cpu_time")}</th>
            </tr>
          </thead>
          <tbody>
            ${this.racers.map(
              (racer) =>
                html`<tr>
                  <th scope="row">${racer.figures.road}</th>
                  ${PARTS.map((part) => html`<td>${formatTime(timeOf(racer, part))}</td>`)}
                  <td>${formatTime(racer.figures.cpuTime)}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </section>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-road-race": IopRoadRace;
  }
}
