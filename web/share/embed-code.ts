import type { Locale } from "../i18n/catalogue.ts";
import type { Grain } from "../model/run.ts";

/** What an embedded stage is to show. */
export interface Embedded {
  /** Name of the scenario; null: it is a program of somebody's own, which its link holds. */
  readonly scenario: string | null;
  readonly tick: number;
  readonly grain: Grain;
  readonly locale: Locale;
}

/**
 * HTML that shows a run in another page.
 *
 * @param link  to what is shown in the playground.
 * @param base  where the playground is, which has the elements in a folder of its own: `https://host/folder/`.
 */
export function embedCode({ scenario, tick, grain, locale }: Embedded, link: string, base: string): string {
  const attributes = {
    ...(scenario === null ? { program: link } : { scenario }),
    tick: String(tick),
    grain,
    lang: locale,
    playground: base,
  };
  const written = Object.entries(attributes).map(([name, value]) => ` ${name}="${escaped(value)}"`);
  const script = escaped(new URL("elements/elements.js", base).href);
  return `<script type="module" src="${script}"></script>\n<iopath-stage${written.join("")}></iopath-stage>`;
}

/** The name of a window in which a page is shown inside of another host's page: without the shell's header. */
export const FRAME = "iopath-page";

/** HTML that shows a page of the playground, such as a lab, in another page. @param title  for those who do not see it. */
export function frameCode(address: string, title: string): string {
  const [src, label] = [escaped(address), escaped(title)];
  return `<iframe name="${FRAME}" src="${src}" title="${label}" width="100%" height="900" loading="lazy"></iframe>`;
}

/** A text as it may stand in an attribute, in double quotes. */
export function escaped(value: string): string {
  return value.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}
