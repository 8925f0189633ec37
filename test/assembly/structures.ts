/*
 * Test-only entry: the structures of assembly/include, lib and mm behind flat functions that take addresses and
 * numbers. The checkers run in here too, because only the compiler knows where the fields are.
 */
export * from "./structures/list";
export * from "./structures/rbtree";
export * from "./structures/small";
export * from "./structures/mm";
