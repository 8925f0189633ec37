import {
  type Command,
  EXIT_INTERRUPTED,
  EXIT_OK,
  EXIT_USAGE,
  FileError,
  type Terminal,
  UsageError,
  helpOf,
} from "./command.ts";
import { compareCommand } from "./compare.ts";
import { exploreCommand } from "./explore.ts";
import { exportCommand } from "./export.ts";
import { fuzzCommand } from "./fuzz.ts";
import { InputError } from "../errors.ts";
import { parseArgs } from "node:util";
import { raceCommand } from "./race.ts";
import { replayCommand } from "./replay.ts";
import { runCommand } from "./run.ts";
import { serveCommand } from "./serve.ts";
import { straceCommand } from "./strace.ts";
import { version } from "./version.ts";

/** The value of an option. */
type Parsed = string | boolean;

const COMMANDS: readonly Command[] = [
  compareCommand,
  exploreCommand,
  exportCommand,
  fuzzCommand,
  raceCommand,
  replayCommand,
  runCommand,
  serveCommand,
  straceCommand,
];

/** The help of `iopath` itself. */
function help(): string {
  const width = Math.max(...COMMANDS.map(({ name }) => name.length));
  const lines = COMMANDS.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  return `Usage: iopath COMMAND ...\n\nA small machine with Linux's I/O paths.\n\n${lines.join("\n")}\n
iopath COMMAND --help tells more; iopath --version tells the version.\n`;
}

/**
 * Runs a command line.
 *
 * @param args  what stands behind `iopath`.
 * @returns     the exit code.
 */
export async function main(args: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = args;
  if (name === "--help" || name === "-h" || name === "help") return print(terminal, help());
  if (name === "--version" || name === "-V") return print(terminal, `${await version()}\n`);
  const command = COMMANDS.find((one) => one.name === name);
  if (!command)
    return refuse(
      terminal,
      name === undefined ? "a command is missing" : `there is no command ${JSON.stringify(name)}`,
      help(),
    );
  try {
    return await runCommandLine(command, rest, terminal);
  } catch (error) {
    if (terminal.signal.aborted) return EXIT_INTERRUPTED;
    if (error instanceof UsageError) return refuse(terminal, error.message, `Usage: iopath ${command.usage}\n`);
    if (!(error instanceof InputError || error instanceof FileError)) throw error;
    terminal.err(`${error.message}\n`);
    return EXIT_USAGE;
  }
}

async function runCommandLine(command: Command, args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parse(command, args);
  if (values["help"] === true) return print(terminal, helpOf(command));
  if (command.positionals !== "any" && positionals.length !== command.positionals) {
    const given = positionals.length === 0 ? "none" : positionals.map((one) => JSON.stringify(one)).join(" ");
    const wanted = command.positionals === 0 ? "takes options only" : `wants ${command.positionals} file`;
    throw new UsageError(`${command.name} ${wanted}, not ${given}`);
  }
  return command.run({ positionals, options: values, terminal });
}

function parse(command: Command, args: readonly string[]) {
  const options = { ...command.options, help: { type: "boolean", short: "h" } } as const;
  try {
    const types = Object.fromEntries(
      Object.entries(options).map(([name, option]) => [
        name,
        {
          type: option.type,
          ...("short" in option && option.short !== undefined && { short: option.short }),
          ...("isRepeatable" in option && { multiple: true }),
        },
      ]),
    );
    const config = { args: withNegatives(command, args), options: types, allowPositionals: true, strict: true };
    const { values, positionals } = parseArgs(config);
    return { values: joined(values), positionals };
  } catch (error) {
    // What follows the first sentence is about ways to write arguments, which no command here needs.
    const [, option] = /^Unknown option '([^']*)'/.exec((error as Error).message) ?? [];
    throw new UsageError(option === undefined ? (error as Error).message : `there is no option ${option}`);
  }
}

/** All values of an option that was given more than once are one, with commas between them. */
function joined(values: Readonly<Record<string, Parsed | Parsed[] | undefined>>): Record<string, Parsed | undefined> {
  const one = (value: Parsed | Parsed[] | undefined) => (Array.isArray(value) ? value.join(",") : value);
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, one(value)]));
}

/** Joins an option to a negative number behind it, so that it is taken for the option's value (and refused as such). */
function withNegatives({ options }: Command, args: readonly string[]): string[] {
  const joined: string[] = [];
  for (const arg of args) {
    const last = joined.at(-1) ?? "";
    const isValue = /^-\d/.test(arg) && last.startsWith("--") && options[last.slice(2)]?.type === "string";
    if (isValue) joined[joined.length - 1] = `${last}=${arg}`;
    else joined.push(arg);
  }
  return joined;
}

function print(terminal: Terminal, text: string): number {
  terminal.out(text);
  return EXIT_OK;
}

function refuse(terminal: Terminal, message: string, usage: string): number {
  terminal.err(`iopath: ${message}\n\n${usage}`);
  return EXIT_USAGE;
}
