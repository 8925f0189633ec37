import { LitElement, type PropertyValues, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { type Locale, type Translate, translator } from "../i18n/catalogue.ts";
import type { Picture } from "../layout/picture.ts";
import { pictureOf, scaleOf } from "../layout/stage.ts";
import type { Frame } from "../model/frame.ts";
import { type Command, commandOf } from "../model/keys.ts";
import type { Grain } from "../model/run.ts";
import type { Selection } from "../model/selection.ts";
import { Session } from "../model/session.ts";
import { effectiveTheme, loadLocale, loadTheme, saveLocale, saveTheme } from "../model/settings.ts";
import type { IopInspector } from "../panels/iop-inspector.ts";
import { sceneOf } from "../scene/build.ts";
import { SCENARIOS } from "../scenarios/all.ts";
import type { Facts } from "../scenarios/questions/question.ts";
import type { Scenario } from "../scenarios/scenario.ts";
import type { IopStage, SelectDetail } from "../stage/iop-stage.ts";
import { AddressBar } from "./address-bar.ts";
import { appStyles } from "./app-styles.ts";
import { DropTarget } from "./drop-target.ts";
import type { Notice } from "./iop-notice.ts";
import { errorNotice, reportNotice } from "./notices.ts";
import { Player } from "./player.ts";
import { shared } from "./styles.ts";
import { type Tab, pageView } from "./view.ts";
import { recordingScenario } from "../scenarios/recording.ts";

/** A step longer than this is a leap: things appear in their places instead of moving there. Unit: ticks. */
const LEAP = 400;

/** The playground: the one element that has a state. What it shows flows down, what a person does comes up. */
@customElement("iop-app")
export class IopApp extends LitElement {
  static override styles = [shared, appStyles];

  @state() private locale: Locale = loadLocale();
  @state() private theme = loadTheme();
  @state() private scenario: Scenario | null = null;
  @state() private session: Session | null = null;
  @state() private facts: Facts | null = null;
  @state() private tick = 0;
  @state() private grain: Grain = "function";
  @state() private selection: Selection | null = null;
  @state() private trail: readonly Selection[] = [];
  @state() private expanded: ReadonlySet<string> = new Set();
  @state() private width = 0;
  @state() private tab: Tab = "stage";
  @state() private helping = false;
  @state() private searched = "";
  @state() private notice: Notice | null = null;
  /** What is being loaded; empty: nothing. */
  @state() private loading = "";
  @query("iop-inspector") private readonly inspector!: IopInspector | null;
  @query("iop-stage") private readonly stage!: IopStage | null;

  readonly #player = new Player(this, () => this.#step(1, this.grain));
  readonly #drop = new DropTarget(this, (files) => void this.#open(files));
  readonly #address = new AddressBar(this, ({ scenario, tick }) => void this.#pick(scenario, tick));
  readonly #commands: Readonly<Record<Command, () => unknown>> = {
    step: () => this.#step(1, this.grain),
    back: () => this.#step(-1, this.grain),
    call: () => this.#step(1, "syscall"),
    call_back: () => this.#step(-1, "syscall"),
    first: () => this.#seek(0),
    last: () => this.#seek(Infinity),
    play: () => this.#player.toggle(),
    grain_syscall: () => (this.grain = "syscall"),
    grain_function: () => (this.grain = "function"),
    grain_tick: () => (this.grain = "tick"),
    search: () => this.#searchNow(),
    help: () => (this.helping = true),
    escape: () => this.#clear(),
  };
  #frame: Frame | null = null;
  #picture: Picture | null = null;
  #moving = false;
  /** Counts what was asked to be loaded: only the last one is shown. */
  #asked = 0;

  constructor() {
    super();
    const on = <D>(name: string, act: (detail: D) => void) =>
      this.addEventListener(name, (event) => act((event as CustomEvent<D>).detail));
    on<{ id: string }>("iop-pick", ({ id }) => void this.#pick(id, null));
    on<{ files: File[] }>("iop-files", ({ files }) => void this.#open(files));
    on("iop-locale", () => this.#switchLocale());
    on("iop-theme", () => this.#switchTheme());
    on("iop-help", () => this.#do("help"));
    on("iop-close", () => (this.helping = false));
    on("iop-dismiss", () => (this.notice = null));
    on<{ command: Command }>("iop-command", ({ command }) => this.#do(command));
    on<{ tick: number }>("iop-seek", ({ tick }) => this.#jump(tick));
    on<{ grain: Grain }>("iop-grain", ({ grain }) => (this.grain = grain));
    on<{ speed: number }>("iop-speed", ({ speed }) => (this.#player.speed = speed));
    on<{ width: number }>("iop-width", ({ width }) => (this.width = width));
    on<{ key: string }>(
      "iop-expand",
      ({ key }) => (this.expanded = new Set([...this.expanded, key.replace(/^more:/, "")])),
    );
    on<SelectDetail>("iop-select", (detail) => this.#select(detail));
    on("iop-back", () => this.#backToLast());
    on<{ text: string }>("iop-search", ({ text }) => (this.searched = text));
    on<{ tab: Tab }>("iop-tab", ({ tab }) => (this.tab = tab));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("keydown", this.#pressed);
    const route = this.#address.route;
    void this.#pick(route?.scenario ?? SCENARIOS[0]!.id, route?.tick ?? null);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("keydown", this.#pressed);
  }

  /** The tick that is shown. */
  get position(): number {
    return this.tick;
  }

  /** The run on the stage; null: none yet. */
  get shown(): Session | null {
    return this.session;
  }

  /** Resolves when everything is drawn. */
  protected override async getUpdateComplete(): Promise<boolean> {
    const result = await super.getUpdateComplete();
    if (this.stage) await this.stage.updateComplete;
    return result;
  }

  async #pick(id: string, tick: number | null): Promise<void> {
    if (this.scenario?.id === id && this.session) {
      if (this.notice?.kind === "error") this.notice = null;
      this.#seek(tick ?? 0);
      return;
    }
    const found = SCENARIOS.find((scenario) => scenario.id === id);
    this.notice = found ? null : { kind: "error", text: this.#t("error_unknown_scenario", { id }), detail: "" };
    await this.#start(found ?? SCENARIOS[0]!, found ? tick : null);
  }

  async #open(files: readonly File[]): Promise<void> {
    if (files.length !== 1) {
      this.notice = { kind: "error", text: this.#t("error_several", { count: files.length }), detail: "" };
      return;
    }
    const [file] = files;
    this.notice = null;
    await this.#start(
      recordingScenario(file!.name, () => file!.text()),
      null,
    );
  }

  /** Runs a scenario, and shows it once it has run; if it cannot, what was on the stage stays there. */
  async #start(scenario: Scenario, tick: number | null): Promise<void> {
    const asked = ++this.#asked;
    this.#player.pause();
    this.loading = this.#t(scenario.source === "" ? "loading_trace" : "loading", { name: scenario.title[this.locale] });
    try {
      const { kernel, cut, calls, report, facts } = await scenario.start();
      if (asked !== this.#asked) return;
      const session = new Session(kernel, calls);
      if (session.run.calls.length === 0 && report) throw new Error(this.#t("error_empty"));
      this.session = session;
      this.scenario = scenario;
      this.facts = facts;
      [this.selection, this.trail, this.expanded, this.searched] = [null, [], new Set(), ""];
      this.#moving = false;
      this.tick = Math.min(tick ?? 0, session.run.ticks);
      if (cut) this.notice = { kind: "news", text: this.#t("cut", { ticks: kernel.ticks }), detail: "" };
      if (report) this.notice = reportNotice(report, this.#t);
    } catch (error) {
      if (asked === this.#asked) this.notice = errorNotice(error, this.session !== null, this.#t);
    } finally {
      if (asked === this.#asked) this.loading = "";
    }
  }

  readonly #t: Translate = (key, values) => translator(this.locale)(key, values);

  #seek(tick: number): void {
    const ticks = this.session?.run.ticks ?? 0;
    const wanted = Math.max(0, Math.min(ticks, tick));
    this.#moving = Math.abs(wanted - this.tick) < LEAP;
    this.tick = wanted;
  }

  #jump(tick: number): void {
    this.#player.pause();
    this.#seek(tick);
  }

  /** Goes one step on or back. Returns whether there is another one. */
  #step(direction: 1 | -1, grain: Grain): boolean {
    const run = this.session?.run;
    if (!run) return false;
    this.#seek(direction === 1 ? run.next(grain, this.tick) : run.previous(grain, this.tick));
    return direction === 1 ? this.tick < run.ticks : this.tick > 0;
  }

  readonly #pressed = (event: KeyboardEvent) => {
    if (this.helping) return;
    const command = commandOf(event);
    if (!command) return;
    event.preventDefault();
    this.#do(command);
  };

  #do(command: Command): void {
    if (command !== "play" && command !== "help") this.#player.pause();
    this.#commands[command]();
  }

  #searchNow(): void {
    this.tab = "inspector";
    void this.updateComplete.then(() => this.inspector?.focusSearch());
  }

  #clear(): void {
    [this.selection, this.trail, this.searched, this.notice] = [null, [], "", null];
  }

  #select({ struct, address }: SelectDetail): void {
    const { selection } = this;
    if (selection?.address === address && selection.struct === struct) {
      [this.selection, this.trail] = [null, []];
      return;
    }
    if (selection) this.trail = [...this.trail, selection];
    this.selection = { struct, address };
  }

  #backToLast(): void {
    this.selection = this.trail.at(-1) ?? null;
    this.trail = this.trail.slice(0, -1);
  }

  #switchLocale(): void {
    this.locale = this.locale === "en" ? "zh-CN" : "en";
    saveLocale(this.locale);
  }

  #switchTheme(): void {
    this.theme = effectiveTheme(this.theme) === "dark" ? "light" : "dark";
    saveTheme(this.theme);
  }

  protected override willUpdate(changes: PropertyValues): void {
    const { session, selection } = this;
    document.documentElement.lang = this.locale;
    document.documentElement.dataset["theme"] = this.theme;
    if (!session) return;
    if (["session", "tick", "grain"].some((name) => changes.has(name)))
      this.#frame = session.frame(this.tick, this.grain);
    const frame = this.#frame!;
    const id = this.scenario?.id ?? "";
    this.#address.show(id === "" ? null : { scenario: id, tick: this.tick });
    const focus = selection ? new Set([...frame.changed, selection.address]) : frame.changed;
    const scene = sceneOf(frame.inspection, frame.record, { translate: this.#t, focus, expanded: this.expanded });
    if (changes.has("width")) this.#moving = false;
    this.#picture = this.width === 0 ? null : pictureOf(scene, this.width / scaleOf(this.width), this.#t);
  }

  override render(): TemplateResult {
    const { locale, session, scenario, tick, grain, selection, trail, tab, helping, searched, notice, loading } = this;
    return pageView({
      locale,
      session,
      scenario,
      facts: this.facts,
      tick,
      grain,
      selection,
      trail,
      tab,
      helping,
      searched,
      notice,
      loading,
      translate: this.#t,
      theme: effectiveTheme(this.theme),
      frame: session ? this.#frame : null,
      picture: this.#picture,
      moving: this.#moving,
      hovering: this.#drop.hovering,
      playing: this.#player.playing,
      speed: this.#player.speed,
    });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-app": IopApp;
  }
}
