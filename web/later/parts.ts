import type { ReactiveControllerHost } from "lit";
import type { Sentences } from "../../lib/see/narrate.ts";
import type { Locale } from "../i18n/catalogue.ts";

/** A part of the page that nobody waits for: it is loaded when the page has time, and drawn once it is there. */
export class Later<T> {
  readonly #bring: () => Promise<T>;
  #value: T | null = null;
  #loading: Promise<T> | null = null;

  constructor(bring: () => Promise<T>) {
    this.#bring = bring;
  }

  /** The part; null: it is not there yet. */
  get value(): T | null {
    return this.#value;
  }

  /** Loads the part. @throws what keeps it from being loaded: the next one who asks tries again. */
  async load(): Promise<T> {
    this.#loading ??= this.#bring();
    try {
      return (this.#value = await this.#loading);
    } catch (error) {
      this.#loading = null;
      throw error;
    }
  }

  /** The part for an element; if it is not there yet, null, and the element is drawn again when it has come. */
  for(host: ReactiveControllerHost): T | null {
    if (this.#value === null) whenIdle(() => void this.load().then(() => host.requestUpdate(), ignored));
    return this.#value;
  }
}

/** Longest time that a busy page lets a part wait. Unit: ms. */
const PATIENCE = 1000;

/** Does something once what has to be drawn is drawn. */
function whenIdle(act: () => void): void {
  if ("requestIdleCallback" in globalThis) requestIdleCallback(act, { timeout: PATIENCE });
  else setTimeout(act, PATIENCE / 10);
}

/** Without a network a part does not come: what it would say is not said. */
function ignored(): void {}

/** What is said of what happens, in each language. */
export const sentences: Readonly<Record<Locale, Later<Sentences>>> = {
  en: new Later(async () => (await import("../../lib/see/catalogue/catalogue.ts?language=en")).catalogue),
  "zh-CN": new Later(async () => (await import("../../lib/see/catalogue/catalogue.ts?language=zh-CN")).catalogue),
};

/** Looks whether a machine is healthy. */
export const rules = new Later(async () => (await import("../../lib/see/invariants.ts")).check);

/** Reads an object with all its fields, and what they mean. */
export const objects = new Later(async () => (await import("../../lib/see/object-at.ts")).objectAt);
