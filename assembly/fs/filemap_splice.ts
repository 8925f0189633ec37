import { File } from "../include/fs";
import { Folio, PAGE_SHIFT, PAGE_SIZE, folio_address } from "../include/mm_types";
import { PipeBufOps, PipeInodeInfo } from "./pipe_ring";
import { SLEEPING } from "../include/sched";
import { SpliceDesc } from "../include/splice";
import { Tp, enter, leave } from "../include/trace";
import { add_to_pipe } from "./pipe_buf";
import { current } from "../kernel/sched";
import { filemap_get_page } from "../mm/filemap_read";
import { folio_mark_accessed } from "../mm/swap";

/** A slot gets the reference to a folio, from a position on. @returns bytes. @kernel splice_folio_into_pipe(), mm/filemap.c */
function splice_folio_into_pipe(pipe: PipeInodeInfo, folio: Folio, pos: i64, left: u64): u32 {
  let offset = <u32>(pos & (PAGE_SIZE - 1));
  let bytes = <u32>min<u64>(left, PAGE_SIZE - offset);
  folio_mark_accessed(folio);
  add_to_pipe(pipe, folio_address(folio), offset, bytes, PipeBufOps.PAGE_CACHE);
  return bytes;
}

/** The page of a file at a position, and more are read ahead. @returns its folio; 0 at the end; -errno; SLEEPING. */
function get_page_at(file: File, pos: i64, left: u64): i64 {
  let mapping = file.f_mapping!;
  if (pos >= mapping.host.i_size) return 0;
  let index = <u32>(pos >> PAGE_SHIFT);
  let end = (<u64>pos + left + (PAGE_SIZE - 1)) >> PAGE_SHIFT;
  return filemap_get_page(mapping, file.f_ra, index, <u32>end - index, 0);
}

/** Bytes that a step has still to move. */
function left_of(sd: SpliceDesc): u64 {
  return sd.total_len - sd.num_spliced;
}

/**
 * A pipe gets references to pages of a file in the page cache; those that are not there are read first.
 *
 * @returns  bytes; 0 at the end; -EIO, -ENOMEM if there is not even one page; SLEEPING.
 * @kernel filemap_splice_read(), mm/filemap.c
 */
export function filemap_splice_read(file: File, ppos: usize, pipe: PipeInodeInfo, len: usize, flags: u32): i64 {
  enter(Tp.filemap_splice_read, changetype<usize>(file), changetype<usize>(pipe), len);
  let sd = current().splice!;
  let result: i64 = 0;
  while (left_of(sd) && !pipe.full) {
    let pos = load<i64>(ppos);
    result = get_page_at(file, pos, left_of(sd));
    if (result == SLEEPING) return leave(result);
    if (result <= 0) break;
    let left = min<u64>(left_of(sd), file.f_mapping!.host.i_size - pos);
    let bytes = splice_folio_into_pipe(pipe, changetype<Folio>(<usize>result), pos, left);
    sd.num_spliced += bytes;
    store<i64>(ppos, pos + bytes);
    file.f_ra.prev_pos = pos + bytes;
  }
  return leave(sd.num_spliced ? <i64>sd.num_spliced : min<i64>(result, 0));
}
