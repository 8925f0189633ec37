import { describe, expect, test } from "vitest";
import { LABS } from "../../web/labs/all.ts";
import { CHAPTERS } from "../../web/learn/chapters.ts";
import type { Claim } from "../../web/learn/chapter.ts";
import { NOTHING, formatProgress, parseProgress, tallyOf, withAnswer, withRead } from "../../web/learn/progress.ts";
import { passageAt, piecesOf } from "../../web/learn/reading.ts";
import { Seen, begins, during, ends, happens, just, once } from "../../web/learn/seen.ts";
import { counted, eventpollOf } from "../../web/learn/claims.ts";
import { translator } from "../../web/i18n/catalogue.ts";
import type { Moment } from "../../web/model/frame.ts";
import { Session } from "../../web/model/session.ts";
import { SCENARIOS } from "../../web/scenarios/all.ts";
import { sceneOf } from "../../web/scene/build.ts";

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

/** The addresses of everything that is drawn of a moment; an object that is selected is never folded away. */
function drawnAt({ inspection }: Moment): ReadonlySet<number> {
  const focus = new Set(inspection.objects.map(({ address }) => address));
  const { boxes } = sceneOf(inspection, null, { translate: translator("en"), focus, expanded: new Set() });
  return new Set(
    boxes.flatMap(({ address, tabs, rows, tree }) => [
      address,
      ...[...tabs, ...rows.flatMap(({ chips }) => chips), ...(tree?.items ?? [])].map((part) => part.address),
    ]),
  );
}

/** What the claims of a passage come to, by their labels. */
function facts(claims: readonly Claim[], value: (claim: Claim) => unknown): Record<string, unknown> {
  return Object.fromEntries(claims.map((claim) => [claim.says.en, value(claim)]));
}

describe("a passage", () => {
  test.each(passages)("$name says what its run shows", async ({ passage }) => {
    const seen = await seenOf(passage.scenario);
    expect(passage.claims.length).toBeGreaterThan(0);
    expect(facts(passage.claims, ({ found }) => found(seen))).toEqual(
      facts(passage.claims, ({ expected }) => expected),
    );
  });

  test.each(passages)(
    "$name speaks of a moment that its run has, and of an object that is there",
    async ({ passage }) => {
      const seen = await seenOf(passage.scenario);
      const tick = passage.place(seen);
      expect(tick).toBeGreaterThan(0);
      expect(tick).toBeLessThanOrEqual(seen.session.run.ticks);
      const moment = seen.session.moment(tick);
      const object = passage.object?.(moment, seen);
      if (!passage.object) expect(seen.session.frame(tick, "tick").subject).not.toBe(0);
      else expect(drawnAt(moment).has(object!.address), `${object!.struct} is on the stage`).toBe(true);
    },
  );

  test.each(passages)("$name has two to five sentences, in both languages", ({ passage: { text } }) => {
    const english = text.en.split(/[.?!](?= |$)/).filter((sentence) => sentence.trim() !== "");
    const chinese = text["zh-CN"].split(/[。？！]/).filter((sentence) => sentence.trim() !== "");
    for (const sentences of [english, chinese]) {
      expect(sentences.length).toBeGreaterThanOrEqual(2);
      expect(sentences.length).toBeLessThanOrEqual(5);
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

  test.each(CHAPTERS)("$id leads to a lab that there is", ({ lab }) => {
    expect(LABS.map(({ id }) => id)).toContain(lab);
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

describe("a place in a run", () => {
  test("is found by what happens there, wherever that is", async () => {
    const seen = await seenOf("echo");
    const tickOf = (place: (seen: Seen) => number) => place(seen);
    const eventAt = (place: (seen: Seen) => number) => seen.record(place).event;
    expect(eventAt(begins("accept4", 2))).toBe("sys_enter");
    expect(eventAt(ends("accept4", 2))).toBe("sys_exit");
    expect(tickOf(begins("accept4", 2))).toBeGreaterThan(tickOf(ends("accept4", 1)));
    expect(eventAt(happens("ep_ready", { nth: 2 }))).toBe("ep_ready");
    expect(tickOf(happens("ep_ready", { nth: -1 }))).toBe(seen.records("ep_ready").at(-1)!.tick);
    const callback = during("epoll_wait", "ep_poll_callback", { call: 3 });
    expect(tickOf(callback)).toBeGreaterThan(tickOf(begins("epoll_wait", 3)));
    expect(tickOf(callback)).toBeLessThan(tickOf(ends("epoll_wait", 3)));
    expect(tickOf(just(callback))).toBe(tickOf(callback) - 1);
    const full = once((moment) => eventpollOf(moment).ready.length === 2, begins("epoll_wait", 3));
    expect(eventAt(full)).toBe("ep_ready");
  });

  test("that a run does not have is an error that says what is missing", async () => {
    const seen = await seenOf("echo");
    expect(() => begins("sendfile")(seen)).toThrow("no sendfile() number 1");
    expect(() => begins("accept4", 9)(seen)).toThrow("no accept4() number 9");
    expect(() => happens("aio_complete")(seen)).toThrow("no aio_complete number 1");
    expect(() => during("accept4", "ep_ready")(seen)).toThrow("no ep_ready");
    expect(() => ends("epoll_wait", 7)(seen)).toThrow("never returns");
    const all = seen.session.run.ticks;
    expect(() =>
      once(
        () => false,
        () => all - 2,
      )(seen),
    ).toThrow("never comes to the state");
  });

  test("bounds what is counted: the call's own entry belongs to it", async () => {
    const seen = await seenOf("echo");
    expect(counted("modeSwitches", begins("accept4"), ends("accept4"))(seen)).toBe(2);
    expect(counted("syscalls", begins("accept4"), ends("accept4"))(seen)).toBe(1);
  });
});

describe("what chapters say of Linux", () => {
  test("that select() ends at descriptor 1023 is said of the C library's fd_set, not of the kernel", () => {
    const passages = chapters.flatMap(({ chapter }) => chapter.passages);
    const text = passages.find(({ id }) => id === "select")!.text;
    expect(text.en).toContain("The kernel takes sets of any length; it is the C library's `fd_set`");
    expect(text["zh-CN"]).toContain("内核不限制位图的长度");
  });
});

describe("progress", () => {
  const [entry] = CHAPTERS;

  test("survives being stored, and counts each passage once", () => {
    const once = withRead(NOTHING, entry!.id, "pio");
    expect(withRead(once, entry!.id, "pio")).toBe(once);
    const answered = withAnswer(once, entry!.id, "zero", 1, true);
    const again = parseProgress(formatProgress(answered));
    expect(again).toEqual(answered);
    expect(tallyOf(again, entry!)).toEqual({ read: 1, right: 1, done: false, begun: true });
  });

  test("takes the last answer", () => {
    const right = withAnswer(NOTHING, entry!.id, "zero", 1, true);
    const wrong = withAnswer(right, entry!.id, "zero", 0, false);
    expect(wrong).toEqual({ read: [], answers: { [`${entry!.id}/zero`]: 0 }, right: [] });
  });

  test("is complete with the last passage and the last answer", async () => {
    const { chapter } = await entry!.load();
    const read = chapter.passages.reduce((sum, { id }) => withRead(sum, entry!.id, id), NOTHING);
    const all = chapter.exercises.reduce((sum, { id }) => withAnswer(sum, entry!.id, id, 0, true), read);
    expect(tallyOf(read, entry!).done).toBe(false);
    expect(tallyOf(all, entry!)).toEqual({ read: entry!.passages, right: entry!.exercises, done: true, begun: true });
  });

  test.each([
    null,
    "",
    "x",
    "null",
    "7",
    "[]",
    '{"read":7,"answers":[],"right":{}}',
    '{"read":["<b>","a/b/c",1],"answers":{"a":1,"a/b":"1","a/c":-1},"right":[null]}',
  ])("that is stored as %j counts as none", (text) => {
    expect(parseProgress(text)).toEqual(NOTHING);
  });
});

describe("what is read", () => {
  test("is the last passage above the reading line", () => {
    expect([0, 99, 100, 250, 900].map((line) => passageAt([100, 200, 300], line))).toEqual([0, 0, 0, 1, 2]);
    expect(passageAt([], 10)).toBe(0);
  });

  test("has its code apart from its words", () => {
    expect(piecesOf("`read` waits, `write` too.")).toEqual([
      { text: "read", code: true },
      { text: " waits, ", code: false },
      { text: "write", code: true },
      { text: " too.", code: false },
    ]);
  });
});
