import { PAGE_SIZE, pageOf } from "../population.ts";
import type { Checkup } from "./checkup.ts";
import { hex } from "../../machine/memory.ts";
import { layout } from "../../layout.gen.ts";
import { pipeSlots } from "../pipe-slots.ts";

const { READ, WRITE } = layout.enums.FMode.values;

/** A pipe has no more slots in use than it has slots, each with a piece of a page, and counts its files right. */
export function checkPipes(check: Checkup): void {
  const { reader, population } = check;
  const references = new Map<number, number>();
  for (const pipe of population.of("PipeInodeInfo")) {
    const ring = reader.get("PipeInodeInfo", pipe, "ring_size");
    if (ring === 0) continue; // It is being made.
    const report = (rule: string, message: string) => check.report("PipeInodeInfo", pipe, rule, message);
    if ((ring & (ring - 1)) !== 0) report("pipe-ring", `${ring} slots, which is no power of two`);
    const used = (reader.get("PipeInodeInfo", pipe, "head") - reader.get("PipeInodeInfo", pipe, "tail")) >>> 0;
    if (used > ring) report("pipe-bounds", `${used} slots are in use, it has ${ring}`);
    for (const slot of pipeSlots(reader, pipe)) {
      checkSlot(check, slot);
      const page = pageOf(reader.get("PipeBuffer", slot, "page"));
      references.set(page, (references.get(page) ?? 0) + 1);
    }
  }
  for (const [page, slots] of references) {
    const refcount = reader.get("Page", page, "refcount");
    if (refcount < slots) {
      check.report("Page", page, "pipe-refcount", `${slots} slots of pipes refer to a page with refcount ${refcount}`);
    }
  }
  if (check.quiet) checkEnds(check);
}

function checkSlot(check: Checkup, slot: number): void {
  const { reader } = check;
  const [offset, len] = [reader.get("PipeBuffer", slot, "offset"), reader.get("PipeBuffer", slot, "len")];
  const page = reader.get("PipeBuffer", slot, "page");
  if (offset + len > PAGE_SIZE) {
    check.report("PipeBuffer", slot, "pipe-slot", `${len} bytes from ${offset} on do not lie in one page`);
  }
  if (reader.get("Page", pageOf(page), "refcount") === 0) {
    check.report("PipeBuffer", slot, "pipe-slot", `its page ${hex(page)} is free`);
  }
}

/** The open files of every pipe, by what they may do. */
function checkEnds(check: Checkup): void {
  const { reader, population } = check;
  const ends = new Map<number, { readers: number; writers: number; files: number }>();
  for (const pipe of population.of("PipeInodeInfo")) ends.set(pipe, { readers: 0, writers: 0, files: 0 });
  // The private pipe of a task is none of a file's, and counts the task itself as its reader.
  for (const task of population.of("TaskStruct")) {
    const end = ends.get(reader.get("TaskStruct", task, "splice_pipe"));
    if (end) end.readers++;
  }
  for (const file of population.of("File")) {
    const end = ends.get(reader.get("File", file, "private_data"));
    if (!end) continue;
    const mode = reader.get("File", file, "f_mode");
    end.files++;
    if (mode & READ) end.readers++;
    if (mode & WRITE) end.writers++;
  }
  for (const [pipe, end] of ends) {
    for (const name of ["readers", "writers", "files"] as const) {
      const counted = reader.get("PipeInodeInfo", pipe, name);
      check.equal("PipeInodeInfo", pipe, `pipe-${name}`, counted, end[name], `${name} of the pipe`);
    }
  }
}
