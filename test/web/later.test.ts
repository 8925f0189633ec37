import { describe, expect, test } from "vitest";
import { Kernel } from "../../lib/index.ts";
import { catalogue } from "../../lib/see/catalogue/catalogue.ts";
import { layout } from "../../lib/layout.gen.ts";
import { tell } from "../../lib/see/narrate.ts";
import { packedLayout, unpackedLayout } from "../../web/later/layout-text.ts";
import { Later, sentences } from "../../web/later/parts.ts";
import { inLanguage } from "../../web/later/plugin.ts";

describe("the sentences of a language", () => {
  test.each(["en", "zh-CN"] as const)("%s are those of the library, without the other language", async (locale) => {
    const one = await sentences[locale].load();
    expect(Object.keys(one)).toEqual(Object.keys(catalogue));
    for (const [event, said] of Object.entries(one)) {
      expect(Object.keys(said)).toEqual([locale]);
      const [does, happens] = said[locale]!;
      const [wanted, happening] = catalogue[event as keyof typeof catalogue][locale];
      expect([does, String(happens)]).toEqual([wanted, String(happening)]);
    }
  });

  test("tell a record as the library does", async () => {
    const kernel = await Kernel.boot();
    kernel.spawn("one", function* (sys) {
      yield* sys.getpid();
    });
    kernel.run();
    kernel.seek(0);
    const one = await sentences["zh-CN"].load();
    for (const record of kernel.trace) expect(tell(record, one, { locale: "zh-CN" })).toBe(record.sentence("zh-CN"));
  });

  test("are cut out wherever an object has a part for each language", () => {
    const text = 'import { a } from "./a.ts";\nexport const b = { x: { en: ["1"], "zh-CN": ["2"] }, y: { en: "3" } };';
    expect(inLanguage(text, "zh-CN")).toBe(
      'import { a } from "./a.ts?language=zh-CN";\nexport const b = { x: {  "zh-CN": ["2"] }, y: { en: "3" } };',
    );
    expect(inLanguage(text, "en")).toContain('x: { en: ["1"],  }');
  });
});

test("the layout of the kernel's structures is the same when it has been a text", () => {
  const text = packedLayout(layout);
  expect(text.length).toBeLessThan(JSON.stringify(layout).length / 1.5);
  // Word by word: the order of fields is that of the inspector.
  expect(JSON.stringify(unpackedLayout(text))).toBe(JSON.stringify(layout));
});

describe("a part that is loaded later", () => {
  test("is there once it is loaded, and its element is drawn again", async () => {
    const part = new Later(() => Promise.resolve(5));
    expect(part.value).toBeNull();
    const drawn = new Promise<void>((resolve) => {
      const host = { requestUpdate: resolve } as unknown as Parameters<typeof part.for>[0];
      expect(part.for(host)).toBeNull();
    });
    await drawn;
    expect(part.value).toBe(5);
  });

  test("that could not be loaded is asked for again", async () => {
    let asked = 0;
    const part = new Later(() => (asked++ === 0 ? Promise.reject(new Error("no network")) : Promise.resolve("here")));
    await expect(part.load()).rejects.toThrow("no network");
    expect(part.value).toBeNull();
    expect(await part.load()).toBe("here");
  });
});
