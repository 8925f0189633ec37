import { InputError, KernelPanic } from "../../lib/index.ts";
import type { Translate } from "../i18n/catalogue.ts";
import type { ReplayReport } from "../scenarios/scenario.ts";
import type { Notice } from "./iop-notice.ts";

/**
 * What to say of an error.
 *
 * @param kept  whether a machine stands on the stage still.
 */
export function errorNotice(error: unknown, kept: boolean, translate: Translate): Notice {
  if (error instanceof InputError) {
    const { source, line, column, expected, message } = error;
    const found = /, found (.*)$/s.exec(message)?.[1];
    const detail = [found ? translate("error_found", { found }) : "", kept ? translate("error_input_kept") : ""];
    return {
      kind: "error",
      text: translate("error_input", { source, line, column, expected }),
      detail: detail.filter(Boolean).join(" "),
    };
  }
  const message = error instanceof Error ? error.message : String(error);
  const text = translate(error instanceof KernelPanic ? "error_panic" : "error_kernel");
  return { kind: "error", text, detail: kept ? `${message}\n${translate("error_input_kept")}` : message };
}

/** What to say of a replay. */
export function reportNotice({ matched, io, other, mismatch }: ReplayReport, translate: Translate): Notice {
  const text = translate("replay_summary", { matched, io, other });
  return { kind: "news", text, detail: mismatch ? translate("replay_mismatch", mismatch) : "" };
}
