import { parseArgs } from "node:util";
import { bytes } from "./cases/bytes.ts";
import { connections } from "./cases/connections.ts";
import { firstPicture } from "./cases/first-picture.ts";
import { heap } from "./cases/heap.ts";
import { inside } from "./cases/inside.ts";
import { paths } from "./cases/paths.ts";
import { polling } from "./cases/polling.ts";
import { ready } from "./cases/ready.ts";
import { rings } from "./cases/rings.ts";
import { seeking } from "./cases/seeking.ts";
import { size } from "./cases/size.ts";
import { stage } from "./cases/stage.ts";
import { stream } from "./cases/stream.ts";
import { syscalls } from "./cases/syscalls.ts";
import { type Case, type Figure, machine } from "./measure.ts";

/*
 * The figures that iopath holds itself to: `npm run bench`, or `npm run bench -- --json`, or `-- --only NAME`. They are
 * printed with the machine that they come from; no test depends on them.
 */

const CASES: Readonly<Record<string, Case>> = {
  size,
  inside,
  heap,
  syscalls,
  ready,
  stream,
  polling,
  seeking,
  connections,
  bytes,
  paths,
  rings,
  stage,
  "first-picture": firstPicture,
};

const { values } = parseArgs({
  options: { json: { type: "boolean" }, only: { type: "string" }, help: { type: "boolean" } },
});

if (values.help) {
  console.log(`npm run bench -- [--json] [--only ${Object.keys(CASES).join("|")}]`);
} else {
  await main(values.only);
}

async function main(only: string | undefined): Promise<void> {
  const cases = Object.entries(CASES).filter(([name]) => only === undefined || name === only);
  if (cases.length === 0) throw new TypeError(`no case "${only}", expected one of ${Object.keys(CASES).join(", ")}`);
  const figures: Figure[] = [];
  if (!values.json) console.log(`${machine()}\n`);
  for (const [, run] of cases) {
    for (const figure of await run()) {
      figures.push(figure);
      if (!values.json) console.log(line(figure));
    }
  }
  if (values.json) console.log(JSON.stringify({ machine: machine(), figures }, null, 2));
}

/** One figure as a line, with its aim and whether it is reached. */
function line(figure: Figure): string {
  const { name, value, unit, detail } = figure;
  const number = value >= 1000 ? value.toFixed(0) : value.toPrecision(3);
  return `${name}: ${number} ${unit}${verdict(figure)}\n    ${detail}`;
}

function verdict({ value, goal, least }: Figure): string {
  if (goal !== undefined) return `  (aim: <= ${goal}, ${value <= goal ? "reached" : "MISSED"})`;
  if (least !== undefined) return `  (aim: >= ${least}, ${value >= least ? "reached" : "MISSED"})`;
  return "";
}
