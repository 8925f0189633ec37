import type { BlkRequestObject } from "../../lib/see/inspect.ts";
import { type Box, type Chip, keyOf } from "./scene.ts";
import { type SceneContext, textRow } from "./context.ts";

/** The disk, with the requests that it has and those that wait for it; none on a machine that has not used it. */
export function diskBoxes(context: SceneContext): Box[] {
  const { translate } = context;
  return context.all("DiskState").map((disk): Box => {
    const key = keyOf(disk.address);
    const requests = context.all("Request");
    const chips = requests.map((request) => requestChip(context, request));
    const moved = translate("disk_moved", { read: disk.bytesRead, written: disk.bytesWritten });
    return {
      key,
      address: disk.address,
      struct: "DiskState",
      place: "device",
      hue: "device",
      word: translate("word_disk"),
      title: requests.some(({ finish }) => finish > 0) ? (disk.pio ? "PIO" : "DMA") : "",
      note: translate(`disk_${disk.kind}`),
      tabs: [],
      rows: [
        context.row(`${key}:requests`, "", chips, { tall: true, text: translate("disk_idle") }),
        textRow(`${key}:moved`, "", moved),
      ],
      tree: null,
      label: `${translate("word_disk")}: ${chips.map(({ text }) => text).join(", ") || translate("disk_idle")}, ${moved}`,
    };
  });
}

/** A request: full once the disk has it. */
function requestChip({ translate }: SceneContext, { address, op, bytes, state, title }: BlkRequestObject): Chip {
  const isFlush = op === "flush";
  const text = isFlush
    ? translate("disk_flush")
    : translate(op === "write" ? "disk_write" : "disk_read", { count: bytes });
  const look = state === "QUEUED" ? "slot" : "bytes";
  return { key: keyOf(address), address, struct: "Request", hue: "device", look, text, label: title };
}
