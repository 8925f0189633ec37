import type { Checkup } from "./checkup.ts";
import type { Reader } from "../reader.ts";
import { hex } from "../../machine/memory.ts";
import { layout } from "../../layout.gen.ts";
import { openFds } from "../find.ts";
import { scmFiles } from "../walk.ts";

const { accept, accept4, sendmsg } = layout.enums.Nr.values;
const { STREAM } = layout.enums.SockType.values;
const { ACCEPT, SENDMSG } = layout.enums.IoringOp.values;
const { NR_OPEN } = layout.constants;

/** Descriptor tables and their bitmaps agree, and every open file is counted as often as it is referred to. */
export function checkFiles(check: Checkup): void {
  const { reader, population } = check;
  const references = new Map<number, number>();
  const refer = (file: number) => references.set(file, (references.get(file) ?? 0) + 1);
  for (const files of population.of("FilesStruct")) {
    for (const { fd, file } of openFds(reader, files)) {
      refer(file);
      if (!population.has("File", file)) {
        check.report(
          "FilesStruct",
          files,
          "fd-file",
          `descriptor ${fd} stands for ${hex(file)}, which is no open file`,
        );
      }
    }
    checkBitmap(check, files);
  }
  for (const task of population.of("TaskStruct")) {
    for (const file of heldFiles(reader, task)) refer(file);
    if (!sends(reader, task)) continue;
    for (const file of scmFiles(reader, unsentFiles(reader, "TaskStruct", task))) refer(file);
  }
  for (const skb of population.of("SkBuff")) {
    for (const file of scmFiles(reader, reader.get("SkBuff", skb, "scm"))) refer(file);
  }
  for (const area of population.of("VmAreaStruct")) refer(reader.get("VmAreaStruct", area, "vm_file"));
  for (const entry of population.of("PollTableEntry")) refer(reader.get("PollTableEntry", entry, "filp"));
  for (const req of population.of("IoKiocb")) {
    refer(reader.get("IoKiocb", req, "file"));
    // While a worker is at it, the worker's task has its call.
    refer(reader.get("IoKiocb", req, "held"));
    const opcode = reader.get("IoKiocb", req, "opcode");
    if (opcode === ACCEPT) refer(reader.get("IoKiocb", req, "done"));
    if (opcode !== SENDMSG) continue;
    for (const file of scmFiles(reader, unsentFiles(reader, "IoKiocb", req))) refer(file);
  }
  for (const ctx of population.of("IoRingCtx")) {
    const table = reader.get("IoRingCtx", ctx, "file_table");
    const count = table === 0 ? 0 : reader.get("IoRingCtx", ctx, "nr_user_files");
    for (let i = 0; i < count; i++) refer(reader.u32(table + i * 4));
  }
  for (const req of population.of("AioKiocb")) refer(reader.get("AioKiocb", req, "ki_filp"));
  checkPages(check);
  for (const file of population.of("File")) {
    const count = reader.get("File", file, "f_count");
    const known = references.get(file) ?? 0;
    // In a system call, the kernel's functions hold references of their own, and a new file has no descriptor yet.
    if (
      check.quiet
        ? count !== known
        : count < known &&
          !check.inside("__fput") &&
          !check.inside("put_files_struct") &&
          !check.inside("poll_freewait")
    ) {
      check.report(
        "File",
        file,
        "f_count",
        `f_count is ${count}, descriptors, mappings and sleepers refer to it ${known} times`,
      );
    }
  }
}

/** What regular files have beyond others belongs to one open file each. */
function checkPages(check: Checkup): void {
  const { reader, population } = check;
  const owned = new Set(population.of("File").map((file) => reader.get("File", file, "f_pages")));
  for (const pages of check.quiet ? population.of("FilePages") : []) {
    if (!owned.has(pages)) check.report("FilePages", pages, "leak", "in use, but of no open file");
  }
}

/** The files that a system call which sleeps holds on to: its own or both, and one that accept() has made already. */
function heldFiles(reader: Reader, task: number): number[] {
  const splice = reader.get("TaskStruct", task, "splice");
  if (splice !== 0) {
    const ends = [reader.get("SpliceDesc", splice, "in_file"), reader.get("SpliceDesc", splice, "out_file")];
    return ends.filter((file) => file !== 0);
  }
  const held = reader.get("TaskStruct", task, "held");
  if (held === 0) return [];
  const made = accepts(reader, task) ? reader.get("TaskStruct", task, "done") : 0;
  return made === 0 ? [held] : [held, made];
}

/** Whether a task is in accept(), or a worker is at a request to accept. */
function accepts(reader: Reader, task: number): boolean {
  const nr = reader.get("TaskStruct", task, "orig_ax");
  const req = reader.get("TaskStruct", task, "submitting_request");
  return req === 0 ? nr === accept || nr === accept4 : reader.get("IoKiocb", req, "opcode") === ACCEPT;
}

/** Whether a task is in sendmsg(), or a worker is at a request to send a message. */
function sends(reader: Reader, task: number): boolean {
  const req = reader.get("TaskStruct", task, "submitting_request");
  if (req === 0) return reader.get("TaskStruct", task, "orig_ax") === sendmsg;
  return reader.get("IoKiocb", req, "opcode") === SENDMSG;
}

/** The list of files that a message is to take along whose sending sleeps; 0: none. Behind a packet a sock is kept. */
function unsentFiles(reader: Reader, struct: "TaskStruct" | "IoKiocb", call: number): number {
  const sock = reader.get(struct, call, "held");
  if (sock === 0) return 0;
  const sk = reader.get("Socket", reader.get("File", sock, "private_data"), "sk");
  const packet = reader.get("Sock", sk, "sk_type") !== STREAM && reader.get(struct, call, "done") !== 0;
  return packet ? 0 : reader.get(struct, call, "kept");
}

/** A slot with a file is taken; one that is taken without a file is reserved by a sleeper, or about to get one. */
function checkBitmap(check: Checkup, files: number): void {
  const { reader } = check;
  if (check.inside("put_files_struct") || check.inside("dup_fd") || check.inside("expand_fdtable")) return;
  const get = (field: "max_fds" | "fd" | "open_fds" | "next_fd") => reader.get("FilesStruct", files, field);
  const [slots, fds, open, next] = [Math.min(get("max_fds"), NR_OPEN), get("fd"), get("open_fds"), get("next_fd")];
  const report = (rule: string, message: string) => check.report("FilesStruct", files, rule, message);
  for (let fd = 0; fd < slots; fd++) {
    const taken = (reader.u8(open + (fd >> 3)) & (1 << (fd & 7))) !== 0;
    const file = reader.u32(fds + fd * 4);
    if (file !== 0 && !taken) report("fd-bitmap", `descriptor ${fd} is open, but its bit is not set`);
    if (file === 0 && taken && check.quiet && !reserved(check, files, fd)) {
      report("fd-bitmap", `descriptor ${fd} is taken, but nothing is open there`);
    }
    if (!taken && fd < next) report("next_fd", `descriptor ${fd} is free, but next_fd says that none below ${next} is`);
  }
}

/** Whether a sleeping task has reserved the descriptor. */
function reserved({ reader, population }: Checkup, files: number, fd: number): boolean {
  // A request of a ring, and the worker that is at it, has the descriptors of the program.
  const has = (task: number) =>
    reader.get("TaskStruct", task, "files") === files || reader.get("TaskStruct", task, "kthread") !== 0;
  return (
    population.of("TaskStruct").some((task) => has(task) && reader.get("TaskStruct", task, "reserved") === fd) ||
    population.of("IoKiocb").some((req) => reader.get("IoKiocb", req, "reserved") === fd)
  );
}
