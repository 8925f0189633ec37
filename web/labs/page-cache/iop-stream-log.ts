import { LitElement, type PropertyValues, type TemplateResult, css, html } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { StreamRun } from "../../../lib/cache/stream.ts";
import { fire } from "../../app/events.ts";
import { shared } from "../../app/styles.ts";
import { type Locale, type Translate, translatorOf } from "../../i18n/catalogue.ts";
import { type TextKey, texts } from "../../i18n/pages/page-cache.ts";
import { formatCount } from "../../model/format.ts";
import { type LogLine, logOf, sampleAt, sentenceOf } from "./log.ts";
import { partStyles } from "./styles.ts";

/** So many lines are listed. */
const SHOWN = 40;

/**
 * Which pages went, and why, and which came back: up to the moment that is shown, the last first. A line leads to where
 * the page was still there.
 *
 * @fires iop-page  a line was chosen: the sample before it, and the page by its number without marks
 */
@customElement("iop-stream-log")
export class IopStreamLog extends LitElement {
  static override styles = [
    shared,
    partStyles,
    css`
      :host {
        padding: 0;
        border: 0;
      }
      ol {
        max-height: 340px;
        overflow-y: auto;
        border-top: 1px solid var(--iop-rule);
      }
      li button {
        display: flex;
        gap: 14px;
        width: 100%;
        padding: 5px 4px;
        border-radius: 4px;
        text-align: start;
      }
      li button.new {
        background: var(--iop-changed-fill);
      }
      .tick {
        flex: none;
        min-width: 13ch;
      }
      @media (max-width: 600px) {
        li button {
          flex-direction: column;
          gap: 0;
        }
      }
    `,
  ];

  @property() locale: Locale = "en";
  @property({ attribute: false }) run: StreamRun | null = null;
  /** Which sample is shown. */
  @property({ type: Number }) at = 0;
  @state() private all = false;
  #lines: readonly LogLine[] = [];

  readonly #t: Translate<TextKey> = (key, values) => translatorOf(texts, this.locale)(key, values);

  protected override willUpdate(changes: PropertyValues): void {
    if (changes.has("run")) this.#lines = this.run ? logOf(this.run) : [];
  }

  #choose(run: StreamRun, { tick, identity }: LogLine): void {
    fire(this, "iop-page", { at: Math.max(0, sampleAt(run, tick) - 1), identity });
  }

  /** The next hot page that goes behind what is shown, or the last one before. */
  #hot(run: StreamRun, direction: 1 | -1): LogLine | undefined {
    const hot = this.#lines.filter(({ isHot, what }) => isHot && what.kind === "gone");
    const at = (line: LogLine) => sampleAt(run, line.tick) - 1;
    return direction === 1 ? hot.find((line) => at(line) > this.at) : hot.findLast((line) => at(line) < this.at);
  }

  override render(): TemplateResult {
    const t = this.#t;
    const { run, all } = this;
    if (!run) return html``;
    const { tick } = run.samples[this.at]!;
    const since = run.samples[this.at - 1]?.tick ?? 0;
    const lines = this.#lines.filter((line) => line.tick <= tick && (all || line.isHot));
    const [next, previous] = [this.#hot(run, 1), this.#hot(run, -1)];
    return html`<h3>${t("log")}</h3>
      <div class="row">
        <div class="row" role="group" aria-label=${t("log")}>
          <button aria-pressed=${!all} @click=${() => (this.all = false)}>${t("log_hot")}</button>
          <button aria-pressed=${all} @click=${() => (this.all = true)}>${t("log_all")}</button>
        </div>
        <button ?disabled=${!previous} @click=${() => this.#choose(run, previous!)}>${t("log_previous")}</button>
        <button ?disabled=${!next} @click=${() => this.#choose(run, next!)}>${t("log_next")}</button>
      </div>
      ${
        lines.length === 0
          ? html`<p class="quiet" style="margin-top: 10px">${t(all ? "log_none" : "log_none_hot")}</p>`
          : html`<ol>
              ${lines
                .slice(-SHOWN)
                .reverse()
                .map(
                  (line) =>
                    html`<li>
                      <button class="plain ${line.tick > since ? "new" : ""}" @click=${() => this.#choose(run, line)}>
                        <span class="tick mono quiet">${t("log_tick", { tick: formatCount(line.tick) })}</span>
                        <span>${sentenceOf(line, t)}</span>
                      </button>
                    </li>`,
                )}
            </ol>`
      }
      ${lines.length > SHOWN ? html`<p class="quiet">${t("log_more", { count: SHOWN })}</p>` : ""}`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-stream-log": IopStreamLog;
  }
}
