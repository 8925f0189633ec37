import { LitElement, type TemplateResult, css, html, svg } from "lit";
import { customElement, property } from "lit/decorators.js";
import { fire } from "../../app/events.ts";
import { shared } from "../../app/styles.ts";
import type { Translate } from "../../i18n/catalogue.ts";
import type { TextKey } from "../../i18n/pages/page-cache.ts";
import { Player } from "../../run/player.ts";

/** What the parts are called, in the language of the page. */
export interface StepTexts {
  readonly transport: string;
  readonly first: string;
  readonly back: string;
  readonly play: string;
  readonly pause: string;
  readonly step: string;
  readonly last: string;
  readonly seek: string;
}

/** The texts that go through any moments; what is gone through is called `transport`. */
export function stepTexts(t: Translate<TextKey>, transport: TextKey): StepTexts {
  return {
    transport: t(transport),
    first: t("first"),
    back: t("back"),
    play: t("play"),
    pause: t("pause"),
    step: t("step"),
    last: t("last"),
    seek: t(transport),
  };
}

const ICONS = {
  first: "M5 4v12M15 4 8 10l7 6z",
  back: "M13 4 6 10l7 6z",
  play: "M6 3.5 16 10 6 16.5z",
  pause: "M6 4v12M14 4v12",
  step: "M7 4l7 6-7 6z",
  last: "M15 4v12M5 4l7 6-7 6z",
} as const;

/** Steps each second while it plays. */
const SPEED = 4;

/**
 * Goes through the moments of something, one after another: buttons, a slider, and the keys of the stage while the focus
 * is in it.
 *
 * @fires iop-step  another moment was chosen: its number
 */
@customElement("iop-steps")
export class IopSteps extends LitElement {
  static override styles = [
    shared,
    css`
      section {
        display: flex;
        flex-wrap: wrap;
        gap: 6px 12px;
        align-items: center;
      }
      .buttons {
        display: flex;
        gap: 4px;
      }
      button {
        display: grid;
        place-items: center;
        width: 38px;
        padding: 0;
      }
      svg {
        width: 18px;
        height: 18px;
        fill: currentColor;
        stroke: currentColor;
        stroke-width: 2;
        stroke-linejoin: round;
      }
      input {
        flex: 1 1 160px;
        min-width: 120px;
        accent-color: var(--iop-task);
      }
      .position {
        min-width: 24ch;
        font-variant-numeric: tabular-nums;
      }
    `,
  ];

  /** Which moment, from 0. */
  @property({ type: Number }) at = 0;
  /** The last moment. */
  @property({ type: Number }) last = 0;
  /** What is said of the moment. */
  @property() position = "";
  @property({ attribute: false }) texts!: StepTexts;
  readonly #player = new Player(this, () => this.#go(this.at + 1));

  constructor() {
    super();
    this.#player.speed = SPEED;
    this.addEventListener("keydown", this.#pressed);
  }

  /** Stops playing. */
  pause(): void {
    this.#player.pause();
  }

  #go(to: number): boolean {
    const at = Math.max(0, Math.min(this.last, to));
    if (at !== this.at) {
      // The next step may come before whoever shows the moment has told which it is.
      this.at = at;
      fire(this, "iop-step", { at });
    }
    return at < this.last;
  }

  #jump(to: number): void {
    this.#player.pause();
    this.#go(to);
  }

  #play(): void {
    if (!this.#player.playing && this.at >= this.last) this.#go(0);
    this.#player.toggle();
  }

  readonly #pressed = (event: KeyboardEvent) => {
    const act = {
      ArrowRight: () => this.#jump(this.at + 1),
      ArrowLeft: () => this.#jump(this.at - 1),
      Home: () => this.#jump(0),
      End: () => this.#jump(Infinity),
    }[event.key];
    if (!act || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };

  override render(): TemplateResult {
    const { texts, at, last, position } = this;
    const { playing } = this.#player;
    return html`<section aria-label=${texts.transport}>
      <div class="buttons">
        ${this.#button("first", texts.first, at === 0, () => this.#jump(0))}
        ${this.#button("back", texts.back, at === 0, () => this.#jump(at - 1))}
        ${this.#button(playing ? "pause" : "play", playing ? texts.pause : texts.play, last === 0, () => this.#play())}
        ${this.#button("step", texts.step, at >= last, () => this.#jump(at + 1))}
        ${this.#button("last", texts.last, at >= last, () => this.#jump(Infinity))}
      </div>
      <input
        type="range"
        min="0"
        max=${last}
        .value=${String(at)}
        aria-label=${texts.seek}
        aria-valuetext=${position}
        @input=${(event: Event) => this.#jump(Number((event.currentTarget as HTMLInputElement).value))}
      />
      <span class="position">${position}</span>
    </section>`;
  }

  #button(icon: keyof typeof ICONS, label: string, off: boolean, act: () => void): TemplateResult {
    return html`<button aria-label=${label} title=${label} ?disabled=${off} @click=${act}>
      <svg viewBox="0 0 20 20" aria-hidden="true">${svg`<path d=${ICONS[icon]}></path>`}</svg>
    </button>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-steps": IopSteps;
  }
}
