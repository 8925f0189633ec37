import { execFile } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const folder = join(import.meta.dirname, "../examples");
const programs = readdirSync(folder).filter((name) => name.endsWith(".js"));

/** What an example prints, without the numbers that depend on what things cost. */
const PRINTS: Readonly<Record<string, readonly RegExp[]>> = {
  "roads.js": [
    /^read \+ write +4 +2 +2 +0$/m,
    /^mmap \+ write +4 +1 +2 +\d+$/m,
    /^sendfile \+ SG +2 +0 +2 +0$/m,
    /^sendfile: .* cannot gather/m,
  ],
  "ownership.js": [
    /^new: 2 allocation\(s\); the weak_ptr keeps 24 bytes$/m,
    /^make_shared: 1 allocation\(s\); the weak_ptr keeps 1016 bytes$/m,
    /^b->next = a: 2 blocks leak, 96 bytes$/m,
    /^b->back = a: 0 blocks leak/m,
  ],
  "dma.js": [/by the CPU 131\d\d\d, by the disk 0;/, /by the CPU 65\d\d\d, by the disk 65536;/],
  "mapped.js": [
    /cached: +\{ minor: 4, major: 0 \}/,
    /a private change reaches the file: false/,
    /a shared one does: +true/,
  ],
  "direct-aio.js": [/^16777216 bytes read/, /memory: 16777216;/, /page cache: 0 pages/],
  "page-cache.js": [
    /^read: .* 0 after it;\n.* 2097152 bytes/m,
    /^read, and POSIX_FADV_DONTNEED .* 512 after it;\n.* 0 bytes/m,
    /^read with O_DIRECT: .* 512 after it;\n.* 0 bytes/m,
  ],
  "io-uring.js": [/each piece: 8 mode switches, 262144 bytes/, /looks: 0 mode switches, 262144 bytes/],
  "waiting.js": [
    // A read and a write for each of 15 messages; one call for a round, and every file asked twice.
    /^blocking +30 +0 +15 /m,
    /^poll +33 +3000 +3 /m,
    /^epoll, level-triggered +33 +30 +3 /m,
    /^io_uring +3 +30 +3 /m,
  ],
  "in-flight.js": [/bySendfile: 'NEW old old!', byWrite: 'old old old!'/],
};

test.each(programs)("examples/%s runs and prints what it is there to show", async (name) => {
  const { stdout } = await promisify(execFile)(process.execPath, [join(folder, name)]);
  expect(PRINTS[name]).toBeDefined();
  for (const line of PRINTS[name] ?? []) expect(stdout).toMatch(line);
});

test("the page of the examples names each of them", () => {
  const page = readFileSync(join(folder, "README.md"), "utf8");
  expect(programs.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});
