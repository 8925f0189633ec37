import { LitElement, type TemplateResult, css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { CounterValues } from "../../lib/index.ts";
import type { Violation } from "../../lib/see/invariants.ts";
import { type Locale, translator } from "../i18n/catalogue.ts";
import { COUNTER_NAMES } from "../i18n/counters.ts";
import { formatCount } from "../model/format.ts";
import { shared } from "../app/styles.ts";

/** What has been counted, what this step has added, and whether the invariants hold. */
@customElement("iop-counters")
export class IopCounters extends LitElement {
  static override styles = [
    shared,
    css`
      .badge {
        margin: 0 0 12px;
        padding: 7px 11px;
        border: 1.5px solid var(--iop-good);
        border-radius: 7px;
        color: var(--iop-good);
        font-weight: 600;
      }
      .badge.checking {
        border-color: var(--iop-line);
        background: none;
        color: var(--iop-quiet);
      }
      .badge.open {
        border-color: var(--iop-line);
        color: var(--iop-quiet);
      }
      .badge.broken {
        border-color: var(--iop-bad);
        color: var(--iop-bad);
      }
      .badge ul {
        margin: 6px 0 0;
        padding-left: 18px;
        font-size: 12px;
        font-weight: 400;
        overflow-wrap: anywhere;
      }
      summary {
        cursor: pointer;
      }
      dl {
        display: grid;
        grid-template-columns: 1fr auto auto;
        gap: 2px 6px;
        margin: 8px 0 0;
        font-size: 12px;
      }
      dt {
        grid-column: 1;
      }
      dd {
        margin: 0;
        text-align: right;
        font-family: var(--iop-mono);
        font-size: 12px;
        font-variant-numeric: tabular-nums;
        white-space: nowrap;
      }
      .more {
        grid-column: 3;
        min-width: 2.4em;
        color: var(--iop-changed-ink);
        font-weight: 700;
      }
    `,
  ];

  @property() locale: Locale = "en";
  @property({ attribute: false }) counters: CounterValues | null = null;
  /** The counters at the beginning of the step. */
  @property({ attribute: false }) since: CounterValues | null = null;
  /** Rules that do not hold; null: that is still being looked at. */
  @property({ attribute: false }) violations: readonly Violation[] | null = [];
  /** Whether the machine is in the middle of a function: then a rule may be open. */
  @property({ type: Boolean }) busy = false;

  override render(): TemplateResult {
    const translate = translator(this.locale);
    return html`${this.#badge()}
      <h2>${translate("counters")}</h2>
      <dl>
        ${
          this.counters
            ? COUNTER_NAMES.filter(({ always, name }) => always || this.counters![name] > 0).map((entry) =>
                this.#counter(entry.texts[this.locale], this.counters![entry.name], this.since?.[entry.name] ?? 0),
              )
            : nothing
        }
      </dl>`;
  }

  #counter(text: string, value: number, before: number): TemplateResult {
    const more = value - before;
    return html`<dt>${text}</dt>
      <dd>${formatCount(value)}</dd>
      <dd class="more">${more > 0 ? `+${formatCount(more)}` : ""}</dd>`;
  }

  #badge(): TemplateResult {
    const translate = translator(this.locale);
    const { violations } = this;
    if (!violations) {
      return html`<p class="badge checking" title=${translate("invariants_title")}>
        … ${translate("invariants_checking")}
      </p>`;
    }
    if (violations.length === 0) {
      return html`<p class="badge" title=${translate("invariants_title")}>✓ ${translate("invariants_hold")}</p>`;
    }
    const [sign, key] = this.busy ? (["◔", "invariants_busy"] as const) : (["✗", "invariants_broken"] as const);
    const text = translate(key, { count: violations.length });
    return html`<details class="badge ${this.busy ? "open" : "broken"}">
      <summary>${sign} ${text}</summary>
      <ul>
        ${violations.slice(0, 12).map(({ structure, message }) => html`<li><strong>${structure}</strong>: ${message}</li>`)}
      </ul>
    </details>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-counters": IopCounters;
  }
}
