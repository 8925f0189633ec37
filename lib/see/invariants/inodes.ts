import { KERNEL_BASE, embedOffset } from "../reader.ts";
import type { Checkup } from "./checkup.ts";
import { layout } from "../../layout.gen.ts";
import { listOf } from "../walk.ts";

const { REGULAR, DEVICE, PATH } = layout.enums.FileKind.values;
const { truncate, sync, syncfs } = layout.enums.Nr.values;
/** Calls that keep a file while they sleep. */
const KEEPERS: ReadonlySet<number> = new Set([truncate, sync, syncfs]);
const BY_NAME: ReadonlySet<number> = new Set([REGULAR, DEVICE, PATH]);

/** What has a name is counted as often as it is held, has its name in the list of names, and its own pipe. */
export function checkInodes(check: Checkup): void {
  const { reader, population } = check;
  if (!check.quiet) return;
  const state = reader.get("Kernel", KERNEL_BASE, "fs");
  if (!reader.holds("FsState", state)) return;
  const named = new Set(listOf(reader, state + embedOffset("FsState", "inodes"), "Inode", "i_list"));
  const held = new Map<number, number>();
  const hold = (inode: number) => held.set(inode, (held.get(inode) ?? 0) + 1);
  for (const inode of named) hold(inode);
  for (const file of population.of("File")) {
    const kind = reader.get("FileOperations", reader.get("File", file, "f_op"), "kind");
    if (BY_NAME.has(kind)) hold(reader.get("File", file, "private_data"));
  }
  for (const pipe of population.of("PipeInodeInfo")) {
    const inode = reader.get("PipeInodeInfo", pipe, "inode");
    if (inode === 0) continue;
    hold(inode);
    check.equal("PipeInodeInfo", pipe, "fifo-pipe", reader.get("Inode", inode, "i_pipe"), pipe, "the FIFO's pipe");
  }
  for (const bio of population.of("Bio")) {
    const inode = reader.get("Bio", bio, "bi_private");
    if (population.has("Inode", inode)) hold(inode);
  }
  for (const task of population.of("TaskStruct")) {
    const inode = reader.get("TaskStruct", task, "kept");
    if (KEEPERS.has(reader.get("TaskStruct", task, "orig_ax")) && population.has("Inode", inode)) hold(inode);
  }
  for (const dio of population.of("IomapDio")) hold(reader.get("IomapDio", dio, "inode"));
  for (const inode of population.of("Inode")) {
    check.equal("Inode", inode, "i_count", reader.get("Inode", inode, "i_count"), held.get(inode) ?? 0, "i_count");
    check.equal("Inode", inode, "i_nlink", reader.get("Inode", inode, "i_nlink"), named.has(inode) ? 1 : 0, "i_nlink");
  }
}
