/*
 * Stands for avl_steps.ts where trees are tried out by hand: the host hears of each step before it is made, and looks at
 * the memory. It imports by the name of the file in whose place this one stands.
 */

/** The host listens. */
export declare function avl_insert_higher(node: usize): void;
/** The host listens. */
export declare function avl_insert_even(node: usize): void;
/** The host listens. */
export declare function avl_erase_uneven(node: usize): void;
/** The host listens. */
export declare function avl_erase_lower(node: usize): void;
/** The host listens. */
export declare function avl_outer(node: usize, child: usize): void;
/** The host listens. */
export declare function avl_inner(node: usize, child: usize, inner: usize): void;
/** The host listens. */
export declare function avl_inner_second(node: usize, child: usize, inner: usize): void;
