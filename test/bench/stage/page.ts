import "../../../web/tokens.css";
import { EPOLLIN, EPOLL_CTL_ADD, Kernel, RLIMIT_NOFILE } from "../../../lib/index.ts";
import { IopRun } from "../../../web/run/iop-run.ts";
import { SCENARIOS } from "../../../web/scenarios/all.ts";
import type { Scenario } from "../../../web/scenarios/scenario.ts";

/** What a measurement is told. */
export interface Asked {
  /** How many eventfds one epoll instance watches. */
  readonly files: number;
  /** Keys of groups of which more is to be shown. */
  readonly expanded: readonly string[];
  /** How many steps are measured. */
  readonly steps: number;
}

/** What it has found out. */
export interface Measured {
  /** From the key to a page that is laid out, for each step. Unit: ms. */
  readonly times: readonly number[];
  /** The part of it in which the browser finds out styles and places. Unit: ms. */
  readonly layouts: readonly number[];
  /** From one frame of the browser to the next, while every one is a step. Unit: ms. */
  readonly intervals: readonly number[];
  /** Number of things on the stage. */
  readonly shapes: number;
}

const WRITES = 60;

/** A machine in which many eventfds become ready, one after the other, and are waited for. */
async function crowded(files: number): Promise<Kernel> {
  const kernel = await Kernel.boot({ seed: 1 });
  kernel.spawn("server", function* (sys) {
    yield* sys.setrlimit(RLIMIT_NOFILE, { rlim_cur: 65_536, rlim_max: 65_536 });
    const epfd = yield* sys.epoll_create1(0);
    const one = Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0);
    for (let i = 0; i < files; i++) {
      const fd = yield* sys.eventfd(0, 0);
      yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, fd, { events: EPOLLIN, data: { fd } });
    }
    const events = sys.epoll_events(16);
    const counter = sys.buffer(8);
    for (let i = 0; i < WRITES; i++) {
      const fd = epfd + 1 + ((i * 37) % files);
      yield* sys.write(fd, one);
      yield* sys.epoll_wait(epfd, events, 16, -1);
      yield* sys.read(fd, counter);
    }
    yield* sys.epoll_wait(yield* sys.epoll_create1(0), events, 1, -1);
  });
  kernel.run({ maxInputs: Infinity });
  return kernel;
}

function scenarioOf(kernel: Kernel): Scenario {
  const title = { en: "Many eventfds", "zh-CN": "许多 eventfd" };
  const nothing = { source: "", cut: false, calls: null, report: null, lines: null, facts: null, choices: [] };
  const start = () => Promise.resolve({ kernel, ...nothing });
  return { id: "bench", title, summary: title, subject: "epoll", question: null, recorded: false, start };
}

const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));

/** Steps through such a machine on the page of a run. */
async function measure({ files, expanded, steps }: Asked): Promise<Measured> {
  const kernel = await crowded(files);
  (SCENARIOS as Scenario[]).push(scenarioOf(kernel));
  const run = document.body.appendChild(new IopRun());
  run.route = { page: "run", scenario: "bench", tick: kernel.ticks - 2_000, grain: "function" };
  const drawing = () => run.shadowRoot?.querySelector("iop-stage")?.shadowRoot?.querySelector("svg");
  while (!drawing()) await frame();
  for (const key of expanded) {
    run.dispatchEvent(new CustomEvent("iop-expand", { detail: { key } }));
    await run.updateComplete;
  }
  const step = async () => {
    run.dispatchEvent(new CustomEvent("iop-command", { detail: { command: "step" } }));
    await run.updateComplete;
    const drawn = performance.now();
    drawing()!.getBoundingClientRect();
    return performance.now() - drawn;
  };
  for (let i = 0; i < 20; i++) {
    await frame();
    await step();
  }
  const times: number[] = [];
  const layouts: number[] = [];
  const intervals: number[] = [];
  let last = await frame();
  for (let i = 0; i < steps; i++) {
    const began = performance.now();
    layouts.push(await step());
    times.push(performance.now() - began);
    const now = await frame();
    intervals.push(now - last);
    last = now;
  }
  const shapes = drawing()!.querySelectorAll("g.shape").length;
  run.remove();
  (SCENARIOS as Scenario[]).pop();
  return { times, layouts, intervals, shapes };
}

Object.assign(window, { measure });
