import { CHAR, type CppProgram, type Holder, type Statement, type Value } from "./notation.ts";
import { Frame, type Variable } from "./frame.ts";
import { type StructLayout, layoutsOf } from "./layout.ts";
import type { PendingCall } from "../machine/call.ts";
import type { Program } from "../machine/program.ts";
import { ProgramData } from "./data.ts";
import type { Sys } from "../machine/sys.ts";
import { layout } from "../layout.gen.ts";

const CALL = layout.enums.LibraryCall.values;
/**
 * Room for a program's stack: variables from its end downwards, and below them what destructors still have to do.
 * Unit: bytes.
 */
const STACK_SIZE = 256 * 1024;
/** What a temporary takes. Unit: bytes. */
const TEMPORARY = 16;

/** What is a plain pointer: constructors and reset() take it, assignments do not. */
const RAW: ReadonlySet<Value["value"]> = new Set(["new", "new[]", "own"]);

const isArray = ({ type }: { readonly type: string }) => type.endsWith("[]");

type Steps<R = void> = Generator<PendingCall, R, number>;

/** Something that can be assigned to: a variable, or a member. */
interface Place {
  readonly holder: Holder;
  readonly type: string;
  /** User address. */
  readonly address: number;
}

/** A C++ program on its way through the machine: each step of it is a call of the library, or a load. */
class Run {
  readonly #sys: Sys;
  readonly #data: ProgramData;
  readonly #structs: ReadonlyMap<string, StructLayout>;
  readonly #frame: Frame;
  /** First address behind the stack. */
  readonly #end: number;
  /** The variables that live, in the order in which they were declared. */
  #alive: readonly Variable[] = [];

  constructor(sys: Sys, data: ProgramData, structs: ReadonlyMap<string, StructLayout>, frame: Frame, end: number) {
    this.#sys = sys;
    this.#data = data;
    this.#structs = structs;
    this.#frame = frame;
    this.#end = end;
  }

  #call(name: keyof typeof CALL, ...args: readonly [number?, number?, number?, number?]) {
    return this.#sys.library(CALL[name], ...(args as [number, number, number, number]));
  }

  /** Loads a pointer, as the program's own instruction does. */
  *#pointer(address: number): Steps<number> {
    const bytes = yield* this.#sys.load(address, 8);
    return Number(new DataView(bytes.buffer).getBigUint64(0, true));
  }

  *#place(path: string): Steps<Place> {
    const [first = "", ...rest] = path.split("->");
    const variable = this.#alive.findLast(({ name }) => name === first);
    if (variable === undefined) throw new TypeError(`there is no variable ${first}`);
    let place = this.#variable(variable);
    for (const name of rest) {
      const struct = this.#struct(place.type);
      const index = struct.struct.members.findIndex((member) => member.name === name);
      const member = struct.struct.members[index];
      if (member === undefined) throw new TypeError(`${place.type} has no member ${name}`);
      const object: number = yield* this.#pointer(place.address);
      place = { holder: member.holder, type: member.type, address: object + struct.offsets[index]! };
    }
    return place;
  }

  #struct(type: string): StructLayout {
    const struct = this.#structs.get(type.replace("[]", ""));
    if (struct === undefined) throw new TypeError(`there is no struct ${type}`);
    return struct;
  }

  #variable({ holder, type, below }: Variable): Place {
    return { holder, type, address: this.#end - below };
  }

  /** Runs statements in a scope of their own, at whose end its variables are destroyed, the last one first. */
  *block(statements: readonly Statement[]): Steps {
    const outer = this.#alive;
    for (const statement of statements) {
      yield* this.#call("cpp_statement", this.#frame.line(statement), this.#alive.length);
      yield* this.#statement(statement);
    }
    while (this.#alive.length > outer.length) {
      yield* this.#call("cpp_statement", this.#frame.end(statements), this.#alive.length);
      yield* this.#destroy(this.#variable(this.#alive.at(-1)!));
      this.#alive = this.#alive.slice(0, -1);
    }
  }

  *#statement(statement: Statement): Steps {
    switch (statement.do) {
      case "declare": {
        const variable = this.#frame.declared(statement);
        yield* this.#construct(this.#variable(variable), statement.init);
        this.#alive = [...this.#alive, variable];
        return;
      }
      case "assign":
        return yield* this.#assign(statement.place, statement.from);
      case "reset":
        return yield* this.#reset(statement.place, statement.to);
      case "swap":
        return yield* this.#swap(yield* this.#place(statement.place), yield* this.#place(statement.other));
      case "use_count":
        yield* this.#call("use_count", (yield* this.#place(statement.place)).address);
        return;
      case "expired":
        yield* this.#call("expired", (yield* this.#place(statement.place)).address);
        return;
      case "write": {
        const { type, address } = yield* this.#place(statement.place);
        const { data, struct } = this.#struct(type);
        if (struct.bytes === 0) throw new TypeError(`${type} has no data`);
        yield* this.#sys.store((yield* this.#pointer(address)) + data, "x");
        return;
      }
      case "delete":
      case "delete[]": {
        const { type, address } = yield* this.#place(statement.place);
        const object = yield* this.#pointer(address);
        const name = statement.do === "delete[]" ? "delete_array" : "delete_object";
        yield* this.#call(name, object, this.#data.type(type));
        return;
      }
      case "if":
        if ((yield* this.#pointer((yield* this.#place(statement.place)).address)) !== 0)
          yield* this.block(statement.body);
        return;
      case "scope":
        return yield* this.block(statement.body);
      case "thread":
        yield* this.#call("cpp_thread");
        return;
    }
  }

  *#construct(place: Place, value: Value): Steps {
    if (place.holder === "shared_ptr") return yield* this.#constructShared(place, value);
    if (place.holder === "weak_ptr") return yield* this.#constructWeak(place, value);
    return yield* this.#constructPointer(place, value);
  }

  *#constructShared({ address, type }: Place, value: Value): Steps {
    switch (value.value) {
      case "nullptr":
        yield* this.#call("pointer_clear", address);
        return;
      case "new": {
        const object = yield* this.#call("new_object", this.#data.type(value.type));
        const kind = value.deleter === undefined ? "PTR" : "DELETER";
        yield* this.#call(
          "shared_from_pointer",
          address,
          object,
          this.#data.vtable(kind, value.type, value.deleter ?? 0),
        );
        return;
      }
      case "own": {
        const from = yield* this.#place(value.place);
        const object = yield* this.#pointer(from.address);
        if (isArray(from)) yield* this.#ownArray(address, object, from.type);
        else yield* this.#call("shared_from_pointer", address, object, this.#data.vtable("PTR", from.type, 0));
        return;
      }
      case "new[]": {
        const array = yield* this.#call("new_array", this.#data.type(value.type), value.length);
        return yield* this.#ownArray(address, array, value.type);
      }
      case "make_shared":
      case "allocate_shared":
        yield* this.#call("make_shared", address, this.#data.vtable("INPLACE", value.type, 0));
        return;
      case "make_shared[]":
        yield* this.#call("make_shared_array", address, this.#data.vtable("ARRAY", value.type, 0), value.length);
        return;
      case "lock":
        yield* this.#call("weak_lock", address, (yield* this.#place(value.place)).address);
        return;
      case "shared_from_this": {
        const object = yield* this.#pointer((yield* this.#place(value.place)).address);
        yield* this.#call("weak_lock", address, object);
        return;
      }
      case "alias":
        return yield* this.#alias(address, value.place);
      default:
        return yield* this.#sharedFrom({ address, holder: "shared_ptr", type }, value);
    }
  }

  *#sharedFrom({ address }: Place, value: Value): Steps {
    if (value.value !== "copy" && value.value !== "move") return this.#refuse("shared_ptr", value);
    const from = yield* this.#place(value.place);
    if (from.holder !== "unique_ptr") {
      yield* this.#call(value.value === "copy" ? "shared_copy" : "shared_move", address, from.address);
    } else if (!isArray(from)) {
      yield* this.#call("shared_from_unique", address, from.address, this.#data.vtable("DELETER", from.type, 0, true));
    } else {
      const array = yield* this.#pointer(from.address);
      if (array === 0) yield* this.#call("pointer_clear", address);
      else yield* this.#ownArray(address, array, from.type);
      yield* this.#call("unique_set", from.address, 0);
    }
  }

  /** A shared_ptr gets what new[] has made: its control block knows that there are several. */
  *#ownArray(address: number, array: number, type: string): Steps {
    yield* this.#call("shared_from_array", address, array, this.#data.vtable("ARRAY_PTR", type, 0));
  }

  *#alias(address: number, path: string): Steps {
    const from = yield* this.#place(path);
    const object = yield* this.#pointer(from.address);
    const data = from.type === CHAR ? 0 : this.#struct(from.type).data;
    yield* this.#call("shared_alias", address, from.address, object + data);
  }

  *#constructWeak({ address }: Place, value: Value): Steps {
    if (value.value === "nullptr") {
      yield* this.#call("pointer_clear", address);
    } else if (value.value === "copy" || value.value === "move") {
      const from = yield* this.#place(value.place);
      yield* this.#call(value.value === "copy" ? "weak_copy" : "weak_move", address, from.address);
    } else this.#refuse("weak_ptr", value);
  }

  *#constructPointer({ address, holder }: Place, value: Value): Steps {
    switch (value.value) {
      case "nullptr":
        yield* this.#call("unique_set", address, 0);
        return;
      case "new":
      case "make_unique":
        yield* this.#call("unique_set", address, yield* this.#call("new_object", this.#data.type(value.type)));
        return;
      case "new[]":
        yield* this.#call(
          "unique_set",
          address,
          yield* this.#call("new_array", this.#data.type(value.type), value.length),
        );
        return;
      case "own":
        if (holder === "pointer") this.#refuse(holder, value);
        yield* this.#call("unique_set", address, yield* this.#pointer((yield* this.#place(value.place)).address));
        return;
      case "move":
        yield* this.#call("unique_move", address, (yield* this.#place(value.place)).address);
        return;
      default:
        this.#refuse(holder, value);
    }
  }

  #refuse(holder: Holder, { value }: Value): never {
    throw new TypeError(`a ${holder} is not made from ${value}`);
  }

  *#assign(path: string, value: Value, isReset = false): Steps {
    const isPlace = value.value === "copy" || value.value === "move";
    const from = isPlace ? yield* this.#place(value.place) : null;
    const to = yield* this.#place(path);
    if (!isReset && to.holder !== "pointer" && RAW.has(value.value)) this.#refuse(to.holder, value);
    if (from !== null && (to.holder === "weak_ptr" || from.holder === to.holder)) {
      const way = value.value === "copy" ? "assign" : "move_assign";
      if (to.holder === "shared_ptr") yield* this.#call(`shared_${way}`, to.address, from.address);
      else if (to.holder === "weak_ptr") yield* this.#call(`weak_${way}`, to.address, from.address);
      else yield* this.#moveUnique(to, from);
      return;
    }
    // A temporary, which is moved from, and dies empty.
    const temporary: Place = { ...to, address: this.#end - (this.#alive.at(-1)?.below ?? 0) - TEMPORARY };
    yield* this.#construct(temporary, value);
    yield* this.#moveInto(to, temporary);
  }

  *#moveInto(to: Place, from: Place): Steps {
    if (to.holder === "shared_ptr") yield* this.#call("shared_move_assign", to.address, from.address);
    else if (to.holder === "weak_ptr") yield* this.#call("weak_move_assign", to.address, from.address);
    else yield* this.#moveUnique(to, from);
  }

  /** `to = std::move(from)` of two unique_ptrs. */
  *#moveUnique(to: Place, from: Place): Steps {
    if (!isArray(to)) {
      yield* this.#call("unique_move_assign", to.address, from.address, this.#data.type(to.type));
      return;
    }
    const array = yield* this.#pointer(from.address);
    yield* this.#call("unique_set", from.address, 0);
    yield* this.#resetArray(to, array);
  }

  /** `to.reset(array)`: it has the new one before the old one dies. */
  *#resetArray({ address, type }: Place, array: number): Steps {
    const old = yield* this.#pointer(address);
    yield* this.#call("unique_set", address, array);
    yield* this.#call("delete_array", old, this.#data.type(type));
  }

  *#reset(path: string, value: Value): Steps {
    if (value.value !== "nullptr") return yield* this.#assign(path, value, true);
    const { holder, address, type } = yield* this.#place(path);
    if (holder === "shared_ptr") yield* this.#call("shared_reset", address);
    else if (holder === "weak_ptr") yield* this.#call("weak_reset", address);
    else if (isArray({ type })) yield* this.#resetArray({ holder, address, type }, 0);
    else yield* this.#call("unique_reset", address, 0, this.#data.type(type));
  }

  *#swap(one: Place, other: Place): Steps {
    const isWide = one.holder === "shared_ptr" || one.holder === "weak_ptr";
    yield* this.#call(isWide ? "pointer_swap" : "unique_swap", one.address, other.address);
  }

  *#destroy({ holder, address, type }: Place): Steps {
    if (holder === "shared_ptr") yield* this.#call("shared_destroy", address);
    else if (holder === "weak_ptr") yield* this.#call("weak_destroy", address);
    else if (holder === "unique_ptr") {
      yield* this.#call(isArray({ type }) ? "unique_destroy_array" : "unique_destroy", address, this.#data.type(type));
    }
  }
}

/**
 * A C++ program as a program of the machine: main() runs, on a heap of its own. Every statement is a step, and in it every call of
 * the library; `cpp_statement` records say the line of the source that begins.
 *
 * @throws TypeError  while it runs, for what no compiler would take.
 */
export function machineProgram(program: CppProgram): Program {
  const structs = layoutsOf(program);
  const frame = new Frame(program);
  return function* (sys) {
    const stack = sys.buffer(STACK_SIZE).address;
    const data = new ProgramData(sys, structs, program);
    yield* sys.library(CALL.cxx_start, stack, stack + STACK_SIZE, data.address);
    yield* new Run(sys, data, structs, frame, stack + STACK_SIZE).block(frame.program.main);
  };
}
