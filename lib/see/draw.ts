import type { EventpollObject, Inspection, KernelObject, TreeNodeView, WaitQueueView } from "./objects.ts";
import { objectBy, objectsOf } from "./objects.ts";

/** A tree as text, the root first, smaller keys above greater ones; `B` and `r` are the colours. */
function drawTree(nodes: readonly TreeNodeView[], label: (address: number) => string): string {
  const byAddress = new Map(nodes.map((node) => [node.address, node]));
  const root = nodes.find(({ parent }) => parent === 0);
  if (!root) return "(empty)";
  const lines: string[] = [];
  const left = [{ address: root.address, lead: "", branch: "" }];
  for (let next = left.pop(); next; next = left.pop()) {
    const { address, lead, branch } = next;
    const node = byAddress.get(address);
    lines.push(node ? `${lead}${branch}${node.colour === "black" ? "B" : "r"} ${label(address)}` : `${lead}${branch}-`);
    if (!node || (node.left === 0 && node.right === 0)) continue;
    const deeper = lead + (branch === "" ? "" : branch.startsWith("├") ? "│ " : "  ");
    left.push({ address: node.right, lead: deeper, branch: "└ " }, { address: node.left, lead: deeper, branch: "├ " });
  }
  return lines.join("\n");
}

/** A list as text: `fd 5 -> fd 7`. */
function drawList(members: readonly number[], label: (address: number) => string): string {
  return members.length === 0 ? "(empty)" : members.map(label).join(" -> ");
}

function indented(text: string): string {
  return text.replaceAll("\n", "\n  ");
}

function drawQueue(queue: WaitQueueView, label: (address: number) => string): string {
  const waiters = queue.waiters.map(
    ({ func, exclusive, owner }) => `${label(owner)} by ${func}${exclusive ? " (exclusive)" : ""}`,
  );
  return waiters.length === 0 ? "(empty)" : waiters.join(" -> ");
}

/** A short name for an object, as it stands in a drawing. */
function shortName(object: KernelObject | undefined): string {
  if (!object) return "?";
  return object.struct === "Epitem" ? `fd ${object.fd}` : object.title;
}

/** An eventpoll as text: its tree, its ready list, and who waits. For tests and terminals. */
function drawEventpoll(inspection: Inspection, eventpoll: EventpollObject): string {
  const label = (address: number) => shortName(objectBy(inspection, address));
  const lines = [
    eventpoll.title,
    `rbr: ${indented(drawTree(eventpoll.tree, label))}`,
    `rdllist: ${drawList(eventpoll.ready, label)}`,
  ];
  if (eventpoll.batch.length > 0) lines.push(`txlist: ${drawList(eventpoll.batch, label)}`);
  if (eventpoll.overflow.length > 0) lines.push(`ovflist: ${drawList(eventpoll.overflow, label)}`);
  for (const queue of eventpoll.waitQueues) {
    if (queue.waiters.length > 0) lines.push(`${queue.name}: ${drawQueue(queue, label)}`);
  }
  return lines.join("\n");
}

/** The whole machine as text, as far as a reader of a test wants to see it: tasks, descriptors, sockets, eventpolls. */
export function draw(inspection: Inspection): string {
  const label = (address: number) => shortName(objectBy(inspection, address));
  const lines: string[] = [];
  for (const task of objectsOf(inspection, "TaskStruct")) {
    const on = task.sleepsOn ? ` on ${task.sleepsOn.name} of ${label(task.sleepsOn.owner)}` : "";
    const doing = task.running ? "running" : task.queued ? "runnable" : task.state.toLowerCase();
    lines.push(`${task.title}: ${doing}${on}${task.call ? `, in ${task.call}` : ""}`);
  }
  for (const files of objectsOf(inspection, "FilesStruct")) {
    for (const { fd, file } of files.fds) {
      const object = objectBy(inspection, file);
      const behind = object?.struct === "File" ? objectBy(inspection, object.private_data) : undefined;
      lines.push(`fd ${fd}: ${behind?.title ?? label(file)}`);
    }
  }
  for (const sock of objectsOf(inspection, "Sock")) {
    const queues = [
      sock.receiveQueue.length > 0 ? `receive ${drawList(sock.receiveQueue, label)}` : "",
      sock.writeQueue.length > 0 ? `send ${drawList(sock.writeQueue, label)}` : "",
      sock.acceptQueue.length > 0 ? `accept ${drawList(sock.acceptQueue, label)}` : "",
    ].filter(Boolean);
    lines.push([`${sock.title} ${sock.state}`, ...queues].join("; "));
  }
  for (const eventpoll of objectsOf(inspection, "Eventpoll")) lines.push(drawEventpoll(inspection, eventpoll));
  return lines.join("\n");
}
