import { type TemplateResult, html, nothing } from "lit";
import { type Locale, translatorOf } from "../i18n/catalogue.ts";
import { computationTexts } from "../i18n/pages/computation.ts";
import type { Computation } from "./computation.ts";
import type { JobName } from "./jobs.ts";

/** How far a computation is, with a button that ends it, and why it has ended early. */
export function progressView(computation: Computation<JobName>, locale: Locale): TemplateResult {
  const t = translatorOf(computationTexts, locale);
  const { isRunning, done } = computation;
  const said = t("computing", { percent: Math.round(done * 100) });
  return html`${
      isRunning
        ? html`<progress max="1" .value=${done} aria-label=${said}></progress>
            <span class="hint">${said}</span>
            <button class="cancel" @click=${() => computation.cancel()}>${t("cancel")}</button>`
        : nothing
    } <span role="status" class="hint">${endedView(computation, locale)}</span>`;
}

/** Why a computation has ended before it was done; nothing, if it has not. */
function endedView({ state, reason }: Computation<JobName>, locale: Locale): string | typeof nothing {
  const t = translatorOf(computationTexts, locale);
  return state === "failed" ? t("failed", { reason }) : state === "cancelled" ? t("cancelled") : nothing;
}
