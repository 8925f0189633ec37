import { LitElement, type PropertyValues, type TemplateResult, html, nothing, svg } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { fire } from "../app/events.ts";
import { guard } from "lit/directives/guard.js";
import { repeat } from "lit/directives/repeat.js";
import type { Band, Border, Line, Look, Note, Path, Picture, Shape } from "../layout/picture.ts";
import { KeptShapes } from "./kept.ts";
import { anchorAt, keepInPlace, middleOf, panBy } from "./panning.ts";
import { stageStyles } from "./stage-styles.ts";

/** What an `iop-select` event tells. */
export interface SelectDetail {
  readonly struct: string;
  readonly address: number;
}

/** How far the wheel is turned for one change of size: a notch of a mouse, some way of two fingers. Unit: px. */
const NOTCH = 30;

/** Corner of each kind of shape that is not round or square as such. Unit: px. */
const CORNERS: Readonly<Record<string, number>> = { box: 8, row: 0, red: 5, head: 3, caption: 0 };

/** What a click on a shape asks for that stands for no object. */
const EVENTS: Readonly<Partial<Record<Look, string>>> = {
  more: "iop-expand",
  folded: "iop-expand",
  open: "iop-fold",
  closed: "iop-fold",
};

/**
 * Draws a picture: boxes, chips, nodes and lines, each kept as one DOM element by its key, so that what moves is seen
 * moving. It knows nothing of kernels.
 *
 * @fires iop-select  a thing was chosen: its struct and address
 * @fires iop-expand  more of a group is to be shown: the key of the chip that stands for it
 * @fires iop-fold    a box is to be folded, or unfolded: its key
 * @fires iop-zoom    it is to be drawn larger (1) or smaller (-1)
 * @fires iop-width   the room for the picture has changed: its width in px
 */
@customElement("iop-stage")
export class IopStage extends LitElement {
  static override styles = stageStyles;

  /** What to draw; null: nothing yet. */
  @property({ attribute: false }) picture: Picture | null = null;
  /** Addresses of the things with a halo. */
  @property({ attribute: false }) changed: ReadonlySet<number> = new Set();
  /** Addresses of the things that the next step is about, outlined before it is done. */
  @property({ attribute: false }) concerned: ReadonlySet<number> = new Set();
  /** Address of the thing that is selected; 0: none. */
  @property({ type: Number }) selected = 0;
  /** What the drawing is called. */
  @property() label = "";
  /** Whether things move to their places; false: they jump, after a resize or a leap in time. */
  @property({ type: Boolean }) moving = true;
  /** How large it is drawn: 1 fits the room; larger, what is around it scrolls. */
  @property({ type: Number }) zoom = 1;
  @state() private width = 0;
  @query("svg") private readonly drawing!: SVGSVGElement | null;
  readonly #kept = new KeptShapes();
  /** What is to stay where it is while the size changes; null: the middle. */
  #anchor: ReturnType<typeof anchorAt> | null = null;
  /** How far the wheel has been turned since the last change of size. Unit: px. */
  #turned = 0;

  /** In the next frame: what observes a size must not change it at once. */
  readonly #observer = new ResizeObserver(([entry]) => {
    const width = Math.round(entry?.contentRect.width ?? 0);
    if (width > 0 && width !== this.width) requestAnimationFrame(() => this.#resized(width));
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.#observer.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#observer.disconnect();
  }

  #resized(width: number): void {
    this.width = width;
    fire(this, "iop-width", { width });
  }

  /** Brings the thing with an address into sight, if it is not. */
  reveal(address: number): void {
    const found = this.drawing?.querySelector(`[data-address="${address}"]`);
    found?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  override render(): TemplateResult | typeof nothing {
    const { picture } = this;
    if (!picture) return nothing;
    const { width, height } = picture;
    this.#kept.begin();
    return html`<svg
      role="group"
      aria-label=${this.label}
      viewBox="0 0 ${width} ${height}"
      style="width: ${this.zoom * 100}%"
      @wheel=${this.#wheeled}
      @pointerdown=${this.#pressed}
    >
      <defs>${["line", "lit", "ready", "task", "eventpoll", "copy", "dma"].map((name) => this.#marker(name))}</defs>
      ${picture.bands.map((band) => this.#band(band))} ${picture.borders.map((border) => this.#border(border, width))}
      <g>${this.#shapes(picture.ground)}</g>
      <g>${this.#paths(picture.links)}</g>
      <g>${this.#shapes(picture.boxes)}</g>
      <g>${this.#paths(picture.threads)}</g>
      <g>${this.#shapes(picture.chips)}</g>
      <g>${this.#paths(picture.flows)}</g>
      ${picture.notes.map((note) => this.#note(note))}
    </svg>`;
  }

  /** The wheel with Ctrl, or two fingers on a touchpad: larger or smaller. Without, it scrolls. */
  readonly #wheeled = (event: WheelEvent) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    this.#turned += event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 1 : NOTCH);
    if (Math.abs(this.#turned) < NOTCH) return;
    const detail = { by: this.#turned < 0 ? 1 : -1 };
    this.#turned = 0;
    this.#anchor = anchorAt(this.drawing!, event.clientX, event.clientY);
    fire(this, "iop-zoom", detail);
  };

  /** The ground can be dragged: what has a button, cannot. */
  readonly #pressed = (event: PointerEvent) => {
    panBy(event, this.drawing!, (target) => !target.closest(".hit"));
  };

  #marker(name: string): TemplateResult {
    const colours: Readonly<Record<string, string>> = { line: "line", lit: "changed", ready: "eventpoll" };
    const size = name === "copy" ? 2.2 : name === "dma" ? 2.6 : 5.5;
    return svg`<marker id="arrow-${name}" viewBox="0 0 8 8" refX="6" refY="4" markerWidth=${size} markerHeight=${size}
      orient="auto-start-reverse"><path d="M0,0 L8,4 L0,8 z" style="fill:var(--iop-${colours[name] ?? name})"></path></marker>`;
  }

  #band({ key, text, x, y, width, height }: Band): TemplateResult {
    return svg`<g class="band ${key}"><rect x=${x} y=${y} width=${width} height=${height} rx="10"></rect>
      <text class="text-band" x=${x + 12} y=${y + 17}>${text}</text></g>`;
  }

  #border({ y, lit, text }: Border, width: number): TemplateResult {
    return svg`<g class="border ${lit ? "lit" : ""}"><line x1="4" x2=${width - 4} y1=${y} y2=${y}></line>
      <text x="12" y=${y + 4}>${text}</text></g>`;
  }

  #shapes(shapes: readonly Shape[]): unknown {
    return repeat(
      shapes,
      ({ key }) => key,
      (shape) => {
        // What is as it was is not drawn again: of very many shapes a step changes few.
        const kept = this.#kept.keep(shape);
        const signs = this.#signs(kept);
        return guard([kept, signs], () => this.#shape(kept, signs));
      },
    );
  }

  /** What is to be seen of a shape besides itself, as the names of its classes. */
  #signs({ address, look, inside }: Shape): string {
    const isChanged = address !== 0 && this.changed.has(address);
    const lit = (isChanged || inside?.some((one) => this.changed.has(one))) && look !== "hook";
    return [
      this.moving ? " move" : "",
      lit ? " changed" : "",
      this.concerned.has(address) && look !== "hook" ? " concerned" : "",
      address !== 0 && address === this.selected ? " selected" : "",
    ].join("");
  }

  #shape(shape: Shape, signs: string): TemplateResult {
    const { look, hue, x, y, width, height, address, label } = shape;
    const isButton = label !== "" && (address !== 0 || look in EVENTS);
    const classes = `shape ${hue} look-${look}${signs}`;
    const isRound = look === "black" || look === "hook" || look === "linked";
    const corner = isRound ? height / 2 : (CORNERS[look] ?? 4);
    return svg`<g class=${classes} style="transform: translate(${x}px, ${y}px)" data-address=${address} data-key=${shape.key}>
      ${look === "hook" || look === "row" ? nothing : this.#outline(width, height, corner)}
      ${
        look === "folded"
          ? svg`<path class="frame" d="M${width / 2},0 L${width},${height} L0,${height} z"></path>`
          : svg`<rect class="frame" width=${width} height=${height} rx=${corner}></rect>`
      }
      ${look === "waiter" || look === "exclusive" ? this.#bell(look, height) : nothing}
      <g aria-hidden="true">${shape.lines.map((line) => this.#text(line))}</g>
      ${shape.hint ? svg`<title>${`${label}\n${shape.hint}`}</title>` : nothing}
      ${isButton ? this.#button(shape, corner) : nothing}
    </g>`;
  }

  /**
   * What takes clicks and the focus, over what is seen of the shape. Its title is its name; one that explains more is the
   * shape's, since a name has to be no longer than what is said of it.
   */
  #button(shape: Shape, corner: number): TemplateResult {
    const { width, height, address, label, hint } = shape;
    const pressed = address === 0 ? nothing : String(address === this.selected);
    return svg`<rect class="hit" width=${width} height=${height} rx=${corner} role="button" tabindex="0" aria-label=${label}
      aria-description=${hint?.replaceAll("\n", " ") ?? nothing} aria-pressed=${pressed} aria-expanded=${shape.look === "open" ? "true" : shape.look === "closed" ? "false" : nothing}
      @click=${() => this.#choose(shape)}
      @keydown=${(event: KeyboardEvent) => this.#press(event, shape)}>${hint ? nothing : svg`<title>${label}</title>`}</rect>`;
  }

  #outline(width: number, height: number, corner: number): TemplateResult {
    return svg`<rect class="halo" x="-4" y="-4" width=${width + 8} height=${height + 8} rx=${corner + 4}></rect>`;
  }

  /** The sign of a waiter: a dot, or one with a bar for a waiter that is woken alone. */
  #bell(look: string, height: number): TemplateResult {
    const y = height / 2;
    return svg`<circle cx="8" cy=${y} r="3.5" style="fill: var(--hue)"></circle>
      ${look === "exclusive" ? svg`<path d="M8,${y} l0,0 M5,${y - 5.5} h6" style="stroke: var(--hue); stroke-width: 2"></path>` : nothing}`;
  }

  #text({ text, style, anchor, x, y }: Line): TemplateResult {
    return svg`<text class="text-${style}" x=${x} y=${y} text-anchor=${anchor}>${text}</text>`;
  }

  #note({ kind, text, x, y }: Note): TemplateResult {
    return svg`<text class="note-${kind}" x=${x} y=${y}>${text}</text>`;
  }

  #paths(paths: readonly Path[]): unknown {
    return repeat(
      paths,
      ({ key }) => key,
      (path) => {
        const lit = path.ends.some((end) => end !== 0 && (end === this.selected || this.changed.has(end)));
        return guard([path.d, path.arrow, path.kind, lit, path.ends.length > 0], () => this.#path(path, lit));
      },
    );
  }

  #path({ kind, d, arrow, ends }: Path, lit: boolean): TemplateResult {
    const linked = kind === "stem" && ends.length > 0;
    const names: Readonly<Record<string, string>> = {
      waits: "task",
      callback: "eventpoll",
      accept: "line",
      fd: "line",
      peer: "line",
      page: "line",
      request: "line",
      shared: "line",
      chain: "line",
    };
    const marker = lit && kind !== "ready" ? "lit" : (names[kind] ?? kind);
    return svg`<path class="path-${kind} ${lit ? "lit" : ""} ${linked ? "linked" : ""}" d=${d}
      marker-end=${arrow ? `url(#arrow-${marker})` : nothing}></path>`;
  }

  #choose({ look, key, struct, address }: Shape): void {
    const name = EVENTS[look] ?? "iop-select";
    const detail = name === "iop-select" ? { struct, address } : { key: key.replace(/^fold:/, "") };
    fire(this, name, detail);
  }

  #press(event: KeyboardEvent, shape: Shape): void {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    event.stopPropagation();
    this.#choose(shape);
  }

  protected override willUpdate(changes: PropertyValues<this>): void {
    if (changes.has("zoom") && this.drawing) this.#anchor ??= middleOf(this.drawing);
  }

  protected override updated(changes: PropertyValues<this>): void {
    if (changes.has("zoom") && this.#anchor && this.drawing) keepInPlace(this.drawing, this.#anchor);
    this.#anchor = null;
    if (changes.has("selected") && this.selected !== 0) this.reveal(this.selected);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-stage": IopStage;
  }
}
