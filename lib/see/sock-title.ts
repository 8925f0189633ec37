import { type Reader, structs } from "./reader.ts";
import { layout } from "../layout.gen.ts";
import { text } from "./names.ts";

const { LISTEN } = layout.enums.TcpState.values;
const { UNIX } = layout.enums.Af.values;

/** Which connection a sock is: `:8080 listening`, `:8080 <- :40001`, `unix /run/x`; empty without an address. */
export function sockTitle(reader: Reader, sk: number): string {
  if (reader.get("Sock", sk, "skc_family") === UNIX) return unixTitle(reader, sk);
  const local = reader.get("Sock", sk, "skc_num") || reader.get("Sock", sk, "inet_sport");
  const remote = reader.get("Sock", sk, "skc_dport");
  if (reader.get("Sock", sk, "skc_state") === LISTEN) return `:${local} listening`;
  if (remote !== 0) return `:${local} <- :${remote}`;
  return local === 0 ? "" : `:${local}`;
}

/** The name of a UNIX socket; that of an abstract one begins with `@`, as ss writes it. */
function unixTitle(reader: Reader, sk: number): string {
  const address = reader.get("UnixSock", reader.get("Sock", sk, "unix"), "addr");
  if (address === 0) return "unix";
  const bytes = reader.bytes(
    address + structs["UnixAddress"]!.size,
    Math.min(reader.get("UnixAddress", address, "len"), 108),
  );
  const name = bytes[0] === 0 ? `@${text(bytes.subarray(1))}` : text(bytes);
  return `unix ${name}`;
}

/** The TcpFlags of a packet: a received one has them only in its header at first. */
export function skbFlags(reader: Reader, skb: number): number {
  const flags = reader.get("SkBuff", skb, "tcp_flags");
  const header = reader.get("SkBuff", skb, "transport_header");
  return flags === 0 && reader.holds("Tcphdr", header) ? reader.get("Tcphdr", header, "flags") : flags;
}
