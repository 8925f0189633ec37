import type { CppProgram, Holder, Statement, Value } from "./notation.ts";
import { fieldOffset, structLayout } from "../machine/memory.ts";
import type { StructLayout } from "./layout.ts";
import type { Sys } from "../machine/sys.ts";
import type { UserBuffer } from "../machine/user_memory.ts";
import { layout } from "../layout.gen.ts";

const KIND = layout.enums.SpKind.values;
const HOLDER = layout.enums.CppHolder.values;
const HOLDERS: Readonly<Record<Holder, number>> = {
  pointer: HOLDER.RAW,
  shared_ptr: HOLDER.SHARED,
  weak_ptr: HOLDER.WEAK,
  unique_ptr: HOLDER.UNIQUE,
};
/** A CppType, up to its members, which lie at a multiple of 8. Unit: bytes. */
const TYPE_SIZE = Math.ceil(structLayout("CppType").size / 8) * 8;
const MEMBER_SIZE = structLayout("CppMember").stride;
const VTABLE_SIZE = structLayout("CppVtable").stride;

/** A kind of control block. */
export type BlockKind = keyof typeof KIND;

/** What a control block's vtable is found by: its kind, its type, the deleter's state, and whether a unique_ptr made it. */
const keyOf = (kind: BlockKind, type: string, deleter: number, quiet: boolean) =>
  `${kind} ${type.replace("[]", "")} ${deleter} ${quiet}`;

/** All values of a program. */
function* valuesOf(statements: readonly Statement[]): Generator<Value> {
  for (const statement of statements) {
    if (statement.do === "declare") yield statement.init;
    if (statement.do === "assign") yield statement.from;
    if (statement.do === "reset") yield statement.to;
    if (statement.do === "if") yield* valuesOf(statement.body);
    if (statement.do === "scope") yield* valuesOf(statement.body);
  }
}

/** The data of a C++ program, in its memory: what its destructors know of types, and its control blocks of their objects. */
export class ProgramData {
  /** First user address of it: the types lie here, one behind the other, and then the vtables. */
  readonly address: number;
  readonly #types = new Map<string, number>();
  readonly #vtables = new Map<string, number>();

  constructor(sys: Sys, structs: ReadonlyMap<string, StructLayout>, program: CppProgram) {
    const size = [...structs.values()].reduce((sum, { offsets }) => sum + TYPE_SIZE + offsets.length * MEMBER_SIZE, 0);
    const deleters = new Set([
      0,
      ...[...valuesOf(program.main)].map((value) => (value.value === "new" ? (value.deleter ?? 0) : 0)),
    ]);
    const kinds = Object.keys(KIND) as BlockKind[];
    const vtables = structs.size * kinds.length * (deleters.size + 1);
    const buffer = sys.buffer(Math.max(1, size + vtables * VTABLE_SIZE));
    this.address = buffer.address;
    let at = 0;
    for (const [name, { offsets }] of structs) {
      this.#types.set(name, buffer.address + at);
      at += TYPE_SIZE + offsets.length * MEMBER_SIZE;
    }
    for (const [name, struct] of structs) this.#writeType(buffer, name, struct);
    for (const name of structs.keys()) {
      for (const kind of kinds) {
        for (const deleter of deleters) at = this.#writeVtable(buffer, at, kind, name, deleter, false);
      }
      at = this.#writeVtable(buffer, at, "DELETER", name, 0, true);
    }
  }

  #writeType(buffer: UserBuffer, name: string, { struct, id, size, align, offsets }: StructLayout): void {
    const view = new DataView(new ArrayBuffer(TYPE_SIZE + offsets.length * MEMBER_SIZE));
    view.setUint32(fieldOffset("CppType", "size"), size, true);
    view.setUint32(fieldOffset("CppType", "align"), align, true);
    view.setUint32(fieldOffset("CppType", "id"), id, true);
    view.setUint32(fieldOffset("CppType", "members"), offsets.length, true);
    view.setUint32(fieldOffset("CppType", "from_this"), struct.sharedFromThis ? 1 : 0, true);
    struct.members.forEach((member, i) => {
      const to = TYPE_SIZE + i * MEMBER_SIZE;
      view.setUint32(to + fieldOffset("CppMember", "offset"), offsets[i]!, true);
      const isArray = member.holder === "unique_ptr" && member.type.endsWith("[]");
      const holder = isArray ? HOLDER.UNIQUE_ARRAY : HOLDERS[member.holder];
      view.setUint32(to + fieldOffset("CppMember", "holder"), holder, true);
      view.setBigUint64(to + fieldOffset("CppMember", "type"), BigInt(this.type(member.type)), true);
    });
    buffer.set(new Uint8Array(view.buffer), this.type(name) - buffer.address);
  }

  #writeVtable(buffer: UserBuffer, at: number, kind: BlockKind, type: string, deleter: number, quiet: boolean): number {
    const view = new DataView(new ArrayBuffer(VTABLE_SIZE));
    view.setUint32(fieldOffset("CppVtable", "kind"), KIND[kind], true);
    view.setUint32(fieldOffset("CppVtable", "deleter"), deleter, true);
    view.setUint32(fieldOffset("CppVtable", "quiet"), quiet ? 1 : 0, true);
    view.setBigUint64(fieldOffset("CppVtable", "type"), BigInt(this.type(type)), true);
    buffer.set(new Uint8Array(view.buffer), at);
    this.#vtables.set(keyOf(kind, type, deleter, quiet), buffer.address + at);
    return at + VTABLE_SIZE;
  }

  /** User address of a type's CppType. @throws TypeError if the program has no such type. */
  type(name: string): number {
    const at = this.#types.get(name.replace("[]", ""));
    if (at === undefined) throw new TypeError(`there is no struct ${name}`);
    return at;
  }

  /**
   * User address of a kind of control block's CppVtable.
   *
   * @param deleter  the deleter's state. Unit: bytes.
   * @param quiet    whether the deleter is that of a unique_ptr, std::default_delete.
   */
  vtable(kind: BlockKind, type: string, deleter: number, quiet = false): number {
    const at = this.#vtables.get(keyOf(kind, type, deleter, quiet));
    if (at === undefined) throw new TypeError(`there is no struct ${type}`);
    return at;
  }
}
