import type { Heat, RaceResult } from "../../lib/race/types.ts";
import { escaped } from "../share/embed-code.ts";
import { axisOf, intervalsOf } from "./pictures.ts";
import type { Words } from "./words.ts";

/**
 * A heat as HTML for another page: a table that needs no script, says where it was measured, and leads back.
 *
 * @param link  to the whole result in the playground.
 */
export function embedRace(words: Words, result: RaceResult, heat: Heat, link: string): string {
  const rows = intervalsOf(words, result, heat);
  const axis = axisOf(words, heat, rows);
  const cells = rows.map(({ name, note, low, high, text }) => {
    const interval = low === null || high === null ? "–" : `${axis.format(low)} – ${axis.format(high)}`;
    return `<tr>${cell("th", `${name}, ${note}`)}${cell("td", text)}${cell("td", interval)}</tr>`;
  });
  const heads = [words.t("contender"), axis.title, words.t("interval")].map((head) => cell("th", head)).join("");
  const caption = escaped(words.heat(heat));
  return [
    `<figure lang="${words.locale}">`,
    `<table><caption>${caption}</caption>`,
    `<thead><tr>${heads}</tr></thead>`,
    `<tbody>`,
    ...cells,
    `</tbody></table>`,
    `<figcaption>${escaped(words.origin(result))} <a href="${escaped(link)}">${words.t("title")}</a></figcaption>`,
    `</figure>`,
  ].join("\n");
}

function cell(name: "th" | "td", text: string): string {
  return `<${name}>${escaped(text)}</${name}>`;
}
