import { readFileSync, writeFileSync } from "node:fs";
import { CONTENDERS } from "../../lib/race/index.ts";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { raceText, withRace } from "../race/table.ts";
import { readResult } from "../../lib/race/index.ts";

/*
 * The last part of npm run record:race: makes the README's tables of the race that was recorded.
 */
const root = join(import.meta.dirname, "../..");
const recorded = "web/race/recorded.json";
const result = readResult(readFileSync(join(root, recorded), "utf8"), recorded);
const readme = join(root, "README.md");
writeFileSync(readme, withRace(readFileSync(readme, "utf8"), raceText(result, CONTENDERS)));
execFileSync(process.execPath, [join(root, "node_modules/prettier/bin/prettier.cjs"), "--write", "README.md"], {
  cwd: root,
});
