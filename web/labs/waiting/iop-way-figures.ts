import { LitElement, type PropertyValues, type TemplateResult, css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { WaitingFigures } from "../../../lib/waiting/measure.ts";
import { shared } from "../../app/styles.ts";
import "../../charts/iop-bars.ts";
import type { Locale } from "../../i18n/catalogue.ts";
import { formatCount, formatSize, formatTime } from "../../model/format.ts";
import { Computation } from "../computation.ts";
import { progressView } from "../progress-view.ts";
import { type Served, type ServedFigures, sortedOut } from "./jobs.ts";
import { wayStyles } from "./way-styles.ts";
import { DEFAULTS, type WaitingSettings } from "./settings.ts";
import { type T, formatRatio, limitOf, texts, wayHref, wayName } from "./words.ts";

/** A column: its heading, and what stands there. */
type Column = readonly [string, (figures: WaitingFigures) => string];

/** What serving takes in each way: tables, and bars. */
@customElement("iop-way-figures")
export class IopWayFigures extends LitElement {
  static override styles = [
    shared,
    wayStyles,
    css`
      .bars {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 340px), 1fr));
        gap: 20px 32px;
        margin: 4px 0 24px;
      }
      .scroll {
        margin-bottom: 22px;
      }
      section ul {
        display: grid;
        gap: 6px;
        max-width: 90ch;
        margin-top: 6px;
      }
      a {
        text-decoration-color: var(--iop-line);
      }
    `,
  ];

  @property() locale: Locale = "en";
  @property({ attribute: false }) settings: WaitingSettings = DEFAULTS;
  @state() private pieces: readonly ServedFigures[] = [];
  readonly #computation = new Computation(this, "waiting");

  protected override willUpdate(changes: PropertyValues): void {
    if (changes.has("settings")) this.#begin();
  }

  /** What the settings ask for. */
  get #wanted(): Served[] {
    const { ways, connections, rounds, works } = this.settings;
    const load = { connections, active: this.#active, rounds, works };
    return ways.filter((way) => limitOf(texts("en"), way, connections) === null).map((way) => ({ way, load }));
  }

  /** Computes what was not computed yet. */
  readonly #begin = (): void => {
    const { missing } = sortedOut(this.#wanted, this.pieces);
    const take = (piece: ServedFigures) => (this.pieces = [...this.pieces, piece]);
    if (missing.length > 0) void this.#computation.start(missing, take);
    else this.#computation.stop();
  };

  /** How many connections have a message in each round. */
  get #active(): number {
    return Math.min(this.settings.active, this.settings.connections);
  }

  /** The figures that are there, by way. */
  get #figures(): ReadonlyMap<string, WaitingFigures> {
    const { there } = sortedOut(this.#wanted, this.pieces);
    return new Map(there.flatMap((piece) => ("figures" in piece ? [[piece.way, piece.figures]] : [])));
  }

  override render(): TemplateResult {
    const t = texts(this.locale);
    const { isRunning, state: how } = this.#computation;
    const { connections, rounds } = this.settings;
    const figures = this.#figures;
    const digests = new Set([...figures.values()].map(({ digest }) => digest));
    const values = { connections: formatCount(connections), active: formatCount(this.#active), rounds };
    const [digest] = digests;
    return html`<p>
        ${
          isRunning || digest === undefined
            ? t("figures_lead_running", values)
            : t("figures_lead", { ...values, digest: digest.slice(0, 8) })
        }
        ${digests.size > 1 ? html`<strong>${t("figures_differ")}</strong>` : nothing}
      </p>
      <div class="bar" ?hidden=${how === "none" || how === "done"}>
        ${progressView(this.#computation, this.locale)}
        ${how === "cancelled" ? html`<button @click=${this.#begin}>${t("compute_rest")}</button>` : nothing}
      </div>
      ${sortedOut(this.#wanted, this.pieces).there.map((piece) =>
        "error" in piece
          ? html`<p class="hint">${t("failed_way", { way: wayName(t, piece.way), reason: piece.error })}</p>`
          : nothing,
      )}
      ${figures.size === 0 ? nothing : html`<div class="bars">${barsView(t, figures)}</div>`}
      ${this.#table(t, t("figures_caption"), servingColumns(t), figures)}
      ${this.#table(t, t("figures_setup"), setUpColumns(t), figures)}
      <section>
        <h2>${t("notes_title")}</h2>
        <ul class="hint">
          <li>${t("note_latency")}</li>
          <li>${t("note_cpu")}</li>
          <li>${t("note_vain")}</li>
          <li>${t("note_memory")}</li>
          <li>${t("note_connections")}</li>
        </ul>
      </section>`;
  }

  #table(
    t: T,
    caption: string,
    columns: readonly Column[],
    figures: ReadonlyMap<string, WaitingFigures>,
  ): TemplateResult {
    return html`<div class="scroll" tabindex="0" role="group" aria-label=${caption}>
      <table>
        <caption>
          ${caption}
        </caption>
        <thead>
          <tr>
            <th scope="col">${t("column_way")}</th>
            ${columns.map(([heading]) => html`<th scope="col">${heading}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${this.settings.ways.map((way) => {
            const found = figures.get(way);
            const limit = limitOf(t, way, this.settings.connections);
            return html`<tr>
              <th scope="row"><a href=${wayHref(way)}>${wayName(t, way)}</a></th>
              ${
                found
                  ? columns.map(([, text]) => html`<td>${text(found)}</td>`)
                  : html`<td class="limit" colspan=${columns.length}>
                      ${limit ?? "…"}
                      ${way === "select" && limit !== null ? html`· <a href="#/run/select-1024">${t("limit_question")}</a>` : nothing}
                    </td>`
              }
            </tr>`;
          })}
        </tbody>
      </table>
    </div>`;
  }
}

/** A number, and how many of it a message takes. */
function servingColumns(t: T): readonly Column[] {
  return [
    [t("column_syscalls"), ({ syscalls }) => formatCount(syscalls)],
    [t("column_empty"), ({ empty }) => formatCount(empty)],
    [t("column_mode"), ({ modeSwitches }) => formatCount(modeSwitches)],
    [t("column_context"), ({ contextSwitches }) => formatCount(contextSwitches)],
    [t("column_wakeups"), ({ wakeups }) => formatCount(wakeups)],
    [t("column_vain"), ({ wakeupsInVain }) => formatCount(wakeupsInVain)],
    [t("column_polls"), ({ polls }) => formatCount(polls)],
    [t("column_cpu"), ({ cpuTime }) => formatTime(cpuTime)],
    [t("column_worked"), ({ worked }) => (worked === 0 ? "–" : formatTime(worked))],
    [t("column_median"), ({ latency }) => formatTime(latency.median)],
    [t("column_p95"), ({ latency }) => formatTime(latency.p95)],
  ];
}

function setUpColumns(t: T): readonly Column[] {
  return [
    [t("column_setup_calls"), ({ setUp }) => formatCount(setUp.syscalls)],
    [t("column_setup_cpu"), ({ setUp }) => formatTime(setUp.cpuTime)],
    [t("column_memory"), ({ setUp }) => formatSize(setUp.memory)],
    [
      t("figures_objects"),
      ({ setUp }) =>
        setUp.objects
          .slice(0, 2)
          .map(({ count, kind }) => t("objects", { count: formatCount(count), kind }))
          .join(t("between_objects")) || "–",
    ],
  ];
}

function barsView(t: T, figures: ReadonlyMap<string, WaitingFigures>): TemplateResult[] {
  const all = [...figures];
  const bars = (title: string, of: (found: WaitingFigures) => number, format: (value: number) => string) =>
    html`<iop-bars
      .title=${title}
      .bars=${all.map(([way, found]) => ({ name: wayName(t, way), value: of(found), text: format(of(found)) }))}
    ></iop-bars>`;
  return [
    bars(t("bars_cpu"), ({ cpuTime, messages }) => cpuTime / messages, formatTime),
    bars(t("bars_latency"), ({ latency }) => latency.median, formatTime),
    bars(t("bars_calls"), ({ syscalls, messages }) => syscalls / messages, formatRatio),
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-way-figures": IopWayFigures;
  }
}
