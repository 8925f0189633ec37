import fc from "fast-check";
import type { Program } from "../program.ts";
import { COMMANDS, COMMANDS_WITH_SIGNALS } from "./all-commands.ts";
import { handleAll } from "./signal-commands.ts";
import type { Choices } from "./commands.ts";
import { Pool } from "./pool.ts";

/** A random program as data. */
export interface Stream {
  /** Whether it sends itself signals: then it needs a process of its own. */
  readonly hasSignals: boolean;
  /** For each command its place in the list of commands, and its choices. */
  readonly commands: readonly (readonly [command: number, ...Choices])[];
}

/** So many times as many programs have no signals: those are asked quicker. */
const WITHOUT_SIGNALS = 7;

/** Streams of up to `length` commands. */
export function streams(length: number): fc.Arbitrary<Stream> {
  const choice = fc.noBias(fc.nat(255));
  const command = fc.tuple(fc.noBias(fc.nat(COMMANDS_WITH_SIGNALS.length - 1)), choice, choice, choice);
  return fc.record({
    hasSignals: fc.noBias(fc.nat(WITHOUT_SIGNALS)).map((number) => number === WITHOUT_SIGNALS),
    commands: fc.array(command, { minLength: 1, maxLength: length, size: "max" }),
  });
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
      tasks: 1,
      count: 0,
    };
    context.out.set(PATTERN);
    yield* sys.setrlimit(RLIMIT_NOFILE, { rlim_cur: LIMIT });
    context.pool.add(yield* sys.epoll_create1(0), "epoll");
    if (stream.hasSignals) yield* handleAll(context);
    const list = stream.hasSignals ? COMMANDS_WITH_SIGNALS : COMMANDS;
    for (const [command, ...choices] of stream.commands) {
      context.count++;
      yield* (list[command % list.length] as (typeof list)[number])(context, choices);
    }
  };
}
