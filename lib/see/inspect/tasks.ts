import { type Graph, title } from "./graph.ts";
import { enumName, flagNames } from "../names.ts";
import type { AreaView } from "../objects/tasks.ts";
import { PAGE_SIZE } from "../population.ts";
import { type Reader, embedOffset, fieldOffset } from "../reader.ts";
import { argumentsOf, callText, renderResult } from "../calls.ts";
import { cpus } from "../cpus.ts";
import { hex } from "../../machine/memory.ts";
import { layout } from "../../layout.gen.ts";
import { signalName, signalNames } from "../signal-sets.ts";
import { listOf } from "../walk.ts";
import { taskName } from "../label.ts";
import { userMemory } from "../user-memory.ts";

const { KERNEL } = layout.enums.TaskMode.values;
const { EXEC, MAYSHARE, READ, WRITE } = layout.enums.VmFlags.values;
const { ZOMBIE } = layout.enums.TaskState.values;

/** CPUs, with the kernel functions that they are in. */
export function inspectCpus(graph: Graph): void {
  for (const { address, id, clock, context, curr, stack } of cpus(graph.reader)) {
    const softirqs = flagNames("Softirq", graph.reader.get("Cpu", address, "softirq_pending"));
    graph.add({ address, struct: "Cpu", title: `CPU ${id}`, id, clock, context, curr, stack, softirqs });
    graph.link(address, curr, "curr");
  }
}

/** Tasks. The wait queues must have been collected before, so that a sleeper's is known. */
export function inspectTasks(graph: Graph): void {
  const { reader, population } = graph;
  const running = new Set(cpus(reader).map(({ curr }) => curr));
  for (const address of population.of("TaskStruct")) {
    const get = (field: Parameters<typeof reader.get<"TaskStruct">>[2]) => reader.get("TaskStruct", address, field);
    const [pid, nr, state] = [get("pid"), get("orig_ax"), get("state")];
    const comm = taskName(reader, address);
    const inKernel = get("mode") === KERNEL;
    const head = get("wait_head");
    const queue = graph.queues.get(head);
    const alarm = reader.get64("TaskStruct", address, "timer_expires");
    const isInCall = inKernel && nr >= 0 && state !== ZOMBIE;
    const args = isInCall ? registersOf(graph, address) : [];
    graph.add({
      address,
      struct: "TaskStruct",
      title: `task ${comm} (${pid})`,
      pid,
      tgid: get("tgid"),
      comm,
      state: enumName("TaskState", state),
      mode: enumName("TaskMode", get("mode")),
      cpu: get("cpu"),
      running: running.has(address),
      queued: get("on_rq") === 1,
      adopted: get("adopted") === 1,
      kthread: get("kthread") !== 0,
      call: isInCall ? callText(nr, args, userMemory(reader, address)) : null,
      nr: isInCall ? nr : null,
      args: args.slice(0, argumentsOf(nr)).map(String),
      request: get("issuing_request") || get("submitting_request"),
      result: inKernel || nr < 0 ? null : renderResult(reader.get64("TaskStruct", address, "ax")),
      files: get("files"),
      mm: get("mm"),
      parent: get("parent"),
      blocked: signalNames(reader.get64("TaskStruct", address, "blocked")),
      pending: signalNames(reader.get64("TaskStruct", address, "pending_signal")),
      handlers: handlersOf(graph, address),
      sleepsOn: head === 0 ? null : { head, owner: queue?.owner ?? 0, name: queue?.name ?? "" },
      alarm: get("timer_queued") === 1 ? Number(alarm) : null,
      held: get("held"),
      utime: get("utime"),
      stime: get("stime"),
    });
    graph.link(address, get("files"), "files");
    graph.link(address, get("mm"), "mm");
    graph.link(address, get("sighand"), "sighand");
    graph.link(address, get("signal"), "signal");
    graph.link(address, get("held"), "held");
  }
}

/** The signals whose handlers a task is in: each handler's frame leads to that of the one which it has interrupted. */
function handlersOf({ reader }: Graph, task: number): string[] {
  const signals: string[] = [];
  let frame = reader.get("TaskStruct", task, "frames");
  for (let left = reader.get("TaskStruct", task, "frame_depth"); left > 0 && frame !== 0; left--) {
    signals.unshift(signalName(reader.get("SigFrame", frame, "info_signo")));
    frame = reader.get("SigFrame", frame, "next");
  }
  return signals;
}

/**
 * The registers of the system call that a task is in. While it makes the call of a request of a ring, the two have changed
 * places: its own registers lie in the request.
 */
function registersOf({ reader }: Graph, task: number): bigint[] {
  const request = reader.get("TaskStruct", task, "issuing_request");
  const first = request === 0 ? task + fieldOffset("TaskStruct", "di") : request + fieldOffset("IoKiocb", "di");
  return Array.from({ length: 6 }, (_, i) => BigInt.asIntN(64, reader.u64(first + i * 8)));
}

/** Address spaces with their areas. */
export function inspectMemory(graph: Graph): void {
  const { reader, population } = graph;
  for (const address of population.of("MmStruct")) {
    const areas =
      reader.get("MmStruct", address, "mmap_next") === 0
        ? []
        : listOf(reader, address + embedOffset("MmStruct", "mmap"), "VmAreaStruct", "link", graph.onBreak);
    graph.add({
      address,
      struct: "MmStruct",
      title: title("mm", hex(address)),
      users: reader.get("MmStruct", address, "users"),
      rss: reader.get("MmStruct", address, "rss"),
      areas: areas.map((area) => areaView(graph, area)),
    });
    const shown = new Set(areas.map((area) => hostOf(reader, area)));
    for (const inode of shown) graph.link(address, inode, "maps");
  }
}

function areaView({ reader, population }: Graph, area: number): AreaView {
  const wide = (value: bigint) => `0x${value.toString(16)}`;
  const flags = reader.get("VmAreaStruct", area, "flags");
  const host = hostOf(reader, area);
  const inode = population.has("Inode", host) ? host : 0;
  return {
    start: wide(reader.get64("VmAreaStruct", area, "vm_start")),
    end: wide(reader.get64("VmAreaStruct", area, "vm_end")),
    flags: flagNames("VmFlags", flags),
    protection: [
      flags & READ ? "r" : "-",
      flags & WRITE ? "w" : "-",
      flags & EXEC ? "x" : "-",
      flags & MAYSHARE ? "s" : "p",
    ].join(""),
    inode,
    offset: inode === 0 ? 0 : Number(reader.get64("VmAreaStruct", area, "vm_pgoff")) * PAGE_SIZE,
  };
}

/** Address of the Inode that an area shows; 0: memory of its own. */
function hostOf(reader: Reader, area: number): number {
  const mapping = reader.get("VmAreaStruct", area, "vm_mapping");
  return mapping === 0 ? 0 : reader.get("AddressSpace", mapping, "host");
}
