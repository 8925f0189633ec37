import { CppTask, CppType, CppVtable, SpCountedBase, SpKind } from "../include/cpp";
import { LibcData } from "../include/malloc";
import { Tp, trace } from "../include/trace";
import { kernel } from "../include/kernel";
import { libc_u32 } from "./libc";
import { load_u32, load_u64, store_u32, store_u64 } from "./access";
import { operator_new } from "./new_op";
import { push } from "./destroy";
import { trace_user } from "./malloc_chunk";

/*
 * Control blocks. use_count says how many own the object, weak_count how many look at the block: all weak_ptrs, and one more for all owners
 * together.
 *
 *   use_count 1 -> 0    the object dies; then the owners' share of weak_count is given up
 *   weak_count 1 -> 0   the block's memory is given back
 */

/** Bit of a record's upper address half: a count was changed by an atomic instruction. */
const ATOMIC: u32 = 0x8000_0000;
/** A control block without anything behind the counts. Unit: bytes. */
const BASE_SIZE: u64 = 16;
/** Its size with a pointer behind the counts. Unit: bytes. */
const PTR_SIZE: u64 = 24;
/** sizeof(std::_Sp_counted_array): the number of elements is the first thing behind the counts. Unit: bytes. */
const ARRAY_SIZE: u64 = 40;
/** Where it says where its memory begins, which is its first element. Unit: bytes. */
const ARRAY_MEMORY: u64 = 32;

/** Where a field of a control block lies. */
function use_count_at(block: u64): u64 {
  return block + offsetof<SpCountedBase>("use_count");
}

/** Where the other count lies. */
function weak_count_at(block: u64): u64 {
  return block + offsetof<SpCountedBase>("weak_count");
}

/** How many own the object of a block; 0 if there is no block. */
export function use_count(block: u64): u32 {
  return block ? load_u32(use_count_at(block)) : 0;
}

/** The CppVtable of a block. */
function vtable_of(block: u64): u64 {
  return load_u64(block + offsetof<SpCountedBase>("vptr"));
}

/** Changes a count, and leaves a record. A process that has had threads does so by an atomic instruction. */
function change(event: Tp, block: u64, at: u64, to: u32): void {
  let atomic: u32 = kernel.tracing && !libc_u32(offsetof<LibcData>("single_threaded")) ? ATOMIC : 0;
  change_by(event, block, at, to, atomic);
}

/** As change(), where libstdc++ does not ask for threads. @param atomic  ATOMIC, or 0. */
function change_by(event: Tp, block: u64, at: u64, to: u32, atomic: u32): void {
  store_u32(at, to);
  if (kernel.tracing) trace(event, <usize>block, (<usize>(block >> 32)) | atomic, to);
}

/** One more owner. @kernel std::_Sp_counted_base::_M_add_ref_copy() */
export function add_ref(block: u64): void {
  if (block) change(Tp._M_add_ref_copy, block, use_count_at(block), use_count(block) + 1);
}

/** One more observer. @kernel std::_Sp_counted_base::_M_weak_add_ref() */
export function weak_add_ref(block: u64): void {
  if (block) change(Tp._M_weak_add_ref, block, weak_count_at(block), load_u32(weak_count_at(block)) + 1);
}

/** One more owner, if there are any. @returns whether. @kernel std::_Sp_counted_base::_M_add_ref_lock_nothrow() */
export function add_ref_lock(block: u64): bool {
  let count = use_count(block);
  if (!count) return false;
  // By a comparison and exchange, whether there are threads or not.
  change_by(Tp._M_add_ref_copy, block, use_count_at(block), count + 1, ATOMIC);
  return true;
}

/** One owner less. The last one leaves work on the stack: see run(). @kernel std::_Sp_counted_base::_M_release() */
export function release(block: u64): void {
  if (!block) return;
  let count = use_count(block);
  // The last owner, and no observer: nobody else can look, so that both counts are simply stored, threads or not.
  let unique = count == 1 && load_u32(weak_count_at(block)) == 1;
  if (unique) {
    store_u32(weak_count_at(block), 0);
    change_by(Tp._M_release, block, use_count_at(block), 0, 0);
  } else change(Tp._M_release, block, use_count_at(block), count - 1);
  if (count != 1) return;
  push(unique ? CppTask.DESTROY_BLOCK : CppTask.WEAK_RELEASE, block, 0, 0);
  dispose(block);
}

/** One observer less. @kernel std::_Sp_counted_base::_M_weak_release() */
export function weak_release(block: u64): void {
  if (!block) return;
  let count = load_u32(weak_count_at(block)) - 1;
  change(Tp._M_weak_release, block, weak_count_at(block), count);
  if (!count) push(CppTask.DESTROY_BLOCK, block, 0, 0);
}

/** The object dies. @kernel std::_Sp_counted_base::_M_dispose() */
function dispose(block: u64): void {
  trace_user(Tp._M_dispose, block, 0);
  let vtable = vtable_of(block);
  let kind = load_u32(vtable + offsetof<CppVtable>("kind"));
  let type = load_u64(vtable + offsetof<CppVtable>("type"));
  if (kind == SpKind.INPLACE) return push(CppTask.DESTROY, block + BASE_SIZE, type, 0);
  if (kind == SpKind.ARRAY) return dispose_array(block, type);
  let deleter = <u64>load_u32(vtable + offsetof<CppVtable>("deleter"));
  let object = load_u64(block + BASE_SIZE + deleter);
  if (kind == SpKind.DELETER && !load_u32(vtable + offsetof<CppVtable>("quiet")))
    trace_user(Tp.cpp_deleter, object, load_u32(type + offsetof<CppType>("id")));
  if (!object) return;
  if (kind == SpKind.ARRAY_PTR) return delete_array(object, type);
  delete_object(object, type);
}

/** The elements of an array die; they lie before the block. */
function dispose_array(block: u64, type: u64): void {
  push(CppTask.ELEMENTS, array_elements(block), type, <u32>load_u64(block + BASE_SIZE));
}

/** delete: the object dies, and its memory is given back. */
export function delete_object(object: u64, type: u64): void {
  push(CppTask.FREE, object, 0, load_u32(type + offsetof<CppType>("size")));
  push(CppTask.DESTROY, object, type, 0);
}

/** delete[]: the elements die, the last one first. Before them lies how many there are. */
export function delete_array(array: u64, type: u64): void {
  let n = <u32>load_u64(array - 8);
  push(CppTask.FREE, array - 8, 0, 8 + n * load_u32(type + offsetof<CppType>("size")));
  push(CppTask.ELEMENTS, array, type, n);
}

/** Size of a control block, what lies with it included. Unit: bytes. */
function block_size(kind: u32, deleter: u64, type: u64): u64 {
  if (kind == SpKind.INPLACE) return BASE_SIZE + ((<u64>load_u32(type + offsetof<CppType>("size")) + 7) & ~(<u64>7));
  return PTR_SIZE + deleter;
}

/** Makes the counts of a new block: one owner. */
function begin_block(block: u64, vtable: u64): void {
  store_u64(block + offsetof<SpCountedBase>("vptr"), vtable);
  store_u32(use_count_at(block), 1);
  store_u32(weak_count_at(block), 1);
}

/** A control block for an object that is there. @returns it. @kernel std::__shared_count::__shared_count() */
export function counted_ptr(vtable: u64, object: u64): u64 {
  let deleter = <u64>load_u32(vtable + offsetof<CppVtable>("deleter"));
  let block = operator_new(block_size(load_u32(vtable), deleter, 0));
  begin_block(block, vtable);
  store_u64(block + BASE_SIZE + deleter, object);
  trace_user(Tp.__shared_count, block, 0);
  return block;
}

/** A control block with room for an object behind it. @returns it. @kernel std::_Sp_counted_ptr_inplace */
export function counted_inplace(vtable: u64): u64 {
  let block = operator_new(block_size(SpKind.INPLACE, 0, load_u64(vtable + offsetof<CppVtable>("type"))));
  begin_block(block, vtable);
  trace_user(Tp.__shared_count, block, 0);
  return block;
}

/** Where the object of such a block lies. */
export function inplace_object(block: u64): u64 {
  return block + BASE_SIZE;
}

/** The block of an array takes so many elements' room; what has no size, because it is no type, counts as one byte. */
function array_tail(type: u64, size: u64): u64 {
  if (!size) return ARRAY_SIZE;
  let align = min<u64>(load_u32(type + offsetof<CppType>("align")), 8);
  return (ARRAY_SIZE + 8 - align + size - 1) / size;
}

/** Where the first element of an array lies. */
export function array_elements(block: u64): u64 {
  return load_u64(block + ARRAY_MEMORY);
}

/** Room for so many elements, and a control block behind them. @returns the block. @kernel std::_Sp_counted_array */
export function counted_array(vtable: u64, n: u64): u64 {
  let type = load_u64(vtable + offsetof<CppVtable>("type"));
  let size = <u64>load_u32(type + offsetof<CppType>("size"));
  let memory = operator_new((n + array_tail(type, size)) * size);
  let block = (memory + n * size + 7) & ~(<u64>7);
  begin_block(block, vtable);
  store_u64(block + BASE_SIZE, n);
  store_u64(block + ARRAY_MEMORY, memory);
  trace_user(Tp.__shared_count, block, 0);
  return block;
}

/** Gives the memory of a block back, and the object's with it if they are one. @kernel _M_destroy() */
export function destroy_block(block: u64): void {
  let vtable = vtable_of(block);
  let kind = load_u32(vtable);
  let type = load_u64(vtable + offsetof<CppVtable>("type"));
  trace_user(Tp._M_destroy, block, 0);
  if (kind != SpKind.ARRAY) {
    push(CppTask.FREE, block, 0, <u32>block_size(kind, load_u32(vtable + offsetof<CppVtable>("deleter")), type));
    return;
  }
  let size = <u64>load_u32(type + offsetof<CppType>("size"));
  let units = load_u64(block + BASE_SIZE) + array_tail(type, size);
  push(CppTask.FREE, array_elements(block), 0, <u32>(units * size));
}
