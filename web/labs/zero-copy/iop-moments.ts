import { LitElement, type TemplateResult, css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { RoadFigures } from "../../../lib/index.ts";
import { fire } from "../../app/events.ts";
import { shared } from "../../app/styles.ts";
import { type Locale, translatorOf } from "../../i18n/catalogue.ts";
import { zeroCopyTexts } from "../../i18n/pages/zero-copy.ts";
import { formatCount } from "../../model/format.ts";
import { inShort } from "./counting.ts";
import { roadStyles } from "./road-styles.ts";
import type { MomentGroup, ShownMoment } from "./moments.ts";

/**
 * Where a road's figures come from: the moments at which each was counted.
 *
 * @fires iop-tick  a moment was chosen: its tick
 */
@customElement("iop-moments")
export class IopMoments extends LitElement {
  static override styles = [
    shared,
    roadStyles,
    css`
      section {
        margin-top: 14px;
      }
      ol {
        max-height: 330px;
        margin: 4px 0 6px;
        padding: 0;
        overflow-y: auto;
        list-style: none;
      }
      .steps {
        display: flex;
        gap: 8px;
        margin: 0;
      }
      li button {
        display: grid;
        grid-template-columns: 1.6em 1fr auto;
        gap: 6px;
        align-items: baseline;
        width: 100%;
        min-height: 30px;
        padding: 4px 8px;
        border: 0;
        border-left: 3px solid transparent;
        border-radius: 0 6px 6px 0;
        background: none;
        text-align: start;
        font-size: 13px;
      }
      li button:hover:not(:disabled) {
        background: var(--iop-changed-fill);
      }
      button[aria-current="step"] {
        border-left-color: var(--iop-changed-ink);
        background: var(--iop-changed-fill);
        font-weight: 600;
      }
      li:not(.past) button {
        color: var(--iop-quiet);
      }
      .head {
        display: flex;
        gap: 10px;
        align-items: baseline;
        justify-content: space-between;
      }
      .number {
        color: var(--iop-quiet);
        font: 12px var(--iop-mono);
      }
      .how {
        display: inline-block;
        margin-right: 6px;
        padding: 0 5px;
        border-radius: 4px;
        font: 650 11px var(--iop-mono);
        color: var(--iop-rb-ink);
      }
      .cpuCopy {
        background: var(--iop-copy);
      }
      .dmaTransfer {
        border-radius: 8px;
        background: var(--iop-dma);
      }
      .at {
        color: var(--iop-quiet);
        font: 11.5px var(--iop-mono);
        white-space: nowrap;
      }
    `,
  ];

  @property() locale: Locale = "en";
  @property({ attribute: false }) figures: RoadFigures | null = null;
  @property({ attribute: false }) moments: Readonly<Record<MomentGroup, readonly ShownMoment[]>> | null = null;
  /** Where the run stands. */
  @property({ type: Number }) tick = 0;

  readonly #t = (...args: Parameters<ReturnType<typeof translatorOf<keyof (typeof zeroCopyTexts)["en"]>>>) =>
    translatorOf(zeroCopyTexts, this.locale)(...args);

  override render(): TemplateResult | typeof nothing {
    const { figures, moments } = this;
    const t = this.#t;
    if (!figures || !moments) return html`<p class="hint" role="status">${t("counting")}</p>`;
    const { modeSwitches, cpuCopies, dmaTransfers, contextSwitches, faults } = figures;
    const pieces = moments.copies.length;
    const ticks = Object.values(moments)
      .flatMap((group) => group.map(({ tick }) => tick))
      .toSorted((a, b) => a - b);
    return html`<h2>${t("from", { sum: inShort(figures) })}</h2>
      <p>${t("from_sentence", { switches: modeSwitches, cpu: cpuCopies, dma: dmaTransfers })}</p>
      <p class="hint">${t("from_hint")}</p>
      <p class="steps">
        ${this.#step(
          "moment_previous",
          ticks.findLast((tick) => tick < this.tick),
        )}
        ${this.#step(
          "moment_next",
          ticks.find((tick) => tick > this.tick),
        )}
      </p>
      ${this.#group("switches", t("group_switches", { count: modeSwitches }), t("explain_switches"))}
      ${this.#group(
        "copies",
        t("group_copies", { cpu: cpuCopies, dma: dmaTransfers }),
        pieces === cpuCopies + dmaTransfers
          ? ""
          : t("explain_copies", {
              pieces: formatCount(pieces),
              cpuBytes: formatCount(figures.cpuCopiedBytes),
              dmaBytes: formatCount(figures.dmaBytes),
              size: formatCount(figures.size),
            }),
      )}
      ${this.#group("tasks", t("group_tasks", { count: contextSwitches }), t("explain_tasks"))}
      ${faults > 0 ? this.#group("faults", t("group_faults", { count: faults }), "") : nothing}`;
  }

  /** Goes to the count before or behind where the run stands. @param tick  undefined: there is none. */
  #step(label: "moment_previous" | "moment_next", tick: number | undefined): TemplateResult {
    return html`<button class="step" ?disabled=${tick === undefined} @click=${() => fire(this, "iop-tick", { tick })}>
      ${label === "moment_previous" ? "◂ " : ""}${this.#t(label)}${label === "moment_next" ? " ▸" : ""}
    </button>`;
  }

  #group(group: MomentGroup, title: string, explanation: string): TemplateResult {
    const moments = this.moments![group];
    const past = moments.filter(({ tick }) => tick <= this.tick);
    const last = past.length - 1;
    const t = this.#t;
    return html`<section aria-label=${title}>
      <div class="head">
        <h3>${title}</h3>
        <span class="at"
          >${t("so_far", { count: formatCount(past.reduce((sum, { amount }) => sum + amount, 0)) })}</span
        >
      </div>
      <ol>
        ${moments.map((moment, i) => this.#moment(moment, i, i === last && moment.tick === this.tick))}
      </ol>
      ${explanation === "" ? nothing : html`<p class="hint">${explanation}</p>`}
    </section>`;
  }

  #moment({ kind, tick, text, values }: ShownMoment, i: number, isNow: boolean): TemplateResult {
    const t = this.#t;
    const isCopy = kind === "cpuCopy" || kind === "dmaTransfer";
    const written = Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, typeof value === "number" ? formatCount(value) : value]),
    );
    return html`<li class=${tick <= this.tick ? "past" : ""}>
      <button aria-current=${isNow ? "step" : nothing} @click=${() => fire(this, "iop-tick", { tick })}>
        <span class="number">${i + 1}</span>
        <span
          >${isCopy ? html`<span class="how ${kind}">${t(kind === "cpuCopy" ? "by_cpu" : "by_dma")}</span>` : nothing}${t(
            text,
            written,
          )}</span
        >
        <span class="at">${t("tick", { tick })}</span>
      </button>
    </li>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-moments": IopMoments;
  }
}
