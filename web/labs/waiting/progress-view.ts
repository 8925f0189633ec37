import { type TemplateResult, html, nothing } from "lit";
import type { T } from "./words.ts";

/** What there is to know of work that goes on. */
export interface Progress {
  readonly isRunning: boolean;
  readonly done: number;
  readonly failure: string;
  readonly wasCancelled: boolean;
  readonly cancel: () => void;
}

/** How far the work is, with a button that ends it. */
export function progressView(t: T, { isRunning, done, failure, wasCancelled, cancel }: Progress): TemplateResult {
  const said = t("progress", { done: Math.round(done * 100) });
  return html`${
      isRunning
        ? html`<progress max="1" value=${done} aria-label=${said}></progress>
            <span class="hint">${said}</span>
            <button class="cancel" @click=${cancel}>${t("cancel")}</button>`
        : nothing
    }
    <span role="status" class="hint">
      ${failure !== "" ? t("failed", { reason: failure }) : wasCancelled ? t("cancelled") : nothing}
    </span>`;
}
