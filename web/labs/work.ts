import type { JobName, ParametersOf, PieceOf } from "./jobs.ts";

/** What the page sends to the thread. */
export interface Request {
  readonly job: JobName;
  readonly parameters: unknown;
}

/** What the thread answers. */
type Answer<Piece> =
  { readonly piece: Piece; readonly done: number } | { readonly ended: true } | { readonly failed: string };

/** Who takes what a job tells, and may end it. */
export interface Taker<Piece> {
  readonly signal: AbortSignal;
  /** Takes a piece, and how much of the work is done: 0 to 1. */
  readonly take: (piece: Piece, done: number) => void;
}

/**
 * Does long work in a thread of its own, which ends with it.
 *
 * @throws the signal's reason, as soon as it is given; Error if the work fails. What was told before stays told.
 */
export async function work<N extends JobName>(
  job: N,
  parameters: ParametersOf<N>,
  { signal, take }: Taker<PieceOf<N>>,
): Promise<void> {
  signal.throwIfAborted();
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: job });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const stop = () => reject(signal.reason as Error);
  signal.addEventListener("abort", stop, { once: true });
  worker.addEventListener("message", ({ data }: MessageEvent<Answer<PieceOf<N>>>) => {
    if ("piece" in data) take(data.piece, data.done);
    else if ("failed" in data) reject(new Error(data.failed));
    else resolve();
  });
  worker.addEventListener("error", ({ message }) => reject(new Error(message || "the work could not be begun")));
  worker.postMessage({ job, parameters } satisfies Request);
  try {
    await promise;
  } finally {
    signal.removeEventListener("abort", stop);
    worker.terminate();
  }
}
