import { LitElement, type TemplateResult, css, html } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { fire } from "../../app/events.ts";
import { fieldStyles } from "../../app/field-styles.ts";
import { shared } from "../../app/styles.ts";
import type { Locale } from "../../i18n/catalogue.ts";
import { formatCount } from "../../model/format.ts";
import { ALLOCATOR, MISTAKES, OWNING, PAIRS, type PairId } from "./programs.ts";
import { DEFAULTS, LEAST_BYTES, MOST_BYTES, type OwnershipSettings, wholeBetween } from "./settings.ts";
import { type T, programName, texts } from "./words.ts";

/** What can be chosen, in groups. */
const GROUPS = [
  { label: "group_pairs", ids: Object.keys(PAIRS) as PairId[] },
  { label: "group_owning", ids: OWNING },
  { label: "group_mistakes", ids: MISTAKES },
  { label: "group_allocator", ids: ALLOCATOR },
] as const;

/** So much of what somebody has typed is said again. */
const MOST_QUOTED = 20;

/**
 * What can be chosen in the lab. What stands inside is shown behind it.
 *
 * @fires iop-set  something was chosen
 */
@customElement("iop-ownership-settings")
class IopOwnershipSettings extends LitElement {
  static override styles = [
    shared,
    fieldStyles,
    css`
      .controls {
        display: flex;
        flex-wrap: wrap;
        gap: 8px 16px;
        align-items: end;
      }
      label {
        grid-template-columns: minmax(0, 1fr);
        min-width: 0;
        max-width: 100%;
      }
      label input {
        width: 13ch;
      }
      label.field input[aria-invalid="true"] {
        border: 2px solid var(--iop-bad);
      }
      .wrong {
        flex-basis: 100%;
        margin: 0;
        color: var(--iop-bad);
        font-weight: 650;
      }
    `,
  ];

  @property() locale: Locale = "en";
  @property({ attribute: false }) settings: OwnershipSettings = DEFAULTS;
  /** What somebody has typed that is no size; null: nothing. */
  @state() private wrong: string | null = null;

  override render(): TemplateResult {
    const t = texts(this.locale);
    const { show, bytes, atomic } = this.settings;
    return html`<div class="controls" role="group" aria-label=${t("settings")}>
      <label class="field"
        >${t("program")}
        <select name="program" @change=${this.#chosen}>
          ${GROUPS.map(
            ({ label, ids }) =>
              html`<optgroup label=${t(label)}>
                ${ids.map((id) => html`<option value=${id} ?selected=${id === show}>${programName(t, id)}</option>`)}
              </optgroup>`,
          )}
        </select>
      </label>
      <label class="field"
        >${t("bytes")}
        <input
          name="bytes"
          inputmode="numeric"
          autocomplete="off"
          .value=${this.wrong ?? String(bytes)}
          aria-invalid=${this.wrong === null ? "false" : "true"}
          aria-describedby="wrong"
          @change=${this.#sized}
        />
      </label>
      <label class="field"
        >${t("counts")}
        <select name="counts" @change=${this.#counted}>
          <option ?selected=${!atomic}>${t("counts_plain")}</option>
          <option ?selected=${atomic}>${t("counts_atomic")}</option>
        </select>
      </label>
      <slot></slot>
      <p class="wrong" id="wrong" role="alert" ?hidden=${this.wrong === null}>${this.#wrongText(t)}</p>
    </div>`;
  }

  #wrongText(t: T): string {
    if (this.wrong === null) return "";
    const text = this.wrong.length > MOST_QUOTED ? `${this.wrong.slice(0, MOST_QUOTED)}…` : this.wrong;
    return t("bytes_wrong", { text: `“${text}”`, least: LEAST_BYTES, most: formatCount(MOST_BYTES) });
  }

  /** Another program or machine: it begins at the beginning. */
  #set(change: Partial<OwnershipSettings>): void {
    fire(this, "iop-set", { ...change, at: 0 });
  }

  readonly #chosen = ({ target }: Event) => {
    this.#set({ show: (target as HTMLSelectElement).value as OwnershipSettings["show"] });
  };

  readonly #counted = ({ target }: Event) => {
    this.#set({ atomic: (target as HTMLSelectElement).selectedIndex === 1 });
  };

  readonly #sized = ({ target }: Event) => {
    const { value } = target as HTMLInputElement;
    const bytes = wholeBetween(value, LEAST_BYTES, MOST_BYTES);
    this.wrong = bytes === undefined ? value : null;
    if (bytes !== undefined) this.#set({ bytes });
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-ownership-settings": IopOwnershipSettings;
  }
}
