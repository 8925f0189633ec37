import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");
/** Where compiled programs and their files go. */
export const nativeFolder = join(root, "build/native");

/**
 * Compiles a C++ program of test/bench/native with -O2 and runs it.
 *
 * @returns  the numbers that it prints; null where there is no compiler, or the program does not fit the system.
 */
export function native(program: string, ...args: readonly (string | number)[]): number[] | null {
  const executable = join(nativeFolder, program);
  mkdirSync(nativeFolder, { recursive: true });
  try {
    execFileSync("g++", ["-O2", "-o", executable, join(root, "test/bench/native", `${program}.cpp`)], {
      stdio: "ignore",
    });
    const printed = execFileSync(executable, args.map(String), {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return printed.trim().split(/\s+/).map(Number);
  } catch {
    return null;
  }
}
