import { KERNEL_BASE, type Reader, embedOffset } from "./reader.ts";
import type { Population } from "./population.ts";
import { layout } from "../layout.gen.ts";
import { listOf } from "./walk.ts";

/** No table has more slots: a broken one must not make a search endless. */
const { NR_OPEN } = layout.constants;

/** Addresses of all tasks, in order of birth. */
export function allTasks(reader: Reader): number[] {
  const sched = reader.get("Kernel", KERNEL_BASE, "sched");
  if (!reader.holds("SchedState", sched)) return [];
  return listOf(reader, sched + embedOffset("SchedState", "tasks"), "TaskStruct", "tasks");
}

/** Address of the task with a number; 0: there is none. */
export function taskByPid(reader: Reader, pid: number): number {
  return allTasks(reader).find((task) => reader.get("TaskStruct", task, "pid") === pid) ?? 0;
}

/** A descriptor that is open. */
export interface OpenFd {
  fd: number;
  /** Address of the struct File. */
  file: number;
  /** Whether execve() would close it. */
  closeOnExec: boolean;
}

/** Number of slots of a descriptor table, open or not. */
export function slotCount(reader: Reader, files: number): number {
  return reader.holds("FilesStruct", files) ? Math.min(reader.get("FilesStruct", files, "max_fds"), NR_OPEN) : 0;
}

/** The file of a descriptor; 0: it is not open. */
export function openFile(reader: Reader, files: number, fd: number): number {
  return reader.u32(reader.get("FilesStruct", files, "fd") + fd * 4);
}

/**
 * The open descriptors of a table, ascending.
 *
 * @param isWanted  whether descriptors of a file are to be listed.
 */
export function openFds(reader: Reader, files: number, isWanted = (_file: number) => true): OpenFd[] {
  const slots = slotCount(reader, files);
  if (slots === 0) return [];
  const fds = reader.get("FilesStruct", files, "fd");
  const flags = reader.get("FilesStruct", files, "close_on_exec");
  const open: OpenFd[] = [];
  for (let fd = 0; fd < slots; fd++) {
    const file = reader.u32(fds + fd * 4);
    if (file !== 0 && isWanted(file))
      open.push({ fd, file, closeOnExec: (reader.u8(flags + (fd >> 3)) & (1 << (fd & 7))) !== 0 });
  }
  return open;
}

/** Number of open descriptors of a table. */
export function openCount(reader: Reader, files: number): number {
  const slots = slotCount(reader, files);
  const fds = slots === 0 ? 0 : reader.get("FilesStruct", files, "fd");
  let open = 0;
  for (let fd = 0; fd < slots; fd++) if (reader.u32(fds + fd * 4) !== 0) open++;
  return open;
}

/** The lowest descriptor of a table that stands for a file; -1: none does. */
export function fdOf(reader: Reader, files: number, file: number): number {
  if (!reader.holds("FilesStruct", files)) return -1;
  const slots = Math.min(reader.get("FilesStruct", files, "max_fds"), NR_OPEN);
  const fds = reader.get("FilesStruct", files, "fd");
  for (let fd = 0; fd < slots; fd++) if (reader.u32(fds + fd * 4) === file) return fd;
  return -1;
}

/** The lowest descriptor of a table whose file stands for an object; -1: none does. */
export function fdOfObject(reader: Reader, files: number, object: number): number {
  return openFds(reader, files).find(({ file }) => reader.get("File", file, "private_data") === object)?.fd ?? -1;
}

/** Addresses of the PollTableEntries of a call of poll() or select(), the newest first. */
export function pollEntries(reader: Reader, population: Population, pwq: number): number[] {
  const entries = new Set<number>();
  let entry = reader.get("PollWqueues", pwq, "entries");
  while (population.has("PollTableEntry", entry) && !entries.has(entry)) {
    entries.add(entry);
    entry = reader.get("PollTableEntry", entry, "next");
  }
  return [...entries];
}
