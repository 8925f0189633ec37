import { type TemplateResult, html } from "lit";
import type { Locale, Translate } from "../i18n/catalogue.ts";
import { COUNTER_NAMES } from "../i18n/counters.ts";
import { formatCount } from "../model/format.ts";
import type { Frame } from "../model/frame.ts";

/** What both machines have counted up to now, side by side; what differs is marked. */
export function countersTable(
  [left, right]: readonly Frame[],
  titles: readonly string[],
  locale: Locale,
  t: Translate,
): TemplateResult {
  const rows = COUNTER_NAMES.map(({ name, texts, always }) => {
    const [a, b] = [left!.counters[name], right!.counters[name]];
    return { text: texts[locale], a, b, shown: always || a > 0 || b > 0 };
  });
  return html`<table>
    <caption>
      ${t("counters_beside")}
    </caption>
    <thead>
      <tr>
        <td></td>
        ${titles.map((title, i) => html`<th scope="col" title=${title}>${t(i === 0 ? "left" : "right")}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows
        .filter(({ shown }) => shown)
        .map(
          ({ text, a, b }) =>
            html`<tr class=${a === b ? "" : "differs"}>
              <th scope="row">${text}</th>
              <td>${formatCount(a)}</td>
              <td>${formatCount(b)}${a === b ? "" : html`<span class="hidden-text">(${t("differs")})</span>`}</td>
            </tr>`,
        )}
    </tbody>
  </table>`;
}
