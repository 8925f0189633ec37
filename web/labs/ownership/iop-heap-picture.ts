import { LitElement, type PropertyValues, type SVGTemplateResult, type TemplateResult, html, nothing, svg } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { shared } from "../../app/styles.ts";
import { WidthObserver } from "../../app/width-observer.ts";
import type { Locale } from "../../i18n/catalogue.ts";
import { formatAddress, formatCount } from "../../model/format.ts";
import {
  type Box,
  type ChunkBox,
  type EdgeLine,
  type ListBox,
  type PartBox,
  type Picture,
  type RowBox,
  type VariableBox,
  pictureOf,
} from "./picture.ts";
import { edgeStyles, pictureStyles } from "./picture-styles.ts";
import { type ChunkView, type View, headOf } from "./view.ts";
import { type T, noteText, texts } from "./words.ts";

/** Where the values of a line begin, and what is said beside them. Unit: px. */
const VALUE_AT = { wide: 116, medium: 116, narrow: 84 } as const;
const NOTE_AT = 158;
const EMPTY: ReadonlySet<string> = new Set();

/** A moment of a heap, drawn: variables, chunks in the order of their addresses, what lies in them, and who leads where. */
@customElement("iop-heap-picture")
export class IopHeapPicture extends LitElement {
  static override styles = [shared, pictureStyles, edgeStyles];

  @property() locale: Locale = "en";
  @property({ attribute: false }) view: View | null = null;
  /** Keys of what the step has changed. */
  @property({ attribute: false }) changed: ReadonlySet<string> = EMPTY;
  /** What the picture shows, in words. */
  @property() label = "";
  @state() private width = 0;
  @query("svg") private readonly drawing!: SVGSVGElement | null;
  #picture: Picture | null = null;

  constructor() {
    super();
    this.addController(new WidthObserver(this, (width) => (this.width = width)));
  }

  /** The drawing itself; null: there is none yet. */
  get svg(): SVGSVGElement | null {
    return this.drawing;
  }

  /** Where everything is drawn; null: nowhere yet. */
  get picture(): Picture | null {
    return this.#picture;
  }

  protected override willUpdate(_: PropertyValues): void {
    this.#picture = this.view && this.width > 0 ? pictureOf(this.view, this.width) : null;
  }

  override render(): TemplateResult | typeof nothing {
    const picture = this.#picture;
    if (!picture) return nothing;
    const t = texts(this.locale);
    const { width, height, room } = picture;
    return html`<svg class=${room} viewBox="0 0 ${width} ${height}" width=${width} role="img" aria-label=${this.label}>
      <defs>
        <pattern id="hatch" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <line class="hatch" x1="0" y1="0" x2="0" y2="8"></line>
        </pattern>
      </defs>
      ${this.#captions(t, picture)}
      <g class="own">
        ${rect("box", picture.own, 5)}
        <text class="small quiet" x=${picture.own.x + 8} y=${picture.own.y + 16}>${this.#ownText(t)}</text>
      </g>
      ${repeat(
        picture.chunks,
        ({ chunk }) => chunk.key,
        (box) => this.#chunk(t, box, room),
      )}
      ${picture.variables.map((box) => this.#variable(t, box, room))} ${picture.lists.map((box) => this.#list(t, box))}
      ${picture.edges.map(edgeLine)}
    </svg>`;
  }

  #ownText(t: T): string {
    const { chunks, bytes } = this.view!.own;
    const values = { count: chunks, bytes: formatCount(bytes) };
    return t(this.#picture?.room === "narrow" ? "own_bytes" : "own_chunks", values);
  }

  #captions(t: T, { room, stack, heap, free, lists }: Picture): SVGTemplateResult {
    const caption = (x: number, y: number, text: string) =>
      svg`<text class="caption" x=${x} y=${y + 13}>${text}</text>`;
    return svg`${caption(stack.x, 0, t(room === "narrow" ? "stack_short" : "stack"))}${caption(heap.x, 0, t("heap"))}${caption(free.x, free.y, t("free_lists"))}
      ${lists.length > 0 ? nothing : svg`<text class="word quiet" x=${free.x} y=${free.y + 38}>${t("free_none")}</text>`}`;
  }

  #variable(t: T, { variable, rows, ...box }: VariableBox, room: Picture["room"]): SVGTemplateResult {
    const { key, name, type } = variable;
    const shown = room === "narrow" ? type.replace(/<.*/, "") : type;
    return svg`<g class="variable">
      ${rect("box", box, 6)}${this.changed.has(key) ? rect("ring", box, 6) : nothing}
      <text class="strong" x=${box.x + 8} y=${box.y + 17}>${name}</text>
      <text class="small quiet" x=${box.x + 8} y=${box.y + 32}>${shown}</text>
      ${rows.map((row) => (room === "narrow" ? this.#slot(row) : this.#row(t, row, 82, null)))}
      ${this.#danger(t, rows)}
    </g>`;
  }

  /** What is wrong with a pointer, below it. */
  #danger(t: T, rows: readonly RowBox[]): SVGTemplateResult | typeof nothing {
    const wrong = rows.find(({ row }) => row.note !== null);
    if (!wrong) return nothing;
    const [first = "", second] =
      this.#picture?.room === "narrow"
        ? noteText(t, wrong.row.note!).split(/(?<=[:：])\s*/)
        : [noteText(t, wrong.row.note!)];
    const [x, y] = [wrong.x + 8, wrong.y + wrong.height + 12];
    return svg`<text class="small word danger" x=${x} y=${y}>✕ ${first}</text>
      ${second === undefined ? nothing : svg`<text class="small word danger" x=${x} y=${y + 13}>${second}</text>`}`;
  }

  /** A line of a variable where there is little room: its name above its value. */
  #slot({ row, x, y, width, height }: RowBox): SVGTemplateResult {
    return svg`${this.#halo(row.key, { x: x + 3, y, width: width - 6, height: height - 1 })}
      <text class="small quiet" x=${x + 8} y=${y + 11}>${row.name}</text>
      <text x=${x + 8} y=${y + 25}>${row.value}</text>`;
  }

  #halo(key: string, box: Box): SVGTemplateResult | typeof nothing {
    return this.changed.has(key) ? rect("halo", box, 4) : nothing;
  }

  /** A line: name, value, and what is said of it. @param noteAt  where; null: nothing is said here. */
  #row(t: T, { row, ...box }: RowBox, valueAt: number, noteAt: number | "below" | null): SVGTemplateResult {
    const { key, name, value, note } = row;
    const { x, y, width, height } = box;
    const said = note && noteAt !== null ? noteText(t, note) : "";
    const at = noteAt === "below" ? { x: x + 10, y: y + 28 } : { x: x + (noteAt ?? 0), y: y + 14 };
    return svg`${this.#halo(key, { x: x + 3, y, width: width - 6, height: height - 1 })}
      <text class="quiet" x=${x + 8} y=${y + 14}>${name}</text>
      <text class="value" x=${x + valueAt} y=${y + 14}>${value}</text>
      ${said === "" ? nothing : svg`<text class="word quiet" x=${at.x} y=${at.y}>${said}</text>`}`;
  }

  #chunk(t: T, { chunk, parts, links, ...box }: ChunkBox, room: Picture["room"]): SVGTemplateResult {
    const { key, address, size, prevInuse, state: kind, lost, astray } = chunk;
    const isUsed = kind === "used" && !astray;
    const look = kind === "top" ? "top" : isUsed ? "used" : "free";
    const word = stateText(t, chunk, room);
    const flag = room === "narrow" ? (prevInuse && !astray ? "P" : "") : prevInuse ? "PREV_INUSE" : "";
    const head = { x: box.x + 2, y: box.y + 2, width: box.width - 4, height: 21 };
    const sized = room === "narrow" ? formatCount(size) : t("size", { size: formatCount(size) });
    const valueAt = VALUE_AT[room];
    const noteAt = room === "narrow" ? "below" : NOTE_AT;
    return svg`<g class="chunk ${look} ${lost ? "lost" : ""} ${astray ? "astray" : ""}" data-address=${address}>
      ${rect("box", box, 7)}${this.changed.has(key) ? rect("ring", box, 7) : nothing}
      ${this.#halo(headOf(key), head)}
      <text class="strong" x=${box.x + 9} y=${box.y + 17}>${formatAddress(address)}</text>
      <text x=${box.x + (room === "narrow" ? 70 : 82)} y=${box.y + 17}>${sized}</text>
      <text class="quiet small" x=${box.x + (room === "narrow" ? 113 : 170)} y=${box.y + 17}>${flag}</text>
      <text class="word state" text-anchor="end" x=${box.x + box.width - 9} y=${box.y + 17}>${word}</text>
      ${parts.map((part) => this.#part(t, part, room))}
      ${links.map((link) => this.#row(t, link, valueAt, link.row.name === "next" && room !== "narrow" ? 192 : noteAt))}
    </g>`;
  }

  #part(t: T, { part, data, rows, ...box }: PartBox, room: Picture["room"]): SVGTemplateResult {
    const { key, kind, address, size, type, alive } = part;
    const name = kind === "object" ? type : t(kind);
    const gone = kind === "object" && !alive;
    const noteAt = room === "narrow" ? "below" : NOTE_AT;
    const bytes = t("bytes_of", { bytes: formatCount(size) });
    return svg`<g class="part ${kind} ${gone ? "dead" : ""}">
      ${rect("box", box, 5)}${this.changed.has(key) ? rect("ring", box, 5) : nothing}
      <text class="strong ${kind === "object" ? "" : "word"}" x=${box.x + 8} y=${box.y + 16}>${name}</text>
      ${room === "narrow" || kind === "length" ? nothing : svg`<text class="quiet small" x=${box.x + VALUE_AT[room]} y=${box.y + 16}>${formatAddress(address)}</text>`}
      <text class="word ${gone ? "" : "quiet"}" text-anchor="end" x=${box.x + box.width - 8} y=${box.y + 16}>${gone ? `✕ ${t("destroyed")}` : bytes}</text>
      ${kind === "block" ? svg`<text class="quiet small" x=${box.x + 8} y=${box.y + 31}>${type}</text>` : nothing}
      ${data ? dataBox(t, data, part.data, gone) : nothing}
      ${rows.map((row) => this.#row(t, row, room === "narrow" && kind === "object" ? 100 : row.row.name.length > 13 ? 176 : VALUE_AT[room], noteAt))}
    </g>`;
  }

  #list(t: T, { list, chips, ...box }: ListBox): SVGTemplateResult {
    const { key, name, size } = list;
    const title = size === 0 ? t(`list_${name}`) : `${t(`list_${name}`)} ${formatCount(size)}`;
    return svg`<g class="list">
      ${this.#halo(key, { x: box.x - 4, y: box.y, width: box.width + 8, height: box.height })}
      <text class="word strong" x=${box.x + 4} y=${box.y + 15}>${title}</text>
      ${chips.map(
        (chip) => svg`<g class="chip ${chip.isChunk ? "" : "broken"}">
          ${rect("box", chip, 5)}
          <text x=${chip.x + 8} y=${chip.y + 16}>${formatAddress(chip.address)}</text>
          ${chip.isChunk ? nothing : svg`<text class="small word danger" text-anchor="end" x=${chip.x + chip.width - 6} y=${chip.y + 16}>✕ ${this.#picture?.room === "narrow" ? "" : t("list_broken")}</text>`}
          <text class="quiet small" x=${chip.x + 14} y=${chip.y + chip.height + 11}>↓</text>
        </g>`,
      )}
      <text class="quiet small" x=${box.x + 28} y=${box.y + box.height - 13}>NULL</text>
    </g>`;
  }
}

function rect(kind: string, { x, y, width, height }: Box, corner: number): SVGTemplateResult {
  return svg`<rect class=${kind} x=${x} y=${y} width=${width} height=${height} rx=${corner}></rect>`;
}

/** Where a chunk is; with little room, without saying that it is free. */
function stateText(t: T, { state: kind, lost, astray }: ChunkView, room: Picture["room"]): string {
  if (lost) return `⚠ ${t("state_lost")}`;
  if (astray) return `⚠ ${t(room === "narrow" ? "state_astray_short" : "state_astray")}`;
  const isListed = kind === "tcache" || kind === "fast" || kind === "unsorted" || kind === "small" || kind === "large";
  return isListed && room === "narrow" ? t(`list_${kind}`) : t(`state_${kind}`);
}

/** The bytes of an object; struck out, if it is gone and they are still there. */
function dataBox(t: T, box: Box, bytes: number, gone: boolean): SVGTemplateResult {
  const { x, y, width, height } = box;
  const strike = gone ? svg`<path class="strike" d=${`M${x} ${y + height}L${x + width} ${y}`}></path>` : nothing;
  return svg`${rect("data", box, 3)}${strike}
    <text class="small" x=${x + 8} y=${y + height / 2 + 4}>${t("data", { bytes })}</text>`;
}

function edgeLine({ edge, path, tip, fromLeft, middle }: EdgeLine): SVGTemplateResult {
  const { kind } = edge;
  const back = fromLeft ? -8 : 8;
  const head = `M${tip.x + back} ${tip.y - 4.5}L${tip.x} ${tip.y}L${tip.x + back} ${tip.y + 4.5}${kind === "owns" ? "Z" : ""}`;
  const cross = `M${middle.x - 5} ${middle.y - 5}l10 10m0 -10l-10 10`;
  return svg`<path class="edge ${kind}" d=${path}></path><path class="head ${kind}" d=${head}></path>
    ${kind === "dangling" ? svg`<circle class="cross-ground" cx=${middle.x} cy=${middle.y} r="8"></circle><path class="cross" d=${cross}></path>` : nothing}`;
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-heap-picture": IopHeapPicture;
  }
}
