import { LitElement, type PropertyValues, type TemplateResult, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { fire, listenerOf } from "../app/events.ts";
import { shared } from "../app/styles.ts";
import { type Locale, type Translate, translator, translatorOf } from "../i18n/catalogue.ts";
import { type LearnKey, learnTexts } from "../i18n/pages/learn.ts";
import { loadLearned, saveLearned } from "../model/settings.ts";
import type { Chapter } from "./chapter.ts";
import { CHAPTERS, type ChapterEntry } from "./chapters.ts";
import type { AnswerDetail } from "./iop-chapter.ts";
import "./iop-chapter.ts";
import { learnStyles } from "./learn-styles.ts";
import { NOTHING, type Progress, formatProgress, parseProgress, tallyOf, withAnswer, withRead } from "./progress.ts";

/**
 * The chapters: which there are and how far somebody has come, or one of them. What was read and answered is kept in
 * the browser, if it lets us.
 *
 * @fires iop-notice  a chapter cannot be shown: why
 */
@customElement("iop-learn")
export class IopLearn extends LitElement {
  static override styles = [shared, learnStyles];

  @property() locale: Locale = "en";
  /** Name of the chapter; empty: the list of all. */
  @property() chapter = "";
  /** Name of the passage in it; empty: where it begins. */
  @property() passage = "";
  @state() private progress: Progress = parseProgress(loadLearned());
  /** What was forgotten, for who did not mean to; null: nothing. */
  @state() private forgotten: Progress | null = null;
  @state() private loaded: { readonly entry: ChapterEntry; readonly chapter: Chapter } | null = null;

  constructor() {
    super();
    const on = listenerOf(this);
    on<{ passage: string }>("iop-read", ({ passage }) => {
      if (this.chapter !== "") this.#keep(withRead(this.progress, this.chapter, passage));
    });
    on<AnswerDetail>("iop-answer", ({ exercise, choice, right }) =>
      this.#keep(withAnswer(this.progress, this.chapter, exercise, choice, right)),
    );
  }

  #keep(progress: Progress): void {
    if (progress === this.progress) return;
    this.progress = progress;
    saveLearned(formatProgress(progress));
  }

  protected override willUpdate(changes: PropertyValues<this>): void {
    if (!changes.has("chapter")) return;
    this.loaded = null;
    this.forgotten = null;
    const entry = CHAPTERS.find(({ id }) => id === this.chapter);
    if (entry) void this.#load(entry);
  }

  async #load(entry: ChapterEntry): Promise<void> {
    try {
      const { chapter } = await entry.load();
      if (entry.id === this.chapter) this.loaded = { entry, chapter };
    } catch (error) {
      const text = translator(this.locale)("error_page");
      fire(this, "iop-notice", { notice: { kind: "error", text, detail: String(error) } });
    }
  }

  /** Resolves when everything is drawn. */
  protected override async getUpdateComplete(): Promise<boolean> {
    const result = await super.getUpdateComplete();
    await this.renderRoot.querySelector("iop-chapter")?.updateComplete;
    return result;
  }

  override render(): TemplateResult {
    const { locale, loaded, progress, passage } = this;
    const t = translatorOf(learnTexts, locale);
    if (!CHAPTERS.some(({ id }) => id === this.chapter)) return this.#list(t);
    if (!loaded) return html`<p class="loading" role="status">${translator(locale)("loading_page")}</p>`;
    const { entry, chapter } = loaded;
    const number = CHAPTERS.indexOf(entry) + 1;
    return html`<iop-chapter
      .locale=${locale}
      .entry=${entry}
      .chapter=${chapter}
      .number=${number}
      .following=${CHAPTERS[number] ?? null}
      .passage=${passage}
      .progress=${progress}
    ></iop-chapter>`;
  }

  #list(t: Translate<LearnKey>): TemplateResult {
    const { locale, progress, chapter } = this;
    const next = CHAPTERS.find((entry) => !tallyOf(progress, entry).done);
    const isNew = CHAPTERS.every((entry) => !tallyOf(progress, entry).begun);
    return html`<div class="scroll">
      <main>
        <h1>${t("title")}</h1>
        ${chapter === "" ? nothing : html`<p role="alert">${t("no_chapter", { id: chapter })}</p>`}
        <p class="lead">${t("lead")}</p>
        <p class="lead quiet">${t("lead_notes")}</p>
        <p class="actions">
          ${
            next
              ? html`<a class="primary" href="#/learn/${next.id}"
                  >${isNew ? t("begin") : t("go_on", { title: next.title[locale] })}</a
                >`
              : nothing
          }
          ${isNew ? nothing : html`<button @click=${this.#forget}>${t("reset")}</button>`}
          <span role="status"
            >${
              this.forgotten && isNew
                ? html`${t("reset_done")} <button class="plain undo" @click=${this.#undo}>${t("undo")}</button>`
                : nothing
            }</span
          >
        </p>
        <ol>
          ${CHAPTERS.map((entry, i) => this.#card(entry, i + 1, t))}
        </ol>
      </main>
    </div>`;
  }

  #card(entry: ChapterEntry, number: number, t: Translate<LearnKey>): TemplateResult {
    const { locale, progress } = this;
    const { read, right, done, begun } = tallyOf(progress, entry);
    const { passages, exercises } = entry;
    const share = (read + right) / (passages + exercises);
    return html`<li class=${done ? "done" : ""}>
      <a href="#/learn/${entry.id}">
        <span class="number" aria-hidden="true">${done ? "✓" : number}</span>
        <b>${entry.title[locale]}</b>
        <span class="summary quiet">${entry.summary[locale]}</span>
        <span class="tally">
          ${read === passages ? t("read_all") : t("read", { read, all: passages })} ·
          ${right === exercises ? t("answered_all") : t("answered", { right, all: exercises })}
        </span>
        <span class="bar" aria-hidden="true" style="--share: ${begun ? Math.max(4, share * 100) : 0}%"></span>
      </a>
    </li>`;
  }

  readonly #forget = () => {
    this.forgotten = this.progress;
    this.#keep(NOTHING);
  };

  readonly #undo = () => {
    if (this.forgotten) this.#keep(this.forgotten);
    this.forgotten = null;
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-learn": IopLearn;
  }
}
