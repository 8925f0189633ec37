import { chunk_give, chunk_order, chunk_take } from "./chunks";

/*
 * The keys of a batch in order, each with its place in the batch: a radix sort from the lowest digit, which leaves equal
 * keys in their order. A record is a key, turned into a number without a sign that is ordered as the keys are, and the
 * place: of i32 both in 8 bytes, of f64 in 16.
 */

/** Bits of a digit. */
const DIGIT: u32 = 11;
const DIGITS: u32 = 1 << DIGIT;
/** Most digits of a key. */
const MOST: u32 = 6;
const SIGN: u64 = 1 << 63;

/** Fewer keys than these are not worth bringing in order. */
export const WORTH_SORTING: u32 = 512;

/** The records of a batch. */
@unmanaged
export class Batch {
  /** The records in order; 0: there was no memory for them. */
  records: usize;
  /** As much memory again, which sorting needs. */
  other: usize;
  /** How often each digit stands at each place. */
  counts: usize;
  /** Size of each of the two. */
  order: u32;
}

const batch = changetype<Batch>(memory.data(offsetof<Batch>(), 16));

/** Size of a record, as a power of two. */
export function record_shift<K extends number>(): usize {
  return sizeof<K>() == 4 ? 3 : 4;
}

/** The key of a record. */
export function record_key<K extends number>(record: usize): K {
  if (sizeof<K>() == 4) return <K>(<i32>(load<u32>(record, 4) ^ 0x80000000));
  let bits = load<u64>(record);
  return reinterpret<K>(bits & SIGN ? bits ^ SIGN : ~bits);
}

/** The place that a record's key had in the batch. */
export function record_place<K extends number>(record: usize): u32 {
  return sizeof<K>() == 4 ? load<u32>(record) : load<u32>(record, 8);
}

/**
 * Brings the keys of a batch in order. batch_end() must follow.
 *
 * @param keys  Address of `count` keys, none of them NaN.
 * @returns     Address of the records; 0: there is no memory for them.
 */
export function batch_sort<K extends number>(keys: usize, count: u32): usize {
  batch.order = chunk_order((<usize>count) << record_shift<K>());
  batch.records = chunk_take(batch.order);
  batch.other = chunk_take(batch.order);
  batch.counts = chunk_take(chunk_order((<usize>(MOST * DIGITS)) << 2));
  if (!batch.records || !batch.other || !batch.counts) {
    batch_end();
    return 0;
  }
  if (!fill<K>(keys, count)) sort<K>(count);
  return batch.records;
}

/** Gives the memory of the records back. */
export function batch_end(): void {
  if (batch.records) chunk_give(batch.records, batch.order);
  if (batch.other) chunk_give(batch.other, batch.order);
  if (batch.counts) chunk_give(batch.counts, chunk_order((<usize>(MOST * DIGITS)) << 2));
  memory.fill(changetype<usize>(batch), 0, offsetof<Batch>());
}

/** Makes the records of the keys. Returns whether they are in order already. */
function fill<K extends number>(keys: usize, count: u32): bool {
  let record = batch.records;
  let in_order = true;
  let last: u64 = 0;
  for (let i: u32 = 0; i < count; i++) {
    let at = keys + <usize>i * sizeof<K>();
    if (sizeof<K>() == 4) {
      let bits = ((<u64>load<u32>(at)) ^ 0x80000000) << 32;
      store<u64>(record, bits | i);
      in_order = in_order && bits >= last;
      last = bits;
    } else {
      let bits = reinterpret<u64>(load<f64>(at) + 0.0); // -0 is 0
      bits = bits & SIGN ? ~bits : bits ^ SIGN;
      store<u64>(record, bits);
      store<u32>(record, i, 8);
      in_order = in_order && bits >= last;
      last = bits;
    }
    record += 1 << record_shift<K>();
  }
  return in_order;
}

/** Sorts the records, digit by digit; a digit that is the same in all of them is passed over. */
function sort<K extends number>(count: u32): void {
  let low: u32 = sizeof<K>() == 4 ? 32 : 0;
  let counts = batch.counts;
  memory.fill(counts, 0, (<usize>(MOST * DIGITS)) << 2);
  let end = batch.records + ((<usize>count) << record_shift<K>());
  for (let record = batch.records; record < end; record += 1 << record_shift<K>()) {
    let bits = load<u64>(record);
    let table = counts;
    for (let shift = low; shift < 64; shift += DIGIT) {
      let at = table + (((<usize>(bits >> shift)) & (DIGITS - 1)) << 2);
      store<u32>(at, load<u32>(at) + 1);
      table += DIGITS << 2;
    }
  }
  let table = counts;
  for (let shift = low; shift < 64; shift += DIGIT) {
    let first = ((<usize>(load<u64>(batch.records) >> shift)) & (DIGITS - 1)) << 2;
    if (load<u32>(table + first) != count) pass<K>(count, shift, table);
    table += DIGITS << 2;
  }
}

/** Sorts the records by one digit. */
function pass<K extends number>(count: u32, shift: u32, table: usize): void {
  let sum: u32 = 0;
  for (let at = table; at < table + (DIGITS << 2); at += 4) {
    let found = load<u32>(at);
    store<u32>(at, sum);
    sum += found;
  }
  let to = batch.other;
  let end = batch.records + ((<usize>count) << record_shift<K>());
  for (let record = batch.records; record < end; record += 1 << record_shift<K>()) {
    let bits = load<u64>(record);
    let at = table + (((<usize>(bits >> shift)) & (DIGITS - 1)) << 2);
    let place = load<u32>(at);
    store<u32>(at, place + 1);
    let there = to + ((<usize>place) << record_shift<K>());
    store<u64>(there, bits);
    if (sizeof<K>() == 8) store<u32>(there, load<u32>(record, 8), 8);
  }
  batch.other = batch.records;
  batch.records = to;
}
