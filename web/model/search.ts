import type { FileObject, Inspection, KernelObject } from "../../lib/see/inspect.ts";

/** Most objects that a search lists. */
const MOST = 50;

/** What a search has found. */
export interface SearchResult {
  readonly found: readonly KernelObject[];
  /** Number of all that match. */
  readonly count: number;
}

/**
 * Finds objects by what a person types: an address (`0x101a40`), a descriptor (`fd 5`, `5`), or a part of a struct's
 * name or of a title.
 */
export function search(inspection: Inspection, text: string): SearchResult {
  const wanted = text.trim().toLowerCase();
  if (wanted === "") return { found: [], count: 0 };
  const found = matches(inspection, wanted);
  return { found: found.slice(0, MOST), count: found.length };
}

function matches({ objects }: Inspection, wanted: string): KernelObject[] {
  if (/^0x[0-9a-f]+$/.test(wanted)) {
    const address = Number(wanted);
    const exact = objects.filter((object) => object.address === address);
    return exact.length > 0 ? exact : objects.filter((object) => `0x${object.address.toString(16)}`.startsWith(wanted));
  }
  const fd = /^(?:fd\s*)?(\d+)$/.exec(wanted)?.[1];
  if (fd !== undefined) return byDescriptor(objects, Number(fd));
  const name = wanted.replaceAll("_", "");
  return objects.filter(
    ({ struct, title }) => struct.toLowerCase().includes(name) || title.toLowerCase().includes(wanted),
  );
}

/** The files of a descriptor, what they stand for, and the items that watch it. */
function byDescriptor(objects: readonly KernelObject[], fd: number): KernelObject[] {
  const files = objects.filter(
    (object): object is FileObject => object.struct === "File" && object.fds.some((open) => open.fd === fd),
  );
  const behind = new Set(files.flatMap(({ address, private_data }) => [address, private_data]));
  return objects.filter(
    (object) =>
      behind.has(object.address) ||
      (object.struct === "Epitem" && object.fd === fd) ||
      (object.struct === "Sock" && behind.has(object.socket)),
  );
}
