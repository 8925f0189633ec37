import type { FileObject, FolioObject, InodeObject } from "../../lib/see/inspect.ts";
import { type Chip, type Link, type Row, keyOf } from "./scene.ts";
import { type SceneContext, filesOf, textRow } from "./context.ts";

/** What a page is just now: pages of a file stand in one row for each. */
type PageState = "cached" | "dirty" | "writing" | "reading";

const STATES: readonly PageState[] = ["cached", "dirty", "writing", "reading"];

/** Pages of a file one after the other that are the same. */
interface Run {
  readonly first: FolioObject;
  readonly state: PageState;
  /** Number of the last page. */
  last: number;
}

function stateOf({ flags }: FolioObject): PageState {
  const has = (flag: string) => flags.split("|").includes(flag);
  if (has("WRITEBACK")) return "writing";
  if (has("DIRTY")) return "dirty";
  return has("UPTODATE") ? "cached" : "reading";
}

/** The pages of a file, neighbours that are the same taken together. */
function runsOf(context: SceneContext, inode: number): Run[] {
  const runs: Run[] = [];
  const folios = context.all("Folio").filter((folio) => folio.inode === inode);
  for (const folio of folios.sort((a, b) => a.index - b.index)) {
    const before = runs.at(-1);
    const [state, last] = [stateOf(folio), folio.index + folio.count - 1];
    if (before && before.state === state && before.last === folio.index - 1) before.last = last;
    else runs.push({ first: folio, state, last });
  }
  return runs;
}

/** `0–15`. */
function span(first: number, last: number): string {
  return first === last ? String(first) : `${first}–${last}`;
}

/** What of a file lies in the page cache, by what is going on with it, and what is read ahead of its readers. */
export function pageRows(context: SceneContext, inode: InodeObject): Row[] {
  const { translate } = context;
  const key = keyOf(inode.address);
  const runs = runsOf(context, inode.address);
  const rows = STATES.flatMap((state): Row[] => {
    const chips = runs
      .filter((run) => run.state === state)
      .map(({ first, last }): Chip => {
        const text = span(first.index, last);
        const label = translate("pages_label", { pages: text, state: translate(`pages_${state}`) });
        const look = state === "reading" ? "slot" : state === "cached" ? "bytes" : "pending";
        return { key: keyOf(first.address), address: first.address, struct: "Folio", hue: "page", look, text, label };
      });
    return chips.length > 0 ? [context.row(`${key}:${state}`, translate(`pages_${state}`), chips)] : [];
  });
  const mapped = context.all("Folio").filter((folio) => folio.inode === inode.address && folio.mapcount > 0);
  if (mapped.length > 0) {
    const pages = mapped.reduce((sum, { count }) => sum + count, 0);
    rows.push(textRow(`${key}:mapped`, translate("row_mapped"), translate("pages_count", { count: pages })));
  }
  for (const file of filesOf(context, inode.address)) rows.push(...readAheadRow(context, file));
  return rows;
}

function readAheadRow({ translate }: SceneContext, { address, readAhead }: FileObject): Row[] {
  if (!readAhead || readAhead.size === 0) return [];
  const { start, size, async_size } = readAhead;
  const pages = span(start, start + size - 1);
  const text = async_size === 0 ? pages : translate("window", { pages, mark: start + size - async_size });
  return [textRow(`${keyOf(address)}:ahead`, translate("row_ahead"), text)];
}

/** The page of a file that something refers to; undefined: it is none. */
function folioAt(context: SceneContext, page: number): FolioObject | undefined {
  return context.get("Folio", page);
}

/** The pages of files that a packet refers to: `→ 0–3`; empty: none. */
export function pagesOf(context: SceneContext, pages: readonly number[]): string {
  const indices = pages.flatMap((page) => folioAt(context, page)?.index ?? []);
  const [first, last] = [indices[0], indices.at(-1)];
  return first === undefined || last === undefined ? "" : ` → ${span(first, last)}`;
}

/** Links from slots of pipes and from packets to the pages of files that they refer to. */
export function pageLinks(context: SceneContext): Link[] {
  const chips = new Map<number, string>();
  for (const { address } of context.all("Inode")) {
    const runs = runsOf(context, address);
    for (const folio of context.all("Folio").filter(({ inode }) => inode === address)) {
      const run = runs.find(({ first, last }) => first.index <= folio.index && folio.index <= last);
      if (run) chips.set(folio.address, keyOf(run.first.address));
    }
  }
  const links = new Map<string, Link>();
  const add = (from: string, holder: number, page: number) => {
    const to = chips.get(page);
    const key = `page:${from}:${to}`;
    if (to !== undefined) links.set(key, { key, kind: "page", from, to, ends: [holder, page] });
  };
  for (const { address, pages } of context.all("PipeInodeInfo")) {
    pages.forEach((page, i) => add(`${keyOf(address)}:slot:${i}`, address, page));
  }
  for (const { address, fragments } of context.all("SkBuff")) {
    for (const { page } of fragments) add(keyOf(address), address, page);
  }
  return [...links.values()];
}

/** The areas of a task that show files: `rw-s file`. */
export function areaRow(context: SceneContext, mm: number, key: string): Row[] {
  const areas = (context.get("MmStruct", mm)?.areas ?? []).filter(({ inode }) => context.get("Inode", inode));
  if (areas.length === 0) return [];
  const chips = areas.map(({ start, inode, protection }): Chip => {
    const name = context.get("Inode", inode)?.name.split("/").at(-1) ?? "";
    const text = `${name} ${protection}`;
    return { key: `${key}:${start}`, address: mm, struct: "MmStruct", hue: "file", look: "plain", text, label: text };
  });
  return [context.row(`${key}:areas`, "mmap", chips)];
}
