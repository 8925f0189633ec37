import { type TemplateResult, html, nothing } from "lit";
import type { Embedded } from "../share/embed-code.ts";
import type { OnStage } from "../share/downloads.ts";
import { SHARE_VERSION, type Share } from "../share/share.ts";
import { sentenceOf } from "./sentence.ts";
import type { View } from "./view.ts";

/** The dialog to take away what is on the stage. */
export function shareView({
  locale,
  scenario,
  session,
  frame,
  tick,
  grain,
  drawing,
}: View): TemplateResult | typeof nothing {
  if (!scenario || !session || !frame) return nothing;
  const { id, recorded } = scenario;
  const share: Share | null = id === "" ? null : { v: SHARE_VERSION, run: { scenario: id }, tick, grain };
  const embedded: Embedded | null = id === "" || recorded ? null : { scenario: id, tick, grain, locale };
  const stage: OnStage = {
    kernel: session.run.kernel,
    tick,
    title: scenario.title[locale],
    sentence: sentenceOf(frame, locale),
    name: id || "run",
    drawing,
  };
  return html`<iop-share .locale=${locale} .share=${share} .embedded=${embedded} .stage=${stage}></iop-share>`;
}
