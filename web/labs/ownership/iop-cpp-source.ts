import { LitElement, type PropertyValues, type TemplateResult, css, html } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { shared } from "../../app/styles.ts";
import type { Locale } from "../../i18n/catalogue.ts";
import { save } from "../../share/downloads.ts";
import type { Ran } from "./ran.ts";
import { type CppPiece, type SourceRange, cppPieces, rangesOf } from "./source.ts";
import { texts } from "./words.ts";

/** The C++ that a program stands for, with the line that runs. What every program has alike is folded until it is asked for. */
@customElement("iop-cpp-source")
export class IopCppSource extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        overflow: hidden;
        border: 1px solid var(--iop-rule);
        border-radius: 10px;
        background: var(--iop-raised);
      }
      .head {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 8px;
        align-items: center;
        padding: 6px 10px;
        border-bottom: 1px solid var(--iop-rule);
      }
      .head h2 {
        margin-inline-end: auto;
      }
      .head button {
        min-height: 28px;
        padding: 2px 10px;
        font-size: 13px;
      }
      .code {
        padding: 6px 0;
        font: 12px/1.6 var(--iop-mono);
      }
      .line {
        display: flex;
        padding-inline-end: 12px;
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
      .number {
        flex: none;
        width: 3.6em;
        padding-inline-end: 1em;
        border-inline-start: 4px solid transparent;
        color: var(--iop-quiet);
        text-align: end;
        user-select: none;
      }
      .now {
        background: var(--iop-changed-fill);
      }
      .now .number {
        border-inline-start-color: var(--iop-changed);
        color: var(--iop-ink);
        font-weight: 700;
      }
      .fold {
        width: 100%;
        min-height: 26px;
        padding: 0 12px 0 3.6em;
        border: 0;
        border-radius: 0;
        background: none;
        color: var(--iop-quiet);
        font: 12px/1.6 var(--iop-font);
        text-align: start;
      }
      .fold:focus-visible {
        outline-offset: -2px;
      }
      .comment {
        color: var(--iop-quiet);
        font-style: italic;
      }
      .string {
        color: var(--iop-socket);
      }
      .literal {
        color: var(--iop-page);
      }
      .keyword {
        color: var(--iop-eventpoll);
      }
      .type {
        color: var(--iop-task);
      }
      @media (max-width: 560px) {
        .code {
          font-size: 11px;
        }
        .number {
          width: 2.9em;
          padding-inline-end: 0.7em;
        }
      }
    `,
  ];

  @property() locale: Locale = "en";
  @property({ attribute: false }) ran: Ran | null = null;
  /** What it is called, for its file. */
  @property() name = "";
  /** The line that runs or has just run; 0: none. */
  @property({ type: Number }) line = 0;
  /** Whether the line has only begun. */
  @property({ type: Boolean }) within = false;
  /** Whether main() alone is shown at first. */
  @property({ type: Boolean }) brief = false;
  @state() private unfolded = false;
  @state() private said: "" | "copied" | "not_copied" = "";
  #ranges: readonly SourceRange[] = [];

  protected override willUpdate(changes: PropertyValues): void {
    if (!(changes.has("ran") || changes.has("brief")) || !this.ran) return;
    const { lines, program } = this.ran;
    this.#ranges = rangesOf(lines, this.brief ? [] : program.structs.map(({ name }) => name));
  }

  get #text(): string {
    return `${this.ran?.lines.map(({ text }) => text).join("\n") ?? ""}\n`;
  }

  async #copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.#text);
      this.said = "copied";
    } catch {
      // A browser may forbid it: the text can be marked and copied by hand, all of it.
      this.said = "not_copied";
      this.unfolded = true;
    }
  }

  override render(): TemplateResult {
    const t = texts(this.locale);
    return html`<div class="head">
        <h2>${t("source")}</h2>
        <span class="quiet" role="status">${this.said === "copied" ? t("copied") : ""}</span>
        <button @click=${() => this.#copy()}>${t("copy_source")}</button>
        <button @click=${() => save(new Blob([this.#text], { type: "text/x-c++src" }), `${this.name}.cpp`)}>
          ${t("save_source")}
        </button>
      </div>
      <div class="code" role="group" aria-label=${t("source")}>
        ${this.#ranges.map((range) => this.#range(range))}
      </div>`;
  }

  #range({ from, to, folded }: SourceRange): TemplateResult | TemplateResult[] {
    if (folded && !this.unfolded) {
      const t = texts(this.locale);
      return html`<button class="fold" aria-expanded="false" @click=${() => (this.unfolded = true)}>
        ⋯ ${t("folded_lines", { count: to - from + 1 })}
      </button>`;
    }
    return Array.from({ length: to - from + 1 }, (_, i) => this.#line(from + i));
  }

  #line(number: number): TemplateResult {
    const isNow = number === this.line;
    const text = this.ran?.lines[number - 1]?.text ?? "";
    const mark = isNow ? (this.within ? "▷" : "▶") : "";
    const said = texts(this.locale)(this.within ? "line_within" : "line_now");
    return html`<div class="line ${isNow ? "now" : ""}" aria-current=${isNow ? "step" : "false"}>
      <span class="number" title=${isNow ? said : ""}>${mark}${number}</span
      ><span>${cppPieces(text).map(pieceView)}</span>
    </div>`;
  }
}

function pieceView({ kind, text }: CppPiece): TemplateResult | string {
  return kind === "plain" ? text : html`<span class=${kind === "number" ? "literal" : kind}>${text}</span>`;
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-cpp-source": IopCppSource;
  }
}
