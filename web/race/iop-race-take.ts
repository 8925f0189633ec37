import { LitElement, type TemplateResult, css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Heat, RaceResult } from "../../lib/race/types.ts";
import { fire } from "../app/events.ts";
import { shared } from "../app/styles.ts";
import type { Locale } from "../i18n/catalogue.ts";
import { formatCount } from "../model/format.ts";
import { formatRoute } from "../model/route.ts";
import { save } from "../share/downloads.ts";
import { embedRace } from "./embed.ts";
import { raceStyles } from "./race-styles.ts";
import { LONGEST, packResult } from "./saved.ts";
import { type RaceSettings, writeSettings } from "./settings.ts";
import { Words } from "./words.ts";

/**
 * What somebody takes away from a result: its samples, a link, HTML; or what is laid beside it.
 *
 * @fires iop-results  files were chosen: `{ files, beside }`, beside what is shown or in its place
 */
@customElement("iop-race-take")
export class IopRaceTake extends LitElement {
  static override styles = [
    shared,
    raceStyles,
    css`
      .button:focus-within {
        outline: 2.5px solid var(--iop-focus);
        outline-offset: 2px;
      }
      textarea {
        width: 100%;
        margin-top: 8px;
        padding: 7px 10px;
        border: 1px solid var(--iop-line);
        border-radius: 7px;
        background: var(--iop-paper);
        color: inherit;
        font: 12.5px/1.4 var(--iop-mono);
      }
      .said {
        min-height: 1.4em;
        margin: 8px 0 0;
      }
    `,
  ];

  @property() locale: Locale = "en";
  /** null: there is none to be taken away. */
  @property({ attribute: false }) result: RaceResult | null = null;
  @property({ attribute: false }) settings: RaceSettings | null = null;
  /** The heat that is looked at, which another page is to show. */
  @property({ attribute: false }) heat: Heat | null = null;
  @state() private said = "";
  /** What could not be copied; empty: nothing. */
  @state() private text = "";

  override render(): TemplateResult {
    const { t } = new Words(this.locale);
    const { result } = this;
    return html`<section aria-label=${t("take")}>
      ${result ? html`<h2>${t("take")}</h2>` : nothing}
      <div class="chips">
        ${
          result
            ? html`<button @click=${() => this.#save(result)}>${t("take_raw")}</button>
                <button @click=${() => this.#copy(this.#address(""))}>${t("take_settings")}</button>
                <button @click=${() => void this.#copyResult(result)}>${t("take_result")}</button>
                <button @click=${() => void this.#copyEmbed(result)}>${t("take_embed")}</button>
                ${this.#input(t("take_compare"), true)}`
            : nothing
        }
        ${this.#input(t("take_open"), false)}
      </div>
      <p class="said hint" role="status">${this.said}</p>
      ${
        this.text === ""
          ? nothing
          : html`<textarea
              readonly
              rows="4"
              aria-label=${t("take_text")}
              .value=${this.text}
              @focus=${(event: Event) => (event.target as HTMLTextAreaElement).select()}
            ></textarea>`
      }
    </section>`;
  }

  #input(label: string, beside: boolean): TemplateResult {
    return html`<label class="button"
      >${label}
      <input
        class="hidden-text"
        type="file"
        accept=".json,application/json"
        ?multiple=${!beside}
        @change=${(event: Event) => this.#chosen(event, beside)}
    /></label>`;
  }

  #chosen(event: Event, beside: boolean): void {
    const input = event.target as HTMLInputElement;
    const files = [...(input.files ?? [])];
    input.value = "";
    if (files.length > 0) fire(this, "iop-results", { files, beside });
  }

  #save(result: RaceResult): void {
    const name = `iopath-race-${result.date.slice(0, 16).replaceAll(":", "")}.json`;
    save(new Blob([JSON.stringify(result)], { type: "application/json" }), name);
  }

  /** The address that leads to the settings, with a result or without. */
  #address(packed: string): string {
    const { plan, look } = this.settings!;
    const query = writeSettings({ plan, look: this.heat ?? look, result: packed });
    return `${location.href.replace(/#.*$/s, "")}${formatRoute({ page: "race", query })}`;
  }

  async #copyResult(result: RaceResult): Promise<void> {
    const packed = await packResult(result);
    if (packed.length <= LONGEST) return this.#copy(this.#address(packed));
    this.#tooLong(packed);
  }

  async #copyEmbed(result: RaceResult): Promise<void> {
    const packed = await packResult(result);
    if (packed.length > LONGEST) return this.#tooLong(packed);
    await this.#copy(embedRace(new Words(this.locale), result, this.heat!, this.#address(packed)));
  }

  #tooLong(packed: string): void {
    const { t } = new Words(this.locale);
    [this.said, this.text] = [t("take_too_long", { count: formatCount(packed.length) }), ""];
  }

  async #copy(text: string): Promise<void> {
    const { t } = new Words(this.locale);
    try {
      await navigator.clipboard.writeText(text);
      [this.said, this.text] = [t("take_copied", { count: formatCount(text.length) }), ""];
    } catch {
      // A browser may forbid it: then the text is there to be marked and copied by hand.
      [this.said, this.text] = [t("take_not_copied"), text];
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-race-take": IopRaceTake;
  }
}
