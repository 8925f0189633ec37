import { BIO_INLINE_VECS, BIO_MAX_VECS, Bio, BioVec, SECTOR_SHIFT, gendisk } from "../include/blkdev";
import { CacheType } from "../include/mm_types";
import { Tp, enter, leave } from "../include/trace";
import { cache_of, kfree, kmalloc, kmem_cache_alloc, kmem_cache_create, kmem_cache_free } from "../mm/slab";

/** Size of a bio with the pieces that it has room for itself. Unit: bytes. */
const BIO_SIZE: usize = (offsetof<Bio>() + 7) & ~7;

/** Makes the cache of bios. @kernel init_bio(), block/bio.c */
export function bio_init(): void {
  kmem_cache_create(CacheType.Bio, BIO_SIZE + BIO_INLINE_VECS * offsetof<BioVec>(), 8);
}

/**
 * A bio for the machine's disk, without pieces. Its submitter sets bi_sector, bi_end_io and bi_private.
 *
 * @param nr_vecs  how many pieces it is to have room for, at most BIO_MAX_VECS.
 * @param opf      ReqOp, and ReqFlags bits.
 * @returns        null if memory is exhausted. @kernel bio_alloc(), block/bio.c
 */
export function bio_alloc(nr_vecs: u32, opf: u32): Bio | null {
  assert(nr_vecs <= BIO_MAX_VECS, "a bio with too many pieces");
  let address = kmem_cache_alloc(cache_of(CacheType.Bio));
  if (!address) return null;
  memory.fill(address, 0, BIO_SIZE);
  let bio = changetype<Bio>(address);
  bio.bi_io_vec = address + BIO_SIZE;
  bio.bi_max_vecs = <u16>BIO_INLINE_VECS;
  if (nr_vecs > BIO_INLINE_VECS) {
    bio.bi_io_vec = kmalloc(nr_vecs * offsetof<BioVec>());
    bio.bi_max_vecs = <u16>nr_vecs;
    if (!bio.bi_io_vec) {
      kmem_cache_free(cache_of(CacheType.Bio), address);
      return null;
    }
  }
  bio.bi_disk = gendisk();
  bio.bi_opf = opf;
  return bio;
}

/**
 * Adds a piece of memory to a bio; one that goes on where the last one ends becomes part of that.
 *
 * @param length  Unit: bytes; a multiple of 512.
 * @returns       false if there is no room for it. @kernel bio_add_page(), block/bio.c
 */
export function bio_add_page(bio: Bio, address: usize, length: u32): bool {
  let end = bio.bi_io_vec + <usize>bio.bi_vcnt * offsetof<BioVec>();
  if (bio.bi_vcnt) {
    let last = changetype<BioVec>(end - offsetof<BioVec>());
    if (last.bv_address + last.bv_len == address) {
      last.bv_len += length;
      bio.bi_size += length;
      return true;
    }
  }
  if (bio.bi_vcnt == bio.bi_max_vecs) return false;
  let piece = changetype<BioVec>(end);
  piece.bv_address = address;
  piece.bv_len = length;
  bio.bi_vcnt++;
  bio.bi_size += length;
  return true;
}

/** Frees a bio that nobody works on. @kernel bio_put(), block/bio.c */
export function bio_put(bio: Bio): void {
  let address = changetype<usize>(bio);
  if (bio.bi_io_vec != address + BIO_SIZE) kfree(bio.bi_io_vec);
  kmem_cache_free(cache_of(CacheType.Bio), address);
}

/** Number of the first sector behind a bio. */
export function bio_end_sector(bio: Bio): u64 {
  return bio.bi_sector + (bio.bi_size >> SECTOR_SHIFT);
}

/** A bio has ended: tells its submitter, who gives it back with bio_put(). @kernel bio_endio(), block/bio.c */
export function bio_endio(bio: Bio): void {
  enter(Tp.bio_endio, changetype<usize>(bio), -bio.bi_status, 0);
  bio.bi_next = null;
  if (bio.bi_end_io) call_indirect<void>(bio.bi_end_io, bio);
  leave(0);
}
