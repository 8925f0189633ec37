import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SCENARIOS } from "../../../web/scenarios/all.ts";
import { Page, until } from "./open.ts";

let page: Page;

/** Runs of fewer ticks are gone through tick by tick. */
const SHORT = 300;
/** Number of system calls that are gone through of longer ones. */
const CALLS = 40;

afterEach(() => page.close());

describe("every scenario", () => {
  test.each(SCENARIOS.map(({ id }) => id))(
    "%s is stepped to its end and back, the same machine at every tick",
    async (id) => {
      page = await Page.open(`#/run/${id}`);
      await until(`${id} is on the stage`, () => page.element("iop-run-bar").current === id);
      expect(page.tick).toBe(0);
      expect(page.ticks).toBeGreaterThan(40);
      // Short runs tick by tick from end to end; of long ones the first system calls.
      const isShort = page.ticks < SHORT;
      await page.click("iop-transport", isShort ? "tick" : "system call");
      const { kernel } = session(page).run;
      const digests = new Map([[0, kernel.digest()]]);
      for (let i = 0; i < (isShort ? page.ticks : CALLS); i++) {
        await page.press("ArrowRight");
        kernel.seek(page.tick);
        digests.set(page.tick, kernel.digest());
      }
      if (isShort) expect(page.tick).toBe(page.ticks);
      while (page.tick > 0) {
        kernel.seek(page.tick);
        expect(kernel.digest(), `tick ${page.tick} on the way back`).toBe(digests.get(page.tick));
        await page.press("ArrowLeft");
      }
      await page.press("End");
      expect(page.tick).toBe(page.ticks);
      expect(page.element("iop-counters").violations).toEqual([]);
    },
  );
});

function session(of: Page) {
  return of.run.shown!;
}

describe("going through time", () => {
  beforeEach(async () => {
    page = await Page.open("#/run/echo");
  });

  test("a step by tick, by function and by system call goes as far as its name says", async () => {
    await page.click("iop-transport", "tick");
    await page.press("ArrowRight");
    expect(page.tick).toBe(1);
    await page.click("iop-transport", "kernel function");
    await page.press("ArrowRight");
    const { run } = session(page);
    expect(page.all("iop-stack", "li code")[0]!.textContent).toBe(run.eventAt(page.tick));
    await page.click("iop-transport", "system call");
    await page.press("ArrowRight");
    expect(run.eventAt(page.tick)).toBe("sys_exit");
  });

  test("the sentence changes with every step, and says what the trace says", async () => {
    await page.click("iop-transport", "tick");
    const said = new Set<string>();
    for (let i = 0; i < 12; i++) {
      await page.press("ArrowRight");
      said.add(page.sentence);
    }
    expect(said.size).toBeGreaterThan(8);
    expect(page.all("iop-transport", ".event")[0]!.textContent).toBe(session(page).run.eventAt(page.tick));
  });

  test("keys go to the ends, to system calls, and choose the grain", async () => {
    await page.press("End");
    expect(page.tick).toBe(page.ticks);
    await page.press("Home");
    expect(page.tick).toBe(0);
    await page.press("ArrowRight", { shiftKey: true });
    expect(session(page).run.eventAt(page.tick)).toBe("sys_exit");
    await page.press("ArrowLeft", { shiftKey: true });
    expect(page.tick).toBe(0);
    await page.press("3");
    await page.press("ArrowRight");
    expect(page.tick).toBe(1);
  });

  test("the space bar plays and pauses", async () => {
    await page.press(" ");
    expect(page.tick).toBeGreaterThan(0);
    await until("a second step is made", () => page.tick > session(page).run.next("function", 0));
    await page.press(" ");
    const stopped = page.tick;
    expect(page.element("iop-transport").playing).toBe(false);
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(page.tick).toBe(stopped);
  });

  test("a question mark lists all keys, and Escape closes the list", async () => {
    await page.press("?");
    const [dialog] = page.all("iop-help", "dialog") as HTMLDialogElement[];
    await until("the list is open", () => dialog!.open);
    expect(page.all("iop-help", "dt").length).toBeGreaterThan(8);
    expect(dialog!.scrollTop, "it begins at the first key").toBe(0);
    dialog!.close();
    await until("the page knows", () => !page.element("iop-help").open);
  });

  test("a system call in the list is a link to the tick of its return", async () => {
    const calls = session(page).run.calls;
    const at = calls.findIndex(({ text }) => text.startsWith("epoll_create1"));
    page.all("iop-calls", "button")[at]!.click();
    await page.app.updateComplete;
    expect(page.tick).toBe(calls[at]!.exit);
    await page.element("iop-calls").updateComplete;
    expect(page.all("iop-calls", ".current")[0]!.textContent).toContain("epoll_create1");
  });

  test("the list of system calls is at its top again at the beginning of a run, and of another one", async () => {
    const calls = page.element("iop-calls");
    const [list] = page.all("iop-calls", ".list");
    await page.press("End");
    await until("the last call is in sight", () => list!.scrollTop > 0);
    await page.press("Home");
    await calls.updateComplete;
    expect(list!.scrollTop).toBe(0);
    await page.press("End");
    await until("the last call is in sight again", () => list!.scrollTop > 0);
    await page.pick("herd");
    await calls.updateComplete;
    expect(list!.scrollTop).toBe(0);
  });

  test("the address holds scenario and tick, and a link reproduces the view", async () => {
    await page.seek(222);
    const seen = page.labels;
    await until("the address is written", () => location.hash === "#/run/echo?tick=222");
    page.close();
    page = await Page.open("#/run/echo?tick=222");
    expect(page.tick).toBe(222);
    expect(page.labels).toEqual(seen);
  });
});

describe("the stage", () => {
  test("an item is in the tree and on the ready list at once, as one thing, after ep_poll_callback", async () => {
    page = await Page.open("#/run/echo");
    const { run } = session(page);
    const ready = Array.from({ length: run.ticks }, (_, i) => i + 1).find((tick) => run.eventAt(tick) === "ep_ready")!;
    await page.click("iop-transport", "tick");
    await page.seek(ready - 1);
    const isReady = () => page.labels.filter((label) => /^epitem .* number 1 on rdllist$/.test(label));
    expect(isReady()).toEqual([]);
    await page.seek(ready);
    expect(isReady()).toHaveLength(1);
    const node = page.thing(isReady()[0]!).closest<HTMLElement>(".shape");
    expect(node!.classList.contains("changed")).toBe(true);
    const parts = page.shapes.filter((shape) => shape.dataset["address"] === node!.dataset["address"]);
    expect(parts.map((shape) => shape.dataset["key"]!.replace(/^.*:/, ""))).toContain("rdllink");
    expect(page.all("iop-stage", ".path-stem.linked")).toHaveLength(1);
    expect(page.all("iop-stage", ".path-ready")).toHaveLength(1);
  });

  test("is drawn larger and smaller, and scrolls then, by buttons and by the wheel with Ctrl", async () => {
    page = await Page.open("#/run/echo?tick=200");
    const drawing = page.element("iop-stage").shadowRoot!.querySelector("svg")!;
    const size = () => drawing.getBoundingClientRect().width / page.element("iop-stage").getBoundingClientRect().width;
    const press = async (label: string) => {
      page.run
        .shadowRoot!.querySelector<HTMLButtonElement>(`.zoom :is([aria-label="${label}"], [title="${label}"])`)!
        .click();
      await page.app.updateComplete;
    };
    const labels = page.labels;
    await press("Draw the stage larger");
    expect(size()).toBeCloseTo(1.25);
    drawing.dispatchEvent(new WheelEvent("wheel", { deltaY: -100, ctrlKey: true, bubbles: true, cancelable: true }));
    await page.app.updateComplete;
    expect(size()).toBeCloseTo(1.5);
    const { scrollWidth, clientWidth } = page.run.shadowRoot!.querySelector(".centre")!;
    expect(scrollWidth).toBeGreaterThan(clientWidth);
    expect(page.labels).toEqual(labels);
    await press("Fit the stage into the room");
    expect(size()).toBeCloseTo(1);
  });

  test("a thing keeps its DOM element while it is there", async () => {
    page = await Page.open("#/run/echo");
    await page.seek(200);
    const before = new Map(page.shapes.map((shape) => [shape.dataset["key"], shape]));
    await page.press("ArrowRight");
    await page.press("ArrowRight");
    const kept = page.shapes.filter((shape) => before.has(shape.dataset["key"]));
    expect(kept.length).toBeGreaterThan(10);
    expect(kept.every((shape) => before.get(shape.dataset["key"]) === shape)).toBe(true);
  });

  test("what is folded opens when it is chosen", async () => {
    page = await Page.open("#/run/recorded?tick=30000");
    await until("it is on the stage", () => page.labels.some((label) => label.endsWith("more")));
    const rows = () => page.labels.filter((label) => label.startsWith("fd ")).length;
    const folded = rows();
    await page.choose("+ ");
    expect(rows()).toBeGreaterThan(folded);
  });

  test("a sleeping task hangs on the wait queue that it sleeps on", async () => {
    page = await Page.open("#/run/et-hang");
    await page.press("End");
    expect(page.labels.some((label) => label.startsWith("task server, pid 1: ☾ asleep on eventpoll"))).toBe(true);
    expect(page.labels.some((label) => label.includes("ep_autoremove_wake_function"))).toBe(true);
    expect(page.labels.some((label) => label.includes("6 of 10 B left"))).toBe(true);
  });
});

describe("the inspector", () => {
  beforeEach(async () => {
    page = await Page.open("#/run/echo?tick=200");
  });

  test("shows the fields of what is clicked, from memory, and follows pointers and comes back", async () => {
    await page.choose("task server");
    const text = () => page.element("iop-inspector").shadowRoot!.textContent!.replace(/\s+/g, " ");
    expect(text()).toContain("task server (1)");
    expect(text()).toContain("Number of the task.");
    const files = page
      .all("iop-inspector", "button.pointer")
      .find((button) => button.ariaLabel?.startsWith("Follow files"))!;
    files.click();
    await page.app.updateComplete;
    await page.element("iop-inspector").updateComplete;
    expect(text()).toContain("struct FilesStruct");
    page.all("iop-inspector", "button.back")[0]!.click();
    await page.app.updateComplete;
    await page.element("iop-inspector").updateComplete;
    expect(text()).toContain("struct TaskStruct");
    page.all("iop-inspector", "button.raw")[0]!.click();
    await page.element("iop-inspector").updateComplete;
    const raw = page.all("iop-inspector", ".bytes").map(({ textContent }) => textContent);
    expect(raw).toContainEqual(expect.stringMatching(/\+\d+ u32 · 01 00 00 00/));
  });

  test("finds objects by struct, by descriptor and by address", async () => {
    const find = async (text: string) => {
      const [input] = page.all("iop-inspector", "input") as HTMLInputElement[];
      input!.value = text;
      input!.dispatchEvent(new Event("input"));
      await page.app.updateComplete;
      await page.element("iop-inspector").updateComplete;
      return page
        .all("iop-inspector", ".results button")
        .map((button) => button.textContent!.replace(/\s+/g, " ").trim());
    };
    expect((await find("eventpoll")).some((found) => found.includes("Eventpoll 0x"))).toBe(true);
    expect((await find("fd 0")).some((found) => found.includes("Sock 0x"))).toBe(true);
    const [epitem] = await find("epitem");
    const address = /0x[0-9a-f]+/.exec(epitem!)![0];
    expect(await find(address)).toEqual([epitem]);
    expect(await find("no such thing")).toEqual([]);
  });

  test("Enter chooses the first match of a search, and nothing stands below a search that finds nothing", async () => {
    const [input] = page.all("iop-inspector", "input") as HTMLInputElement[];
    const find = async (text: string) => {
      input!.value = text;
      input!.dispatchEvent(new Event("input"));
      await page.app.updateComplete;
      // Once more: what is chosen stays chosen.
      for (let i = 0; i < 2; i++) {
        input!.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
        await page.app.updateComplete;
        await page.element("iop-inspector").updateComplete;
      }
      return page.all("iop-inspector", "h3.title").map((title) => title.textContent);
    };
    expect(await find("task server")).toEqual(["task server (1)"]);
    expect(await find("no such thing")).toEqual([]);
    expect(await find("")).toEqual(["task server (1)"]);
  });
});

describe("recordings", () => {
  const LINES = [
    "1 1700000000.000000 epoll_create1(EPOLL_CLOEXEC) = 3<anon_inode:[eventpoll]>",
    "1 1700000000.000100 eventfd2(0, EFD_NONBLOCK) = 4<anon_inode:[eventfd]>",
    "1 1700000000.000200 close(4<anon_inode:[eventfd]>) = 0",
    "",
  ];

  beforeEach(async () => {
    page = await Page.open("#/run/oneshot?tick=40");
  });

  test("one that is dropped is replayed", async () => {
    await page.drop("own.strace", LINES.join("\n"));
    await until("it is on the stage", () => page.element("iop-run-bar").recording === "own.strace");
    expect(page.notice).toMatch(/^3 of 3 I\/O calls answered as in the recording/);
    expect(session(page).run.calls.map(({ text, result }) => `${text} = ${result}`)).toEqual([
      "epoll_create1(EPOLL_CLOEXEC) = 3",
      "eventfd2(0, EFD_NONBLOCK) = 4",
      "close(4) = 0",
    ]);
    await page.press("1");
    for (const { exit } of session(page).run.calls) {
      await page.press("ArrowRight");
      expect(page.tick).toBe(exit);
    }
    await page.press("End");
    expect(page.labels.some((label) => label.startsWith("eventpoll"))).toBe(true);
  });

  test("one that is dropped leaves no link to another scenario in the address", async () => {
    await until("the address is written", () => location.hash === "#/run/oneshot?tick=40");
    await page.drop("own.strace", LINES.join("\n"));
    await until("the address has no scenario", () => location.hash === "#/");
    await page.seek(session(page).run.calls[1]!.exit!);
    expect(page.labels.some((label) => label.includes("outside, in its own program"))).toBe(true);
  });

  test("a broken one is refused with line, column and what was expected, and the machine stays", async () => {
    const labels = page.labels;
    await page.drop("broken.strace", `${LINES[0]}\n1 1700000000.000100 eventfd2(0, EFD_NONBLOCK\n${LINES[2]}\n`);
    await until("it is refused", () => page.notice !== "");
    expect(page.notice).toMatch(/broken\.strace, line 2, column \d+: expected /);
    expect(page.notice).toContain("the machine on the stage is unchanged");
    expect(page.tick).toBe(40);
    expect(page.labels).toEqual(labels);
    await page.press("ArrowRight");
    expect(page.tick).toBeGreaterThan(40);
  });
});

describe("a question", () => {
  const verdict = () => page.all("iop-question", "details")[0] as HTMLDetailsElement;
  const guesses = () => page.all("iop-question", "button.guess");
  const updated = async () => {
    await page.app.updateComplete;
    await page.element("iop-question").updateComplete;
  };

  test("is guessed at first, and shows what is true once the program has its answer", async () => {
    page = await Page.open("#/run/et-part-read?tick=5");
    expect(page.all("iop-question", "h3").map((title) => title.textContent)).toEqual([
      "My edge-triggered handler reads a part and then hangs. Why?",
    ]);
    expect(verdict().open).toBe(false);
    guesses()[0]!.click();
    await updated();
    expect(guesses().map((button) => button.getAttribute("aria-pressed"))).toEqual(["true", "false", "false"]);
    await page.click("iop-question", "Go to the answer");
    await updated();
    expect(verdict().open).toBe(true);
    expect(page.all("iop-question", ".said")[0]!.textContent).toBe("Your guess was wrong.");
    expect(page.all("iop-question", ".myth")).toHaveLength(1);
    const figures = page.all("iop-question", "td, th").map((figure) => figure.textContent!.trim());
    expect(figures.slice(0, 4)).toEqual(["told", "1", "afterFour", "0"]);
    await page.press("Home");
    await updated();
    expect(verdict().open).toBe(false);
  });

  test("that nobody has guessed says at its end what happened, and leads back from the empty stage", async () => {
    page = await Page.open("#/run/et-part-read");
    const hint = () => page.all("iop-question", ".hint")[0]!.textContent;
    expect(hint()).toBe("Make up your mind first.");
    await page.press("End");
    await updated();
    expect(hint()).toBe("This is what happened.");
    const note = page.run.shadowRoot!.querySelector(".upcoming")!;
    expect(note.textContent).toContain("All tasks have ended");
    note.querySelector("button")!.click();
    await updated();
    expect(page.run.shadowRoot!.querySelector(".upcoming")).toBeNull();
    expect(page.labels.some((label) => label.startsWith("eventpoll"))).toBe(true);
    expect(hint()).toBe("This is what happened.");
  });

  test("remembers the guess", async () => {
    page = await Page.open("#/run/closed-fd");
    guesses()[2]!.click();
    await updated();
    page.app.remove();
    page = await Page.open("#/run/closed-fd");
    expect(guesses()[2]!.getAttribute("aria-pressed")).toBe("true");
  });

  test("is in the list under its own words, and leaves with the next scenario", async () => {
    page = await Page.open("#/run/echo");
    const group = page.all("iop-run-bar", "optgroup")[0]!;
    expect(group.getAttribute("label")).toBe("Questions");
    expect(group.querySelectorAll("option")).toHaveLength(SCENARIOS.filter(({ question }) => question).length);
    await page.pick("closed-fd");
    await updated();
    expect(verdict()).toBeDefined();
    await page.pick("pipe");
    await updated();
    expect(verdict()).toBeUndefined();
  });
});

describe("the two phases of an input", () => {
  const marks = () => page.all("iop-transport", ".phase").map((mark) => mark.textContent!.trim());

  test("are named at the steps that end them, however long a step is", async () => {
    page = await Page.open("#/run/phases");
    await page.press("2");
    const seen: string[] = [];
    while (page.tick < page.ticks) {
      await page.press("ArrowRight");
      seen.push(...marks());
    }
    expect(seen).toEqual(Array.from({ length: 3 }, () => ["1data ready", "2data copied"]).flat());
  });
});

describe("language", () => {
  test("is the browser's at first, is switched, and is remembered", async () => {
    page = await Page.open("#/run/pipe?tick=20");
    expect(document.documentElement.lang).toBe("en");
    const english = page.sentence;
    await page.click("iop-header", "页面改用中文");
    expect(document.documentElement.lang).toBe("zh-CN");
    expect(page.sentence).not.toBe(english);
    expect(page.sentence).toMatch(/[\u4e00-\u9fff]/);
    page.app.remove();
    page = await Page.open("#/run/pipe?tick=20");
    expect(document.documentElement.lang).toBe("zh-CN");
  });

  test("every text of the page is Chinese then, but for names", async () => {
    page = await Page.open("#/run/echo?tick=300");
    await page.click("iop-header", "页面改用中文");
    const english = ["Step", "Play", "Inspector", "Counters", "wait queue", "asleep", "mode switches"];
    const texts = (root: ShadowRoot): string =>
      [...root.children]
        .map(
          (child) =>
            `${child.localName === "style" ? "" : child.textContent} ${[child, ...child.querySelectorAll("*")]
              .map((one) => `${one.ariaLabel ?? ""} ${one.shadowRoot ? texts(one.shadowRoot) : ""}`)
              .join(" ")}`,
        )
        .join(" ");
    const all = texts(page.app.shadowRoot!).replace(/Show the page in English/, "");
    expect(english.filter((word) => all.includes(word))).toEqual([]);
  });
});

test("an address that names no scenario says so, and shows the first one", async () => {
  page = await Page.open("#/run/nonsense?tick=7");
  expect(page.notice).toContain("nonsense");
  expect(page.element("iop-run-bar").current).toBe(SCENARIOS[0]!.id);
  location.hash = `#/run/${SCENARIOS[0]!.id}?tick=5`;
  await until("a good link is followed", () => page.tick === 5);
  expect(page.notice).toBe("");
});
