import { AioKiocb } from "../include/aio";
import { Errno } from "../include/errno";
import { Iocb } from "../include/aio_abi";
import { KTHREAD_EXIT, SLEEPING } from "../include/sched";
import { Tp, enter, leave } from "../include/trace";
import { aio_state, iocb_put } from "./aio_kiocb";
import { kthread_run } from "../kernel/kthread";

/** Name of the kernel thread: "aio", the first character in the lowest byte. */
const WORKER_NAME: u64 = 0x6f_6961;

/**
 * The kernel thread that does what must sleep: one request after the other.
 *
 * @kernel aio_fsync_work(), fs/aio.c
 */
function aio_fsync_work(data: usize): i64 {
  let state = aio_state();
  if (state.work.empty) {
    state.has_worker = 0;
    return KTHREAD_EXIT;
  }
  let req = AioKiocb.of_list(state.work.next);
  let file = req.ki_filp!;
  enter(Tp.aio_fsync, changetype<usize>(req), changetype<usize>(file), 0);
  let result = call_indirect<i64>(file.f_op.fsync, file, <i64>0, i64.MAX_VALUE, req.datasync);
  if (result == SLEEPING) return leave(result);
  req.ki_list.del_init();
  req.ki_res_res = result;
  iocb_put(req);
  return leave<i64>(0);
}

/**
 * Makes sure, without sleeping, that what was written to a file gets to the disk.
 *
 * @returns  0; -EINVAL; -ENOMEM. @kernel aio_fsync(), fs/aio.c
 */
export function aio_fsync(req: AioKiocb, iocb: Iocb, datasync: bool): i32 {
  if (iocb.aio_buf || iocb.aio_offset || iocb.aio_nbytes || iocb.aio_rw_flags) return -Errno.EINVAL;
  if (!req.ki_filp!.f_op.fsync) return -Errno.EINVAL;
  let state = aio_state();
  if (!state.has_worker && !kthread_run(aio_fsync_work.index, 0, WORKER_NAME)) return -Errno.ENOMEM;
  state.has_worker = 1;
  req.opcode = iocb.aio_lio_opcode;
  req.datasync = datasync ? 1 : 0;
  state.work.add_tail(req.ki_list);
  return 0;
}
