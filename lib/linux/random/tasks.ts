import fc from "fast-check";
import { CLONE_FILES, CLONE_SIGHAND, CLONE_THREAD, CLONE_VM } from "../abi.ts";
import type { Program, Sys } from "../program.ts";
import { type Log, recorded } from "../recorder.ts";
import type { Choices, Command, Context } from "./commands.ts";
import { Pool } from "./pool.ts";
import { PATTERN } from "./stream.ts";
import type { Turn } from "./turns.ts";
import { handleAll } from "./task-signal-commands.ts";
import { OPENING, TASK_COMMANDS, TASK_COMMANDS_WITH_SIGNALS } from "./task-commands.ts";

/** A random program of several tasks as data. */
export interface TaskStream {
  /** Whether they send each other signals. */
  readonly hasSignals: boolean;
  /** What the first task does alone. */
  readonly opening: readonly (readonly [command: number, ...Choices])[];
  /** For each other task, what it shares with the first: its place in KINDS. */
  readonly tasks: readonly number[];
  /** Whose turn it is, and what that task does then, if it does not sleep. */
  readonly turns: readonly (readonly [task: number, command: number, ...Choices])[];
}

/** A task's flags for clone(); null: it is forked. Those without CLONE_FILES get copies of the descriptors. */
const KINDS: readonly (number | null)[] = [
  CLONE_VM | CLONE_FILES,
  CLONE_VM,
  null,
  CLONE_VM | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD,
];

/** The longest opening. */
const OPENING_LENGTH = 8;
const MOST_TASKS = 4;

/** Streams with up to `length` turns. */
export function taskStreams(length: number): fc.Arbitrary<TaskStream> {
  const choice = fc.noBias(fc.nat(255));
  const opening = fc.tuple(fc.noBias(fc.nat(OPENING.length - 1)), choice, choice, choice);
  const task = fc.noBias(fc.nat(MOST_TASKS - 1));
  const turn = fc.tuple(task, fc.noBias(fc.nat(TASK_COMMANDS_WITH_SIGNALS.length - 1)), choice, choice, choice);
  return fc.record({
    hasSignals: fc.boolean(),
    opening: fc.array(opening, { minLength: 1, maxLength: OPENING_LENGTH, size: "max" }),
    tasks: fc.array(fc.noBias(fc.nat(KINDS.length - 1)), { minLength: 1, maxLength: MOST_TASKS - 1, size: "max" }),
    turns: fc.array(turn, { minLength: 1, maxLength: length, size: "max" }),
  });
}

/** The program that carries out a stream. After it has run, `turns` tells what came of it. */
export function programOfTasks(stream: TaskStream): { readonly program: Program; turns: () => readonly Turn[] } {
  const log: Log = {};
  const turns: Turn[] = [];
  const told = new Map<string, number>();
  let now = 0;
  /** Takes what has been done since the last time. */
  const take = () => {
    const lines: string[] = [];
    for (const [task, all] of Object.entries(log)) {
      lines.push(...all.slice(told.get(task)).map((line) => `${task}: ${line}`));
      told.set(task, all.length);
    }
    turns.push(lines);
  };

  function* work(task: number, context: Context) {
    const wait = function* (turn: number) {
      yield* context.sys.turn(turn);
      now = turn;
      take();
    };
    for (const [turn, [whose, command, ...choices]] of stream.turns.entries()) {
      if (whose % (stream.tasks.length + 1) !== task || turn + 1 <= now) continue;
      yield* wait(turn + 1);
      context.count = 1000 + turn;
      yield* (list[command % list.length] as Command)(context, choices);
    }
    // Its end, which closes what it has, has a turn of its own, also if it has slept until all others have ended.
    const last = Math.max(now, stream.turns.length);
    yield* wait(last + 1 + ((MOST_TASKS + task - ((last + 1) % MOST_TASKS)) % MOST_TASKS));
  }

  const list = stream.hasSignals ? TASK_COMMANDS_WITH_SIGNALS : TASK_COMMANDS;
  const count = stream.tasks.length + 1;

  const main: Program = function* (sys) {
    const context = contextOf(sys, new Pool(), count);
    if (stream.hasSignals) yield* handleAll(context);
    context.pool.add(yield* sys.epoll_create1(0), "epoll");
    for (const [command, ...choices] of stream.opening) {
      context.count++;
      yield* (OPENING[command] as Command)(context, choices);
    }
    for (const [i, kind] of stream.tasks.entries()) {
      const flags = KINDS[kind] ?? null;
      const pool = flags !== null && flags & CLONE_FILES ? context.pool : context.pool.copy();
      const program: Program = function* (own) {
        yield* work(i + 1, contextOf(own, pool, count));
      };
      yield* flags === null ? sys.fork(program) : sys.clone(flags, program);
    }
    yield* work(0, context);
  };
  return {
    program: recorded(main, log),
    turns: () => {
      take();
      return turns;
    },
  };
}

function contextOf(sys: Sys, pool: Pool, tasks: number): Context {
  const out = sys.buffer(PATTERN.length);
  out.set(PATTERN);
  return { sys, pool, out, in: sys.buffer(PATTERN.length), events: sys.epoll_events(16), tasks, count: 0 };
}
