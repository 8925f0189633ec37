import { LitElement, type TemplateResult, css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { CONFIDENCE, MARGIN } from "../../lib/race/statistics.ts";
import type { Machine, RaceResult } from "../../lib/race/types.ts";
import { CASES } from "../../lib/race/work.ts";
import { shared } from "../app/styles.ts";
import type { Locale } from "../i18n/catalogue.ts";
import { formatSize } from "../model/format.ts";
import { raceStyles } from "./race-styles.ts";
import { type T, Words, formatNs } from "./words.ts";

/** What is said of the method, in this order. */
const POINTS = ["work", "fresh", "turns", "time", "median", "verdict", "sink", "memory", "worst", "seed"] as const;

/** The figures in what is said of it. Unit: percent. */
const FIGURES = { confidence: Math.round(CONFIDENCE * 100), margin: Math.round((MARGIN - 1) * 100) };

/** How the race is run, what each case does, and on which machine a result came out. */
@customElement("iop-race-method")
export class IopRaceMethod extends LitElement {
  static override styles = [
    shared,
    raceStyles,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 26px;
      }
      dl {
        margin: 8px 0 14px;
      }
      .points {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 330px), 1fr));
        gap: 14px 32px;
      }
      dt {
        font-weight: 600;
      }
      dd {
        margin: 0;
        overflow-wrap: anywhere;
      }
      .machine {
        display: grid;
        grid-template-columns: max-content minmax(0, 1fr);
        gap: 4px 18px;
      }
      .machine dt {
        color: var(--iop-quiet);
        font-weight: 400;
      }
      ul {
        display: flex;
        flex-wrap: wrap;
        gap: 2px 18px;
        margin: 0;
        padding: 0;
        list-style: none;
      }
    `,
  ];

  @property() locale: Locale = "en";
  /** The result whose machine is shown; null: there is none. */
  @property({ attribute: false }) result: RaceResult | null = null;

  override render(): TemplateResult {
    const words = new Words(this.locale);
    const { t } = words;
    return html`${this.result ? this.#machine(t, this.result) : nothing}
      <section aria-label=${t("method")}>
        <h2>${t("method")}</h2>
        <dl class="points">
          ${POINTS.map(
            (point) =>
              html`<div>
                <dt>${t(`method_${point}`)}</dt>
                <dd class="hint">${t(`method_${point}_text`, FIGURES)}</dd>
              </div>`,
          )}
        </dl>
        <details>
          <summary>${t("cases_about")}</summary>
          <dl class="points">
            ${CASES.map(
              (name) =>
                html`<div>
                  <dt>${words.case(name)}</dt>
                  <dd class="hint">${words.about(name)}</dd>
                </div>`,
            )}
          </dl>
        </details>
      </section>`;
  }

  #machine(t: T, { machine, seed, date }: RaceResult): TemplateResult {
    const { processor, cores, memory, system, runtime, clockResolution_ns, versions, flags } = machine;
    return html`<section aria-label=${t("machine")}>
      <h2>${t("machine")}</h2>
      <dl class="machine">
        ${line(t("machine_processor"), t("machine_cores", { processor, cores }))}
        ${memory === null ? nothing : line(t("machine_memory"), formatSize(Math.round(memory / 2 ** 20) * 2 ** 20))}
        ${line(t("machine_system"), system)} ${line(t("machine_runtime"), runtime)}
        ${line(t("machine_clock"), formatNs(clockResolution_ns))}
        ${line(t("date"), date.slice(0, 16).replace("T", " "))} ${line(t("seed"), String(seed))}
        ${named(t("machine_versions"), versions)} ${named(t("machine_flags"), flags)}
      </dl>
    </section>`;
  }
}

function line(name: string, value: string): TemplateResult {
  return html`<dt>${name}</dt>
    <dd>${value}</dd>`;
}

function named(name: string, all: Machine["versions"]): TemplateResult | typeof nothing {
  const entries = Object.entries(all);
  if (entries.length === 0) return nothing;
  return html`<dt>${name}</dt>
    <dd>
      <ul>
        ${entries.map(([of, value]) => html`<li>${of} ${value}</li>`)}
      </ul>
    </dd>`;
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-race-method": IopRaceMethod;
  }
}
