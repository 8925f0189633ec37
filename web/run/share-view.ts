import { type TemplateResult, html, nothing } from "lit";
import type { Embedded } from "../share/embed-code.ts";
import type { OnStage } from "../share/downloads.ts";
import { LONGEST_PROGRAM, SHARE_VERSION, type Share } from "../share/share.ts";
import { sentenceOf } from "./sentence.ts";
import { sharedRunOf } from "./shared-run.ts";
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
  source,
  bench,
}: View): TemplateResult | typeof nothing {
  if (!scenario || !session || !frame) return nothing;
  const { id, recorded } = scenario;
  const run = sharedRunOf(id, source, bench.isEdited, bench.boot);
  const canTravel = id !== "" && source.length <= LONGEST_PROGRAM;
  const share: Share | null = canTravel ? { v: SHARE_VERSION, run, tick, grain } : null;
  const embedded: Embedded | null =
    !canTravel || recorded ? null : { scenario: "program" in run ? null : id, tick, grain, locale };
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
