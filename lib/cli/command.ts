import { layout } from "../layout.gen.ts";

/** Where a command writes, and what it may ask of its surroundings. */
export interface Terminal {
  /** Writes text, or bytes as they are, to the standard output. */
  out(text: string | Uint8Array): void;
  /** Writes to the standard error. */
  err(text: string): void;
  /** Whether the standard error is a terminal: only then is progress shown. */
  readonly isInteractive: boolean;
  /** Set once the user has asked to stop. */
  readonly signal: AbortSignal;
}

/** What a command is given: names of files and so on, and options by their names. */
export interface Invocation {
  readonly positionals: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
  readonly terminal: Terminal;
}

/** An option of a command. */
export interface OptionDescription {
  readonly type: "boolean" | "string";
  /** What it does, for the help. */
  readonly help: string;
  /** What its value is called in the help. */
  readonly value?: string;
  /** Its name of one letter. */
  readonly short?: string;
  /** It may be given more than once: a command is given all its values, with commas between them. */
  readonly isRepeatable?: true;
}

/** A command of `iopath`. */
export interface Command {
  readonly name: string;
  /** How it is called, without options: `replay FILE`. */
  readonly usage: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** Everything else that its help says. */
  readonly details: string;
  readonly options: Readonly<Record<string, OptionDescription>>;
  /** How many positional arguments it takes; "any": it looks itself. */
  readonly positionals: number | "any";
  /** @returns the exit code. */
  run(invocation: Invocation): Promise<number>;
}

/** All is as it should be. */
export const EXIT_OK = 0;
/** The command did what it should, and found that something is not as it should be. */
export const EXIT_DIFFERENT = 1;
/** The command was called wrongly, or cannot read what it was given. */
export const EXIT_USAGE = 2;
/** The user has stopped it: 128 + SIGINT. */
export const EXIT_INTERRUPTED = 130;

/** Thrown for a wrong call of a command: the message is shown with its usage. */
export class UsageError extends Error {}

/** Thrown if a file that was given does not hold what it should: the message is all that is shown. */
export class FileError extends Error {}

/** The help of a command. */
export function helpOf(command: Command): string {
  const options = [...Object.entries(command.options), ["help", { type: "boolean", help: "Show this." }] as const];
  const names = options.map(([name, option]) => {
    const short = "short" in option ? `-${option.short}, ` : "";
    return `${short}--${name}${option.type === "string" ? ` ${valueOf(option)}` : ""}`;
  });
  const width = Math.max(...names.map((name) => name.length));
  const lines = options.map(([, option], i) => `  ${names[i]!.padEnd(width)}  ${option.help}`);
  return `Usage: iopath ${command.usage}\n\n${command.details.trim()}\n\nOptions:\n${lines.join("\n")}\n`;
}

function valueOf(option: OptionDescription | { readonly type: string }): string {
  return ("value" in option ? option.value : undefined) ?? "VALUE";
}

/** Greatest number of CPUs of a machine. */
export const MAX_CPUS = layout.constants.NR_CPUS;

/** The option --cpus; undefined: it was not given. @throws UsageError. */
export function cpusOption(value: string | boolean | undefined): number | undefined {
  if (value === undefined) return undefined;
  const cpus = countOption(value, "cpus", 1);
  if (cpus < 1 || cpus > MAX_CPUS) throw new UsageError(`--cpus wants a number from 1 to ${MAX_CPUS}, not ${cpus}`);
  return cpus;
}

/** An option that is a number. @throws UsageError. */
export function countOption(value: string | boolean | undefined, name: string, otherwise: number): number {
  if (value === undefined) return otherwise;
  const count = Number(value);
  if (typeof value !== "string" || !Number.isSafeInteger(count) || count < 0) {
    throw new UsageError(`--${name} wants a whole number, not ${JSON.stringify(value)}`);
  }
  return count;
}
