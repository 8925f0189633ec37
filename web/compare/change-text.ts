import { signalName } from "../../lib/see/signal-sets.ts";
import type { Translate } from "../i18n/catalogue.ts";
import type { Change } from "../share/share.ts";

/** A change in words. */
export function changeText(change: Change, t: Translate): string {
  const { tick } = change;
  switch (change.kind) {
    case "choose":
      return t("change_choose", { tick, pid: change.pid });
    case "fail-allocation":
      return t("change_allocation", { tick });
    case "drop-packet":
      return t(change.direction === "in" ? "change_drop_in" : "change_drop_out", { tick });
    case "fail-disk":
      return t(change.operation === "read" ? "change_disk_read" : "change_disk_write", { tick });
    case "signal":
      return t("change_signal", { tick, pid: change.pid, signal: signalName(change.signal) });
  }
}
