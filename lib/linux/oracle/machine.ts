import { NR } from "../abi.ts";
import type { Program } from "../program.ts";
import { Descriptors } from "./descriptors.ts";
import { UMASK, freshHost, removeFolder } from "./host.ts";
import { mapMemory, syscall } from "./libc.ts";
import { LinuxSys, type Request } from "./linux-sys.ts";
import { UserMemory } from "./memory.ts";

const MEMORY_bytes = 16 << 20;

/**
 * Runs programs of one task on the kernel of this computer, fast: this very thread makes their calls, which may not sleep
 * for ever. There is one at a time in a process, since it owns the descriptors; and a program runs without a pause for
 * the event loop, so that Node opens nothing meanwhile.
 */
export class LinuxMachine {
  readonly #fds: Descriptors;
  readonly #memory = new UserMemory(mapMemory(MEMORY_bytes));

  /** `first`: the number of a program's first descriptor. `limit`: RLIMIT_NOFILE. */
  constructor({ first = 3, limit = 1024 } = {}) {
    this.#fds = new Descriptors(first, limit);
  }

  [Symbol.dispose](): void {
    this.#fds[Symbol.dispose]();
  }

  /** Runs a program to its end. @returns null: a signal that ended it would end this process. */
  run(program: Program): null {
    this.#memory.release();
    this.#fds.reserve();
    const host = freshHost();
    const umask = syscall(NR.umask, UMASK);
    try {
      runAlone(program(new LinuxSys(this.#fds, this.#memory, host)));
      return null;
    } finally {
      syscall(NR.umask, umask);
      this.#fds.release();
      removeFolder(host);
    }
  }
}

function runAlone(steps: ReturnType<Program>): void {
  let value = 0;
  for (;;) {
    const { done, value: request } = steps.next(value);
    if (done) return;
    const wanted = request as Request;
    if ("nr" in wanted) {
      const [a, b, c, d, e, f] = wanted.args;
      value = syscall(wanted.nr, a, b, c, d, e, f);
    } else if ("start" in wanted) {
      throw new Error("a program of one task cannot start another");
    } else {
      value = 0;
    }
  }
}
