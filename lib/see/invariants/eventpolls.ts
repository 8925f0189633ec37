import { embedOffset } from "../reader.ts";
import { hlistOf, listOf } from "../walk.ts";
import type { Checkup } from "./checkup.ts";
import { hex } from "../../machine/memory.ts";

const RBN = embedOffset("Epitem", "rbn");

/** Every item is in the tree of its eventpoll, at its place, and in no ready list but that eventpoll's. */
export function checkEventpolls(check: Checkup): void {
  const { reader, population } = check;
  const inTree = new Set<number>();
  const linked = new Set<number>();
  for (const ep of population.of("Eventpoll")) {
    checkTree(check, ep, inTree);
    for (const list of ["rdllist", "txlist"] as const) checkReady(check, ep, list, inTree, linked);
    checkOverflow(check, ep);
    if (reader.get("Eventpoll", ep, "scanning") === 0 && check.quiet) checkNoScan(check, ep);
  }
  for (const epi of population.of("Epitem")) checkItem(check, epi, inTree, linked);
  checkEntries(check);
  checkWatchers(check);
}

/** The tree: by file and descriptor, and all its items are this eventpoll's. */
function checkTree(check: Checkup, ep: number, inTree: Set<number>): void {
  const { reader, population } = check;
  const key = (node: number, field: "ffd_file" | "ffd_fd") => reader.get("Epitem", node - RBN, field);
  const precedes = (a: number, b: number) => {
    const [first, second] = [key(a, "ffd_file"), key(b, "ffd_file")];
    return first < second || (first === second && key(a, "ffd_fd") < key(b, "ffd_fd"));
  };
  const leftmost = reader.get("Eventpoll", ep, "rbr_leftmost");
  for (const { node } of check.tree(reader.get("Eventpoll", ep, "rbr_root_node"), leftmost, precedes)) {
    const epi = node - RBN;
    inTree.add(epi);
    if (!population.has("Epitem", epi)) {
      check.report("Eventpoll", ep, "ep-tree", `${hex(epi)} is in the tree, but is no epitem`);
    } else if (reader.get("Epitem", epi, "ep") !== ep) {
      check.report("Epitem", epi, "ep-owner", `in the tree of ${hex(ep)}, but belongs to another eventpoll`);
    }
  }
}

/** A list of ready items: each is this eventpoll's, and is in its tree. */
function checkReady(
  check: Checkup,
  ep: number,
  list: "rdllist" | "txlist",
  inTree: ReadonlySet<number>,
  linked: Set<number>,
): void {
  const { reader } = check;
  const head = ep + embedOffset("Eventpoll", list);
  if (reader.u32(head) === 0) return;
  for (const epi of listOf(reader, head, "Epitem", "rdllink", check.onBreak)) {
    const report = (rule: string, message: string) => check.report("Epitem", epi, rule, message);
    if (!inTree.has(epi) && !check.inside("ep_remove"))
      report("ready-tree", `on ${list} of ${hex(ep)}, but not in its tree`);
    if (reader.get("Epitem", epi, "ep") !== ep) report("ready-owner", `on ${list} of an eventpoll that is not its own`);
    if (linked.has(epi)) report("ready-twice", "on two ready lists at the same time");
    linked.add(epi);
  }
}

/** The items that were put aside during a scan end with one that points at itself. */
function checkOverflow(check: Checkup, ep: number): void {
  const { reader, population } = check;
  const report = (message: string) => check.report("Eventpoll", ep, "ep-ovflist", message);
  const met = new Set<number>();
  for (let epi = reader.get("Eventpoll", ep, "ovflist"), next = 0; epi !== 0; epi = next) {
    if (!population.has("Epitem", epi) || met.has(epi)) {
      report(`${hex(epi)} on ovflist is no epitem, or is met twice`);
      return;
    }
    met.add(epi);
    next = reader.get("Epitem", epi, "next");
    if (next === epi) return;
  }
  if (met.size > 0) report("the last item on ovflist does not point at itself");
}

/** Outside of a scan, its lists are empty. */
function checkNoScan(check: Checkup, ep: number): void {
  const { reader } = check;
  const txlist = ep + embedOffset("Eventpoll", "txlist");
  if (reader.u32(txlist) !== 0 && reader.u32(txlist) !== txlist) {
    check.report("Eventpoll", ep, "ep-scan", "txlist is not empty, but no scan is under way");
  }
  if (reader.get("Eventpoll", ep, "ovflist") !== 0) {
    check.report("Eventpoll", ep, "ep-scan", "ovflist is not empty, but no scan is under way");
  }
}

/** An item that is in no tree is being made; an item that is linked is on a list that we have seen. */
function checkItem(check: Checkup, epi: number, inTree: ReadonlySet<number>, linked: ReadonlySet<number>): void {
  const { reader, population } = check;
  const report = (rule: string, message: string) => check.report("Epitem", epi, rule, message);
  if (!inTree.has(epi)) {
    if (check.quiet) report("ep-tree", "in use, but in no tree");
    return;
  }
  const link = epi + embedOffset("Epitem", "rdllink");
  const selfLinked = reader.u32(link) === link;
  if (selfLinked === linked.has(epi)) {
    report("ready-link", selfLinked ? "on a ready list, but its link is empty" : "linked, but on no ready list");
  }
  const file = reader.get("Epitem", epi, "ffd_file");
  if (!population.has("File", file)) report("epi-file", `watches ${hex(file)}, which is no open file`);
}

/** Every eppoll_entry is one of its item's, and every item's entries are in use. */
function checkEntries(check: Checkup): void {
  const { reader, population } = check;
  const owned = new Set<number>();
  for (const epi of population.of("Epitem")) {
    const met = new Set<number>();
    let pwq = reader.get("Epitem", epi, "pwqlist");
    for (; pwq !== 0; pwq = reader.get("EppollEntry", pwq, "next")) {
      if (!population.has("EppollEntry", pwq) || met.has(pwq)) {
        check.report("Epitem", epi, "pwq-list", `${hex(pwq)} in its pwqlist is no eppoll_entry, or is met twice`);
        break;
      }
      met.add(pwq);
      owned.add(pwq);
      if (reader.get("EppollEntry", pwq, "base") !== epi) {
        check.report("EppollEntry", pwq, "pwq-base", `in the pwqlist of ${hex(epi)}, but serves another item`);
      }
    }
  }
  // While a poll method hangs an item into a queue, the entry is made first.
  if (check.inside("ep_ptable_queue_proc") || check.inside("ep_remove")) return;
  for (const pwq of population.of("EppollEntry")) {
    if (!owned.has(pwq)) check.report("EppollEntry", pwq, "pwq-list", "in use, but in no item's pwqlist");
  }
}

/** A file knows the items that watch it, and each of them watches that file. */
function checkWatchers(check: Checkup): void {
  const { reader, population } = check;
  const known = new Set<number>();
  for (const file of population.of("File")) {
    const head = file + embedOffset("File", "f_ep");
    for (const epi of hlistOf(reader, head, "Epitem", "fllink", check.onBreak)) {
      known.add(epi);
      if (reader.get("Epitem", epi, "ffd_file") !== file) {
        check.report("Epitem", epi, "epi-file", `in f_ep of ${hex(file)}, but watches another file`);
      }
    }
  }
  if (!check.quiet) return;
  for (const epi of population.of("Epitem")) {
    if (!known.has(epi)) check.report("Epitem", epi, "epi-file", "its file does not know that it is watched");
  }
}
