import { LitElement, type TemplateResult, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { FirstPhase, SecondPhase } from "../../../lib/waiting/square.ts";
import type { Evidence } from "../../../lib/waiting/watch.ts";
import { saying } from "../../app/events.ts";
import { shared } from "../../app/styles.ts";
import type { Locale } from "../../i18n/catalogue.ts";
import { Computation } from "../computation.ts";
import { progressView } from "../progress-view.ts";
import type { WayEvidence } from "./jobs.ts";
import { wayStyles } from "./way-styles.ts";
import { IDS } from "./settings.ts";
import { type Stone, stonesOf } from "./stones.ts";
import { squareStyles } from "./square-styles.ts";
import { type T, texts, wayHref, wayName } from "./words.ts";

const FIRST: readonly FirstPhase[] = ["blocking", "non-blocking"];
const SECOND: readonly SecondPhase[] = ["synchronous", "asynchronous"];

/**
 * The square of blocking and synchronous: each way where the records of its messages put it.
 *
 * @fires iop-set  a way was chosen, to see its evidence
 */
@customElement("iop-way-square")
export class IopWaySquare extends LitElement {
  static override styles = [shared, wayStyles, squareStyles];

  @property() locale: Locale = "en";
  /** The chosen way; empty: none. */
  @property() way = "";
  @state() private pieces: readonly WayEvidence[] = [];
  readonly #computation = new Computation(this, "placing");

  protected override willUpdate(): void {
    if (!this.hasUpdated) void this.#computation.start(IDS, (piece) => (this.pieces = [...this.pieces, piece]));
  }

  override render(): TemplateResult {
    const t = texts(this.locale);
    const { pieces } = this;
    const { isRunning, reason } = this.#computation;
    const stones = pieces.flatMap(stonesOf);
    const chosen = pieces.find(({ way }) => way === this.way);
    return html`<p>${t("square_lead")}</p>
      <div class="bar" ?hidden=${!isRunning && reason === ""}>${progressView(this.#computation, this.locale)}</div>
      <div class="both">
        <div>
          ${this.#table(t, stones)}
          <ul class="key hint">
            <li><span class="stone">A</span> ${t("square_solid")}</li>
            <li><span class="stone idle">A</span> ${t("square_hollow")}</li>
          </ul>
        </div>
        <div class="card evidence" aria-live="polite">
          ${chosen ? evidenceView(t, chosen) : html`<p class="hint">${t("square_choose")}</p>`}
        </div>
      </div>
      <section>
        <h2>${t("debate_title")}</h2>
        <ul class="debate">
          <li>${t("debate_epoll")}</li>
          <li>${t("debate_select")}</li>
          <li>${t("debate_idle")}</li>
          <li>${t("debate_posix")}</li>
        </ul>
      </section>`;
  }

  #table(t: T, stones: readonly Stone[]): TemplateResult {
    return html`<table class="square">
      <thead>
        <tr>
          <td></td>
          ${FIRST.map(
            (first) =>
              html`<th scope="col"><b>${t(`square_${first}`)}</b> <span>${t(`square_${first}_hint`)}</span></th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${SECOND.map(
          (second) =>
            html`<tr>
              <th scope="row"><b>${t(`square_${second}`)}</b> <span>${t(`square_${second}_hint`)}</span></th>
              ${FIRST.map((first) => {
                const here = stones.filter(({ place }) => place.first === first && place.second === second);
                return html`<td>
                  <div class="field">${here.map((stone) => this.#stone(t, stone))}</div>
                  ${here.length > 0 || this.#computation.isRunning ? nothing : html`<p class="hint">${t("square_none")}</p>`}
                </td>`;
              })}
            </tr>`,
        )}
      </tbody>
    </table>`;
  }

  #stone(t: T, { way, isIdle }: Stone): TemplateResult {
    return html`<button
      class="stone ${isIdle ? "idle" : ""}"
      aria-pressed=${way === this.way}
      @click=${saying("iop-set", { way })}
    >
      ${wayName(t, way)} ${isIdle ? html`<small>${t("square_idle")}</small>` : nothing}
    </button>`;
  }
}

/** What the records say of a way's messages. */
function evidenceView(t: T, all: WayEvidence): TemplateResult {
  const linked = (tick: number) => html`<a href=${wayHref(all.way, tick)}>${t("evidence_link", { tick })}</a>`;
  return html`${stonesOf(all).map(({ place, isIdle }) => {
    const messages = isIdle ? all.idle : all.evidence;
    return html`<h2>
        ${t("evidence", { way: wayName(t, all.way), first: t(`square_${place.first}`), second: t(`square_${place.second}`) })}
        ${isIdle ? t("square_idle") : nothing}
      </h2>
      <p class="hint">
        ${t("evidence_agree", { agree: place.agree, of: place.of })} ${isIdle ? t("evidence_idle") : nothing}
      </p>
      <ol>
        ${messages.map(
          (message) =>
            html`<li>
              ${readyText(t, message)} ${copiedText(t, message)}
              ${t("evidence_answered", { tick: message.answered.tick })}
              ${isIdle ? nothing : html`<span class="links">→ ${linked(message.ready.tick)} · ${linked(message.copied.tick)}</span>`}
            </li>`,
        )}
      </ol>`;
  })}`;
}

function readyText(t: T, { ready: { tick, asleep } }: Evidence): string {
  return asleep === null ? t("evidence_ready_awake", { tick }) : t("evidence_ready_asleep", { tick, call: asleep });
}

function copiedText(t: T, { copied: { tick, pid, call, result }, answered, length }: Evidence): string {
  if (pid !== answered.pid) return t("evidence_copied_other", { tick, pid, call, answerer: answered.pid });
  if (call === "") return t("evidence_copied_none", { tick });
  const values = { tick, call, result: result ?? "–" };
  return result === length ? t("evidence_copied_own", values) : t("evidence_copied_ring", values);
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-way-square": IopWaySquare;
  }
}
