import { KERNEL_BASE, embedOffset } from "../../../lib/see/reader.ts";
import { beforeAll, expect, test } from "vitest";
import { Canary } from "../canary.ts";
import type { Kernel } from "../../../lib/index.ts";
import { busyMachine } from "../machine.ts";
import { layout } from "../../../lib/layout.gen.ts";

let kernel: Kernel;

beforeAll(async () => {
  kernel = await busyMachine(8);
});

/** The eventpoll with items, and one of its items on the ready list, one not. */
function parts(canary: Canary) {
  const ep = canary.find("Eventpoll", (at) => canary.get("Eventpoll", at, "rbr_root_node") !== 0);
  const other = canary.find("Eventpoll", (at) => at !== ep);
  const link = (epi: number) => epi + embedOffset("Epitem", "rdllink");
  const linked = (epi: number) => canary.get("Epitem", epi, "rdllink_next") !== link(epi);
  const root = canary.get("Eventpoll", ep, "rbr_root_node");
  return {
    ep,
    other,
    root,
    ready: canary.find("Epitem", linked),
    idle: canary.find("Epitem", (epi) => !linked(epi)),
    rdllist: ep + embedOffset("Eventpoll", "rdllist"),
    link,
  };
}

/** A red node that has a parent which is not the root. */
function deepRed(canary: Canary): number {
  return canary.find("Epitem", (epi) => {
    const word = canary.get("Epitem", epi, "rbn_parent_color");
    return (word & 1) === 0 && word !== 0 && canary.get("RbNode", word, "parent_color") > 1;
  });
}

test.each<[string, (canary: Canary) => void]>([
  ["rb-order", (canary) => canary.set("Epitem", parts(canary).root, "ffd_file", 4)],
  ["rb-root", (canary) => canary.set("Epitem", parts(canary).root, "rbn_parent_color", 0)],
  [
    "rb-red-red",
    (canary) => {
      const parent = canary.get("Epitem", deepRed(canary), "rbn_parent_color");
      canary.add("RbNode", parent, "parent_color", -1);
    },
  ],
  ["rb-black-height", (canary) => canary.add("Epitem", deepRed(canary), "rbn_parent_color", 1)],
  ["rb-parent", (canary) => canary.set("Epitem", deepRed(canary), "rbn_parent_color", parts(canary).root)],
  ["rb-link", (canary) => canary.set("Epitem", deepRed(canary), "rbn_left", parts(canary).root)],
  ["rb-leftmost", (canary) => canary.set("Eventpoll", parts(canary).ep, "rbr_leftmost", parts(canary).root)],
  ["ep-owner", (canary) => canary.set("Epitem", parts(canary).idle, "ep", parts(canary).other)],
  [
    "ep-tree",
    (canary) => {
      canary.set("Eventpoll", parts(canary).ep, "rbr_leftmost", 0);
      canary.set("Eventpoll", parts(canary).ep, "rbr_root_node", 0);
    },
  ],
  [
    "ready-tree",
    (canary) => {
      const { ep, root } = parts(canary);
      // The tree is cut off at its root: only that one is still in it.
      canary.set("RbNode", root, "left", 0);
      canary.set("RbNode", root, "right", 0);
      canary.set("Eventpoll", ep, "rbr_leftmost", root);
    },
  ],
  ["ready-owner", (canary) => canary.set("Epitem", parts(canary).ready, "ep", parts(canary).other)],
  [
    "ready-link",
    (canary) => {
      const { rdllist } = parts(canary);
      canary.view.setUint32(rdllist, rdllist, true);
      canary.view.setUint32(rdllist + 4, rdllist, true);
    },
  ],
  [
    "ready-twice",
    (canary) => {
      const { ep, ready, link } = parts(canary);
      const txlist = ep + embedOffset("Eventpoll", "txlist");
      canary.view.setUint32(txlist, link(ready), true);
    },
  ],
  [
    "ep-scan",
    (canary) => {
      const { ep, idle, link } = parts(canary);
      const txlist = ep + embedOffset("Eventpoll", "txlist");
      for (const [at, to] of [
        [txlist, link(idle)],
        [link(idle), txlist],
      ] as const) {
        canary.view.setUint32(at, to, true);
        canary.view.setUint32(at + 4, to, true);
      }
    },
  ],
  [
    "ep-scan",
    (canary) => {
      const { ep, idle } = parts(canary);
      canary.set("Eventpoll", ep, "ovflist", idle);
      canary.set("Epitem", idle, "next", idle);
    },
  ],
  ["ep-ovflist", (canary) => canary.set("Eventpoll", parts(canary).ep, "ovflist", parts(canary).idle)],
  ["list-prev", (canary) => canary.set("Epitem", parts(canary).ready, "rdllink_prev", 0)],
  ["epi-file", (canary) => canary.set("Epitem", parts(canary).idle, "ffd_file", KERNEL_BASE)],
  ["epi-file", (canary) => canary.set("File", canary.get("Epitem", parts(canary).idle, "ffd_file"), "f_ep_first", 0)],
  ["hlist-pprev", (canary) => canary.set("Epitem", parts(canary).idle, "fllink_pprev", 0)],
  ["pwq-list", (canary) => canary.set("Epitem", parts(canary).idle, "pwqlist", 0)],
  [
    "pwq-base",
    (canary) => {
      const { idle, ready } = parts(canary);
      canary.set("EppollEntry", canary.get("Epitem", idle, "pwqlist"), "base", ready);
    },
  ],
])("%s is found in an eventpoll", (rule, plant) => {
  const canary = new Canary(kernel.memory);
  expect(canary.rules).toEqual([]);
  plant(canary);
  expect(canary.rules).toContain(rule);
});

test("colours may be wrong only where the last tracepoint stands in the middle of balancing", () => {
  const { TRACE_BASE, TRACE_RECORDS } = layout.constants;
  const canary = new Canary(kernel.memory);
  canary.add("Epitem", deepRed(canary), "rbn_parent_color", 1);
  const last = TRACE_BASE + ((canary.get("Kernel", KERNEL_BASE, "tick") - 1) % TRACE_RECORDS) * 32;
  canary.set("TraceRecord", last, "event", layout.enums.Tp.values.rb_insert_case_1);
  expect(canary.rules).toEqual([]);
});
