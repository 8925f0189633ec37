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
   * Chooses what is shown of many: those in focus, then the first ones, in their own order.
   *
   * @returns the chosen ones, and how many were left out.
   */
  fold<T>(
    group: string,
    all: readonly T[],
    limit: number,
    isImportant: (one: T) => boolean,
  ): { shown: T[]; more: number } {
    if (all.length <= limit || this.#expanded.has(group)) return { shown: [...all], more: 0 };
    const important = all.filter(isImportant).slice(0, limit);
    const chosen = new Set(important);
    for (const one of all) {
      if (chosen.size >= limit) break;
      chosen.add(one);
    }
    return { shown: all.filter((one) => chosen.has(one)), more: all.length - chosen.size };
  }

  /** The chip of a group that was folded, which opens it. */
  more(group: string, count: number): Chip {
    const text = this.translate("more", { count });
    return { key: `more:${group}`, address: 0, struct: "", hue: "wait", look: "more", text, label: text, count };
  }

  /** A row of chips; when there are many, the first ones and a number. */
  row(
    key: string,
    name: string,
    chips: readonly Chip[],
    options: { tall?: boolean; text?: string; limit?: number } = {},
  ): Row {
    const limit = options.limit ?? (options.tall ? LIMITS.waiter : LIMITS.chip);
    const { shown, more } = this.fold(key, chips, limit, (chip) => chip.address !== 0 && this.focus.has(chip.address));
    const text = chips.length > 0 ? "" : (options.text ?? this.translate("empty"));
    return { key, name, text, chips: shown, more, tall: options.tall ?? false };
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
export function filesOf(context: SceneContext, address: number): FileObject[] {
  return context.all("File").filter(({ private_data }) => private_data === address);
}

/** A row that is a line of text. */
export function textRow(key: string, name: string, text: string): Row {
  return { key, name, text, chips: [], more: 0, tall: false };
}
