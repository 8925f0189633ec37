import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { compile as compileTo } from "../assembly/transform/asc.mjs";
import { KERNEL } from "../assembly/transform/modules.mjs";
import { layout } from "../lib/layout.gen.ts";
import { compileText } from "./support/compile-text.ts";

const root = join(import.meta.dirname, "..");

/** A list node and an item that embeds it, with what the rest of a test needs. */
const list = `
  /** A node. @kernel struct list_head, include/linux/types.h */
  @unmanaged export class ListHead {
    /** The node behind. */
    next: ListHead;
    prev: ListHead;
  }
  @unmanaged export class Item {
    key: u8;
    link_next: ListHead;
    link_prev: ListHead;
    link_color: u16;
    /** Links the item into its list. */
    @embed get link(): ListHead {
      return changetype<ListHead>(changetype<usize>(this) + offsetof<Item>("link_next"));
    }
  }`;

test("offsets, sizes and strides are the compiler's", async () => {
  const { layout, instance } = await compileText(`
    @unmanaged export class Mixed { a: u8; b: f64; c: i16; d: u64; e: bool; f: usize; }
    export function b(): usize { return offsetof<Mixed>("b"); }
    export function d(): usize { return offsetof<Mixed>("d"); }
    export function f(): usize { return offsetof<Mixed>("f"); }
    export function size(): usize { return offsetof<Mixed>(); }`);
  const { fields, size, stride } = layout.structs["Mixed"]!;
  const { exports } = instance as { exports: Record<string, () => number> };
  expect([fields["b"]!.offset, fields["d"]!.offset, fields["f"]!.offset, size]).toEqual([
    exports["b"]!(),
    exports["d"]!(),
    exports["f"]!(),
    exports["size"]!(),
  ]);
  expect(stride).toBe(40);
  expect(Object.values(fields).map(({ type }) => type)).toEqual(["u8", "f64", "i16", "u64", "bool", "u32"]);
});

test("structs that nothing uses are laid out all the same", async () => {
  const { layout } = await compileText(`@unmanaged export class NeverUsed { a: u8; b: f64; }`);
  expect(layout.structs["NeverUsed"]).toMatchObject({ size: 16, fields: { b: { offset: 8 } } });
});

test("docs, @kernel and @to come through", async () => {
  const { layout } = await compileText(`${list}
    @unmanaged export class Root {
      /**
       * All items,
       * by key.
       *
       * Never null.
       */
      @to("Item") items: usize;
    }`);
  expect(layout.structs["ListHead"]).toMatchObject({
    doc: "A node.",
    kernel: "struct list_head, include/linux/types.h",
    source: "assembly/index.ts",
  });
  expect(layout.structs["ListHead"]!.fields["next"]).toEqual({
    offset: 0,
    type: "ptr",
    to: "ListHead",
    doc: "The node behind.",
  });
  expect(layout.structs["Root"]!.fields["items"]).toEqual({
    offset: 0,
    type: "ptr",
    to: "Item",
    doc: "All items, by key.\n\nNever null.",
  });
});

test("an embedded struct has an offset, a type, its fields and its doc; a neighbour of a like name is not part of it", async () => {
  const { layout } = await compileText(list);
  expect(layout.structs["Item"]!.embeds["link"]).toEqual({
    offset: 4,
    type: "ListHead",
    fields: ["link_next", "link_prev"],
    doc: "Links the item into its list.",
  });
});

test("a struct may be embedded in an embedded struct", async () => {
  const { layout } = await compileText(`${list}
    @unmanaged export class Box {
      weight: u64;
      item_key: u8;
      item_link_next: ListHead;
      item_link_prev: ListHead;
      item_link_color: u16;
      @embed get item(): Item { return changetype<Item>(changetype<usize>(this) + offsetof<Box>("item_key")); }
    }`);
  expect(layout.structs["Box"]!.embeds["item"]).toMatchObject({ offset: 8, type: "Item" });
});

test.each([
  ["in another order", "link_prev: ListHead; link_next: ListHead;"],
  ["with a gap", "link_next: ListHead; gap: u32; link_prev: ListHead;"],
  ["of another type", "link_next: ListHead; link_prev: u64;"],
  ["not complete", "link_next: ListHead;"],
])("an embedded struct that is %s fails the build and says where", async (_how, fields) => {
  const { error } = await compileText(
    list.replace("link_next: ListHead;\n    link_prev: ListHead;", fields).replace("link_color: u16;", ""),
  );
  expect(error).toMatch(/embedded 'link' is \[.*\] at \d+ but ListHead is \[ListHead@0 ListHead@4\]/);
  expect(error).toMatch(/in assembly\/index\.ts\(\d+,\d+\)/);
});

test("a derived struct lists the fields and embedded structs of its base too, and names it", async () => {
  const { layout } = await compileText(`${list}
    @unmanaged export class Big extends Item { weight: u64; }`);
  const { base, fields, embeds } = layout.structs["Big"]!;
  expect(base).toBe("Item");
  expect(Object.keys(fields)).toEqual(["key", "link_next", "link_prev", "link_color", "weight"]);
  expect(fields["weight"]!.offset).toBe(16);
  expect(embeds["link"]).toMatchObject({ offset: 4, type: "ListHead" });
  expect(layout.structs["Item"]).not.toHaveProperty("base");
});

test("enum values are what the compiler makes of them, bits unsigned", async () => {
  const { layout } = await compileText(`
    export enum Bits { A = 1, B, C = 0x10 | A, D = 1 << 31, E = D | B, F = 0x8000_0000, G = ~3, H = (2 + 1) << 2 }
    export enum Near { LOW = -2, LESS, ZERO, FROM_BITS = Bits.D }`);
  expect(layout.enums["Bits"]!.values).toEqual({
    A: 1,
    B: 2,
    C: 17,
    D: 2 ** 31,
    E: 2 ** 31 + 2,
    F: 2 ** 31,
    G: 2 ** 32 - 4,
    H: 12,
  });
  expect(layout.enums["Near"]!.values).toEqual({ LOW: -2, LESS: -1, ZERO: 0, FROM_BITS: 2 ** 31 });
});

test("an enum member carries its doc, @kernel and @args", async () => {
  const { layout } = await compileText(`
    /** What happens. Read \`@args\` as names. */
    export enum Tp {
      /**
       * Bytes move.
       * @kernel copy_to_user(), lib/usercopy.c
       * @args task: TaskStruct, n: bytes
       */
      copy = 1,
      bare,
      /** One line. @args fd: fd */
      line,
    }`);
  expect(layout.enums["Tp"]).toMatchObject({ doc: "What happens. Read `@args` as names." });
  expect(layout.enums["Tp"]!.members).toEqual({
    copy: {
      doc: "Bytes move.",
      kernel: "copy_to_user(), lib/usercopy.c",
      args: [
        { name: "task", type: "TaskStruct" },
        { name: "n", type: "bytes" },
      ],
    },
    bare: {},
    line: { doc: "One line.", args: [{ name: "fd", type: "fd" }] },
  });
});

test("@args that nobody could read fail the build and say where", async () => {
  const { error } = await compileText(`export enum Tp {
    /** Bad. @args task TaskStruct */
    bad,
  }`);
  expect(error).toContain("@args wants 'name: Type, name: Type', not 'task TaskStruct'");
  expect(error).toContain("assembly/index.ts(3,5)");
});

test("exported integer constants come through", async () => {
  const { layout } = await compileText(`
    export const PAGE_SHIFT: u32 = 12;
    export const PAGE_SIZE: u32 = 1 << PAGE_SHIFT;
    export const NEVER: u64 = 0x7fff_ffff_ffff_ffff;`);
  expect(layout.constants).toEqual({ PAGE_SHIFT: 12, PAGE_SIZE: 4096 }); // NEVER is too large for a number
});

test("every entry of the function table has a name", async () => {
  const { layout, instance } = await compileText(`
    function double(x: i32): i32 { return x * 2; }
    function square(x: i32): i32 { return x * x; }
    export function index_of_square(): u32 { let other = double.index; return other ? square.index : 0; }
    export function call(f: u32, x: i32): i32 { return call_indirect<i32>(f, x); }`);
  expect(Object.values(layout.functions).sort()).toEqual(["double", "square"]);
  const { index_of_square } = instance.exports as { index_of_square: () => number };
  expect(layout.functions[index_of_square()]).toBe("square");
});

test.each([
  ["a variable", "let count = 0; export function next(): i32 { return ++count; }", "count"],
  ["a variable that nothing uses", "let count = 0;", "count"],
  ["a static field", "export class A { static count: i32 = 0; }", "count"],
  ["a constant computed at the start", "export const count = memory.grow(1);", "count"],
])("%s in the kernel fails the build and says where", async (_what, source, name) => {
  const { error } = await compileText(source);
  expect(error).toContain(`mutable global '${name}'`);
  expect(error).toMatch(/in assembly\/index\.ts\(1,\d+\)/);
});

test("a managed allocation fails the build", async () => {
  const { error } = await compileText(
    "export function f(): usize { return changetype<usize>([1, 2, 3].concat([4])); }",
  );
  expect(error).toContain("mutable Wasm global");
});

test("a module for tests leaves the project's layout alone", async () => {
  const { files } = await compileText("export function f(): i32 { return 1; }", "test/assembly/f.ts");
  expect(Object.keys(files)).toEqual(["build/text.wasm"]);
});

test("the layout is the same for every target", async () => {
  const release = await compileText(list, "assembly/index.ts", "release");
  const debug = await compileText(list, "assembly/index.ts", "debug");
  expect(debug.files["lib/layout.gen.ts"]).toBe(release.files["lib/layout.gen.ts"]);
});

/** The kernel, compiled if that is needed. */
async function kernel(): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly module: WebAssembly.Module }> {
  await compileTo(KERNEL);
  const bytes = Uint8Array.from(readFileSync(join(root, KERNEL.outFile)));
  return { bytes, module: await WebAssembly.compile(bytes) };
}

test("the module and lib/layout.gen.ts say the same hash", async () => {
  const { module } = await kernel();
  const [section] = WebAssembly.Module.customSections(module, "kstruct");
  const { hash } = JSON.parse(new TextDecoder().decode(section)) as { hash: string };
  expect(readFileSync(join(root, "lib/layout.gen.ts"), "utf8")).toContain(`hash: "${hash}"`);
});

test.skipIf(!existsSync(join(root, ".git")))(
  "lib/layout.gen.ts is committed as the committed sources make it",
  async () => {
    await kernel();
    const changed = (...paths: string[]) =>
      execFileSync("git", ["status", "--porcelain", "--", ...paths], { cwd: root, encoding: "utf8" });
    // Sources that are not committed yet may well make another layout.
    if (changed("assembly") === "") expect(changed("lib/layout.gen.ts")).toBe("");
  },
);

test("the kernel weighs less than 300 kB", async () => {
  expect((await kernel()).bytes.length).toBeLessThan(300_000);
});

test("the kernel keeps nothing outside its memory: it exports functions and the memory, and imports functions only", async () => {
  const { module } = await kernel();
  expect(WebAssembly.Module.imports(module).filter(({ kind }) => kind !== "function")).toEqual([]);
  expect(WebAssembly.Module.exports(module).filter(({ kind }) => kind !== "function")).toEqual([
    { name: "memory", kind: "memory" },
  ]);
});

test("before it boots, the kernel's memory holds its constants, in their place, and nothing else", async () => {
  const { module } = await kernel();
  const imports: Record<string, Record<string, () => void>> = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) (imports[from] ??= {})[name] = () => {};
  const { exports } = new WebAssembly.Instance(module, imports);
  const memory = new Uint8Array((exports["memory"] as WebAssembly.Memory).buffer);
  const used = memory.findIndex((byte) => byte !== 0);
  const end = memory.findLastIndex((byte) => byte !== 0);
  expect(used).toBeGreaterThanOrEqual(0x2000);
  expect(end).toBeLessThan(layout.constants.EXCHANGE_BASE);
  expect(layout.constants.KERNEL_BASE).toBeGreaterThan(end);
});
