import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { groups } from "./scenarios/all.ts";

/** What a test or a scenario says in front. */
export interface Claim {
  readonly claim: string;
  /** Path of the file that it is in, from the root. */
  readonly file: string;
  /** Whether it runs on both kernels. */
  readonly onLinux: boolean;
}

const root = join(import.meta.dirname, "../..");

/** The claims of all scenarios, and those of all other tests, which are taken from their source texts. */
export function claims(): Claim[] {
  const scenarios = Object.entries(groups).flatMap(([group, list]) =>
    list.map(({ claim }) => ({ claim, file: `test/linux/scenarios/${group}.ts`, onLinux: true })),
  );
  return [...scenarios, ...testFiles().flatMap(claimsOf)];
}

/** Files with tests that run in Node. */
function testFiles(): string[] {
  const files = readdirSync(join(root, "test"), { recursive: true, encoding: "utf8" });
  return files.filter((file) => file.endsWith(".test.ts") && !file.startsWith("browser")).map((file) => `test/${file}`);
}

/** Whether a test's title is that of a claim: what the claim leaves open, the rows of its table have filled in. */
export function isTitleOf(title: string, { claim }: Claim): boolean {
  const parts = claim.split(/%[a-zA-Z]|\$\{[^}]*\}|\$\w+/);
  const escaped = parts.map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`^${escaped.join(".*")}$`, "s").test(title);
}

function claimsOf(file: string): Claim[] {
  const text = readFileSync(join(root, file), "utf8");
  const titles = text.matchAll(/\btest(?:\.each\([^)]*\))?\(\s*(["'`])((?:\\.|(?!\1).)*)\1/gs);
  return Array.from(titles, ([, , claim = ""]) => ({ claim, file, onLinux: false }));
}
