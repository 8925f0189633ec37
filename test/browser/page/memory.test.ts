import axe from "axe-core";
import { afterEach, expect, test } from "vitest";
import { objectsOf } from "../../../lib/see/inspect.ts";
import { Page, until } from "./open.ts";

let page: Page;

afterEach(() => page.close());

/** The rows of the tables, cell by cell. */
function rows(): string[][] {
  const all = page.element("iop-memory").shadowRoot!.querySelectorAll("tbody tr");
  const name = (cell: Element) => cell.textContent!.replace(cell.querySelector(".size")?.textContent ?? "", "").trim();
  return [...all].map((row) => [...row.children].map(name));
}

async function open(): Promise<void> {
  const memory = page.element("iop-memory");
  memory.shadowRoot!.querySelector("summary")!.click();
  await until("the tables are there", () => memory.shadowRoot!.querySelectorAll("table").length === 2);
}

test("memory has the figures of the moment shown, and what the step has changed is marked", async () => {
  page = await Page.open("#/run/aio?tick=50");
  expect(rows()).toEqual([]);
  await open();
  const { kernel } = page.run.shown!.run;
  const check = () => {
    kernel.seek(page.tick);
    const { caches, frames } = kernel.memoryUsage();
    const shown = new Map(rows().map(([name, count]) => [name, count]));
    expect(shown.get("free")!.replace(/\D/g, "")).toBe(String(frames.free));
    expect(shown.get("pinned, of all these")).toBe(String(frames.pinned));
    for (const { name, inUse, objects } of caches) expect(shown.get(name)).toBe(`${inUse} / ${objects}`);
    expect(shown.get("AioKiocb")!.split(" ")[0]).toBe(String(objectsOf(kernel.inspect(), "AioKiocb").length));
  };
  check();
  await page.click("iop-transport", "system call");
  await page.press("ArrowLeft");
  await page.press("ArrowRight");
  check();
  const changed = page.element("iop-memory").shadowRoot!.querySelectorAll("tr.changed");
  const names = [...changed].map((row) => row.querySelector("th")!.textContent!.trim().split(" ")[0]);
  expect(names).toContain("AioKiocb");
  expect(
    rows()
      .find(([name]) => name === "AioKiocb")!
      .at(-1),
  ).toMatch(/^[+−]\d+$/);
});

test.each(["light", "dark"])("axe finds nothing serious in the tables of memory, %s", async (theme) => {
  localStorage.setItem("iopath.theme", theme);
  page = await Page.open("#/run/io_uring?tick=226");
  await open();
  const { violations } = await axe.run(page.app, { resultTypes: ["violations"] });
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`)).toEqual(
    [],
  );
  delete document.documentElement.dataset["theme"];
});
