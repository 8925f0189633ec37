import { LitElement, type PropertyValues, type TemplateResult, html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { fire } from "../app/events.ts";
import type { Lanes } from "../../lib/see/lanes.ts";
import { type Locale, type Translate, translator } from "../i18n/catalogue.ts";
import { formatCount, formatTime } from "../model/format.ts";
import { shared } from "../app/styles.ts";
import { Axis, type AxisKind, TickFinder } from "./axis.ts";
import { type Extents, extentsOf, firstBehind } from "./extents.ts";
import { type GestureHandler, Gestures } from "./gestures.ts";
import { nowView } from "./aside.ts";
import { type Hint, hintView, labelView } from "./labels.ts";
import { HEADER, type PlacedSign, SCALE, paint } from "./paint.ts";
import { Palette } from "./palette.ts";
import { type Group, type Row, heightOf, rowAt, rowsOf } from "./rows.ts";
import { type Window, scaleLabels } from "./scale.ts";
import { following, moved, zoomed } from "./view-window.ts";
import { sliceName, sliceText } from "./words.ts";
import { timelineStyles } from "./timeline-styles.ts";
import { toolbarView } from "./toolbar.ts";

/** How much a press of a key, or a button, enlarges. */
const ZOOM = 1.6;
/** How much of the window a page is. */
const PAGE = 0.8;
/** Least distance of two labels of the scale. Unit: px. */
const LABEL_ROOM = 76;

/**
 * What every CPU, task and device does, from left to right in time, with the steps that matter and the place where the
 * machine stands.
 *
 * @fires iop-seek  a place in time was chosen: its tick
 * @slot start  in front of the buttons
 */
@customElement("iop-timeline")
export class IopTimeline extends LitElement {
  static override styles = [shared, timelineStyles];

  @property() locale: Locale = "en";
  /** What is shown; null: nothing has run. */
  @property({ attribute: false }) lanes: Lanes | null = null;
  /** Where the machine stands. */
  @property({ type: Number }) tick = 0;
  /** Ticks at which breakpoints hit, ascending. */
  @property({ attribute: false }) hits: readonly number[] = [];
  @state() private axisKind: AxisKind = "time";
  @state() private window: Window = { from: 0, to: 1 };
  @state() private range: Window | null = null;
  @state() private turned: ReadonlySet<string> = new Set();
  @state() private size = { width: 0, height: 0 };
  @state() private top = 0;
  @state() private hint: Hint | null = null;
  @query("canvas") private readonly canvas!: HTMLCanvasElement | null;
  @query(".plot") private readonly plot!: HTMLElement | null;
  @query(".scroller") private readonly scroller!: HTMLElement | null;

  #axis: Axis = Axis.ofTicks({ ticks: 0 });
  #finder: TickFinder | null = null;
  #groups: readonly Group[] = [];
  #signs: readonly PlacedSign[] = [];
  #extents = new Map<Row["lanes"][number], Extents[]>();
  #palette: Palette | null = null;
  readonly #watcher = new ResizeObserver(() => this.#measure());
  readonly #scheme = matchMedia("(prefers-color-scheme: dark)");
  readonly #themeChanged = () => {
    this.#palette = null;
    this.#paint();
  };
  readonly #themes = new MutationObserver(this.#themeChanged);

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.scroller) this.#watcher.observe(this.scroller);
    this.#themes.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    this.#scheme.addEventListener("change", this.#themeChanged);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#watcher.disconnect();
    this.#themes.disconnect();
    this.#scheme.removeEventListener("change", this.#themeChanged);
  }

  protected override firstUpdated(): void {
    this.#watcher.observe(this.scroller!);
    new Gestures(this.plot!, this.#gestures);
  }

  readonly #t: Translate = (key, values) => translator(this.locale)(key, values);

  readonly #gestures: GestureHandler = ((timeline: IopTimeline): GestureHandler => ({
    seek: (x) => timeline.#seekTo(timeline.#place(x)),
    pan: (by) => timeline.#pan((-by / timeline.size.width) * timeline.#span),
    zoom: (factor, x) => timeline.#zoom(factor, timeline.#place(x)),
    select: (from, to) => (timeline.range = { from: timeline.#place(from), to: timeline.#place(to) }),
    hover: (at) => (timeline.hint = at && timeline.#hintAt(at)),
    isHandle: (y) => y < SCALE,
    get scrolls() {
      const { scroller } = timeline;
      return scroller !== null && scroller.scrollHeight > scroller.clientHeight;
    },
  }))(this);

  get #span(): number {
    return this.window.to - this.window.from;
  }

  get #cursor(): number {
    return this.#finder ? this.#axis.place(this.#finder.value(this.#axis, this.tick)) : 0;
  }

  #place(x: number): number {
    return this.window.from + (x / Math.max(1, this.size.width)) * this.#span;
  }

  #seekTo(place: number): void {
    const value = this.#axis.value(Math.max(0, Math.min(this.#axis.length, place)));
    this.#seek(this.#finder?.at(this.#axis, value) ?? 0);
  }

  #seek(tick: number): void {
    const wanted = Math.max(0, Math.min(this.lanes?.ticks ?? 0, tick));
    if (wanted === this.tick) return;
    fire(this, "iop-seek", { tick: wanted });
  }

  #pan(by: number): void {
    this.window = moved(this.window, by, this.#axis.length);
  }

  #zoom(factor: number, place: number): void {
    this.window = zoomed(this.window, factor, place, { length: this.#axis.length, width: this.size.width });
  }

  readonly #fit = () => {
    this.window = { from: 0, to: this.#axis.length };
  };

  #zoomToRange(): void {
    if (!this.range) return;
    const { from, to } = this.range;
    this.#fit();
    this.#zoom(this.#axis.length / Math.max(to - from, 1), (from + to) / 2);
    this.window = moved(this.window, (from + to) / 2 - (this.window.from + this.window.to) / 2, this.#axis.length);
    this.range = null;
  }

  /** The next or last step that matters, seen from where the machine stands. */
  #seekMark(direction: 1 | -1): void {
    const ticks = [...(this.lanes?.marks ?? []).map(({ tick }) => tick), ...this.hits].sort((a, b) => a - b);
    const found = direction === 1 ? ticks.find((tick) => tick > this.tick) : ticks.findLast((tick) => tick < this.tick);
    if (found !== undefined) this.#seek(found);
  }

  readonly #pressed = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const act = this.#keys[event.shiftKey && event.key.startsWith("Arrow") ? `Shift ${event.key}` : event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };

  readonly #keys: Readonly<Record<string, () => void>> = {
    ArrowRight: () => this.#seek(this.tick + 1),
    ArrowLeft: () => this.#seek(this.tick - 1),
    "Shift ArrowRight": () => this.#seekMark(1),
    "Shift ArrowLeft": () => this.#seekMark(-1),
    Home: () => this.#seek(0),
    End: () => this.#seek(this.lanes?.ticks ?? 0),
    PageUp: () => this.#pan(-PAGE * this.#span),
    PageDown: () => this.#pan(PAGE * this.#span),
    "+": () => this.#zoom(ZOOM, this.#cursor),
    "=": () => this.#zoom(ZOOM, this.#cursor),
    "-": () => this.#zoom(1 / ZOOM, this.#cursor),
    0: this.#fit,
    Enter: () => this.#zoomToRange(),
    Escape: () => (this.range = null),
  };

  #measure(): void {
    const { plot, scroller } = this;
    if (!plot || !scroller) return;
    const [width, height] = [plot.clientWidth, scroller.clientHeight];
    if (width !== this.size.width || height !== this.size.height) this.size = { width, height };
  }

  #hintAt({ x, y }: { x: number; y: number }): Hint | null {
    const row = y < HEADER ? null : rowAt(this.#groups, y - HEADER + this.top);
    if (!row) return null;
    const place = this.#place(x);
    const level = row.levels > 1 ? Math.floor((y - HEADER + this.top - row.y) / (row.height / row.levels)) : Infinity;
    for (const levels of this.#extentsOf(row)) {
      for (let depth = Math.min(level, levels.length - 1); depth >= 0; depth--) {
        const extents = levels[depth]!;
        const found = firstBehind(extents, place);
        const reach = (2 / this.size.width) * this.#span;
        if (found < extents.slices.length && extents.starts[found]! <= place + reach)
          return { x, y, text: sliceText(extents.slices[found]!, this.#t) };
      }
    }
    return null;
  }

  #extentsOf(row: Row): Extents[][] {
    return row.lanes.map((lane) => {
      const known = this.#extents.get(lane);
      if (known) return known;
      const made = extentsOf(lane, this.#axis);
      this.#extents.set(lane, made);
      return made;
    });
  }

  protected override willUpdate(changes: PropertyValues): void {
    const { lanes } = this;
    if (changes.has("lanes")) [this.turned, this.range] = [new Set(), null];
    if (changes.has("lanes") || changes.has("axisKind")) this.#newAxis(changes.has("lanes"));
    if (lanes && (changes.has("lanes") || changes.has("turned"))) this.#groups = rowsOf(lanes.lanes, this.turned);
    if (changes.has("lanes") || changes.has("axisKind") || changes.has("hits")) this.#signs = this.#placedSigns();
    if (changes.has("tick") && this.#span < this.#axis.length)
      this.window = following(this.window, this.#cursor, this.#axis.length);
  }

  #newAxis(isNew: boolean): void {
    const { lanes } = this;
    if (!lanes) return;
    const middle = this.#axis.value((this.window.from + this.window.to) / 2);
    const share = isNew ? 1 : this.#span / this.#axis.length;
    const tick = isNew ? 0 : (this.#finder?.at(this.#axis, middle) ?? 0);
    this.#finder = new TickFinder(lanes);
    this.#axis = this.axisKind === "time" ? Axis.ofTime(lanes) : Axis.ofTicks(lanes);
    this.#extents.clear();
    this.range = null;
    this.#fit();
    if (share < 1) this.#zoom(1 / share, this.#axis.place(this.#finder.value(this.#axis, tick)));
  }

  #placedSigns(): PlacedSign[] {
    const finder = this.#finder;
    if (!this.lanes || !finder) return [];
    const place = (tick: number) => this.#axis.place(finder.value(this.#axis, tick));
    return [
      ...this.lanes.marks.map(({ kind, tick }) => ({ kind, place: place(tick) })),
      ...this.hits.map((tick) => ({ kind: "breakpoint" as const, place: place(tick) })),
    ];
  }

  protected override updated(): void {
    this.#paint();
  }

  #paint(): void {
    const { canvas, lanes, size } = this;
    if (!canvas || !lanes || size.width === 0) return;
    const context = canvas.getContext("2d")!;
    const ratio = devicePixelRatio;
    const [width, height] = [Math.round(size.width * ratio), Math.round(size.height * ratio)];
    if (canvas.width !== width || canvas.height !== height) {
      [canvas.width, canvas.height] = [width, height];
      this.#palette = null;
    }
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    paint(context, (this.#palette ??= new Palette(this, context)), {
      axis: this.#axis,
      window: this.window,
      width: size.width,
      height: size.height,
      top: this.top,
      groups: this.#groups,
      extentsOf: (row) => this.#extentsOf(row),
      labels: scaleLabels(this.#axis, this.window, size.width, LABEL_ROOM),
      signs: this.#signs,
      cursor: this.#cursor,
      range: this.range,
      nameOf: (slice) => sliceName(slice, this.#t),
    });
  }

  override render(): TemplateResult {
    const t = this.#t;
    const { lanes, tick, hint, size } = this;
    const time = lanes?.times[tick] ?? 0;
    return html`${this.#toolbar()}
      <div class="scroller" @scroll=${() => (this.top = this.scroller?.scrollTop ?? 0)}>
        <div class="content" style="height: ${HEADER + heightOf(this.#groups) + 6}px">
          <div
            class="plot"
            role="slider"
            tabindex="0"
            style="height: ${size.height}px"
            aria-label=${t("timeline_position")}
            aria-valuemin="0"
            aria-valuemax=${lanes?.ticks ?? 0}
            aria-valuenow=${tick}
            aria-valuetext=${t("seek_tick", { tick, ticks: lanes?.ticks ?? 0, time: formatTime(time) })}
            @keydown=${this.#pressed}
          >
            <canvas aria-hidden="true"></canvas>
            ${hint ? hintView(hint, size) : nothing}
          </div>
          <div class="labels">
            <div class="corner" style="height: ${HEADER}px">${t("marks")}</div>
            ${this.#groups.map((group) => labelView(group, () => this.#turn(group.id), t))}
          </div>
        </div>
      </div>
      ${lanes ? nowView(lanes, tick, t) : nothing}`;
  }

  #toolbar(): TemplateResult {
    return toolbarView(
      {
        axis: this.axisKind,
        range: this.range ? this.#rangeText(this.range) : "",
        cut: this.#axis.breaks.length > 0,
        chooseAxis: (axis) => (this.axisKind = axis),
        zoomIn: () => this.#zoom(ZOOM, this.#cursor),
        zoomOut: () => this.#zoom(1 / ZOOM, this.#cursor),
        fit: this.#fit,
        zoomToRange: () => this.#zoomToRange(),
      },
      this.#t,
    );
  }

  #rangeText({ from, to }: Window): string {
    const [start, end] = [this.#axis.value(from), this.#axis.value(to)];
    const finder = this.#finder!;
    const ticks = finder.at(this.#axis, end) - finder.at(this.#axis, start);
    const count = this.#t("range_ticks", { count: formatCount(Math.max(0, ticks)) });
    return this.axisKind === "time" ? `${formatTime(end - start)} · ${count}` : count;
  }

  #turn(id: string): void {
    const turned = new Set(this.turned);
    if (!turned.delete(id)) turned.add(id);
    this.turned = turned;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-timeline": IopTimeline;
  }
}
