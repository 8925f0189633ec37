import { KERNEL_BASE, embedOffset } from "../reader.ts";
import type { Graph } from "./graph.ts";
import { listOf } from "../walk.ts";

/** The lists of folios, and the files to be written back; nothing on a machine that has never used the page cache. */
export function inspectReclaim(graph: Graph): void {
  inspectLru(graph);
  inspectWriteback(graph);
}

function inspectLru(graph: Graph): void {
  const { reader } = graph;
  const pgdat = reader.get("Kernel", KERNEL_BASE, "pgdat");
  if (!reader.holds("PgData", pgdat)) return;
  const [inactive, active, shadows, kswapd] = [
    reader.get("PgData", pgdat, "nr_inactive_file"),
    reader.get("PgData", pgdat, "nr_active_file"),
    reader.get("PgData", pgdat, "nr_shadows"),
    reader.get("PgData", pgdat, "kswapd"),
  ];
  if (inactive + active + shadows + kswapd === 0) return;
  graph.add({
    address: pgdat,
    struct: "PgData",
    title: `folios (${inactive} inactive, ${active} active)`,
    inactive,
    active,
    shadows,
    watermarks: {
      min: reader.get("PgData", pgdat, "watermark_min"),
      low: reader.get("PgData", pgdat, "watermark_low"),
      high: reader.get("PgData", pgdat, "watermark_high"),
    },
    kswapd,
    waitQueues: graph.waitQueues(pgdat, "PgData"),
  });
}

function inspectWriteback(graph: Graph): void {
  const { reader } = graph;
  const wb = reader.get("Kernel", KERNEL_BASE, "wb");
  if (!reader.holds("BdiWriteback", wb)) return;
  const [files, flusher] = [reader.get("BdiWriteback", wb, "nr_dirty_inodes"), reader.get("BdiWriteback", wb, "task")];
  if (files + flusher === 0) return;
  const vmstat = reader.get("Kernel", KERNEL_BASE, "vmstat");
  graph.add({
    address: wb,
    struct: "BdiWriteback",
    title: `write-back (${files} ${files === 1 ? "file" : "files"})`,
    files,
    dirty: reader.get("VmStat", vmstat, "nr_dirty"),
    writeback: reader.get("VmStat", vmstat, "nr_writeback"),
    startAll: reader.get("BdiWriteback", wb, "start_all") !== 0,
    flusher,
    waitQueues: graph.waitQueues(wb, "BdiWriteback"),
  });
  const dirty = listOf(reader, wb + embedOffset("BdiWriteback", "b_dirty"), "Inode", "i_io_list", graph.onBreak);
  graph.links(wb, dirty, "dirty");
}
