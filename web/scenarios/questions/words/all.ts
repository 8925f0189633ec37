import type { QuestionWords } from "../../scenario.ts";
import { bytes } from "./bytes.ts";
import { edgeTriggered } from "./edge-triggered.ts";
import { events } from "./events.ts";
import { ownership } from "./ownership.ts";
import { waiting } from "./waiting.ts";

/** The kernel on which all programs of the questions gave the same answers. A test holds it to what was recorded there. */
export const VERIFIED_ON = "Linux 6.18.44";

/** What there is to say of each question, by number. */
export const WORDS: readonly QuestionWords[] = [...edgeTriggered, ...events, ...waiting, ...bytes, ...ownership];
