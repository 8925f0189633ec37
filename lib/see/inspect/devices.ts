import { KERNEL_BASE, embedOffset, structs } from "../reader.ts";
import { enumName, flagNames, functionName } from "../names.ts";
import { hlistOf, treeNodes } from "../walk.ts";
import type { Graph } from "./graph.ts";
import { layout } from "../../layout.gen.ts";
import { objectAround } from "../population.ts";

const { NIC_RING, PEER_HASH_BITS_MAX } = layout.constants;

/** Timers that are waiting, the next one due first. */
export function inspectTimers(graph: Graph): void {
  const { reader, population } = graph;
  const base = reader.get("Kernel", KERNEL_BASE, "timers");
  if (!reader.holds("TimerBase", base)) return;
  for (const { node } of treeNodes(reader, reader.get("TimerBase", base, "active_root_node"), graph.onBreak)) {
    const address = node - embedOffset("Hrtimer", "node");
    const around = objectAround(reader, address);
    const func = functionName(reader.get("Hrtimer", address, "func"));
    const owner = around && population.structs.includes(around.struct) ? around.address : 0;
    // A timerfd begins with its timer: one address is one object, and the timerfd tells when it expires.
    if (owner === address) continue;
    const expires = reader.get("Hrtimer", address, "expires");
    graph.add({ address, struct: "Hrtimer", title: `timer ${func}`, expires, func, owner });
  }
}

/** The rings of the network card. */
export function inspectNic(graph: Graph): void {
  const { reader } = graph;
  const nic = reader.get("Kernel", KERNEL_BASE, "nic");
  if (!reader.holds("NicState", nic)) return;
  for (const which of ["rx", "tx"] as const) {
    const address = reader.get("NicState", nic, which);
    if (!reader.holds("NicRing", address)) continue;
    const get = (field: "head" | "done" | "tail" | "busy" | "descriptors") => reader.get("NicRing", address, field);
    const [head, tail] = [get("head"), get("tail")];
    const used = Math.min((head - tail) >>> 0, NIC_RING);
    graph.add({
      address,
      struct: "NicRing",
      title: `NIC ${which} ring`,
      head,
      done: get("done"),
      tail,
      busy: get("busy") === 1,
      slots: Array.from({ length: used }, (_, i) => {
        const index = (tail + i) % NIC_RING;
        const slot = get("descriptors") + index * structs["NicDescriptor"]!.stride;
        const flags = flagNames("NicDescriptorFlags", reader.get("NicDescriptor", slot, "flags"));
        return { index, length: reader.get("NicDescriptor", slot, "length"), flags };
      }),
    });
  }
}

/** The peers in the world outside. */
export function inspectPeers(graph: Graph): void {
  const { reader } = graph;
  const wire = reader.get("Kernel", KERNEL_BASE, "wire");
  if (!reader.holds("Wire", wire)) return;
  const table = reader.get("Wire", wire, "table");
  const buckets = 2 ** Math.min(reader.get("Wire", wire, "table_bits"), PEER_HASH_BITS_MAX);
  for (let bucket = 0; bucket < buckets; bucket++) {
    for (const address of hlistOf(reader, table + bucket * 4, "Peer", "node", graph.onBreak)) {
      const [port, remotePort] = [reader.get("Peer", address, "port"), reader.get("Peer", address, "dport")];
      const state = enumName("TcpState", reader.get("Peer", address, "state"));
      const [received, waiting] = [reader.get("Peer", address, "received"), reader.get("Peer", address, "waiting")];
      const title = `peer :${port} -> :${remotePort}`;
      graph.add({ address, struct: "Peer", title, state, port, remotePort, received, waiting });
    }
  }
}
