import { type CppProgram, type Statement, type Struct, cpp } from "../../../lib/cpp/notation.ts";

/** What can be chosen of a program: how large its objects' data is, and by what instructions counts are changed. */
export interface Choice {
  /** Length of `char data[]`. Unit: bytes. */
  readonly bytes: number;
  /** Whether the program has had a thread, so that counts are changed by atomic instructions. */
  readonly atomic: boolean;
}

/** A program that waits to be run: its structs, and what main() does. */
type Ready = (bytes: number) => { readonly structs: readonly Struct[]; readonly main: readonly Statement[] };

const image = (bytes: number) => cpp.struct("Image", { bytes });
const node = (bytes: number) =>
  cpp.struct("Node", {
    bytes,
    members: [cpp.member("next", "shared_ptr", "Node"), cpp.member("back", "weak_ptr", "Node")],
  });

/** A weak_ptr that outlives the only owner. */
const straggler = (made: "new_" | "make_shared"): Ready => {
  return (bytes) => ({
    structs: [image(bytes)],
    main: [
      cpp.weak_ptr("weak", "Image"),
      cpp.scope([
        cpp.shared_ptr("owner", "Image", cpp[made]("Image")),
        cpp.shared_ptr("copy", "Image", cpp.copy("owner")),
        cpp.assign("weak", cpp.copy("owner")),
      ]),
      cpp.expired("weak"),
    ],
  });
};

/** Two nodes that lead to each other, the second by one of its members. */
const ring = (back: "next" | "back"): Ready => {
  return (bytes) => ({
    structs: [node(bytes)],
    main: [
      cpp.scope([
        cpp.shared_ptr("a", "Node", cpp.make_shared("Node")),
        cpp.shared_ptr("b", "Node", cpp.make_shared("Node")),
        cpp.assign("a->next", cpp.copy("b")),
        cpp.assign(`b->${back}`, cpp.copy("a")),
      ]),
      cpp.shared_ptr("later", "Node"),
    ],
  });
};

const READY = {
  new: straggler("new_"),
  make_shared: straggler("make_shared"),
  cycle: ring("next"),
  weak: ring("back"),
  unique: (bytes) => ({
    structs: [image(bytes)],
    main: [
      cpp.unique_ptr("only", "Image", cpp.make_unique("Image")),
      cpp.shared_ptr("first", "Image", cpp.move("only")),
      cpp.shared_ptr("second", "Image", cpp.copy("first")),
      cpp.reset("first"),
      cpp.use_count("second"),
    ],
  }),
  alias: (bytes) => ({
    structs: [image(bytes)],
    main: [
      cpp.shared_ptr("whole", "Image", cpp.make_shared("Image")),
      cpp.shared_ptr("part", "char", cpp.alias("whole")),
      cpp.reset("whole"),
      cpp.use_count("part"),
      cpp.reset("part"),
    ],
  }),
  from_this: (bytes) => ({
    structs: [cpp.struct("Session", { bytes, sharedFromThis: true })],
    main: [
      cpp.shared_ptr("owner", "Session", cpp.make_shared("Session")),
      cpp.shared_ptr("self", "Session", cpp.shared_from_this("owner")),
      cpp.use_count("owner"),
      cpp.reset("owner"),
    ],
  }),
  deleter: (bytes) => ({
    structs: [image(bytes)],
    main: [
      cpp.shared_ptr("plain", "Image", cpp.new_with_deleter("Image", 0)),
      cpp.shared_ptr("state", "Image", cpp.new_with_deleter("Image", 16)),
      cpp.reset("plain"),
      cpp.reset("state"),
    ],
  }),
  arrays: (bytes) => ({
    structs: [image(bytes)],
    main: [
      cpp.unique_ptr("unique", "Image[]", cpp.new_array("Image", 2)),
      cpp.shared_ptr("shared", "Image[]", cpp.new_array("Image", 2)),
      cpp.shared_ptr("together", "Image[]", cpp.make_shared_array("Image", 2)),
      cpp.reset("unique"),
    ],
  }),
  dangling: (bytes) => ({
    structs: [image(bytes)],
    main: [
      cpp.pointer("raw", "Image", cpp.new_("Image")),
      cpp.pointer("other", "Image", cpp.new_("Image")),
      cpp.delete_("other"),
      cpp.delete_("raw"),
      cpp.write("raw"),
      cpp.unique_ptr("first", "Image", cpp.new_("Image")),
      cpp.unique_ptr("second", "Image", cpp.new_("Image")),
    ],
  }),
  twice: (bytes) => ({
    structs: [image(bytes)],
    main: [
      cpp.pointer("raw", "Image", cpp.new_("Image")),
      cpp.shared_ptr("one", "Image", cpp.own("raw")),
      cpp.shared_ptr("two", "Image", cpp.own("raw")),
      cpp.use_count("one"),
    ],
  }),
  leak: (bytes) => ({
    structs: [image(bytes)],
    main: [
      cpp.scope([
        cpp.pointer("raw", "Image", cpp.new_("Image")),
        cpp.unique_ptr("owned", "Image", cpp.make_unique("Image")),
      ]),
      cpp.shared_ptr("later", "Image", cpp.make_shared("Image")),
    ],
  }),
  reuse: (bytes) => ({
    structs: [image(bytes)],
    main: [
      cpp.pointer("a", "Image", cpp.new_("Image")),
      cpp.pointer("b", "Image", cpp.new_("Image")),
      cpp.pointer("c", "Image", cpp.new_("Image")),
      cpp.delete_("a"),
      cpp.delete_("b"),
      cpp.unique_ptr("d", "Image", cpp.new_("Image")),
      cpp.delete_("c"),
    ],
  }),
} as const satisfies Record<string, Ready>;

/** Name of a ready program. */
export type ProgramId = keyof typeof READY;

/** Programs about who owns what. */
export const OWNING = [
  "new",
  "make_shared",
  "cycle",
  "weak",
  "unique",
  "alias",
  "from_this",
  "deleter",
  "arrays",
] as const satisfies readonly ProgramId[];

/** Programs that go wrong. */
export const MISTAKES = ["dangling", "twice", "leak"] as const satisfies readonly ProgramId[];

/** Programs about malloc() itself. */
export const ALLOCATOR = ["reuse"] as const satisfies readonly ProgramId[];

/** All ready programs, in the order of the list. */
export const PROGRAMS: readonly ProgramId[] = [...OWNING, ...MISTAKES, ...ALLOCATOR];

/** Programs that are shown side by side, statement by statement. */
export const PAIRS = {
  "new~make_shared": ["new", "make_shared"],
  "cycle~weak": ["cycle", "weak"],
} as const satisfies Record<string, readonly [ProgramId, ProgramId]>;

/** Name of a pair. */
export type PairId = keyof typeof PAIRS;

/** A ready program, as it was chosen. */
export function programOf(id: ProgramId, { bytes, atomic }: Choice): CppProgram {
  const { structs, main } = READY[id](bytes);
  return cpp.program(structs, atomic ? [cpp.thread(), ...main] : main);
}
