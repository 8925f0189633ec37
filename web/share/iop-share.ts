import { LitElement, type PropertyValues, type TemplateResult, html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { fire } from "../app/events.ts";
import { shared } from "../app/styles.ts";
import { type Locale, type MessageKey, type Translate, translator } from "../i18n/catalogue.ts";
import { formatCount } from "../model/format.ts";
import { DOWNLOADS, type Download, type OnStage, fileName, save } from "./downloads.ts";
import { type Embedded, embedCode } from "./embed-code.ts";
import { writeLink } from "./link.ts";
import type { Share } from "./share.ts";
import { shareStyles } from "./share-styles.ts";

/** What the dialog has to say: news, or an error. */
interface Said {
  readonly text: string;
  readonly isError: boolean;
}

const NOTHING: Said = { text: "", isError: false };

/**
 * A dialog to take away what is on the stage: as a link, as code for another page, as a file.
 *
 * @fires iop-close  it was closed
 */
@customElement("iop-share")
export class IopShare extends LitElement {
  static override styles = [shared, shareStyles];

  @property() locale: Locale = "en";
  /** What a link is to say; null: it is a file of somebody's own, which no link can hold. */
  @property({ attribute: false }) share: Share | null = null;
  /** What another page is to show; null: it is a recording, or what no link can hold. */
  @property({ attribute: false }) embedded: Embedded | null = null;
  /** What files are made of; null: there are none. */
  @property({ attribute: false }) stage: OnStage | null = null;
  @state() private link = "";
  @state() private said = NOTHING;
  /** What is being made. */
  @state() private making: Download["id"] | null = null;
  @query("dialog") private readonly dialog!: HTMLDialogElement;

  /** Code for another page; empty: a link that it needs is not written yet. */
  #code(embedded: Embedded, link: string): string {
    return embedded.scenario === null && link === "" ? "" : embedCode(embedded, link, this.#base);
  }

  /** Where this playground is, without what it shows. */
  get #base(): string {
    return new URL(".", location.href).href;
  }

  readonly #t: Translate = (key, values) => translator(this.locale)(key, values);

  protected override willUpdate(changes: PropertyValues<this>): void {
    if (changes.has("share")) void this.#write();
  }

  async #write(): Promise<void> {
    const { share } = this;
    this.link = "";
    if (!share) return;
    const fragment = await writeLink(share);
    if (share === this.share) this.link = `${location.href.replace(/#.*$/s, "")}${fragment}`;
  }

  protected override firstUpdated(): void {
    this.dialog.showModal();
  }

  override render(): TemplateResult {
    const { link, embedded } = this;
    return html`<dialog aria-labelledby="title" @close=${this.#closed}>
      <div class="top">
        <h2 id="title">${this.#t("share_title")}</h2>
        <form method="dialog"><button>${this.#t("close")}</button></form>
      </div>
      <h3 id="link">${this.#t("share_link")}</h3>
      ${this.share ? this.#linkLine(link) : html`<p class="quiet">${this.#t("share_no_link")}</p>`}
      ${embedded ? this.#embedLines(this.#code(embedded, link)) : nothing} ${this.stage ? this.#files() : nothing}
      <p class="said ${this.said.isError ? "error" : ""}" role="status">${this.said.text}</p>
    </dialog>`;
  }

  #files(): TemplateResult {
    return html`<h3 id="files">${this.#t("share_files")}</h3>
      <ul aria-labelledby="files">
        ${DOWNLOADS.map((download) => this.#download(download))}
      </ul>`;
  }

  #linkLine(link: string): TemplateResult {
    return html`<div class="line">
        <input readonly autofocus aria-labelledby="link" .value=${link} @focus=${selectAll} />
        ${this.#copyButton(link, "share_copy_link")}
      </div>
      <p class="quiet">${this.#t("share_length", { count: formatCount(link.length) })}</p>`;
  }

  #embedLines(code: string): TemplateResult {
    return html`<h3 id="embed">${this.#t("share_embed")}</h3>
      <div class="line">
        <textarea readonly rows="4" aria-labelledby="embed" .value=${code} @focus=${selectAll}></textarea>
        ${this.#copyButton(code, "share_copy_code")}
      </div>`;
  }

  #copyButton(text: string, label: MessageKey): TemplateResult {
    return html`<button ?disabled=${text === ""} aria-label=${this.#t(label)} @click=${() => this.#copy(text)}>
      ${this.#t("share_copy")}
    </button>`;
  }

  #download(download: Download): TemplateResult {
    const { id, label, hint } = download;
    return html`<li>
      <button ?disabled=${this.making !== null} data-download=${id} @click=${() => this.#save(download)}>
        <b>${this.#t(label)}</b><span class="quiet">${this.#t(hint)}</span>
      </button>
    </li>`;
  }

  async #copy(text: string): Promise<void> {
    this.said = NOTHING;
    try {
      await navigator.clipboard.writeText(text);
      this.said = { text: this.#t("share_copied"), isError: false };
    } catch {
      // A browser may forbid it: then the text is there to be marked and copied by hand.
      this.said = { text: this.#t("share_not_copied"), isError: true };
    }
  }

  async #save(download: Download): Promise<void> {
    const { stage } = this;
    if (!stage) return;
    this.said = NOTHING;
    this.making = download.id;
    const name = fileName(download, stage);
    try {
      save(await download.make(stage), name);
      this.said = { text: this.#t("share_saved", { name }), isError: false };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.said = { text: this.#t("share_not_saved", { name, reason }), isError: true };
    } finally {
      this.making = null;
    }
  }

  readonly #closed = () => {
    fire(this, "iop-close");
  };
}

function selectAll(event: Event): void {
  (event.currentTarget as HTMLInputElement | HTMLTextAreaElement).select();
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-share": IopShare;
  }
}
