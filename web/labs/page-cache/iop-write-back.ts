import { LitElement, type PropertyValues, type TemplateResult, css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { WriteEvent, WriteRun } from "../../../lib/cache/write-back.ts";
import { listenerOf } from "../../app/events.ts";
import { shared } from "../../app/styles.ts";
import type { Chart } from "../../charts/chart.ts";
import "../../charts/iop-chart.ts";
import { type Locale, type Translate, translatorOf } from "../../i18n/catalogue.ts";
import { type TextKey, texts } from "../../i18n/pages/page-cache.ts";
import { formatTime } from "../../model/format.ts";
import { Computation } from "../computation.ts";
import { writeChart } from "./charts.ts";
import { type Choice, field } from "./field.ts";
import "./iop-lru-lists.ts";
import { stepTexts } from "./iop-steps.ts";
import { legend, legendStyles } from "./legend.ts";
import { type LabSettings, offered } from "./settings.ts";
import { partStyles } from "./styles.ts";

const SIZES = [100, 400, 2048, 4096, 16_384] as const;
const RATES = [100, 200, 1000, 10_000, 1_000_000] as const;
/** So many lines are listed. */
const SHOWN = 30;

/** An event, or several of one kind in a row. */
interface Line {
  readonly event: WriteEvent;
  readonly count: number;
}

/** Pauses one after another are one line: the event with the most dirty pages stands for them. */
function linesOf(events: readonly WriteEvent[]): Line[] {
  const lines: Line[] = [];
  for (const event of events) {
    const last = lines.at(-1);
    if (last?.event.why === "pause" && event.why === "pause") {
      const dirty = Math.max(last.event.dirty, event.dirty);
      lines[lines.length - 1] = { event: { ...last.event, dirty }, count: last.count + 1 };
    } else lines.push({ event, count: 1 });
  }
  return lines;
}

/** The sample with which most pages are dirty or being written. */
function fullest({ samples }: WriteRun): number {
  const count = (i: number) => samples[i]!.dirty + samples[i]!.writeback;
  return samples.reduce((best, _, i) => (count(i) > count(best) ? i : best), 0);
}

/** A program writes: dirty pages pile up, and are written by age, by threshold, or for fsync(). */
@customElement("iop-write-back")
export class IopWriteBack extends LitElement {
  static override styles = [
    shared,
    partStyles,
    legendStyles,
    css`
      ol li {
        display: flex;
        gap: 16px;
        padding: 4px 0;
        border-bottom: 1px solid var(--iop-rule);
      }
      .time {
        flex: none;
        min-width: 9ch;
        text-align: end;
      }
    `,
  ];

  @property() locale: Locale = "en";
  @property({ attribute: false }) settings!: LabSettings;
  @state() private run: WriteRun | null = null;
  /** Which sample is shown. */
  @state() private at = 0;
  readonly #computation = new Computation(this, "writeBack");
  #chart: Chart | null = null;

  constructor() {
    super();
    listenerOf(this)<{ at: number }>("iop-step", ({ at }) => (this.at = at));
  }

  readonly #t: Translate<TextKey> = (key, values) => translatorOf(texts, this.locale)(key, values);

  protected override willUpdate(changes: PropertyValues): void {
    const before = changes.get("settings") as LabSettings | undefined;
    if (changes.has("locale") && this.run) this.#chart = writeChart(this.run, this.#t);
    if (!changes.has("settings") || before?.write === this.settings.write) return;
    void this.#computation.start(this.settings.write, (run) => {
      this.run = run;
      this.#chart = writeChart(run, this.#t);
      this.at = fullest(run);
    });
  }

  #fields(): TemplateResult {
    const t = this.#t;
    const { size, rate, fsync, disk } = this.settings.write;
    const written = (count: number): Choice => [
      String(count),
      count % 1024 === 0 ? t("mib", { count: count / 1024 }) : t("kib", { count }),
    ];
    const fast = (count: number): Choice => [
      String(count),
      count % 1000 === 0 ? t("mib_s", { count: count / 1000 }) : t("kib_s", { count }),
    ];
    return html`<div class="fields">
      ${field("written", t("write_size"), size, offered(SIZES, size).map(written))}
      ${field("rate", t("write_rate"), rate, offered(RATES, rate).map(fast))}
      ${field("fsync", t("write_fsync"), fsync, [
        ["never", t("fsync_never")],
        ["end", t("fsync_end")],
        ["each MiB", t("fsync_each")],
      ])}
      ${field("wdisk", t("disk"), disk, [
        ["flash", t("disk_flash")],
        ["rotating", t("disk_rotating")],
      ])}
    </div>`;
  }

  override render(): TemplateResult {
    const t = this.#t;
    const { run } = this;
    const { state: how, reason } = this.#computation;
    return html`<h2>${t("write_title")}</h2>
      <p>${t("write_lead")}</p>
      ${this.#fields()}
      <p role="status" class=${how === "failed" ? "bad" : ""}>
        ${
          how === "failed"
            ? t("failed", { reason })
            : run
              ? t("write_took", { time: formatTime(run.time), pauses: run.pauses })
              : t("running")
        }
      </p>
      ${
        run
          ? html`<iop-chart .locale=${this.locale} .chart=${this.#chart}></iop-chart> ${this.#lists(run)}
              ${this.#events(run)}`
          : nothing
      }`;
  }

  /** The lists, in which one sees which pages are dirty. */
  #lists({ lists, samples }: WriteRun): TemplateResult {
    const t = this.#t;
    const { locale, at } = this;
    const { time, dirty, writeback } = samples[at]!;
    const position = t("write_position", { time: formatTime(time), dirty, writeback });
    const transport = stepTexts(t, "write_transport");
    return html`<h3>${t("lists")}</h3>
      <iop-steps .at=${at} .last=${samples.length - 1} .position=${position} .texts=${transport}></iop-steps>
      <iop-lru-lists .locale=${locale} .lists=${lists} .at=${at}></iop-lru-lists>
      ${legend(["owner_written", "mark_dirty", "mark_writeback", "mark_referenced", "mark_plain"], t)}`;
  }

  #events({ events }: WriteRun): TemplateResult {
    const t = this.#t;
    const lines = linesOf(events);
    return html`<h3>${t("write_events")}</h3>
      ${
        lines.length === 0
          ? html`<p class="quiet">${t("write_none")}</p>`
          : html`<ol>
              ${lines.slice(0, SHOWN).map(({ event: { time, why, dirty, pages }, count }) => {
                const key = why === "pause" && count > 1 ? "event_pauses" : (`event_${why}` as const);
                return html`<li>
                  <span class="time mono quiet">${formatTime(time)}</span
                  ><span>${t(key, { dirty, pages, count })}</span>
                </li>`;
              })}
            </ol>`
      }
      ${lines.length > SHOWN ? html`<p class="quiet">${t("log_more", { count: SHOWN })}</p>` : nothing}`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-write-back": IopWriteBack;
  }
}
