/*
 * A program in the sandbox has a thread of its own, so that the page stays alive, and can end it.
 */
import location from "@jitl/quickjs-wasmfile-release-sync/wasm?url";
import library from "virtual:iopath-guest";
import type { Terms } from "../scenarios/running.ts";
import type { SharedBoot } from "../share/share.ts";
import { LIMITS } from "./limits.ts";
import { newEngine } from "./quickjs.ts";
import { runInSandbox } from "./run.ts";

/** What the page sends: the text of a program, what is done to its machine on the way, and what that is booted with. */
interface SandboxRequest {
  readonly text: string;
  readonly terms: Terms;
  readonly boot: SharedBoot;
}

addEventListener("message", ({ data }: MessageEvent<SandboxRequest>) => {
  void newEngine(LIMITS, new URL(location, import.meta.url).href)
    .then((engine) => runInSandbox(engine, library, data.text, LIMITS, data.terms, data.boot))
    .then(
      (run) => postMessage(run),
      (error: unknown) => postMessage({ failed: String(error) }),
    );
});
