import { LitElement, type TemplateResult, html, nothing } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { type Locale, type Translate, translator } from "../i18n/catalogue.ts";
import type { IopRun } from "../run/iop-run.ts";
import { commandOf } from "../model/keys.ts";
import { type Route, formatRoute } from "../model/route.ts";
import { effectiveTheme, loadLocale, loadTheme, saveLocale, saveTheme } from "../model/settings.ts";
import { FRAME } from "../share/embed-code.ts";
import { AddressBar } from "./address-bar.ts";
import { appStyles } from "./app-styles.ts";
import { DropTarget } from "./drop-target.ts";
import { listenerOf } from "./events.ts";
import "./iop-header.ts";
import "./iop-help.ts";
import "./iop-notice.ts";
import type { Notice } from "./iop-notice.ts";
import { pageOf } from "./pages.ts";
import { shared } from "./styles.ts";

/**
 * The playground: which page is shown, in which language and theme, and what a person should know. What a page shows
 * is its own state.
 */
@customElement("iop-app")
export class IopApp extends LitElement {
  static override styles = [shared, appStyles];

  /** Whether it stands in a page of somebody else's. */
  readonly #isFramed = window.name === FRAME;
  @state() private locale: Locale = loadLocale();
  @state() private theme = loadTheme();
  @state() private route: Route = { page: "gallery" };
  /** Files to be opened on the page that is shown. */
  @state() private files: readonly File[] = [];
  @state() private notice: Notice | null = null;
  @state() private helping = false;
  @state() private loaded: ReadonlySet<string> = new Set();
  @query("iop-run") private readonly found!: IopRun | null;

  readonly #address = new AddressBar(this, (route) => this.#show(route));
  readonly #drop = new DropTarget(this, (files) => this.#open(files));

  constructor() {
    super();
    const on = listenerOf(this);
    on<{ route: Route }>("iop-go", ({ route }) => this.#go(route));
    on<{ route: Route }>("iop-route", ({ route }) => this.#address.show(route));
    on<{ notice: Notice | null }>("iop-notice", ({ notice }) => (this.notice = notice));
    on<{ files: File[] }>("iop-files", ({ files }) => this.#open(files));
    on("iop-locale", () => this.#switchLocale());
    on("iop-theme", () => this.#switchTheme());
    on("iop-help", () => (this.helping = true));
    on("iop-close", () => (this.helping = false));
    on("iop-dismiss", () => (this.notice = null));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("keydown", this.#pressed);
    this.#show(this.#address.route);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("keydown", this.#pressed);
  }

  /** The page of a run, while it is shown. */
  get run(): IopRun | null {
    return this.found;
  }

  /** Goes to a page, as a link would. */
  #go(route: Route): void {
    this.#address.go(route);
    this.#show(route);
  }

  #show(route: Route): void {
    if (route.page === "shared") return void this.#openShared(route.hash);
    this.files = [];
    this.notice = null;
    const page = pageOf(route);
    this.route = page ? route : { page: "gallery" };
    if (!page) this.#tell(this.#t("error_address", { address: formatRoute(route).slice(0, 80) }));
    void this.#load();
  }

  /** Shows what a packed link leads to; if that cannot be read, what is shown stays as it is. */
  async #openShared(hash: string): Promise<void> {
    const kept = this.loaded.size > 0;
    try {
      const { linkNotice, openLink } = await import("../share/open-link.ts");
      const opened = await openLink(hash).catch((error: unknown) => linkNotice(error, kept, this.#t));
      if ("page" in opened) return this.#show(opened);
      if (!kept) this.#show({ page: "gallery" });
      this.notice = opened;
    } catch (error) {
      this.#tell(this.#t("error_page"), String(error));
    }
  }

  async #load(): Promise<void> {
    const { name, load } = pageOf(this.route)!;
    if (this.loaded.has(name)) return;
    try {
      await load();
      this.loaded = new Set([...this.loaded, name]);
    } catch (error) {
      this.#tell(this.#t("error_page"), String(error));
    }
  }

  #open(files: readonly File[]): void {
    const isRace = pageOf(this.route)?.takesResults === true;
    if (!isRace && files.length !== 1) return this.#tell(this.#t("error_several", { count: files.length }));
    this.notice = null;
    if (!isRace && this.route.page !== "run") this.route = { page: "run", scenario: "", tick: null };
    this.files = files;
    void this.#load();
  }

  #tell(text: string, detail = ""): void {
    this.notice = { kind: "error", text, detail };
  }

  readonly #t: Translate = (key, values) => translator(this.locale)(key, values);

  readonly #pressed = (event: KeyboardEvent) => {
    const command = commandOf(event);
    // What is on the page may have something to close, too.
    if (command === "escape") this.notice = null;
    if (command !== "help") return;
    this.helping = true;
    event.preventDefault();
  };

  #switchLocale(): void {
    this.locale = this.locale === "en" ? "zh-CN" : "en";
    saveLocale(this.locale);
  }

  #switchTheme(): void {
    this.theme = effectiveTheme(this.theme) === "dark" ? "light" : "dark";
    saveTheme(this.theme);
  }

  protected override willUpdate(): void {
    document.documentElement.lang = this.locale;
    document.documentElement.dataset["theme"] = this.theme;
  }

  /** Resolves when everything is drawn. */
  protected override async getUpdateComplete(): Promise<boolean> {
    const result = await super.getUpdateComplete();
    if (this.run) await this.run.updateComplete;
    return result;
  }

  override render(): TemplateResult {
    const { locale, route, notice, helping } = this;
    const page = pageOf(route)!;
    return html`${
        this.#isFramed
          ? html`<a class="framed" href=${location.href} target="_blank" rel="noopener" @click=${toWhatIsShown}
              >${this.#t("embed_open")}</a
            >`
          : html`<iop-header .locale=${locale} .theme=${effectiveTheme(this.theme)} .route=${route}></iop-header>`
      }
      <iop-notice .locale=${locale} .notice=${notice}></iop-notice>
      ${
        this.loaded.has(page.name)
          ? html`<div class="page">${page.render({ locale, files: this.files })}</div>`
          : html`<p class="loading" role="status">${this.#t("loading_page")}</p>`
      }
      <iop-help .locale=${locale} .open=${helping}></iop-help>
      ${this.#drop.hovering ? html`<div class="drop">${this.#t(page.takesResults ? "drop_results" : "drop_here")}</div>` : nothing}`;
  }
}

/** A page changes its address without the shell being drawn again. */
function toWhatIsShown({ currentTarget }: Event): void {
  (currentTarget as HTMLAnchorElement).href = location.href;
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-app": IopApp;
  }
}
