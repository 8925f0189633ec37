import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Number of the next program. It begins anywhere, so that the addresses differ from those of a minute ago. */
let programs = Math.floor(Math.random() * 16_000_000);

/** 127.x.y.z, another for every program: ports and their TIME_WAIT are the program's own. */
export function freshHost(): string {
  const n = programs++;
  return `127.${1 + (Math.floor(n / 65_024) % 250)}.${Math.floor(n / 254) % 256}.${1 + (n % 254)}`;
}

/** What nobody else may do with the files of a program. */
export const UMASK = 0o022;

/** The folder that stands for the root of the file system of a program that has this address. */
export function folderOf(host: string): string {
  return `/dev/shm/iopath-${process.pid}-${host}`;
}

/** The same for files that are to lie on a disk: their names begin with /disk/. */
export function diskFolderOf(host: string): string {
  return join(tmpdir(), `iopath-${process.pid}-${host}`);
}

/** Takes the folders of a program away, if it has any. */
export function removeFolder(host: string): void {
  rmSync(diskFolderOf(host), { recursive: true, force: true });
  rmSync(folderOf(host), { recursive: true, force: true });
}
