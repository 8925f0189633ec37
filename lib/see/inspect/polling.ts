import { type Graph, title } from "./graph.ts";
import { enumName, epollMask } from "../names.ts";
import { filesByContents, titleOfFiles } from "./contents.ts";
import { pollEntries } from "../find.ts";

/** Calls of poll() and select() that wait, with their places in wait queues; and timerfds. */
export function inspectPolling(graph: Graph): void {
  const { reader, population } = graph;
  for (const address of population.of("PollWqueues")) {
    const task = reader.get("PollWqueues", address, "polling_task");
    const nfds = reader.get("PollWqueues", address, "nfds");
    const select = reader.get("PollWqueues", address, "sets") !== 0;
    const entries = pollEntries(reader, population, address);
    graph.add({
      address,
      struct: "PollWqueues",
      title: `${select ? "select" : "poll"} table of ${nfds} descriptors`,
      task,
      triggered: reader.get("PollWqueues", address, "triggered") === 1,
      nfds,
      entries,
    });
    graph.link(task, address, "polls");
    graph.links(address, entries, "entries");
  }
  for (const address of population.of("PollTableEntry")) {
    const file = reader.get("PollTableEntry", address, "filp");
    graph.add({
      address,
      struct: "PollTableEntry",
      title: title("poll_table_entry", graph.fdTitle(file)),
      file,
      key: epollMask(reader.get("PollTableEntry", address, "key")),
      wait_address: reader.get("PollTableEntry", address, "wait_address"),
      task: reader.get("PollTableEntry", address, "wait_task"),
    });
    graph.link(address, file, "ffd");
  }
  inspectTimerfds(graph);
}

function inspectTimerfds(graph: Graph): void {
  const { reader } = graph;
  const files = filesByContents(graph);
  for (const address of graph.of("TimerfdCtx")) {
    const queued = reader.get("TimerfdCtx", address, "tmr_queued") === 1;
    graph.add({
      address,
      struct: "TimerfdCtx",
      title: title("timerfd", titleOfFiles(graph, files, address)),
      clock: enumName("Clock", reader.get("TimerfdCtx", address, "clockid")),
      ticks: String(reader.get64("TimerfdCtx", address, "ticks")),
      expires: queued ? Number(reader.get64("TimerfdCtx", address, "tmr_expires")) : null,
      interval: Number(reader.get64("TimerfdCtx", address, "tintv")),
      waitQueues: graph.waitQueues(address, "TimerfdCtx"),
    });
  }
}
