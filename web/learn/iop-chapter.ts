import { LitElement, type PropertyValues, type TemplateResult, html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { fire } from "../app/events.ts";
import { shared } from "../app/styles.ts";
import { type Locale, type Translate, translator, translatorOf } from "../i18n/catalogue.ts";
import { type LearnKey, learnTexts } from "../i18n/pages/learn.ts";
import { LABS } from "../labs/all.ts";
import { commandOf } from "../model/keys.ts";
import { formatRoute } from "../model/route.ts";
import "../watch/iop-watch.ts";
import type { IopWatch } from "../watch/iop-watch.ts";
import type { Chapter, DrawnAt, Passage } from "./chapter.ts";
import { chapterStyles } from "./chapter-styles.ts";
import type { ChapterEntry } from "./chapters.ts";
import "./iop-exercise.ts";
import { legend, legendStyles } from "./legend.ts";
import { Machines } from "./machines.ts";
import { marked } from "./marked.ts";
import { type Found, passageView } from "./passage-view.ts";
import { NOTHING, type Progress } from "./progress.ts";
import { Reader } from "./reader.ts";
import type { Seen } from "./seen.ts";

/** What an `iop-answer` event tells. */
export interface AnswerDetail {
  readonly exercise: string;
  readonly choice: number;
  readonly right: boolean;
}

/**
 * A chapter beside the stage. It knows which passage is being read; the stage goes where that one is.
 *
 * @fires iop-read    a passage was read: its name
 * @fires iop-answer  an exercise was answered
 * @fires iop-route   another passage is being read: the address that leads to it
 */
@customElement("iop-chapter")
export class IopChapter extends LitElement {
  static override styles = [shared, chapterStyles, legendStyles];

  @property() locale: Locale = "en";
  @property({ attribute: false }) entry!: ChapterEntry;
  @property({ attribute: false }) chapter!: Chapter;
  /** The chapter that comes next; null: this is the last one. */
  @property({ attribute: false }) following: ChapterEntry | null = null;
  /** Which chapter it is, counted from 1. */
  @property({ type: Number }) number = 1;
  /** Name of the passage to begin with; empty: the first one. */
  @property() passage = "";
  @property({ attribute: false }) progress: Progress = NOTHING;
  /** Place of the passage that is being read. */
  @state() private current = 0;
  /** The passage whose moment was shown last, and its run; null: none yet. */
  @state() private shown: { readonly passage: Passage; readonly seen: Seen; readonly tick: number } | null = null;
  /** The tick on the stage: a person may have gone on from the passage's. */
  @state() private tick = 0;
  @state() private failed = "";
  /** Draws what stands above the stage; null: nothing does. */
  @state() private picture: DrawnAt | null = null;
  /** What claims have come to, by passage. */
  @state() private found: ReadonlyMap<string, readonly Found[]> = new Map();
  @query("iop-watch") private readonly watch!: IopWatch | null;

  readonly #machines = new Machines();
  readonly #reader = new Reader(this, {
    parts: () => [...this.renderRoot.querySelectorAll<HTMLElement>(".passage")],
    above: () => this.renderRoot.querySelector<HTMLElement>(".beside"),
    changed: (place) => this.#read(place),
    rested: (place) => fire(this, "iop-read", { passage: this.chapter.passages[place]!.id }),
  });
  /** Counts what was asked to be shown: only the last one is. */
  #asked = 0;

  constructor() {
    super();
    this.addEventListener("iop-answer", (event) => {
      const { exercise } = (event as CustomEvent<AnswerDetail>).detail;
      const name = this.chapter.exercises.find(({ id }) => id === exercise)!.shownBy;
      void this.#show(this.chapter.passages.find(({ id }) => id === name)!);
    });
    this.addEventListener("iop-tick", (event) => (this.tick = (event as CustomEvent<{ tick: number }>).detail.tick));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("keydown", this.#pressed);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("keydown", this.#pressed);
    this.#asked++;
  }

  /** Place of the passage that is being read, from 0. */
  get reading(): number {
    return this.current;
  }

  /** Resolves when everything is drawn. */
  protected override async getUpdateComplete(): Promise<boolean> {
    const result = await super.getUpdateComplete();
    await this.watch?.updateComplete;
    return result;
  }

  readonly #pressed = (event: KeyboardEvent) => {
    const command = commandOf(event);
    if (command !== "next_passage" && command !== "previous_passage") return;
    event.preventDefault();
    this.#go(this.current + (command === "next_passage" ? 1 : -1));
  };

  /** Goes to a passage, if there is one: text and stage. */
  #go(place: number): void {
    if (place < 0 || place >= this.chapter.passages.length) return;
    if (place > this.current) fire(this, "iop-read", { passage: this.chapter.passages[this.current]!.id });
    this.#reader.go(place);
    this.#read(place);
  }

  /** Another passage is being read. */
  #read(place: number): void {
    this.current = place;
    const passage = this.chapter.passages[place]!;
    fire(this, "iop-route", { route: { page: "learn", chapter: this.entry.id, passage: passage.id } });
    void this.#show(passage);
  }

  /** Puts the moment of a passage on the stage. */
  async #show(passage: Passage): Promise<void> {
    const asked = ++this.#asked;
    try {
      const seen = await this.#machines.get(passage.scenario);
      if (asked !== this.#asked) return;
      const tick = passage.place(seen);
      const object = passage.object?.(seen.session.moment(tick), seen);
      const picture = (await this.chapter.picture?.(seen)) ?? null;
      if (asked !== this.#asked) return;
      this.picture = picture;
      [this.shown, this.tick, this.failed] = [{ passage, seen, tick }, tick, ""];
      this.#look(passage, seen);
      this.watch?.pause();
      await super.getUpdateComplete();
      void this.watch?.look(object?.address ?? 0);
    } catch (error) {
      if (asked === this.#asked) this.failed = String(error);
    }
  }

  /** Looks up what a passage claims. */
  #look({ id, claims }: Passage, seen: Seen): void {
    if (this.found.has(id)) return;
    this.found = new Map([...this.found, [id, claims.map(({ found }) => found(seen))]]);
  }

  /** Looks up what all passages claim, one after the other, while nothing else is to be done. */
  async #lookAll(chapter: Chapter): Promise<void> {
    for (const passage of chapter.passages) {
      const seen = await this.#machines.get(passage.scenario).catch(() => null);
      if (!this.isConnected || chapter !== this.chapter) return;
      if (seen) this.#look(passage, seen);
      await new Promise((resolve) => setTimeout(resolve));
    }
  }

  protected override willUpdate(changes: PropertyValues<this>): void {
    if (!changes.has("chapter")) return;
    [this.current, this.shown, this.picture, this.found] = [0, null, null, new Map()];
  }

  protected override updated(changes: PropertyValues<this>): void {
    if (!changes.has("chapter") && !changes.has("passage")) return;
    const { passages } = this.chapter;
    const place = Math.max(
      0,
      passages.findIndex(({ id }) => id === this.passage),
    );
    if (changes.has("chapter")) {
      this.#reader.begin(place);
      void this.#show(passages[place]!).then(() => this.#lookAll(this.chapter));
      this.current = place;
    } else if (place !== this.current) this.#go(place);
  }

  override render(): TemplateResult {
    const { locale, entry, chapter, current } = this;
    const t = translatorOf(learnTexts, locale);
    return html`<div class="page">
      <div class="beside">${this.#nav(t)} ${this.#stage(t)}</div>
      <main class="reading">
        <p class="number quiet">
          <a href="#/learn">${t("title")}</a> · ${t("chapter_number", { number: this.number })}
        </p>
        <h1>${entry.title[locale]}</h1>
        <p class="summary quiet">${entry.summary[locale]}</p>
        <p class="which quiet">${t("which_notes")} <a href="#/learn">${t("which_notes_link")}</a></p>
        ${legend(locale, this.number === 1)}
        ${chapter.passages.map((passage, place) =>
          passageView(passage, {
            locale,
            place,
            isCurrent: place === current,
            isRead: this.progress.read.includes(`${entry.id}/${passage.id}`),
            found: this.found.get(passage.id) ?? null,
          }),
        )}
        ${this.#exercises(t)} ${this.#foot(t)}
      </main>
    </div>`;
  }

  #nav(t: Translate<LearnKey>): TemplateResult {
    const { current, chapter, locale } = this;
    const all = chapter.passages.length;
    // An answer may show the moment of another passage than the one that is being read.
    const number = 1 + (this.shown ? chapter.passages.indexOf(this.shown.passage) : current);
    return html`<nav aria-label=${t("passages")}>
      <button
        class="icon"
        aria-label=${t("previous_passage")}
        title=${t("previous_passage")}
        aria-keyshortcuts="K"
        ?disabled=${current === 0}
        @click=${() => this.#go(current - 1)}
      >
        ↑
      </button>
      <span class="where quiet">${t("passage_of", { number, all })}</span>
      <button
        class="icon"
        aria-label=${t("next_passage")}
        title=${t("next_passage")}
        aria-keyshortcuts="J"
        ?disabled=${current === all - 1}
        @click=${() => this.#go(current + 1)}
      >
        ↓
      </button>
      <span class="title">${this.shown ? marked(this.shown.passage.title[locale]) : nothing}</span>
      ${
        this.shown && this.tick !== this.shown.tick
          ? html`<button @click=${() => this.#show(this.shown!.passage)}>${t("back")}</button>`
          : nothing
      }
      ${this.shown ? html`<a href=${this.#address()}><span class="words">${translator(locale)("watch_open")}</span> ↗</a>` : nothing}
    </nav>`;
  }

  /** Where what is on the stage is on the page of a run. */
  #address(): string {
    const { tick, shown } = this;
    return formatRoute({ page: "run", scenario: shown!.passage.scenario, tick, grain: "function" });
  }

  #stage(t: Translate<LearnKey>): TemplateResult {
    const { shown, tick, locale, failed } = this;
    if (failed !== "") return html`<p role="alert">${t("failed")}: ${failed}</p>`;
    const picture = shown && this.picture;
    return html`${picture ? html`<div class="picture" tabindex="0" role="region" aria-label=${t("heap")}>${picture(tick, locale)}</div>` : nothing}<iop-watch
        class=${picture ? "below" : ""}
        .locale=${locale}
        .session=${shown?.seen.session ?? null}
        .tick=${tick}
      ></iop-watch>`;
  }

  #exercises(t: Translate<LearnKey>): TemplateResult {
    const { entry, chapter, progress, locale } = this;
    return html`<section class="exercises" aria-labelledby="exercises">
      <h2 id="exercises">${t("exercises")}</h2>
      <p class="quiet">${t("exercises_lead")}</p>
      ${chapter.exercises.map(
        (exercise) =>
          html`<iop-exercise
            .locale=${locale}
            .exercise=${exercise}
            .answer=${progress.answers[`${entry.id}/${exercise.id}`] ?? -1}
          ></iop-exercise>`,
      )}
    </section>`;
  }

  #foot(t: Translate<LearnKey>): TemplateResult {
    const { following, locale } = this;
    const lab = LABS.find(({ id }) => id === this.entry.lab);
    return html`<p class="foot">
      ${
        following
          ? html`<a class="primary" href="#/learn/${following.id}"
              >${t("next_chapter", { title: following.title[locale] })}</a
            >`
          : html`<b>${t("last_chapter")}</b>`
      }
      ${lab ? html`<a href=${lab.href}>${t("lab", { title: lab.title[locale] })}</a>` : nothing}
      <a href="#/learn">${t("contents")}</a>
    </p>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-chapter": IopChapter;
  }
}
