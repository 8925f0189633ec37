import { LitElement, type TemplateResult, css, html } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { fire } from "../app/events.ts";
import { ACCEPTED, tellChosen } from "../app/chosen-files.ts";
import { shared } from "../app/styles.ts";
import { type Locale, translator } from "../i18n/catalogue.ts";
import type { Route } from "../model/route.ts";
import type { Scenario } from "../scenarios/scenario.ts";

/**
 * What runs: its name, among all that can be chosen, and what it shows.
 *
 * @fires iop-go     a scenario was chosen: the address of its page
 * @fires iop-files  files were chosen
 * @fires iop-what-if  somebody asks what could go differently
 */
@customElement("iop-run-bar")
export class IopRunBar extends LitElement {
  static override styles = [
    shared,
    css`
      section {
        display: flex;
        flex-wrap: wrap;
        gap: 6px 10px;
        align-items: center;
        padding: 6px 14px;
        border-bottom: 1px solid var(--iop-rule);
      }
      .summary {
        flex: 1 1 20ch;
        min-width: 0;
        font-size: 13px;
        line-height: 1.3;
        text-wrap: balance;
      }
      select {
        max-width: 100%;
        overflow: hidden;
        text-overflow: ellipsis;
        font-weight: 600;
      }
      label.pick {
        min-width: 0;
        max-width: min(56ch, 44vw);
      }
      .file:focus-within {
        outline: 2.5px solid var(--iop-focus);
        outline-offset: 2px;
      }
      .short {
        display: none;
      }
      @media (max-width: 999px) {
        label.pick {
          flex: 1 1 0;
          max-width: none;
        }
        select {
          width: 100%;
        }
        .summary {
          flex-basis: 100%;
          order: 9;
        }
      }
      @media (max-width: 640px) {
        section {
          padding: 6px 10px;
        }
        .summary {
          display: none;
        }
        /* On a phone the list has a row of its own: beside three buttons nobody could read what is chosen. */
        label.pick {
          flex-basis: 100%;
        }
        .what-if,
        .file,
        ::slotted(button) {
          flex: 1;
          justify-content: center;
          min-height: 34px;
        }
        .short {
          display: inline;
        }
        .long {
          position: absolute;
          width: 1px;
          height: 1px;
          overflow: hidden;
          clip-path: inset(50%);
        }
      }
    `,
  ];

  @property() locale: Locale = "en";
  @property({ attribute: false }) scenarios: readonly Scenario[] = [];
  /** Id of the scenario on the stage; empty: a recording that was dropped. */
  @property() current = "";
  /** Name of that recording. */
  @property() recording = "";

  @query("select") private readonly choice!: HTMLSelectElement | null;

  override render(): TemplateResult {
    const t = translator(this.locale);
    const { scenarios, current, locale } = this;
    const summary = scenarios.find(({ id }) => id === current)?.summary[locale] ?? "";
    const option = ({ id, title }: Scenario) => html`<option value=${id}>${title[locale]}</option>`;
    return html`<section aria-label=${t("scenario")}>
      <label class="pick"
        ><span class="hidden-text">${t("scenario")}</span>
        <select @change=${this.#picked}>
          ${current === "" ? html`<option value="">${this.recording || t("scenario")}</option>` : ""}
          ${scenarios.filter(({ question }) => !question).map(option)}
          <optgroup label=${t("questions")}>${scenarios.filter(({ question }) => question).map(option)}</optgroup>
        </select></label
      >
      <span class="summary quiet">${summary}</span>
      <slot></slot>
      <button class="what-if" aria-keyshortcuts="w" @click=${() => fire(this, "iop-what-if")}>${t("what_if")}</button>
      <label class="button file" title=${t("open_trace_hint")}
        ><span class="long">${t("open_trace")}</span
        ><span class="short" aria-hidden="true">${t("open_trace_short")}</span>
        <input class="hidden-text" type="file" accept=${ACCEPTED} @change=${tellChosen}
      /></label>
    </section>`;
  }

  protected override updated(): void {
    // Only once the options are there can one of them be chosen.
    if (this.choice) this.choice.value = this.current;
  }

  readonly #picked = (event: Event) => {
    const { value } = event.currentTarget as HTMLSelectElement;
    const route: Route = { page: "run", scenario: value, tick: null };
    if (value !== "") fire(this, "iop-go", { route });
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-run-bar": IopRunBar;
  }
}
