import type { Seat, Surroundings, TrialAnswer } from "./types.ts";
import { arch, cpus, release, totalmem, type as system } from "node:os";
import { ChannelSeat } from "./seat.ts";
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";

/** How much of what a process says when it dies is kept. Unit: characters. */
const LAST_WORDS = 2000;

/**
 * Races in Node: every contender of a heat gets a process of its own.
 *
 * @param versions  those that the result is to name besides those of the contenders.
 */
export function nodeSurroundings(versions: Readonly<Record<string, string>> = {}): Surroundings {
  return {
    seat: processSeat,
    machine: {
      processor: cpus()[0]?.model.trim() ?? "unknown",
      cores: cpus().length,
      memory: totalmem(),
      system: `${system()} ${release()} ${arch()}`,
      runtime: `Node ${process.versions.node} (V8 ${process.versions.v8})`,
      versions,
    },
  };
}

/** The module that the process runs. Node that cannot read types runs the built one, also from the sources. */
function entry(): string {
  const isSource = import.meta.url.endsWith(".ts");
  const readsTypes = "typescript" in process.features && process.features.typescript !== false;
  if (isSource && !readsTypes) return fileURLToPath(new URL("../../dist/lib/race/process.js", import.meta.url));
  return fileURLToPath(new URL(isSource ? "process.ts" : "process.js", import.meta.url));
}

function processSeat(): Seat {
  return new ChannelSeat((answered, ended) => {
    const child = fork(entry(), [], { execArgv: ["--expose-gc"], stdio: ["ignore", "ignore", "pipe", "ipc"] });
    let words = "";
    child.stderr?.on("data", (text: Buffer) => (words = (words + text.toString()).slice(-LAST_WORDS)));
    child.on("message", (answer: TrialAnswer) => answered(answer));
    child.on("error", (error) => ended(error.message));
    child.on("close", (code, signal) => {
      const what = signal === null ? `with the exit code ${code}` : `by ${signal}`;
      ended(`its process has ended ${what}${words === "" ? "" : `: ${words.trim()}`}`);
    });
    return {
      post: (request) => void child.send(request, (error) => error && ended(error.message)),
      close: () => void child.kill("SIGKILL"),
    };
  });
}
