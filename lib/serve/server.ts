import type { AdoptedTask } from "../machine/adopted_task.ts";
import type { Kernel } from "../kernel.ts";
import { type Server, createServer } from "node:net";
import { Connection, type Surroundings, hasEnded } from "./connection.ts";

/** How a machine is served. */
export interface ServeOptions {
  /** Time stands still until so many tasks have come. Default: 1. */
  readonly tasks?: number;
  /** How long a task that a fork() has made waits for its client, once its parent's is gone. Unit: ms. Default: 10,000. */
  readonly patience?: number;
  /** Told when a task gets or loses its client. */
  readonly onTask?: (task: AdoptedTask, what: "came" | "went") => void;
}

/** How many inputs the machine takes before clients are heard again. */
const SLICE = 100_000;
const PATIENCE_ms = 10_000;

/** Lets other processes make system calls on a machine, over a UNIX socket. */
export class MachineServer implements Surroundings {
  readonly kernel: Kernel;
  readonly claimed = new Map<AdoptedTask, Connection>();
  /** Settled when the machine has failed, or everybody is gone that has come. */
  readonly ended: Promise<void>;
  readonly #options: ServeOptions;
  readonly #server: Server;
  readonly #connections = new Set<Connection>();
  /** Tasks that a fork() has made and whose clients have not come yet. They are outside, so they hold the clock. */
  readonly #awaited = new Set<AdoptedTask>();
  #came = 0;
  #isRunning = false;
  #isAgain = false;
  #resolve!: () => void;
  #reject!: (error: unknown) => void;

  constructor(kernel: Kernel, options: ServeOptions = {}) {
    this.kernel = kernel;
    this.#options = options;
    this.ended = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // Somebody may listen later, or never.
    this.ended.catch(() => {});
    this.#server = createServer({ allowHalfOpen: true }, (socket) => {
      const connection = new Connection(socket, this);
      this.#connections.add(connection);
      socket.once("close", () => this.#connections.delete(connection));
    });
  }

  /** Begins to listen. @throws what listen(2) says, for a path at which nobody can listen. */
  async listen(path: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(path, () => {
        this.#server.off("error", reject);
        resolve();
      });
    });
  }

  /** Ends all connections, and stops listening. */
  async close(): Promise<void> {
    for (const connection of this.#connections) connection.close();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  advance(): void {
    // The machine itself lets clients be told of something: it goes on as soon as it is done with that.
    if (this.#isRunning) return;
    this.#isRunning = true;
    try {
      const mayPass = this.#came >= (this.#options.tasks ?? 1);
      const { reason } = mayPass ? this.kernel.run({ maxInputs: SLICE }) : this.kernel.settle({ maxInputs: SLICE });
      if (reason === "budget") this.#later();
    } finally {
      this.#isRunning = false;
    }
    for (const connection of this.claimed.values()) connection.notice();
  }

  born(task: AdoptedTask): void {
    this.#awaited.add(task);
  }

  came(task: AdoptedTask): void {
    this.#came++;
    this.#awaited.delete(task);
    this.#options.onTask?.(task, "came");
  }

  went(task: AdoptedTask): void {
    this.#options.onTask?.(task, "went");
    const orphans = [...this.#awaited];
    if (orphans.length > 0) setTimeout(() => this.#abandon(orphans), this.#options.patience ?? PATIENCE_ms).unref();
    else if (this.claimed.size === 0) this.#resolve();
  }

  failed(error: unknown): void {
    this.#reject(error);
  }

  /** Ends those of the tasks whose clients have not come. */
  #abandon(tasks: readonly AdoptedTask[]): void {
    for (const task of tasks) if (this.#awaited.delete(task) && !hasEnded(task)) task.exit(0);
    this.advance();
    if (this.claimed.size === 0) this.#resolve();
  }

  #later(): void {
    if (this.#isAgain) return;
    this.#isAgain = true;
    setImmediate(() => {
      this.#isAgain = false;
      try {
        this.advance();
      } catch (error) {
        this.failed(error);
      }
    });
  }
}
