import { LitElement, type PropertyValues, type TemplateResult, css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Lanes } from "../../lib/see/lanes.ts";
import { shared } from "../app/styles.ts";
import { type Locale, type Translate, translator } from "../i18n/catalogue.ts";
import { type Breakpoint, allHits } from "../model/breakpoints.ts";
import { loadTimeline, saveTimeline } from "../model/settings.ts";
import type { Selection } from "../model/selection.ts";
import type { Session } from "../model/session.ts";
import "../panels/iop-breakpoints.ts";

/** Least height of an open timeline, and of what is left above it. Unit: px. */
const LEAST = 150;
const ABOVE = 320;
/** How much a press of a key changes the height. Unit: px. */
const KEY_STEP = 24;

/**
 * The timeline at the foot of the page: folded, or as high as a person wants it. Its element is loaded, and the trace
 * read, when it is opened first.
 *
 * @fires iop-timeline  it was opened or folded
 */
@customElement("iop-timeline-panel")
export class IopTimelinePanel extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        padding: 0 14px 8px;
        border-top: 1px solid var(--iop-rule);
        background: var(--iop-paper);
      }
      .bar {
        display: flex;
        gap: 6px;
        align-items: center;
        min-height: 34px;
      }
      .turn {
        padding: 2px 6px;
        min-height: 28px;
        font-weight: 600;
      }
      .grip {
        height: 9px;
        margin: 0 -14px;
        cursor: ns-resize;
        touch-action: none;
        background: linear-gradient(var(--iop-line), var(--iop-line)) center / 44px 2px no-repeat;
      }
      iop-timeline {
        height: var(--height);
      }
      @media (max-width: 999px) {
        :host {
          height: 100%;
        }
        .turn,
        .grip {
          display: none;
        }
        section {
          height: 100%;
        }
        iop-timeline {
          height: 100%;
          min-height: 420px;
        }
      }
    `,
  ];

  @property() locale: Locale = "en";
  @property({ attribute: false }) session: Session | null = null;
  @property({ type: Number }) tick = 0;
  @property({ attribute: false }) breakpoints: readonly Breakpoint[] = [];
  /** What is selected on the stage; null: nothing. */
  @property({ attribute: false }) selection: Selection | null = null;
  /** Whether it is the one panel that is shown, where there is room for one only. */
  @property({ type: Boolean }) chosen = false;
  @state() private open = loadTimeline().open;
  @state() private height = loadTimeline().height;
  @state() private narrow = false;
  @state() private lanes: Lanes | null = null;
  readonly #media = matchMedia("(max-width: 999px)");
  readonly #mediaChanged = () => (this.narrow = this.#media.matches);
  #of: Session | null = null;
  /** Ticks at which breakpoints hit, ascending. */
  #hits: readonly number[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#mediaChanged();
    this.#media.addEventListener("change", this.#mediaChanged);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#media.removeEventListener("change", this.#mediaChanged);
  }

  /** Whether lanes are seen. */
  get #shown(): boolean {
    return this.narrow ? this.chosen : this.open;
  }

  /** Opens or folds it. */
  toggle(): void {
    this.open = !this.open;
    saveTimeline({ open: this.open, height: this.height });
  }

  protected override willUpdate(changes: PropertyValues): void {
    if (!changes.has("session") && !changes.has("breakpoints")) return;
    this.#hits = this.session ? allHits(this.session.run, this.breakpoints) : [];
  }

  protected override updated(): void {
    if (!this.#shown || !this.session) return;
    if (this.#of !== this.session) void this.#read(this.session);
  }

  /** Loads what is needed and reads the trace, once the page is drawn. */
  async #read(session: Session): Promise<void> {
    this.#of = session;
    this.lanes = null;
    const [{ lanesOfRun }] = await Promise.all([
      import("../timeline/lanes-of-run.ts"),
      import("../timeline/iop-timeline.ts"),
      new Promise((resolve) => setTimeout(resolve)),
    ]);
    if (this.#of === session) this.lanes = lanesOfRun(session.run);
  }

  #resize(height: number): void {
    this.height = Math.round(Math.max(LEAST, Math.min(innerHeight - ABOVE, height)));
    saveTimeline({ open: this.open, height: this.height });
  }

  readonly #grabbed = (event: PointerEvent) => {
    const grip = event.currentTarget as HTMLElement;
    grip.setPointerCapture(event.pointerId);
    const [y, height] = [event.clientY, this.height];
    const move = (moved: PointerEvent) => this.#resize(height + y - moved.clientY);
    grip.addEventListener("pointermove", move);
    grip.addEventListener("lostpointercapture", () => grip.removeEventListener("pointermove", move), { once: true });
  };

  readonly #pressed = (event: KeyboardEvent) => {
    const by = event.key === "ArrowUp" ? KEY_STEP : event.key === "ArrowDown" ? -KEY_STEP : 0;
    if (by === 0) return;
    event.preventDefault();
    this.#resize(this.height + by);
  };

  override render(): TemplateResult {
    const t = translator(this.locale);
    const turn = html`<button
      slot="start"
      class="turn plain"
      aria-expanded=${this.open}
      title=${t(this.open ? "timeline_hide" : "timeline_show")}
      @click=${() => this.toggle()}
    >
      <span aria-hidden="true">${this.open ? "▾" : "▸"}</span> ${t("timeline")}
    </button>`;
    return html`<section aria-label=${t("timeline")}>
      ${this.open ? this.#grip(t) : nothing}
      ${this.#shown ? this.#content(html`${turn} ${this.#stops()}`, t) : html`<div class="bar">${turn} ${this.#stops()}</div>`}
    </section>`;
  }

  #grip(t: Translate): TemplateResult {
    return html`<div
      class="grip"
      role="separator"
      tabindex="0"
      aria-orientation="horizontal"
      aria-label=${t("timeline_size")}
      aria-valuemin=${LEAST}
      aria-valuemax=${Math.max(LEAST, innerHeight - ABOVE)}
      aria-valuenow=${this.height}
      @pointerdown=${this.#grabbed}
      @keydown=${this.#pressed}
    ></div>`;
  }

  #stops(): TemplateResult {
    return html`<iop-breakpoints
      slot="start"
      .locale=${this.locale}
      .run=${this.session?.run ?? null}
      .breakpoints=${this.breakpoints}
      .selection=${this.selection}
    ></iop-breakpoints>`;
  }

  #content(start: TemplateResult, t: Translate): TemplateResult {
    if (!this.lanes) return html`<div class="bar">${start}<span role="status">${t("timeline_loading")}</span></div>`;
    return html`<iop-timeline
      style="--height: ${this.height}px"
      .locale=${this.locale}
      .lanes=${this.lanes}
      .tick=${this.tick}
      .hits=${this.#hits}
      >${start}</iop-timeline
    >`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-timeline-panel": IopTimelinePanel;
  }
}
