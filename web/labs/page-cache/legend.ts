import { type SVGTemplateResult, type TemplateResult, css, html, svg } from "lit";
import type { Translate } from "../../i18n/catalogue.ts";
import type { TextKey } from "../../i18n/pages/page-cache.ts";
import { OWNER_COLOURS } from "./paint.ts";

/** A sign of the lists. */
export type Sign = keyof typeof SIGNS;

function cell(colour: string, letter: string, fill: string): SVGTemplateResult {
  return svg`<rect x="0.5" y="0.5" width="13" height="13" fill=${fill} stroke=${colour}></rect>
    <text x="7" y="10" fill="var(--iop-paper)">${letter}</text>`;
}

const INK = "var(--iop-ink)";

const owner = (name: keyof typeof OWNER_COLOURS, letter: string) => {
  const colour = `var(${OWNER_COLOURS[name]})`;
  return cell(colour, letter, colour);
};

const SIGNS = {
  owner_hot: owner("hot", "H"),
  owner_stream: owner("stream", "S"),
  owner_written: owner("written", "W"),
  mark_referenced: cell(INK, "", INK),
  mark_plain: cell(INK, "", "none"),
  mark_reading: svg`<rect x="0.5" y="0.5" width="13" height="13" fill="none" stroke=${INK} stroke-dasharray="2 2"></rect>`,
  mark_dirty: svg`${cell(INK, "", "none")}<path d="M14 0h-6l6 6z" fill=${INK}></path>`,
  mark_writeback: svg`${cell(INK, "", "none")}<path d="M13.5 0.5h-6l6 6z" fill="none" stroke=${INK}></path>`,
  mark_moved: svg`<rect x="1" y="1" width="12" height="12" fill="none" stroke="var(--iop-changed)" stroke-width="2"></rect>`,
} as const;

/** How a legend looks. */
export const legendStyles = css`
  .signs {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 18px;
    margin: 10px 0 0;
    padding: 0;
    font-size: 12px;
    color: var(--iop-quiet);
    list-style: none;
  }
  .signs svg {
    width: 14px;
    height: 14px;
    vertical-align: -2px;
  }
  .signs text {
    font: 600 8px var(--iop-mono);
    text-anchor: middle;
  }
`;

/** What the signs of the lists mean. */
export function legend(signs: readonly Sign[], t: Translate<TextKey>): TemplateResult {
  return html`<ul class="signs" aria-label=${t("legend")}>
    ${signs.map((sign) => html`<li><svg viewBox="0 0 14 14" aria-hidden="true">${SIGNS[sign]}</svg> ${t(sign)}</li>`)}
  </ul>`;
}
