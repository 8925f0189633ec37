import type { Checkup } from "./checkup.ts";
import { KERNEL_BASE } from "../reader.ts";
import { layout } from "../../layout.gen.ts";

const { NIC_RING } = layout.constants;

/** In each ring of the network card, the driver is ahead of the device, the device of what was taken back. */
export function checkNic(check: Checkup): void {
  const { reader } = check;
  const nic = reader.get("Kernel", KERNEL_BASE, "nic");
  if (!reader.holds("NicState", nic)) return;
  for (const which of ["rx", "tx"] as const) {
    const ring = reader.get("NicState", nic, which);
    if (!reader.holds("NicRing", ring)) continue;
    const [head, done, tail] = (["head", "done", "tail"] as const).map((field) => reader.get("NicRing", ring, field));
    // The counts only grow, and wrap at 2^32.
    const [posted, finished] = [(head! - tail!) >>> 0, (done! - tail!) >>> 0];
    if (posted > NIC_RING || finished > posted) {
      check.report(
        "NicRing",
        ring,
        "nic-ring",
        `${which} ring: tail ${tail}, done ${done}, head ${head} of ${NIC_RING}`,
      );
    }
  }
}
