import { AT, PAGE, attempt, file, put, surviving } from "./mmap-helpers.ts";
import { type Scenario, type Sys, scenario } from "../scenario.ts";

const [NONE, READ, WRITE] = [0, 1, 2];
const RW = READ | WRITE;
const [SHARED, PRIVATE, FIXED, ANONYMOUS] = [1, 2, 0x10, 0x20];
const OWN = PRIVATE | ANONYMOUS | FIXED;
const [MAYMOVE, TO, DONTUNMAP] = [1, 2, 4];
/** Where areas are moved to. */
const THERE = AT + 0x1000_0000;
/** Nothing is there in either kernel's programs. */
const NOTHING = AT - 64 * PAGE;

/** Which pages from an address on are mapped: mincore() refuses the others. */
function* mapped(sys: Sys, address: number, pages: number) {
  const vec = sys.buffer(1);
  for (let page = 0; page < pages; page++) yield* sys.mincore(address + page * PAGE, PAGE, vec);
}

/** Some pages of memory of the program's own; each begins with its number. */
function* numbered(sys: Sys, pages: number, flags = OWN) {
  yield* sys.mmap(AT, pages * PAGE, RW, flags, -1, 0);
  for (let page = 0; page < pages; page++) yield* sys.unrecorded.store(AT + page * PAGE, `page ${page}`);
}

/** Loads the beginnings of pages. */
function* begins(sys: Sys, address: number, pages: number) {
  for (let page = 0; page < pages; page++) yield* attempt(sys.load(address + page * PAGE, 6));
}

/** Areas that become longer, shorter, and go elsewhere. */
export const mremaps: Scenario[] = [
  scenario("mremap makes an area shorter, and longer again where there is room; new pages are zeros", function* (sys) {
    yield* surviving(sys);
    yield* numbered(sys, 4);
    yield* sys.mremap(AT, 4 * PAGE, 2 * PAGE);
    yield* mapped(sys, AT, 4);
    yield* begins(sys, AT, 3);
    yield* sys.mremap(AT, 2 * PAGE, 6 * PAGE);
    yield* begins(sys, AT, 7);
    yield* sys.mremap(AT, 6 * PAGE, 6 * PAGE);
    yield* sys.mremap(AT, 6 * PAGE - 100, 5 * PAGE + 1);
    yield* mapped(sys, AT, 7);
    // Shorter by more than there is, and from the middle.
    yield* sys.mremap(AT, 100 * PAGE, 3 * PAGE);
    yield* mapped(sys, AT, 4);
    yield* sys.mremap(AT + PAGE, 2 * PAGE, PAGE);
    yield* mapped(sys, AT, 3);
    yield* sys.mremap(AT + PAGE, PAGE, 2 * PAGE);
    yield* begins(sys, AT, 3);
  }),
  scenario("mremap without MREMAP_MAYMOVE is refused where there is no room", function* (sys) {
    yield* numbered(sys, 2);
    yield* sys.mmap(AT + 2 * PAGE, PAGE, READ, OWN, -1, 0);
    yield* sys.mremap(AT, 2 * PAGE, 3 * PAGE);
    yield* sys.mremap(AT, PAGE, 2 * PAGE);
    yield* sys.munmap(AT + 2 * PAGE, PAGE);
    yield* sys.mremap(AT, 2 * PAGE, 3 * PAGE);
    yield* sys.mmap(AT + 3 * PAGE, PAGE, RW, OWN, -1, 0);
    // What was two areas may be one.
    yield* sys.mremap(AT, 4 * PAGE, 5 * PAGE);
    yield* begins(sys, AT, 5);
  }),
  scenario("mremap with MREMAP_MAYMOVE takes the pages along, and leaves nothing behind", function* (sys) {
    yield* surviving(sys);
    yield* numbered(sys, 3);
    yield* sys.mmap(AT + 3 * PAGE, PAGE, READ, OWN, -1, 0);
    const at = yield* sys.unrecorded.mremap(AT, 3 * PAGE, 5 * PAGE, MAYMOVE);
    for (let page = 0; page < 5; page++) {
      const bytes = yield* sys.unrecorded.load(at + page * PAGE, 6);
      yield* put(sys, AT + 3 * PAGE, new TextDecoder().decode(bytes));
    }
    yield* mapped(sys, AT, 4);
    yield* begins(sys, AT, 3);
  }),
  scenario("mremap with MREMAP_FIXED goes where it is told, over what is there", function* (sys) {
    yield* surviving(sys);
    yield* numbered(sys, 4);
    yield* sys.mmap(THERE, 6 * PAGE, RW, OWN, -1, 0);
    yield* sys.store(THERE + PAGE, "was here");
    yield* sys.mremap(AT, 4 * PAGE, 4 * PAGE, MAYMOVE | TO, THERE);
    yield* begins(sys, THERE, 5);
    yield* mapped(sys, AT, 4);
    // A part, with room behind it; a part that is shortened on the way.
    yield* sys.mremap(THERE + PAGE, PAGE, 3 * PAGE, MAYMOVE | TO, AT + 8 * PAGE);
    yield* begins(sys, AT + 8 * PAGE, 4);
    yield* sys.mremap(THERE + 2 * PAGE, 2 * PAGE, PAGE, MAYMOVE | TO, AT);
    yield* begins(sys, AT, 2);
    yield* mapped(sys, THERE, 6);
    yield* sys.store(AT, "moved");
    yield* sys.fork(function* (child) {
      yield* child.load(AT, 6);
      yield* child.mremap(AT, PAGE, PAGE, MAYMOVE | TO, THERE);
      yield* child.store(THERE, "child");
    });
    yield* sys.wait4(-1, {}, 0);
    yield* sys.load(AT, 6);
  }),
  scenario("mremap moves several areas at once, with the holes between them, if none becomes longer", function* (sys) {
    yield* numbered(sys, 6);
    yield* sys.mprotect(AT + PAGE, PAGE, READ);
    yield* sys.munmap(AT + 3 * PAGE, PAGE);
    yield* sys.mremap(AT, 6 * PAGE, 7 * PAGE, MAYMOVE);
    yield* sys.mremap(AT, 6 * PAGE, 7 * PAGE, MAYMOVE | TO, THERE);
    yield* sys.mremap(AT, 6 * PAGE, 6 * PAGE, MAYMOVE | TO, THERE);
    yield* mapped(sys, THERE, 7);
    yield* mapped(sys, AT, 6);
    for (const page of [0, 1, 2, 4, 5]) yield* sys.load(THERE + page * PAGE, 6);
    yield* sys.mremap(THERE + 3 * PAGE, 2 * PAGE, 2 * PAGE, MAYMOVE | TO, AT);
    yield* sys.mremap(THERE + 2 * PAGE, 8 * PAGE, 8 * PAGE, MAYMOVE | TO, AT);
    yield* mapped(sys, AT, 5);
  }),
  scenario("mremap with MREMAP_DONTUNMAP leaves an area of zeros behind", function* (sys) {
    yield* numbered(sys, 3);
    yield* sys.mremap(AT, 3 * PAGE, 3 * PAGE, MAYMOVE | TO | DONTUNMAP, THERE);
    yield* begins(sys, THERE, 3);
    yield* begins(sys, AT, 3);
    yield* sys.store(AT, "again");
    yield* sys.mremap(AT, 3 * PAGE, 4 * PAGE, MAYMOVE | TO | DONTUNMAP, THERE);
    yield* sys.mremap(AT, PAGE, PAGE, DONTUNMAP, THERE);
    yield* sys.mremap(AT, PAGE, PAGE, MAYMOVE | DONTUNMAP, THERE + 8 * PAGE);
    yield* sys.load(THERE + 8 * PAGE, 6);
    yield* begins(sys, AT, 1);
  }),
  scenario(
    "mremap of a file shows more of it, elsewhere the same; stores go to the file or not, as before",
    function* (sys) {
      yield* surviving(sys);
      const fd = yield* file(sys, 6 * PAGE);
      yield* sys.mmap(AT, 2 * PAGE, RW, SHARED | FIXED, fd, PAGE);
      yield* sys.store(AT, "stored");
      yield* sys.mremap(AT, 2 * PAGE, 6 * PAGE);
      yield* begins(sys, AT, 6);
      yield* sys.mremap(AT, 6 * PAGE, 6 * PAGE, MAYMOVE | TO, THERE);
      yield* sys.store(THERE + 2 * PAGE, "moved");
      yield* sys.pread64(fd, sys.buffer(8), 8, 3 * PAGE);
      yield* sys.mremap(THERE + 3 * PAGE, PAGE, PAGE, MAYMOVE | TO, AT);
      yield* sys.ftruncate(fd, 4 * PAGE);
      yield* begins(sys, AT, 1);
      yield* begins(sys, THERE, 3);
      yield* sys.mmap(AT, 2 * PAGE, RW, PRIVATE | FIXED, fd, 0);
      yield* sys.store(AT + PAGE, "own");
      yield* sys.mremap(AT + PAGE, PAGE, 2 * PAGE, MAYMOVE | TO, THERE + 16 * PAGE);
      yield* begins(sys, THERE + 16 * PAGE, 2);
      yield* sys.pread64(fd, sys.buffer(8), 8, PAGE);
    },
  ),
  scenario("mremap without an old length shows what is shared once more", function* (sys) {
    yield* numbered(sys, 2, SHARED | ANONYMOUS | FIXED);
    yield* sys.mremap(AT, 0, 2 * PAGE, MAYMOVE | TO, THERE);
    yield* sys.store(THERE + PAGE, "both");
    yield* begins(sys, AT, 2);
    yield* sys.mremap(AT, 0, PAGE);
    yield* sys.mremap(AT + PAGE, 0, PAGE, MAYMOVE | TO, THERE + 8 * PAGE);
    yield* sys.load(THERE + 8 * PAGE, 6);
    yield* sys.munmap(AT, 2 * PAGE);
    yield* sys.load(THERE, 6);
    const fd = yield* file(sys, 2 * PAGE);
    yield* sys.mmap(AT, PAGE, READ, SHARED | FIXED, fd, PAGE);
    yield* sys.mremap(AT, 0, 2 * PAGE, MAYMOVE | TO, THERE);
    yield* sys.load(THERE, 6);
    yield* numbered(sys, 1);
    yield* sys.mremap(AT, 0, PAGE, MAYMOVE);
    yield* sys.mremap(AT, 0, PAGE, MAYMOVE | TO, THERE);
  }),
  scenario("what mremap refuses, and in which order", function* (sys) {
    yield* numbered(sys, 4);
    const huge = 2 ** 47;
    for (const flags of [8, TO, DONTUNMAP, 0x100, 2 ** 32, 2 ** 32 + 1])
      yield* sys.mremap(AT, PAGE, PAGE, flags, THERE);
    for (const address of [AT + 1, AT - 1, NOTHING, 0, huge, -PAGE]) {
      for (const length of [0, PAGE, 2 * PAGE]) yield* sys.mremap(address, PAGE, length);
      yield* sys.mremap(address, PAGE, PAGE, MAYMOVE | TO, THERE);
      yield* sys.mremap(address, PAGE, 2 * PAGE, MAYMOVE);
    }
    yield* sys.mremap(AT, 4 * PAGE, 2 ** 46);
    for (const length of [0, -1, -4096, huge, huge - PAGE]) {
      yield* sys.mremap(AT, 4 * PAGE, length);
      yield* sys.mremap(AT, 4 * PAGE, length, MAYMOVE | TO, THERE);
    }
    for (const to of [THERE + 1, huge, huge - PAGE, AT, AT + PAGE, AT + 3 * PAGE, AT - PAGE, -PAGE]) {
      yield* sys.mremap(AT, 2 * PAGE, 2 * PAGE, MAYMOVE | TO, to);
      yield* sys.mremap(AT, 2 * PAGE, 2 * PAGE, TO, to);
      yield* sys.mremap(AT, PAGE, 3 * PAGE, MAYMOVE | TO, to);
    }
    yield* numbered(sys, 4);
    yield* sys.mremap(AT + 2 * PAGE, 4 * PAGE, 8 * PAGE, MAYMOVE);
    yield* sys.mremap(AT + 2 * PAGE, 4 * PAGE, 8 * PAGE, MAYMOVE | TO, THERE);
    yield* sys.mremap(AT + 2 * PAGE, 4 * PAGE, PAGE, MAYMOVE | TO, THERE);
    yield* mapped(sys, AT, 5);
    yield* mapped(sys, THERE, 2);
  }),
  scenario("areas without rights are moved as well, and stay without", function* (sys) {
    yield* surviving(sys);
    yield* numbered(sys, 2);
    yield* sys.mprotect(AT, 2 * PAGE, NONE);
    yield* sys.mremap(AT, 2 * PAGE, 3 * PAGE, MAYMOVE | TO, THERE);
    yield* attempt(sys.load(THERE, 6));
    yield* sys.mprotect(THERE, 3 * PAGE, READ);
    yield* begins(sys, THERE, 3);
    yield* attempt(sys.store(THERE, "x"));
  }),
];
