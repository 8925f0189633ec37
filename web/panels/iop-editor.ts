import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { javascript } from "@codemirror/lang-javascript";
import { HighlightStyle, bracketMatching, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { EditorState, StateEffect, StateField } from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  EditorView,
  drawSelection,
  highlightActiveLine,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { LitElement, type PropertyValues, type TemplateResult, css, html } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { fire } from "../app/events.ts";

/** The line where something went wrong, from 1; 0: none. */
const wrongLine = StateEffect.define<number>();

const wrong = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, { changes, effects, state }) {
    const effect = effects.find((one) => one.is(wrongLine));
    if (!effect) return marks.map(changes);
    const line = effect.value as number;
    if (line < 1 || line > state.doc.lines) return Decoration.none;
    return Decoration.set(Decoration.line({ class: "wrong" }).range(state.doc.line(line).from));
  },
  provide: (field) => EditorView.decorations.from(field),
});

const colours = HighlightStyle.define([
  { tag: tags.comment, color: "var(--iop-quiet)", fontStyle: "italic" },
  { tag: [tags.string, tags.special(tags.string), tags.regexp], color: "var(--iop-socket)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--iop-page)" },
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: "var(--iop-eventpoll)" },
]);

const look = EditorView.theme({
  "&": {
    height: "100%",
    font: "12px/1.55 var(--iop-mono)",
    color: "var(--iop-ink)",
    backgroundColor: "var(--iop-raised)",
  },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "inherit", lineHeight: "inherit" },
  ".cm-content": { caretColor: "var(--iop-ink)" },
  ".cm-gutters": { color: "var(--iop-quiet)", backgroundColor: "transparent", border: "0" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "color-mix(in srgb, var(--iop-ink) 6%, transparent)" },
  ".cm-cursor": { borderLeftColor: "var(--iop-ink)" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": { background: "var(--iop-changed-fill)" },
  ".wrong": {
    backgroundColor: "color-mix(in srgb, var(--iop-bad) 14%, transparent)",
    boxShadow: "inset 3px 0 var(--iop-bad)",
  },
});

/**
 * An editor for a program. It is loaded when somebody edits for the first time.
 *
 * @fires iop-draft  the text has changed
 * @fires iop-try    the text is to be run
 * @fires iop-leave  the editor is to be left
 */
@customElement("iop-editor")
export class IopEditor extends LitElement {
  static override styles = css`
    :host {
      display: block;
      min-width: 0;
      overflow: hidden;
      border: 1px solid var(--iop-line);
      border-radius: 7px;
    }
    .place {
      height: 100%;
    }
    :host(:focus-within) {
      outline: 2.5px solid var(--iop-focus);
      outline-offset: -2.5px;
    }
  `;

  /** Its name for those who do not see it. */
  @property() label = "";
  /** What it begins with, and is set to when that changes. */
  @property() text = "";
  /** The line where something went wrong; 0: none. */
  @property({ type: Number }) wrong = 0;
  @query(".place") private readonly place!: HTMLElement;
  #view: EditorView | null = null;

  override render(): TemplateResult {
    return html`<div class="place"></div>`;
  }

  /** Its text as it stands. */
  get value(): string {
    return this.#view?.state.doc.toString() ?? this.text;
  }

  override focus(): void {
    this.#view?.focus();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#view?.destroy();
    this.#view = null;
  }

  protected override updated(changes: PropertyValues<this>): void {
    this.#view ??= this.#make();
    if (changes.has("text") && this.text !== this.value) {
      this.#view.dispatch({ changes: { from: 0, to: this.#view.state.doc.length, insert: this.text } });
    }
    if (changes.has("wrong")) this.#view.dispatch({ effects: wrongLine.of(this.wrong) });
  }

  #make(): EditorView {
    const command = (name: string) => () => {
      fire(this, name, { text: this.value });
      return true;
    };
    const keys = [
      { key: "Mod-Enter", run: command("iop-try") },
      { key: "Escape", run: command("iop-leave") },
      ...defaultKeymap,
      ...historyKeymap,
    ];
    return new EditorView({
      root: this.renderRoot as ShadowRoot,
      parent: this.place,
      state: EditorState.create({
        doc: this.text,
        extensions: [
          lineNumbers(),
          history(),
          drawSelection(),
          indentOnInput(),
          bracketMatching(),
          highlightActiveLine(),
          javascript(),
          syntaxHighlighting(colours),
          wrong,
          look,
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ "aria-label": this.label, spellcheck: "false" }),
          EditorView.updateListener.of(({ docChanged }) => {
            if (docChanged) fire(this, "iop-draft", { text: this.value });
          }),
          keymap.of(keys),
        ],
      }),
    });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-editor": IopEditor;
  }
}
