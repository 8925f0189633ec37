import { LitElement, type PropertyValues, type TemplateResult, css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { shared } from "../app/styles.ts";
import { type Locale, type Translate, translator } from "../i18n/catalogue.ts";
import type { Picture } from "../layout/picture.ts";
import type { Frame } from "../model/frame.ts";
import { type Command, commandOf } from "../model/keys.ts";
import { isLeap } from "../model/leap.ts";
import type { Grain } from "../model/run.ts";
import type { Session } from "../model/session.ts";
import { drawn } from "../run/drawn.ts";
import "../run/iop-transport.ts";
import { Player } from "../run/player.ts";
import { sentences } from "../later/parts.ts";
import { sentenceOf } from "../run/sentence.ts";
import "../stage/iop-stage.ts";

/** What is to be looked at is drawn after so many frames, or not at all. */
const FRAMES = 20;

/**
 * A run as a part of a page: stage, sentence, transport. Where it stands is told by `tick`, which the page may set and
 * a person may change. Keys work while the focus is in it. A page with room to spare says how much is left free around
 * the stage (`--iop-watch-padding`).
 *
 * @fires iop-tick  a person has gone to another tick: which
 */
@customElement("iop-watch")
export class IopWatch extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-height: 0;
      }
      .stage {
        flex: 1;
        min-height: var(--iop-stage-least, 180px);
        padding: var(--iop-watch-padding, 0);
        overflow: auto;
      }
      .open {
        align-self: end;
        margin: 0;
        padding: 0 14px 8px;
        font-size: 13px;
      }
      .open a {
        color: inherit;
      }
    `,
  ];

  @property() locale: Locale = "en";
  /** What is watched; null: nothing yet. */
  @property({ attribute: false }) session: Session | null = null;
  @property({ type: Number }) tick = 0;
  @property() grain: Grain = "function";
  /** Address of an object to be outlined; 0: none. */
  @property({ type: Number }) selected = 0;
  /** Where the same moment is on the page of a run; empty: nowhere. */
  @property() href = "";
  @state() private width = 0;
  @state() private expanded: ReadonlySet<string> = new Set();
  readonly #player = new Player(this, () => this.#step(1));
  readonly #commands: Readonly<Partial<Record<Command, () => unknown>>> = {
    step: () => this.#step(1),
    back: () => this.#step(-1),
    first: () => this.#seek(0),
    last: () => this.#seek(Infinity),
    play: () => this.#player.toggle(),
  };
  #frame: Frame | null = null;
  #picture: Picture | null = null;
  #moving = false;

  constructor() {
    super();
    this.#listen<{ command: Command }>("iop-command", ({ command }) => this.#do(command));
    this.#listen<{ tick: number }>("iop-seek", ({ tick }) => this.#jump(tick));
    this.#listen<{ grain: Grain }>("iop-grain", ({ grain }) => (this.grain = grain));
    this.#listen<{ speed: number }>("iop-speed", ({ speed }) => (this.#player.speed = speed));
    this.#listen<{ width: number }>("iop-width", ({ width }) => (this.width = width));
    this.#listen<{ key: string }>("iop-expand", ({ key }) => {
      this.expanded = new Set([...this.expanded, key.replace(/^more:/, "")]);
    });
    this.#listen<{ address: number }>("iop-select", ({ address }) => {
      this.selected = address === this.selected ? 0 : address;
    });
    this.addEventListener("keydown", this.#pressed);
  }

  /** Hears what its own parts say: there may be several of it in a page. */
  #listen<D>(name: string, act: (detail: D) => void): void {
    this.addEventListener(name, (event) => {
      event.stopPropagation();
      act((event as CustomEvent<D>).detail);
    });
  }

  /** Stops playing. */
  pause(): void {
    this.#player.pause();
  }

  /** Outlines an object (0: none), and brings it to the middle of the room, once it is drawn. */
  async look(address: number): Promise<void> {
    this.selected = address;
    for (let frame = 0; frame < FRAMES && address !== 0 && this.selected === address; frame++) {
      await this.updateComplete;
      const room = this.renderRoot.querySelector(".stage");
      const thing = this.renderRoot.querySelector("iop-stage")?.renderRoot.querySelector(`[data-address="${address}"]`);
      if (room && thing) return this.#centre(room, thing);
      await new Promise(requestAnimationFrame);
    }
  }

  #centre(room: Element, thing: Element): void {
    const [around, found] = [room.getBoundingClientRect(), thing.getBoundingClientRect()];
    room.scrollTop += (found.top + found.bottom - around.top - around.bottom) / 2;
    room.scrollLeft += (found.left + found.right - around.left - around.right) / 2;
  }

  /** Resolves when everything is drawn. */
  protected override async getUpdateComplete(): Promise<boolean> {
    const result = await super.getUpdateComplete();
    await this.renderRoot.querySelector("iop-stage")?.updateComplete;
    return result;
  }

  readonly #t: Translate = (key, values) => translator(this.locale)(key, values);

  readonly #pressed = (event: KeyboardEvent) => {
    const command = commandOf(event);
    if (!command || !this.#commands[command]) return;
    event.preventDefault();
    event.stopPropagation();
    this.#do(command);
  };

  #do(command: Command): void {
    if (command !== "play") this.#player.pause();
    this.#commands[command]?.();
  }

  #jump(tick: number): void {
    this.#player.pause();
    this.#seek(tick);
  }

  #seek(wanted: number): void {
    const tick = this.#within(wanted);
    if (tick === this.tick) return;
    this.tick = tick;
    this.dispatchEvent(new CustomEvent("iop-tick", { detail: { tick }, bubbles: true, composed: true }));
  }

  #within(tick: number): number {
    return Math.max(0, Math.min(this.session?.run.ticks ?? 0, tick));
  }

  #step(direction: 1 | -1): boolean {
    const run = this.session?.run;
    if (!run) return false;
    this.#seek(direction === 1 ? run.next(this.grain, this.tick) : run.previous(this.grain, this.tick));
    return direction === 1 ? this.tick < run.ticks : this.tick > 0;
  }

  protected override willUpdate(changes: PropertyValues): void {
    if (changes.has("session")) [this.#moving, this.expanded] = [false, new Set()];
    else if (changes.has("tick")) this.#moving = !isLeap(Number(changes.get("tick") ?? 0), this.tick);
    const { session, width, selected, expanded } = this;
    this.#frame = session?.frame(this.#within(this.tick), this.grain) ?? null;
    this.#picture =
      this.#frame && width > 0 ? drawn(this.#frame, { width, translate: this.#t, selected, expanded }) : null;
  }

  override render(): TemplateResult {
    const { locale, session, href } = this;
    const frame = this.#frame;
    const t = this.#t;
    if (frame) sentences[locale].for(this);
    return html`<div class="stage" role="group" aria-label=${t("stage")} tabindex="0">
        ${session ? nothing : html`<p class="quiet" role="status">${t("loading_page")}</p>`}
        <iop-stage
          .picture=${this.#picture}
          .changed=${frame?.changed ?? new Set<number>()}
          .concerned=${frame?.concerned ?? new Set<number>()}
          .moving=${this.#moving}
          .selected=${this.selected}
          .label=${t("stage")}
        ></iop-stage>
      </div>
      <iop-transport
        .locale=${locale}
        .tick=${frame?.tick ?? 0}
        .ticks=${session?.run.ticks ?? 0}
        .time=${frame?.time ?? 0}
        .grain=${this.grain}
        .speed=${this.#player.speed}
        .playing=${this.#player.playing}
        ?disabled=${!session}
        .sentence=${frame ? sentenceOf(frame, locale) : ""}
        .event=${frame?.record?.event ?? ""}
        .phases=${frame?.phases ?? []}
      ></iop-transport>
      ${href === "" ? nothing : html`<p class="open"><a href=${href}>${t("watch_open")}</a></p>`}`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-watch": IopWatch;
  }
}
