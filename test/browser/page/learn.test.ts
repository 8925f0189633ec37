import axe from "axe-core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { page as browser } from "vitest/browser";
import "../../../web/tokens.css";
import { IopApp } from "../../../web/app/iop-app.ts";
import { CHAPTERS } from "../../../web/learn/chapters.ts";
import type { IopChapter } from "../../../web/learn/iop-chapter.ts";
import { until } from "./open.ts";

let app: IopApp;

beforeEach(() => localStorage.clear());

afterEach(async () => {
  app.remove();
  localStorage.clear();
  history.replaceState(null, "", "#");
  delete document.documentElement.dataset["theme"];
  await browser.viewport(1280, 800);
});

/** What stands in the page of the chapters. */
const root = () => app.shadowRoot!.querySelector("iop-learn")?.shadowRoot ?? null;
const chapter = (): IopChapter => root()!.querySelector("iop-chapter")!;
const inChapter = <E extends Element = HTMLElement>(selector: string) => [
  ...chapter().shadowRoot!.querySelectorAll<E>(selector),
];
const watch = () => chapter().shadowRoot!.querySelector("iop-watch")!;
const shapes = () =>
  watch().shadowRoot!.querySelector("iop-stage")?.shadowRoot?.querySelectorAll("g.shape").length ?? 0;
const tally = (place: number) => root()!.querySelectorAll(".tally")[place]!.textContent.replace(/\s+/g, " ").trim();

/** Opens the page at an address and waits until it is drawn. */
async function open(hash: string): Promise<void> {
  history.replaceState(null, "", hash);
  document.documentElement.style.height = "100%";
  app = document.body.appendChild(new IopApp());
  const isChapter = CHAPTERS.some(({ id }) => hash.startsWith(`#/learn/${id}`));
  await until("the page is drawn", () =>
    isChapter ? root()?.querySelector("iop-chapter") && shapes() > 0 : root()?.querySelector(".tally"),
  );
  await app.updateComplete;
}

/** Presses a key, as if the focus were on the page itself. */
async function press(key: string): Promise<void> {
  app.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, composed: true, cancelable: true }));
  await app.updateComplete;
}

/** The choices of an exercise. */
function choices(place: number): HTMLButtonElement[] {
  const exercise = inChapter("iop-exercise")[place]!;
  return [...exercise.shadowRoot!.querySelectorAll("button")];
}

async function serious(): Promise<string[]> {
  await new Promise((resolve) => requestAnimationFrame(resolve));
  const { violations } = await axe.run(app, { resultTypes: ["violations"] });
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`);
}

describe.each([
  { locale: "en", theme: "light", width: 1280 },
  { locale: "zh-CN", theme: "dark", width: 360 },
  { locale: "zh-CN", theme: "light", width: 1280 },
  { locale: "en", theme: "dark", width: 360 },
])("in $locale, $theme, $width px wide", ({ locale, theme, width }) => {
  beforeEach(async () => {
    await browser.viewport(width, 800);
    localStorage.setItem("iopath.locale", locale);
    localStorage.setItem("iopath.theme", theme);
  });

  test("the list of the chapters leads to each, has nothing at the side, and axe finds nothing", async () => {
    await open("#/learn");
    const links = [...root()!.querySelectorAll<HTMLAnchorElement>("li a")].map((link) => link.getAttribute("href"));
    expect(links).toEqual(CHAPTERS.map(({ id }) => `#/learn/${id}`));
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(width);
    expect(await serious()).toEqual([]);
  });

  test("a chapter has its stage in sight, nothing at the side, and axe finds nothing", async () => {
    await open("#/learn/epoll-wait/callback");
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(width);
    expect(chapter().scrollWidth).toBeLessThanOrEqual(chapter().clientWidth);
    const stage = watch().getBoundingClientRect();
    expect(stage.top).toBeGreaterThanOrEqual(0);
    expect(stage.bottom).toBeLessThanOrEqual(innerHeight + 1);
    expect(stage.height).toBeGreaterThan(250);
    const title = inChapter("#callback h2")[0]!.getBoundingClientRect();
    expect(title.top).toBeGreaterThanOrEqual(width < 900 ? stage.bottom : 0);
    expect(title.bottom).toBeLessThan(innerHeight);
    await until("everything is looked up", () => inChapter("td").every((cell) => cell.textContent.trim() !== "…"));
    choices(0)[0]!.click();
    await app.updateComplete;
    expect(await serious()).toEqual([]);
  });
});

describe("a chapter", () => {
  test.each(CHAPTERS)("$id shows every passage's moment, with its object outlined", async ({ id, passages }) => {
    await open(`#/learn/${id}`);
    const entry = CHAPTERS.find((one) => one.id === id)!;
    const { chapter: content } = await entry.load();
    for (const [place, passage] of content.passages.entries()) {
      if (place > 0) await press("j");
      await until(`${passage.id} is on the stage`, () => {
        const shown = inChapter("nav .title")[0]?.textContent.trim();
        return shown === passage.title.en.replaceAll("`", "") && watch().session !== null;
      });
      await watch().updateComplete;
      const selected = watch().selected;
      const drawn = watch().shadowRoot!.querySelector("iop-stage")!.shadowRoot!;
      const found = drawn.querySelector(`[data-address="${selected}"]`);
      expect(selected === 0 || found !== null, `${passage.id}: what it names is drawn`).toBe(true);
      expect(passage.object === undefined || selected !== 0).toBe(true);
    }
    expect(chapter().reading).toBe(passages - 1);
  });

  test("the first one tells how the stage is read, the others where they are asked to", async () => {
    await open("#/learn/zero-copy");
    const legend = inChapter<HTMLDetailsElement>(".legend")[0]!;
    expect(legend.open).toBe(true);
    expect(legend.querySelectorAll("li").length).toBe(8);
    expect(await serious()).toEqual([]);
    location.hash = "#/learn/mmap";
    await until("the next chapter is there", () => root()?.querySelector("iop-chapter")?.entry.id === "mmap");
    await app.updateComplete;
    expect(inChapter<HTMLDetailsElement>(".legend")[0]!.open).toBe(false);
  });

  test("each says once which notes it speaks of, with a way to the page that tells more", async () => {
    await open("#/learn/mmap");
    const [said, ...others] = inChapter(".which");
    expect(others).toEqual([]);
    expect(said!.textContent).toContain("the set of notes on zero-copy and epoll that these chapters follow");
    expect(said!.querySelector("a")!.getAttribute("href")).toBe("#/learn");
  });

  test("goes along as one scrolls, and the address tells where", async () => {
    await open("#/learn/zero-copy");
    const before = watch().tick;
    const [third] = inChapter("#copy-out");
    chapter().scrollTop += third!.getBoundingClientRect().top - chapter().getBoundingClientRect().top - 100;
    await until("the third passage is being read", () => chapter().reading === 2);
    await until("the stage has moved", () => watch().tick !== before);
    await until("the address tells", () => location.hash === "#/learn/zero-copy/copy-out");
    expect(inChapter("#copy-out")[0]!.getAttribute("aria-current")).toBe("step");
  });

  test("goes to the next passage and back by keys, with the focus on it", async () => {
    await open("#/learn/zero-copy");
    await press("j");
    await press("j");
    expect(chapter().reading).toBe(2);
    expect(chapter().shadowRoot!.activeElement?.id).toBe("copy-out");
    await press("k");
    expect(chapter().reading).toBe(1);
    await press("k");
    await press("k");
    expect(chapter().reading).toBe(0);
  });

  test("steps within a passage, leads back to its moment, and to the same one on the page of a run", async () => {
    await open("#/learn/mmap/write-copies");
    await until("the passage is on the stage", () => watch().tick > 0);
    const { tick } = watch();
    const transport = watch().shadowRoot!.querySelector("iop-transport")!.shadowRoot!;
    transport.querySelector<HTMLButtonElement>('[aria-keyshortcuts="ArrowRight"]')!.click();
    await app.updateComplete;
    expect(watch().tick).toBeGreaterThan(tick);
    const link = inChapter<HTMLAnchorElement>("nav a")[0]!;
    expect(link.getAttribute("href")).toContain(`#/run/mmap-write?tick=${watch().tick}`);
    inChapter<HTMLButtonElement>("nav button:not(.icon)")[0]!.click();
    await until("the moment is back", () => watch().tick === tick);
  });

  test("tells for each choice why, and shows it on the stage", async () => {
    await open("#/learn/zero-copy");
    const [wrong, right] = choices(1) as [HTMLButtonElement, HTMLButtonElement];
    wrong.click();
    await until("the stage shows why", () => inChapter("nav .title")[0]!.textContent.includes("one copy"));
    const exercise = inChapter("iop-exercise")[1]!.shadowRoot!;
    expect(exercise.querySelector(".why b")!.textContent).toBe("Not quite.");
    right.click();
    await until("both choices say why", () => exercise.querySelectorAll(".why").length === 2);
    expect([...exercise.querySelectorAll(".why b")].map((word) => word.textContent)).toEqual(["Not quite.", "Right."]);
    expect(right.getAttribute("aria-pressed")).toBe("true");
  });

  test("leads to the next one, and the last one to the list", async () => {
    await open("#/learn/zero-copy");
    expect(inChapter<HTMLAnchorElement>(".primary")[0]!.getAttribute("href")).toBe("#/learn/mmap");
    const last = CHAPTERS.at(-1)!.id;
    location.hash = `#/learn/${last}`;
    await until("the last chapter is there", () => root()?.querySelector("iop-chapter")?.entry.id === last);
    await app.updateComplete;
    expect(inChapter(".primary")).toEqual([]);
    expect(chapter().scrollTop).toBe(0);
  });

  test("that there is not is said to be none, and the list is shown", async () => {
    await open("#/learn/nowhere");
    expect(root()!.querySelector('[role="alert"]')!.textContent).toContain("nowhere");
    expect(root()!.querySelectorAll("li").length).toBe(CHAPTERS.length);
  });
});

describe("progress", () => {
  test("survives a reload, and can be forgotten and brought back", async () => {
    await open("#/learn/zero-copy");
    await press("j");
    await press("j");
    choices(0)[1]!.click();
    await app.updateComplete;
    app.remove();
    await open("#/learn");
    expect(tally(0)).toBe("2 of 7 read · 1 of 3 answered");
    root()!.querySelector<HTMLButtonElement>(".actions button")!.click();
    await app.updateComplete;
    expect(tally(0)).toBe("0 of 7 read · 0 of 3 answered");
    root()!.querySelector<HTMLButtonElement>(".undo")!.click();
    await app.updateComplete;
    expect(tally(0)).toBe("2 of 7 read · 1 of 3 answered");
    app.remove();
    await open("#/learn/zero-copy");
    expect(choices(0)[1]!.getAttribute("aria-pressed")).toBe("true");
  });

  test.each(["<b>", '{"read":["x"],"answers":{"__proto__/a":1}}', "x".repeat(100_000)])(
    "that nobody here has written counts as none: %#",
    async (text) => {
      localStorage.setItem("iopath.learned", text);
      await open("#/learn");
      expect(tally(0)).toBe("0 of 7 read · 0 of 3 answered");
    },
  );

  test("goes on where nothing can be stored", async () => {
    // As in a browser whose storage is full: what is written is refused.
    const original = Object.getOwnPropertyDescriptor(Storage.prototype, "setItem")!;
    Storage.prototype.setItem = () => {
      throw new DOMException("full", "QuotaExceededError");
    };
    try {
      await open("#/learn/zero-copy");
      await press("j");
      location.hash = "#/learn";
      await until("the list is shown", () => root()?.querySelector(".tally"));
      expect(tally(0)).toBe("1 of 7 read · 0 of 3 answered");
    } finally {
      Object.defineProperty(Storage.prototype, "setItem", original);
    }
  });
});
