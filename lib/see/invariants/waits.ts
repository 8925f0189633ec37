import type { Checkup } from "./checkup.ts";
import { asleep } from "./tasks.ts";
import { embedOffset } from "../reader.ts";
import { hex } from "../../machine/memory.ts";
import { waitQueues, waiters } from "../queues.ts";

/** Who is on a wait queue says so, and who says that it sleeps on one is on it. */
export function checkWaits(check: Checkup): void {
  const { reader, population } = check;
  const found = new Map<number, number>();
  for (const { address } of waitQueues(reader, population)) {
    for (const waiter of waiters(reader, address, check.onBreak)) {
      const report = (rule: string, message: string) => check.report("WaitQueueEntry", waiter.entry, rule, message);
      if (found.has(waiter.entry)) report("wait-twice", "on two wait queues at the same time");
      found.set(waiter.entry, address);
      if (waiter.func === "0") report("wait-func", "a waiter without a function");
      if (waiter.struct === "TaskStruct") {
        const says = reader.get("TaskStruct", waiter.owner, "wait_head");
        if (says !== address) report("wait-head", `on the queue ${hex(address)}, but its task says ${hex(says)}`);
        const task = reader.get("WaitQueueEntry", waiter.entry, "task");
        if (task !== waiter.owner) report("wait-task", `part of the task ${hex(waiter.owner)}, but wakes ${hex(task)}`);
      } else if (waiter.struct === "EppollEntry") {
        const says = reader.get("EppollEntry", waiter.owner, "whead");
        if (says !== address) report("wait-head", `on the queue ${hex(address)}, but says ${hex(says)}`);
      } else if (waiter.struct === "PollTableEntry") {
        const says = reader.get("PollTableEntry", waiter.owner, "wait_address");
        if (says !== address) report("wait-head", `on the queue ${hex(address)}, but says ${hex(says)}`);
      } else if (waiter.struct === "AioKiocb") {
        const says = reader.get("AioKiocb", waiter.owner, "poll_head");
        if (says !== address) report("wait-head", `on the queue ${hex(address)}, but says ${hex(says)}`);
      } else if (waiter.struct === "IoKiocb") {
        const second = waiter.entry === waiter.owner + embedOffset("IoKiocb", "poll_double");
        const says = reader.get("IoKiocb", waiter.owner, second ? "poll_double_head" : "poll_head");
        if (says !== address) report("wait-head", `on the queue ${hex(address)}, but says ${hex(says)}`);
      } else if (waiter.struct === "UnixSock") {
        const says = reader.get("Sock", reader.get("UnixSock", waiter.owner, "peer_wake_on"), "unix");
        if (says + embedOffset("UnixSock", "peer_wait") !== address)
          report("wait-head", `on the queue ${hex(address)}, but waits for another socket`);
      } else {
        report("wait-owner", "belongs neither to a task, nor to an eppoll_entry, a call of poll() or a UNIX socket");
      }
    }
  }
  for (const task of population.of("TaskStruct")) {
    const head = reader.get("TaskStruct", task, "wait_head");
    const entry = task + embedOffset("TaskStruct", "wait");
    if (head !== 0 && asleep(reader.get("TaskStruct", task, "state")) && found.get(entry) !== head) {
      check.report("TaskStruct", task, "sleeper-queue", `asleep on ${hex(head)}, but not among its waiters`);
    }
  }
  if (!check.inside("poll_freewait")) {
    for (const entry of population.of("PollTableEntry")) {
      const head = reader.get("PollTableEntry", entry, "wait_address");
      if (found.get(entry + embedOffset("PollTableEntry", "wait")) === head) continue;
      check.report(
        "PollTableEntry",
        entry,
        "poll-queue",
        `says that it waits on ${hex(head)}, but is not on that queue`,
      );
    }
  }
  // There, one that is being made still holds what was in its memory before.
  if (check.inside("ep_ptable_queue_proc")) return;
  for (const pwq of population.of("EppollEntry")) {
    const head = reader.get("EppollEntry", pwq, "whead");
    if (head !== 0 && found.get(pwq + embedOffset("EppollEntry", "wait")) !== head) {
      check.report("EppollEntry", pwq, "pwq-queue", `says that it waits on ${hex(head)}, but is not on that queue`);
    }
  }
}
