import type { Translate } from "../i18n/catalogue.ts";
import type { FileObject, Inspection, KernelObject, WaitQueueView } from "../../lib/see/inspect.ts";
import { type Chip, type Hue, type Row, keyOf } from "./scene.ts";

/** What a scene depends on besides the machine. */
export interface SceneOptions {
  /** The words of the page's language. */
  readonly translate: Translate;
  /** Addresses of what must be shown, however much there is: what the step has changed, and what is selected. */
  readonly focus: ReadonlySet<number>;
  /** Keys of the groups that are shown as a whole. */
  readonly expanded: ReadonlySet<string>;
}

/** How many times as much of a group is shown whenever a person asks for more. */
const MORE = 8;

/** The structs of which there may be very many, each with a box of its own. */
const BOXES = ["Sock", "EventfdCtx", "PipeInodeInfo", "TimerfdCtx", "SignalfdCtx"] as const;

/** What keys of sub-trees that a person has opened begin with. */
export const OPENED = "tree:";

/** Key under which it is known that a person has asked for more of a group, for the first time (0), the second, and so on. */
function groupKey(group: string, times: number): string {
  return times === 0 ? group : `${group}#${times}`;
}

/** How often a person has asked for more of any group: so much more of a machine has to be known. */
export function timesOpened(expanded: ReadonlySet<string>): number {
  const groups = [...expanded].filter((key) => !key.startsWith(OPENED));
  return Math.max(0, ...groups.map((key) => Number(/#(\d+)$/.exec(key)?.[1] ?? 0) + 1));
}

/** Addresses of the heads of sub-trees that a person has opened. */
export function headsOpened(expanded: ReadonlySet<string>): number[] {
  return [...expanded].flatMap((key) => (key.startsWith(OPENED) ? Number(key.slice(OPENED.length)) : []));
}

/** How many of a kind are drawn before the rest is folded. */
export const LIMITS = {
  task: 6,
  fd: 12,
  object: 12,
  eventpoll: 3,
  peer: 8,
  chip: 5,
  waiter: 3,
  request: 6,
  tree: 15,
  opened: 7,
} as const;

/** What it is that waits, where that is no task. */
const WAITER_HUES: Readonly<Record<string, Hue>> = { EppollEntry: "eventpoll", IoKiocb: "page", AioKiocb: "page" };

/** What the builders of boxes share: the objects by address, and the words. */
export class SceneContext {
  readonly inspection: Inspection;
  readonly translate: Translate;
  readonly focus: ReadonlySet<number>;
  readonly #expanded: ReadonlySet<string>;
  readonly #objects: ReadonlyMap<number, KernelObject>;
  readonly #byStruct = new Map<string, KernelObject[]>();
  #files: Map<number, FileObject[]> | undefined;

  constructor(inspection: Inspection, { translate, focus, expanded }: SceneOptions) {
    this.inspection = inspection;
    this.translate = translate;
    this.focus = focus;
    this.#expanded = expanded;
    this.#objects = new Map(inspection.objects.map((object) => [object.address, object]));
    for (const object of inspection.objects) {
      const known = this.#byStruct.get(object.struct);
      if (known) known.push(object);
      else this.#byStruct.set(object.struct, [object]);
    }
  }

  /** The object of a struct at an address; undefined: there is none. */
  get<S extends KernelObject["struct"]>(struct: S, address: number): Extract<KernelObject, { struct: S }> | undefined {
    const object = this.#objects.get(address);
    return object?.struct === struct ? (object as Extract<KernelObject, { struct: S }>) : undefined;
  }

  /** The objects of a struct, by address. */
  all<S extends KernelObject["struct"]>(struct: S): Extract<KernelObject, { struct: S }>[] {
    return (this.#byStruct.get(struct) ?? []) as Extract<KernelObject, { struct: S }>[];
  }

  /** The title of the object at an address; empty: there is none. */
  title(address: number): string {
    return this.#objects.get(address)?.title ?? "";
  }

  /**
   * Chooses what is shown of many: those in focus, then the first ones, in their own order. Whenever a person asks for
   * more, it is several times as many.
   *
   * @param left  how many more there are that nothing is known of.
   * @returns the chosen ones, and how many were left out.
   */
  fold<T>(
    group: string,
    all: readonly T[],
    limit: number,
    isImportant: (one: T) => boolean,
    left = 0,
  ): { shown: T[]; more: number } {
    const most = limit * MORE ** this.#opened(group);
    if (all.length <= most) return { shown: [...all], more: left };
    const important = all.filter(isImportant).slice(0, most);
    const chosen = new Set(important);
    for (const one of all) {
      if (chosen.size >= most) break;
      chosen.add(one);
    }
    return { shown: all.filter((one) => chosen.has(one)), more: all.length - chosen.size + left };
  }

  /** How often a person has asked for more of a group. */
  #opened(group: string): number {
    let times = 0;
    while (this.#expanded.has(groupKey(group, times))) times++;
    return times;
  }

  /** Address of the head of the sub-tree that a person has opened last, of those of a tree; 0: none. */
  openedLast(isOfTree: (address: number) => boolean): number {
    return headsOpened(this.#expanded).findLast(isOfTree) ?? 0;
  }

  /** How many boxes of their own would stand for objects that nothing is known of, because there are very many. */
  get boxesLeft(): number {
    const { left = {} } = this.inspection;
    return BOXES.reduce((sum, struct) => sum + (left[struct] ?? 0), 0);
  }

  /** The files that stand for an object. */
  filesOf(address: number): readonly FileObject[] {
    if (!this.#files) {
      this.#files = new Map();
      for (const file of this.all("File")) {
        const known = this.#files.get(file.private_data);
        if (known) known.push(file);
        else this.#files.set(file.private_data, [file]);
      }
    }
    return this.#files.get(address) ?? [];
  }

  /** The chip of a group that was folded, which opens it. */
  more(group: string, count: number): Chip {
    const text = this.translate("more", { count: count.toLocaleString("en") });
    return {
      key: `more:${groupKey(group, this.#opened(group))}`,
      address: 0,
      struct: "",
      hue: "wait",
      look: "more",
      text,
      label: text,
      count,
    };
  }

  /** A row of chips; when there are many, the first ones and a number. */
  row(
    key: string,
    name: string,
    chips: readonly Chip[],
    options: { tall?: boolean; text?: string; limit?: number } = {},
  ): Row {
    // Whoever asks for more gets it where there is room: below each other.
    const times = this.#opened(key);
    const opens = { key: `more:${groupKey(key, times)}`, label: this.translate("more") };
    const limit = options.limit ?? (options.tall ? LIMITS.waiter : LIMITS.chip);
    const { shown, more } = this.fold(key, chips, limit, (chip) => chip.address !== 0 && this.focus.has(chip.address));
    const text = chips.length > 0 ? "" : (options.text ?? this.translate("empty"));
    return { key, name, text, chips: shown, more, tall: (options.tall ?? false) || times > 0, opens };
  }

  /** A wait queue as a row: the functions that a wake-up calls, in order. */
  waitRow(queue: WaitQueueView, name: string): Row {
    const chips = queue.waiters.map(({ entry, func, exclusive, owner, struct }): Chip => {
      const hue = WAITER_HUES[struct] ?? "task";
      const label = this.translate(exclusive ? "waiter_exclusive_label" : "waiter_label", { func });
      const look = exclusive ? "exclusive" : "waiter";
      return {
        key: waiterKey(entry),
        address: owner,
        struct,
        hue,
        look,
        text: func,
        label: `${label}: ${this.title(owner)}`,
      };
    });
    return this.row(`${keyOf(queue.address)}:wait`, name, chips, { tall: true });
  }
}

/** Key of a place in a wait queue. */
export function waiterKey(entry: number): string {
  return `${keyOf(entry)}:wait`;
}

/** The files that stand for an object. */
export function filesOf(context: SceneContext, address: number): readonly FileObject[] {
  return context.filesOf(address);
}

/** A row that is a line of text. */
export function textRow(key: string, name: string, text: string): Row {
  return { key, name, text, chips: [], more: 0, tall: false };
}
