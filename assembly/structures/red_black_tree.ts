/* The kernel's red-black tree, as search_tree.ts asks for it: it colours nodes and rotates. */
export { rb_insert_color as balance_insert, rb_erase as balance_erase } from "../lib/rbtree";
