import { type Reader, structs } from "./reader.ts";
import { signalName } from "../machine/signals.ts";
import { layout } from "../layout.gen.ts";

const { NSIG } = layout.constants;

export { signalName };

/** The signals of a set, by number. */
function signalsOf(bits: bigint): number[] {
  if (bits === 0n) return [];
  const all = Array.from({ length: NSIG }, (_, i) => i + 1);
  return all.filter((signo) => (bits >> BigInt(signo - 1)) & 1n);
}

/** The names of the signals of a set. */
export function signalNames(bits: bigint): string[] {
  return signalsOf(bits).map(signalName);
}

/** Where a SighandStruct keeps what is done with a signal. */
export function actionAt(reader: Reader, sighand: number, signo: number): { handler: bigint; flags: number } {
  const at = sighand + Math.ceil(sizeOfStruct("SighandStruct") / 8) * 8 + (signo - 1) * sizeOfStruct("SigAction");
  return {
    handler: reader.get64("SigAction", at, "handler"),
    flags: Number(reader.get64("SigAction", at, "flags")),
  };
}

function sizeOfStruct(struct: "SighandStruct" | "SigAction"): number {
  return structs[struct]!.size;
}
