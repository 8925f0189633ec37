import { existsSync, readFileSync, writeFileSync } from "node:fs";
import os from "node:os";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type CompiledQuestion,
  type Expected,
  type Facts,
  OTHERS,
  type Question,
} from "../../web/scenarios/questions/question.ts";
import { AF_INET, Kernel, SOCK_STREAM } from "../../lib/index.ts";
import type { Program, Sys } from "../../lib/linux/program.ts";
import { buildPuppet } from "../../lib/linux/oracle/build.ts";
import type { PuppetMachine } from "../../lib/linux/oracle/puppet-machine.ts";
import { VERIFIED_ON, WORDS } from "../../web/scenarios/questions/words/all.ts";
import { COMPILED_QUESTIONS, QUESTIONS } from "../../web/scenarios/questions/all.ts";
import { gccLogs, gccObstacle, machineLog } from "../../lib/linux/cpp.ts";
import { oracleUsable } from "../../lib/linux/oracle/usable.ts";
import { recording } from "./recorded.ts";
import { runSimulated } from "../../lib/linux/simulated.ts";

/** What a real kernel answered, by the name of the question. */
interface Recorded {
  readonly kernel: string;
  readonly date: string;
  readonly answers: Record<string, Facts>;
}

const path = new URL("recorded/questions.json", import.meta.url);
const kept = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Recorded) : null;
const usable = (await oracleUsable()) && (await buildPuppet()) !== null;

/** The question's program for either machine. Its short sleeps, for others to get on, do not depend on the clock. */
function asking({ program }: Question, answer: (facts: Facts) => void): Program {
  const ask = program as unknown as (sys: Sys) => Generator<unknown, Facts, unknown>;
  return function* (sys) {
    answer(yield* ask(patient(sys)));
  };
}

/** The program, and beside it the client that it wants, which is a process here. */
function beside({ client: port }: Question, program: Program): Program {
  if (port === undefined) return program;
  return function* (sys) {
    yield* sys.fork(function* (own) {
      const fd = yield* own.socket(AF_INET, SOCK_STREAM, 0);
      yield* own.asleep();
      yield* own.connect(fd, { port });
      while ((yield* own.read(fd, own.buffer(65536))) > 0);
    });
    return yield* program(sys);
  };
}

/** Runs a question on the simulated machine: as the page does, if there is to be a client outside. */
async function simulated(question: Question, answer: (facts: Facts) => void): Promise<Kernel> {
  const { client, program } = question;
  if (client === undefined) return runSimulated(asking(question, answer));
  const kernel = await Kernel.boot();
  const task = kernel.spawn("main", program);
  kernel.world.connect(client);
  kernel.run();
  answer(task.result as Facts);
  return kernel;
}

function patient(sys: Sys): Sys {
  return new Proxy(sys, {
    get(target, name: keyof Sys) {
      if (name === "clone")
        return (flags: number, program: Program) => sys.clone(flags, (own) => program(patient(own)));
      if (name === "nanosleep")
        return (time: object) => (time === OTHERS ? sys.asleep() : sys.nanosleep(time as never));
      return (target[name] as () => unknown).bind(target);
    },
  });
}

/** What of the facts is not as expected. */
function surprises(facts: Facts | undefined, expected: Expected): Record<string, unknown> {
  const wrong = Object.entries(expected).filter(([name, value]) => {
    const fact = facts?.[name];
    if (typeof value !== "object") return fact !== value;
    return typeof fact !== "number" || fact < value[0] || fact > value[1];
  });
  return Object.fromEntries(wrong.map(([name]) => [name, facts?.[name]]));
}

describe.runIf(usable)("on the kernel of this computer", () => {
  let linux: PuppetMachine | null = null;
  const answers: Record<string, Facts> = {};
  beforeAll(async () => {
    const { PuppetMachine: Machine } = await import("../../lib/linux/oracle/puppet-machine.ts");
    linux = await Machine.start();
  });
  afterAll(() => {
    linux?.[Symbol.dispose]();
    const stamp = { kernel: os.release(), date: new Date().toISOString().slice(0, 10) };
    if (recording) writeFileSync(path, `${JSON.stringify({ ...stamp, answers }, null, 2)}\n`);
  });

  for (const question of QUESTIONS) {
    test(`${titleOf(question.id)}`, () => {
      linux?.run(
        beside(
          question,
          asking(question, (facts) => (answers[question.id] = facts)),
        ),
      );
      expect(surprises(answers[question.id], question.expected)).toStrictEqual({});
    });
  }
});

/** A question as the name of a test. */
function titleOf(id: string): string {
  const { number, question } = WORDS.find((words) => words.id === id)!;
  return `${number}. ${question.en}`;
}

describe("on the simulated kernel", () => {
  for (const question of QUESTIONS) {
    test(`${titleOf(question.id)}`, async () => {
      let answer: Facts | undefined;
      const kernel = await simulated(question, (facts) => (answer = facts));
      expect(surprises(answer, question.expected)).toStrictEqual({});
      expect(Object.keys(answer ?? {}).toSorted()).toEqual(Object.keys(question.expected).toSorted());
      expect(kernel.check()).toEqual([]);
    });
  }
});

const compiler = (await gccObstacle()) === null;

/** What the machine makes of the programs of a question. */
const machineLogs = ({ programs }: CompiledQuestion) => Promise.all(Object.values(programs).map(machineLog));

describe.runIf(compiler)("C++ programs of a question, compiled by g++", () => {
  test.each(COMPILED_QUESTIONS)("$id does what it does here", { timeout: 120_000 }, async (question) => {
    const logs: string[][] = [];
    for (const program of Object.values(question.programs)) logs.push(...(await gccLogs([program])));
    expect(question.answer(logs)).toEqual(question.expected);
    expect(await machineLogs(question)).toEqual(logs);
  });
});

describe("C++ programs of a question", () => {
  for (const question of COMPILED_QUESTIONS) {
    test(`${titleOf(question.id)}`, async () => {
      expect(question.answer(await machineLogs(question))).toEqual(question.expected);
    });
  }
});

test.skipIf(recording)("every question has been answered by a real kernel, and as expected", () => {
  for (const { id, expected } of QUESTIONS) expect(surprises(kept?.answers[id], expected), id).toStrictEqual({});
});

test("every question, guess and verdict is there in English and Chinese, and every question has its words", () => {
  const ids = [...QUESTIONS, ...COMPILED_QUESTIONS].map(({ id }) => id);
  expect(WORDS.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
  const compiled = WORDS.filter((words) => words.compiled).map(({ id }) => id);
  expect(compiled).toEqual(COMPILED_QUESTIONS.map(({ id }) => id));
  for (const { question, guesses, verdict, right, famous } of WORDS) {
    for (const text of [question, verdict, ...guesses]) {
      expect(text.en).toMatch(/^[\x20-\x7e]+$/);
      expect(text["zh-CN"]).toMatch(/[\u4e00-\u9fff]/);
    }
    expect(guesses[right]).toBeDefined();
    expect(famous).not.toBe(right);
  }
});

test.skipIf(recording)("the page names the kernel on which the questions were answered", () => {
  expect(`Linux ${kept!.kernel}`.startsWith(VERIFIED_ON), kept!.kernel).toBe(true);
});
