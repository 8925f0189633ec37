import { LitElement, type PropertyValues, type TemplateResult, html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { fire } from "../../app/events.ts";
import { shared } from "../../app/styles.ts";
import type { Locale } from "../../i18n/catalogue.ts";
import type { Settings } from "../../labs/all.ts";
import { formatRoute } from "../../model/route.ts";
import { save } from "../../share/downloads.ts";
import { byHandStyles } from "./by-hand-styles.ts";
import {
  GREATEST,
  MOST_KEYS,
  MOST_OPERATIONS,
  type Operation,
  keysIn,
  randomKey,
  readOperations,
} from "./operations.ts";
import { type Acts, type Move, type Standing, historyView, toolsView } from "./parts.ts";
import { type ByHandSettings, readSettings, writeSettings } from "./settings.ts";
import { type Picture, type Plaything, placeOfNews } from "./plaything.ts";
import { PLAYTHINGS, playthingOf } from "./playthings.ts";
import { TAKEN, type Taken } from "./taken.ts";
import { type T, textsOf, told } from "./texts.ts";

const KEYS: Readonly<Record<string, Move>> = {
  ArrowLeft: "previous",
  ArrowRight: "next",
  Home: "first",
  End: "last",
};

/** Everything that happens to an empty structure. */
type Story = Awaited<ReturnType<Plaything["load"]>>;

/** Whether an event comes from where somebody types. */
function isTyping(event: Event): boolean {
  const [target] = event.composedPath();
  return target instanceof HTMLElement && target.matches("input[type=text], textarea, select");
}

/**
 * A structure that one fills by hand: what comes next is said before it is done, each rule by itself. The settings are its
 * state, and its address; what was undone is kept until something else is done.
 *
 * @fires iop-route  something was done: the address that leads here
 */
@customElement("iop-by-hand")
export class IopByHand extends LitElement {
  static override styles = [shared, byHandStyles];

  @property() locale: Locale = "en";
  /** What the address says. */
  @property({ attribute: false }) query: Settings = {};
  @state() private settings: ByHandSettings = readSettings({});
  /** What was undone, the last first. */
  @state() private undone: readonly Operation[] = [];
  /** What happens to the structure of a name that is shown; null: it is not loaded yet. */
  @state() private played: { readonly id: Plaything["id"]; readonly story: Story } | null = null;
  /** Why what was typed was not taken; empty: it was. */
  @state() private refusal = "";
  @state() private news = "";
  @state() private failed = "";
  @query("svg.tree") private readonly svg!: SVGSVGElement | null;
  @query("input[name=keys]") private readonly input!: HTMLInputElement;
  #story: readonly Picture[] = [];
  /** What was asked for last: another one that comes later is not shown, and one that fails is not tried again and again. */
  #loading: Plaything["id"] | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("keydown", this.#pressed);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("keydown", this.#pressed);
  }

  readonly #pressed = (event: KeyboardEvent) => {
    if (isTyping(event) || event.altKey) return;
    const isControl = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    const move = isControl ? undefined : KEYS[event.key];
    if (move) this.#move(move);
    else if (isControl && (key === "y" || (key === "z" && event.shiftKey))) this.#redo();
    else if (isControl && key === "z") this.#undo();
    else return;
    event.preventDefault();
  };

  protected override willUpdate(changes: PropertyValues): void {
    if (changes.has("query")) {
      const said = readSettings(this.query);
      // An address that this page itself has written changes nothing.
      if (JSON.stringify(said) !== JSON.stringify(this.settings)) [this.settings, this.undone] = [said, []];
    }
    const { what, operations } = this.settings;
    if (this.played?.id !== what) {
      this.#story = [];
      if (this.#loading !== what) this.#load(what);
    } else if (changes.has("settings") || changes.has("played")) this.#story = this.played.story(operations);
  }

  #load(what: Plaything["id"]): void {
    this.#loading = what;
    this.failed = "";
    playthingOf(what)
      .load()
      .then(
        (story) => {
          if (this.#loading === what) this.played = { id: what, story };
        },
        (error: Error) => {
          if (this.#loading === what) this.failed = error.message;
        },
      );
  }

  get #plaything(): Plaything {
    return playthingOf(this.settings.what);
  }

  /** Place of the picture that is shown. */
  get #place(): number {
    const last = this.#story.length - 1;
    return Math.min(this.settings.step ?? last, last);
  }

  #set(change: Partial<ByHandSettings>): void {
    this.settings = { ...this.settings, ...change };
    [this.refusal, this.news] = ["", ""];
    fire(this, "iop-route", { route: { page: "by-hand", query: writeSettings(this.settings) } });
  }

  /** Does something more; what was undone is forgotten. */
  #do(more: readonly Operation[]): void {
    if (this.played?.id !== this.settings.what) return;
    const { operations, rules } = this.settings;
    const all = [...operations, ...more];
    if (this.#plaything.bearable(all).length < all.length) return this.#refuse("refused_full");
    if (all.length > MOST_OPERATIONS) return this.#refuse("refused_long", { most: MOST_OPERATIONS });
    this.undone = [];
    // The first rule of the last operation, before it is applied.
    const story = this.played.story(all);
    const place = rules || !this.#plaything.hasRules ? placeOfNews(story, all.length - 1) : story.length - 1;
    this.#set({ operations: all, step: place < story.length - 1 ? place : null });
  }

  #refuse(key: Parameters<T>[0], values?: Parameters<T>[1]): void {
    this.refusal = textsOf(this.locale)(key, values);
    this.input.focus();
  }

  #typed(what: Operation["do"]): void {
    const keys = keysIn(this.input.value);
    if ("refused" in keys) {
      const { refused, piece } = keys;
      return this.#refuse(`refused_${refused}`, { piece, most: MOST_KEYS, greatest: GREATEST.toLocaleString("en") });
    }
    this.#do(keys.map((key) => ({ do: what, key })));
    if (this.refusal !== "") return;
    this.input.value = "";
  }

  #random(): void {
    const { operations, seed } = this.settings;
    const { present, below } = this.#plaything;
    const key = randomKey(present(operations), seed, operations.length, below);
    if (key !== null) this.#do([{ do: "insert", key }]);
  }

  #undo(): void {
    const { operations } = this.settings;
    const last = operations.at(-1);
    if (!last) return;
    this.undone = [last, ...this.undone];
    this.#set({ operations: operations.slice(0, -1), step: null });
  }

  #redo(): void {
    const [next, ...rest] = this.undone;
    if (!next) return;
    this.undone = rest;
    this.#set({ operations: [...this.settings.operations, next], step: null });
  }

  #move(move: Move): void {
    const last = this.#story.length - 1;
    const to = { previous: this.#place - 1, next: this.#place + 1, first: 0, last }[move];
    if (to < 0 || to > last) return;
    this.#set({ step: to === last ? null : to });
  }

  async #take(taken: Taken): Promise<void> {
    const t = textsOf(this.locale);
    const picture = this.#story[this.#place];
    if (!this.svg || !picture) return;
    const description = told(picture.sentences, t, this.locale);
    const { operations, what } = this.settings;
    const title = t(this.#plaything.title);
    save(await taken.make({ drawing: this.svg, title, description, picture, operations }), `${what}${taken.ending}`);
  }

  async #copyLink(): Promise<void> {
    const t = textsOf(this.locale);
    const route = formatRoute({ page: "by-hand", query: writeSettings(this.settings) });
    this.news = await navigator.clipboard.writeText(`${location.href.replace(/#.*$/s, "")}${route}`).then(
      () => t("link_copied"),
      () => t("link_failed"),
    );
  }

  /** What the parts of the page show. */
  get #standing(): Standing {
    const { operations, rules } = this.settings;
    const current = this.#story[this.#place]?.operation ?? -1;
    return {
      plaything: this.#plaything,
      place: this.#place,
      last: this.#story.length - 1,
      operations,
      undone: this.undone,
      current,
      rules,
    };
  }

  /** What they can ask for. */
  readonly #act: Acts = {
    move: (move) => this.#move(move),
    go: (i) => this.#set({ step: this.#story.findIndex(({ operation }) => operation === i) }),
    undo: () => this.#undo(),
    redo: () => this.#redo(),
    clear: () => this.#clear(),
    rules: (rules) => this.#set({ rules }),
    example: (text) => {
      this.undone = [];
      this.#set({ operations: readOperations(text), step: 0 });
    },
  };

  override render(): TemplateResult {
    const t = textsOf(this.locale);
    return html`<main>
      <p class="above"><a href="#/race">← ${t("back_to_race")}</a></p>
      <h1>${t(this.#plaything.title)}</h1>
      <nav aria-label=${t("structures")}>
        ${PLAYTHINGS.map(
          ({ id, short }) =>
            html`<a
              href=${formatRoute({ page: "by-hand", query: id === "tree" ? {} : { what: id } })}
              aria-current=${id === this.settings.what ? "page" : nothing}
              >${t(short)}</a
            >`,
        )}
      </nav>
      <p class="quiet lead">${t(this.#plaything.lead)}</p>
      ${this.failed === "" ? this.#page(t) : html`<p role="alert">${t("failed")}: ${this.failed}</p>`}
    </main>`;
  }

  #page(t: T): TemplateResult {
    const picture = this.#story[this.#place];
    return html`${this.#form(t)}
      <p class="refusal" id="refusal" role="alert">${this.refusal}</p>
      <div class="card">
        ${toolsView(this.#standing, this.#act, t)} ${picture ? this.#says(picture, t) : nothing}
        <div class="stage" tabindex="0" role="region" aria-label=${t(this.#plaything.title)}>
          ${picture ? picture.draw(t) : nothing}
        </div>
        <p class="foot quiet">${t(this.#plaything.legend)} ${t("keyboard")}</p>
      </div>
      <div class="below">${historyView(this.#standing, this.#act, t)} ${this.#files(t)}</div>
      <details>
        <summary>${t("as_table")}</summary>
        <div class="table" tabindex="0" role="region" aria-label=${t("as_table")}>${picture?.table(t) ?? nothing}</div>
      </details>`;
  }

  #form(t: T): TemplateResult {
    return html`<form
      @submit=${(event: Event) => {
        event.preventDefault();
        this.#typed(this.#plaything.actions[0]!.do);
      }}
    >
      <label class="key" for="keys">${t(this.#plaything.keys)}</label>
      <input
        id="keys"
        name="keys"
        type="text"
        inputmode="text"
        autocomplete="off"
        spellcheck="false"
        maxlength="400"
        placeholder=${t(this.#plaything.hint)}
        aria-describedby="refusal"
        aria-invalid=${this.refusal === "" ? "false" : "true"}
      />
      ${this.#plaything.actions.map(({ do: what, label }, i) =>
        i === 0
          ? html`<button class="primary">${t(label)}</button>`
          : html`<button type="button" name=${what} @click=${() => this.#typed(what)}>${t(label)}</button>`,
      )}
      <button type="button" name="random" @click=${() => this.#random()}>
        ${t(this.settings.what === "ring" ? "random_bytes" : "random")}
      </button>
    </form>`;
  }

  /** Takes everything back, so that it can be done again. */
  #clear(): void {
    this.undone = [...this.settings.operations, ...this.undone];
    this.#set({ operations: [], step: null });
  }

  #says({ sentences, rule }: Picture, t: T): TemplateResult {
    const isRest = sentences[0]!.key.startsWith("rest");
    return html`<div class="says" aria-live="polite">
      <h2>${t(isRest ? "now" : "next_is")}</h2>
      <p>${told(sentences, t, this.locale)}</p>
      ${rule ? html`<code>${rule}</code>` : nothing}
    </div>`;
  }

  #files(t: T): TemplateResult {
    return html`<section aria-labelledby="take">
      <h2 id="take">${t("take")}</h2>
      <div class="take">
        ${TAKEN.map(
          (taken) => html`<button name=${taken.id} @click=${() => this.#take(taken)}>${t(`take_${taken.id}`)}</button>`,
        )}
        <button name="link" @click=${() => this.#copyLink()}>${t("take_link")}</button>
      </div>
      <p class="news quiet" role="status">${this.news}</p>
    </section>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-by-hand": IopByHand;
  }
}
