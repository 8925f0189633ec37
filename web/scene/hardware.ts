import type { NicRingObject, PeerObject } from "../../lib/see/inspect.ts";
import { type Box, type Chip, keyOf } from "./scene.ts";
import { LIMITS, type SceneContext, textRow } from "./context.ts";
import { SHORT } from "./sockets.ts";
import { moreBox } from "./tasks.ts";

/** Number of slots of a ring that are drawn: from the oldest one that is in use. */
const SLOTS = 5;

/** The rings that the network card and its driver share. */
export function ringBoxes(context: SceneContext): Box[] {
  return context.all("NicRing").map((ring): Box => {
    const key = keyOf(ring.address);
    const which = ring.title.includes("tx") ? "tx" : "rx";
    const word = context.translate("word_ring", { which });
    return {
      key,
      address: ring.address,
      struct: "NicRing",
      place: "device",
      hue: "device",
      word,
      title: ring.busy ? "DMA" : "",
      note: "",
      tabs: [],
      rows: [
        { key: `${key}:slots`, name: "", text: "", chips: slotChips(context, ring, key), more: 0, tall: false },
        {
          ...textRow(`${key}:counts`, "", `head ${ring.head} done ${ring.done} tail ${ring.tail}`),
          hint: context.translate("hint_nic_ring"),
        },
      ],
      tree: null,
      label: `${word}: head ${ring.head}, done ${ring.done}, tail ${ring.tail}`,
    };
  });
}

/** The slots from the tail on. A slot with its bytes is full; one that belongs to the device is open. */
function slotChips(context: SceneContext, ring: NicRingObject, key: string): Chip[] {
  return Array.from({ length: SLOTS }, (_, i): Chip => {
    const slot = ring.slots[i];
    const full = slot?.flags.includes("DONE") ?? false;
    const waiting = slot !== undefined && !full && ring.title.includes("tx");
    const text = slot && (full || waiting) ? context.translate("bytes", { count: slot.length }) : "";
    return {
      key: `${key}:${(ring.tail + i) >>> 0}`,
      address: 0,
      struct: "",
      hue: "device",
      look: full || waiting ? "bytes" : slot ? "slot" : "free",
      text,
      label: "",
    };
  });
}

/** The peers outside. */
export function peerBoxes(context: SceneContext): Box[] {
  const peers = context.all("Peer").sort((a, b) => a.port - b.port);
  const isBusy = (peer: PeerObject) => context.focus.has(peer.address) || peer.state === "SYN_SENT";
  const { shown, more } = context.fold("peers", peers, LIMITS.peer, isBusy);
  const boxes = shown.map((peer) => peerBox(context, peer));
  return more > 0 ? [...boxes, moreBox(context, "peers", "peer", more)] : boxes;
}

/** What a peer has received, and what it has still to send. */
function bytesOf({ translate }: SceneContext, { received, waiting }: PeerObject): string {
  const got = translate("peer_received", { count: received });
  return waiting > 0 ? `${got} · ${translate("peer_waiting", { count: waiting })}` : got;
}

function peerBox(context: SceneContext, peer: PeerObject): Box {
  const word = context.translate("word_peer");
  return {
    key: keyOf(peer.address),
    address: peer.address,
    struct: "Peer",
    place: "peer",
    hue: "peer",
    word,
    title: `:${peer.port}`,
    note: SHORT[peer.state] ?? peer.state,
    tabs: [],
    rows: [textRow(`${keyOf(peer.address)}:bytes`, "", bytesOf(context, peer))],
    tree: null,
    label: `${word} :${peer.port} → :${peer.remotePort}, ${peer.state}, ${bytesOf(context, peer)}`,
  };
}
