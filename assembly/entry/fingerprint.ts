import { CPUS_BASE, CPU_STRIDE, Kernel, KERNEL_BASE, SECTIONS_BASE, kernel } from "../include/kernel";
import { Counters } from "../include/counters";
import { Cpu, TaskMode, TaskStruct } from "../include/sched";
import { MARKS, MAX_MARKS, MAX_SURVEYED, is_block_in_use, length_of, nth_object, number_of } from "./survey";
import { PAGES_PER_SECTION, PAGE_STRUCT_SHIFT, Page, PageFlags, SECTION_SIZE, Slab } from "../include/mm_types";
import { PAGE_PRESENT, entry_address } from "../mm/pgtable";
import { VmStat } from "../include/mmzone";
import { SchedState, sched } from "../kernel/sched";
import { Zone, page_address } from "../include/mm_types";
import { object_at, survey_add, survey_begin } from "./survey";

/*
 * The fingerprint of a state: what decides how the machine can go on. Two machines with the same one are taken to go on
 * alike, whatever they did before, if their programs do and the host chooses alike.
 *
 * It is a sum over all words of the memory in use, each mixed with its place: so parts can be left out by taking them
 * off again. A place is an object, by its number in a survey (survey.ts), and an offset; so is a word that is the
 * address of an object. So it does not matter where objects lie. Left out is what no behaviour depends on:
 *
 *   free memory, in what order it is given out again, the trace, numbers of ticks, inputs and timers started;
 *   what is counted for the user: counters, times used, statistics of caches;
 *   which of the tasks that could go on is on a CPU, and their order in the queue: the host chooses among them all.
 *
 * Objects in use to which no way leads are counted at the address where they lie: nothing is left out by mistake.
 */

/** Number of the root in the survey's numbering. */
const ROOT: u32 = 0;
/** A place that is an address, not an object and an offset. */
const ANYWHERE: u32 = 0xffff_ffff;

/** Spreads the influence of every bit over all others. */
function mix(z: u64): u64 {
  z = (z ^ (z >> 30)) * 0xbf58_476d_1ce4_e5b9;
  z = (z ^ (z >> 27)) * 0x94d0_49bb_1331_11eb;
  return z ^ (z >> 31);
}

/** What a word adds to the sum; nothing if it is zero. */
function word(number: u32, offset: usize, value: u32, plain: bool): u64 {
  if (!value) return 0;
  let meaning = <u64>value;
  if (!plain) {
    let object = object_at(value);
    let target = object ? number_of(object) : 0;
    if (target) meaning = ((<u64>target) << 32) | (<u64>(value - <u32>object));
  }
  return mix(mix((((<u64>number) << 32) | offset) + 0x9e37_79b9_7f4a_7c15) + meaning * 0xd6e8_feb8_6659_fd93);
}

/** What a piece of an object adds, from one offset up to, and without, another; both are multiples of 4. */
function piece(number: u32, base: usize, from: usize, to: usize, plain: bool): u64 {
  let sum: u64 = 0;
  for (let offset = from; offset < to; offset += 4) sum += word(number, offset, load<u32>(base + offset), plain);
  return sum;
}

/** What a piece of memory adds, the same in every survey. */
function fixed(base: usize, from: usize, to: usize): u64 {
  return piece(ANYWHERE, 0, base + from, base + to, true);
}

/** Numbers all objects that a piece of memory has addresses of. @returns the next number afterwards. */
function follow(base: usize, length: usize, next: u32): u32 {
  for (let at = base; at < base + length; at += 4) {
    let value = <usize>load<u32>(at);
    if (value < SECTIONS_BASE) continue;
    let object = object_at(value);
    if (object) next = survey_add(object, next, 0);
  }
  return next;
}

/** Numbers the frames under a page table, by user address. @returns the next number afterwards. */
function follow_table(table: usize, level: u32, next: u32): u32 {
  for (let slot = table; slot < table + 4096; slot += 8) {
    let entry = load<u64>(slot);
    if (!(entry & PAGE_PRESENT)) continue;
    if (level == 1) next = survey_add(entry_address(entry), next, 1);
    else next = follow_table(entry_address(entry), level - 1, next);
  }
  return next;
}

/** Numbers everything: the tasks by age, their own pages, and then what can be reached. @returns how many there are. */
function survey(): u32 {
  survey_begin();
  let next: u32 = 1;
  let head = sched().tasks;
  for (let link = head.next; link !== head; link = link.next) {
    next = survey_add(changetype<usize>(TaskStruct.of_tasks(link)), next, 0);
  }
  for (let link = head.next; link !== head; link = link.next) {
    let mm = TaskStruct.of_tasks(link).mm;
    // Threads come across the same tables again, whose frames have their numbers then.
    if (changetype<usize>(mm) && !number_of(mm.pgd)) {
      next = survey_add(mm.pgd, next, 0);
      next = follow_table(mm.pgd, 4, next);
    }
  }
  next = follow(KERNEL_BASE, offsetof<Kernel>(), next);
  for (let number: u32 = 1; number < next; number++) {
    let object = nth_object(number);
    if (!(object & 1)) next = follow(object, length_of(object), next);
  }
  return next - 1;
}

/** The root and the CPUs. */
function root(): u64 {
  let sum = piece(ROOT, KERNEL_BASE, 0, offsetof<Kernel>(), false);
  sum -= piece(ROOT, KERNEL_BASE, offsetof<Kernel>("tick"), offsetof<Kernel>("random"), false);
  sum -= piece(ROOT, KERNEL_BASE, offsetof<Kernel>("cpu"), offsetof<Kernel>("memory_limit"), false);
  for (let id: u32 = 0; id < kernel.nr_cpus; id++) {
    let cpu = CPUS_BASE + <usize>id * CPU_STRIDE;
    sum += fixed(cpu, offsetof<Cpu>("clock"), offsetof<Cpu>("curr"));
    sum += fixed(cpu, offsetof<Cpu>("softirq_pending"), offsetof<Cpu>("in_softirq"));
  }
  return sum;
}

/** The objects of a slab that are in use and have no number. */
function lost_objects(slab: Slab): u64 {
  memory.fill(MARKS, 0, MAX_MARKS);
  let cache = slab.slab_cache;
  let first = page_address(changetype<Page>(slab));
  for (let free = slab.freelist; free; free = load<usize>(free)) store<u8>(MARKS + (free - first) / cache.stride, 1);
  let sum: u64 = 0;
  for (let i: u32 = 0; i < cache.objects; i++) {
    let object = first + i * cache.stride;
    if (!load<u8>(MARKS + i) && !number_of(object)) sum += fixed(object, 0, cache.size & ~3);
  }
  return sum;
}

/** The memory in use of a section that has no number. */
function lost(base: usize): u64 {
  let sum: u64 = 0;
  let index: u32 = 0;
  while (index < PAGES_PER_SECTION) {
    let page = changetype<Page>(base + ((<usize>index) << PAGE_STRUCT_SHIFT));
    if (page.flags & PageFlags.SLAB) {
      sum += lost_objects(changetype<Slab>(page));
    } else if (is_block_in_use(page)) {
      let frame = page_address(page);
      if (!number_of(frame)) sum += fixed(frame, 0, length_of(frame));
    } else if (!page.flags) {
      // Where the last section ends early there are no frames behind the last one.
      return sum;
    }
    index += page.flags & PageFlags.RESERVED ? 1 : 1 << page.order;
  }
  return sum;
}

/** A piece of an object that is to be taken off. */
function part(base: usize, from: usize, to: usize): u64 {
  return piece(number_of(base), base, from, to, false);
}

/** What is of no account in a task. */
function irrelevant_of(task: TaskStruct): u64 {
  let at = changetype<usize>(task);
  let sum = part(changetype<usize>(task.counters), 0, offsetof<Counters>());
  sum += part(at, offsetof<TaskStruct>("on_rq"), offsetof<TaskStruct>("exit_code"));
  sum += part(at, offsetof<TaskStruct>("run_list_next"), offsetof<TaskStruct>("run_list_prev") + 4);
  sum += part(at, offsetof<TaskStruct>("woken"), offsetof<TaskStruct>("woken") + 4);
  sum += part(at, offsetof<TaskStruct>("exec_start"), offsetof<TaskStruct>("counters"));
  // What a call keeps while it sleeps; the next one begins anew.
  if (task.mode == TaskMode.USER) sum += part(at, offsetof<TaskStruct>("timed_out"), offsetof<TaskStruct>("woken"));
  if (!task.timer.queued) {
    sum += part(at, offsetof<TaskStruct>("timer_node_parent_color"), offsetof<TaskStruct>("timer_func"));
  }
  return sum;
}

/** What is of no account besides: in tasks and the queue. */
function irrelevant(): u64 {
  let state = changetype<usize>(sched());
  let sum = part(changetype<usize>(kernel.counters), 0, offsetof<Counters>());
  sum += part(changetype<usize>(kernel.vmstat), 0, offsetof<VmStat>());
  sum += part(state, offsetof<SchedState>("queue_next"), offsetof<SchedState>("last_pid"));
  sum += part(state, offsetof<SchedState>("turn_cpu"), offsetof<SchedState>());
  for (let link = sched().tasks.next; link !== sched().tasks; link = link.next) {
    sum += irrelevant_of(TaskStruct.of_tasks(link));
  }
  return sum;
}

/** The fingerprint of the state that the machine is in, 64 bits; 0: it has too many objects. Changes nothing of it. */
export function fingerprint(): u64 {
  let count = survey();
  if (count >= MAX_SURVEYED) return 0;
  let sum = root() + fixed(changetype<usize>(kernel.zone), offsetof<Zone>("fail_after"), offsetof<Zone>("nr_failed"));
  for (let number: u32 = 1; number <= count; number++) {
    let object = nth_object(number);
    let plain = (object & 1) != 0;
    object &= ~1;
    sum += piece(number, object, 0, length_of(object), plain);
  }
  for (let i: u32 = 0; i < kernel.nr_sections; i++) sum += lost(SECTIONS_BASE + <usize>i * SECTION_SIZE);
  return sum - irrelevant();
}
