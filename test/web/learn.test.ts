import { describe, expect, test } from "vitest";
import { objectBy } from "../../lib/see/inspect.ts";
import { CHAPTERS } from "../../web/learn/chapters.ts";
import type { Claim } from "../../web/learn/chapter.ts";
import { Seen, begins, during, ends, happens, just, once } from "../../web/learn/seen.ts";
import { counted, eventpollOf } from "../../web/learn/claims.ts";
import { Session } from "../../web/model/session.ts";
import { SCENARIOS } from "../../web/scenarios/all.ts";

const runs = new Map<string, Promise<Seen>>();

/** A scenario that has run; each runs once. */
function seenOf(id: string): Promise<Seen> {
  let found = runs.get(id);
  if (!found) {
    const scenario = SCENARIOS.find((one) => one.id === id);
    if (!scenario) throw new Error(`no scenario is called ${id}`);
    found = scenario.start().then(({ kernel, calls, lines }) => new Seen(new Session(kernel, calls, lines)));
    runs.set(id, found);
  }
  return found;
}

const chapters = await Promise.all(CHAPTERS.map(async (entry) => ({ entry, chapter: (await entry.load()).chapter })));
const passages = chapters.flatMap(({ entry, chapter }) =>
  chapter.passages.map((passage) => ({ name: `${entry.id}/${passage.id}`, passage })),
);
const exercises = chapters.flatMap(({ entry, chapter }) =>
  chapter.exercises.map((exercise) => ({ name: `${entry.id}/${exercise.id}`, exercise, chapter })),
);

/** What the claims of a passage come to, by their labels. */
function facts(claims: readonly Claim[], value: (claim: Claim) => unknown): Record<string, unknown> {
  return Object.fromEntries(claims.map((claim) => [claim.says.en, value(claim)]));
}

describe("a passage", () => {
  test.each(passages)("$name says what its run shows", async ({ passage }) => {
    const seen = await seenOf(passage.scenario);
    expect(passage.claims.length).toBeGreaterThan(0);
    expect(facts(passage.claims, ({ found }) => found(seen))).toEqual(facts(passage.claims, ({ expected }) => expected));
  });

  test.each(passages)("$name speaks of a moment that its run has, and of an object that is there", async ({ passage }) => {
    const seen = await seenOf(passage.scenario);
    const tick = passage.place(seen);
    expect(tick).toBeGreaterThan(0);
    expect(tick).toBeLessThanOrEqual(seen.session.run.ticks);
    const moment = seen.session.moment(tick);
    const object = passage.object?.(moment, seen);
    if (!passage.object) expect(seen.session.frame(tick, "tick").subject).not.toBe(0);
    else expect(objectBy(moment.inspection, object!.address)?.struct).toBe(object!.struct);
  });

  test.each(passages)("$name has two to five sentences, in both languages", ({ passage: { text } }) => {
    const english = text.en.split(/[.?!](?= |$)/).filter((sentence) => sentence.trim() !== "");
    const chinese = text["zh-CN"].split(/[。？！]/).filter((sentence) => sentence.trim() !== "");
    for (const sentences of [english, chinese]) {
      expect(sentences.length).toBeGreaterThanOrEqual(2);
      expect(sentences.length).toBeLessThanOrEqual(6);
    }
  });
});

describe("an exercise", () => {
  test.each(exercises)("$name has a right answer, which a passage of its chapter shows", ({ exercise, chapter }) => {
    expect(exercise.choices[exercise.right]).toBeDefined();
    expect(exercise.choices.length).toBeGreaterThanOrEqual(2);
    expect(chapter.passages.map(({ id }) => id)).toContain(exercise.shownBy);
  });
});

describe("the chapters", () => {
  test.each(chapters)("$entry.id is as long as the list says, and no two parts have one name", ({ entry, chapter }) => {
    expect([chapter.passages.length, chapter.exercises.length]).toEqual([entry.passages, entry.exercises]);
    expect(chapter.passages.length).toBeGreaterThanOrEqual(4);
    expect(chapter.passages.length).toBeLessThanOrEqual(8);
    for (const parts of [chapter.passages, chapter.exercises]) {
      expect(new Set(parts.map(({ id }) => id)).size).toBe(parts.length);
    }
  });

  test("have texts in both languages, with their code marked in pairs", () => {
    const texts = JSON.stringify(chapters, (key, value: unknown) => (key === "claims" ? undefined : value));
    const found = [...texts.matchAll(/\{"en":"((?:[^"\\]|\\.)*)","zh-CN":"((?:[^"\\]|\\.)*)"\}/g)];
    expect(found.length).toBeGreaterThan(300);
    for (const [, en, zh] of found) {
      for (const text of [en!, zh!]) {
        expect(text).not.toBe("");
        expect(text.split("`").length % 2, text).toBe(1);
      }
      if (/[\u4e00-\u9fff]/.test(zh!)) expect(en, zh).not.toMatch(/[\u4e00-\u9fff]/);
    }
  });
});
