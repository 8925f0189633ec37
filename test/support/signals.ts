import type { AdoptedTask } from "../../lib/index.ts";

/** An address at which a handler could be; what it does is up to the test. */
export const HANDLER = 0x1000;

/** Gives an adopted task a handler for a signal. */
export function catchSignal(task: AdoptedTask, signo: number, flags = 0, mask = 0n): void {
  const action = new BigUint64Array([BigInt(HANDLER), BigInt(flags >>> 0), 0n, mask]);
  const answer = task.submit("rt_sigaction", signo, { in: new Uint8Array(action.buffer) }, 0, 8);
  if (!answer.done || answer.value !== 0) throw new Error("rt_sigaction() fails");
}
