import { type TemplateResult, html, svg } from "lit";
import { EDGE_KINDS } from "./view.ts";
import type { T } from "./words.ts";

/** What the arrows and halos mean. Its svgs have the looks of the picture's. */
export function legend(t: T): TemplateResult {
  return html`<ul class="legend" aria-label=${t("legend")}>
    ${EDGE_KINDS.map(
      (kind) =>
        html`<li>
          <svg viewBox="0 0 34 12" aria-hidden="true">
            ${svg`<path class="edge ${kind}" d="M1 6H32"></path><path class="head ${kind}" d="M25 1.5L33 6L25 10.5${kind === "owns" ? "Z" : ""}"></path>${kind === "dangling" ? svg`<path class="cross" d="M11 1l10 10m0 -10l-10 10"></path>` : ""}`}
          </svg>
          ${t(`legend_${kind}`)}
        </li>`,
    )}
    <li><span class="swatch" aria-hidden="true"></span>${t("legend_changed")}</li>
  </ul>`;
}
