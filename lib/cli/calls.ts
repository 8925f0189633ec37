import { printArguments, printResult } from "../trace/strace/print.ts";
import type { StraceCall } from "../trace/strace/types.ts";

const MOST = 160;

/** A recorded call in one line, as strace shows it, shortened. */
export function describeCall(call: StraceCall): string {
  const args = printArguments(call.args);
  const shown = args.length > MOST ? `${args.slice(0, MOST)}...` : args;
  return `${call.name}(${shown}) = ${printResult(call.result)}`;
}
