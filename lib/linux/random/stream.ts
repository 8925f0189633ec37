import fc from "fast-check";
import type { Program } from "../program.ts";
import { COMMANDS } from "./all-commands.ts";
import type { Choices } from "./commands.ts";
import { Pool } from "./pool.ts";

/** A random program as data: for each command its place in the list of commands, and its choices. */
export type Stream = readonly (readonly [command: number, ...Choices])[];

/** Streams of up to `length` commands. */
export function streams(length: number): fc.Arbitrary<Stream> {
  const choice = fc.noBias(fc.nat(255));
  const command = fc.tuple(fc.noBias(fc.nat(COMMANDS.length - 1)), choice, choice, choice);
  return fc.array(command, { minLength: 1, maxLength: length, size: "max" });
}

/** What the programs write: as much as the longest write takes, and then some. */
export const PATTERN = Uint8Array.from({ length: 70_016 }, (_, i) => (i * 7 + (i >> 8)) & 255);

/** How many descriptors a program may have, on both kernels. */
const LIMIT = 1024;
const RLIMIT_NOFILE = 7;

/** The program that carries out a stream. It has an epoll from the start. */
export function programOf(stream: Stream): Program {
  return function* (sys) {
    const context = {
      sys,
      pool: new Pool(),
      out: sys.buffer(PATTERN.length),
      in: sys.buffer(PATTERN.length),
      events: sys.epoll_events(16),
      count: 0,
    };
    context.out.set(PATTERN);
    yield* sys.setrlimit(RLIMIT_NOFILE, { rlim_cur: LIMIT });
    context.pool.add(yield* sys.epoll_create1(0), "epoll");
    for (const [command, ...choices] of stream) {
      context.count++;
      yield* (COMMANDS[command] as (typeof COMMANDS)[number])(context, choices);
    }
  };
}
