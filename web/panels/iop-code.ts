import { LitElement, type PropertyValues, type TemplateResult, css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { fire } from "../app/events.ts";
import { shared } from "../app/styles.ts";
import { type Locale, translator } from "../i18n/catalogue.ts";
import type { Doing, Standing } from "../model/standing.ts";
import { type Piece, piecesOf } from "./highlight.ts";

/** The shape of each mark: state is never a colour alone. */
const SHAPES: Readonly<Record<Doing, string>> = { acts: "▶", runs: "▷", sleeps: "☾" };

/**
 * A program's text, with the tasks where they stand in it. Lines that make calls are buttons, by their numbers.
 *
 * @fires iop-run-to  a line was chosen: run to the next call that is made there
 */
@customElement("iop-code")
class IopCode extends LitElement {
  static override styles = [
    shared,
    css`
      .code {
        overflow-x: hidden;
        font: 12px/1.55 var(--iop-mono);
        tab-size: 2;
      }
      .line {
        position: relative;
        min-height: 1lh;
        padding-left: calc(3.1em + var(--indent) * 1ch + 2ch);
        text-indent: calc(var(--indent) * -1ch - 2ch);
        border-radius: 3px;
      }
      .text {
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
      .number {
        position: absolute;
        inset: 0 auto 0 0;
        width: 2.6em;
        min-height: 0;
        padding: 0 0.4em 0 0;
        border: 0;
        border-left: 3px solid transparent;
        border-radius: 3px 0 0 3px;
        background: none;
        font: inherit;
        text-align: right;
        text-indent: 0;
        vertical-align: top;
        color: var(--iop-quiet);
      }
      button.number {
        display: flex;
        justify-content: flex-end;
        align-items: flex-start;
        color: var(--iop-ink);
        font-weight: 650;
      }
      .calls {
        cursor: pointer;
      }
      .calls:hover {
        background: color-mix(in srgb, var(--iop-ink) 8%, transparent);
      }
      button.number:focus-visible {
        outline-offset: -2px;
      }
      .stands .number {
        border-left: 3px dotted var(--iop-task);
      }
      .line.acts {
        background: var(--iop-changed-fill);
      }
      .acts .number {
        border-left: 3px solid var(--iop-changed);
      }
      .mark {
        display: inline-block;
        margin-left: 1ch;
        padding: 0 5px;
        border: 1px solid var(--iop-task);
        border-radius: 99px;
        background: var(--iop-raised);
        color: var(--iop-task);
        font: 600 10.5px/1.45 var(--iop-font);
        text-indent: 0;
        white-space: nowrap;
      }
      .mark.acts {
        background: var(--iop-task);
        color: var(--iop-raised);
      }
      .comment {
        color: var(--iop-quiet);
        font-style: italic;
      }
      .string {
        color: var(--iop-socket);
      }
      .number-literal {
        color: var(--iop-page);
      }
      .keyword {
        color: var(--iop-eventpoll);
      }
      .constant {
        color: var(--iop-task);
      }
    `,
  ];

  @property() locale: Locale = "en";
  @property() source = "";
  /** The lines that make calls in this run. */
  @property({ attribute: false }) calling: ReadonlySet<number> = new Set();
  /** Where tasks stand; the one that the step is about comes first. */
  @property({ attribute: false }) standings: readonly Standing[] = [];
  /** The line that has the place in the order of the tab key. */
  @state() private focused = 0;
  #pieces: Piece[][] = [];

  protected override willUpdate(changes: PropertyValues<this>): void {
    if (changes.has("source")) this.#pieces = piecesOf(this.source);
  }

  override render(): TemplateResult {
    const at = Map.groupBy(this.standings, ({ line }) => line);
    const [first] = this.standings;
    const tabbed = this.calling.has(this.focused)
      ? this.focused
      : first && this.calling.has(first.line)
        ? first.line
        : Math.min(...this.calling);
    return html`<div class="code" role="group" aria-label=${translator(this.locale)("program")} @keydown=${this.#moved}>
      ${this.#pieces.map((pieces, i) => this.#line(i + 1, pieces, at.get(i + 1) ?? [], i + 1 === tabbed))}
    </div>`;
  }

  #line(number: number, pieces: readonly Piece[], standings: readonly Standing[], tabbed: boolean): TemplateResult {
    const t = translator(this.locale);
    const calls = this.calling.has(number);
    const [leading = ""] = /^ */.exec(pieces[0]?.text ?? "")!;
    const acts = standings.some(({ doing }) => doing === "acts");
    const kind = `line${calls ? " calls" : ""}${acts ? " acts" : ""}${standings.length > 0 ? " stands" : ""}`;
    const text = pieces
      .map((piece) => piece.text)
      .join("")
      .trim();
    const label = standings.map((one) => t(`stands_${one.doing}`, { name: one.name }));
    const gutter = calls
      ? html`<button
          class="number"
          tabindex=${tabbed ? 0 : -1}
          data-line=${number}
          title=${t("run_to", { line: number })}
          aria-label=${[t("run_to", { line: number }), ...label, text].join(": ")}
        >
          ${number}
        </button>`
      : html`<span class="number" aria-hidden="true">${number}</span>`;
    // Only what can be run to takes a click.
    return html`<div
      class=${kind}
      style="--indent: ${leading.length}"
      @click=${calls ? () => this.#chosen(number) : nothing}
    >
      ${gutter}<span class="text">${pieces.map(pieceView)}</span>${standings.map((one) => this.#mark(one))}
    </div>`;
  }

  #mark({ name, doing }: Standing): TemplateResult {
    const label = translator(this.locale)(`stands_${doing}`, { name });
    return html`<span class="mark ${doing}" title=${label}
      ><span aria-hidden="true">${SHAPES[doing]}</span> ${name}<span class="hidden-text">${label}</span></span
    >`;
  }

  #chosen(line: number): void {
    // Text that is being selected is not a choice.
    const selection = getSelection();
    if (selection && !selection.isCollapsed) return;
    this.focused = line;
    fire(this, "iop-run-to", { line });
  }

  readonly #moved = (event: KeyboardEvent) => {
    const direction = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const from = Number((event.target as HTMLElement).dataset["line"] ?? 0);
    if (direction === 0 || from === 0) return;
    const lines = [...this.calling].sort((a, b) => a - b);
    const to = lines[lines.indexOf(from) + direction];
    event.preventDefault();
    if (to === undefined) return;
    this.focused = to;
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector<HTMLElement>(`button[data-line="${to}"]`)?.focus(),
    );
  };

  protected override updated(changes: PropertyValues<this>): void {
    if (!changes.has("standings")) return;
    const current = this.renderRoot.querySelector(".line.acts") ?? this.renderRoot.querySelector(".line.stands");
    current?.scrollIntoView({ block: "nearest" });
  }
}

function pieceView({ kind, text }: Piece): TemplateResult | string {
  if (kind === "plain") return text;
  return html`<span class=${kind === "number" ? "number-literal" : kind}>${text}</span>`;
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-code": IopCode;
  }
}
