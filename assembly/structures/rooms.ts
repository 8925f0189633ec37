import { chunk_give, chunk_order, chunk_take } from "./chunks";

/** Memory that the host fills for work that is done wholly in here, aligned to 16; 0: there is none left. */
export function room_take(bytes: usize): usize {
  return chunk_take(chunk_order(bytes));
}

/** Gives it back. */
export function room_give(room: usize, bytes: usize): void {
  chunk_give(room, chunk_order(bytes));
}
