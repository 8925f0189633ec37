import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { JobName, ParametersOf, PieceOf } from "../jobs.ts";
import { work } from "../work.ts";

/** How a computation stands. */
export type ComputationState = "none" | "running" | "done" | "cancelled" | "failed";

/** Long work for an element: begun, cancelled, told of while it goes on; it ends with the element. */
export class Computation<N extends JobName> implements ReactiveController {
  state: ComputationState = "none";
  /** How much is done: 0 to 1. */
  done = 0;
  /** Why it failed. */
  message = "";
  readonly #host: ReactiveControllerHost;
  readonly #job: N;
  #controller: AbortController | null = null;

  constructor(host: ReactiveControllerHost, job: N) {
    this.#host = host;
    this.#job = job;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.cancel();
  }

  /** Ends what is under way; what it has told stays told. */
  cancel(): void {
    this.#controller?.abort(new Error("cancelled"));
  }

  /** Begins anew. @param take  takes each piece. */
  async start(parameters: ParametersOf<N>, take: (piece: PieceOf<N>) => void): Promise<void> {
    this.cancel();
    const controller = (this.#controller = new AbortController());
    const { signal } = controller;
    this.done = 0;
    this.#set("running");
    try {
      await work(this.#job, parameters, {
        signal,
        take: (piece, done) => {
          if (signal.aborted) return;
          this.done = done;
          take(piece);
          this.#host.requestUpdate();
        },
      });
      if (this.#controller === controller) this.#set("done");
    } catch (error) {
      if (this.#controller !== controller) return;
      this.message = error instanceof Error ? error.message : String(error);
      this.#set(signal.aborted ? "cancelled" : "failed");
    }
  }

  #set(state: ComputationState): void {
    this.state = state;
    this.#host.requestUpdate();
  }
}
