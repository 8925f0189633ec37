import { readFileSync } from "node:fs";

/** Whether the real kernel can be asked here: by koffi and the GNU C library, with a /proc that tells of system calls. */
export async function oracleUsable(): Promise<boolean> {
  if (process.platform !== "linux" || process.arch !== "x64") return false;
  try {
    readFileSync("/proc/self/syscall");
    await import("./libc.ts");
    return true;
  } catch {
    return false;
  }
}
