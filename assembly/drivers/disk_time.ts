import { DiskKind, DiskState } from "./disk_types";
import { Request, SECTOR_SHIFT } from "../include/blkdev";
import { extent_of, extent_offset } from "./disk_extent";
import { PIO_BLOCK } from "./pio";
import { kernel } from "../include/kernel";

/*
 * How long a disk takes.
 *
 * A flash disk has channels: each answers after costs.flash_latency, several at once; then the bytes take the one way to
 * the memory, one command after the other.
 *
 * A rotating disk has one head: it moves to the track (costs.disk_seek), waits until the sector comes along
 * (costs.disk_rotation is one turn), and reads or writes while the platters turn on. Where the platters stand follows from
 * the time alone. Of the commands it has, it takes the one that it reaches first, as disks with a queue of their own do; but no
 * command waits for others longer than MAX_WAIT.
 */

/** A command that has waited so long is next. Unit: ns. */
const MAX_WAIT: u64 = 500_000_000;
/** Number of tracks between which a head moves in costs.disk_seek: a third of those of a disk of 1 TB. */
const MEAN_TRACKS: f64 = 220_000;
/** The part of costs.disk_seek that even the shortest move takes: the head has to settle. */
const SETTLING: f64 = 0.1;

/** How many bytes of a command the disk reads or writes before a CPU is wanted: all of them, if it moves them itself. */
function first_part(disk: DiskState, request: Request): u32 {
  return disk.pio ? min(request.data_len, PIO_BLOCK) : request.data_len;
}

/** How long the disk reads or writes bytes, once it is where they are. Unit: ns. */
export function part_duration(disk: DiskState, bytes: u32): u64 {
  let costs = kernel.costs;
  return by_length(bytes, disk.kind == DiskKind.ROTATING ? costs.disk_64k : costs.flash_64k);
}

/** How long bytes take by their number, at a cost for 64 KiB. Unit: ns. */
function by_length(bytes: u32, cost_64k: u32): u64 {
  return (<u64>bytes * cost_64k) >> 16;
}

/** Address of the time at which the channel is free that is free first. */
function first_channel(disk: DiskState): usize {
  let best = disk.channel_free;
  let end = best + ((<usize>disk.channels) << 3);
  for (let at = best + 8; at < end; at += 8) if (load<u64>(at) < load<u64>(best)) best = at;
  return best;
}

/** When a flash disk will have done a command. */
function flash_finish(disk: DiskState, request: Request, now: u64): u64 {
  let costs = kernel.costs;
  let channel = first_channel(disk);
  let answer = max(now, load<u64>(channel)) + costs.flash_latency;
  store<u64>(channel, answer);
  disk.bus_free = max(answer, disk.bus_free) + part_duration(disk, first_part(disk, request));
  return disk.bus_free;
}

/** Sectors that pass under the head in one turn. */
function sectors_per_track(): u64 {
  let costs = kernel.costs;
  return max<u64>(1, ((<u64>costs.disk_rotation) << 7) / max<u64>(1, costs.disk_64k));
}

/** Where a command begins on the platters. Unit: sectors. */
function platter_sector(request: Request): u64 {
  let extent = extent_of(request.sector);
  let begin = extent ? extent.platter << 3 : 0;
  return begin + (extent_offset(request.sector) >> SECTOR_SHIFT);
}

/** How long the head moves over a number of tracks. Unit: ns. */
function seek_time(tracks: u64): u64 {
  if (!tracks) return 0;
  let share = min<f64>(Math.sqrt(<f64>tracks / MEAN_TRACKS), 2);
  return <u64>(<f64>kernel.costs.disk_seek * (SETTLING + (1 - SETTLING) * share));
}

/** How long it takes until a command's first sector is under the head. Unit: ns. */
function positioning_time(disk: DiskState, request: Request, now: u64): u64 {
  let turn = <u64>max<u32>(1, kernel.costs.disk_rotation);
  let per_track = sectors_per_track();
  let sector = platter_sector(request);
  let track = sector / per_track;
  let seek = seek_time(track > disk.track ? track - disk.track : disk.track - track);
  let angle = ((sector % per_track) * turn) / per_track;
  let there = (now + seek) % turn;
  return seek + (angle >= there ? angle - there : angle + turn - there);
}

/** The head begins with a command. */
function start_head(disk: DiskState, request: Request, now: u64): void {
  disk.active = request;
  if (!request.data_len) {
    request.finish = max<u64>(1, now);
    return;
  }
  let wait = positioning_time(disk, request, now);
  request.finish = max<u64>(1, now + wait + part_duration(disk, first_part(disk, request)));
  disk.track = (platter_sector(request) + (request.data_len >> SECTOR_SHIFT)) / sectors_per_track();
}

/** The command that the head reaches first, or that has waited too long; null if there is none. */
function next_for_head(disk: DiskState, now: u64): Request | null {
  let best: Request | null = null;
  let best_time = u64.MAX_VALUE;
  for (let link = disk.commands.next; link !== disk.commands; link = link.next) {
    let request = Request.of_queuelist(link);
    // A flush waits for those before it, and those behind it for the flush: the list is in order.
    if (!request.data_len) return best ? best : request;
    if (request.issued + MAX_WAIT < now) return request;
    let time = positioning_time(disk, request, now);
    if (time >= best_time) continue;
    best = request;
    best_time = time;
  }
  return best;
}

/** The disk begins with commands that it has not begun with, as many as it can at once. @param now ns since boot. */
export function disk_begin(disk: DiskState, now: u64): void {
  if (disk.kind == DiskKind.ROTATING) {
    if (disk.active) return;
    let next = next_for_head(disk, now);
    if (next) start_head(disk, next, now);
    return;
  }
  for (let link = disk.commands.prev; link !== disk.commands; link = link.prev) {
    let request = Request.of_queuelist(link);
    if (request.finish) break;
    request.finish = max<u64>(1, flash_finish(disk, request, now));
  }
}
