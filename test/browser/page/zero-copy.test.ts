import axe from "axe-core";
import { afterEach, describe, expect, test, vi } from "vitest";
import { commands, page as browser, userEvent } from "vitest/browser";
import "../../../web/tokens.css";
import { ROADS } from "../../../lib/roads/all.ts";
import type { IopApp } from "../../../web/app/iop-app.ts";
import { work } from "../../../web/labs/work.ts";
import type { WalkedRoad } from "../../../web/labs/zero-copy/jobs.ts";
import { bootOf, pieceOf } from "../../../web/labs/zero-copy/settings.ts";
import { readLink } from "../../../web/share/link.ts";
import { LAB_PATIENCE as PATIENCE, closeLab, openLab, until } from "./open.ts";

vi.setConfig({ testTimeout: PATIENCE });

let app: IopApp | null = null;

afterEach(() => closeLab(app));

/** The lab, opened at an address. */
async function open(query: string): Promise<ShadowRoot> {
  const opened = await openLab(`#/labs/zero-copy${query}`, "iop-zero-copy-lab");
  app = opened.app;
  await opened.lab.updateComplete;
  return opened.lab.shadowRoot!;
}

/** A part of the lab: its shadow tree. */
function part(lab: ShadowRoot, name: string): ShadowRoot {
  return lab.querySelector(`iop-road-${name}`)!.shadowRoot!;
}

/** Something within a part of a part. */
function inside(root: ShadowRoot, name: string, selector: string): HTMLElement[] {
  return [...(root.querySelector(name)?.shadowRoot?.querySelectorAll<HTMLElement>(selector) ?? [])];
}

const text = (element: Element) => element.textContent!.replace(/\s+/g, " ").trim();

const looks = [
  { theme: "light", locale: "en", width: 360 },
  { theme: "dark", locale: "zh-CN", width: 1280 },
  { theme: "dark", locale: "en", width: 1280 },
  { theme: "light", locale: "zh-CN", width: 360 },
] as const;

/** What says that a part has something to show. */
const READY: Readonly<Record<string, (lab: ShadowRoot) => unknown>> = {
  watch: (lab) => inside(part(lab, "watch"), "iop-moments", "li").length > 0,
  sizes: (lab) => part(lab, "sizes").querySelectorAll("tbody tr").length > 17,
  race: (lab) => part(lab, "race").querySelectorAll("tbody tr").length === 8,
  change: (lab) => part(lab, "change").querySelectorAll("td button").length === 14,
};

describe.each(Object.keys(READY))("%s", (view) => {
  test.each(looks)("is shown without a flaw: $theme, $locale, $width px", async ({ theme, locale, width }) => {
    await browser.viewport(width, 800);
    localStorage.setItem("iopath.theme", theme);
    localStorage.setItem("iopath.locale", locale);
    const lab = await open(`?view=${view}`);
    await until(`${view} has something to show`, () => READY[view]!(lab), PATIENCE);
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(width);
    expect(lab.host.scrollWidth).toBeLessThanOrEqual(width);
    const { violations } = await axe.run(app!, { resultTypes: ["violations"] });
    expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
    if (locale === "zh-CN") expect(text(lab.querySelector("h1")!)).toBe("零拷贝");
  });
});

test("the numbers of the books stand beside the roads that give them", async () => {
  const lab = await open("");
  const rows = await until("all roads are counted", () => {
    const found = inside(part(lab, "watch"), "iop-road-list", "tbody tr");
    return found.length === 9 && found.every((row) => row.querySelector(".short")) ? found : null;
  });
  const classic = rows.filter((row) => row.classList.contains("classic")).map((row) => text(row));
  expect(classic).toEqual([
    "read + write 4 2 2 4/4",
    "mmap + write 4 1 2 4/3",
    "sendfile 2 1 2 2/3",
    "sendfile + SG 2 0 2 2/2",
  ]);
});

test("a moment that was counted leads to its tick, by keyboard too, and the address says where", async () => {
  const lab = await open("?road=sendfile-sg");
  const watch = part(lab, "watch");
  const moments = () => inside(watch, "iop-moments", "li button");
  await until("the moments are there", () => moments().length > 0);
  const [first, , disk] = moments();
  expect(text(first!)).toMatch(/sendfile\(\) goes into the kernel/);
  disk!.focus();
  await userEvent.keyboard("{Enter}");
  await until("the run stands there", () => moments()[2]!.getAttribute("aria-current") === "step");
  const tick = Number(/tick (\d+)/.exec(text(disk!))![1]);
  await until("the address says where", () => location.hash.includes(`tick=${tick}`));
  const stage = watch.querySelector("iop-watch")!;
  expect(stage.tick).toBe(tick);
  const link = await until("the link is there", () =>
    stage.href === "" ? null : stage.shadowRoot!.querySelector<HTMLAnchorElement>(".open a"),
  );
  const share = await readLink(link.hash, new Set());
  expect(share).toMatchObject({ tick, run: { program: expect.stringContaining("sys.sendfile(socket") as string } });
});

test("one goes from count to count, and is told how many there were so far", async () => {
  const lab = await open("");
  const watch = part(lab, "watch");
  const [previous, next] = await until("the moments are there", () => {
    const found = inside(watch, "iop-moments", "button.step");
    return found.length === 2 ? (found as HTMLButtonElement[]) : null;
  });
  const current = () => inside(watch, "iop-moments", "[aria-current]").map((one) => text(one));
  const past = () => inside(watch, "iop-moments", "li.past").length;
  await until("the first is where it begins", () => current()[0]?.includes("read() goes into the kernel"));
  expect(past()).toBe(1);
  expect(previous!.disabled).toBe(true);
  const all = inside(watch, "iop-moments", "li").length;
  for (let n = 2; n <= all; n++) {
    next!.click();
    await until(`${n} were counted`, () => past() === n);
  }
  expect(next!.disabled).toBe(true);
  previous!.click();
  await until("one less was counted", () => past() === all - 1);
});

test("another road is chosen by keyboard, and its figures are another road's", async () => {
  const lab = await open("");
  const watch = part(lab, "watch");
  await until("the list is there", () => inside(watch, "iop-road-list", "input").length === 9);
  inside(watch, "iop-road-list", "input")[1]!.focus();
  await userEvent.keyboard("{ArrowDown}");
  await until("mmap + write is watched", () => text(watch.querySelector("h2")!) === "mmap + write");
  await until("the address says which", () => location.hash.includes("road=mmap-write"));
  await until("its figures are there", () =>
    inside(watch, "iop-moments", "h2").some((head) => text(head) === "Where 4/3 comes from"),
  );
});

test("what is computed in the page is what Node computes", async () => {
  const boot = bootOf({ cache: "cold", disk: "rotating", card: 1 });
  const size = 300_000;
  const walks = ROADS.map((road) => ({
    road: road.name,
    size,
    cache: "cold" as const,
    chunk: pieceOf(road, size),
    boot,
  }));
  const pieces: WalkedRoad[] = [];
  await work("roads", walks, { signal: new AbortController().signal, take: (piece) => pieces.push(piece) });
  for (const [i, { road, ...walk }] of walks.entries()) {
    expect(pieces[i], road).toEqual(await commands.walkedInNode(road, walk));
  }
});

test("the table can be cancelled; what was computed stays, and goes on from there", async () => {
  const lab = await open("?view=sizes&card=1");
  const sizes = part(lab, "sizes");
  const rows = () => sizes.querySelectorAll("tbody tr").length;
  const button = (label: RegExp) => [...sizes.querySelectorAll("button")].find((one) => label.test(text(one)));
  await until("the first rows are there", () => rows() > 2);
  (await until("it can be cancelled", () => button(/^Cancel$/))).click();
  const go = await until("it can go on", () => button(/^Compute up to/));
  const kept = rows();
  expect(kept).toBeLessThan(63);
  expect(text(sizes.querySelector("[role=status]")!)).toMatch(/^Cancelled/);
  go.click();
  await until("all rows are there", () => rows() === 63, PATIENCE);
  expect(text(sizes.querySelectorAll("tbody tr")[kept]!)).not.toBe(text(sizes.querySelectorAll("tbody tr")[0]!));
});

test("the race stands still where it is told to, and shows what had arrived then", async () => {
  const lab = await open("?view=race&length=1048576&roads=read-write.sendfile-sg");
  const race = part(lab, "race");
  await until("both are there", () => race.querySelectorAll("tbody tr").length === 2);
  const clock = race.querySelector<HTMLInputElement>("input[type=range]")!;
  clock.focus();
  await userEvent.keyboard("{Home}");
  const said = () => [...race.querySelectorAll(".said")].map((one) => text(one));
  await until("nothing has arrived", () => said().every((one) => one === "0 %"));
  await userEvent.keyboard("{End}");
  await until("all has arrived", () => said().every((one) => /^\d .* of CPU$/.test(one)));
  expect(said().some((one) => one.startsWith("1 "))).toBe(true);
});

test("an address that says nothing that can be shows the lab as it is at first", async () => {
  const hostile = "?view=<script>&road=..%2F..&size=1e99&cache=__proto__&tick=-1&roads=constructor&card=NaN&x=%00";
  const lab = await open(hostile);
  await until("the moments are there", () => inside(part(lab, "watch"), "iop-moments", "button").length > 0);
  expect(text(part(lab, "watch").querySelector("h2")!)).toBe("read + write");
  expect(text(lab.querySelector("nav a[aria-current]")!)).toBe("One road, step by step");
});

test("a tick beyond the end is the end", async () => {
  const lab = await open("?tick=999999999");
  const watch = part(lab, "watch").querySelector("iop-watch")!;
  await until("the run is there", () => watch.session);
  await watch.updateComplete;
  const transport = watch.shadowRoot!.querySelector("iop-transport")!;
  await until("it stands at its end", () => transport.ticks > 0 && transport.tick === transport.ticks);
});
