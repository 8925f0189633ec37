import type { Slice } from "../../lib/see/lanes.ts";
import { renderTraced } from "../../lib/see/calls.ts";
import type { MessageKey, Translate } from "../i18n/catalogue.ts";
import { formatCount, formatTime } from "../model/format.ts";
import type { Group, Row } from "./rows.ts";

/** What a group is called: `CPU 0`, `server 1`, `Disk`. */
export function groupName({ kind, number, name }: Pick<Group, "kind" | "number" | "name">, t: Translate): string {
  if (kind === "cpu") return t("lane_cpu", { number });
  if (kind === "task") return t("lane_task", { name: name || t("word_task"), number });
  return t(`lane_${kind}` as MessageKey);
}

/** What a row of a group is called besides the group; empty: no more than that. */
export function rowName({ kind, lanes }: Row, t: Translate): string {
  if (kind === "calls" || kind === "phases") return t(`lane_${kind}`);
  return kind === "dma" && lanes.length === 1 ? t(`lane_dma_${lanes[0]!.number}` as MessageKey) : "";
}

/** What stands in a slice: a name of the kernel's where there is one. */
export function sliceName({ kind, name, wchan, bytes }: Slice, t: Translate): string {
  if (kind === "sleeping") return wchan ?? name;
  if (kind === "waiting") return t("slice_waiting_short");
  if (kind === "copying") return t("slice_copying_short");
  if (name !== "") return name;
  const word = t(`slice_${kind}`);
  return bytes ? `${word} ${t("bytes", { count: formatCount(bytes) })}` : word;
}

/** What a slice is, in full: its kind, its name, what it came to, how long it took, and when. */
export function sliceText(slice: Slice, t: Translate): string {
  const { kind, name, wchan, result, bytes, start, end, from, to, over } = slice;
  const what = [t(`slice_${kind}`), name];
  if (wchan !== null) what.push(t("slice_in", { wchan }));
  if (result !== null) what.push(`= ${renderTraced(result)}`);
  if (bytes !== null) what.push(t("bytes", { count: formatCount(bytes) }));
  const when = t(over ? "slice_when" : "slice_when_open", {
    duration: formatTime(end - start),
    start: formatTime(start),
    end: formatTime(end),
    from: formatCount(from),
    to: formatCount(Math.max(from, to - 1)),
  });
  return `${what.filter((word) => word !== "").join(" ")} · ${when}`;
}
