import { InputKind } from "./journal.ts";
import type { Driver } from "./driver.ts";
import type { Machine } from "./machine.ts";
import { Task } from "./task.ts";

/**
 * Lives through the first inputs of another machine's past, in a fresh machine: what the host did is done again, and
 * the programs run again, beside the kernel, so that they can go on differently afterwards.
 *
 * @throws Error  if a program does not do what it did the first time.
 */
export function relive(machine: Machine, driver: Driver, model: Machine, count: number): void {
  const { journal } = model;
  machine.expected = journal;
  // A program that acts on the world acts on the first machine's, which has long done it.
  model.locked = "a program that is run again may use its own sys only, not the machine that it first ran on";
  try {
    while (machine.journal.length < count) {
      const index = machine.journal.length;
      if (journal.byProgram(index)) proceed(machine, driver, index);
      else repeat(machine, journal.kind(index), journal.record(index), model);
    }
  } finally {
    machine.expected = null;
    model.locked = null;
  }
  for (const [timer, act] of model.timers) machine.timers.set(timer, act);
  machine.fired = machine.fired.filter((timer) => (model.handled.get(timer) ?? count) >= count);
}

/** The next input is a program's: the one that has the word goes on. */
function proceed(machine: Machine, driver: Driver, index: number): void {
  const task = machine.tasks.get(machine.word);
  if (!(task instanceof Task) || task.program === null) {
    throw new Error(`input ${index} is of task ${machine.word}, whose program is not known: it came from a journal`);
  }
  driver.program(task);
  if (machine.journal.length === index) throw new Error(`a program is not deterministic: it makes no input ${index}`);
}

function repeat(machine: Machine, kind: number, record: Uint8Array, model: Machine): void {
  const answer = machine.repeat(kind, record, false);
  if (kind === InputKind.SPAWN && answer > 0) machine.tasks.set(answer, machine.twin(model.find(answer)));
}
