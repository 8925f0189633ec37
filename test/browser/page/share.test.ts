import axe from "axe-core";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { page as browser } from "vitest/browser";
import { readLink, writeLink } from "../../../web/share/link.ts";
import { pack } from "../../../web/share/packed.ts";
import type { IopShare } from "../../../web/share/iop-share.ts";
import { SCENARIOS } from "../../../web/scenarios/all.ts";
import { Page, until } from "./open.ts";

let page!: Page;
const known = new Set(SCENARIOS.map(({ id }) => id));

/** The dialog. */
const share = (): IopShare | null => page.run.shadowRoot!.querySelector("iop-share");
const all = <E extends Element>(selector: string): E[] => [
  ...(share()?.shadowRoot!.querySelectorAll<E>(selector) ?? []),
];
const said = () => all<HTMLElement>(".said")[0]?.textContent ?? "";

/** Opens the dialog, and waits for the link. */
async function openDialog(): Promise<void> {
  await page.press("s");
  await until("the dialog is open", () => all<HTMLDialogElement>("dialog[open]").length === 1);
}

/** What the browser was given to keep: names and contents. */
function kept(): { name: string; blob: Blob }[] {
  const files: { name: string; blob: Blob }[] = [];
  const blobs = new Map<string, Blob>();
  const make = URL.createObjectURL.bind(URL);
  vi.spyOn(URL, "createObjectURL").mockImplementation((blob) => {
    const url = make(blob);
    blobs.set(url, blob as Blob);
    return url;
  });
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function click(this: HTMLAnchorElement) {
    files.push({ name: this.download, blob: blobs.get(this.href)! });
  });
  return files;
}

beforeEach(async () => {
  page = await Page.open("#/run/et-hang?tick=120");
});
afterEach(async () => {
  vi.restoreAllMocks();
  page.close();
  await browser.viewport(1280, 800);
});

describe("the dialog to share", () => {
  test("opens with a key and with its button, and closes with Escape and with its button", async () => {
    await openDialog();
    all<HTMLButtonElement>(".top button")[0]!.click();
    await until("the dialog is gone", () => share() === null);
    const button = [...page.run.shadowRoot!.querySelectorAll("button")].find(
      ({ textContent }) => textContent!.trim() === "Share…",
    )!;
    button.click();
    await until("the dialog is open", () => all("dialog[open]").length === 1);
    all<HTMLDialogElement>("dialog")[0]!.close();
    await until("the dialog is gone", () => share() === null);
  });

  test("has a link that leads to what is on the stage", async () => {
    await page.press("1");
    await openDialog();
    const [input] = all<HTMLInputElement>("input");
    const { hash } = new URL(await until("the link is there", () => input!.value));
    expect(await readLink(hash, known)).toEqual({
      v: 1,
      run: { scenario: "et-hang" },
      tick: page.tick,
      grain: "syscall",
    });
    expect(all("p.quiet")[0]!.textContent).toMatch(/^\d+ characters\./);
    page.close();
    page = await Page.open(hash);
    expect([page.tick, page.element("iop-transport").grain]).toEqual([120, "syscall"]);
  });

  test("has code for another page, which names the same run and moment", async () => {
    await openDialog();
    const [code] = all<HTMLTextAreaElement>("textarea");
    const parsed = new DOMParser().parseFromString(code!.value, "text/html");
    const stage = parsed.querySelector("iopath-stage")!;
    expect([stage.getAttribute("scenario"), stage.getAttribute("tick"), stage.getAttribute("lang")]).toEqual([
      "et-hang",
      "120",
      "en",
    ]);
    expect(parsed.querySelector("script")!.src).toBe(new URL("elements/elements.js", location.href).href);
    expect(stage.getAttribute("playground")).toBe(new URL(".", location.href).href);
  });

  test("has code for another page also for a program of one's own, which its link holds", async () => {
    page.close();
    page = await Page.open("#/program?tick=60");
    await openDialog();
    const code = await until("the code is there", () => all<HTMLTextAreaElement>("textarea")[0]?.value || null);
    const stage = new DOMParser().parseFromString(code, "text/html").querySelector("iopath-stage")!;
    expect([stage.hasAttribute("scenario"), stage.getAttribute("tick")]).toEqual([false, "60"]);
    const link = /#\/p\/.*/.exec(stage.getAttribute("program")!)![0];
    expect(await readLink(link, known)).toMatchObject({ run: { program: page.element("iop-program").source } });
  });

  test.each(["svg", "png", "perfetto", "chrome", "journal", "c"])("gives a file: %s", async (id) => {
    const files = kept();
    await openDialog();
    all<HTMLButtonElement>(`[data-download=${id}]`)[0]!.click();
    await until("the file is saved", () => said() !== "");
    expect(files).toHaveLength(1);
    const [{ name, blob }] = files as [{ name: string; blob: Blob }];
    const names: Readonly<Record<string, string>> = {
      svg: "et-hang-tick-120.svg",
      png: "et-hang-tick-120.png",
      perfetto: "et-hang.perfetto-trace",
      chrome: "et-hang.trace.json",
      journal: "et-hang.jsonl",
      c: "et-hang.c",
    };
    expect(name).toBe(names[id]);
    expect(said()).toBe(`${name} is saved.`);
    expect(blob.size).toBeGreaterThan(1000);
    // What has looked at the whole run has not moved what is on the stage.
    expect(page.tick).toBe(120);
  });

  test("says why a run cannot be written in C", async () => {
    page.close();
    page = await Page.open("#/run/aio");
    await openDialog();
    all<HTMLButtonElement>("[data-download=c]")[0]!.click();
    await until("something is said", () => said() !== "");
    expect(said()).toBe(
      "aio.c cannot be made: io_setup() cannot be written in C: its requests are memory that the kernel looks at later",
    );
  });

  test("copies the link, and says so; where the browser forbids it, it says that instead", async () => {
    await openDialog();
    await until("the link is there", () => all<HTMLInputElement>("input")[0]!.value);
    const write = vi.spyOn(navigator.clipboard, "writeText").mockResolvedValueOnce();
    const copy = all<HTMLButtonElement>("[aria-label='Copy the link']")[0]!;
    copy.click();
    await until("it is said", () => said() === "Copied.");
    expect(write.mock.calls).toEqual([[all<HTMLInputElement>("input")[0]!.value]]);
    write.mockRejectedValueOnce(new DOMException("no", "NotAllowedError"));
    copy.click();
    await until("it is said", () => said().startsWith("The browser does not let this page copy"));
  });

  test("keeps its keys from the page behind it", async () => {
    await openDialog();
    all("input")[0]!.dispatchEvent(new KeyboardEvent("keydown", { key: "End", bubbles: true, composed: true }));
    expect(page.tick).toBe(120);
  });

  test.each([
    { theme: "light", locale: "en", width: 1280 },
    { theme: "dark", locale: "zh-CN", width: 390 },
  ])("axe finds nothing: $theme, $locale, $width px; and nothing sticks out", async ({ theme, locale, width }) => {
    page.close();
    await browser.viewport(width, 800);
    localStorage.setItem("iopath.theme", theme);
    localStorage.setItem("iopath.locale", locale);
    page = await Page.open("#/run/echo?tick=300");
    await openDialog();
    await until("the link is there", () => all<HTMLInputElement>("input")[0]!.value);
    const { violations } = await axe.run(all<HTMLElement>("dialog")[0]!, { resultTypes: ["violations"] });
    expect(violations.map(({ id }) => id)).toEqual([]);
    const dialog = all("dialog")[0]!;
    expect(dialog.getBoundingClientRect().right).toBeLessThanOrEqual(width);
    expect(dialog.scrollWidth).toBeLessThanOrEqual(dialog.clientWidth);
  });
});

describe("a packed link", () => {
  const go = async (hash: string): Promise<void> => {
    location.hash = hash;
    await until("something is said", () => page.notice !== "");
  };

  test.each([
    ["of a later version", "#/p/9.AAAA", "expected a link of version 1 or older, found version 9"],
    ["that is broken", "#/p/1.AAAAA", "expected a run that was packed, found base64url that is cut off"],
  ])("%s is refused, and what is on the stage stays there", async (_, hash, reason) => {
    await go(hash);
    expect(page.notice).toContain("This link cannot be opened");
    expect(page.notice).toContain(reason);
    expect(page.notice).toContain("What is shown has not changed.");
    expect([page.tick, page.element("iop-run-bar").current]).toEqual([120, "et-hang"]);
  });

  const program = async (text: string) =>
    writeLink({ v: 1, run: { program: text, cpus: 1, seed: 1 }, tick: 20, grain: "tick" });

  test("that holds a program runs it in the sandbox, and the page leads on to the same program", async () => {
    const link = await program(`export function start(kernel) {
      kernel.spawn("guest", function* (sys) {
        const fds = [];
        yield* sys.pipe2(fds, 0);
        yield* sys.write(fds[1], "from far away");
        yield* sys.read(fds[0], sys.buffer(32));
      });
    }`);
    location.hash = link;
    await until("the guest is on the stage", () => page.labels.some((label) => label.includes("guest")));
    await until("it stands where it stood", () => page.tick === 20);
    await openDialog();
    const [input] = all<HTMLInputElement>("input");
    expect(new URL(await until("the link is there", () => input!.value || null)).hash).toBe(link);
    expect(all<HTMLTextAreaElement>("textarea")[0]!.value).toContain(`${link}" tick="20"`);
  });

  test("that says with how many CPUs a program runs is followed, and its run is shared with as many", async () => {
    const text = `export function start(kernel) {
      kernel.spawn("guest", function* (sys) { yield* sys.getpid(); });
    }`;
    const link = await writeLink({ v: 1, run: { program: text, cpus: 3, seed: 7 }, tick: 2, grain: "tick" });
    location.hash = link;
    await until("the guest is on the stage", () => page.labels.some((label) => label.includes("guest")));
    expect(page.labels.filter((label) => /^CPU \d/.test(label))).toHaveLength(3);
    await until("it stands where it stood", () => page.tick === 2);
    await openDialog();
    const [input] = all<HTMLInputElement>("input");
    expect(new URL(await until("the link is there", () => input!.value || null)).hash).toBe(link);
  });

  test("that holds what is no program says where it is none, and the machine on the stage stays", async () => {
    const machine = page.run.shown;
    location.hash = await program("const a = 1;\nconst b = ;");
    const outcome = await until("it has come to something", () => page.element("iop-program").outcome);
    expect(outcome.error).toMatchObject({ name: "SyntaxError", line: 2 });
    expect(page.run.shown).toBe(machine);
  });

  test("that leads to a scenario opens it", async () => {
    const said = { v: 1, run: { scenario: "pipe" }, tick: 30, grain: "tick" };
    location.hash = `#/p/1.${await pack(JSON.stringify(said))}`;
    await until("the pipe is on the stage", () => page.element("iop-run-bar").current === "pipe");
    expect(page.tick).toBe(30);
  });
});
