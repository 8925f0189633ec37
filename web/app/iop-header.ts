import { LitElement, type TemplateResult, css, html } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { type Locale, translator } from "../i18n/catalogue.ts";
import type { Scenario } from "../scenarios/scenario.ts";
import { shared } from "./styles.ts";

/**
 * Brand, choice of what runs, language and theme.
 *
 * @fires iop-pick    a scenario was chosen: its id
 * @fires iop-files   files were chosen
 * @fires iop-locale  the other language is wanted
 * @fires iop-theme   the other theme is wanted
 * @fires iop-help    the list of keys is wanted
 */
@customElement("iop-header")
export class IopHeader extends LitElement {
  static override styles = [
    shared,
    css`
      header {
        display: flex;
        flex-wrap: wrap;
        gap: 6px 10px;
        align-items: center;
        padding: 7px 14px;
        border-bottom: 1px solid var(--iop-rule);
      }
      h1 {
        margin: 0;
        font-size: 17px;
        font-weight: 700;
        letter-spacing: -0.01em;
      }
      .summary {
        flex: 1;
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
        max-width: min(48ch, 36vw);
      }
      .file:focus-within {
        outline: 2.5px solid var(--iop-focus);
        outline-offset: 2px;
      }
      .tools {
        display: flex;
        gap: 2px;
        margin-left: auto;
      }
      @media (max-width: 999px) {
        .summary {
          order: 9;
          flex-basis: 100%;
        }
        label.pick {
          order: 7;
          flex: 1 1 0;
          max-width: none;
        }
        .file {
          order: 8;
        }
        .tools {
          flex: 1;
          justify-content: flex-end;
        }
        header::after {
          content: "";
          order: 6;
          flex-basis: 100%;
        }
        select {
          width: 100%;
        }
      }
      .short {
        display: none;
      }
      @media (max-width: 640px) {
        .summary {
          display: none;
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
  @property() theme: "light" | "dark" = "light";

  @query("select") private readonly choice!: HTMLSelectElement | null;

  override render(): TemplateResult {
    const t = translator(this.locale);
    const { scenarios, current, locale, theme } = this;
    const summary = scenarios.find(({ id }) => id === current)?.summary[locale] ?? "";
    const option = ({ id, title }: Scenario) => html`<option value=${id}>${title[locale]}</option>`;
    return html`<header>
      <h1>iopath</h1>
      <label class="pick"
        ><span class="hidden-text">${t("scenario")}</span>
        <select @change=${this.#picked}>
          ${current === "" ? html`<option value="">${this.recording || t("scenario")}</option>` : ""}
          ${scenarios.filter(({ asked }) => !asked).map(option)}
          <optgroup label=${t("questions")}>${scenarios.filter(({ asked }) => asked).map(option)}</optgroup>
        </select></label
      >
      <label class="button file" title=${t("open_trace_hint")}
        ><span class="long">${t("open_trace")}</span
        ><span class="short" aria-hidden="true">${t("open_trace_short")}</span>
        <input class="hidden-text" type="file" accept=".strace,.txt,.log,text/plain" @change=${this.#opened}
      /></label>
      <span class="summary quiet">${summary}</span>
      <div class="tools">
        <button
          class="plain"
          lang=${locale === "en" ? "zh-CN" : "en"}
          aria-label=${t("other_language_label")}
          @click=${() => this.#fire("iop-locale")}
        >
          ${t("other_language")}
        </button>
        <button
          class="plain"
          aria-label=${t(theme === "dark" ? "theme_to_light" : "theme_to_dark")}
          @click=${() => this.#fire("iop-theme")}
        >
          ${t(theme === "dark" ? "theme_light" : "theme_dark")}
        </button>
        <button class="plain" aria-label=${t("help")} aria-keyshortcuts="?" @click=${() => this.#fire("iop-help")}>
          ?
        </button>
      </div>
    </header>`;
  }

  protected override updated(): void {
    // Only once the options are there can one of them be chosen.
    if (this.choice) this.choice.value = this.current;
  }

  readonly #picked = (event: Event) => {
    const { value } = event.currentTarget as HTMLSelectElement;
    if (value !== "") this.#fire("iop-pick", { id: value });
  };

  readonly #opened = (event: Event) => {
    const input = event.currentTarget as HTMLInputElement;
    const files = [...(input.files ?? [])];
    input.value = "";
    if (files.length > 0) this.#fire("iop-files", { files });
  };

  #fire(name: string, detail: unknown = null): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-header": IopHeader;
  }
}
