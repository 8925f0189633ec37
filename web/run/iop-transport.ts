import { LitElement, type TemplateResult, html, svg } from "lit";
import { customElement, property } from "lit/decorators.js";
import { fire } from "../app/events.ts";
import { type Locale, translator } from "../i18n/catalogue.ts";
import { formatCount, formatTime } from "../model/format.ts";
import type { Command } from "../model/keys.ts";
import { GRAINS, type Grain, type Phase } from "../model/run.ts";
import { shared } from "../app/styles.ts";
import { ICONS } from "./icons.ts";
import { transportStyles } from "./transport-styles.ts";

/** Steps each second that can be chosen. */
const SPEEDS: readonly number[] = [1, 2, 5, 15];

/**
 * What happens, in one sentence, and the controls that go through time.
 *
 * @fires iop-command  what a button asks for
 * @fires iop-seek     a place in time was chosen: its tick
 * @fires iop-grain    another size of step was chosen
 * @fires iop-speed    another speed was chosen
 */
@customElement("iop-transport")
export class IopTransport extends LitElement {
  static override styles = [shared, transportStyles];

  @property() locale: Locale = "en";
  @property({ type: Number }) tick = 0;
  @property({ type: Number }) ticks = 0;
  /** What is counted. */
  @property() unit: "tick" | "step" = "tick";
  /** Virtual time. Unit: ns since boot. */
  @property({ type: Number }) time = 0;
  @property() grain: Grain = "function";
  @property({ type: Number }) speed = 2;
  @property({ type: Boolean }) playing = false;
  /** Whether there is nothing to go through. */
  @property({ type: Boolean }) disabled = false;
  /** What happens at this tick. */
  @property() sentence = "";
  /** The function or happening that it is. */
  @property() event = "";
  /** The phases of inputs that end here. */
  @property({ attribute: false }) phases: readonly Phase[] = [];

  override render(): TemplateResult {
    const t = translator(this.locale);
    const { tick, ticks, time, playing, disabled } = this;
    const atEnd = tick >= ticks;
    const value = t(`seek_${this.unit}`, { tick, ticks, time: formatTime(time) });
    return html`<section aria-label=${t("transport")}>
      <div class="narration">
        <p class="sentence" aria-live=${playing ? "off" : "polite"} aria-atomic="true">${this.sentence}</p>
        <span class="marks">
          ${this.phases.map(
            (phase) =>
              html`<span class="phase ${phase}"><b>${phase === "ready" ? 1 : 2}</b>${t(`phase_${phase}`)}</span>`,
          )}
          ${this.event ? html`<code class="event">${this.event}</code>` : ""}
        </span>
      </div>
      <div class="controls">
        <div class="buttons">
          ${this.#button("first", t("first"), "Home", tick === 0)}
          ${this.#button("back", t("back"), "ArrowLeft", tick === 0)}
          ${this.#button("play", t(playing ? "pause" : "play"), "Space", atEnd && !playing, playing ? "pause" : "play")}
          ${this.#button("step", t("forward"), "ArrowRight", atEnd, "forward")}
          ${this.#button("last", t("last"), "End", atEnd)}
        </div>
        <input
          class="seek"
          type="range"
          min="0"
          max=${ticks}
          .value=${String(tick)}
          ?disabled=${disabled}
          aria-label=${t("seek")}
          aria-valuetext=${value}
          style="--done: ${ticks === 0 ? 0 : (tick / ticks) * 100}%"
          @input=${this.#sought}
        />
        <span class="position mono"
          >${t(`position_${this.unit}`, { tick: formatCount(tick), ticks: formatCount(ticks) })} ·
          <span class="time">${formatTime(time)}</span></span
        >
        <div class="choices" role="group" aria-label=${t("grain")}>
          ${GRAINS.map(
            (grain) =>
              html`<button
                aria-pressed=${grain === this.grain}
                ?disabled=${disabled}
                @click=${() => fire(this, "iop-grain", { grain })}
              >
                ${t(`grain_${grain}`)}
              </button>`,
          )}
        </div>
        <label class="speed"
          ><span class="hidden-text">${t("speed")}</span>
          <select @change=${this.#sped}>
            ${SPEEDS.map((speed) => html`<option value=${speed} ?selected=${speed === this.speed}>${speed}/s</option>`)}
          </select></label
        >
      </div>
    </section>`;
  }

  #button(command: Command, label: string, shortcut: string, off: boolean, icon: string = command): TemplateResult {
    return html`<button
      class="icon"
      aria-label=${label}
      title=${label}
      aria-keyshortcuts=${shortcut}
      ?disabled=${this.disabled || off}
      @click=${() => fire(this, "iop-command", { command })}
    >
      <svg viewBox="0 0 20 20" aria-hidden="true">${svg`<path d=${ICONS[icon as keyof typeof ICONS]}></path>`}</svg>
    </button>`;
  }

  readonly #sought = (event: Event) => {
    fire(this, "iop-seek", { tick: Number((event.currentTarget as HTMLInputElement).value) });
  };

  readonly #sped = (event: Event) => {
    fire(this, "iop-speed", { speed: Number((event.currentTarget as HTMLSelectElement).value) });
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-transport": IopTransport;
  }
}
