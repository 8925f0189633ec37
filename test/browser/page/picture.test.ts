import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { pngOf, standaloneSvg } from "../../../web/share/picture.ts";
import { Page } from "./open.ts";

let page!: Page;

beforeEach(async () => {
  page = await Page.open("#/run/echo?tick=200");
});
afterEach(() => page.close());

const drawing = () => page.element("iop-stage").shadowRoot!.querySelector("svg")!;
const svg = (paper = "rgb(251, 250, 246)") =>
  standaloneSvg(drawing(), { title: "echo <&> tick 200", description: "What happens", paper });

function parsed(text: string): Document {
  const document = new DOMParser().parseFromString(text, "image/svg+xml");
  expect(document.querySelector("parsererror")).toBeNull();
  return document;
}

describe("the stage as SVG", () => {
  test("is well-formed, with title and description, of the size of the drawing", () => {
    const { documentElement: root } = parsed(svg());
    expect(root.localName).toBe("svg");
    expect(root.querySelector("title")!.textContent).toBe("echo <&> tick 200");
    expect(root.querySelector("desc")!.textContent).toBe("What happens");
    const { width, height } = drawing().viewBox.baseVal;
    expect([root.getAttribute("width"), root.getAttribute("height")]).toEqual([String(width), String(height)]);
  });

  test("refers to nothing outside of itself, and has no custom properties, scripts or buttons", () => {
    const text = svg();
    for (const [, target] of text.matchAll(/url\(([^)]*)\)/g)) expect(target).toMatch(/^["']?#arrow-/);
    const addresses = [...text.matchAll(/https?:[^\s"'<)]*/g)].map(([address]) => address);
    expect(new Set(addresses)).toEqual(new Set(["http://www.w3.org/2000/svg"]));
    expect(text).not.toMatch(/var\(|light-dark|<script|href=|@import|@font-face|role=|tabindex|onclick|<foreignObject/);
    const ids = new Set([...parsed(text).querySelectorAll("[id]")].map(({ id }) => id));
    for (const [, target] of text.matchAll(/url\(["']?#([\w-]+)/g)) expect(ids).toContain(target);
  });

  test("has the words and the places of the stage", () => {
    const texts = (root: ParentNode) => [...root.querySelectorAll("text")].map(({ textContent }) => textContent.trim());
    expect(texts(parsed(svg()))).toEqual(texts(drawing()));
    const moved = parsed(svg()).querySelectorAll("[transform^=translate]");
    expect(moved.length).toBe(drawing().querySelectorAll("g.shape").length);
  });

  test("has the colours of the theme", async () => {
    const light = svg();
    await page.click(
      "iop-header",
      page.element("iop-header").theme === "dark" ? "Switch to the light theme" : "Switch to the dark theme",
    );
    const dark = svg("rgb(17, 21, 28)");
    const fills = (text: string) => new Set([...text.matchAll(/fill:([^;}]*)/g)].map(([, fill]) => fill));
    expect(fills(light)).not.toEqual(fills(dark));
  });
});

test("the stage as PNG has twice as many dots as the drawing has px, and is not blank", async () => {
  const blob = await pngOf(svg());
  expect(blob.type).toBe("image/png");
  const bitmap = await createImageBitmap(blob);
  const { width, height } = drawing().viewBox.baseVal;
  expect(Math.abs(bitmap.width - 2 * width)).toBeLessThanOrEqual(2);
  expect(Math.abs(bitmap.height - 2 * height)).toBeLessThanOrEqual(2);
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext("2d")!;
  context.drawImage(bitmap, 0, 0);
  const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
  const colours = new Map<number, number>();
  const dots = new Uint32Array(data.buffer);
  for (const dot of dots) colours.set(dot, (colours.get(dot) ?? 0) + 1);
  expect(colours.size).toBeGreaterThan(50);
  expect(Math.max(...colours.values()) / dots.length).toBeLessThan(0.9);
});
