import { CXX_AT, CppFrame, CppHolder, CppMember, CppTask, CppType, CxxData, SharedPtr } from "../include/cpp";
import { Tp } from "../include/trace";
import { delete_array, delete_object, destroy_block, release, weak_release } from "./sp_counted";
import { libc_field } from "./libc";
import { load_u32, load_u64, no_page, stopped, store_u32, store_u64 } from "./access";
import { operator_delete } from "./new_op";
import { trace_user } from "./malloc_chunk";

/*
 * Destructors call one another, as deep as a list is long. What is still to be done lies on the program's own stack, in
 * frames; like the frames of real calls it may run over the end of the stack, which is a segmentation fault.
 */

/** Distance between two frames. Unit: bytes. */
const FRAME: u64 = 24;

/** Where the members lie in a CppType. Unit: bytes. */
const MEMBERS_AT: u64 = 24;
/** Distance between two members. Unit: bytes. */
const MEMBER: u64 = 16;

/** Where the stack's end is noted. */
function sp_at(): u64 {
  return libc_field(CXX_AT + offsetof<CxxData>("sp"));
}

/** Something is to be done, before everything that was pushed earlier. */
export function push(task: CppTask, address: u64, type: u64, left: u32): void {
  let sp = load_u64(sp_at()) - FRAME;
  if (sp < load_u64(libc_field(CXX_AT + offsetof<CxxData>("stack_limit")))) return no_page(sp, true);
  store_u64(sp_at(), sp);
  store_u32(sp + offsetof<CppFrame>("task"), task);
  store_u32(sp + offsetof<CppFrame>("left"), left);
  store_u64(sp + offsetof<CppFrame>("address"), address);
  store_u64(sp + offsetof<CppFrame>("type"), type);
}

/** A member is destroyed. */
function destroy_member(address: u64, holder: u32, type: u64): void {
  if (holder == CppHolder.SHARED) release(load_u64(address + offsetof<SharedPtr>("refcount")));
  else if (holder == CppHolder.WEAK) weak_release(load_u64(address + offsetof<SharedPtr>("refcount")));
  else if (holder == CppHolder.UNIQUE || holder == CppHolder.UNIQUE_ARRAY) {
    let owned = load_u64(address);
    store_u64(address, 0);
    if (!owned) return;
    if (holder == CppHolder.UNIQUE) delete_object(owned, type);
    else delete_array(owned, type);
  }
}

/** Destroys one more member, the last one that is left; after all of them the base. */
function destroy_members(object: u64, type: u64, left: u32): void {
  if (!left) {
    if (load_u32(type + offsetof<CppType>("from_this")))
      weak_release(load_u64(object + offsetof<SharedPtr>("refcount")));
    return;
  }
  push(CppTask.MEMBERS, object, type, left - 1);
  let member = type + MEMBERS_AT + <u64>(left - 1) * MEMBER;
  let at = object + load_u32(member + offsetof<CppMember>("offset"));
  destroy_member(at, load_u32(member + offsetof<CppMember>("holder")), load_u64(member + offsetof<CppMember>("type")));
}

/** Does what one frame asks for. */
function act(task: u32, address: u64, type: u64, left: u32): void {
  switch (task) {
    case CppTask.DESTROY:
      trace_user(Tp.cpp_destructor, address, load_u32(type + offsetof<CppType>("id")));
      push(CppTask.MEMBERS, address, type, load_u32(type + offsetof<CppType>("members")));
      return;
    case CppTask.MEMBERS:
      destroy_members(address, type, left);
      return;
    case CppTask.ELEMENTS:
      if (!left) return;
      push(CppTask.ELEMENTS, address, type, left - 1);
      push(CppTask.DESTROY, address + <u64>(left - 1) * load_u32(type + offsetof<CppType>("size")), type, 0);
      return;
    case CppTask.FREE:
      operator_delete(address, left);
      return;
    case CppTask.WEAK_RELEASE:
      weak_release(address);
      return;
    case CppTask.DESTROY_BLOCK:
      destroy_block(address);
      return;
    default:
      return;
  }
}

/** Where the stack is now: to be given to run(). */
export function stack_mark(): u64 {
  return load_u64(sp_at());
}

/** Does everything that was pushed since a mark. */
export function run_frames(mark: u64): void {
  while (!stopped()) {
    let sp = load_u64(sp_at());
    if (sp >= mark) break;
    let task = load_u32(sp + offsetof<CppFrame>("task"));
    let left = load_u32(sp + offsetof<CppFrame>("left"));
    let address = load_u64(sp + offsetof<CppFrame>("address"));
    let type = load_u64(sp + offsetof<CppFrame>("type"));
    store_u64(sp_at(), sp + FRAME);
    act(task, address, type, left);
  }
}

/** An object begins its life: its members are empty. */
export function construct(object: u64, type: u64): void {
  if (load_u32(type + offsetof<CppType>("from_this"))) clear_pointer(object);
  let members = load_u32(type + offsetof<CppType>("members"));
  for (let i: u32 = 0; i < members && !stopped(); i++) {
    let member = type + MEMBERS_AT + <u64>i * MEMBER;
    let at = object + load_u32(member + offsetof<CppMember>("offset"));
    let holder = load_u32(member + offsetof<CppMember>("holder"));
    if (holder == CppHolder.SHARED || holder == CppHolder.WEAK) clear_pointer(at);
    else store_u64(at, 0);
  }
  trace_user(Tp.cpp_constructor, object, load_u32(type + offsetof<CppType>("id")));
}

/** An empty shared_ptr or weak_ptr. */
export function clear_pointer(at: u64): void {
  store_u64(at + offsetof<SharedPtr>("ptr"), 0);
  store_u64(at + offsetof<SharedPtr>("refcount"), 0);
}
