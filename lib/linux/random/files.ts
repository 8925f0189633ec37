import fc from "fast-check";
import * as abi from "../abi.ts";
import type { Program } from "../program.ts";
import { FILE_COMMANDS } from "./file-commands.ts";
import { AIO_COMMANDS, destroy } from "./aio-commands.ts";
import { MAP_COMMANDS, unmapAll } from "./map-commands.ts";
import { SPLICE_COMMANDS } from "./splice-commands.ts";
import { POSITION_COMMANDS } from "./position-commands.ts";
import { type Choices, type FileCommand, type FileContext, NAMES, SINK, memoryOf } from "./file-context.ts";
import { PATTERN } from "./stream.ts";
import { Pool } from "./pool.ts";

/*
 * Random programs about regular files on a disk: they are read and written in all ways, while pipes, sockets and areas
 * of memory refer to their pages.
 */

const COMMANDS: readonly FileCommand[] = [
  ...FILE_COMMANDS,
  ...POSITION_COMMANDS,
  ...SPLICE_COMMANDS,
  ...MAP_COMMANDS,
  ...AIO_COMMANDS,
].flatMap(([weight, command]) => Array.from({ length: weight }, () => command));

/** Every file but the sink is born with so many bytes. */
const BORN = 40_000;

/** A random program about files, as data. */
export type FileStream = readonly (readonly [command: number, ...Choices])[];

/** Programs of up to `length` commands. */
export function fileStreams(length: number): fc.Arbitrary<FileStream> {
  // Only commands are left out: that shrinks quickly.
  const choice = fc.noShrink(fc.noBias(fc.nat(65_535)));
  const command = fc.tuple(fc.noShrink(fc.noBias(fc.nat(COMMANDS.length - 1))), choice, choice, choice, choice);
  return fc.array(command, { minLength: 1, maxLength: length, size: "max" });
}

/** The program that carries out a stream. */
export function programOfFiles(stream: FileStream): Program {
  return function* (sys) {
    const scratch = yield* sys.open("/disk/scratch", abi.O_RDWR | abi.O_CREAT, 0o600);
    const own = { mapped: new Map(), scratch, aio: { value: 0 }, held: false, scattered: new Set<string>(), count: 0 };
    const context: FileContext = { sys, pool: new Pool(), ...memoryOf(sys), ...own };
    for (const name of NAMES) {
      const fd = yield* sys.open(name, abi.O_RDWR | abi.O_CREAT, 0o600);
      if (name !== SINK) yield* sys.write(fd, PATTERN.subarray(0, BORN));
      context.pool.add(fd, "file", name);
    }
    for (const [command, ...choices] of stream) {
      context.count++;
      yield* (COMMANDS[command % COMMANDS.length] as FileCommand)(context, choices);
    }
    yield* unmapAll(context);
    yield* destroy(context);
  };
}
