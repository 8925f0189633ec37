/** Marks a getter of a struct inside a struct. Read by transform/struct-layout.js; asc ignores it. */
declare function embed(...args: any[]): any;

/** Names the struct that a plain address points at, where its class lives on a higher floor. Read by the transform. */
declare function to(struct: string): any;
