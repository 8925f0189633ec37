import axe from "axe-core";
import { afterEach, describe, expect, test } from "vitest";
import { Page } from "./open.ts";

let page: Page;

afterEach(() => page.close());

/** What matches in the listing of the program. */
function inCode<E extends HTMLElement = HTMLElement>(selector: string): E[] {
  const code = page.element("iop-program").shadowRoot!.querySelector("iop-code")!;
  return [...code.shadowRoot!.querySelectorAll<E>(selector)];
}

/** The text of the line at which the task of the step stands, without its number. */
const standing = () => inCode(".line.acts .text").map((line) => line.textContent!.trim());

async function drawn(): Promise<void> {
  await page.app.updateComplete;
  await page.element("iop-program").updateComplete;
  await page.element("iop-program").shadowRoot!.querySelector("iop-code")!.updateComplete;
}

describe("the program", () => {
  test("shows where its task stands, at every system call", async () => {
    page = await Page.open("#/run/echo");
    await page.click("iop-transport", "system call");
    const { run, lines } = page.run.shown!;
    const source = page.element("iop-program").source.split("\n");
    for (let i = 0; i < 12; i++) {
      await page.press("ArrowRight");
      await drawn();
      const name = /^[a-z_0-9]+/.exec(run.calls[run.callAt(page.tick)]!.text)![0];
      expect(standing()).toEqual([source[lines!.lineAt(page.tick, 1) - 1]!.trim()]);
      expect(standing()[0]).toContain(`sys.${name}(`);
    }
    expect(inCode(".mark").map((mark) => mark.textContent)).toEqual([expect.stringContaining("server")]);
  });

  test("goes on to a line that is chosen, and behind the last time to the first", async () => {
    page = await Page.open("#/run/echo");
    const [line] = inCode(".line.calls").filter((one) => one.textContent!.includes("sys.write("));
    const reached: number[] = [];
    for (let i = 0; i < 4; i++) {
      line!.click();
      await drawn();
      expect(standing()[0]).toContain("sys.write(");
      expect(page.run.shown!.run.eventAt(page.tick)).toBe("sys_enter");
      reached.push(page.tick);
    }
    const [first, second, third, fourth] = reached as [number, number, number, number];
    expect(first < second && second < third).toBe(true);
    expect(fourth).toBe(first);
  });

  test("is gone through by keyboard, line of calls by line of calls", async () => {
    page = await Page.open("#/run/echo");
    const [button] = inCode<HTMLButtonElement>("button[tabindex='0']");
    button!.focus();
    const press = (key: string) =>
      inCode(":focus")[0]!.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, composed: true }));
    press("ArrowDown");
    await drawn();
    await drawn();
    expect(Number(inCode(":focus")[0]!.dataset["line"])).toBeGreaterThan(Number(button!.dataset["line"]));
    inCode<HTMLButtonElement>(":focus")[0]!.click();
    await drawn();
    expect(standing()[0]).toContain("sys.bind(");
  });

  test.each(["herd", "et-part-read"])("of %s is clean of what axe-core finds", async (id) => {
    page = await Page.open(`#/run/${id}`);
    await page.press("End");
    await page.seek(Math.floor(page.ticks / 2));
    await drawn();
    const { violations } = await axe.run(page.app, { resultTypes: ["violations"] });
    expect(
      violations.map(({ id: rule, nodes }) => `${rule}: ${nodes.map(({ target }) => target.join(" ")).join()}`),
    ).toEqual([]);
  });
});
