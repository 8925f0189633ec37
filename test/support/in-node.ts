import { join } from "node:path";
import { runnerImport } from "vite";
import type { BrowserCommand } from "vitest/node";
import type { Figures } from "../../web/labs/ownership/figures.ts";
import type { Choice, ProgramId } from "../../web/labs/ownership/programs.ts";
import type { RoadFigures, WaitingFigures, WaitingLoad, Walk } from "../../lib/index.ts";

const root = join(import.meta.dirname, "../..");

/** A file of the library, as Node has it: Node 20 cannot read types. */
async function library<M>(file: string): Promise<M> {
  return (await runnerImport<M>(join(root, "lib", file), { configFile: false, logLevel: "error" })).module;
}

/** The figures of a way of waiting, as Node comes to them: tests in the browser compare theirs. */
export const servedInNode: BrowserCommand<[way: string, load: WaitingLoad]> = async (_, way, load) => {
  const { WAYS_OF_WAITING } = await library<typeof import("../../lib/waiting/all.ts")>("waiting/all.ts");
  const { serveClients } = await library<typeof import("../../lib/waiting/measure.ts")>("waiting/measure.ts");
  return (
    await serveClients(
      WAYS_OF_WAITING.find(({ id }) => id === way)!,
      load,
    )
  ).figures;
};

/** The figures of a road, as Node comes to them. */
export const walkedInNode: BrowserCommand<[road: string, walk: Walk]> = async (_, road, walk) => {
  const { ROADS } = await library<typeof import("../../lib/roads/all.ts")>("roads/all.ts");
  const { walkRoad } = await library<typeof import("../../lib/roads/measure.ts")>("roads/measure.ts");
  return (
    await walkRoad(
      ROADS.find(({ name }) => name === road)!,
      walk,
    )
  ).figures;
};

/** The figures of a program of the ownership lab, as Node comes to them. */
export const ownedInNode: BrowserCommand<[program: ProgramId, choice: Choice]> = async (_, program, choice) => {
  const lab = "../web/labs/ownership";
  const { programOf } = await library<typeof import("../../web/labs/ownership/programs.ts")>(`${lab}/programs.ts`);
  const { ranOf } = await library<typeof import("../../web/labs/ownership/ran.ts")>(`${lab}/ran.ts`);
  const { Views } = await library<typeof import("../../web/labs/ownership/views.ts")>(`${lab}/views.ts`);
  const { figuresOf } = await library<typeof import("../../web/labs/ownership/figures.ts")>(`${lab}/figures.ts`);
  return figuresOf(new Views(await ranOf(programOf(program, choice))));
};

declare module "vitest/browser" {
  interface BrowserCommands {
    ownedInNode: (program: ProgramId, choice: Choice) => Promise<Figures>;
    servedInNode: (way: string, load: WaitingLoad) => Promise<WaitingFigures>;
    walkedInNode: (road: string, walk: Walk) => Promise<RoadFigures>;
  }
}
