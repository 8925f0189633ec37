import { type TemplateResult, html, nothing } from "lit";
import type { Translate } from "../i18n/catalogue.ts";
import { legendView } from "./aside.ts";
import type { AxisKind } from "./axis.ts";

/** What the bar above the lanes shows, and what its buttons do. */
interface Toolbar {
  readonly axis: AxisKind;
  /** How long the selection is, in words; empty: nothing is selected. */
  readonly range: string;
  /** Whether idle time is cut somewhere. */
  readonly cut: boolean;
  readonly chooseAxis: (axis: AxisKind) => void;
  readonly zoomIn: () => void;
  readonly zoomOut: () => void;
  readonly fit: () => void;
  readonly zoomToRange: () => void;
}

const AXES: readonly AxisKind[] = ["time", "ticks"];

/** The bar above the lanes. */
export function toolbarView(bar: Toolbar, t: Translate): TemplateResult {
  return html`<div class="toolbar" role="group" aria-label=${t("timeline_view")}>
    <slot name="start"></slot>
    <div class="choices" role="group" aria-label=${t("axis")}>
      ${AXES.map(
        (axis) =>
          html`<button class="small" aria-pressed=${bar.axis === axis} @click=${() => bar.chooseAxis(axis)}>
            ${t(`axis_${axis}`)}
          </button>`,
      )}
    </div>
    ${button("−", t("zoom_out"), bar.zoomOut)} ${button("+", t("zoom_in"), bar.zoomIn)}
    ${button("↔", t("zoom_fit"), bar.fit)}
    ${
      bar.range
        ? html`<span class="range mono" role="status">${bar.range}</span>
            <button class="small" @click=${bar.zoomToRange}>${t("zoom_range")}</button>`
        : nothing
    }
    ${bar.cut ? html`<span class="note quiet"><b>∕∕</b> ${t("breaks")}</span>` : nothing} ${legendView(t)}
  </div>`;
}

function button(sign: string, label: string, act: () => void): TemplateResult {
  return html`<button class="small" aria-label=${label} title=${label} @click=${act}>${sign}</button>`;
}
