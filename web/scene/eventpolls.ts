import type { EpitemObject, EventpollObject } from "../../lib/see/inspect.ts";
import { type Box, type Rail, type TreeItem, type TreePart, keyOf } from "./scene.ts";
import { LIMITS, type SceneContext } from "./context.ts";
import { fileTab } from "./sockets.ts";
import { moreBox } from "./tasks.ts";

/** The eventpolls: a tree of items, the lists that thread the same items, and who sleeps. */
export function eventpollBoxes(context: SceneContext): Box[] {
  const { shown, more } = context.fold(
    "eventpolls",
    context.all("Eventpoll"),
    LIMITS.eventpoll,
    ({ address, file }) => context.focus.has(address) || context.focus.has(file),
  );
  const boxes = shown.map((ep) => eventpollBox(context, ep));
  return more > 0 ? [...boxes, moreBox(context, "eventpolls", "eventpoll", more)] : boxes;
}

function eventpollBox(context: SceneContext, ep: EventpollObject): Box {
  const { translate } = context;
  const file = context.get("File", ep.file);
  const queues = ep.waitQueues.filter(({ name, waiters }) => name !== "poll_wait" || waiters.length > 0);
  return {
    key: keyOf(ep.address),
    address: ep.address,
    struct: "Eventpoll",
    place: "eventpoll",
    hue: "eventpoll",
    word: translate("word_eventpoll"),
    title: ep.title.replace(/^eventpoll ?/, ""),
    note: "",
    tabs: file ? [fileTab(context, file)] : [],
    rows: queues.map((queue) => ({
      ...context.waitRow(queue, queue.name),
      hint: translate(queue.name === "wq" ? "hint_wq" : "hint_poll_wait"),
    })),
    tree: treePart(context, ep),
    label: ep.title,
  };
}

function treePart(context: SceneContext, ep: EventpollObject): TreePart {
  const rail = (name: "rdllist" | "txlist" | "ovflist", items: readonly number[]): Rail => {
    const known = items.flatMap((address, i) => (context.get("Epitem", address) ? [[address, i + 1] as const] : []));
    const places = known.map(([, place]) => place);
    const keys = known.map(([address]) => keyOf(address));
    return {
      key: `${keyOf(ep.address)}:${name}`,
      name,
      items: keys,
      places,
      count: items.length,
      hint: context.translate(`hint_${name}`),
    };
  };
  const rails = [rail("rdllist", ep.ready)];
  if (ep.batch.length > 0) rails.push(rail("txlist", ep.batch));
  if (ep.overflow.length > 0) rails.push(rail("ovflist", ep.overflow));
  const items = ep.tree.flatMap((node): TreeItem[] => {
    const epi = context.get("Epitem", node.address);
    if (!epi) return [];
    const branch = (address: number) => (address === 0 ? "" : keyOf(address));
    return [
      {
        key: keyOf(node.address),
        address: node.address,
        colour: node.colour,
        left: branch(node.left),
        right: branch(node.right),
        text: String(epi.fd),
        note: epi.events.replaceAll("EPOLL", "").replaceAll("|", " "),
        label: itemLabel(context, epi, node.colour, rails),
      },
    ];
  });
  const left = new Map((ep.left ?? []).map(({ address, count }) => [keyOf(address), count]));
  const count = items.length + [...left.values()].reduce((sum, one) => sum + one, 0);
  const shown = shownOf(context, items, rails);
  const [key, caption] = [`${keyOf(ep.address)}:tree`, context.translate("tree_empty")];
  const folded = context.translate("tree_folded");
  return { key, items, root: ep.root === 0 ? "" : keyOf(ep.root), rails, shown, count, left, folded, caption };
}

/** Keys of the items that must be shown: what the step is about, what a person has opened, and the beginnings of lists. */
function shownOf(context: SceneContext, items: readonly TreeItem[], rails: readonly Rail[]): Set<string> {
  const byKey = new Map(items.map((item) => [item.key, item]));
  const inFocus = [...context.focus].map(keyOf).filter((key) => byKey.has(key));
  const shown = new Set(inFocus.slice(0, LIMITS.tree));
  const opened = context.openedLast((address) => byKey.has(keyOf(address)));
  if (opened !== 0) {
    const nodes = [keyOf(opened)];
    for (let i = 0; i < nodes.length && nodes.length < LIMITS.opened; i++) {
      const { left = "", right = "" } = byKey.get(nodes[i]!) ?? {};
      nodes.push(...[left, right].filter((key) => byKey.has(key)));
    }
    for (const key of nodes) shown.add(key);
  }
  for (const key of rails.flatMap((rail) => rail.items)) if (shown.size < LIMITS.tree) shown.add(key);
  return shown;
}

function itemLabel(context: SceneContext, epi: EpitemObject, colour: "red" | "black", rails: readonly Rail[]): string {
  const { translate } = context;
  const text = translate("epitem_label", { fd: epi.fd, colour: translate(colour), events: epi.events });
  for (const { name, items, places } of rails) {
    const place = places[items.indexOf(keyOf(epi.address))];
    if (place !== undefined) return `${text}; ${translate("epitem_ready", { place, list: name })}`;
  }
  return `${text}; ${translate("epitem_not_ready")}`;
}
