import { LitElement, type PropertyValues, type TemplateResult, css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { figuresOf, hotLosses, spanOf } from "../../../lib/cache/figures.ts";
import type { StreamRun, StreamSample } from "../../../lib/cache/stream.ts";
import { fire, listenerOf } from "../../app/events.ts";
import { shared } from "../../app/styles.ts";
import type { Chart } from "../../charts/chart.ts";
import "../../charts/iop-chart.ts";
import { type Locale, type Translate, translatorOf } from "../../i18n/catalogue.ts";
import { type TextKey, texts } from "../../i18n/pages/page-cache.ts";
import { formatCount, formatTime } from "../../model/format.ts";
import { Computation } from "../computation.ts";
import { listsChart, percent, reclaimChart } from "./charts.ts";
import "./iop-lru-lists.ts";
import { stepTexts } from "./iop-steps.ts";
import "./iop-stream-log.ts";
import "./iop-stream-settings.ts";
import { type Sign, legend, legendStyles } from "./legend.ts";
import type { LabSettings } from "./settings.ts";
import { partStyles } from "./styles.ts";

const SIGNS: readonly Sign[] = [
  "owner_hot",
  "owner_stream",
  "mark_referenced",
  "mark_plain",
  "mark_reading",
  "mark_moved",
];

/**
 * Hot files and a stream: the two lists as they age, and why pages go.
 *
 * @fires iop-at       another sample was chosen: its number
 * @fires iop-settled  a run has ended, however
 */
@customElement("iop-stream-part")
export class IopStreamPart extends LitElement {
  static override styles = [
    shared,
    partStyles,
    legendStyles,
    css`
      .verdict {
        padding: 12px 16px;
        border-left: 3px solid var(--iop-copy);
        background: var(--iop-raised);
      }
      .charts {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 480px), 1fr));
        gap: 24px 32px;
        margin-top: 28px;
      }
      .now {
        min-height: 1.5em;
        margin: 6px 0 0;
        font-size: 13px;
      }
      .stale {
        opacity: 0.5;
      }
      h3 {
        margin-top: 18px;
      }
    `,
  ];

  @property() locale: Locale = "en";
  @property({ attribute: false }) settings!: LabSettings;
  @state() private run: StreamRun | null = null;
  /** A page that is outlined, by its number without marks; -1: none. */
  @state() private marked = -1;
  readonly #computation = new Computation(this, "streams");
  #wasRunning = false;
  #charts: readonly Chart[] = [];

  constructor() {
    super();
    const on = listenerOf(this);
    on<{ at: number }>("iop-step", ({ at }) => this.#go(at));
    on<{ at: number; identity: number }>("iop-page", ({ at, identity }) => {
      this.marked = identity;
      this.renderRoot.querySelector("iop-steps")?.pause();
      this.#go(at);
    });
  }

  readonly #t: Translate<TextKey> = (key, values) => translatorOf(texts, this.locale)(key, values);

  #go(at: number): void {
    fire(this, "iop-at", { at });
  }

  protected override willUpdate(changes: PropertyValues): void {
    if (this.run && (changes.has("run") || changes.has("locale"))) {
      this.#charts = [listsChart(this.run, this.#t), reclaimChart(this.run, this.#t)];
    }
    const before = changes.get("settings") as LabSettings | undefined;
    if (!changes.has("settings") || before?.stream === this.settings.stream) return;
    this.marked = -1;
    void this.#computation.start({ runs: [this.settings.stream], details: true }, (run) => {
      if (run) this.run = run;
    });
  }

  protected override updated(): void {
    const isRunning = this.#computation.isRunning;
    if (this.#wasRunning && !isRunning) fire(this, "iop-settled");
    this.#wasRunning = isRunning;
  }

  /** Which sample is shown. */
  #at(run: StreamRun): number {
    const [first, last] = spanOf(run);
    return Math.min(this.settings.at ?? Math.ceil((first + last) / 2), run.samples.length - 1);
  }

  override render(): TemplateResult {
    const t = this.#t;
    const { locale, run } = this;
    const { state, done, reason } = this.#computation;
    const at = run ? this.#at(run) : 0;
    return html`<h2>${t("stream_title")}</h2>
      <iop-stream-settings .locale=${locale} .settings=${this.settings.stream}></iop-stream-settings>
      <div role="status">
        ${
          state === "running"
            ? html`<p class="row">
                ${t("running")} <progress max="1" .value=${done} aria-label=${t("running")}></progress>
                <button @click=${() => this.#computation.cancel()}>${t("cancel")}</button>
              </p>`
            : state === "failed"
              ? html`<p class="bad">${t("failed", { reason })}</p>`
              : state === "cancelled"
                ? html`<p class="quiet">${t("cancelled")}</p>`
                : run
                  ? this.#verdict(run)
                  : nothing
        }
      </div>
      ${run ? html`<div class=${state === "running" ? "stale" : ""}>${this.#shown(run, at)}</div>` : nothing}`;
  }

  /** What became of the hot pages, in words. */
  #verdict(run: StreamRun): TemplateResult {
    const t = this.#t;
    const { before, during, cachedBefore, cachedAfter } = figuresOf(run);
    const { stream, way, passes } = run.settings;
    const losses = hotLosses(run);
    const lines: string[] = [];
    if (stream === 0) lines.push(t("verdict_none"));
    else if (cachedAfter >= cachedBefore) {
      const reclaimed = run.evictions.some(({ by }) => by !== "advice");
      const kept = way === "O_DIRECT" || way === "POSIX_FADV_DONTNEED" ? "verdict_kept_way" : "verdict_kept_room";
      lines.push(t(reclaimed && passes >= 2 ? "verdict_kept" : kept, { before: cachedBefore }));
    } else {
      const values = { before: cachedBefore, after: cachedAfter, during: percent(during, t), was: percent(before, t) };
      lines.push(t("verdict_lost", values));
      for (const why of ["once", "aged"] as const) {
        const count = losses.get(why) ?? 0;
        if (count > 0) lines.push(t(`verdict_lost_${why}`, { count }));
      }
    }
    return html`<p class="verdict">${lines.join(" ")}</p>
      <p class="quiet">${t("verdict_note")}</p>`;
  }

  #shown(run: StreamRun, at: number): TemplateResult {
    const t = this.#t;
    const { locale } = this;
    const transport = stepTexts(t, "transport");
    return html`<h3>${t("lists")}</h3>
      <iop-steps
        .at=${at}
        .last=${run.samples.length - 1}
        .position=${this.#position(run, at)}
        .texts=${transport}
      ></iop-steps>
      <p class="now quiet" aria-live="polite">${this.#now(run, at)}</p>
      <iop-lru-lists .locale=${locale} .lists=${run.lists} .at=${at} .marked=${this.marked}></iop-lru-lists>
      ${legend(SIGNS, t)} ${this.#table(run.samples[at]!)}
      <iop-stream-log .locale=${locale} .run=${run} .at=${at}></iop-stream-log>
      <div class="charts">
        ${this.#charts.map((chart) => html`<iop-chart .locale=${locale} .chart=${chart}></iop-chart>`)}
      </div>`;
  }

  #position({ samples, begin, end }: StreamRun, at: number): string {
    const t = this.#t;
    const { time, tick } = samples[at]!;
    const side = time < begin ? "before" : time <= end ? "during" : "after";
    const distance = formatTime(side === "before" ? begin - time : side === "during" ? time - begin : time - end);
    const where = t("position", { time: distance, side: t(`side_${side}`) });
    return `${where} · ${t("position_tick", { tick: formatCount(tick) })}`;
  }

  #now({ samples, evictions }: StreamRun, at: number): string {
    const [now, before] = [samples[at]!, samples[at - 1]];
    if (!before) return "";
    const went = evictions.filter(({ tick }) => tick > before.tick && tick <= now.tick).length;
    const pages = (sample: StreamSample) =>
      sample.hotActive + sample.hotInactive + sample.otherActive + sample.otherInactive;
    const misses = now.misses - before.misses;
    return this.#t("now", {
      served: now.hits - before.hits + misses,
      misses,
      came: pages(now) - pages(before) + went,
      went,
    });
  }

  #table({ hotActive, hotInactive, otherActive, otherInactive, free }: StreamSample): TemplateResult {
    const t = this.#t;
    const rows = [
      [t("owner_hot"), hotActive, hotInactive],
      [`${t("owner_stream")}, ${t("owner_other")}`, otherActive, otherInactive],
    ] as const;
    return html`<details>
      <summary>${t("list_table")}</summary>
      <div class="scroll" tabindex="0" role="group" aria-label=${t("list_table")}>
        <table>
          <thead>
            <tr>
              <th scope="col">${t("owner")}</th>
              <th scope="col">${t("list_active")}</th>
              <th scope="col">${t("list_inactive")}</th>
            </tr>
          </thead>
          <tbody>
            ${rows.map(
              ([name, active, inactive]) =>
                html`<tr>
                  <th scope="row">${name}</th>
                  <td>${active}</td>
                  <td>${inactive}</td>
                </tr>`,
            )}
          </tbody>
        </table>
        <p class="quiet">${t("free")}: ${free}</p>
      </div>
    </details>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-stream-part": IopStreamPart;
  }
}
