import { LitElement, type TemplateResult, css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { CONTENDERS } from "../../lib/race/contenders/all.ts";
import type { Contender, Kind } from "../../lib/race/types.ts";
import { ORDERS, hasOrder } from "../../lib/race/work.ts";
import { fire } from "../app/events.ts";
import { shared } from "../app/styles.ts";
import type { Locale } from "../i18n/catalogue.ts";
import { wholeIn } from "../labs/choice.ts";
import { formatCount, formatSize } from "../model/format.ts";
import { raceStyles } from "./race-styles.ts";
import {
  FAMILIES,
  type Family,
  LIMITS,
  MESSAGES,
  PRESETS,
  type Plan,
  type Preset,
  SIZES,
  familyOf,
  heatsOf,
  presetOf,
} from "./settings.ts";
import { Words } from "./words.ts";

/** The kinds of contenders, in the order in which they are chosen. */
const KINDS: readonly Kind[] = ["wasm", "wasm2js", "js", "library", "native"];

/**
 * What is to be raced: a preset, or cases, sizes, orders and contenders one by one.
 *
 * @fires iop-set  another plan is wanted: `{ plan }`
 */
@customElement("iop-race-plan")
export class IopRacePlan extends LitElement {
  static override styles = [
    shared,
    raceStyles,
    css`
      .presets {
        margin-bottom: 8px;
      }
      .own {
        display: grid;
        gap: 14px;
        padding: 12px 0 4px;
      }
      .group {
        display: grid;
        grid-template-columns: 150px minmax(0, 1fr);
        gap: 6px 14px;
        align-items: start;
      }
      .group > .name {
        margin-top: 8px;
        color: var(--iop-quiet);
        font-size: 13px;
      }
      .kind {
        margin: 0 4px 0 0;
        color: var(--iop-quiet);
        font-size: 12px;
      }
      .kinds {
        display: grid;
        gap: 8px;
      }
      @media (max-width: 700px) {
        .group {
          grid-template-columns: minmax(0, 1fr);
          gap: 2px;
        }
      }
    `,
  ];

  @property() locale: Locale = "en";
  @property({ attribute: false }) plan: Plan = PRESETS.quick;

  #set(change: Partial<Plan>): void {
    fire(this, "iop-set", { plan: { ...this.plan, ...change } });
  }

  override render(): TemplateResult {
    const words = new Words(this.locale);
    const { t } = words;
    const { plan } = this;
    const preset = presetOf(plan);
    return html`<div class="line presets">
        <div class="chips" role="group" aria-label=${t("plan")}>
          ${(Object.keys(PRESETS) as Preset[]).map(
            (name) =>
              html`<button
                aria-pressed=${preset === name}
                @click=${() => this.#set({ ...PRESETS[name], seed: plan.seed })}
              >
                ${t(`preset_${name}`)}
              </button>`,
          )}
        </div>
        <span class="hint">${this.#summary(words)}</span>
      </div>
      <details>
        <summary>${t("plan_own")}</summary>
        <div class="own">
          ${this.#group(t("cases"), this.#cases(words))}
          ${this.#group(t("sizes"), this.#chips("sizes", SIZES, formatCount))}
          ${this.#group(t("messages"), this.#chips("messages", MESSAGES, formatSize))}
          ${this.#group(
            t("orders"),
            this.#chips("orders", ORDERS, (order) => words.order(order)),
          )}
          ${this.#group(t("contenders"), this.#contenders(words))}
          <div class="line">
            ${this.#number("samples", t("samples"), LIMITS.samples)}
            ${this.#number("seconds", t("seconds"), LIMITS.seconds)}
            ${this.#number("seed", t("seed"), { least: 0, most: 0xffff_ffff })}
          </div>
        </div>
      </details>`;
  }

  /** What there is to race, in a sentence. */
  #summary(words: Words): string {
    const { t, locale } = words;
    const { cases, samples, contenders } = this.plan;
    const list = new Intl.ListFormat(locale, { type: "conjunction" });
    const named =
      cases.length > 5 ? t("cases_count", { count: cases.length }) : list.format(cases.map((name) => words.case(name)));
    const who = contenders === null ? t("contenders_all") : t("contenders_count", { count: contenders.length });
    return t("plan_summary", { cases: named, heats: heatsOf(this.plan).length, who, samples });
  }

  #group(title: string, chips: TemplateResult): TemplateResult {
    return html`<div class="group" role="group" aria-label=${title}>
      <span class="name" aria-hidden="true">${title}</span>
      ${chips}
    </div>`;
  }

  #cases(words: Words): TemplateResult {
    return html`<div class="kinds">
      ${(Object.keys(FAMILIES) as Family[]).map(
        (family) =>
          html`<div class="chips">
            ${FAMILIES[family].map((name) => this.#chip("cases", name, words.case(name), words.about(name)))}
          </div>`,
      )}
    </div>`;
  }

  #chips<N extends "sizes" | "messages" | "orders">(
    name: N,
    values: readonly Plan[N][number][],
    format: (value: Plan[N][number]) => string,
  ): TemplateResult {
    return html`<div class="chips">${values.map((value) => this.#chip(name, value, format(value)))}</div>`;
  }

  /** A value that is chosen, or not; one of each list stays chosen. */
  #chip<N extends "cases" | "sizes" | "messages" | "orders">(
    name: N,
    value: Plan[N][number],
    text: string,
    title = "",
  ): TemplateResult {
    const chosen = this.plan[name] as readonly (typeof value)[];
    const isChosen = chosen.includes(value);
    const next = isChosen ? chosen.filter((one) => one !== value) : [...chosen, value];
    return html`<button
      aria-pressed=${isChosen}
      title=${title}
      ?disabled=${!this.#matters(name)}
      @click=${() => next.length > 0 && this.#set({ [name]: next })}
    >
      ${text}
    </button>`;
  }

  /** Whether a list makes a difference to the chosen cases. */
  #matters(name: "cases" | "sizes" | "messages" | "orders"): boolean {
    const { cases } = this.plan;
    if (name === "orders") return cases.some(hasOrder);
    if (name === "messages") return cases.some((one) => familyOf(one) === "rings");
    return name === "cases" || cases.some((one) => /maps|lists/.test(familyOf(one)));
  }

  #contenders(words: Words): TemplateResult {
    const able = CONTENDERS.filter(
      ({ cases, kind }) => kind !== "native" && cases.some((one) => this.plan.cases.includes(one)),
    );
    return html`<div class="kinds">
      <div class="chips">
        <button aria-pressed=${this.plan.contenders === null} @click=${() => this.#set({ contenders: null })}>
          ${words.t("contenders_all_button")}
        </button>
      </div>
      ${KINDS.map((kind) => {
        const own = able.filter((one) => one.kind === kind);
        return own.length === 0
          ? ""
          : html`<div class="chips">
              <span class="kind">${words.t(`kind_${kind}`)}</span>
              ${own.map((one) => this.#contender(one, able))}
            </div>`;
      })}
    </div>`;
  }

  #contender({ id, title, about }: Contender, able: readonly Contender[]): TemplateResult {
    const chosen = this.plan.contenders ?? able.map((one) => one.id);
    const isChosen = chosen.includes(id);
    const next = isChosen ? chosen.filter((one) => one !== id) : [...chosen, id];
    return html`<button
      aria-pressed=${isChosen}
      title=${about[this.locale]}
      @click=${() => next.length > 0 && this.#set({ contenders: next })}
    >
      ${title}
    </button>`;
  }

  #number(
    name: "samples" | "seconds" | "seed",
    label: string,
    limits: { readonly least: number; readonly most: number },
  ): TemplateResult {
    const value = this.plan[name];
    return html`<label class="field"
      >${label}
      <input
        type="number"
        name=${name}
        min=${limits.least}
        max=${limits.most}
        .value=${String(value)}
        @change=${({ target }: Event) => {
          const input = target as HTMLInputElement;
          const number = wholeIn(input.value, limits.least, limits.most, value);
          input.value = String(number);
          this.#set({ [name]: number });
        }}
      />
    </label>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-race-plan": IopRacePlan;
  }
}
