import { LitElement, type TemplateResult, css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { EventName } from "../../lib/index.ts";
import type { CpuObject } from "../../lib/see/inspect.ts";
import { enums } from "../../lib/see/names.ts";
import { type Locale, type Translate, translator } from "../i18n/catalogue.ts";
import { sentences } from "../later/parts.ts";
import { formatTime } from "../model/format.ts";
import { shared } from "../app/styles.ts";

const CONTEXTS = ["IDLE", "USER", "SYSCALL", "HARDIRQ", "SOFTIRQ"] as const;

/** The kernel functions that each CPU is in, the innermost first, each with what it does in one sentence. */
@customElement("iop-stack")
export class IopStack extends LitElement {
  static override styles = [
    shared,
    css`
      .cpu {
        display: flex;
        gap: 8px;
        align-items: baseline;
        margin: 8px 0 2px;
      }
      ol {
        margin: 4px 0 0;
        padding: 0;
        list-style: none;
      }
      li {
        padding: 4px 0 4px 9px;
        border-left: 3px solid var(--iop-rule);
      }
      li:first-child {
        border-left-color: var(--iop-changed);
      }
      li:first-child code {
        font-weight: 700;
      }
      code {
        font: 12px var(--iop-mono);
        overflow-wrap: anywhere;
      }
      p {
        margin: 0;
        font-size: 12.5px;
        line-height: 1.35;
      }
    `,
  ];

  @property() locale: Locale = "en";
  @property({ attribute: false }) cpus: readonly CpuObject[] = [];

  override render(): TemplateResult {
    const translate = translator(this.locale);
    const busy = this.cpus.filter(({ stack }) => stack.length > 0);
    const shown = busy.length > 0 ? busy : this.cpus.slice(0, 1);
    return html`<h2>${translate("stack")}</h2>
      ${shown.map((cpu) => this.#cpu(cpu, translate))}
      ${busy.length === 0 ? html`<p class="quiet">${translate("stack_idle")}</p>` : nothing}`;
  }

  #cpu({ id, context, clock, stack }: CpuObject, translate: Translate): TemplateResult {
    const known = CONTEXTS.find((name) => name === context) ?? "IDLE";
    return html`<div class="cpu">
        <strong>CPU ${id}</strong> <span>${translate(`context_${known}`)}</span>
        <span class="quiet mono">${formatTime(clock)}</span>
      </div>
      <ol>
        ${stack.toReversed().map(
          (name) =>
            html`<li>
              <code>${name}</code>
              <p class="quiet">${this.#does(name)}</p>
            </li>`,
        )}
      </ol>`;
  }

  #does(name: string): string {
    if (!(name in enums["Tp"]!.values)) return "";
    return sentences[this.locale].for(this)?.[name as EventName][this.locale]?.[0] ?? "";
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-stack": IopStack;
  }
}
