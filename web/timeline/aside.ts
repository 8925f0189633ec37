import { type TemplateResult, html, nothing, svg } from "lit";
import type { Lanes } from "../../lib/see/lanes.ts";
import type { MessageKey, Translate } from "../i18n/catalogue.ts";
import { LEGEND, LOOKS, type Pattern, SIGNS, type SignKind } from "./looks.ts";
import { lanesAt } from "./now.ts";
import { groupName, sliceText } from "./words.ts";

/** Lines of the swatch of a pattern: paths in a square of 12. */
const LINES: Readonly<Record<Pattern, string>> = {
  solid: "",
  outline: "",
  rising: "M-2 8 8 -2M-1 13 13 -1M4 14 14 4",
  falling: "M-2 4 8 14M-1 -1 13 13M4 -2 14 8",
  upright: "M3 0V12M9 0V12",
  dots: "M2 3h2M8 3h2M2 9h2M8 9h2",
  cross: "M-1 13 13 -1M-1 -1 13 13",
  line: "",
};

/** What the colours, patterns and signs mean, in a list that opens. */
export function legendView(t: Translate): TemplateResult {
  return html`<details class="legend">
    <summary>${t("legend")}</summary>
    <div class="card">
      ${LEGEND.map(
        (kinds) =>
          html`<ul>
            ${kinds.map((kind) => {
              const { colour, pattern } = LOOKS[kind];
              return html`<li>${swatch(colour, pattern)} ${t(`slice_${kind}`)}</li>`;
            })}
          </ul>`,
      )}
      <ul>
        ${(Object.keys(SIGNS) as SignKind[]).map((kind) => {
          const { sign, colour } = SIGNS[kind];
          return html`<li><b style="color: var(${colour})">${sign}</b> ${t(`mark_${kind}`)}</li>`;
        })}
        <li><b>∕∕</b> ${t("breaks")}</li>
      </ul>
    </div>
  </details>`;
}

function swatch(colour: string, pattern: Pattern): TemplateResult {
  const style = `color: var(${colour})`;
  return html`<svg class="swatch" viewBox="0 0 12 12" aria-hidden="true" style=${style}>
    ${
      pattern === "line"
        ? svg`<path d="M0 6H12"></path>`
        : svg`<rect class=${pattern} x="0.5" y="0.5" width="11" height="11"></rect><path d=${LINES[pattern]}></path>`
    }
  </svg>`;
}

/** What every lane does where the machine stands, as a table: what is drawn, for those who do not see it. */
export function nowView(lanes: Lanes, tick: number, t: Translate): TemplateResult {
  return html`<details class="now">
    <summary>${t("lanes_now", { tick })}</summary>
    <table>
      <thead>
        <tr>
          <th scope="col">${t("lane")}</th>
          <th scope="col">${t("lane_does")}</th>
        </tr>
      </thead>
      <tbody>
        ${lanesAt(lanes, tick).map(({ lane, slices }) => {
          const kind = lane.kind === "calls" || lane.kind === "phases" ? "task" : lane.kind;
          const name = groupName({ ...lane, kind }, t);
          const more = kind === lane.kind ? "" : ` · ${t(`lane_${lane.kind}` as MessageKey)}`;
          return html`<tr>
            <th scope="row">${name}${more}</th>
            <td>
              ${slices.map((slice) => html`<div>${sliceText(slice, t)}</div>`)}${slices.length === 0 ? "–" : nothing}
            </td>
          </tr>`;
        })}
      </tbody>
    </table>
  </details>`;
}
