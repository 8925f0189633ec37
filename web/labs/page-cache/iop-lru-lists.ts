import { LitElement, type PropertyValues, type TemplateResult, css, html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { type Lists, type Owner, isMarked, ownerOf } from "../../../lib/cache/pages.ts";
import { shared } from "../../app/styles.ts";
import { WidthObserver } from "../../app/width-observer.ts";
import { type Locale, type Translate, translatorOf } from "../../i18n/catalogue.ts";
import { type TextKey, texts } from "../../i18n/pages/page-cache.ts";
import { formatCount } from "../../model/format.ts";
import { type Grid, type Move, type Places, gridOf, movesOf, placesOf } from "./cells.ts";
import { pageText } from "./log.ts";
import { type Colours, PITCH, cellUnder, coloursOf, heightOf, paintLists, topOf } from "./paint.ts";

/** Rows that the longer list may have, on a wide page and on a narrow one. */
const [ROWS, NARROW_ROWS] = [16, 22] as const;
/** Unit: px. */
const NARROW = 600;
/** How long what moves is on its way. Unit: ms. */
const FLIGHT = 320;

/** The active and the inactive list, page by page in their order: what came last is first. */
@customElement("iop-lru-lists")
export class IopLruLists extends LitElement {
  static override styles = [
    shared,
    css`
      .drawing {
        position: relative;
        margin-top: 34px;
      }
      canvas {
        display: block;
        width: 100%;
        border-radius: 2px;
        touch-action: pan-y;
      }
      .head {
        position: absolute;
        left: 0;
        right: 0;
        display: flex;
        gap: 4px 14px;
        align-items: baseline;
        height: 24px;
        overflow: hidden;
        white-space: nowrap;
      }
      .head b {
        font-size: 13px;
      }
      .head .tail {
        margin-left: auto;
      }
      .quiet {
        font-size: 12px;
      }
      .under {
        min-height: 1.5em;
        margin: 6px 0 0;
        font-size: 13px;
      }
    `,
  ];

  @property() locale: Locale = "en";
  /** The lists at every moment of a run. */
  @property({ attribute: false }) lists: readonly Lists[] = [];
  /** Which moment is shown. */
  @property({ type: Number }) at = 0;
  /** A page that is outlined, by its number without marks; -1: none. */
  @property({ type: Number }) marked = -1;
  @state() private width = 0;
  /** The cell that is looked at; null: none. */
  @state() private under: { readonly list: keyof Lists; readonly cell: number } | null = null;
  @query("canvas") private readonly canvas!: HTMLCanvasElement | null;
  readonly #theme = new MutationObserver(() => this.#repaint());
  readonly #dark = matchMedia("(prefers-color-scheme: dark)");
  #grid: Grid = { fold: 1, columns: 1, active: 1, inactive: 1 };
  #places: Places | null = null;
  #moves: readonly Move[] = [];
  #part = 1;
  #colours: Colours | null = null;
  #frame = 0;

  constructor() {
    super();
    new WidthObserver(this, (width) => (this.width = width));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#theme.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    this.#dark.addEventListener("change", this.#repaint);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#theme.disconnect();
    this.#dark.removeEventListener("change", this.#repaint);
    cancelAnimationFrame(this.#frame);
  }

  readonly #repaint = () => {
    this.#colours = null;
    this.#paint();
  };

  protected override willUpdate(changes: PropertyValues): void {
    const { lists, width, at } = this;
    if (width === 0 || lists.length === 0) return;
    if (changes.has("lists") || changes.has("width")) {
      const columns = Math.max(1, Math.floor((width + 2) / PITCH));
      this.#grid = gridOf(lists, columns, width < NARROW ? NARROW_ROWS : ROWS);
      this.#places = null;
    }
    if (!this.#places || changes.has("at")) this.#show(Math.min(at, lists.length - 1), Number(changes.get("at") ?? at));
  }

  /** Shows a moment; what has changed lists since the one before moves there. */
  #show(at: number, from: number): void {
    const { fold } = this.#grid;
    const before = this.lists[at - 1];
    this.#places = placesOf(this.lists[at]!, fold);
    this.#moves = before ? movesOf(placesOf(before, fold), this.#places) : [];
    this.under = null;
    const isStill = at !== from + 1 || matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.#part = isStill ? 1 : 0;
  }

  protected override updated(): void {
    cancelAnimationFrame(this.#frame);
    if (this.#part < 1) this.#fly(performance.now() - this.#part * FLIGHT);
    else this.#paint();
  }

  #fly(begin: number): void {
    this.#part = Math.min(1, (performance.now() - begin) / FLIGHT);
    this.#paint();
    if (this.#part < 1) this.#frame = requestAnimationFrame(() => this.#fly(begin));
  }

  #paint(): void {
    const { canvas, width } = this;
    const places = this.#places;
    const context = canvas?.getContext("2d");
    if (!canvas || !context || !places) return;
    const height = heightOf(this.#grid) + 4;
    const ratio = devicePixelRatio;
    canvas.width = width * ratio;
    canvas.height = height * ratio;
    canvas.style.height = `${height}px`;
    context.scale(ratio, ratio);
    context.translate(1, 1);
    const marked = this.under ?? places.of.get(this.marked) ?? null;
    const drawing = { grid: this.#grid, places, moves: this.#moves, part: this.#part, outlined: marked };
    paintLists(context, drawing, (this.#colours ??= coloursOf(this)));
  }

  readonly #t: Translate<TextKey> = (key, values) => translatorOf(texts, this.locale)(key, values);

  override render(): TemplateResult | typeof nothing {
    const lists = this.lists[Math.min(this.at, this.lists.length - 1)];
    if (!lists) return nothing;
    const t = this.#t;
    const grid = this.#grid;
    return html`<div class="drawing">
        ${this.#head("active", lists.active, -24)}
        ${this.#head("inactive", lists.inactive, topOf("inactive", grid) - 23)}
        <canvas
          role="img"
          tabindex="0"
          aria-label="${this.#label("active", lists.active)}. ${this.#label("inactive", lists.inactive)}"
          @pointermove=${this.#pointed}
          @pointerdown=${this.#pointed}
          @pointerleave=${() => (this.under = null)}
          @keydown=${this.#pressed}
          @blur=${() => (this.under = null)}
        ></canvas>
      </div>
      <p class="under" role="status">
        ${this.under ? this.#said(this.under) : grid.fold > 1 ? t("list_folded", { count: grid.fold }) : ""}
      </p>`;
  }

  #head(name: keyof Lists, { length }: Uint32Array, top: number): TemplateResult {
    const t = this.#t;
    return html`<div class="head" style="top: ${top}px">
      <b>${t(`list_${name}`)}</b>
      <span class="quiet">${t("list_pages", { count: formatCount(length) })}</span>
      ${this.width < NARROW ? nothing : html`<span class="quiet">← ${t("list_head")}</span>`}
      <span class="quiet tail">${t(`list_tail_${name}`)} ↘</span>
    </div>`;
  }

  #label(name: keyof Lists, list: Uint32Array): string {
    const t = this.#t;
    const counts = new Map<Owner, number>();
    for (const page of list) counts.set(ownerOf(page), (counts.get(ownerOf(page)) ?? 0) + 1);
    const owners = [...counts].map(([owner, count]) => `${t(`owner_${owner}`)}: ${count}`);
    return t("list_label", { list: t(`list_${name}`), owners: owners.join(", ") || t("list_empty") });
  }

  /** What is said of a cell. */
  #said({ list, cell }: { readonly list: keyof Lists; readonly cell: number }): string {
    const found = this.#places?.[list][cell];
    if (!found) return "";
    const t = this.#t;
    const { page, count } = found;
    const name = pageText(page, t);
    const marks = (["reading", "dirty", "writeback"] as const).filter((mark) => isMarked(page, mark));
    return [
      count > 1 ? t("cell_more", { cell: name, count: count - 1 }) : name,
      t(`list_${list}`),
      t(isMarked(page, "referenced") ? "mark_referenced" : "mark_plain"),
      ...marks.map((mark) => t(`mark_${mark}`)),
    ].join(" · ");
  }

  readonly #pointed = ({ offsetX, offsetY }: PointerEvent) => {
    this.under = this.#places ? cellUnder(offsetX - 1, offsetY - 1, this.#places, this.#grid) : null;
  };

  readonly #pressed = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: this.#grid.columns, ArrowUp: -this.#grid.columns }[event.key];
    const places = this.#places;
    if (by === undefined || !places) return;
    event.preventDefault();
    // Elsewhere in the page the same keys go through time.
    event.stopPropagation();
    const { list, cell } = this.under ?? { list: places.active.length > 0 ? "active" : "inactive", cell: -by };
    const to = cell + by;
    if (to < 0 && list === "inactive" && places.active.length > 0) {
      this.under = { list: "active", cell: places.active.length - 1 };
    } else if (to >= places[list].length && list === "active" && places.inactive.length > 0) {
      this.under = { list: "inactive", cell: 0 };
    } else this.under = { list, cell: Math.max(0, Math.min(places[list].length - 1, to)) };
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-lru-lists": IopLruLists;
  }
}
