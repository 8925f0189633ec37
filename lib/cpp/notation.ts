/*
 * C++ programs about ownership, as data: each function here stands for one way to write something, and print.ts writes it.
 */

/** What owns or observes an object: a std::shared_ptr, std::weak_ptr, std::unique_ptr, or a plain pointer. */
export type Holder = "shared_ptr" | "weak_ptr" | "unique_ptr" | "pointer";

/** A member of a struct that points to another object. */
export interface Member {
  readonly name: string;
  readonly holder: Holder;
  /** Name of the struct that it points to. */
  readonly type: string;
}

/** A struct of the program. */
export interface Struct {
  readonly name: string;
  /** Length of its `char data[]`; 0: it has none. */
  readonly bytes: number;
  readonly members: readonly Member[];
  /** Whether it is derived from std::enable_shared_from_this. */
  readonly sharedFromThis: boolean;
}

/** What a variable begins with, or is assigned. Places are written as in C++: `a`, `a->next`. */
export type Value =
  | { readonly value: "nullptr" }
  /** `new T`; with a deleter, `new T, Deleter{}`: of so many bytes of state. */
  | { readonly value: "new"; readonly type: string; readonly deleter?: number }
  /** `new T[n]` */
  | { readonly value: "new[]"; readonly type: string; readonly length: number }
  | { readonly value: "make_shared" | "allocate_shared" | "make_unique"; readonly type: string }
  /** `std::make_shared<T[]>(n)` */
  | { readonly value: "make_shared[]"; readonly type: string; readonly length: number }
  /** A pointer variable's object: `std::shared_ptr<T> p(a);` */
  | { readonly value: "own"; readonly place: string }
  /** `a`, `std::move(a)`, `a.lock()`, `a->shared_from_this()`, and a shared_ptr to the data of what a owns. */
  | { readonly value: "copy" | "move" | "lock" | "shared_from_this" | "alias"; readonly place: string };

/** A statement. */
export type Statement =
  | {
      readonly do: "declare";
      readonly name: string;
      readonly holder: Holder;
      readonly type: string;
      readonly init: Value;
    }
  | { readonly do: "assign"; readonly place: string; readonly from: Value }
  | { readonly do: "reset"; readonly place: string; readonly to: Value }
  | { readonly do: "swap"; readonly place: string; readonly other: string }
  | { readonly do: "use_count" | "expired" | "delete" | "delete[]" | "write"; readonly place: string }
  | { readonly do: "if"; readonly place: string; readonly body: readonly Statement[] }
  | { readonly do: "scope"; readonly body: readonly Statement[] }
  | { readonly do: "thread" };

/** A C++ program: structs, and what main() does. */
export interface CppProgram {
  readonly structs: readonly Struct[];
  readonly main: readonly Statement[];
}

/** The type of a variable that points to the bytes of an object, not to the object: see cpp.alias(). */
export const CHAR = "char";

const declare =
  (holder: Holder) =>
  (name: string, type: string, init: Value = { value: "nullptr" }): Statement => ({
    do: "declare",
    name,
    holder,
    type,
    init,
  });

const placed =
  <K extends "use_count" | "expired" | "delete" | "delete[]" | "write">(what: K) =>
  (place: string): Statement => ({ do: what, place });

/**
 * The notation: one function for each way to write a line. An array type is written `"T[]"`.
 *
 *     cpp.program([cpp.struct("Node", { bytes: 1000 })], [
 *       cpp.shared_ptr("a", "Node", cpp.make_shared("Node")), // std::shared_ptr<Node> a = std::make_shared<Node>();
 *       cpp.weak_ptr("w", "Node", cpp.copy("a")), //             std::weak_ptr<Node> w = a;
 *       cpp.reset("a"), //                                       a.reset();
 *     ])
 */
export const cpp = {
  /** A program. */
  program: (structs: readonly Struct[], main: readonly Statement[]): CppProgram => ({ structs, main }),
  /** `struct Name { char data[bytes]; members }` */
  struct: (
    name: string,
    { bytes = 0, members = [], sharedFromThis = false }: Partial<Omit<Struct, "name">> = {},
  ): Struct => ({
    name,
    bytes,
    members,
    sharedFromThis,
  }),
  /** A member: `std::shared_ptr<type> name;` */
  member: (name: string, holder: Holder, type: string): Member => ({ name, holder, type }),

  /** `std::shared_ptr<T> name = init;` */
  shared_ptr: declare("shared_ptr"),
  /** `std::weak_ptr<T> name = init;` */
  weak_ptr: declare("weak_ptr"),
  /** `std::unique_ptr<T> name = init;` */
  unique_ptr: declare("unique_ptr"),
  /** `T* name = init;` */
  pointer: declare("pointer"),

  /** `nullptr` */
  nullptr: { value: "nullptr" } satisfies Value as Value,
  /** `new T` */
  new_: (type: string): Value => ({ value: "new", type }),
  /** `new T, Deleter{}`, for a shared_ptr. @param bytes  the deleter's state, a multiple of 8; 0: it has none. */
  new_with_deleter: (type: string, bytes: number): Value => ({ value: "new", type, deleter: bytes }),
  /** `new T[length]` */
  new_array: (type: string, length: number): Value => ({ value: "new[]", type, length }),
  /** `std::make_shared<T>()` */
  make_shared: (type: string): Value => ({ value: "make_shared", type }),
  /** `std::make_shared<T[]>(length)`; g++ 12 takes it of structs without unique_ptrs only. */
  make_shared_array: (type: string, length: number): Value => ({ value: "make_shared[]", type, length }),
  /** `std::allocate_shared<T>(std::allocator<T>())` */
  allocate_shared: (type: string): Value => ({ value: "allocate_shared", type }),
  /** `std::make_unique<T>()` */
  make_unique: (type: string): Value => ({ value: "make_unique", type }),
  /** A pointer's object, for a shared_ptr or unique_ptr: `std::shared_ptr<T> p(place);` To do so twice is a double free. */
  own: (place: string): Value => ({ value: "own", place }),
  /** `place` */
  copy: (place: string): Value => ({ value: "copy", place }),
  /** `std::move(place)` */
  move: (place: string): Value => ({ value: "move", place }),
  /** `place.lock()` */
  lock: (place: string): Value => ({ value: "lock", place }),
  /** `place->shared_from_this()` */
  shared_from_this: (place: string): Value => ({ value: "shared_from_this", place }),
  /** `std::shared_ptr<char>(place, place->data)`: it owns what place owns, and points into it. */
  alias: (place: string): Value => ({ value: "alias", place }),

  /** `place = from;` */
  assign: (place: string, from: Value): Statement => ({ do: "assign", place, from }),
  /** `place.reset();`, or `place.reset(new T);` */
  reset: (place: string, to: Value = { value: "nullptr" }): Statement => ({ do: "reset", place, to }),
  /** `place.swap(other);` */
  swap: (place: string, other: string): Statement => ({ do: "swap", place, other }),
  /** `place.use_count()`, printed */
  use_count: placed("use_count"),
  /** `place.expired()`, printed */
  expired: placed("expired"),
  /** `place->data[0] = 'x';`: what is no object any more is overwritten too. */
  write: placed("write"),
  /** `delete place;` */
  delete_: placed("delete"),
  /** `delete[] place;` */
  delete_array: placed("delete[]"),
  /** `if (place) { ... }` */
  if_: (place: string, body: readonly Statement[]): Statement => ({ do: "if", place, body }),
  /** `{ ... }` */
  scope: (body: readonly Statement[]): Statement => ({ do: "scope", body }),
  /** `std::thread([] {}).join();`: from here on counts are changed by atomic instructions. */
  thread: (): Statement => ({ do: "thread" }),
};
