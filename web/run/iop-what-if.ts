import { LitElement, type PropertyValues, type TemplateResult, css, html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { fire } from "../app/events.ts";
import { errorNotice } from "../app/notices.ts";
import { type TaskObject, objectsOf } from "../../lib/see/inspect.ts";
import { shared } from "../app/styles.ts";
import { type Locale, type MessageKey, type Translate, translator } from "../i18n/catalogue.ts";
import type { Frame } from "../model/frame.ts";
import type { CompareRoute } from "../model/route.ts";
import { Run } from "../model/run.ts";
import type { Choice } from "../scenarios/changes.ts";
import { scenarioOf } from "../scenarios/own-program.ts";
import type { Change, SharedRun } from "../share/share.ts";

/** What can be made to fail, and what it is called. */
const FAULTS: readonly { readonly text: MessageKey; readonly change: (tick: number) => Change }[] = [
  { text: "what_if_allocation", change: (tick) => ({ kind: "fail-allocation", tick }) },
  { text: "what_if_drop_in", change: (tick) => ({ kind: "drop-packet", tick, direction: "in" }) },
  { text: "what_if_drop_out", change: (tick) => ({ kind: "drop-packet", tick, direction: "out" }) },
  { text: "what_if_disk_read", change: (tick) => ({ kind: "fail-disk", tick, operation: "read" }) },
  { text: "what_if_disk_write", change: (tick) => ({ kind: "fail-disk", tick, operation: "write" }) },
];

/** Signals that can be sent, by number. */
const SIGNALS: Readonly<Record<string, number>> = { SIGINT: 2, SIGKILL: 9, SIGUSR1: 10, SIGTERM: 15 };

/** States of a task to which nothing can be sent any more. */
const ENDED: ReadonlySet<string> = new Set(["DEAD", "ZOMBIE"]);

/**
 * What could go differently from here on: another task goes first, something fails, a signal comes. What is chosen
 * runs beside the run as it was.
 *
 * @fires iop-go     the page of both runs
 * @fires iop-close  it was closed
 * @fires iop-notice the run in which choices are looked for has failed
 */
@customElement("iop-what-if")
class IopWhatIf extends LitElement {
  static override styles = [
    shared,
    css`
      dialog {
        width: min(560px, calc(100vw - 24px));
        padding: 18px 22px;
        border: 1px solid var(--iop-line);
        border-radius: 12px;
        background: var(--iop-raised);
        color: var(--iop-ink);
      }
      .top {
        display: flex;
        gap: 12px;
        align-items: center;
        justify-content: space-between;
      }
      dialog::backdrop {
        background: rgb(0 0 0 / 45%);
      }
      h2 {
        color: var(--iop-ink);
        font-size: 18px;
        letter-spacing: 0;
        text-transform: none;
      }
      h3 {
        margin: 16px 0 6px;
      }
      p {
        margin: 6px 0;
      }
      .options {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
    `,
  ];

  @property() locale: Locale = "en";
  @property({ attribute: false }) run: SharedRun | null = null;
  /** Where the run stands. */
  @property({ attribute: false }) frame: Frame | null = null;
  @property({ type: Boolean }) open = false;
  /** The next moment at which several tasks could go on; null: there is none; undefined: it is being looked for. */
  @state() private choice: Choice | null | undefined;
  /** Names of tasks, by number. */
  @state() private names: ReadonlyMap<number, string> = new Map();
  @query("dialog") private readonly dialog!: HTMLDialogElement | null;
  #looking = new AbortController();

  override render(): TemplateResult {
    const t = translator(this.locale);
    return html`<dialog aria-labelledby="title" @close=${this.#closed}>
      <div class="top">
        <h2 id="title">${t("what_if_title")}</h2>
        <form method="dialog"><button>${t("close")}</button></form>
      </div>
      <p class="quiet">${t("what_if_lead")}</p>
      ${this.run ? this.#options(t) : html`<p>${t("what_if_recorded")}</p>`}
    </dialog>`;
  }

  readonly #closed = () => {
    this.#looking.abort();
    fire(this, "iop-close");
  };

  #options(t: Translate): TemplateResult {
    const tick = this.frame?.tick ?? 0;
    const tasks = this.frame ? objectsOf(this.frame.inspection, "TaskStruct").filter(isAlive) : [];
    return html`<h3>${t("what_if_order")}</h3>
      <div class="options">${this.#order(t)}</div>
      <h3>${t("what_if_fault")}</h3>
      <div class="options">${FAULTS.map(({ text, change }) => this.#button(t(text), change(tick)))}</div>
      ${
        tasks.length > 0
          ? html`<h3>${t("what_if_signal")}</h3>
              <div class="options">
                ${tasks.flatMap(({ pid, comm }) =>
                  Object.entries(SIGNALS).map(([name, signal]) =>
                    this.#button(`${name} → ${comm} (${pid})`, { kind: "signal", tick, pid, signal }),
                  ),
                )}
              </div>`
          : nothing
      }`;
  }

  #order(t: Translate): TemplateResult | TemplateResult[] {
    const { choice } = this;
    if (choice === undefined) return html`<p class="quiet" role="status">${t("what_if_looking")}</p>`;
    if (choice === null) return html`<p class="quiet">${t("what_if_no_choice")}</p>`;
    const [, ...others] = choice.pids;
    return others.map((pid) => {
      const name = this.names.get(pid) ?? t("what_if_task");
      return this.#button(t("what_if_goes", { name, pid }), { kind: "choose", tick: choice.tick, pid });
    });
  }

  #button(text: string, change: Change): TemplateResult {
    return html`<button @click=${() => this.#choose(change)}>${text}</button>`;
  }

  #choose(change: Change): void {
    const run = this.run!;
    const route: CompareRoute = { page: "compare", left: run, right: run, changes: [change], step: null };
    this.dialog?.close();
    fire(this, "iop-go", { route });
  }

  /** Looks for the next choice: in a run whose order is by hand, at the same time. */
  async #look(): Promise<void> {
    const { run, frame } = this;
    this.choice = undefined;
    if (!run || !frame) return;
    const { signal } = (this.#looking = new AbortController());
    try {
      const { kernel, choices } = await scenarioOf(run, signal)!.start({ changes: [], byHand: true });
      if (signal.aborted) return;
      const found = new Run(kernel);
      this.names = new Map(kernel.tasks.map(({ pid, name }) => [pid, name]));
      this.choice = choices.find(({ tick }) => found.timeAt(tick) >= frame.time) ?? null;
    } catch (error) {
      if (signal.aborted) return;
      this.choice = null;
      fire(this, "iop-notice", { notice: errorNotice(error, true, translator(this.locale)) });
    }
  }

  protected override updated(changes: PropertyValues<this>): void {
    if (!changes.has("open") || !this.dialog) return;
    if (this.open && !this.dialog.open) {
      this.dialog.showModal();
      void this.#look();
    } else if (!this.open && this.dialog.open) this.dialog.close();
  }
}

function isAlive({ state: stateOf, comm }: TaskObject): boolean {
  return !ENDED.has(stateOf) && comm !== "";
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-what-if": IopWhatIf;
  }
}
