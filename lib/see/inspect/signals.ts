import { type Graph, title } from "./graph.ts";
import { actionAt, signalName, signalNames } from "../signal-sets.ts";
import { filesByContents, titleOfFiles } from "./contents.ts";
import { flagNames } from "../names.ts";
import { hex } from "../../machine/memory.ts";
import { layout } from "../../layout.gen.ts";

const { NSIG } = layout.constants;

/** What processes do with signals, which signals wait for them, and signalfds. */
export function inspectSignals(graph: Graph): void {
  const { reader, population } = graph;
  for (const address of population.of("SighandStruct")) {
    const actions = Array.from({ length: NSIG }, (_, i) => {
      const { handler, flags } = actionAt(reader, address, i + 1);
      const what = handler === 1n ? "SIG_IGN" : `0x${handler.toString(16)}`;
      return { signal: signalName(i + 1), handler: what, flags: flagNames("SaFlags", flags, "SA_") };
    }).filter(({ handler }) => handler !== "0x0");
    graph.add({
      address,
      struct: "SighandStruct",
      title: title("sighand", hex(address)),
      count: reader.get("SighandStruct", address, "count"),
      actions,
      waitQueues: graph.waitQueues(address, "SighandStruct"),
    });
  }
  for (const address of population.of("SignalStruct")) {
    graph.add({
      address,
      struct: "SignalStruct",
      title: title("signal", hex(address)),
      count: reader.get("SignalStruct", address, "count"),
      flags: flagNames("SignalFlags", reader.get("SignalStruct", address, "flags")),
      pgrp: reader.get("SignalStruct", address, "pgrp"),
      pending: signalNames(reader.get64("SignalStruct", address, "shared_pending_signal")),
      waitQueues: graph.waitQueues(address, "SignalStruct"),
    });
  }
  const files = filesByContents(graph);
  for (const address of graph.of("SignalfdCtx")) {
    const signals = signalNames(BigInt.asUintN(64, ~reader.get64("SignalfdCtx", address, "sigmask")));
    graph.add({
      address,
      struct: "SignalfdCtx",
      title: title("signalfd", titleOfFiles(graph, files, address)),
      signals,
    });
  }
}
