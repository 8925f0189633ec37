import type { Kernel } from "../../kernel.ts";
import { taskByPid } from "../../see/find.ts";
import { Reader } from "../../see/reader.ts";
import { userMemory } from "../../see/user-memory.ts";
import type { CallEntry } from "../../trace/calls.ts";
import type { Shows } from "./calls.ts";
import { escaped } from "./literal.ts";

/** So many bytes of what was read are shown. */
export const BYTES_SHOWN = 32;
/** So many events are shown. */
export const EVENTS_SHOWN = 8;

/** What a call has filled in. */
export interface Shown {
  /** As it is printed behind the result; empty: nothing. */
  readonly text: string;
  /** Of a pair of descriptors: their numbers. */
  readonly pair?: readonly [number, number];
}

const NOTHING: Shown = { text: "" };

/** What a call of the run has filled in. */
export function shownOf(kernel: Kernel, { pid, args, value, exit }: CallEntry, shows: Shows): Shown {
  if (shows === "nothing" || exit === null || value === null || value < 0) return NOTHING;
  kernel.seek(exit);
  const reader = new Reader(kernel.memory);
  const user = userMemory(reader, taskByPid(reader, pid));
  const load = (place: number, length: number) => {
    const bytes = user.load(BigInt(args[place] ?? 0), length);
    return bytes && new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  };
  switch (shows) {
    case "bytes": {
      const view = load(1, Math.min(value, BYTES_SHOWN));
      if (!view) return NOTHING;
      return { text: ` "${escaped(new Uint8Array(view.buffer))}"${value > BYTES_SHOWN ? "..." : ""}` };
    }
    case "events": {
      const view = load(1, Math.min(value, EVENTS_SHOWN) * 12);
      const events = Array.from({ length: (view?.byteLength ?? 0) / 12 }, (_, i) => {
        return `${hex(view!.getUint32(i * 12, true))}:${view!.getBigUint64(i * 12 + 4, true)}`;
      });
      return { text: ` [${events.join(" ")}]` };
    }
    case "polled": {
      const count = Math.min(Number(args[1] ?? 0), EVENTS_SHOWN);
      const view = load(0, count * 8);
      const found = Array.from({ length: view ? count : 0 }, (_, i) => hex(view!.getUint16(i * 8 + 6, true)));
      return { text: ` [${found.join(" ")}]` };
    }
    case "pair": {
      const place = args.findIndex((argument) => Number(argument) > 0xffff);
      const view = load(place, 8);
      if (!view) return NOTHING;
      const pair = [view.getInt32(0, true), view.getInt32(4, true)] as const;
      return { text: ` [${pair.join(" ")}]`, pair };
    }
  }
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
