/* The map behind the door of ordered_map.ts: the build puts another one in the place of this file. */
export * from "./search_tree";
