import axe from "axe-core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { page as browser } from "vitest/browser";
import { IopApp } from "../../../web/app/iop-app.ts";
import type { IopGallery } from "../../../web/gallery/iop-gallery.ts";
import { SCENARIOS } from "../../../web/scenarios/all.ts";
import { until } from "./open.ts";

let app: IopApp;

/** What matches inside the gallery. */
function all(selector: string): HTMLElement[] {
  const gallery = app.shadowRoot!.querySelector<IopGallery>("iop-gallery");
  return [...(gallery?.shadowRoot?.querySelectorAll<HTMLElement>(selector) ?? [])];
}

async function open(): Promise<void> {
  history.replaceState(null, "", "#/");
  app = document.body.appendChild(new IopApp());
  await until("the gallery is there", () => all("li").length > 0);
}

async function type(text: string): Promise<string[]> {
  const [input] = all("input[type=search]") as HTMLInputElement[];
  input!.value = text;
  input!.dispatchEvent(new Event("input"));
  await app.updateComplete;
  await app.shadowRoot!.querySelector("iop-gallery")!.updateComplete;
  return all("li a").map((link) => link.getAttribute("href")!.replace("#/run/", ""));
}

afterEach(async () => {
  app.remove();
  localStorage.clear();
  delete document.documentElement.dataset["theme"];
  history.replaceState(null, "", "#");
  await browser.viewport(1280, 800);
});

describe("the gallery", () => {
  beforeEach(open);

  test("leads to everything there is", () => {
    const links = new Set(all("li a").map((link) => link.getAttribute("href")));
    expect(SCENARIOS.map(({ id }) => `#/run/${id}`).filter((link) => !links.has(link))).toEqual([]);
  });

  test.each([
    ["惊群", "thundering-herd"],
    ["EPOLLEXCLUSIVE", "one-worker-gets-all"],
    ["零拷贝 sendfile", "sendfile"],
    ["EMFILE", "accept-emfile"],
    ["就绪链表", "et-part-read"],
  ])("finds %s", async (text, id) => {
    expect(await type(text)).toContain(id);
  });

  test("says when nothing is found, and shows all again", async () => {
    expect(await type("<b>no such thing</b>")).toEqual([]);
    expect(all(".none")[0]!.textContent).toContain("<b>no such thing</b>");
    all(".none button")[0]!.click();
    await until("all is shown again", () => all("li").length > SCENARIOS.length);
  });

  test("a card leads to its page, and the way back leads here again", async () => {
    all('a[href="#/run/pipe"]')[0]!.click();
    await until("the run is shown", () => app.run?.shown);
    history.back();
    await until("the gallery is back", () => all("li").length > 0);
  });
});

test.each([
  { theme: "light", width: 1280, locale: "en" },
  { theme: "dark", width: 360, locale: "zh-CN" },
  { theme: "light", width: 360, locale: "en" },
  { theme: "dark", width: 1920, locale: "en" },
])("axe finds nothing on the gallery, and nothing sticks out: $theme, $width px", async ({ theme, width, locale }) => {
  await browser.viewport(width, 800);
  localStorage.setItem("iopath.theme", theme);
  localStorage.setItem("iopath.locale", locale);
  await open();
  expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(width);
  const { violations } = await axe.run(app, { resultTypes: ["violations"] });
  expect(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`),
  ).toEqual([]);
});
