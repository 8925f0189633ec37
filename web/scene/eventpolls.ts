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
    rows: queues.map((queue) => context.waitRow(queue, queue.name)),
    tree: treePart(context, ep),
    label: ep.title,
  };
}

function treePart(context: SceneContext, ep: EventpollObject): TreePart {
  const rails: Rail[] = [{ key: `${keyOf(ep.address)}:rdllist`, name: "rdllist", items: ep.ready.map(keyOf) }];
  if (ep.batch.length > 0)
    rails.push({ key: `${keyOf(ep.address)}:txlist`, name: "txlist", items: ep.batch.map(keyOf) });
  if (ep.overflow.length > 0) {
    rails.push({ key: `${keyOf(ep.address)}:ovflist`, name: "ovflist", items: ep.overflow.map(keyOf) });
  }
  const linked = new Set(rails.flatMap(({ items }) => items));
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
  const wanted = items.filter(({ key, address }) => linked.has(key) || context.focus.has(address));
  const shown = new Set(wanted.slice(0, LIMITS.tree).map(({ key }) => key));
  const [key, caption] = [`${keyOf(ep.address)}:tree`, context.translate("tree_empty")];
  return { key, items, root: ep.root === 0 ? "" : keyOf(ep.root), rails, shown, count: items.length, caption };
}

function itemLabel(context: SceneContext, epi: EpitemObject, colour: "red" | "black", rails: readonly Rail[]): string {
  const { translate } = context;
  const text = translate("epitem_label", { fd: epi.fd, colour: translate(colour), events: epi.events });
  for (const { name, items } of rails) {
    const place = items.indexOf(keyOf(epi.address)) + 1;
    if (place > 0) return `${text}; ${translate("epitem_ready", { place, list: name })}`;
  }
  return `${text}; ${translate("epitem_not_ready")}`;
}
