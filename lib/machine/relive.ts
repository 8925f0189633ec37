import { AdoptedTask } from "./adopted_task.ts";
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
      if (journal.byProgram(index)) proceed(machine, driver, model, index);
      else repeat(machine, model, index, false);
    }
  } finally {
    machine.expected = null;
    model.locked = null;
  }
  for (const task of machine.tasks.values()) if (task instanceof AdoptedTask) task.restored();
  for (const [timer, act] of model.timers) machine.timers.set(timer, act);
  machine.fired = machine.fired.filter((timer) => (model.handled.get(timer) ?? count) >= count);
}

/** The next input is a program's: the one that has the word goes on, if it is here. */
function proceed(machine: Machine, driver: Driver, model: Machine, index: number): void {
  const task = machine.tasks.get(machine.word);
  if (!(task instanceof Task) || task.program === null) {
    // The first machine was made from a journal itself: nothing can be run again.
    repeat(machine, model, index, true);
    return;
  }
  driver.program(task);
  if (machine.journal.length === index) throw new Error(`a program is not deterministic: it makes no input ${index}`);
}

function repeat(machine: Machine, model: Machine, index: number, byProgram: boolean): void {
  const { kind, pid, args } = model.journal.entry(index);
  const answer = machine.repeat(kind, model.journal.record(index), byProgram);
  if (kind === InputKind.SPAWN && answer > 0) {
    machine.tasks.repeated(answer, model.tasks.get(answer), pid, Number(args[0]));
  }
}
