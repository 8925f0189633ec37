import { LitElement, type PropertyValues, type TemplateResult, html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { fire } from "../app/events.ts";
import { type Locale, type Translate, translator } from "../i18n/catalogue.ts";
import { shared } from "../app/styles.ts";
import type { Standing } from "../model/standing.ts";
import type { Outcome } from "../run/workbench.ts";
import "./iop-code.ts";
import type { IopEditor } from "./iop-editor.ts";
import { programStyles } from "./program-styles.ts";

/** What only TypeScript has, and looks like a mistake where it is not understood. */
const TYPES =
  /^import type |\binterface \w+ \{|[\w)\]]\s*:\s*(?:number|string|boolean|void|any|Program|Kernel|Sys)\b|\bas const\b/m;

/**
 * The source text of what runs, and where its tasks stand in it; or an editor, to run another one.
 *
 * @fires iop-edit      the text is to be edited
 * @fires iop-draft     the text in the editor has changed
 * @fires iop-try       the text in the editor is to be run
 * @fires iop-leave     the editor is to be closed
 * @fires iop-original  the text that the scenario came with is to be had again
 * @fires iop-compare   the text is to be shown beside what it was, both running
 * @fires iop-stop      what runs is to be ended
 */
@customElement("iop-program")
export class IopProgram extends LitElement {
  static override styles = [shared, programStyles];

  @property() locale: Locale = "en";
  /** The text; empty: there is none. */
  @property() source = "";
  /** What stands in the editor; null: it is closed. */
  @property({ attribute: false }) draft: string | null = null;
  /** Whether the text is another one than the scenario came with. */
  @property({ type: Boolean }) edited = false;
  /** Whether the text is another one than was here first. */
  @property({ type: Boolean }) changed = false;
  /** Whether a program runs that was edited here. */
  @property({ type: Boolean }) running = false;
  /** What it has come to; null: none was run here. */
  @property({ attribute: false }) outcome: Outcome | null = null;
  /** The lines that make calls in this run. */
  @property({ attribute: false }) calling: ReadonlySet<number> = new Set();
  /** Where tasks stand; the one that the step is about comes first. */
  @property({ attribute: false }) standings: readonly Standing[] = [];
  @state() private loaded = false;
  @query("iop-editor") private readonly editor!: IopEditor | null;
  @query("button.edit") private readonly opener!: HTMLButtonElement | null;

  override render(): TemplateResult {
    const t = translator(this.locale);
    if (this.source === "" && this.draft === null)
      return html`<h2>${t("program")}</h2>
        <p class="quiet">${t("program_none")}</p>`;
    return html`<div class="head">
        <h2>${t("program")}${this.edited ? html` <span class="chip">${t("program_edited")}</span>` : nothing}</h2>
        <div class="buttons">${this.draft === null ? this.#shownButtons(t) : this.#editorButtons(t)}</div>
      </div>
      ${this.#pending(t)}${this.#outcome(t)}${this.draft === null ? this.#code() : this.#editor(t, this.draft)}`;
  }

  #shownButtons(t: Translate): TemplateResult {
    const button = (event: string, text: string) => html`<button @click=${() => fire(this, event)}>${text}</button>`;
    return html`${this.edited ? button("iop-original", t("program_reset")) : nothing}
      <button class="edit" @click=${() => fire(this, "iop-edit")}>${t("program_edit")}</button>
      ${this.changed ? button("iop-compare", t("program_compare")) : nothing}`;
  }

  #editorButtons(t: Translate): TemplateResult {
    if (this.running)
      return html`<span class="quiet" role="status">${t("program_running")}</span>
        <button @click=${() => fire(this, "iop-stop")}>${t("program_stop")}</button>`;
    return html`<button
        class="run"
        title=${t("program_run_hint")}
        aria-keyshortcuts="Control+Enter Meta+Enter"
        @click=${() => fire(this, "iop-try", { text: this.draft })}
      >
        ▶ ${t("program_run")}
      </button>
      <button @click=${() => fire(this, "iop-original")}>${t("program_reset")}</button>
      <button @click=${() => fire(this, "iop-leave")}>${t("program_leave")}</button>`;
  }

  /** That what stands in the editor is not what is on the stage. */
  #pending(t: Translate): TemplateResult | typeof nothing {
    if (this.draft === null || this.draft === this.source || this.running) return nothing;
    return html`<p class="pending" role="status">${t("program_pending")}</p>`;
  }

  #code(): TemplateResult {
    return html`<iop-code
      .locale=${this.locale}
      .source=${this.source}
      .calling=${this.calling}
      .standings=${this.standings}
    ></iop-code>`;
  }

  #editor(t: Translate, draft: string): TemplateResult {
    if (!this.loaded) return html`<p class="quiet" role="status">${t("loading_page")}</p>`;
    return html`<iop-editor
      .label=${t("program_editor")}
      .text=${draft}
      .wrong=${this.outcome?.error?.line ?? 0}
    ></iop-editor>`;
  }

  #outcome(t: Translate): TemplateResult | typeof nothing {
    if (!this.outcome) return nothing;
    const { console: lines, error, cut } = this.outcome;
    const place = error && error.line > 0 ? t("program_line", { line: error.line }) : "";
    const hint = error?.name === "SyntaxError" && TYPES.test(this.draft ?? this.source) ? t("program_types") : "";
    const output = lines.join("\n");
    return html`${
      error
        ? html`<p class="wrong" role="alert">
            ${place ? html`<b>${place}</b> ` : nothing}${[error.name, error.message].filter(Boolean).join(": ")}${hint ? html`<br />${hint}` : nothing}
          </p>`
        : nothing
    }${cut ? html`<p class="wrong" role="alert">${t(`program_cut_${cut}`)}</p>` : nothing}${
      lines.length > 0
        ? html`<details open>
            <summary>${t("program_console")}</summary>
            <pre tabindex="0">${output}</pre>
          </details>`
        : nothing
    }`;
  }

  protected override willUpdate(changes: PropertyValues<this>): void {
    if (!changes.has("draft") || this.draft === null || this.loaded) return;
    void import("./iop-editor.ts").then(() => (this.loaded = true));
  }

  protected override updated(changes: PropertyValues): void {
    const before = changes.get("draft") as string | null | undefined;
    const opened = this.draft !== null && (changes.has("loaded") || (changes.has("draft") && before === null));
    if (opened && this.editor) void this.editor.updateComplete.then(() => this.editor?.focus());
    else if (changes.has("draft") && this.draft === null && typeof before === "string") this.opener?.focus();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-program": IopProgram;
  }
}
