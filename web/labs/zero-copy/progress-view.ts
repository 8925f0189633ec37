import { type TemplateResult, html, nothing } from "lit";
import type { Translate } from "../../i18n/catalogue.ts";
import type { ZeroCopyKey } from "../../i18n/pages/zero-copy.ts";
import type { Computation } from "./computation.ts";
import type { JobName } from "../jobs.ts";

/** How a computation stands, in words, with what ends it. */
export function progressView(computation: Computation<JobName>, t: Translate<ZeroCopyKey>): TemplateResult {
  const { state, done, message } = computation;
  const percent = Math.round(done * 100);
  return html`${
      state === "running"
        ? html`<progress max="1" .value=${done} aria-label=${t("computing", { percent })}></progress>
            <button @click=${() => computation.cancel()}>${t("cancel")}</button>`
        : nothing
    }
    <span class="hint" role="status"
      >${
        state === "running"
          ? t("computing", { percent })
          : state === "cancelled"
            ? t("cancelled")
            : state === "failed"
              ? t("failed", { message })
              : nothing
      }</span
    >`;
}
