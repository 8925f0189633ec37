import axe from "axe-core";
import { userEvent } from "@vitest/browser/context";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { IopEditor } from "../../../web/panels/iop-editor.ts";
import { writeLink } from "../../../web/share/link.ts";
import { Page, until } from "./open.ts";

let page: Page;

beforeEach(() => sessionStorage.clear());
afterEach(() => {
  page.close();
  sessionStorage.clear();
});

const PATIENCE = { timeout: 60_000 };

/** A program of one task. */
const task = (body: string) =>
  `export function start(kernel) {\n  kernel.spawn("mine", function* (sys) {\n${body}\n  });\n}`;

const pane = () => page.element("iop-program");
const inPane = <E extends HTMLElement = HTMLElement>(selector: string) => pane().shadowRoot!.querySelector<E>(selector);
const said = () =>
  [...pane().shadowRoot!.querySelectorAll(".wrong")].map((text) => text.textContent!.replace(/\s+/g, " ").trim());
const button = (name: string) =>
  [...pane().shadowRoot!.querySelectorAll("button")].find((one) => one.textContent!.includes(name));

async function editor(): Promise<IopEditor> {
  button("Edit")?.click();
  return until("the editor is there", () => {
    const found = inPane<IopEditor>("iop-editor");
    return found?.shadowRoot!.querySelector(".cm-content") ? found : null;
  });
}

/** Puts a text into the editor, as if it were pasted, and runs it by keyboard. */
async function run(text: string): Promise<void> {
  const found = await editor();
  const content = found.shadowRoot!.querySelector<HTMLElement>(".cm-content")!;
  content.focus();
  await userEvent.keyboard("{Control>}a{/Control}");
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  content.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  expect(found.value).toBe(text);
  await userEvent.keyboard("{Control>}{Enter}{/Control}");
  await over();
}

/** Waits until what was run has come to something. */
async function over(): Promise<void> {
  await until("the program has run", () => !pane().running && pane().outcome !== null, PATIENCE.timeout);
  await page.app.updateComplete;
  await pane().updateComplete;
}

describe("a program of the page", () => {
  test("is edited, run and stepped through; its lines are those of the new text", PATIENCE, async () => {
    page = await Page.open("#/run/pipe");
    await run(task('    console.log("hello");\n    yield* sys.getpid();\n    yield* sys.close(99);'));
    expect(said()).toEqual([]);
    expect(pane().draft).toBeNull();
    expect(inPane("pre")!.textContent).toBe("hello");
    expect(inPane(".chip")!.textContent).toBe("edited");
    expect(page.run.shown!.run.calls.map(({ text }) => text.replace(/\(.*/, ""))).toEqual(["getpid", "close", "exit"]);
    await page.click("iop-transport", "system call");
    await page.press("ArrowRight");
    await page.press("ArrowRight");
    await page.app.updateComplete;
    expect(pane().standings).toEqual([{ pid: 1, name: "mine", line: 5, doing: "acts" }]);
    expect(page.sentence).toContain("close");
  });

  test("comes back by Reset, and by Close what is on the stage stays", PATIENCE, async () => {
    page = await Page.open("#/run/pipe");
    const { source } = pane();
    await run(task("    yield* sys.getpid();"));
    expect(pane().source).not.toBe(source);
    await editor();
    button("Close")!.click();
    await page.app.updateComplete;
    expect(pane().draft).toBeNull();
    button("Reset")!.click();
    await until("the first text is there again", () => pane().source === source);
    expect(pane().edited).toBe(false);
  });

  test("keeps what was edited when the page is loaded again", PATIENCE, async () => {
    page = await Page.open("#/run/pipe");
    await run(task("    not.there();"));
    const { draft } = pane();
    expect(draft).toContain("not.there");
    page.close();
    page = await Page.open("#/run/pipe");
    await until("the draft is in the editor", () => pane().draft === draft);
    const pending = () => inPane(".pending")?.textContent ?? "";
    await until("it is said that it does not run", () => pending().includes("does not show this text yet"));
    await run(task("    yield* sys.getpid();"));
    await editor();
    expect(pending()).toBe("");
  });

  test("says where it fails, marks the line, and keeps the machine", PATIENCE, async () => {
    page = await Page.open("#/run/pipe");
    await run(task("    yield* sys.getpid();\n    not.there();"));
    expect(said()).toEqual(["Line 4: ReferenceError: 'not' is not defined"]);
    const marked = inPane("iop-editor")!.shadowRoot!.querySelector(".wrong")!;
    expect(marked.textContent).toContain("not.there()");
    expect(page.run.shown!.run.calls[0]!.text).toContain("getpid");
  });

  test("with types is told that there are none here", PATIENCE, async () => {
    page = await Page.open("#/run/pipe");
    await run(task("    const fd: number = 1;"));
    expect(said()[0]).toMatch(/^Line 3: SyntaxError: .*Types are not understood here: this is plain JavaScript\.$/);
  });

  test("keeps the keys of the page to itself while it is edited", PATIENCE, async () => {
    page = await Page.open("#/run/pipe");
    const content = (await editor()).shadowRoot!.querySelector<HTMLElement>(".cm-content")!;
    content.focus();
    await userEvent.keyboard("{ArrowRight}1 /?{End}");
    expect(page.tick).toBe(0);
    expect(page.all("iop-help", "dialog[open]")).toEqual([]);
    await userEvent.keyboard("{Escape}");
    await until("the editor is closed", () => pane().draft === null);
  });
});

describe("a hostile program", () => {
  test.each([
    ["never ends", task("    yield* sys.getpid();\n    for (;;);"), "It took too long and was cut off."],
    [
      "never ends to make calls",
      task("    for (;;) yield* sys.getpid();"),
      "It does not end by itself and was cut off.",
    ],
    [
      "wants all memory",
      task("    yield* sys.getpid();\n    for (const all = []; ; ) all.push(new Uint8Array(1e6));"),
      "out of memory",
    ],
    ["wants all of the stack", task("    yield* sys.getpid();\n    const deep = () => deep(); deep();"), "stack"],
    [
      "wants the page",
      task("    yield* sys.getpid();\n    globalThis.constructor.constructor('return window')();"),
      "'window' is not defined",
    ],
    ["wants a module", 'import "https://example.org/x.js";', "there is no module"],
  ])("that %s is contained, and the page says so", PATIENCE, async (_, text, message) => {
    page = await Page.open("#/run/pipe");
    await run(text);
    expect(said().join(" ")).toContain(message);
    await page.press("End");
    expect(page.tick).toBe(page.ticks);
    expect(page.element("iop-counters").violations).toEqual([]);
    expect(inPane("iop-editor")).not.toBeNull();
  });

  test("in whose texts is markup is shown as text", PATIENCE, async () => {
    page = await Page.open("#/run/pipe");
    await run(
      'export function start(kernel) {\n  kernel.spawn("<img src=x onerror=alert(1)>", function* (sys) {\n    console.log("<b>bold</b>");\n    yield* sys.getpid();\n    throw new Error("<script>");\n  });\n}',
    );
    expect(said()).toEqual(["Line 5: Error: <script>"]);
    expect(inPane("pre")!.textContent).toBe("<b>bold</b>");
    expect(pane().shadowRoot!.querySelector("img, b b, script")).toBeNull();
  });

  test("is stopped by a button, and the page goes on", PATIENCE, async () => {
    page = await Page.open("#/run/pipe");
    const found = await editor();
    found.dispatchEvent(new CustomEvent("iop-try", { detail: { text: "for (;;);" }, bubbles: true, composed: true }));
    const stop = await until("it runs", () => button("Stop"));
    stop!.click();
    await until("it has stopped", () => !pane().running);
    expect(pane().outcome).toBeNull();
    expect(page.ticks).toBeGreaterThan(0);
  });
});

describe("your program", () => {
  test("begins with an example that runs, and has an address of its own", PATIENCE, async () => {
    page = await Page.open("#/program");
    await over();
    expect(said()).toEqual([]);
    expect(page.run.shown!.run.calls.length).toBeGreaterThan(8);
    await page.press("End");
    await until("the address says so", () => location.hash === `#/program?tick=${page.ticks}`);
    expect(page.all("iop-header", "a[aria-current=page]").map((link) => link.textContent!.trim())).toEqual([
      "Your program",
    ]);
  });

  test("travels in a link, with where one stands in its run", PATIENCE, async () => {
    page = await Page.open("#/run/pipe");
    const text = task('    console.log("from afar");\n    yield* sys.getpid();\n    yield* sys.gettid();');
    await run(text);
    await page.seek(5);
    const link = await writeLink({
      v: 1,
      run: { program: page.run.program!, cpus: 1, seed: 1 },
      tick: 5,
      grain: "tick",
    });
    page.close();
    sessionStorage.clear();
    page = await Page.open(link);
    await over();
    await until("it stands where it stood", () => page.tick === 5);
    expect([pane().source, inPane("pre")!.textContent]).toEqual([text, "from afar"]);
  });

  test("is what is dropped as a JavaScript file", PATIENCE, async () => {
    page = await Page.open("#/run/pipe");
    await page.drop("mine.js", task("    yield* sys.gettid();"));
    await until("it is on the stage", () => page.run.shown!.run.calls[0]?.text.startsWith("gettid"));
    expect(page.element("iop-run-bar").recording).toBe("mine.js");
  });

  test.each(["light", "dark"])("is clean of what axe-core finds while it is edited, %s", PATIENCE, async (theme) => {
    localStorage.setItem("iopath.theme", theme);
    page = await Page.open("#/program");
    await over();
    await run(task('    console.log("x");\n    yield* sys.getpid();\n    not.there();'));
    const { violations } = await axe.run(page.app, { resultTypes: ["violations"] });
    const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join()}`);
    expect(told).toEqual([]);
  });
});
