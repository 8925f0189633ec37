/*
 * What avl_tree.ts says before it changes heights and turns nodes. Nobody listens, and the compiler leaves nothing of it;
 * where trees are tried out by hand, heard_avl_steps.ts stands in the place of this file.
 */

/** A node that was even has grown on one side: it is higher now. */
export function avl_insert_higher(_node: usize): void {}

/** A node has grown on its lower side: it is even now, and as high as before. */
export function avl_insert_even(_node: usize): void {}

/** An even node has become lower on one side: it is as high as before. */
export function avl_erase_uneven(_node: usize): void {}

/** A node has become lower on its higher side: it is even now, and lower. */
export function avl_erase_lower(_node: usize): void {}

/** A node would be higher by two on a side, and its child there is not higher on the inner side: one rotation. */
export function avl_outer(_node: usize, _child: usize): void {}

/** A node would be higher by two on a side, and its child there is higher on the inner side: the first of two rotations. */
export function avl_inner(_node: usize, _child: usize, _inner: usize): void {}

/** The second one. */
export function avl_inner_second(_node: usize, _child: usize, _inner: usize): void {}
