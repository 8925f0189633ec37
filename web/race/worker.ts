/*
 * The thread in which one contender runs in one heat. Everybody's code is loaded here, and nowhere else in the page.
 */
import { CONTENDERS } from "../../lib/race/contenders/all.ts";
import { Trial } from "../../lib/race/trial.ts";
import type { TrialRequest } from "../../lib/race/types.ts";

const trial = new Trial(CONTENDERS);

addEventListener("message", ({ data }: MessageEvent<TrialRequest>) => {
  void trial.answer(data).then((answer) => postMessage(answer));
});
