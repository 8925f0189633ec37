/** Whether a child has ended by itself: WIFEXITED(3). */
export function WIFEXITED(status: number): boolean {
  return WTERMSIG(status) === 0;
}

/** What a child has ended with, if it has by itself: WEXITSTATUS(3). */
export function WEXITSTATUS(status: number): number {
  return (status >> 8) & 0xff;
}

/** Whether a signal has ended a child: WIFSIGNALED(3). */
export function WIFSIGNALED(status: number): boolean {
  return WTERMSIG(status) !== 0 && WTERMSIG(status) !== STOPPED;
}

/** The signal that has ended a child: WTERMSIG(3). */
export function WTERMSIG(status: number): number {
  return status & 0x7f;
}

/** Stands in a status where the signal would: the child is stopped. */
const STOPPED = 0x7f;
