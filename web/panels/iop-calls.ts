import { LitElement, type PropertyValues, type TemplateResult, css, html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { fire } from "../app/events.ts";
import { repeat } from "lit/directives/repeat.js";
import { type Locale, translator } from "../i18n/catalogue.ts";
import type { CallTexts } from "../model/call-texts.ts";
import { formatCount } from "../model/format.ts";
import type { ListedCall } from "../model/run.ts";
import { shared } from "../app/styles.ts";

const ROW = 26;
/** Rows that are kept above and below those in sight. */
const MARGIN = 10;
/** How long finding out more about calls may take at a time, and how long it pauses then. Unit: ms. */
const BUDGET = 6;
const PAUSE = 40;

/**
 * The system calls of a run, as strace would list them. Only those in sight are in the page: a run may have many.
 *
 * @fires iop-seek  a call was chosen: its tick
 */
@customElement("iop-calls")
export class IopCalls extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-height: 0;
      }
      .list {
        position: relative;
        flex: 1;
        min-height: 120px;
        margin-top: 8px;
        overflow: auto;
        overscroll-behavior: contain;
      }
      .item {
        position: absolute;
        left: 0;
        right: 0;
        height: 26px;
      }
      button {
        display: flex;
        gap: 8px;
        width: 100%;
        height: 100%;
        min-height: 0;
        padding: 0 8px 0 5px;
        border: 0;
        border-left: 3px solid transparent;
        border-radius: 3px;
        background: none;
        align-items: center;
        font: 12px var(--iop-mono);
        white-space: nowrap;
        text-align: left;
      }
      button:focus-visible {
        outline-offset: -3px;
      }
      button:hover {
        background: color-mix(in srgb, var(--iop-ink) 8%, transparent);
      }
      .current button {
        background: var(--iop-changed-fill);
        border-left-color: var(--iop-changed);
      }
      .later {
        color: var(--iop-quiet);
      }
      .pid {
        color: var(--iop-task);
      }
      .text {
        flex: 0 1 auto;
        min-width: 0;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      .result {
        flex: none;
        font-weight: 650;
      }
      .failed {
        color: var(--iop-bad);
      }
    `,
  ];

  @property() locale: Locale = "en";
  @property({ attribute: false }) calls: readonly ListedCall[] = [];
  /** The calls with what their pointers led to; null: their texts tell it already. */
  @property({ attribute: false }) texts: CallTexts | null = null;
  /** Place of the call that is current; -1: none. */
  @property({ type: Number }) current = -1;
  @state() private top = 0;
  @state() private height = 400;
  #timer: ReturnType<typeof setTimeout> | undefined;
  @query(".list") private readonly list!: HTMLElement | null;
  readonly #observer = new ResizeObserver(([entry]) => {
    const height = Math.round(entry?.contentRect.height ?? 400);
    requestAnimationFrame(() => {
      this.height = height;
      this.#reveal();
    });
  });

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#observer.disconnect();
    clearTimeout(this.#timer);
  }

  override render(): TemplateResult {
    const translate = translator(this.locale);
    const [first, last] = this.#range;
    const several = new Set(this.calls.map(({ pid }) => pid)).size > 1;
    const shown = this.calls.slice(first, last).map((call, i) => ({ call, at: first + i }));
    return html`<h2>${translate("calls")} <span class="count">${formatCount(this.calls.length)}</span></h2>
      <div class="list" role="list" aria-label=${translate("calls")} @scroll=${this.#scrolled}>
        <div style="height:${this.calls.length * ROW}px; width:1px"></div>
        ${repeat(
          shown,
          ({ at }) => at,
          ({ call, at }) => this.#item(call, at, several),
        )}
      </div>`;
  }

  #item(call: ListedCall, at: number, several: boolean): TemplateResult {
    const { pid, comm, result, failed, enter, exit } = call;
    const text = this.texts?.get(at) ?? call.text;
    const isCurrent = at === this.current;
    const classes = `item ${isCurrent ? "current" : at > this.current ? "later" : ""}`;
    return html`<div
      class=${classes}
      role="listitem"
      aria-setsize=${this.calls.length}
      aria-posinset=${at + 1}
      style="top:${at * ROW}px"
    >
      <button title=${text} aria-current=${isCurrent ? "step" : nothing} @click=${() => this.#choose(exit ?? enter)}>
        ${several ? html`<span class="pid" title=${comm}>${pid}</span>` : nothing}
        <span class="text">${text}</span>
        <span class="result ${failed ? "failed" : ""}">${result === null ? "…" : `= ${result}`}</span>
      </button>
    </div>`;
  }

  /** The first place that is drawn, and the one behind the last. */
  get #range(): [number, number] {
    const first = Math.max(0, Math.floor(this.top / ROW) - MARGIN);
    const last = Math.min(this.calls.length, Math.ceil((this.top + this.height) / ROW) + MARGIN);
    return [first, last];
  }

  /** Finds out more about the calls in sight when nothing else is to be done, a little at a time. */
  #workLater(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const [first, last] = this.#range;
      const places = Array.from({ length: last - first }, (_, i) => first + i);
      if (this.texts?.work(places, BUDGET)) this.requestUpdate();
    }, PAUSE);
  }

  readonly #scrolled = (event: Event) => {
    this.top = (event.currentTarget as HTMLElement).scrollTop;
  };

  #choose(tick: number): void {
    fire(this, "iop-seek", { tick });
  }

  protected override firstUpdated(): void {
    if (this.list) this.#observer.observe(this.list);
  }

  protected override updated(changes: PropertyValues<this>): void {
    if (changes.has("current") || changes.has("calls")) this.#reveal();
    this.#workLater();
  }

  /** Scrolls so that the current call is in sight, with some before and after it; to the top if there is none yet. */
  #reveal(): void {
    const { list, current } = this;
    if (!list) return;
    const [top, bottom] = [current * ROW, (current + 1) * ROW];
    if (current < 0) list.scrollTop = 0;
    else if (top < list.scrollTop + ROW) list.scrollTop = Math.max(0, top - 2 * ROW);
    else if (bottom > list.scrollTop + list.clientHeight - ROW) list.scrollTop = bottom - list.clientHeight + 3 * ROW;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-calls": IopCalls;
  }
}
