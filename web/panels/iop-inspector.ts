import { LitElement, type PropertyValues, type TemplateResult, html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { fire } from "../app/events.ts";
import type { FieldView, ObjectView } from "../../lib/see/object-at.ts";
import type { KernelObject } from "../../lib/see/inspect.ts";
import { type Locale, type Translate, translator } from "../i18n/catalogue.ts";
import { formatAddress, withArrows } from "../model/format.ts";
import type { SearchResult } from "../model/search.ts";
import { inspectorStyles } from "./inspector-styles.ts";
import { shared } from "../app/styles.ts";

/** What the inspector shows of an object: its fields now, and as they were when the step began. */
interface Inspected {
  readonly title: string;
  readonly now: ObjectView;
  /** Null: it was not there. */
  readonly before: ObjectView | null;
}

/**
 * The fields of one object, from memory, with what they mean; pointers are buttons that follow. And a search.
 *
 * @fires iop-select  another object was chosen: its struct and address
 * @fires iop-back    back to the object before
 * @fires iop-search  what was typed into the search
 */
@customElement("iop-inspector")
export class IopInspector extends LitElement {
  static override styles = [shared, inspectorStyles];

  @property() locale: Locale = "en";
  /** The object; null: none is selected. */
  @property({ attribute: false }) inspected: Inspected | null = null;
  /** Whether something is selected that is not there at this tick. */
  @property({ type: Boolean }) gone = false;
  /** Title of the object that was selected before; empty: none. */
  @property() previous = "";
  @property() query = "";
  @property({ attribute: false }) results: SearchResult = { found: [], count: 0 };
  @state() private raw = false;
  @query("input") private readonly input!: HTMLInputElement | null;

  /** Puts the cursor into the search. */
  focusSearch(): void {
    this.input?.focus();
    this.input?.select();
  }

  override render(): TemplateResult {
    const translate = translator(this.locale);
    return html`<h2>${translate("inspector")}</h2>
      <input
        type="search"
        .value=${this.query}
        placeholder=${translate("search_placeholder")}
        autocomplete="off"
        spellcheck="false"
        aria-label=${translate("search")}
        @input=${this.#typed}
        @keydown=${this.#pressed}
      />
      ${this.query.trim() === "" ? nothing : this.#results(translate)}
      ${this.inspected && !this.#isVain ? this.#object(this.inspected, translate) : nothing}
      ${this.inspected || this.#isVain ? nothing : this.#nothing(translate)}`;
  }

  /** Whether something is searched that is not there: then nothing else stands below that answer. */
  get #isVain(): boolean {
    return this.query.trim() !== "" && this.results.count === 0;
  }

  #nothing(translate: Translate): TemplateResult {
    return html`<p class="quiet">${translate(this.gone ? "inspector_gone" : "inspector_none")}</p>
      ${this.#back(translate)}`;
  }

  #back(translate: Translate): TemplateResult | typeof nothing {
    if (this.previous === "") return nothing;
    return html`<button class="back plain" @click=${() => fire(this, "iop-back")}>
      ← ${translate("history_back", { title: this.previous })}
    </button>`;
  }

  #results(translate: Translate): TemplateResult {
    const { found, count } = this.results;
    return html`<p class="quiet" role="status">
        ${count === 0 ? translate("search_none") : translate("search_results", { count })}
      </p>
      <ul class="results">
        ${found.map((object) => this.#result(object))}
      </ul>`;
  }

  #result({ struct, address, title }: KernelObject): TemplateResult {
    return html`<li>
      <button @click=${() => fire(this, "iop-select", { struct, address })}>
        <span>${withArrows(title)}</span> <span class="mono quiet">${struct} ${formatAddress(address)}</span>
      </button>
    </li>`;
  }

  #object({ title, now, before }: Inspected, translate: Translate): TemplateResult {
    const { struct, address, size, doc, kernel, fields } = now;
    const old = new Map(before?.fields.map((field) => [field.name, field.raw]));
    return html`${this.#back(translate)}
      <h3 class="title">${title}</h3>
      <p class="where mono">struct ${struct} · ${translate("size", { size, address: formatAddress(address) })}</p>
      ${doc ? html`<p class="doc">${doc}</p>` : nothing} ${kernel ? html`<p class="doc quiet">${kernel}</p>` : nothing}
      <button class="raw" aria-pressed=${this.raw} @click=${() => (this.raw = !this.raw)}>
        ${translate(this.raw ? "raw_hide" : "raw_show")}
      </button>
      <table>
        <thead class="hidden-text">
          <tr>
            <th scope="col">${translate("field")}</th>
            <th scope="col">${translate("value")}</th>
          </tr>
        </thead>
        <tbody>
          ${fields.map((field) => this.#field(field, before !== null && old.get(field.name) !== field.raw, translate))}
        </tbody>
      </table>`;
  }

  #field(field: FieldView, changed: boolean, translate: Translate): TemplateResult {
    const { name, value, doc, embed, type, offset, raw } = field;
    return html`<tr class=${changed ? "changed" : ""}>
        <th scope="row">
          <code>${name}</code>${changed ? html` <span class="mark">● ${translate("changed")}</span>` : nothing}
        </th>
        <td>${this.#value(field, value, translate)}</td>
      </tr>
      ${
        doc || this.raw
          ? html`<tr class="more ${changed ? "changed" : ""}">
              <td colspan="2">
                ${doc ? html`<span class="quiet">${doc}</span>` : nothing}
                ${this.raw ? html`<span class="bytes mono">+${offset} ${type}${embed ? ` · ${embed}` : ""} · ${raw}</span>` : nothing}
              </td>
            </tr>`
          : nothing
      }`;
  }

  #value({ name, target }: FieldView, value: string, translate: Translate): TemplateResult {
    if (!target) return html`<code>${value}</code>`;
    const label = translate("follow", { name, address: value });
    return html`<button class="pointer mono" aria-label=${label} @click=${() => fire(this, "iop-select", target)}>
      ${value} →
    </button>`;
  }

  readonly #typed = (event: Event) => {
    fire(this, "iop-search", { text: (event.currentTarget as HTMLInputElement).value });
  };

  /** Enter chooses the first match. */
  readonly #pressed = (event: KeyboardEvent) => {
    const first = this.results.found[0];
    if (event.key !== "Enter" || !first || first.address === this.inspected?.now.address) return;
    fire(this, "iop-select", { struct: first.struct, address: first.address });
  };

  protected override updated(changes: PropertyValues<this>): void {
    // Another object begins at its top.
    if (changes.has("inspected") && changes.get("inspected")?.now.address !== this.inspected?.now.address)
      this.scrollTop = 0;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-inspector": IopInspector;
  }
}
