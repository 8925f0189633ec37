import type { SleepingTask } from "../machine/task.ts";

/** What a property has to know of a machine: its tasks, and where those that sleep do so. */
interface WithTasks {
  readonly tasks: readonly { readonly sleeping: SleepingTask | undefined }[];
}

/**
 * A property for `explore()`: nobody sleeps when nothing can happen any more. So whoever still waited then waited in
 * vain; it suits programs that are to end.
 *
 * @returns  true, or who sleeps in which call.
 */
export function everyTaskEnded(kernel: WithTasks): boolean | string {
  const left = kernel.tasks.flatMap(({ sleeping }) => sleeping ?? []);
  return (
    left.length === 0 || left.map(({ name, pid, call }) => `${name} (${pid}) sleeps in ${call}() for ever`).join("; ")
  );
}
