import axe from "axe-core";
import { afterEach, describe, expect, test } from "vitest";
import { userEvent } from "vitest/browser";
import { Page } from "./open.ts";

let page: Page;

afterEach(() => page.close());

/** A button below the stage, or above it. */
function tool(text: string): HTMLButtonElement {
  const all = [...page.run.shadowRoot!.querySelectorAll<HTMLButtonElement>(".tools button, .narrowed button")];
  const found = all.find((button) =>
    (button.getAttribute("aria-label") ?? button.textContent!.trim()).startsWith(text),
  );
  if (!found) throw new Error(`there is no button ${text}`);
  return found;
}

/** Presses a button below the stage, or above it. */
async function use(text: string): Promise<void> {
  tool(text).click();
  await page.app.updateComplete;
  await page.run.updateComplete;
}

const drawing = () => page.all("iop-stage", "svg")[0]!;
const scroller = () => page.run.shadowRoot!.querySelector(".centre")!;
const heads = () => page.shapes.filter((shape) => shape.classList.contains("look-box"));
const words = (shape: Element) => shape.querySelector("text")!.textContent;

async function serious(): Promise<string[]> {
  await new Promise((resolve) => requestAnimationFrame(resolve));
  const { violations } = await axe.run(page.app, { resultTypes: ["violations"] });
  return violations.filter(({ impact }) => impact === "serious" || impact === "critical").map(({ id }) => id);
}

describe("the ground of the stage", () => {
  const drag = (target: Element, by: { x: number; y: number }, pointerType = "mouse") => {
    const from = { clientX: 400, clientY: 300 };
    const options = { bubbles: true, composed: true, cancelable: true, button: 0, pointerId: 1, pointerType };
    target.dispatchEvent(new PointerEvent("pointerdown", { ...options, ...from }));
    drawing().dispatchEvent(
      new PointerEvent("pointermove", { ...options, clientX: from.clientX + by.x, clientY: from.clientY + by.y }),
    );
    drawing().dispatchEvent(new PointerEvent("pointerup", options));
  };

  test("is dragged by a pointer, what has a button is not", async () => {
    page = await Page.open("#/run/echo?tick=260");
    for (let i = 0; i < 4; i++) await use("Draw the stage larger");
    scroller().scrollTo(200, 150);
    // The browser knows no pointer that a test has made up: it would not capture it.
    drawing().setPointerCapture = () => undefined;
    drag(page.all("iop-stage", ".band rect")[0]!, { x: -60, y: 40 });
    expect([scroller().scrollLeft, scroller().scrollTop]).toEqual([260, 110]);
    drag(page.thing("eventpoll"), { x: -60, y: 40 });
    expect([scroller().scrollLeft, scroller().scrollTop]).toEqual([260, 110]);
    // A finger scrolls by itself.
    drag(page.all("iop-stage", ".band rect")[0]!, { x: -60, y: 40 }, "touch");
    expect([scroller().scrollLeft, scroller().scrollTop]).toEqual([260, 110]);
    expect(getComputedStyle(drawing()).touchAction).toBe("auto");
  });

  test("keeps what is below the pointer there when the wheel makes it larger or smaller", async () => {
    page = await Page.open("#/run/echo?tick=260");
    await use("Draw the stage larger");
    const target = page.thing("sock :8080");
    const { left, top } = target.getBoundingClientRect();
    const wheel = { clientX: left, clientY: top, ctrlKey: true, bubbles: true, cancelable: true };
    for (const deltaY of [-100, -100, -100, 100, 100]) {
      drawing().dispatchEvent(new WheelEvent("wheel", { ...wheel, deltaY }));
      await page.run.updateComplete;
      const now = target.getBoundingClientRect();
      expect(Math.abs(now.left - left)).toBeLessThan(2);
      expect(Math.abs(now.top - top)).toBeLessThan(2);
    }
  });
});

describe("boxes", () => {
  test("are folded and unfolded by the button in their heads, by pointer and keyboard", async () => {
    page = await Page.open("#/run/echo?tick=260");
    const { labels } = page;
    const button = page.thing("Fold eventpoll fd 4: 5 inside");
    expect(button.getAttribute("aria-expanded")).toBe("true");
    await userEvent.click(button);
    await page.run.updateComplete;
    expect(page.labels.some((label) => label.startsWith("epitem"))).toBe(false);
    const folded = page.thing("Unfold eventpoll fd 4: 5 inside");
    expect(folded.getAttribute("aria-expanded")).toBe("false");
    // It is the same button, and has kept the focus.
    expect(folded).toBe(button);
    folded.focus();
    await userEvent.keyboard("{Enter}");
    await page.run.updateComplete;
    expect(page.labels).toEqual(labels);
  });

  test("are all folded, and all unfolded, by a button each", async () => {
    page = await Page.open("#/run/echo?tick=260");
    const { labels } = page;
    expect(tool("Unfold all").disabled).toBe(true);
    await use("Fold all");
    expect(page.labels.filter((label) => label.startsWith("Fold "))).toEqual([]);
    expect(new Set(heads().map((head) => head.querySelector(".frame")!.getAttribute("height"))).size).toBe(1);
    expect(await serious()).toEqual([]);
    await use("Unfold all");
    expect(page.labels).toEqual(labels);
  });

  test("stay folded while the machine goes on, and show that something inside has changed", async () => {
    page = await Page.open("#/run/echo?tick=260");
    await use("Fold all");
    let lit = 0;
    for (let i = 0; i < 20; i++) {
      await page.press("ArrowRight");
      lit += heads().filter((head) => head.classList.contains("changed")).length;
    }
    expect(lit).toBeGreaterThan(5);
    expect(page.all("iop-stage", ".look-red, .look-black")).toEqual([]);
  });
});

describe("a stage narrowed to what is selected", () => {
  test("shows that and what it is linked to, says so, and Escape shows everything again", async () => {
    page = await Page.open("#/run/echo?tick=260");
    const all = page.labels;
    await page.choose("epitem of fd 3");
    await page.press("f");
    expect(heads().map(words).toSorted()).toEqual(["eventpoll", "sock"]);
    expect(page.run.shadowRoot!.querySelector(".narrowed")!.textContent).toContain("Only epitem fd 3");
    expect(await serious()).toEqual([]);
    const [explained] = page.all("iop-stage", "[aria-description*='rdllist: the ready list']");
    expect(explained!.parentElement!.querySelector("title")!.textContent).toContain("\nrdllist: the ready list");
    await use("One link further");
    expect(heads().map(words)).toContain("fd table");
    await page.press("Escape");
    await page.run.updateComplete;
    expect(page.labels).toEqual(all);
    expect(page.element("iop-inspector").inspected).not.toBe(null);
    await page.press("Escape");
    await page.run.updateComplete;
    expect(page.element("iop-inspector").inspected).toBe(null);
  });

  test("is asked for by a button, which needs something that is selected", async () => {
    page = await Page.open("#/run/echo?tick=260");
    expect(tool("Focus").disabled).toBe(true);
    await page.choose("task server");
    await use("Focus");
    expect(heads().map(words).toSorted()).toEqual(["eventpoll", "server"]);
    await use("Show everything");
    expect(heads().length).toBeGreaterThan(5);
  });
});
