import { trace_user } from "./malloc_chunk";
import { Tp, enter, leave } from "../include/trace";
import { free, malloc } from "./malloc";
import { stopped } from "./access";

/** operator new: memory of at least one byte. @kernel libsupc++/new_op.cc (libstdc++) */
export function operator_new(bytes: u64): u64 {
  enter(Tp.operator_new, <usize>bytes, 0, 0);
  let memory = malloc(max<u64>(bytes, 1));
  if (!stopped()) trace_user(Tp.operator_new_return, memory, bytes);
  return leave(memory);
}

/** operator delete: nothing for the null pointer. @kernel libsupc++/del_op.cc (libstdc++) */
export function operator_delete(memory: u64, bytes: u64): void {
  enter(Tp.operator_delete, <usize>memory, <usize>(memory >> 32), <usize>bytes);
  free(memory);
  leave(0);
}
