import type { FileObject, SkBuffObject, SockObject, SocketObject } from "../../lib/see/inspect.ts";
import { type Box, type Chip, type Row, keyOf } from "./scene.ts";
import { type SceneContext, textRow } from "./context.ts";
import { pagesOf } from "./pages.ts";

/** Of more sockets than this, empty queues are not drawn. */
const MANY = 4;

/** States that ss(8) writes shorter, too. */
export const SHORT: Readonly<Record<string, string>> = { ESTABLISHED: "ESTAB" };

/** Which connection a sock is, without the word: `:8080←:40001`. */
export function connectionTitle(title: string): string {
  return title.replace(/^sock ?/, "").replace(" <- ", "←");
}

/** A file, as the tab by which descriptors reach what it stands for. */
export function fileTab(context: SceneContext, file: FileObject, text = "file"): Chip {
  const count = file.f_count > 1 ? `×${file.f_count}` : "";
  const references = context.translate("references", { count: file.f_count });
  return {
    key: keyOf(file.address),
    address: file.address,
    struct: "File",
    hue: "file",
    look: "plain",
    text: `${text}${count}`,
    label: `${file.title}, ${file.flags}, ${references}`,
  };
}

/** The sockets: one box for each sock, or for a struct socket that has none yet; those that wait for accept() are chips. */
export function socketBoxes(context: SceneContext): Box[] {
  const socks = context.all("Sock");
  const waiting = new Set(socks.flatMap((sock) => sock.acceptQueue));
  const owners = new Map(context.all("Socket").map((socket) => [socket.sk, socket]));
  const open = socks.filter(({ address }) => !waiting.has(address));
  const boxes = open.map((sock) => sockBox(context, sock, owners.get(sock.address), open.length > MANY));
  const bare = context.all("Socket").filter(({ sk }) => !context.get("Sock", sk));
  return [...boxes, ...bare.map((socket) => bareBox(context, socket))];
}

/** The files and the struct socket that lead to a sock. */
function tabsOf(context: SceneContext, socket: SocketObject | undefined): Chip[] {
  if (!socket) return [];
  const file = context.get("File", socket.file);
  const tab: Chip = {
    key: keyOf(socket.address),
    address: socket.address,
    struct: "Socket",
    hue: "socket",
    look: "plain",
    text: "socket",
    label: `struct socket, ${socket.state}`,
  };
  return file ? [fileTab(context, file), tab] : [tab];
}

/** A struct socket before it has a sock: accept() makes it first. */
function bareBox(context: SceneContext, socket: SocketObject): Box {
  return {
    key: `${keyOf(socket.address)}:bare`,
    address: socket.address,
    struct: "Socket",
    place: "object",
    hue: "socket",
    word: context.translate("word_socket"),
    title: "",
    note: socket.state,
    tabs: tabsOf(context, socket),
    rows: [],
    tree: null,
    label: `${context.translate("word_socket")} ${socket.state}`,
  };
}

function sockBox(context: SceneContext, sock: SockObject, socket: SocketObject | undefined, isDense: boolean): Box {
  const { translate } = context;
  const empty = translate("empty");
  const key = keyOf(sock.address);
  const title = connectionTitle(sock.title).replace(/ listening$/, "");
  return {
    key,
    address: sock.address,
    struct: "Sock",
    place: "object",
    hue: "socket",
    word: translate("word_sock"),
    title,
    note: stateOf(sock),
    tabs: tabsOf(context, socket),
    rows: sockRows(context, sock, socket, key).filter(
      ({ chips, name, text }) => !isDense || chips.length > 0 || text !== empty || !name,
    ),
    tree: null,
    label: `${translate("word_sock")} ${title}, ${sock.type === "STREAM" ? sock.state : stateOf(sock)}`,
  };
}

/** Its state as ss(8) writes it: one without connections has but a few. */
function stateOf({ family, type, state }: SockObject): string {
  if (type === "STREAM") return SHORT[state] ?? state;
  const connected = state === "ESTABLISHED" ? "ESTAB" : "UNCONN";
  return `${family === "INET" && type === "DGRAM" ? "UDP" : type} ${connected}`;
}

function sockRows(context: SceneContext, sock: SockObject, socket: SocketObject | undefined, key: string): Row[] {
  const { translate } = context;
  const rows: Row[] = [];
  if (sock.state === "LISTEN") {
    rows.push(...listenRows(context, sock, key));
  } else {
    rows.push(context.row(`${key}:receive`, translate("row_receive"), receiveChips(context, sock)));
  }
  if (sock.writeQueue.length > 0) {
    rows.push(context.row(`${key}:write`, translate("row_write"), packets(context, sock.writeQueue)));
  }
  for (const queue of socket?.waitQueues ?? []) rows.push(context.waitRow(queue, translate("row_wait")));
  if (sock.error !== null) rows.push(textRow(`${key}:error`, translate("row_error"), sock.error));
  if (sock.shutdown !== "0")
    rows.push(textRow(`${key}:shutdown`, translate("row_shutdown"), sock.shutdown.replace("|MASK", "")));
  return rows;
}

function listenRows(context: SceneContext, sock: SockObject, key: string): Row[] {
  const { translate } = context;
  const chips = sock.acceptQueue.map((address): Chip => {
    const title = context.title(address).replace(/^sock ?/, "");
    const text = title.replace(/^.*<- ?/, "") || "sock";
    const label = translate("connection_label", { title });
    return { key: keyOf(address), address, struct: "Sock", hue: "socket", look: "plain", text, label };
  });
  const rows = [context.row(`${key}:accept`, translate("row_accept"), chips, { text: `0 / ${sock.backlog}` })];
  const requests = context.all("RequestSock").filter(({ listener, sk }) => listener === sock.address && sk === 0);
  if (requests.length > 0) {
    const waiting = requests.map(({ address, title }): Chip => {
      const text = title.replace(/^.*<- ?/, "");
      return { key: keyOf(address), address, struct: "RequestSock", hue: "socket", look: "slot", text, label: title };
    });
    rows.push(context.row(`${key}:requests`, translate("row_requests"), waiting));
  }
  return rows;
}

/** What has arrived; of the first packet, how much of it has not been read yet. */
function receiveChips(context: SceneContext, sock: SockObject): Chip[] {
  const chips = packets(context, sock.receiveQueue);
  const [first, ...others] = chips;
  const skb = context.get("SkBuff", sock.receiveQueue[0] ?? 0);
  const total = sock.receiveQueue.reduce((sum, address) => sum + (context.get("SkBuff", address)?.len ?? 0), 0);
  const left = skb ? skb.len - (total - sock.readable) : 0;
  if (!first || !skb || left === skb.len || left < 0) return chips;
  const text = context.translate("bytes_left", { left, count: skb.len });
  return [{ ...first, text, label: `${first.label}: ${text}` }, ...others];
}

/** The packets of a queue. */
function packets(context: SceneContext, addresses: readonly number[]): Chip[] {
  return addresses.flatMap((address) => {
    const skb = context.get("SkBuff", address);
    return skb ? [packetChip(context, skb)] : [];
  });
}

/** A packet: how much it carries, or its flags if it carries nothing. */
function packetChip(context: SceneContext, skb: SkBuffObject): Chip {
  const { translate } = context;
  const hasData = skb.len > 0 || skb.flags === "0";
  const pages = pagesOf(
    context,
    skb.fragments.map(({ page }) => page),
  );
  const rights = skb.files.length > 0 ? translate("files_along", { count: skb.files.length }) : "";
  return {
    key: keyOf(skb.address),
    address: skb.address,
    struct: "SkBuff",
    hue: "page",
    look: "bytes",
    text: (skb.len > 0 ? translate("bytes", { count: skb.len }) : hasData ? "sk_buff" : skb.flags) + pages + rights,
    label: hasData
      ? translate("bytes_label", { count: skb.len, preview: skb.preview }) + rights
      : translate("packet_label", { flags: skb.flags }),
  };
}

/** The packets that are on no queue: the kernel is working on them. */
export function packetBox(context: SceneContext): Box | null {
  const queued = new Set(
    context.all("Sock").flatMap(({ receiveQueue, writeQueue }) => [...receiveQueue, ...writeQueue]),
  );
  const loose = context.all("SkBuff").filter(({ address }) => !queued.has(address));
  if (loose.length === 0) return null;
  const word = context.translate("word_packets");
  const row = context.row(
    "packets",
    "",
    loose.map((skb) => packetChip(context, skb)),
  );
  return {
    key: "packets",
    address: 0,
    struct: "",
    place: "packet",
    hue: "page",
    word,
    title: "",
    note: "",
    tabs: [],
    rows: [row],
    tree: null,
    label: word,
  };
}
