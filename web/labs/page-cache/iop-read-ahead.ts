import { LitElement, type PropertyValues, type TemplateResult, css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { FILE_PAGES, PageState } from "../../../lib/cache/patterns.ts";
import type { ReadStep } from "../../../lib/cache/read-ahead.ts";
import { listenerOf } from "../../app/events.ts";
import { shared } from "../../app/styles.ts";
import { type Locale, type Translate, translatorOf } from "../../i18n/catalogue.ts";
import { type TextKey, texts } from "../../i18n/pages/page-cache.ts";
import { Computation } from "../computation.ts";
import { field } from "./field.ts";
import { stepTexts } from "./iop-steps.ts";
import { type LabSettings, PATTERNS } from "./settings.ts";
import { partStyles } from "./styles.ts";

const PATTERN_KEYS: Readonly<Record<string, TextKey>> = {
  "4 KiB": "ahead_4k",
  "64 KiB": "ahead_64k",
  middle: "ahead_middle",
  scattered: "ahead_scattered",
  POSIX_FADV_SEQUENTIAL: "ahead_sequential",
  POSIX_FADV_RANDOM: "ahead_random",
  mmap: "ahead_mmap",
};

/** A window, and the call with which it opened, from 1. */
interface Opened {
  readonly call: number;
  readonly step: ReadStep;
}

/** The windows of a run in the order in which they opened. */
function openedIn(steps: readonly ReadStep[]): Opened[] {
  return steps.flatMap((step, i) => {
    const before = steps[i - 1];
    const isNew = step.size > 0 && (before?.start !== step.start || before.size !== step.size);
    return isNew ? [{ call: i + 1, step }] : [];
  });
}

/** The windows of a reader: what is read ahead of a program that goes through a file, call by call. */
@customElement("iop-read-ahead")
export class IopReadAhead extends LitElement {
  static override styles = [
    shared,
    partStyles,
    css`
      .file {
        display: grid;
        grid-template-columns: repeat(64, 1fr);
        gap: 3px 1px;
        margin: 8px 0;
      }
      .file i {
        position: relative;
        height: 16px;
        border: 1px solid var(--iop-rule);
        border-radius: 1px;
      }
      .file .reading {
        border-color: var(--iop-dma);
        background: repeating-linear-gradient(135deg, var(--iop-dma) 0 1px, transparent 1px 4px);
      }
      .file .cached {
        border-color: var(--iop-page);
        background: var(--iop-page);
      }
      .file .window {
        box-shadow: 0 3px 0 -1px var(--iop-eventpoll);
      }
      .file .marked::after {
        content: "";
        position: absolute;
        inset: 2px calc(50% - 3px) auto;
        border: 3px solid transparent;
        border-top: 5px solid var(--iop-ink);
      }
      .file .cached.marked::after {
        border-top-color: var(--iop-paper);
      }
      .file .wanted {
        outline: 2px solid var(--iop-changed);
        outline-offset: 0;
        z-index: 1;
      }
      .legend {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 18px;
        margin: 0 0 12px;
        padding: 0;
        font-size: 12px;
        color: var(--iop-quiet);
        list-style: none;
      }
      .legend .file {
        display: inline-block;
        margin: 0;
        vertical-align: -4px;
      }
      .legend .file i {
        display: inline-block;
        width: 12px;
      }
      .track {
        position: relative;
        display: block;
        min-width: 220px;
        height: 14px;
        background: var(--iop-kernel);
      }
      .bar {
        position: absolute;
        inset-block: 2px;
        border: 1px solid var(--iop-eventpoll);
        border-radius: 2px;
      }
      .bar b {
        position: absolute;
        inset-block: 0;
        right: 0;
        background: repeating-linear-gradient(90deg, var(--iop-eventpoll) 0 2px, transparent 2px 4px);
      }
      td.wide {
        width: 60%;
      }
      table {
        width: 100%;
      }
      tr.later {
        opacity: 0.35;
      }
      @media (max-width: 600px) {
        .file {
          grid-template-columns: repeat(32, 1fr);
        }
      }
    `,
  ];

  @property() locale: Locale = "en";
  @property({ attribute: false }) settings!: LabSettings;
  @state() private steps: readonly ReadStep[] = [];
  /** Which call is shown, from 0. */
  @state() private at = 0;
  readonly #computation = new Computation(this, "readAhead");

  constructor() {
    super();
    listenerOf(this)<{ at: number }>("iop-step", ({ at }) => (this.at = at));
  }

  readonly #t: Translate<TextKey> = (key, values) => translatorOf(texts, this.locale)(key, values);

  protected override willUpdate(changes: PropertyValues): void {
    const before = changes.get("settings") as LabSettings | undefined;
    if (!changes.has("settings") || before?.pattern === this.settings.pattern) return;
    void this.#computation.start({ pattern: this.settings.pattern }, (steps) => {
      this.steps = steps;
      this.at = Math.min(1, steps.length - 1);
    });
  }

  override render(): TemplateResult {
    const t = this.#t;
    const { steps, at, settings } = this;
    const step = steps[at];
    const { state: how, reason } = this.#computation;
    const transport = { ...stepTexts(t, "ahead_transport"), back: t("ahead_back"), step: t("ahead_step") };
    const position = t("ahead_position", { call: at + 1, calls: steps.length });
    return html`<h2>${t("ahead_title")}</h2>
      <p>${t("ahead_lead")}</p>
      <div class="fields">
        ${field(
          "ahead",
          t("ahead_pattern"),
          settings.pattern,
          PATTERNS.map((name) => [name, t(PATTERN_KEYS[name]!)]),
        )}
      </div>
      ${how === "failed" ? html`<p class="bad" role="status">${t("failed", { reason })}</p>` : nothing}
      ${
        step
          ? html`<iop-steps .at=${at} .last=${steps.length - 1} .position=${position} .texts=${transport}></iop-steps>
              <p aria-live="polite" style="margin-top: 8px">${this.#said(step)}</p>
              ${this.#file(step)} ${this.#windows()}`
          : html`<p class="quiet" role="status">${t("running")}</p>`
      }`;
  }

  #said({ page, pages, start, size, asyncSize, hits, misses }: ReadStep): string {
    const t = this.#t;
    const key = size === 0 ? "ahead_now_none" : this.settings.pattern === "mmap" ? "ahead_now_fault" : "ahead_now";
    const window = { start, size, async: asyncSize };
    const what = t(pages === 1 ? "ahead_page" : "ahead_pages", { first: page, last: page + pages - 1 });
    return t(key, { call: this.at + 1, what, ...window, found: hits, missed: misses });
  }

  #file({ states, page, pages, start, size }: ReadStep): TemplateResult {
    const t = this.#t;
    const count = (wanted: number) => states.reduce((sum, one) => sum + ((one & 3) === wanted ? 1 : 0), 0);
    const said = t("ahead_states", {
      cached: count(PageState.cached),
      reading: count(PageState.reading),
      absent: count(PageState.absent),
    });
    const look = (index: number) => {
      const one = states[index]!;
      const kind = ["", "reading", "cached"][one & 3]!;
      const isWanted = index >= page && index < page + pages;
      const isWindow = index >= start && index < start + size;
      return `${kind} ${one & PageState.marked ? "marked" : ""} ${isWanted ? "wanted" : ""} ${isWindow ? "window" : ""}`;
    };
    const sign = (name: string, key: TextKey) =>
      html`<li>
        <span class="file" aria-hidden="true"><i class=${name}></i></span> ${t(key)}
      </li>`;
    return html`<h3>${t("ahead_file", { count: FILE_PAGES })}</h3>
      <div class="file" role="img" aria-label=${said}>
        ${Array.from({ length: FILE_PAGES }, (_, index) => html`<i class=${look(index)}></i>`)}
      </div>
      <ul class="legend" aria-label=${t("legend")}>
        ${sign("", "ahead_absent")} ${sign("reading", "ahead_reading")} ${sign("cached", "ahead_cached")}
        ${sign("cached marked", "ahead_marked")} ${sign("wanted", "ahead_wanted")} ${sign("window", "ahead_window")}
      </ul>`;
  }

  /** The windows as a staircase, which is a table as well. */
  #windows(): TemplateResult | typeof nothing {
    const t = this.#t;
    const opened = openedIn(this.steps);
    if (opened.length === 0) return nothing;
    const share = (pages: number) => (100 * pages) / FILE_PAGES;
    return html`<h3>${t("ahead_windows")}</h3>
      <div class="scroll" tabindex="0" role="group" aria-label=${t("ahead_windows")}>
        <table>
          <thead>
            <tr>
              <th scope="col">${t("ahead_call")}</th>
              <th scope="col"><code>${t("ahead_start")}</code></th>
              <th scope="col"><code>${t("ahead_size")}</code></th>
              <th scope="col"><code>${t("ahead_async")}</code></th>
              <th scope="col">${t("ahead_mark")}</th>
              <td></td>
            </tr>
          </thead>
          <tbody>
            ${opened.map(({ call, step: { start, size, asyncSize } }) => {
              const width = Math.min(share(size), 100 - share(start));
              return html`<tr class=${call > this.at + 1 ? "later" : ""}>
                <th scope="row">${call}</th>
                <td>${start}</td>
                <td>${size}</td>
                <td>${asyncSize}</td>
                <td>${start + size - asyncSize}</td>
                <td class="wide">
                  <span class="track" aria-hidden="true"
                    ><span class="bar" style="left: ${Math.min(100, share(start))}%; width: ${Math.max(0, width)}%"
                      ><b style="width: ${(100 * asyncSize) / size}%"></b></span
                  ></span>
                </td>
              </tr>`;
            })}
          </tbody>
        </table>
      </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-read-ahead": IopReadAhead;
  }
}
