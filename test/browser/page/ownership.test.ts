import axe from "axe-core";
import { afterEach, expect, test, vi } from "vitest";
import { commands, page as browser, userEvent } from "vitest/browser";
import "../../../web/tokens.css";
import type { IopApp } from "../../../web/app/iop-app.ts";
import { FIGURES } from "../../../web/labs/ownership/figures.ts";
import type { IopOwnershipLab } from "../../../web/labs/ownership/iop-ownership-lab.ts";
import { formatCount } from "../../../web/model/format.ts";
import { frameCode } from "../../../web/share/embed-code.ts";
import { LAB_PATIENCE as PATIENCE, closeLab, loadParts, openLab, until } from "./open.ts";

vi.setConfig({ testTimeout: 2 * PATIENCE });

let app: IopApp | null = null;

afterEach(() => closeLab(app));

/** The lab, opened at an address, with its programs run and drawn. */
async function open(query: string): Promise<IopOwnershipLab> {
  const opened = await openLab(`#/labs/ownership${query}`, "iop-ownership-lab");
  app = opened.app;
  await loadParts();
  await until(
    "a heap is drawn",
    () => inside(opened.lab, "iop-heap-picture", "g.chunk").length > 0 && sentence(opened.lab) !== "",
    PATIENCE,
  );
  return opened.lab;
}

/** What matches within parts of the lab of one name. */
function inside(lab: IopOwnershipLab, part: string, selector: string): Element[] {
  return [...lab.shadowRoot!.querySelectorAll(part)].flatMap((one) => [...one.shadowRoot!.querySelectorAll(selector)]);
}

const text = (element: Element | undefined) => element?.textContent.replace(/\s+/g, " ").trim() ?? "";
const counted = (value: number) => formatCount(value).replaceAll(/\s/g, " ");
const settings = (lab: IopOwnershipLab) => lab.shadowRoot!.querySelector("iop-ownership-settings")!.shadowRoot!;
const sentence = (lab: IopOwnershipLab) => text(inside(lab, "iop-transport", ".sentence")[0]);
const position = (lab: IopOwnershipLab) => text(lab.shadowRoot!.querySelector(".position") ?? undefined);

/** A figure of the table: the columns of its row. */
function figure(lab: IopOwnershipLab, name: string): string[] {
  return inside(lab, "iop-heap-figures", `tr[data-figure=${name}] td`).map((cell) => text(cell));
}

/** Presses a key, and waits for what it changes. */
async function press(key: string, what: string, probe: () => boolean): Promise<void> {
  await userEvent.keyboard(key);
  await until(what, probe);
}

const looks = [
  { theme: "light", locale: "en", width: 360, query: "?show=dangling&stride=action&at=24" },
  { theme: "dark", locale: "zh-CN", width: 1280, query: "?show=cycle&at=26" },
  { theme: "dark", locale: "en", width: 1280, query: "?at=30" },
  { theme: "light", locale: "zh-CN", width: 360, query: "?show=cycle~weak&at=20" },
] as const;

test.each(looks)(
  "is shown without a flaw: $theme, $locale, $width px, $query",
  async ({ theme, locale, width, query }) => {
    await browser.viewport(width, 800);
    localStorage.setItem("iopath.theme", theme);
    localStorage.setItem("iopath.locale", locale);
    const lab = await open(query);
    lab.shadowRoot!.querySelector("details")!.open = true;
    await lab.updateComplete;
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(width);
    expect(lab.scrollWidth).toBeLessThanOrEqual(width);
    const { violations } = await axe.run(app!, { resultTypes: ["violations"] });
    expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
    if (locale === "zh-CN") expect(text(lab.shadowRoot!.querySelector("h1")!)).toBe("所有权");
  },
);

test("the figures are those that Node computes for the same programs", async () => {
  const lab = await open("?bytes=40");
  const choice = { bytes: 40, atomic: false };
  const [apart, together] = [
    await commands.ownedInNode("new", choice),
    await commands.ownedInNode("make_shared", choice),
  ];
  expect([apart.kept, together.kept]).toEqual([24, 56]);
  for (const name of FIGURES) {
    const [, left, , right] = figure(lab, name);
    expect([left, right], name).toEqual([counted(apart[name]), counted(together[name])]);
  }
});

test("a 1,000-byte object: make_shared() lets a weak_ptr keep 1,016 bytes, new 24, seen as both go on together", async () => {
  const lab = await open("");
  expect(figure(lab, "kept")).toEqual(["0", "24", "0", "1 016"]);
  for (let step = 1; step <= 6; step++) {
    await press("{ArrowRight}", `step ${step} is shown`, () => sentence(lab).startsWith(`step ${step} `));
  }
  expect(figure(lab, "kept")[0]).toBe("24");
  expect(figure(lab, "kept")[2]).toBe("1 016");
  const said = [...lab.shadowRoot!.querySelectorAll(".said")].map((one) => text(one));
  expect(said[0]).toMatch(
    /^owner goes; use_count 1 → 0; an object is destroyed; 1.000 bytes given back; weak_count 2 → 1$/,
  );
  expect(said[1]).toBe("owner goes; use_count 1 → 0; an object is destroyed; weak_count 2 → 1");
  await until("the address says where", () => /at=\d+/.test(location.hash));
});

test("keys go by statement, by action, backwards, to both ends, and choose how far a step goes", async () => {
  const lab = await open("?show=unique");
  expect(position(lab)).toBe("step 0 / 9");
  await press("{ArrowRight}", "a statement has run", () => position(lab) === "step 1 / 9");
  expect(sentence(lab)).toMatch(
    /^std::unique_ptr<Image> only = .* — 1.000 bytes allocated, cut off the top; an object is/,
  );
  await press("2", "steps are actions", () => /^step \d+ \/ 3\d$/.test(position(lab)));
  await press(
    "{ArrowRight}",
    "an action is told",
    () => text(lab.shadowRoot!.querySelector(".event")!) === "operator_new",
  );
  expect(sentence(lab)).toBe("The program asks for 24 bytes: operator new.");
  expect(text(inside(lab, "iop-cpp-source", ".line.now")[0])).toMatch(/^▷\d+ std::shared_ptr<Image> first/);
  await press("{ArrowLeft}", "it is taken back", () => sentence(lab).startsWith("std::unique_ptr"));
  await press("1", "steps are statements", () => position(lab) === "step 1 / 9");
  await press("{End}", "it has ended", () => sentence(lab) === "main() has ended. Everything was given back.");
  await press("{Home}", "it begins", () => position(lab) === "step 0 / 9");
});

test("a use after free shows the pointer that dangles, the list that breaks, and how the process ends", async () => {
  const lab = await open("?show=dangling");
  for (let step = 1; step <= 5; step++) {
    await press("{ArrowRight}", `step ${step} is shown`, () => position(lab) === `step ${step} / 8`);
  }
  expect(sentence(lab)).toContain("memory that was given back is written to");
  expect(inside(lab, "iop-heap-picture", ".edge.dangling")).toHaveLength(2);
  expect(inside(lab, "iop-heap-picture", ".cross")).toHaveLength(2);
  expect(inside(lab, "iop-heap-picture", ".chip.broken")).toHaveLength(1);
  await press("{End}", "it is over", () => sentence(lab) === "The process is over: SIGABRT.");
  expect(inside(lab, "iop-cpp-source", ".line.now").length).toBe(1);
  await press("{ArrowLeft}", "it is told why", () =>
    sentence(lab).includes("malloc(): unaligned tcache chunk detected"),
  );
});

test("a program is chosen, its struct made larger, its counts atomic; the address says so", async () => {
  const lab = await open("?show=make_shared");
  const input = settings(lab).querySelector<HTMLInputElement>("input[name=bytes]")!;
  const type = (value: string) => {
    input.value = value;
    input.dispatchEvent(new Event("change"));
  };
  for (const hostile of ["-5", "1e9", "<b>x</b>", "20001", ""]) {
    type(hostile);
    await until(`“${hostile}” is refused`, () => {
      const wrong = settings(lab).querySelector<HTMLElement>("#wrong")!;
      return !wrong.hidden && text(wrong) === `“${hostile}” is no size: a whole number from 1 to 20 000 is.`;
    });
    expect(input.getAttribute("aria-invalid")).toBe("true");
  }
  expect(location.hash).not.toContain("bytes");
  type("24");
  await until("it is taken", () => location.hash.includes("bytes=24") && figure(lab, "kept")[1] === "40");
  expect(settings(lab).querySelector<HTMLElement>("#wrong")!.hidden).toBe(true);
  const [program, counts] = [...settings(lab).querySelectorAll("select")];
  counts!.selectedIndex = 1;
  counts!.dispatchEvent(new Event("change"));
  await until("counts are atomic", () => figure(lab, "atomicChanges")[1] === figure(lab, "countChanges")[1]);
  await until("the address says so", () => location.hash.includes("counts=atomic"));
  program!.value = "leak";
  program!.dispatchEvent(new Event("change"));
  await until("it leaks", () => text(inside(lab, "iop-heap-figures", ".leak")[0]).startsWith("⚠ 24 bytes at 0x"));
});

test("an address that says nothing that can be shows the lab as it is at first", async () => {
  const lab = await open("?show=__proto__&bytes=1e99&counts=<script>&stride=constructor&at=-1");
  expect(settings(lab).querySelector("select")!.value).toBe("new~make_shared");
  expect(lab.shadowRoot!.querySelectorAll("iop-heap-picture")).toHaveLength(2);
  expect(sentence(lab)).toBe("step 0 / 9");
  expect(location.hash).not.toContain("NaN");
});

test("a moment beyond the end is the end", async () => {
  const lab = await open("?show=leak&at=99999");
  expect(sentence(lab)).toMatch(/^main\(\) has ended. Leaks: 1 allocation, 1.000 bytes.$/);
});

test("the picture is saved as a file of its own that refers to nothing outside", async () => {
  const lab = await open("?show=new&at=12");
  const saved: Blob[] = [];
  const make = vi.spyOn(URL, "createObjectURL").mockImplementation((blob) => {
    saved.push(blob as Blob);
    return "#";
  });
  [...lab.shadowRoot!.querySelectorAll("button")].find((one) => text(one) === "Picture (SVG)")!.click();
  await until("it is saved", () => saved.length === 1);
  make.mockRestore();
  const drawn = await saved[0]!.text();
  expect(drawn).toContain("0x611ea0");
  expect(drawn).not.toMatch(/var\(--|href/);
});

test("stands in another host's page without the shell's header, and leads to the same in a window of its own", async () => {
  const { name } = window;
  const holder = document.createElement("div");
  holder.innerHTML = frameCode(location.href, 'a "title"');
  const frame = holder.firstElementChild as HTMLIFrameElement;
  expect([frame.src, frame.title]).toEqual([location.href, 'a "title"']);
  window.name = frame.name;
  try {
    const lab = await open("?show=cycle");
    expect(app!.shadowRoot!.querySelector("iop-header")).toBeNull();
    const link = app!.shadowRoot!.querySelector<HTMLAnchorElement>("a.framed")!;
    await press("{End}", "the run has ended", () => !position(lab).startsWith("step 0"));
    await until("the address has followed", () => location.hash.includes("at="));
    link.addEventListener("click", (event) => event.preventDefault(), { once: true });
    link.click();
    expect(link.href).toBe(location.href);
  } finally {
    window.name = name;
  }
});
