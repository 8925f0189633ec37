import { type Reader, structs } from "./reader.ts";
import { fragmentsOf, sharedInfo } from "./fragments.ts";
import type { Population } from "./population.ts";
import { layout } from "../layout.gen.ts";
import { PAGE_SIZE, pageOf } from "./population.ts";
import { pipeSlots } from "./pipe-slots.ts";

const { TAIL } = layout.enums.PageFlags.values;
/** No transfer and no registered buffer has more pages. */
const MOST_PAGES = 1 << 18;

/** One reference to a frame, by something that is neither the page cache nor a page table. */
export interface PageReference {
  /** Address of the struct Page of the block's first frame. */
  readonly page: number;
  /** Address of the pipe, the packet, the transfer, or the ring. */
  readonly holder: number;
  /** `slot` of a pipe, `fragment` of a packet, `pin`: the pages of a program that a device has. */
  readonly kind: "slot" | "fragment" | "pin";
}

/** Everything that refers to frames and can be found. Packets that share a buffer have its references together. */
export function* pageReferences(reader: Reader, population: Population): Generator<PageReference> {
  for (const pipe of population.of("PipeInodeInfo")) {
    for (const slot of pipeSlots(reader, pipe)) {
      const address = reader.get("PipeBuffer", slot, "page");
      if (address !== 0) yield { page: headOf(reader, pageOf(address)), holder: pipe, kind: "slot" };
    }
  }
  const buffers = new Set<number>();
  for (const skb of population.of("SkBuff")) {
    const buffer = sharedInfo(reader, skb);
    if (buffers.has(buffer)) continue;
    buffers.add(buffer);
    for (const { page } of fragmentsOf(reader, skb)) {
      yield { page: headOf(reader, page), holder: skb, kind: "fragment" };
    }
  }
  for (const dio of population.of("IomapDio")) {
    const pages = reader.get("IomapDio", dio, "pages");
    for (let i = 0; i < Math.min(reader.get("IomapDio", dio, "nr_pages"), MOST_PAGES); i++) {
      yield { page: headOf(reader, pageOf(reader.u32(pages + 4 * i))), holder: dio, kind: "pin" };
    }
  }
  for (const ring of population.of("IoRingCtx")) yield* registered(reader, ring);
}

/** The pages of the buffers that are registered with a ring. */
function* registered(reader: Reader, ring: number): Generator<PageReference> {
  const table = reader.get("IoRingCtx", ring, "user_bufs");
  if (table === 0) return;
  for (let i = 0; i < Math.min(reader.get("IoRingCtx", ring, "nr_user_bufs"), MOST_PAGES); i++) {
    const buffer = reader.u32(table + 4 * i);
    if (!reader.holds("IoMappedUbuf", buffer)) continue;
    const first = buffer + structs["IoMappedUbuf"]!.size;
    for (let k = 0; k < Math.min(reader.get("IoMappedUbuf", buffer, "nr_bvecs"), MOST_PAGES); k++) {
      yield { page: headOf(reader, pageOf(reader.u32(first + 16 * k))), holder: ring, kind: "pin" };
    }
  }
}

/** The first frame of the block that a frame belongs to: it has the block's references. */
function headOf(reader: Reader, page: number): number {
  return reader.holds("Page", page) && reader.get("Page", page, "flags") & TAIL
    ? reader.get("Page", page, "private_data")
    : page;
}

/** The pages that a disk reads into or writes from, by bio. Bios have no references: who submits them has. */
export function* bioPages(reader: Reader, population: Population): Generator<{ page: number; bio: number }> {
  for (const bio of population.of("Bio")) {
    const pieces = reader.get("Bio", bio, "bi_io_vec");
    for (let i = 0; i < Math.min(reader.get("Bio", bio, "bi_vcnt"), layout.constants.BIO_MAX_VECS); i++) {
      const piece = pieces + i * structs["BioVec"]!.stride;
      const from = reader.get("BioVec", piece, "bv_address");
      const to = from + Math.min(reader.get("BioVec", piece, "bv_len"), MOST_PAGES * PAGE_SIZE);
      for (let at = from - (from % PAGE_SIZE); at < to; at += PAGE_SIZE) yield { page: pageOf(at), bio };
    }
  }
}
