import { LitElement, type PropertyValues, type TemplateResult, css, html } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { fire } from "./events.ts";
import { type Locale, translator } from "../i18n/catalogue.ts";
import { KEYS } from "../model/keys.ts";
import { shared } from "./styles.ts";

/**
 * The keys, in a dialog, and what the signs on the stage mean.
 *
 * @fires iop-close  it was closed
 */
@customElement("iop-help")
export class IopHelp extends LitElement {
  static override styles = [
    shared,
    css`
      dialog {
        max-width: min(680px, calc(100vw - 24px));
        padding: 18px 22px;
        border: 1px solid var(--iop-line);
        border-radius: 12px;
        background: var(--iop-raised);
        color: var(--iop-ink);
      }
      .top {
        display: flex;
        gap: 12px;
        align-items: center;
        justify-content: space-between;
      }
      h2 {
        color: var(--iop-ink);
        font-size: 18px;
        letter-spacing: 0;
        text-transform: none;
      }
      dialog::backdrop {
        background: rgb(0 0 0 / 45%);
      }
      dl {
        display: grid;
        grid-template-columns: fit-content(38%) 1fr;
        gap: 8px 18px;
        margin: 14px 0 18px;
      }
      dd {
        margin: 0;
      }
      @media (max-width: 520px) {
        dl {
          display: block;
        }
        dd {
          margin: 4px 0 12px;
        }
      }
      kbd {
        padding: 2px 7px;
        border: 1px solid var(--iop-line);
        border-radius: 5px;
        font: 12px var(--iop-mono);
        white-space: nowrap;
      }
    `,
  ];

  @property() locale: Locale = "en";
  @property({ type: Boolean }) open = false;
  @query("dialog") private readonly dialog!: HTMLDialogElement | null;

  override render(): TemplateResult {
    const t = translator(this.locale);
    return html`<dialog aria-labelledby="title" @close=${this.#closed}>
      <div class="top">
        <h2 id="title">${t("keys_title")}</h2>
        <form method="dialog"><button>${t("close")}</button></form>
      </div>
      <dl>
        ${KEYS.map(
          ({ keys, text }) =>
            html`<dt>${keys.map((key) => html`<kbd>${key}</kbd> `)}</dt>
              <dd>${t(text)}</dd>`,
        )}
      </dl>
    </dialog>`;
  }

  readonly #closed = () => {
    fire(this, "iop-close");
  };

  protected override updated(changes: PropertyValues<this>): void {
    if (!changes.has("open") || !this.dialog) return;
    if (this.open && !this.dialog.open) this.dialog.showModal();
    else if (!this.open && this.dialog.open) this.dialog.close();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-help": IopHelp;
  }
}
