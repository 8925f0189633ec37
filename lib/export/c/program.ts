import type { Kernel } from "../../kernel.ts";
import { errnoName } from "../../machine/errno.ts";
import type { OutsideAct } from "./outside.ts";
import { inputBytes, journalLines } from "./outside.ts";
import { type Data, escaped } from "./literal.ts";
import { type Plan, type PlannedCall, type PlannedTask, type Step, planOf, tableOf } from "./plan.ts";
import { localPath } from "./pointers.ts";
import { HELPERS, MAIN, TURNS } from "./runtime.ts";
import { BYTES_SHOWN } from "./shown.ts";
import { CLIENTS, CLIENT_ACTS, FILES, FILL, FOLDER, NETWORK } from "./surroundings.ts";

/** The clients stay as they are until the program ends. */
const STAY = "while (1)\n\t\tpause();";

/** A run as a program in C. */
export interface CProgram {
  /** The program: C11 with the GNU library, for Linux. */
  readonly text: string;
  /** What it prints, if that kernel answers as the machine has. */
  readonly output: string;
}

const INCLUDES = `arpa/inet errno fcntl ftw linux/sockios net/if netinet/in netinet/tcp poll pthread sched signal
 stdarg stdatomic stdio stdlib string sys/epoll sys/eventfd sys/file sys/ioctl sys/resource sys/select sys/sendfile
 sys/socket sys/stat sys/syscall sys/time sys/timerfd sys/uio sys/un time unistd`
  .split(/\s+/)
  .map((name) => `#include <${name}.h>`)
  .join("\n");

/**
 * Writes a run as a program in C that makes the same system calls in the same order, and prints what they return. Each
 * task is a thread, the clients outside are one more.
 *
 * @param kernel  a machine that has run; it stands at its end afterwards.
 * @throws TypeError for a machine without a trace.
 * @throws ProgramError for a run that no other program can repeat: the message says which call is in the way, and why.
 */
export function cProgram(kernel: Kernel): CProgram {
  const plan = planOf(kernel);
  const files = filesOf(kernel, plan.data);
  const received = receivedOf(kernel, plan);
  const bodies = threadsOf(plan, received.length);
  const tasks = bodies.join("\n");
  const used = [tasks, ...files].join("\n");
  const helpers = [...CLIENT_ACTS, ...HELPERS].filter(([name]) => name.test(used)).map(([, text]) => text);
  const reached = [used, ...helpers].join("\n");
  const own = { network: /\binternet_address\b/.test(reached), folder: usesFiles(used) };
  const main = mainOf(plan, files, own);
  const parts = [
    `${heading(kernel, plan)}\n#define _GNU_SOURCE\n${INCLUDES}\n\n${numbersOf(plan, received.length)}`,
    TURNS,
    errorNames(plan),
    ...HELPERS.filter(([name]) => name.test(reached)).map(([, text]) => text),
    plan.clients > 0 ? CLIENTS : "",
    ...CLIENT_ACTS.filter(([name]) => name.test(used)).map(([, text]) => text),
    own.network ? NETWORK : "",
    own.folder ? FOLDER : "",
    /make_file/.test(used) ? FILES : "",
    /fill_file/.test(used) ? FILL : "",
    `\n${plan.data.text}`,
    ...prototypes(plan),
    `\n${tasks}`,
    MAIN,
    main,
  ];
  return { text: parts.join("").replaceAll(/\n{3,}/g, "\n\n"), output: outputOf(plan, received) };
}

function heading(kernel: Kernel, { tasks, steps }: Plan): string {
  const names = [...new Set(tasks.map(({ name }) => name.replaceAll("*/", "")))].join(", ");
  return `/*
 * A run of iopath in C: the tasks (${names}) as threads of a program for Linux, which makes the same system calls
 * in the same order: ${steps.length} steps, ${kernel.ticks} ticks on the machine.
 *
 *     gcc -std=c11 -Wall -Wextra -pthread run.c -o run && ./run
 *
 * Prints each call with what it has returned. Exit code: 0; 1 if a result is not that of the run; 2 if it stands still.
 */`;
}

function numbersOf({ steps, tasks, clients }: Plan, received: number): string {
  const calls = steps.flatMap((step) => (step.kind === "call" ? [step.call] : []));
  const buffer = Math.max(64, ...calls.map((call) => call.buffer));
  const counts = (pattern: RegExp) =>
    Math.max(1, ...calls.map(({ text }) => Number(pattern.exec(text)?.[1] ?? 0))).toString();
  const numbers: [string, string][] = [
    ["TURNS", String(turnsOf(steps) + received)],
    ["THREADS", String(Math.max(...tasks.map(({ pid }) => pid), 0) + 1)],
    ["CLIENTS", String(clients)],
    ["BUFFER", String(Math.ceil(buffer / 4096) * 4096)],
    ["MOST_EVENTS", counts(/, events, (\d{1,6}),/)],
    ["MOST_POLLED", counts(/POLLED\((\d{1,6}),/)],
  ];
  return numbers.map(([name, value]) => `#define ${name} ${value}\n`).join("");
}

/** How many turns there are: those of tasks that leave with nothing to close need none. */
function turnsOf(steps: readonly Step[]): number {
  return steps.length;
}

function errorNames({ steps }: Plan): string {
  const numbers = steps.flatMap((step) =>
    step.kind === "call" && step.call.value !== null && step.call.value < 0 ? [-step.call.value] : [],
  );
  const cases = [...new Set(numbers)]
    .sort((a, b) => a - b)
    .map((number) => `\tcase ${errnoName(-number)}:\n\t\treturn "${errnoName(-number)}";\n`);
  return `
/* The names of the errors that there are in the run. */
static const char *error_name(int error)
{
	static _Thread_local char number[16];
	snprintf(number, sizeof number, "%d", error);
${cases.length === 0 ? "" : `\tswitch (error) {\n${cases.join("")}\t}\n`}	return number;
}
`;
}

/** The name of a task's function. */
function threadName({ pid, name }: PlannedTask): string {
  return `task_${pid}_${name.replaceAll(/\W+/g, "_")}`;
}

function prototypes({ tasks }: Plan): string[] {
  return tasks.filter(({ parent }) => parent !== 0).map((task) => `static void *${threadName(task)}(void *);\n`);
}

/** The functions of the tasks, and that of the clients outside. */
function threadsOf(plan: Plan, received: number): string[] {
  const { tasks, steps, clients } = plan;
  const closing = lastToLeave(plan);
  const bodies = new Map<number, string[]>([[0, []], ...tasks.map(({ pid }): [number, string[]] => [pid, []])]);
  const returns = new Map<PlannedCall, number>();
  steps.forEach((step, i) => {
    if (step.kind === "return") returns.set(step.call, i + 1);
  });
  steps.forEach((step, i) => {
    const turn = i + 1;
    if (step.kind === "outside") bodies.get(0)!.push(`TURN(${turn}) { ${outsideText(step.client, step.act)}; }`);
    else if (step.kind === "leave") {
      const text = closing.has(step.pid) ? "syscall(SYS_close_range, 0, ~0u, 0);" : "";
      bodies.get(step.pid)?.push(`TURN(${turn}) { ${text} } /* ends */`);
    } else if (step.kind === "call") {
      bodies.get(step.pid)!.push(callText(step.call, turn, returns.get(step.call) ?? 0, tasks));
    }
  });
  for (let i = 1; i <= received; i++) {
    bodies.get(0)!.push(`TURN(${steps.length + i}) { client_receives(${i}); }`);
  }
  const threads = tasks.map((task) => {
    const { pid, name, sharesFiles } = task;
    const begin = `begin(${pid}, "${escaped(new TextEncoder().encode(name))}", ${sharesFiles ? 0 : 1});`;
    return threadText(threadName(task), begin, bodies.get(pid)!);
  });
  return clients === 0
    ? threads
    : [...threads, threadText("outside", 'begin(0, "outside", 1);', [...bodies.get(0)!, STAY])];
}

function threadText(name: string, begin: string, lines: readonly string[]): string {
  const body = [begin, ...lines, "return argument;"].map((text) => `\t${text}\n`).join("");
  return `static void *${name}(void *argument)\n{\n${body}}\n`;
}

/** The tasks that are the last to leave their descriptors: these are closed then. */
function lastToLeave({ tasks, steps }: Plan): Set<number> {
  const left = steps.flatMap((step) => (step.kind === "leave" ? [step.pid] : []));
  const closing = new Set<number>();
  for (const shared of new Set(tasks.map(({ pid }) => tableOf(tasks, pid)))) {
    const users = tasks.filter(({ pid }) => tableOf(tasks, pid) === shared).map(({ pid }) => pid);
    if (users.every((pid) => left.includes(pid))) closing.add(left.findLast((pid) => users.includes(pid))!);
  }
  return closing;
}

function callText(call: PlannedCall, turn: number, until: number, tasks: readonly PlannedTask[]): string {
  const { manner, value, opens, text, child } = call;
  if (manner === "forever") return `STAYS(${turn}, ${text});`;
  if (manner === "start") {
    const thread = tasks.find(({ pid }) => pid === child)!;
    return `TURN(${turn}) { STARTS(${child}, "${text}", ${threadName(thread)}); }`;
  }
  const expected = value! < 0 ? `-${errnoName(value!) ?? -value!}` : String(value);
  const shows = showsText(call);
  const made = `${opens ? "OPENS" : "GIVES"}(${expected}, ${text});${shows === "" ? "" : ` ${shows}`}`;
  if (manner === "asleep") return `SLEEPS(${turn}, ${until}) { ${made} }`;
  return `TURN(${turn}) { ${made} }${manner === "late" ? " /* it had slept in this */" : ""}`;
}

function showsText({ shows, shown, text, value }: PlannedCall): string {
  if (shows === "bytes") return "bytes();";
  if (shows === "events") return "told();";
  if (shows === "polled") return `answered(${/POLLED\((\d+)/.exec(text)?.[1] ?? 0});`;
  return shows === "pair" && shown.pair && value === 0 ? `PAIR(${shown.pair.join(", ")});` : "";
}

function outsideText(client: number, act: OutsideAct): string {
  switch (act.kind) {
    case "connect":
      return `client_connects(${client}, ${act.port})`;
    case "send":
      return `client_sends(${client}, "${escaped(act.bytes)}", ${act.bytes.length})`;
    case "shutdown":
      return `client_shuts_down(${client})`;
    case "close":
      return `client_closes(${client})`;
    case "reset":
      return `client_resets(${client})`;
  }
}

/** What makes the files that are there from the beginning. */
function filesOf(kernel: Kernel, data: Data): string[] {
  return journalLines(kernel).flatMap((line) => {
    const { input, args = [] } = line;
    if (input !== "CREATE_FILE" && input !== "FILL_FILE") return [];
    const length = Number(args[2] ?? 0);
    const bytes = inputBytes(line);
    const path = JSON.stringify(localPath(new TextDecoder().decode(bytes.subarray(0, length))));
    if (input === "CREATE_FILE") return `make_file(${path}, ${args[0] ?? 0}, ${args[1] ?? 0});`;
    return `fill_file(${path}, ${args[0] ?? 0}, ${data.of(bytes.subarray(length))}, ${bytes.length - length});`;
  });
}

function usesFiles(text: string): boolean {
  return /\b(open|openat|mknod|mknodat|stat|truncate|unlink|unlinkat|make_file)\(/.test(text);
}

/** What a program has of its own while it runs. */
interface Own {
  readonly network: boolean;
  readonly folder: boolean;
}

function mainOf({ tasks, clients }: Plan, files: readonly string[], own: Own): string {
  const starts = tasks.filter(({ parent }) => parent === 0).map((task) => `start(${threadName(task)});`);
  const lines = [
    "signal(SIGPIPE, SIG_IGN);",
    "syscall(SYS_close_range, 3, ~0u, 0); /* so that new descriptors have the numbers of the run */",
    ...(own.network ? ["own_network();"] : []),
    ...(own.folder ? ["own_folder();"] : []),
    ...files,
    ...starts,
    ...(clients > 0 ? ["start(outside);"] : []),
    "conduct();",
    "exit(differences ? 1 : 0);",
  ];
  return `\nint main(void)\n{\n${lines.map((text) => `\t${text}\n`).join("")}}\n`;
}

/** What clients have received at the end, as it is printed. */
function receivedOf(kernel: Kernel, { clients }: Plan): string[] {
  return Array.from({ length: clients }, (_, i) => {
    const { received } = kernel.world.peer(i + 1);
    const first = received.bytes(0, BYTES_SHOWN);
    return `client ${i + 1}: received ${received.length} "${escaped(first)}"${received.length > BYTES_SHOWN ? "..." : ""}`;
  });
}

function outputOf({ steps, tasks }: Plan, received: readonly string[]): string {
  const name = (pid: number) => tasks.find((task) => task.pid === pid)?.name ?? "";
  const lines = steps.flatMap((step) => {
    if (step.kind !== "call" && step.kind !== "return") return [];
    const { call, pid } = step;
    if (step.kind === "call" && call.manner === "asleep") return [];
    const { value } = call;
    const result = value === null ? "?" : value < 0 ? `-1 ${errnoName(value) ?? -value}` : String(value);
    return `${name(pid)}: ${call.text} = ${result}${call.shown.text}`;
  });
  return [...lines, ...received].map((line) => `${line}\n`).join("");
}
