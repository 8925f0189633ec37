import { type Difference, type Recorded, type Request, descriptor, differ, pointer } from "./request.ts";
import { bitsOf, fieldOf, numberOf } from "../strace/access.ts";
import { fieldOffset, structLayout } from "../../machine/memory.ts";
import { STAT_MODES } from "./constants.ts";
import type { RecordedFile } from "./recorded.ts";
import type { StraceValue } from "../strace/types.ts";
import { layout } from "../../layout.gen.ts";

const STAT_SIZE = structLayout("Stat").size;
const { IFMT } = layout.enums.StatMode.values;

/** What a file is. */
export function fstatRequest({ call, subject }: Recorded): Request {
  return {
    name: "fstat",
    args: [descriptor(call), pointer(call, 1, { out: STAT_SIZE })],
    check: ([bytes]) => (bytes ? checkStat(call.args[1], bytes, subject.files[0]) : null),
  };
}

/**
 * Compares what the machine can know: what kind of file it is, and its size; who may do what with it only where no file
 * system outside has said so. Numbers, devices and times are of the recorded machine.
 */
function checkStat(
  recorded: StraceValue | undefined,
  bytes: Uint8Array<ArrayBuffer>,
  file: RecordedFile | undefined,
): Difference | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const named = file?.kind === "regular";
  const mask = named ? IFMT : 0xffff;
  const mode = bitsOf(fieldOf(recorded, "st_mode"), STAT_MODES);
  const got = view.getUint32(fieldOffset("Stat", "st_mode"), true);
  const differs = mode === undefined ? null : differ("st_mode", octal(mode & mask), octal(got & mask));
  const size = numberOf(fieldOf(recorded, "st_size"));
  // A file that others write outside has a size that is not known.
  if (differs || size === undefined || (named && file.facts?.exact === false)) return differs;
  return differ("st_size", String(size), String(view.getBigInt64(fieldOffset("Stat", "st_size"), true)));
}

function octal(mode: number): string {
  return `0${mode.toString(8)}`;
}
