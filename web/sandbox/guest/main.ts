/*
 * The library inside the sandbox, by the name "iopath": the same system calls and constants as outside, over a machine
 * that lies with the host. Vite makes one text of it (web/sandbox/text/plugin.ts), which the engine is given first.
 */
import "./globals.ts";
import { beginHandler, beginProgram, step } from "./contexts.ts";
import { answer, bootOptions, fire, setUp } from "./kernel.ts";
import { describeThrown } from "./thrown.ts";

export { cpp } from "../../../lib/cpp/notation.ts";
export { cppLog, leaksOf } from "../../../lib/cpp/log.ts";
export { sourceLines as cppLines, sourceOf as cppSource } from "../../../lib/cpp/print.ts";
export { machineProgram } from "../../../lib/cpp/run.ts";
export * from "../../../lib/machine/constants.ts";
export { digestOf } from "../../../lib/machine/digest.ts";
export { errnoName } from "../../../lib/machine/errno.ts";
export { SignalJump } from "../../../lib/machine/signals.ts";
export { WEXITSTATUS, WIFEXITED, WIFSIGNALED, WTERMSIG } from "../../../lib/machine/wait_status.ts";
export { syscallName, syscallNumber } from "../../../lib/machine/call.ts";

/** What the host calls; it takes this object away before a program is loaded. */
const guest = {
  beginProgram,
  beginHandler,
  step,
  bootOptions,
  setUp,
  fire,
  answer,
  describe: (thrown: unknown): string => JSON.stringify(describeThrown(thrown)),
};
Object.assign(globalThis, { $guest: guest });

/** The names of those functions. */
export type GuestFunction = keyof typeof guest;
