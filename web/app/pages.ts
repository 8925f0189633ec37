import { type TemplateResult, html } from "lit";
import type { Locale } from "../i18n/catalogue.ts";
import { LABS } from "../labs/all.ts";
import type { Route } from "../model/route.ts";

/** What the shell gives to whatever page it shows. */
export interface PageState {
  readonly locale: Locale;
  /** Files that were opened: one on the page of a run. */
  readonly files: readonly File[];
}

/** A page of the playground: it is loaded when it is shown for the first time. */
export interface Page {
  readonly name: string;
  /** Whether results are dropped there; files that are dropped on any other page are opened on that of a run. */
  readonly takesResults?: boolean;
  /** Brings its element. */
  readonly load: () => Promise<unknown>;
  readonly render: (state: PageState) => TemplateResult;
}

/** The page that a route leads to; null: none. What is shared is opened before it is a page. */
export function pageOf(route: Route): Page | null {
  switch (route.page) {
    case "gallery":
      return {
        name: "gallery",
        load: () => import("../gallery/iop-gallery.ts"),
        render: ({ locale }) => html`<iop-gallery .locale=${locale}></iop-gallery>`,
      };
    case "run":
      return {
        name: "run",
        load: () => import("../run/iop-run.ts"),
        render: ({ locale, files: [file = null] }) =>
          html`<iop-run .locale=${locale} .route=${route} .file=${file}></iop-run>`,
      };
    case "compare":
      return {
        name: "compare",
        load: () => import("../compare/iop-compare.ts"),
        render: ({ locale }) => html`<iop-compare .locale=${locale} .route=${route}></iop-compare>`,
      };
    case "labs":
      return {
        name: "labs",
        load: () => import("../labs/iop-labs.ts"),
        render: ({ locale }) => html`<iop-labs .locale=${locale}></iop-labs>`,
      };
    case "lab": {
      const lab = LABS.find(({ id }) => id === route.lab)?.page;
      if (!lab) return null;
      const { load, render } = lab;
      return { name: `lab ${route.lab}`, load, render: ({ locale }) => render(locale, route.query) };
    }
    case "learn": {
      const { chapter, passage } = route;
      return {
        name: "learn",
        load: () => import("../learn/iop-learn.ts"),
        render: ({ locale }) => html`<iop-learn .locale=${locale} .chapter=${chapter} .passage=${passage}></iop-learn>`,
      };
    }
    case "race": {
      const { query } = route;
      return {
        name: "race",
        takesResults: true,
        load: () => import("../race/iop-race.ts"),
        render: ({ locale, files }) => html`<iop-race .locale=${locale} .query=${query} .files=${files}></iop-race>`,
      };
    }
    case "by-hand": {
      const { query } = route;
      return {
        name: "by-hand",
        load: () => import("../race/by-hand/iop-by-hand.ts"),
        render: ({ locale }) => html`<iop-by-hand .locale=${locale} .query=${query}></iop-by-hand>`,
      };
    }
    case "shared":
    case "unknown":
      return null;
  }
}
