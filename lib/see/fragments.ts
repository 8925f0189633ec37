import { type Reader, structs } from "./reader.ts";

const SHARED = structs["SkbSharedInfo"]!;
const FRAG = structs["SkbFrag"]!;

/** A piece of a packet that lies in a frame of its own. */
export interface Fragment {
  /** Address of the struct Page of the frame. */
  readonly page: number;
  /** Where in the frame it begins. Unit: bytes. */
  readonly offset: number;
  /** Unit: bytes. */
  readonly size: number;
  /** Address of the AddressSpace whose page it is, such as that of a file; 0: nobody's, or a program's. */
  readonly mapping: number;
}

/** Address of what all sk_buffs of one buffer share. */
export function sharedInfo(reader: Reader, skb: number): number {
  return reader.get("SkBuff", skb, "end");
}

/** Pieces of a packet in frames, in their order. */
export function fragmentsOf(reader: Reader, skb: number): Fragment[] {
  const info = sharedInfo(reader, skb);
  if (!reader.holds("SkbSharedInfo", info)) return [];
  return Array.from({ length: reader.get("SkbSharedInfo", info, "nr_frags") }, (_, i) => {
    const at = info + SHARED.stride + i * FRAG.stride;
    const page = reader.get("SkbFrag", at, "page");
    return {
      page,
      offset: reader.get("SkbFrag", at, "offset"),
      size: reader.get("SkbFrag", at, "size"),
      mapping: reader.holds("Page", page) ? reader.get("Page", page, "mapping") : 0,
    };
  });
}

/** Address of the UbufInfoMsgzc whose pages a packet holds; 0: none. */
export function zerocopyOf(reader: Reader, skb: number): number {
  const info = sharedInfo(reader, skb);
  return reader.holds("SkbSharedInfo", info) ? reader.get("SkbSharedInfo", info, "uarg") : 0;
}
