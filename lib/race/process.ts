import { CONTENDERS } from "./contenders/all.ts";
import { Trial } from "./trial.ts";
import type { TrialRequest } from "./types.ts";

/*
 * What a process that a race has begun runs (lib/race/node.ts). Ctrl-C goes to all processes of a terminal: the one that
 * began this one decides what comes of it.
 */
const trial = new Trial(CONTENDERS);
process.on("SIGINT", () => undefined);
process.on("disconnect", () => process.exit());
process.on("message", (request: TrialRequest) => {
  void trial.answer(request).then((answer) => process.send!(answer));
});
