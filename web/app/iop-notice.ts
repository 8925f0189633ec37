import { LitElement, type TemplateResult, css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { fire } from "./events.ts";
import { type Locale, translator } from "../i18n/catalogue.ts";
import { shared } from "./styles.ts";

/** Something that a person should know. */
export interface Notice {
  readonly kind: "error" | "news";
  readonly text: string;
  /** More about it; empty: there is no more. */
  readonly detail: string;
}

/**
 * An error, or news, above the stage until it is dismissed.
 *
 * @fires iop-dismiss  it has been read
 */
@customElement("iop-notice")
export class IopNotice extends LitElement {
  static override styles = [
    shared,
    css`
      div {
        display: flex;
        gap: 12px;
        align-items: flex-start;
        padding: 9px 14px;
        border-bottom: 1px solid var(--iop-rule);
        border-left: 5px solid var(--iop-good);
        background: var(--iop-raised);
      }
      .error {
        border-left-color: var(--iop-bad);
      }
      p {
        flex: 1;
        margin: 0;
        overflow-wrap: anywhere;
      }
      .detail {
        display: block;
        margin-top: 2px;
        white-space: pre-wrap;
      }
    `,
  ];

  @property() locale: Locale = "en";
  @property({ attribute: false }) notice: Notice | null = null;

  override render(): TemplateResult {
    const { notice } = this;
    const text = notice
      ? html`<div class=${notice.kind}>
          <p>
            <strong>${notice.kind === "error" ? "✗ " : ""}${notice.text}</strong>
            ${notice.detail ? html`<span class="detail quiet">${notice.detail}</span>` : nothing}
          </p>
          <button @click=${this.#dismissed}>${translator(this.locale)("dismiss")}</button>
        </div>`
      : nothing;
    // The region is there before the text: only then is the text announced.
    return html`<section role="alert">${text}</section>`;
  }

  readonly #dismissed = () => {
    fire(this, "iop-dismiss");
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-notice": IopNotice;
  }
}
