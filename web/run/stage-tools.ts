import { type TemplateResult, html, nothing } from "lit";
import { saying } from "../app/events.ts";
import type { MessageKey, Translate } from "../i18n/catalogue.ts";
import type { Picture } from "../layout/picture.ts";
import type { Frame } from "../model/frame.ts";
import { type Selection, titleOf } from "../model/selection.ts";
import type { StageFocus, StageSight } from "../model/stage-sight.ts";
import { ZOOMS } from "../model/zoom.ts";

/** What the buttons below the stage depend on. */
export interface StageTools {
  readonly translate: Translate;
  readonly picture: Picture | null;
  readonly selection: Selection | null;
  readonly sight: StageSight;
  /** How large the stage is drawn: 1 fits the room. */
  readonly zoom: number;
}

/** The buttons below the stage: how much of the machine is drawn, and how large. */
export function stageTools(tools: StageTools): TemplateResult {
  return html`<div class="tools">${detailButtons(tools)} ${zoomButtons(tools)}</div>`;
}

function detailButtons({ translate, picture, selection, sight }: StageTools): TemplateResult {
  const keys = (picture?.chips ?? []).flatMap(({ look, key }) => (look === "open" ? [key.replace(/^fold:/, "")] : []));
  const all = [...sight.folded, ...keys];
  return html`<div class="zoom" role="group" aria-label=${translate("detail")}>
    <button
      ?disabled=${!selection}
      aria-pressed=${sight.focus !== null}
      aria-keyshortcuts="f"
      @click=${saying("iop-narrow")}
    >
      ${translate("narrow")}
    </button>
    <button ?disabled=${keys.length === 0} @click=${saying("iop-fold-only", { keys: all })}>
      ${translate("fold_all")}
    </button>
    <button ?disabled=${sight.folded.size === 0} @click=${saying("iop-fold-only", { keys: [] })}>
      ${translate("unfold_all")}
    </button>
  </div>`;
}

/** Larger, smaller, or as large as there is room. */
function zoomButtons({ zoom, translate }: StageTools): TemplateResult {
  const to = (by: 1 | -1, text: string, label: MessageKey, off: boolean) =>
    html`<button aria-label=${translate(label)} ?disabled=${off} @click=${saying("iop-zoom", { by })}>${text}</button>`;
  return html`<div class="zoom" role="group" aria-label=${translate("zoom")}>
    ${to(-1, "−", "zoom_smaller", zoom === ZOOMS[0])}
    <button title=${translate("zoom_all")} ?disabled=${zoom === 1} @click=${saying("iop-zoom", { by: 0 })}>
      ${zoom * 100} %
    </button>
    ${to(1, "+", "zoom_larger", zoom === ZOOMS.at(-1))}
  </div>`;
}

/** What the stage is narrowed to, and the way back. */
export function narrowedTo(
  frame: Frame,
  focus: StageFocus | null,
  translate: Translate,
): TemplateResult | typeof nothing {
  if (!focus) return nothing;
  const title = titleOf(frame, focus);
  return html`<p class="narrowed" role="status">
    <span>${translate(focus.links === 1 ? "narrowed_one" : "narrowed_two", { title })}</span>
    <button aria-pressed=${focus.links === 2} @click=${saying("iop-reach")}>${translate("narrowed_further")}</button>
    <button aria-keyshortcuts="Escape" @click=${saying("iop-command", { command: "escape" })}>
      ${translate("narrowed_back")} <kbd>Esc</kbd>
    </button>
  </p>`;
}
