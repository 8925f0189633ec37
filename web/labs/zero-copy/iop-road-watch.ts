import { LitElement, type PropertyValues, type TemplateResult, css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { type RoadFigures, type Walked, walkRoad } from "../../../lib/index.ts";
import { ROADS } from "../../../lib/roads/all.ts";
import { fire } from "../../app/events.ts";
import { shared } from "../../app/styles.ts";
import { type Locale, translatorOf } from "../../i18n/catalogue.ts";
import { zeroCopyTexts } from "../../i18n/pages/zero-copy.ts";
import { Session } from "../../model/session.ts";
import { writeLink } from "../../share/link.ts";
import "../../watch/iop-watch.ts";
import { aboutOf } from "./about.ts";
import "./iop-moments.ts";
import "./iop-road-list.ts";
import { roadStyles } from "./road-styles.ts";
import { momentsOf } from "./moments.ts";
import { programText } from "./program.ts";
import { DEFAULTS, type ZeroCopySettings, bootOf } from "./settings.ts";

/** A road that is watched. */
interface Watched {
  readonly walked: Walked;
  readonly session: Session;
  readonly moments: ReturnType<typeof momentsOf>;
  readonly program: string;
}

/**
 * One road on the stage, beside where its figures come from.
 *
 * @fires iop-set  another road, or another moment, was chosen
 */
@customElement("iop-road-watch")
export class IopRoadWatch extends LitElement {
  static override styles = [
    shared,
    roadStyles,
    css`
      .columns {
        display: grid;
        grid-template-columns: 366px minmax(0, 1fr) minmax(270px, 310px);
        gap: 16px;
        align-items: start;
      }
      .middle {
        position: sticky;
        top: 10px;
      }
      iop-watch {
        height: max(540px, calc(100dvh - 272px));
        border: 1px solid var(--iop-rule);
        border-radius: 10px;
        overflow: hidden;
      }
      .about {
        max-width: none;
        min-height: 1.5em;
        margin: 0 0 8px;
      }
      details {
        margin-top: 12px;
      }
      summary {
        cursor: pointer;
        color: var(--iop-quiet);
      }
      pre {
        margin: 8px 0 0;
        padding: 12px;
        overflow: auto;
        border: 1px solid var(--iop-rule);
        border-radius: 8px;
        font: 12px/1.5 var(--iop-mono);
      }
      @media (max-width: 1240px) {
        .columns {
          grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
        }
        .middle {
          position: static;
          grid-column: 1 / -1;
          grid-row: 1;
        }
      }
      @media (max-width: 760px) {
        .columns {
          grid-template-columns: minmax(0, 1fr);
        }
        .middle {
          grid-row: auto;
        }
        .card {
          padding: 10px 12px;
        }
        iop-watch {
          height: 600px;
        }
      }
    `,
  ];

  @property() locale: Locale = "en";
  @property({ attribute: false }) settings: ZeroCopySettings = DEFAULTS;
  @state() private watched: Watched | null = null;
  @state() private figures: ReadonlyMap<string, RoadFigures> = new Map();
  @state() private failure = "";
  @state() private href = "";
  /** What the figures and the run were made for. */
  #machine = "";
  #shown = "";
  #tick = 0;

  constructor() {
    super();
    this.addEventListener("iop-tick", (event) => {
      event.stopPropagation();
      fire(this, "iop-set", { tick: (event as CustomEvent<{ tick: number }>).detail.tick });
    });
  }

  protected override willUpdate(changes: PropertyValues): void {
    if (!changes.has("settings")) return;
    const { road, size, cache, disk, card } = this.settings;
    const machine = [size, cache, disk, card].join();
    if (machine !== this.#machine) {
      this.#machine = machine;
      this.figures = new Map();
      void this.#count(machine);
    }
    if (`${road.name},${machine}` !== this.#shown) {
      this.#shown = `${road.name},${machine}`;
      this.watched = null;
      void this.#watch(this.#shown);
    }
    this.#place();
  }

  /** Where the run stands: as the settings say, or at the road's first call. */
  #place(): void {
    const { tick } = this.settings;
    const { watched } = this;
    this.#tick = tick ?? (watched ? watched.walked.ticks.begin + 1 : 0);
    void this.#link();
  }

  /** The address of this moment on the page of a run. */
  async #link(): Promise<void> {
    const { watched, locale } = this;
    if (!watched) return;
    const tick = this.#tick;
    const run = { program: watched.program, cpus: 1, seed: 1 };
    const href = await writeLink({ v: 1, run, tick, grain: "function" });
    if (tick === this.#tick && locale === this.locale && watched === this.watched) this.href = href;
  }

  /** Walks every road with the file, for the list. */
  async #count(machine: string): Promise<void> {
    const { size, cache } = this.settings;
    const boot = bootOf(this.settings);
    for (const road of ROADS) {
      const { figures } = await walkRoad(road, { size, cache, boot });
      if (machine !== this.#machine) return;
      this.figures = new Map([...this.figures, [road.name, figures]]);
    }
  }

  async #watch(shown: string): Promise<void> {
    const { road, size, cache } = this.settings;
    try {
      const walked = await walkRoad(road, { size, cache, boot: { ...bootOf(this.settings), trace: true } });
      if (shown !== this.#shown) return;
      const moments = momentsOf(walked);
      const program = programText(road, this.settings);
      this.watched = { walked, moments, session: new Session(walked.kernel), program };
      this.failure = "";
      this.#place();
    } catch (error) {
      if (shown === this.#shown) this.failure = String(error);
    }
  }

  override render(): TemplateResult {
    const { locale, settings, watched, figures } = this;
    const t = translatorOf(zeroCopyTexts, locale);
    return html`<div class="columns">
      <section class="card" aria-label=${t("roads")}>
        <iop-road-list
          .locale=${locale}
          .road=${settings.road}
          .size=${settings.size}
          ?warm=${settings.cache === "warm"}
          .figures=${figures}
        ></iop-road-list>
      </section>
      <section class="middle" aria-label=${settings.road.name}>
        <h2>${settings.road.name}</h2>
        <p class="about">${t(aboutOf(settings.road))}</p>
        ${this.failure === "" ? nothing : html`<p role="alert">${t("failed", { message: this.failure })}</p>`}
        <iop-watch
          .locale=${locale}
          .session=${watched?.session ?? null}
          .tick=${this.#tick}
          .href=${this.href}
        ></iop-watch>
        <details>
          <summary>${t("program")}</summary>
          <pre tabindex="0">${watched?.program ?? ""}</pre>
        </details>
      </section>
      <section class="card" aria-label=${t("counted")}>
        <iop-moments
          .locale=${locale}
          .figures=${watched?.walked.figures ?? null}
          .moments=${watched?.moments ?? null}
          .tick=${this.#tick}
        ></iop-moments>
      </section>
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-road-watch": IopRoadWatch;
  }
}
