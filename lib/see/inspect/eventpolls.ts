import { type Graph, title } from "./graph.ts";
import { embedOffset } from "../reader.ts";
import { epollMask, functionName } from "../names.ts";
import { nearTree } from "./near.ts";
import { listOf, treeNodes } from "../walk.ts";
import type { TreeNodeView } from "../objects.ts";

const RBN = embedOffset("Epitem", "rbn");
/** No chain of items is followed further. */
const MOST_ITEMS = 1 << 24;

/** Eventpolls, their items, and the items' places in wait queues. */
export function inspectEventpolls(graph: Graph): void {
  const { reader, population } = graph;
  const colours = new Map<number, "red" | "black">();
  const ready = new Set<number>();
  for (const address of population.of("Eventpoll")) inspectEventpoll(graph, address, colours, ready);
  for (const address of graph.of("Epitem")) {
    const fd = reader.get("Epitem", address, "ffd_fd");
    const file = reader.get("Epitem", address, "ffd_file");
    const entries = entriesOf(graph, address);
    graph.add({
      address,
      struct: "Epitem",
      title: `epitem fd ${fd}`,
      fd,
      file,
      ep: reader.get("Epitem", address, "ep"),
      events: epollMask(reader.get("Epitem", address, "event_events")),
      data: String(reader.get64("Epitem", address, "event_data")),
      ready: ready.has(address),
      colour: colours.get(address) ?? "red",
      entries,
    });
    graph.link(address, file, "ffd");
  }
  for (const address of graph.of("EppollEntry")) {
    const base = reader.get("EppollEntry", address, "base");
    graph.add({
      address,
      struct: "EppollEntry",
      title: title("eppoll_entry fd", population.has("Epitem", base) ? reader.get("Epitem", base, "ffd_fd") : "?"),
      base,
      whead: reader.get("EppollEntry", address, "whead"),
      func: functionName(reader.get("EppollEntry", address, "wait_func")),
    });
    graph.link(address, base, "base");
  }
}

function inspectEventpoll(
  graph: Graph,
  address: number,
  colours: Map<number, "red" | "black">,
  ready: Set<number>,
): void {
  const { reader, onBreak } = graph;
  const root = reader.get("Eventpoll", address, "rbr_root_node");
  const item = (node: number) => (node === 0 ? 0 : node - RBN);
  const { near } = graph;
  const shown = near
    ? nearTree(reader, root, (node) => near.has(node - RBN), onBreak)
    : { nodes: treeNodes(reader, root, onBreak), left: [] };
  const tree = shown.nodes.map(({ node, colour, parent, left, right, depth }): TreeNodeView => ({
    address: item(node),
    colour,
    parent: item(parent),
    left: item(left),
    right: item(right),
    depth,
  }));
  const list = (embed: "rdllist" | "txlist") =>
    reader.u32(address + embedOffset("Eventpoll", embed)) === 0
      ? []
      : listOf(reader, address + embedOffset("Eventpoll", embed), "Epitem", "rdllink", onBreak);
  const [rdllist, txlist] = [list("rdllist"), list("txlist")];
  const overflow = overflowOf(graph, address);
  const file = reader.get("Eventpoll", address, "file");
  graph.add({
    address,
    struct: "Eventpoll",
    title: title("eventpoll", graph.fdTitle(file)),
    file,
    root: item(root),
    tree,
    ...(near ? { left: shown.left.map(({ node, count }) => ({ address: item(node), count })) } : {}),
    ready: rdllist,
    batch: txlist,
    overflow,
    waitQueues: graph.waitQueues(address, "Eventpoll"),
  });
  graph.link(address, item(root), "tree", "root");
  for (const node of tree) {
    colours.set(node.address, node.colour);
    graph.link(node.address, node.left, "tree", "left");
    graph.link(node.address, node.right, "tree", "right");
  }
  for (const epi of [...rdllist, ...txlist]) ready.add(epi);
  const inspected = (items: readonly number[]) => (near ? items.filter((epi) => near.has(epi)) : items);
  graph.links(address, inspected(rdllist), "ready");
  graph.links(address, inspected(txlist), "batch");
  graph.links(address, inspected(overflow), "overflow");
}

/** The items that became ready during a scan: the last one points at itself. */
function overflowOf({ reader, population }: Graph, ep: number): number[] {
  const items: number[] = [];
  const met = new Set<number>();
  let epi = reader.get("Eventpoll", ep, "ovflist");
  while (population.has("Epitem", epi) && !met.has(epi) && items.length < MOST_ITEMS) {
    met.add(epi);
    items.push(epi);
    epi = reader.get("Epitem", epi, "next");
  }
  return items;
}

/** The places of an item in wait queues. */
function entriesOf({ reader, population }: Graph, epi: number): number[] {
  const entries: number[] = [];
  let pwq = reader.get("Epitem", epi, "pwqlist");
  while (population.has("EppollEntry", pwq) && !entries.includes(pwq)) {
    entries.push(pwq);
    pwq = reader.get("EppollEntry", pwq, "next");
  }
  return entries;
}
