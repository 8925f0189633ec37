import { page as browser } from "vitest/browser";
import "../../../web/tokens.css";
import { objects, rules, sentences } from "../../../web/later/parts.ts";
import { IopApp } from "../../../web/app/iop-app.ts";
import type { IopCalls } from "../../../web/panels/iop-calls.ts";
import type { IopCounters } from "../../../web/panels/iop-counters.ts";
import type { IopHeader } from "../../../web/app/iop-header.ts";
import type { IopHelp } from "../../../web/app/iop-help.ts";
import type { IopInspector } from "../../../web/panels/iop-inspector.ts";
import type { IopMemory } from "../../../web/panels/iop-memory.ts";
import type { IopNotice } from "../../../web/app/iop-notice.ts";
import type { IopProgram } from "../../../web/panels/iop-program.ts";
import type { IopRun } from "../../../web/run/iop-run.ts";
import type { IopQuestion } from "../../../web/panels/iop-question.ts";
import type { IopRunBar } from "../../../web/run/iop-run-bar.ts";
import type { IopStack } from "../../../web/panels/iop-stack.ts";
import type { IopTimelinePanel } from "../../../web/run/iop-timeline-panel.ts";
import type { IopStage } from "../../../web/stage/iop-stage.ts";
import type { IopTransport } from "../../../web/run/iop-transport.ts";

interface Elements {
  "iop-calls": IopCalls;
  "iop-counters": IopCounters;
  "iop-header": IopHeader;
  "iop-help": IopHelp;
  "iop-inspector": IopInspector;
  "iop-memory": IopMemory;
  "iop-notice": IopNotice;
  "iop-program": IopProgram;
  "iop-question": IopQuestion;
  "iop-run-bar": IopRunBar;
  "iop-stack": IopStack;
  "iop-stage": IopStage;
  "iop-timeline-panel": IopTimelinePanel;
  "iop-transport": IopTransport;
}

/** Longest time that a test waits for something to come true. Unit: ms. */
const PATIENCE = 10_000;
/** Longest time that a lab may take to load on a busy machine, and its machines to run. Unit: ms. */
export const LAB_PATIENCE = 60_000;

/** Waits until something is so. @param patience  how long. Unit: ms. @throws Error that says what did not come. */
export async function until<T>(
  what: string,
  probe: () => T | null | undefined | false,
  patience = PATIENCE,
): Promise<T> {
  const end = performance.now() + patience;
  for (;;) {
    const found = probe();
    if (found !== null && found !== undefined && found !== false) return found;
    if (performance.now() > end) throw new Error(`it did not come about that ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** What the page loads once it has drawn: with that at hand, all that a test does is done at once. */
export async function loadParts(): Promise<void> {
  await Promise.all([rules.load(), objects.load(), ...Object.values(sentences).map((one) => one.load())]);
}

/** The page of a lab, opened at an address; closeLab() must follow. */
export async function openLab<N extends keyof HTMLElementTagNameMap>(
  hash: string,
  name: N,
): Promise<{ readonly app: IopApp; readonly lab: HTMLElementTagNameMap[N] }> {
  history.replaceState(null, "", hash);
  document.documentElement.style.height = "100%";
  const app = document.body.appendChild(new IopApp());
  const lab = await until("the lab is there", () => app.shadowRoot?.querySelector(name), LAB_PATIENCE);
  return { app, lab };
}

/** Takes the page away, and what it has left behind. */
export async function closeLab(app: IopApp | null): Promise<void> {
  app?.remove();
  localStorage.clear();
  history.replaceState(null, "", "#");
  await browser.viewport(1280, 800);
}

/** The page, as a person at its keyboard and mouse sees it. */
export class Page {
  readonly app: IopApp;

  private constructor(app: IopApp) {
    this.app = app;
  }

  /** Opens the page at an address, such as `#/run/echo?tick=120`, and waits until a machine stands on its stage. */
  static async open(hash: string): Promise<Page> {
    history.replaceState(null, "", hash);
    document.documentElement.style.height = "100%";
    const page = new Page(document.body.appendChild(new IopApp()));
    await until("a machine stands on the stage", () => page.shapes.length > 0);
    await loadParts();
    await page.app.updateComplete;
    return page;
  }

  /** Takes the page away. */
  close(): void {
    this.app.remove();
    localStorage.clear();
    history.replaceState(null, "", "#");
  }

  /** The page of the run. */
  get run(): IopRun {
    const { run } = this.app;
    if (!run) throw new Error("no run is shown");
    return run;
  }

  /** One of the page's elements. */
  element<N extends keyof Elements>(name: N): Elements[N] {
    const found = this.app.shadowRoot!.querySelector(name) ?? this.run.shadowRoot!.querySelector(name);
    if (!found) throw new Error(`the page has no ${name}`);
    return found as unknown as Elements[N];
  }

  /** What matches inside one of the page's elements. */
  all(name: keyof Elements, selector: string): HTMLElement[] {
    return [...this.element(name).shadowRoot!.querySelectorAll<HTMLElement>(selector)];
  }

  /** The things on the stage. */
  get shapes(): HTMLElement[] {
    return this.app.run?.shadowRoot?.querySelector("iop-stage") ? this.all("iop-stage", "g.shape") : [];
  }

  /** The buttons on the stage, by their labels. */
  get labels(): string[] {
    return this.all("iop-stage", ".hit").map((button) => button.getAttribute("aria-label")!);
  }

  /** A thing on the stage whose label begins with a text. */
  thing(label: string): HTMLElement {
    const found = this.all("iop-stage", ".hit").find((button) => button.getAttribute("aria-label")!.startsWith(label));
    if (!found) throw new Error(`there is no ${label} on the stage`);
    return found;
  }

  /** Clicks on a thing on the stage. */
  async choose(label: string): Promise<void> {
    this.thing(label).dispatchEvent(new MouseEvent("click", { bubbles: true }));
    await this.app.updateComplete;
    await this.element("iop-inspector").updateComplete;
  }

  /** What is said to happen. */
  get sentence(): string {
    return this.all("iop-transport", ".sentence")[0]!.textContent!.trim();
  }

  get tick(): number {
    return this.run.position;
  }

  get ticks(): number {
    return this.element("iop-transport").ticks;
  }

  /** Chooses a scenario in the list. */
  async pick(id: string): Promise<void> {
    const [select] = this.all("iop-run-bar", "select") as HTMLSelectElement[];
    select!.value = id;
    select!.dispatchEvent(new Event("change"));
    await until(`${id} is on the stage`, () => this.element("iop-run-bar").current === id && this.ticks > 0);
    await this.app.updateComplete;
  }

  /** Presses a key, as if the focus were on the page itself. */
  async press(key: string, options: KeyboardEventInit = {}): Promise<void> {
    this.app.dispatchEvent(
      new KeyboardEvent("keydown", { key, bubbles: true, composed: true, cancelable: true, ...options }),
    );
    await this.app.updateComplete;
  }

  /** Presses a button by its label. */
  async click(name: keyof Elements, label: string): Promise<void> {
    const found = this.all(name, "button").find(
      (button) => (button.getAttribute("aria-label") ?? button.textContent!.trim()) === label,
    );
    if (!found) throw new Error(`${name} has no button ${label}`);
    found.click();
    await this.app.updateComplete;
  }

  /** Goes to a tick. */
  async seek(tick: number): Promise<void> {
    const [range] = this.all("iop-transport", "input[type=range]") as HTMLInputElement[];
    range!.value = String(tick);
    range!.dispatchEvent(new Event("input"));
    await this.app.updateComplete;
  }

  /** Drops a file on the page. */
  async drop(name: string, text: string): Promise<void> {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([text], name, { type: "text/plain" }));
    this.app.dispatchEvent(
      new DragEvent("dragover", { bubbles: true, composed: true, cancelable: true, dataTransfer }),
    );
    this.app.dispatchEvent(new DragEvent("drop", { bubbles: true, composed: true, cancelable: true, dataTransfer }));
    await this.app.updateComplete;
  }

  /** What the notice says; empty: there is none. */
  get notice(): string {
    return this.all("iop-notice", "p")
      .map((text) => text.textContent!.replace(/\s+/g, " ").trim())
      .join("");
  }
}
