import { readFileSync } from "node:fs";
import os from "node:os";

/** What stands in the way of asking the real kernel here; null if nothing does. */
export async function obstacle(): Promise<string | null> {
  if (process.platform !== "linux" || process.arch !== "x64") {
    return `compare needs x86-64 Linux, the kernel that it compares with; this is ${process.platform} on ${process.arch}`;
  }
  try {
    readFileSync("/proc/self/syscall");
  } catch {
    return "compare needs a /proc that tells of system calls: /proc/self/syscall cannot be read";
  }
  try {
    await import("./libc.ts");
    return null;
  } catch (error) {
    return `compare needs the GNU C library and the package koffi: ${(error as Error).message}`;
  }
}

/** Whether the real kernel can be asked here. */
export async function oracleUsable(): Promise<boolean> {
  return (await obstacle()) === null;
}

/** The kernel of this computer: `uname -r`. */
export function kernelRelease(): string {
  return os.release();
}
