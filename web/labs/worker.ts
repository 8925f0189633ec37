/*
 * The thread in which a lab computes, so that the page stays alive, and can end it.
 */
import { type Job, JOBS } from "./jobs.ts";
import type { Request } from "./work.ts";

addEventListener("message", ({ data: { job, parameters } }: MessageEvent<Request>) => {
  const work = JOBS[job] as Job<unknown, unknown>;
  work(parameters, (piece, done) => postMessage({ piece, done })).then(
    () => postMessage({ ended: true }),
    (error: unknown) => postMessage({ failed: error instanceof Error ? error.message : String(error) }),
  );
});
