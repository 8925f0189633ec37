import { type Locale, argumentsOf, describe as describeEvent, narrate } from "../../lib/see/narrate.ts";
import { describe, expect, test } from "vitest";
import type { EventName } from "../../lib/machine/records.ts";
import { layout } from "../../lib/layout.gen.ts";

const events = Object.keys(layout.enums.Tp.values) as EventName[];
const locales: Locale[] = ["en", "zh-CN"];

/** Records of an event with different numbers: sentences may depend on them. */
function records(event: EventName) {
  const numbers = [
    [0, 0, 0],
    [1, 1, 1],
    [5, 5, 5],
    [3, 0xffff_ffff, 64],
    [0x18_0040, 0x2000, 0xffff_fff5],
  ];
  return numbers.map((args) => ({ event, pid: 1, cpu: 0, args }));
}

describe.each(locales)("in %s", (locale) => {
  test.each(events)("%s is told in one full sentence", (event) => {
    for (const record of records(event)) {
      const sentence = narrate(record, { locale });
      expect(sentence).not.toMatch(/[{}]|undefined|NaN/);
      expect(sentence).toMatch(locale === "en" ? /^(fd |\w).*\.$/s : /[\u4e00-\u9fff].*。$/s);
    }
  });

  test.each(events)("what %s does is said in one sentence", (event) => {
    const sentence = describeEvent(event, locale);
    expect(sentence).not.toMatch(/[{}]|undefined/);
    expect(sentence).toMatch(locale === "en" ? /^[A-Z].*\.$/s : /[\u4e00-\u9fff].*。$/s);
  });
});

test("a Chinese sentence has no English words but names from the kernel", () => {
  for (const event of events) {
    for (const record of records(event)) {
      expect(narrate(record, { locale: "zh-CN" })).not.toMatch(/\b(the|is|of|and|a|to|bytes?|task|socket)\b/);
    }
  }
});

test("every number of a record has a name", () => {
  expect(argumentsOf("ep_insert").map(({ name }) => name)).toEqual(["ep", "file", "fd"]);
});

test("an error that a call returns is named", () => {
  const record = { event: "sys_exit" as const, pid: 1, cpu: 0, args: [0, 0xffff_fff5, 0] };
  expect(narrate(record, { locale: "en" })).toBe("read returns -1 EAGAIN: task 1 goes back to user mode with it.");
  expect(narrate(record, { locale: "zh-CN" })).toBe("read 返回 -1 EAGAIN：任务 1 带着结果回到用户态。");
});
