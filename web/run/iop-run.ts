import { LitElement, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { fire, listenerOf } from "../app/events.ts";
import type { Notice } from "../app/iop-notice.ts";
import { shared } from "../app/styles.ts";
import { type Locale, type Translate, translator } from "../i18n/catalogue.ts";
import { objects, sentences } from "../later/parts.ts";
import type { Breakpoint } from "../model/breakpoints.ts";
import { type Command, commandOf } from "../model/keys.ts";
import type { RunRoute } from "../model/route.ts";
import type { Grain } from "../model/run.ts";
import type { Session } from "../model/session.ts";
import { loadGuesses, saveGuesses } from "../model/settings.ts";
import { type StageSight, expand, foldOnly, narrow, reach, toggle } from "../model/stage-sight.ts";
import { zoomed } from "../model/zoom.ts";
import type { IopInspector } from "../panels/iop-inspector.ts";
import type { IopStage, SelectDetail } from "../stage/iop-stage.ts";
import { Chosen } from "./chosen.ts";
import { Drawing } from "./drawing.ts";
import type { IopTimelinePanel } from "./iop-timeline-panel.ts";
import { Loader } from "./loader.ts";
import { Position } from "./position.ts";
import { runStyles } from "./run-styles.ts";
import { type Tab, runView } from "./view.ts";

/**
 * The page of one run. `Loader` knows which machine is looked at, `Position` where in its time, `Chosen` what was
 * chosen in it; here is what else a person has opened. What it shows flows down, what a person does comes up.
 *
 * @fires iop-route   what is shown has changed: the address that leads here
 * @fires iop-go      something else is to be shown: its address
 * @fires iop-notice  something that a person should know; null: no more
 */
@customElement("iop-run")
export class IopRun extends LitElement {
  static override styles = [shared, runStyles];

  @property() locale: Locale = "en";
  /** What is to be shown. */
  @property({ attribute: false }) route: RunRoute | null = null;
  /** A recording to be shown instead; null: none. */
  @property({ attribute: false }) file: File | null = null;
  /** What was guessed, by question. */
  @state() private guesses = loadGuesses();
  @state() private width = 0;
  @state() private tab: Tab = "stage";
  /** How large the stage is drawn: 1 fits the room. */
  @state() private zoom = 1;
  /** Whether what is on the stage is to be taken away. */
  @state() private sharing = false;
  /** Whether somebody asks what could go differently. */
  @state() private asking = false;
  @query("iop-inspector") private readonly inspector!: IopInspector | null;
  @query("iop-timeline-panel") private readonly timeline!: IopTimelinePanel | null;
  @query("iop-stage") private readonly stage!: IopStage | null;

  readonly #loader = new Loader(this, {
    machine: (tick) => {
      this.#chosen.open();
      this.#position.open(tick);
    },
    panel: (name, { id }) => (this.tab = name === "question" && this.guesses[id] !== undefined ? "stage" : name),
  });
  readonly #position = new Position(this, () => this.#loader.session);
  readonly #chosen = new Chosen(this);
  readonly #commands: Readonly<Partial<Record<Command, () => unknown>>> = {
    step: () => this.#position.step(1),
    back: () => this.#position.step(-1),
    call: () => this.#position.step(1, "syscall"),
    call_back: () => this.#position.step(-1, "syscall"),
    first: () => this.#position.seek(0),
    last: () => this.#position.seek(Infinity),
    play: () => this.#position.player.toggle(),
    grain_syscall: () => (this.#position.grain = "syscall"),
    grain_function: () => (this.#position.grain = "function"),
    grain_tick: () => (this.#position.grain = "tick"),
    timeline: () => this.timeline?.toggle(),
    hit: () => this.#goToHit(1),
    hit_back: () => this.#goToHit(-1),
    search: () => this.#searchNow(),
    share: () => this.#share(),
    what_if: () => (this.asking = true),
    narrow: () => this.#chosen.narrow(),
    escape: () => this.#clear(),
  };
  readonly #drawing = new Drawing(this);

  constructor() {
    super();
    const on = listenerOf(this);
    this.#listenToPanels(on);
    on<{ command: Command }>("iop-command", ({ command }) => this.#do(command));
    on<{ tick: number }>("iop-seek", ({ tick }) => this.#position.jump(tick));
    on<{ line: number }>("iop-run-to", ({ line }) => this.#position.runTo(line));
    on<{ grain: Grain }>("iop-grain", ({ grain }) => (this.#position.grain = grain));
    on<{ speed: number }>("iop-speed", ({ speed }) => (this.#position.player.speed = speed));
    on<{ breakpoints: Breakpoint[] }>("iop-breakpoints", ({ breakpoints }) => this.#breakAt(breakpoints));
    on<{ width: number }>("iop-width", ({ width }) => (this.width = width));
    on<{ by: 1 | -1 | 0 }>("iop-zoom", ({ by }) => (this.zoom = by === 0 ? 1 : zoomed(this.zoom, by)));
    on<{ tab: Tab }>("iop-tab", ({ tab }) => (this.tab = tab));
    on<{ guess: number }>("iop-guess", ({ guess }) => this.#guess(guess));
    on("iop-share", () => this.#do("share"));
    on("iop-what-if", () => (this.asking = true));
    on("iop-close", () => ([this.sharing, this.asking] = [false, false]));
  }

  /** Listens to what is chosen on the stage, and edited in the program. */
  #listenToPanels(on: ReturnType<typeof listenerOf>): void {
    const bench = this.#loader.bench;
    on<SelectDetail>("iop-select", (detail) => this.#select(detail));
    on("iop-back", () => this.#chosen.back());
    const sight = (change: (sight: StageSight) => StageSight) => (this.#chosen.sight = change(this.#chosen.sight));
    on<{ key: string }>("iop-expand", ({ key }) => sight((now) => expand(now, key)));
    on<{ key: string }>("iop-fold", ({ key }) => sight((now) => toggle(now, key)));
    on<{ keys: string[] }>("iop-fold-only", ({ keys }) => sight((now) => foldOnly(now, keys)));
    on("iop-narrow", () => this.#chosen.narrow());
    on("iop-reach", () => sight(reach));
    on<{ text: string }>("iop-search", ({ text }) => (this.#chosen.searched = text));
    on("iop-edit", () => bench.edit());
    on<{ text: string }>("iop-draft", ({ text }) => bench.change(text));
    on<{ text: string }>("iop-try", ({ text }) => void this.run(text));
    on("iop-leave", () => bench.leave());
    on("iop-compare", () => this.#compare());
    on("iop-stop", () => bench.stop());
    on("iop-original", () => {
      this.#position.player.pause();
      this.#loader.backToOriginal();
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("keydown", this.#pressed);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("keydown", this.#pressed);
  }

  /** The tick that is shown. */
  get position(): number {
    return this.#position.tick;
  }

  /** The run on the stage; null: none yet. */
  get shown(): Session | null {
    return this.#loader.session;
  }

  /** The text on the stage, if it was edited or came from a person; null: it is that of the scenario. */
  get program(): string | null {
    return this.#loader.program;
  }

  /** Resolves when everything is drawn. */
  protected override async getUpdateComplete(): Promise<boolean> {
    const result = await super.getUpdateComplete();
    if (this.stage) await this.stage.updateComplete;
    return result;
  }

  /** Runs a program of a stranger, in the place of the one on the stage. */
  async run(text: string): Promise<void> {
    this.#position.player.pause();
    await this.#loader.run(text);
  }

  /** Shows what an address leads to. */
  #pick(route: RunRoute): void {
    if (route.grain) this.#position.grain = route.grain;
    if (this.#loader.has(route)) return this.#position.seek(route.tick ?? 0);
    this.#position.player.pause();
    void this.#loader.pick(route);
  }

  /** Chooses an object; what reads its fields is loaded when the first one is. */
  #select(detail: SelectDetail): void {
    if (objects.value) return this.#chosen.select(detail);
    objects.load().then(
      () => this.#chosen.select(detail),
      (error: unknown) => this.#tell({ kind: "error", text: this.#t("error_page"), detail: String(error) }),
    );
  }

  /** Shows the edited program beside what it was. */
  #compare(): void {
    const route = this.#loader.comparison;
    if (route) fire(this, "iop-go", { route });
  }

  readonly #t: Translate = (key, values) => translator(this.locale)(key, values);

  #tell(notice: Notice | null): void {
    fire(this, "iop-notice", { notice });
  }

  #breakAt(breakpoints: readonly Breakpoint[]): void {
    this.#position.breakpoints = breakpoints;
    this.requestUpdate();
  }

  #goToHit(direction: 1 | -1): void {
    if (this.#position.goToHit(direction)) return;
    this.#tell({ kind: "news", text: this.#t(direction === 1 ? "hit_none" : "hit_back_none"), detail: "" });
  }

  readonly #pressed = (event: KeyboardEvent) => {
    const command = commandOf(event);
    if (!command || !this.#commands[command]) return;
    event.preventDefault();
    this.#do(command);
  };

  #do(command: Command): void {
    if (command !== "play") this.#position.player.pause();
    this.#commands[command]?.();
  }

  #guess(guess: number): void {
    this.guesses = { ...this.guesses, [this.#loader.scenario!.id]: guess };
    saveGuesses(this.guesses);
  }

  #searchNow(): void {
    this.tab = "inspector";
    void this.updateComplete.then(() => this.inspector?.focusSearch());
  }

  /** Shows how to take away what is on the stage, once that part of the page is there. */
  #share(): void {
    if (!this.shown) return;
    import("../share/iop-share.ts").then(
      () => (this.sharing = true),
      (error: unknown) => this.#tell({ kind: "error", text: this.#t("error_page"), detail: String(error) }),
    );
  }

  /** First everything is shown again, then nothing is selected any more. */
  #clear(): void {
    if (this.#chosen.sight.focus) return void (this.#chosen.sight = narrow(this.#chosen.sight, null));
    this.#chosen.clear();
    this.#tell(null);
  }

  protected override willUpdate(changes: PropertyValues): void {
    if (changes.has("file") && this.file) {
      this.#position.player.pause();
      void this.#loader.open(this.file);
    } else if (changes.has("route") && this.route && !this.file && this.route.scenario !== "") this.#pick(this.route);
    if (this.#position.refresh()) this.#showAddress();
    if (changes.has("width")) this.#position.moving = false;
    const { frame } = this.#position;
    const { selection, sight } = this.#chosen;
    const { width, locale } = this;
    const selected = selection?.address ?? 0;
    if (frame) this.#drawing.draw({ frame, sight, selected, width, translate: this.#t, locale });
  }

  #showAddress(): void {
    const { tick, grain } = this.#position;
    const scenario = this.#loader.scenario?.id ?? "";
    const route: RunRoute = { page: "run", scenario, tick, grain: grain === "function" ? null : grain };
    fire(this, "iop-route", { route });
  }

  override render(): TemplateResult {
    const { locale } = this;
    const { session, scenario, source, facts, loading, bench } = this.#loader;
    const { tick, grain, frame, moving, breakpoints, player, violations } = this.#position;
    const { selection, trail, searched, sight } = this.#chosen;
    if (frame) sentences[locale].for(this);
    return runView({
      locale,
      translate: this.#t,
      session,
      scenario,
      source,
      facts,
      loading,
      bench,
      tick,
      grain,
      frame,
      violations,
      picture: this.#drawing.picture,
      moving,
      breakpoints,
      playing: player.playing,
      speed: player.speed,
      selection,
      trail,
      sight,
      searched,
      guess: this.guesses[scenario?.id ?? ""] ?? -1,
      asking: this.asking,
      sharing: this.sharing,
      tab: this.tab,
      zoom: this.zoom,
      drawing: () => this.stage?.shadowRoot?.querySelector("svg") ?? null,
    });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-run": IopRun;
  }
}
