import {
  type Command,
  type Invocation,
  EXIT_DIFFERENT,
  EXIT_OK,
  FileError,
  MAX_CPUS,
  UsageError,
  countOption,
  cpusOption,
} from "./command.ts";
import { Kernel } from "../index.ts";
import { MachineServer } from "../serve/server.ts";
import { formatTime, plural } from "./table.ts";
import { dirname } from "node:path";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";

/** `iopath serve`. */
export const serveCommand: Command = {
  name: "serve",
  usage: "serve --socket PATH [--cpus N] [--seed N] [--tasks N] [--once] [--journal FILE] [--json]",
  summary: "Let other processes make system calls on a machine, over a UNIX socket.",
  positionals: 0,
  options: {
    socket: { type: "string", value: "PATH", help: "Where to listen." },
    cpus: { type: "string", value: "N", help: `Number of CPUs, 1 to ${MAX_CPUS} (default 1).` },
    seed: { type: "string", value: "N", help: "The machine's seed (default 1)." },
    tasks: { type: "string", value: "N", help: "Let no time pass before N tasks have come (default 1)." },
    once: { type: "boolean", help: "End when everybody is gone that has come." },
    journal: { type: "string", value: "FILE", help: "Write the machine's journal to FILE at the end." },
    json: { type: "boolean", help: "Print JSON lines: listening; each task that comes or goes; the end." },
  },
  details: `
Boots a machine and serves it: every process that connects is a task of the machine,
hands in its system calls, and gets their results. Virtual time stands still while one
of them runs outside, and jumps as soon as all of them sleep in calls. A process that
dies ends its task: its descriptors are closed, and others see that.

The protocol is JSON lines; lib/serve/README.md is its page.

Ends with Ctrl-C, or with --once when the last client has gone. Prints then what was
counted, and looks whether the machine is healthy.

Exit code: 0; 1 if the machine has failed or is not healthy; 2 if nobody can listen at
PATH.
`,
  run,
};

async function run({ options, terminal }: Invocation): Promise<number> {
  const path = options["socket"];
  if (typeof path !== "string" || path === "") throw new UsageError("serve wants --socket PATH");
  const cpus = cpusOption(options["cpus"]) ?? 1;
  const folder = dirname(path);
  if (!existsSync(folder)) throw new FileError(`nobody can listen at ${path}: there is no folder ${folder}`);
  const kernel = await Kernel.boot({ cpus, seed: countOption(options["seed"], "seed", 1) });
  const isJson = options["json"] === true;
  const tell = (line: object, text: string) => terminal.out(isJson ? `${JSON.stringify(line)}\n` : `${text}\n`);
  const server = new MachineServer(kernel, {
    tasks: countOption(options["tasks"], "tasks", 1),
    onTask: (task, what) => tell({ [what]: task.pid, name: task.name }, `task ${task.pid} (${task.name}) ${what}`),
  });
  await server.listen(path).catch((error: Error) => {
    throw new FileError(`nobody can listen at ${path}: ${error.message}`);
  });
  tell({ listening: path }, `listening at ${path}`);
  const failure = await lasting(server, options["once"] === true, terminal.signal);
  await server.close();
  if (typeof options["journal"] === "string") await writeFile(options["journal"], kernel.journal);
  if (failure !== null) {
    terminal.err(`the machine has failed: ${failure.message}\n`);
    return EXIT_DIFFERENT;
  }
  const violations = kernel.check();
  const { counters, now } = kernel;
  tell(
    { ended: true, tasks: kernel.tasks.length, counters, virtualTime: now, violations },
    `${plural(kernel.tasks.length, "task")}, ${plural(counters.syscalls, "system call")}, ${formatTime(now)} of virtual time`,
  );
  for (const { rule, message } of violations) terminal.err(`${rule}: ${message}\n`);
  return violations.length === 0 ? EXIT_OK : EXIT_DIFFERENT;
}

/** Waits until everybody is gone, if that is the end, or the user has had enough. @returns why the machine has failed. */
async function lasting(server: MachineServer, once: boolean, signal: AbortSignal): Promise<Error | null> {
  const stopped = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  try {
    await Promise.race([stopped, once ? server.ended : server.ended.then(() => stopped)]);
    return null;
  } catch (error) {
    return error as Error;
  }
}
