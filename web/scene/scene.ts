/** What a thing is drawn as, which gives it its colour. */
export type Hue = "task" | "file" | "socket" | "eventpoll" | "wait" | "page" | "device" | "peer";

/** Where a box stands, from the top of the stage to its bottom. */
export type Place = "task" | "shared" | "table" | "object" | "eventpoll" | "packet" | "device" | "peer";

/** How a chip is drawn. */
export type ChipLook = "plain" | "bytes" | "waiter" | "exclusive" | "slot" | "free" | "pending" | "handler" | "more";

/** A small thing inside a box, or at its edge: a packet in a queue, a waiter, a descriptor. */
export interface Chip {
  /** Identity: the same key is the same thing, wherever it is drawn. */
  readonly key: string;
  /** Address of the object; 0: none. */
  readonly address: number;
  /** Name of its struct. */
  readonly struct: string;
  readonly hue: Hue;
  readonly look: ChipLook;
  readonly text: string;
  /** What a screen reader says. */
  readonly label: string;
  /** How many things it stands for; absent: one. */
  readonly count?: number;
}

/** A line of a box: a name, and what is there. */
export interface Row {
  readonly key: string;
  /** Empty: the row is a line of text. */
  readonly name: string;
  /** Shown where there are no chips. */
  readonly text: string;
  readonly chips: readonly Chip[];
  /** Number of chips left out. */
  readonly more: number;
  /** Whether the chips stand below each other. */
  readonly tall: boolean;
  /** What the words in it mean; absent: they say it themselves. */
  readonly hint?: string;
  /** What opens the row if not all chips are drawn: its key, and what is said of it, with `{count}`; absent: nothing does. */
  readonly opens?: { readonly key: string; readonly label: string };
}

/** A node of a red-black tree. */
export interface TreeItem {
  readonly key: string;
  /** Address of the Epitem. */
  readonly address: number;
  readonly colour: "red" | "black";
  /** Keys of the nodes below; empty: none. */
  readonly left: string;
  readonly right: string;
  /** `5`: the descriptor. */
  readonly text: string;
  /** `IN ET`: what it waits for. */
  readonly note: string;
  readonly label: string;
}

/** A list that threads the items of a tree. */
export interface Rail {
  readonly key: string;
  /** What the kernel calls it: `rdllist`, `txlist`, `ovflist`. */
  readonly name: string;
  /** Keys of the items on it, in order, as far as they are known. */
  readonly items: readonly string[];
  /** The place of each of them in the list, from 1. */
  readonly places: readonly number[];
  /** Number of all items on it. */
  readonly count: number;
  /** What it is. */
  readonly hint: string;
}

/** A tree, and the lists that its nodes are on at the same time. */
export interface TreePart {
  readonly key: string;
  readonly items: readonly TreeItem[];
  /** Key of the root; empty: none. */
  readonly root: string;
  readonly rails: readonly Rail[];
  /** Keys of the items that must be shown, however many there are. */
  readonly shown: ReadonlySet<string>;
  /** Number of items in all. */
  readonly count: number;
  /** Parts of the tree that are not among the items: the number of their nodes, by the key of the one at their top. */
  readonly left: ReadonlyMap<string, number>;
  /** What a screen reader says of a part that is not drawn; `{count}` stands for its number of nodes. */
  readonly folded: string;
  /** Said where the tree is empty. */
  readonly caption: string;
}

/** A thing of its own on the stage. */
export interface Box {
  readonly key: string;
  readonly address: number;
  readonly struct: string;
  readonly place: Place;
  readonly hue: Hue;
  /** What kind of thing it is: `sock`. */
  readonly word: string;
  /** Which one it is: `:8080 <- :40001`. */
  readonly title: string;
  /** Its state, at the right: `ESTABLISHED`. */
  readonly note: string;
  /** Files and other things that lead to it, at its left edge. */
  readonly tabs: readonly Chip[];
  readonly rows: readonly Row[];
  readonly tree: TreePart | null;
  readonly label: string;
  /** Absent: it cannot be folded. */
  readonly fold?: Fold;
}

/** How a box is folded to its head, or could be. */
export interface Fold {
  readonly isFolded: boolean;
  /** What its button says. */
  readonly label: string;
  /** Number of things inside. */
  readonly count: number;
  /** The same in words: `12 inside`. */
  readonly badge: string;
  /** Addresses of what is inside. */
  readonly inside: readonly number[];
}

/** What a link stands for. */
export type LinkKind = "fd" | "peer" | "waits" | "callback" | "accept" | "page" | "request" | "shared" | "chain";

/** A lasting link between two things. */
export interface Link {
  readonly key: string;
  readonly kind: LinkKind;
  /** Keys of boxes, chips or tree items. */
  readonly from: string;
  readonly to: string;
  /** Addresses of the objects concerned: the link is lit with them. */
  readonly ends: readonly number[];
}

/** Bytes, or the attention of a CPU, on the way from one thing to another in this very step. */
export interface Token {
  readonly key: string;
  readonly kind: "copy" | "dma";
  readonly from: string;
  readonly to: string;
  readonly text: string;
}

/** Everything that the stage shows, before anything has a place. */
export interface Scene {
  readonly boxes: readonly Box[];
  readonly links: readonly Link[];
  readonly tokens: readonly Token[];
  /** Whether a CPU crosses the line between user space and kernel now. */
  readonly crossing: boolean;
  /** Whether a device crosses the line between kernel and hardware now: an interrupt, or DMA. */
  readonly interrupt: boolean;
}

/** Key of an object: its address, in hexadecimal. */
export function keyOf(address: number): string {
  return address.toString(16);
}
