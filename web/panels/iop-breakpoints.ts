import { LitElement, type TemplateResult, css, html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { fire } from "../app/events.ts";
import { shared } from "../app/styles.ts";
import { type Locale, type Translate, translator } from "../i18n/catalogue.ts";
import { type Breakpoint, EVENT_NAMES, hitsOf, objectText, parseBreakpoint } from "../model/breakpoints.ts";
import { ConditionError } from "../model/condition.ts";
import { formatCount } from "../model/format.ts";
import type { Command } from "../model/keys.ts";
import type { Run } from "../model/run.ts";
import type { Selection } from "../model/selection.ts";

/** Room that the list wants above its button. Unit: px. */
const LIST_WIDTH = 380;

/**
 * Where the machine is to stop: buttons that go from hit to hit, and a list that opens, to add to, switch off and
 * remove from.
 *
 * @fires iop-breakpoints  the list has changed: all of it
 * @fires iop-command      `hit` or `hit_back`: the machine is to go to the next hit, or to the last one
 */
@customElement("iop-breakpoints")
export class IopBreakpoints extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: flex;
        gap: 4px;
        align-items: center;
      }
      button {
        min-height: 26px;
        padding: 1px 9px;
        font-size: 12px;
        white-space: nowrap;
      }
      [popover] {
        position: fixed;
        inset: auto;
        width: min(${LIST_WIDTH}px, calc(100vw - 16px));
        max-height: 60vh;
        margin: 0;
        padding: 12px 14px;
        overflow: auto;
        border: 1px solid var(--iop-line);
        border-radius: 10px;
        background: var(--iop-raised);
        color: var(--iop-ink);
        font-size: 13px;
      }
      form {
        display: flex;
        gap: 6px;
        margin: 8px 0 4px;
      }
      input[type="text"] {
        flex: 1;
        min-width: 0;
        min-height: 30px;
        padding: 3px 8px;
        border: 1px solid var(--iop-line);
        border-radius: 6px;
        background: var(--iop-paper);
        color: inherit;
        font: 12px var(--iop-mono);
      }
      ul {
        margin: 8px 0 0;
        padding: 0;
        list-style: none;
      }
      li {
        display: flex;
        gap: 8px;
        align-items: center;
        padding: 3px 0;
        border-top: 1px solid var(--iop-rule);
      }
      label {
        display: flex;
        flex: 1;
        gap: 7px;
        align-items: center;
        min-width: 0;
      }
      code {
        overflow: hidden;
        font: 12px var(--iop-mono);
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .error {
        margin: 4px 0 0;
        color: var(--iop-bad);
      }
      .help {
        margin: 8px 0 0;
        font-size: 12px;
        color: var(--iop-quiet);
      }
    `,
  ];

  @property() locale: Locale = "en";
  @property({ attribute: false }) run: Run | null = null;
  @property({ attribute: false }) breakpoints: readonly Breakpoint[] = [];
  /** The object that is selected: a breakpoint can be set at it; null: none is. */
  @property({ attribute: false }) selection: Selection | null = null;
  @state() private error = "";
  /** Whether the list was opened: until then, nobody needs the names of all functions. */
  @state() private opened = false;
  @query("[popover]") private readonly list!: HTMLElement | null;
  @query(".open") private readonly opener!: HTMLElement | null;
  @query("input[type=text]") private readonly input!: HTMLInputElement | null;

  #change(breakpoints: readonly Breakpoint[]): void {
    fire(this, "iop-breakpoints", { breakpoints });
  }

  readonly #submitted = (event: Event) => {
    event.preventDefault();
    if (this.input && this.#add(this.input.value)) this.input.value = "";
  };

  /** Adds one, unless it is there already. @returns whether it could be read. */
  #add(text: string): boolean {
    try {
      const breakpoint = parseBreakpoint(text);
      const others = this.breakpoints.filter((other) => other.text !== breakpoint.text);
      this.#change([...others, breakpoint]);
      this.error = "";
      return true;
    } catch (error) {
      if (!(error instanceof ConditionError)) throw error;
      this.error = this.#sentence(error);
      this.input?.setSelectionRange(error.column - 1, error.column - 1 + error.found.length);
      return false;
    }
  }

  #sentence({ column, expected, found }: ConditionError): string {
    const t = translator(this.locale);
    const values = { column, expected: t(`expected_${expected}`), found };
    return t(found === "" ? "condition_error_end" : "condition_error", values);
  }

  /** Puts the list above its button, or below where there is more room. */
  readonly #placed = (event: Event) => {
    if ((event as ToggleEvent).newState !== "open" || !this.list || !this.opener) return;
    this.opened = true;
    const { left, top, bottom } = this.opener.getBoundingClientRect();
    const { style } = this.list;
    style.left = `${Math.max(8, Math.min(left, innerWidth - Math.min(LIST_WIDTH, innerWidth - 16) - 8))}px`;
    const above = top > innerHeight / 2;
    style.top = above ? "auto" : `${bottom + 4}px`;
    style.bottom = above ? `${innerHeight - top + 4}px` : "auto";
    this.input?.focus();
  };

  override render(): TemplateResult {
    const t = translator(this.locale);
    const count = this.breakpoints.filter(({ enabled }) => enabled).length;
    const none = count === 0 || this.run === null;
    const go = (command: Command, text: string, label: string, key: string) =>
      html`<button
        aria-label=${label}
        title=${label}
        aria-keyshortcuts=${key}
        ?disabled=${none}
        @click=${() => fire(this, "iop-command", { command })}
      >
        ${text}
      </button>`;
    return html`<button class="open" popovertarget="list" aria-haspopup="dialog">
        <span aria-hidden="true">●</span> ${t("breakpoints")}${count > 0 ? ` ${count}` : ""}
      </button>
      ${go("hit_back", "⇤", t("hit_back"), "Shift+N")} ${go("hit", "⇥", t("hit"), "N")}
      <div id="list" popover role="dialog" aria-label=${t("breakpoints")} @beforetoggle=${this.#placed}>
        ${this.#listView(t)}
      </div>`;
  }

  #listView(t: Translate): TemplateResult {
    const { selection } = this;
    return html`<h3>${t("breakpoints")}</h3>
      <form @submit=${this.#submitted}>
        <input
          type="text"
          list="events"
          spellcheck="false"
          autocomplete="off"
          autocapitalize="off"
          placeholder="ep_poll_callback"
          aria-label=${t("breakpoint_at")}
          aria-invalid=${this.error !== ""}
          aria-describedby="help ${this.error ? "error" : ""}"
        />
        <datalist id="events">
          ${this.opened ? EVENT_NAMES.map((name) => html`<option value=${name}></option>`) : nothing}
        </datalist>
        <button>${t("breakpoint_add")}</button>
      </form>
      ${this.error ? html`<p class="error" id="error" role="alert">${this.error}</p>` : nothing}
      ${
        selection
          ? html`<button type="button" @click=${() => this.#add(objectText(selection))}>
              ${t("breakpoint_object", { object: objectText(selection) })}
            </button>`
          : nothing
      }
      <ul aria-label=${t("breakpoints")}>
        ${this.breakpoints.map((breakpoint) => this.#item(breakpoint, t))}
      </ul>
      <p class="help" id="help">${t("breakpoint_help")}</p>`;
  }

  #item(breakpoint: Breakpoint, t: Translate): TemplateResult {
    const { text, enabled } = breakpoint;
    const hits = this.run ? hitsOf(this.run, breakpoint).length : 0;
    const others = (change: (one: Breakpoint) => Breakpoint | []) =>
      this.#change(this.breakpoints.flatMap((one) => (one.text === text ? change(one) : one)));
    return html`<li>
      <label
        ><input
          type="checkbox"
          .checked=${enabled}
          @change=${() => others((one) => ({ ...one, enabled: !enabled }))}
        /><code title=${text}>${text}</code></label
      >
      <span class="quiet">${t("breakpoint_hits", { count: formatCount(hits) })}</span>
      <button class="plain" aria-label=${t("breakpoint_remove", { text })} @click=${() => others(() => [])}>✕</button>
    </li>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-breakpoints": IopBreakpoints;
  }
}
