import { fragmentsOf, zerocopyOf } from "../fragments.ts";
import { type Graph, title } from "./graph.ts";
import { type Reader, embedOffset } from "../reader.ts";
import { enumName, flagNames, functionName } from "../names.ts";
import { errnoName } from "../../machine/errno.ts";
import { layout } from "../../layout.gen.ts";
import { listOf, scmFiles } from "../walk.ts";
import { skbFlags, sockTitle } from "../sock-title.ts";

const { LISTEN } = layout.enums.TcpState.values;
const { UNIX } = layout.enums.Af.values;
const { DGRAM } = layout.enums.SockType.values;
/** Length of the text that stands for a packet's data. Unit: bytes. */
const PREVIEW = 32;

/** Sockets, their cores, requests for connections, and packets. */
export function inspectSockets(graph: Graph): void {
  const { reader, population } = graph;
  for (const address of graph.of("Socket")) {
    const file = reader.get("Socket", address, "file");
    const sk = reader.get("Socket", address, "sk");
    const where = population.has("Sock", sk) ? sockTitle(reader, sk) : "";
    graph.add({
      address,
      struct: "Socket",
      title: title("socket", graph.fdTitle(file), where),
      state: enumName("SocketState", reader.get("Socket", address, "state")),
      file,
      sk,
      waitQueues: graph.waitQueues(address, "Socket"),
    });
    graph.link(address, sk, "sk");
  }
  for (const address of graph.of("Sock")) inspectSock(graph, address);
  for (const address of population.of("RequestSock")) {
    const get = (field: "skc_num" | "skc_dport" | "rsk_listener" | "sk") => reader.get("RequestSock", address, field);
    graph.add({
      address,
      struct: "RequestSock",
      title: `request :${get("skc_num")} <- :${get("skc_dport")}`,
      listener: get("rsk_listener"),
      sk: get("sk"),
    });
    graph.link(address, get("rsk_listener"), "listener");
    graph.link(address, get("sk"), "sk");
  }
  for (const address of population.of("SkBuff")) inspectSkBuff(graph, address);
  for (const address of population.of("UbufInfoMsgzc")) inspectUbuf(graph, address);
}

function inspectSock(graph: Graph, address: number): void {
  const { reader } = graph;
  const get = (field: Parameters<typeof reader.get<"Sock">>[2]) => reader.get("Sock", address, field);
  const state = get("skc_state");
  const receiveQueue = queue(graph, address, "sk_receive_queue");
  const writeQueue = queue(graph, address, "sk_write_queue");
  const unix = get("skc_family") === UNIX;
  const acceptQueue = state !== LISTEN ? [] : unix ? embryos(graph, receiveQueue) : accepted(graph, address);
  const error = get("sk_err");
  const peer = unix ? reader.get("UnixSock", get("unix"), "peer") : 0;
  graph.add({
    address,
    struct: "Sock",
    title: title("sock", sockTitle(reader, address)),
    state: enumName("TcpState", state),
    family: enumName("Af", get("skc_family")),
    type: enumName("SockType", get("sk_type")),
    localPort: get("skc_num"),
    remotePort: get("skc_dport"),
    socket: get("sk_socket"),
    error: error === 0 ? null : (errnoName(-error) ?? String(error)),
    shutdown: flagNames("ShutdownMask", get("sk_shutdown")),
    sk_data_ready: functionName(get("sk_data_ready")),
    receiveQueue,
    writeQueue,
    readable: state === LISTEN ? 0 : receiveQueue.reduce((sum, skb) => sum + unread(graph, address, skb), 0),
    acceptQueue,
    backlog: get("sk_max_ack_backlog"),
    sk_rmem_alloc: get("sk_rmem_alloc"),
    sk_wmem_alloc: get("sk_wmem_alloc"),
    sk_rcvbuf: get("sk_rcvbuf"),
    sk_sndbuf: get("sk_sndbuf"),
    peer,
  });
  graph.links(address, receiveQueue, "receive_queue");
  graph.links(address, writeQueue, "write_queue");
  graph.links(address, acceptQueue, "accept_queue");
  graph.link(address, peer, "peer");
}

/** Bytes of a packet that have not been read: a program may have read its beginning only. */
function unread({ reader }: Graph, sk: number, skb: number): number {
  const [len, seq] = [reader.get("SkBuff", skb, "len"), reader.get("SkBuff", skb, "seq")];
  if (reader.get("Sock", sk, "sk_type") === DGRAM) return len;
  if (reader.get("Sock", sk, "skc_family") === UNIX) return Math.max(0, len - seq);
  const ahead = (seq + len - reader.get("Sock", sk, "copied_seq")) | 0;
  return Math.min(len, Math.max(0, ahead));
}

/** The packets of a queue, the oldest first. One that is not set up yet is empty. */
function queue({ reader, onBreak }: Graph, sk: number, embed: "sk_receive_queue" | "sk_write_queue"): number[] {
  const head = sk + embedOffset("Sock", embed) + embedOffset("SkBuffHead", "list");
  return reader.u32(head) === 0 ? [] : listOf(reader, head, "SkBuff", "list", onBreak);
}

/** The finished connections of a listening socket, the oldest first. */
function accepted({ reader, population }: Graph, sk: number): number[] {
  const found = new Set<number>();
  const socks: number[] = [];
  const queue = reader.get("Sock", sk, "icsk_accept_queue");
  let request = reader.holds("RequestSockQueue", queue) ? reader.get("RequestSockQueue", queue, "rskq_accept_head") : 0;
  while (population.has("RequestSock", request) && !found.has(request)) {
    found.add(request);
    socks.push(reader.get("RequestSock", request, "sk"));
    request = reader.get("RequestSock", request, "dl_next");
  }
  return socks;
}

/** The connections of a listening UNIX socket: each came in an sk_buff, as the sock for the listening side. */
function embryos({ reader, population }: Graph, packets: readonly number[]): number[] {
  return packets.map((skb) => reader.get("SkBuff", skb, "sk")).filter((sk) => population.has("Sock", sk));
}

function inspectSkBuff(graph: Graph, address: number): void {
  const { reader } = graph;
  const len = reader.get("SkBuff", address, "len");
  const flags = skbFlags(reader, address);
  const files = scmFiles(reader, reader.get("SkBuff", address, "scm"));
  graph.add({
    address,
    struct: "SkBuff",
    title: title("sk_buff", `${len} bytes`, flags ? flagNames("TcpFlags", flags) : ""),
    len,
    truesize: reader.get("SkBuff", address, "truesize"),
    flags: flagNames("TcpFlags", flags),
    seq: reader.get("SkBuff", address, "seq"),
    sk: reader.get("SkBuff", address, "sk"),
    files,
    fragments: fragmentsOf(reader, address),
    zerocopy: zerocopyOf(reader, address),
    preview: preview(reader, address, len),
  });
  graph.links(address, files, "rights");
}

function inspectUbuf(graph: Graph, address: number): void {
  const get = (field: "sk" | "id" | "len" | "refcnt" | "zerocopy" | "queued") =>
    graph.reader.get("UbufInfoMsgzc", address, field);
  const last = (get("id") + get("len") - 1) >>> 0;
  graph.add({
    address,
    struct: "UbufInfoMsgzc",
    title: title("MSG_ZEROCOPY", `calls ${get("id")} to ${last}`),
    sk: get("sk"),
    first: get("id"),
    last,
    refcnt: get("refcnt"),
    copied: get("zerocopy") === 0,
    queued: get("queued") === 1,
  });
  graph.link(address, get("sk"), "sk");
}

/** The first bytes that lie in the buffer itself. */
function preview(reader: Reader, skb: number, len: number): string {
  const linear = Math.min(len - reader.get("SkBuff", skb, "data_len"), PREVIEW);
  const bytes = reader.bytes(reader.get("SkBuff", skb, "data"), linear);
  return Array.from(bytes, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ".")).join("");
}
