// One thread of a program on the real kernel: makes the system calls that it is told to make, one after the other.
import { parentPort, workerData } from "node:worker_threads";
import koffi from "koffi";

/** @type {{ state: Int32Array; args: Float64Array }} */
const { state, args } = workerData;
const IDLE = 0;
const CALL = 1;
const DONE = 2;
const syscall = koffi
  .load("libc.so.6")
  .func("int64_t syscall(int64_t nr, intptr_t a, intptr_t b, intptr_t c, intptr_t d, intptr_t e, intptr_t f)");
const NR_GETTID = 186;

// state[0]: IDLE, CALL or DONE; args[0]: the number of the call and later its result; args[1] to [6]: its arguments.
Atomics.store(state, 1, syscall(NR_GETTID, 0, 0, 0, 0, 0, 0));
parentPort?.postMessage("ready");
for (;;) {
  Atomics.wait(state, 0, IDLE);
  Atomics.wait(state, 0, DONE);
  if (Atomics.load(state, 0) !== CALL) continue;
  const value = syscall(args[0], args[1], args[2], args[3], args[4], args[5], args[6]);
  args[0] = value < 0 ? -koffi.errno() : value;
  Atomics.store(state, 0, DONE);
  Atomics.notify(state, 0);
}
