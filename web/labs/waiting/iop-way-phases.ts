import { LitElement, type PropertyValues, type SVGTemplateResult, type TemplateResult, html, nothing, svg } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Watched } from "../../../lib/waiting/watch.ts";
import { shared } from "../../app/styles.ts";
import { WidthObserver } from "../../app/width-observer.ts";
import { scaleOf } from "../../charts/chart.ts";
import type { Locale } from "../../i18n/catalogue.ts";
import { formatTime } from "../../model/format.ts";
import { Computation } from "../computation.ts";
import { progressView } from "../progress-view.ts";
import type { ServedWatched } from "./jobs.ts";
import { wayStyles } from "./way-styles.ts";
import { phasesStyles } from "./phases-styles.ts";
import { type DrawnWay, type Phases, phasesOf } from "./phases.ts";
import { DEFAULTS, type WaitingSettings } from "./settings.ts";
import { type T, texts, wayHref, wayName } from "./words.ts";

/** No more connections and messages have room. */
const MOST = { connections: 16, active: 4 } as const;
const ROUNDS = 2;
/** Room for the names of rows, and heights of rows. Unit: px. */
const NAMES = 78;
const TASK = 16;
const INTERRUPT = 7;
const MESSAGE = 13;
const GAP = 5;
const CLOCK = 30;

/** The two phases of messages in each way, on one clock. */
@customElement("iop-way-phases")
export class IopWayPhases extends LitElement {
  static override styles = [shared, wayStyles, phasesStyles];

  @property() locale: Locale = "en";
  @property({ attribute: false }) settings: WaitingSettings = DEFAULTS;
  @state() private width = 0;
  @state() private pieces: readonly ServedWatched[] = [];
  readonly #computation = new Computation(this, "watching");
  #asked = "";

  constructor() {
    super();
    new WidthObserver(this, (width) => (this.width = width));
  }

  /** What is watched. */
  get #load() {
    const { connections, active, works } = this.settings;
    const n = Math.min(MOST.connections, connections);
    return { connections: n, active: Math.min(MOST.active, active, n), rounds: ROUNDS, works };
  }

  protected override willUpdate(changes: PropertyValues): void {
    if (!changes.has("settings")) return;
    const all = this.settings.ways.map((way) => ({ way, load: this.#load }));
    const asked = JSON.stringify(all);
    if (asked === this.#asked) return;
    this.#asked = asked;
    this.pieces = [];
    void this.#computation.start(all, (piece) => (this.pieces = [...this.pieces, piece]));
  }

  /** That not all that was asked for is drawn. */
  #most(t: T): TemplateResult | typeof nothing {
    const { connections, active } = this.settings;
    if (connections <= MOST.connections && active <= MOST.active) return nothing;
    return html`<p class="hint most">${t("phases_most", MOST)}</p>`;
  }

  /** What is different here from Linux, of programs that have work of their own. */
  #notes(t: T): TemplateResult {
    const { ways } = this.settings;
    return html`${ways.includes("posix-aio") ? html`<p class="hint">${t("phases_slice")}</p>` : nothing}
    ${ways.includes("io_uring") ? html`<p class="hint">${t("phases_ring")}</p>` : nothing}`;
  }

  override render(): TemplateResult {
    const t = texts(this.locale);
    const { pieces } = this;
    const { isRunning, reason } = this.#computation;
    const watched = pieces.flatMap((piece) => ("watched" in piece ? [piece.watched] : []));
    const failed = pieces.flatMap((piece) => ("error" in piece ? [piece] : []));
    const phases = this.width > 0 ? phasesOf(watched, Math.max(100, this.width - NAMES)) : null;
    const { connections, active, works } = this.#load;
    return html`<p>${t("phases_lead", { connections, active })}</p>
      ${this.#most(t)} ${legendView(t)}
      <div class="bar" ?hidden=${!isRunning && reason === ""}>${progressView(this.#computation, this.locale)}</div>
      ${failed.map(({ way, error }) => html`<p class="hint">${t("failed_way", { way: wayName(t, way), reason: error })}</p>`)}
      ${
        phases
          ? html`${clockView(t, phases, this.width)} ${phases.ways.map((way) => wayView(t, way, this.width))}
            ${tableView(t, watched)}`
          : nothing
      }
      ${works ? this.#notes(t) : nothing}`;
  }
}

function legendView(t: T): TemplateResult {
  const sample = (kind: string, sign = "") =>
    html`<svg class="sample" viewBox="0 0 22 14" width="22" height="14" aria-hidden="true">
      ${svg`<rect class=${kind} x="0" y=${kind === "sleeping" ? 6 : kind === "interrupt" ? 4 : 1} width="22"
        height=${kind === "sleeping" ? 2 : kind === "interrupt" ? INTERRUPT : 12}></rect>
        <text x="11" y="11">${sign}</text>`}
    </svg>`;
  return html`<ul class="legend" aria-label=${t("legend")}>
    <li>${sample("program")} ${t("legend_program")}</li>
    <li>${sample("kernel")} ${t("legend_kernel")}</li>
    <li>${sample("sleeping")} ${t("legend_sleeping")}</li>
    <li>${sample("runnable")} ${t("legend_runnable")}</li>
    <li>${sample("interrupt")} ${t("legend_interrupt")}</li>
    <li>${sample("first")} ${t("legend_ready")}</li>
    <li>${sample("second")} ${t("legend_copied")}</li>
    <li>${sample("third")} ${t("legend_answered")}</li>
  </ul>`;
}

function clockView(t: T, { window }: Phases, width: number): TemplateResult {
  const axis = { title: "", scale: "linear", format: formatTime } as const;
  const span = width - NAMES;
  // A linear scale begins at 0: its marks are those of the whole time, of which the window shows the end.
  const per = span / (window.end - window.start);
  const { marks } = scaleOf(axis, [0, (window.end - window.start) / 2], 0, 1);
  const step = marks[1]! - marks[0]!;
  const first = Math.ceil(window.start / step) * step;
  const times = Array.from({ length: Math.floor((window.end - first) / step) + 1 }, (_, i) => first + i * step);
  const nth = Math.max(1, Math.ceil((times.length * 66) / span));
  return html`<svg class="clock" width=${width} height=${CLOCK} aria-hidden="true">
    ${times
      .filter((_, i) => i % nth === 0)
      .map((time) => {
        const x = NAMES + (time - window.start) * per;
        return svg`<path d="M${x} ${CLOCK - 6}v6"></path>
          <text x=${Math.min(x, width - 26)} y=${CLOCK - 10} text-anchor="middle">${formatTime(time)}</text>`;
      })}
    <title>${t("phases_clock")}</title>
  </svg>`;
}

function wayView(t: T, way: DrawnWay, width: number): TemplateResult {
  const [first] = way.messages;
  const since = (time: number) => formatTime(time - first!.message.sent);
  const { ready, copied, answered } = first!.message;
  const label = t("phases_drawing", {
    way: wayName(t, way.way),
    messages: way.messages.length,
    ready: since(ready.time),
    copied: since(copied.time),
    answered: since(answered.time),
  });
  const top = INTERRUPT + GAP;
  const messagesTop = top + way.tasks.length * (TASK + GAP);
  const height = messagesTop + way.messages.length * (MESSAGE + 3) + 4;
  return html`<section>
    <header>
      <h2>${wayName(t, way.way)}</h2>
      ${way.beyond === null ? nothing : html`<span class="hint">${t("phases_beyond", { time: formatTime(way.beyond) })} →</span>`}
      ${way.more > 0 ? html`<span class="hint">${t("phases_more", { count: way.more })}</span>` : nothing}
      <a class="hint" href=${wayHref(way.way)}>${t("phases_open")}</a>
    </header>
    <svg width=${width} height=${height} role="img" aria-label=${label}>
      <text class="name" x="0" y=${INTERRUPT}>${t("phases_irq")}</text>
      ${way.interrupts.map(
        ({ x, width: w }) =>
          svg`<rect class="interrupt" x=${NAMES + x} y="0" width=${Math.max(1, w)} height=${INTERRUPT}></rect>`,
      )}
      ${way.tasks.map((row, i) => taskView(t, row, top + i * (TASK + GAP)))}
      ${way.messages.map((row, i) => messageView(t, row, i, messagesTop + i * (MESSAGE + 3), width))}
    </svg>
  </section>`;
}

function taskView(t: T, { pid, spans }: DrawnWay["tasks"][number], y: number): SVGTemplateResult {
  return svg`<text class="name" x="0" y=${y + 12}>${t("phases_task", { pid })}</text>
    ${spans.map(({ x, width, doing, call }) => {
      const isThin = doing === "sleeping";
      const at = NAMES + x;
      const text = call === "" || width < call.length * 6.2 + 6 || doing === "runnable" ? "" : call;
      return svg`<rect class=${doing} x=${at} y=${isThin ? y + TASK / 2 - 1 : y} width=${Math.max(0.8, width)}
          height=${isThin ? 2 : TASK}><title>${call}</title></rect>
        ${text === "" ? nothing : svg`<text class="call ${doing}" x=${at + 4} y=${y + (isThin ? 6 : 12)}>${text}</text>`}`;
    })}`;
}

function messageView(t: T, row: DrawnWay["messages"][number], i: number, y: number, width: number): SVGTemplateResult {
  const { ready, copied, answered } = row;
  const bar = (kind: string, from: number, to: number) =>
    to <= from
      ? nothing
      : svg`<rect class=${kind} x=${NAMES + from} y=${y} width=${Math.max(1, to - from)} height=${MESSAGE - 2}></rect>`;
  const sign = (at: number, text: string) =>
    svg`<text class="sign s${text}" x=${NAMES + at} y=${y + MESSAGE - 3}>${text}</text>`;
  return svg`<text class="name" x="0" y=${y + MESSAGE - 3}>${t("phases_message", { number: i + 1 })}</text>
    ${bar("first", 0, ready)} ${bar("second", ready, copied)} ${bar("third", copied, answered)}
    ${ready > 14 ? sign(ready - 9, "1") : nothing} ${copied - ready > 12 && NAMES + copied < width ? sign(copied - 9, "2") : nothing}`;
}

/** The same in numbers. */
function tableView(t: T, all: readonly Watched[]): TemplateResult {
  return html`<details>
    <summary>${t("phases_table")}</summary>
    <div class="scroll" tabindex="0" role="group" aria-label=${t("view_phases")}>
      <table>
        <thead>
          <tr>
            <th scope="col">${t("column_way")}</th>
            <th scope="col">${t("column_message")}</th>
            <th scope="col">${t("column_ready")}</th>
            <th scope="col">${t("column_asleep")}</th>
            <th scope="col">${t("column_copied")}</th>
            <th scope="col">${t("column_copied_in")}</th>
            <th scope="col">${t("column_answered")}</th>
          </tr>
        </thead>
        <tbody>
          ${all.flatMap(({ way, messages }) =>
            messages
              .filter(({ round }) => round === messages.at(-1)!.round)
              .map(
                ({ sent, ready, copied, answered }, i) =>
                  html`<tr>
                    <th scope="row">${wayName(t, way)}</th>
                    <td>${i + 1}</td>
                    <td>${formatTime(ready.time - sent)}</td>
                    <td>${ready.asleep === null ? t("awake") : t("asleep_in", { call: ready.asleep })}</td>
                    <td>${formatTime(copied.time - sent)}</td>
                    <td>
                      ${copied.call === "" ? t("no_call") : t("copied_in", { call: copied.call, pid: copied.pid })}
                    </td>
                    <td>${formatTime(answered.time - sent)}</td>
                  </tr>`,
              ),
          )}
        </tbody>
      </table>
    </div>
  </details>`;
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-way-phases": IopWayPhases;
  }
}
