import { LitElement, type TemplateResult, css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { fire } from "./events.ts";
import { type Locale, type MessageKey, translator } from "../i18n/catalogue.ts";
import { type Route, YOUR_PROGRAM, formatRoute } from "../model/route.ts";
import { shared } from "./styles.ts";

/** A page that the header leads to. */
interface Destination {
  readonly text: MessageKey;
  readonly route: Route;
}

const DESTINATIONS: readonly Destination[] = [
  { text: "page_gallery", route: { page: "gallery" } },
  { text: "page_labs", route: { page: "labs" } },
  { text: "page_learn", route: { page: "learn", chapter: "", passage: "" } },
  { text: "page_race", route: { page: "race", query: {} } },
  { text: "page_program", route: { page: "run", scenario: YOUR_PROGRAM, tick: null } },
];

/** Whether two routes lead to the same page, wherever in its run. */
function isSame(one: Route, other: Route): boolean {
  if (one.page === "labs" && other.page === "lab") return true;
  if (one.page === "race" && other.page === "by-hand") return true;
  return one.page === other.page && (one.page !== "run" || other.page !== "run" || one.scenario === other.scenario);
}

/**
 * Brand, ways to the pages, language and theme.
 *
 * @fires iop-locale  the other language is wanted
 * @fires iop-theme   the other theme is wanted
 * @fires iop-help    the list of keys is wanted
 */
@customElement("iop-header")
export class IopHeader extends LitElement {
  static override styles = [
    shared,
    css`
      header {
        display: flex;
        gap: 6px 14px;
        align-items: center;
        padding: 5px 14px;
        border-bottom: 1px solid var(--iop-rule);
      }
      a {
        color: inherit;
        text-decoration: none;
      }
      .brand {
        font-size: 17px;
        font-weight: 700;
        letter-spacing: -0.01em;
      }
      nav {
        display: flex;
        flex: 1;
        gap: 2px;
        min-width: 0;
        overflow-x: auto;
      }
      nav a {
        display: inline-grid;
        justify-items: center;
        padding: 7px 10px;
        border-bottom: 2px solid transparent;
        white-space: nowrap;
      }
      /* Room for the word in bold: nothing moves when another page is shown. */
      nav a::after {
        height: 0;
        overflow: hidden;
        content: attr(data-text);
        font-weight: 600;
        visibility: hidden;
      }
      nav a[aria-current="page"] {
        border-bottom-color: var(--iop-ink);
        font-weight: 600;
      }
      nav a:focus-visible {
        outline-offset: -3px;
      }
      .tools {
        display: flex;
        gap: 2px;
      }
      /* On a phone the pages have a row of their own: all of them are to be seen. */
      @media (max-width: 600px) {
        header {
          flex-wrap: wrap;
          gap: 0 6px;
          padding: 3px 10px 0;
        }
        nav {
          flex: 1 0 100%;
          order: 1;
          justify-content: space-between;
        }
        nav a {
          padding: 4px 6px 5px;
        }
        .tools {
          margin-inline-start: auto;
        }
        .tools button {
          padding-inline: 9px;
        }
      }
    `,
  ];

  @property() locale: Locale = "en";
  @property() theme: "light" | "dark" = "light";
  /** The page that is shown. */
  @property({ attribute: false }) route: Route = { page: "gallery" };

  override render(): TemplateResult {
    const t = translator(this.locale);
    const { locale, theme } = this;
    const toOther = theme === "dark" ? "light" : "dark";
    return html`<header>
      <a class="brand" href="#/">iopath</a>
      <nav aria-label=${t("pages")}>
        ${DESTINATIONS.map(
          ({ text, route }) =>
            html`<a
              href=${formatRoute(route)}
              data-text=${t(text)}
              aria-current=${isSame(route, this.route) ? "page" : "false"}
              >${t(text)}</a
            >`,
        )}
      </nav>
      <div class="tools">
        <button
          class="plain"
          lang=${locale === "en" ? "zh-CN" : "en"}
          aria-label=${t("other_language_label")}
          @click=${() => fire(this, "iop-locale")}
        >
          ${t("other_language")}
        </button>
        <button class="plain" aria-label=${t(`theme_to_${toOther}`)} @click=${() => fire(this, "iop-theme")}>
          ${t(`theme_${toOther}`)}
        </button>
        <button class="plain" aria-label=${t("help")} aria-keyshortcuts="?" @click=${() => fire(this, "iop-help")}>
          ?
        </button>
      </div>
    </header>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-header": IopHeader;
  }
}
