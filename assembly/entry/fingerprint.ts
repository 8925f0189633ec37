import { CPUS_BASE, CPU_STRIDE, EXCHANGE_BASE, Kernel, KERNEL_BASE, SECTIONS_BASE, kernel } from "../include/kernel";
import { Counters } from "../include/counters";
import { Cpu, TaskMode, TaskStruct } from "../include/sched";
import { Hrtimer } from "../include/time";
import {
  KmemCache,
  NR_CACHES,
  PAGES_PER_SECTION,
  PAGE_SHIFT,
  PAGE_SIZE,
  PAGE_STRUCT_SHIFT,
  Page,
  PageFlags,
  SECTION_SIZE,
  Slab,
  SlabState,
  Zone,
  page_address,
} from "../include/mm_types";
import { RbNode } from "../include/rbtree_types";
import { SchedState, sched } from "../kernel/sched";
import { TimerBase } from "../kernel/time";
import { rb_first_cached, rb_next } from "../lib/rbtree";

/*
 * The fingerprint of a state: what decides how the machine can go on. Two machines with the same one are taken to go on
 * alike, whatever they did before, if their programs do and the host chooses alike.
 *
 * It is a sum over all words of the memory, each mixed with its address: so parts can be left out by taking them off
 * again. Left out is what no behaviour depends on, and nothing else:
 *
 *   free memory, in what order it is given out again, the trace, numbers of ticks, inputs and timers started;
 *   what is counted for the user: counters, times used, statistics of caches;
 *   which of the tasks that could go on is on a CPU, and their order in the queue: the host chooses among them all.
 *
 * Addresses are in it. States that differ only in where their objects lie have different fingerprints; that costs time,
 * and hides nothing.
 */

/** Odd, with well spread bits: the golden ratio. */
const GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;
/** Greatest number of objects that a slab has: 8 frames of the smallest objects. */
const MAX_OBJECTS: usize = (PAGE_SIZE << 3) >> 4;

/** What a word adds to the sum; nothing if it is zero. */
function word(at: usize): u64 {
  let value = load<u32>(at);
  if (!value) return 0;
  let z = ((<u64>at) << 32) | value;
  z *= GAMMA;
  z = (z ^ (z >> 30)) * 0xbf58_476d_1ce4_e5b9;
  z = (z ^ (z >> 27)) * 0x94d0_49bb_1331_11eb;
  return z ^ (z >> 31);
}

/** What a piece of memory adds; beginning and length are multiples of 4. */
function words(at: usize, length: usize): u64 {
  let sum: u64 = 0;
  let end = at + length;
  while (at + 8 <= end) {
    if (load<u64>(at)) sum += word(at) + word(at + 4);
    at += 8;
  }
  return at < end ? sum + word(at) : sum;
}

/** What the fields of a struct add from one up to, and without, another. */
function fields(base: usize, from: usize, to: usize): u64 {
  return words(base + from, to - from);
}

/** The root and the CPUs. */
function root(): u64 {
  let base = KERNEL_BASE;
  let sum = words(base, offsetof<Kernel>());
  sum -= fields(base, offsetof<Kernel>("tick"), offsetof<Kernel>("random"));
  sum -= fields(base, offsetof<Kernel>("cpu"), offsetof<Kernel>("memory_limit"));
  for (let id: u32 = 0; id < kernel.nr_cpus; id++) {
    let cpu = CPUS_BASE + <usize>id * CPU_STRIDE;
    sum += words(cpu + offsetof<Cpu>("clock"), 8);
    sum += words(cpu + offsetof<Cpu>("softirq_pending"), 4);
  }
  return sum;
}

/** The objects of a slab that are in use. */
function objects(slab: Slab): u64 {
  // Marks lie in the exchange window, which is no part of the machine.
  let marks = EXCHANGE_BASE;
  memory.fill(marks, 0, MAX_OBJECTS);
  let cache = slab.slab_cache;
  let first = page_address(changetype<Page>(slab));
  for (let free = slab.freelist; free; free = load<usize>(free)) store<u8>(marks + (free - first) / cache.stride, 1);
  let sum: u64 = 0;
  for (let i: u32 = 0; i < cache.objects; i++) {
    if (!load<u8>(marks + i)) sum += words(first + i * cache.stride, cache.stride & ~3);
  }
  return sum;
}

/** The memory in use of a section. */
function section(base: usize): u64 {
  let sum: u64 = 0;
  let index: u32 = 0;
  while (index < PAGES_PER_SECTION) {
    let page = changetype<Page>(base + ((<usize>index) << PAGE_STRUCT_SHIFT));
    let count: u32 = 1 << page.order;
    if (page.flags & PageFlags.SLAB) {
      sum += objects(changetype<Slab>(page));
    } else if (page.flags & PageFlags.RESERVED) {
      count = 1;
    } else if (!(page.flags & PageFlags.BUDDY)) {
      // Where the last section ends early there are no frames behind the last one.
      if (!page.flags && !page.refcount) return sum;
      sum += words(changetype<usize>(page), offsetof<Page>());
      sum += words(page_address(page), (<usize>count) << PAGE_SHIFT);
    }
    index += count;
  }
  return sum;
}

/** What is of no account in a task. */
function irrelevant_of(task: TaskStruct): u64 {
  let at = changetype<usize>(task);
  let sum = words(changetype<usize>(task.counters), offsetof<Counters>());
  sum += fields(at, offsetof<TaskStruct>("on_rq"), offsetof<TaskStruct>("exit_code"));
  sum += fields(at, offsetof<TaskStruct>("run_list_next"), offsetof<TaskStruct>("run_list_prev") + 4);
  sum += words(at + offsetof<TaskStruct>("woken"), 4);
  sum += fields(at, offsetof<TaskStruct>("exec_start"), offsetof<TaskStruct>("counters"));
  // What a call keeps while it sleeps; the next one begins anew.
  if (task.mode == TaskMode.USER) sum += fields(at, offsetof<TaskStruct>("timed_out"), offsetof<TaskStruct>("woken"));
  if (!task.timer.queued) sum += words(changetype<usize>(task.timer), offsetof<Hrtimer>("func"));
  return sum;
}

/** What is of no account besides: in tasks, the queue, timers and the statistics of memory. */
function irrelevant(): u64 {
  let state = changetype<usize>(sched());
  let sum = words(changetype<usize>(kernel.counters), offsetof<Counters>());
  sum += fields(state, offsetof<SchedState>("queue_next"), offsetof<SchedState>("last_pid"));
  sum += fields(state, offsetof<SchedState>("turn_cpu"), offsetof<SchedState>());
  for (let link = sched().tasks.next; link !== sched().tasks; link = link.next) {
    sum += irrelevant_of(TaskStruct.of_tasks(link));
  }
  let base = changetype<TimerBase>(kernel.timers);
  sum += words(kernel.timers + offsetof<TimerBase>("sequence"), 8);
  let node: RbNode | null = rb_first_cached(base.active);
  while (node) {
    sum += words(changetype<usize>(Hrtimer.of_node(node)) + offsetof<Hrtimer>("sequence"), 8);
    node = rb_next(node);
  }
  let caches = changetype<usize>(changetype<SlabState>(kernel.slab).caches);
  return sum + words(caches, NR_CACHES * offsetof<KmemCache>());
}

/** The fingerprint of the state that the machine is in; 64 bits. Changes nothing of the machine. */
export function fingerprint(): u64 {
  let sum = root() + words(changetype<usize>(kernel.zone) + offsetof<Zone>("fail_after"), 8);
  for (let i: u32 = 0; i < kernel.zone.nr_sections; i++) sum += section(SECTIONS_BASE + <usize>i * SECTION_SIZE);
  return sum - irrelevant();
}
