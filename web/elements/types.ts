/*
 * What a page may count on: the types of iopath/elements. This file is published as it stands.
 */

/** How far a step goes. */
export type IopathGrain = "syscall" | "function" | "tick";

/** What an `iopath-ready` event tells: a run can be watched. */
export interface IopathReadyDetail {
  /** Name of the scenario; of a program, `program`. */
  readonly scenario: string;
  /** The last tick of the run. */
  readonly ticks: number;
}

/** What an `iopath-step` event tells: another tick is shown. */
export interface IopathStepDetail {
  readonly tick: number;
  readonly ticks: number;
  /** What happens there, in one sentence of the element's language. */
  readonly sentence: string;
}

/** What an `iopath-error` event tells: nothing can be shown. */
export interface IopathErrorDetail {
  readonly message: string;
}

/** The events of an `<iopath-stage>`. They bubble, and cross shadow roots. */
export interface IopathStageEventMap extends HTMLElementEventMap {
  "iopath-ready": CustomEvent<IopathReadyDetail>;
  "iopath-step": CustomEvent<IopathStepDetail>;
  "iopath-error": CustomEvent<IopathErrorDetail>;
}

/** `<iopath-stage scenario="et-hang" tick="120">`: a run of the simulated kernel, to step through in any page. */
export interface IopathStageElement extends HTMLElement {
  /** Name of the scenario, as in the playground's links. Attribute `scenario`. */
  scenario: string;
  /**
   * In place of a scenario: the text of a program, JavaScript that exports `start(kernel)`, or a link of the playground that
   * holds one. It runs in a sandbox in a thread of its own. Attribute `program`.
   */
  program: string;
  /** Where in the run; what is too large is the end. Attribute `tick`. */
  tick: number;
  /** How far a step goes. Attribute `grain`; default: `function`. */
  grain: IopathGrain;
  /** `light`, `dark`, or anything else for what the page prefers. Attribute `theme`. */
  theme: string;
  /** Where the playground is: the link to it is shown if this is given. Attribute `playground`. */
  playground: string;
  /** The last tick of the run; 0 as long as there is none. */
  readonly ticks: number;
  /** Whether it plays. */
  readonly playing: boolean;
  /** Goes one step on. Returns whether there is another one. */
  step(): boolean;
  /** Goes one step back. Returns whether there is another one. */
  back(): boolean;
  /** Goes on by itself. */
  play(): void;
  /** Stops. */
  pause(): void;
  addEventListener<K extends keyof IopathStageEventMap>(
    type: K,
    listener: (this: IopathStageElement, event: IopathStageEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

declare global {
  interface HTMLElementTagNameMap {
    "iopath-stage": IopathStageElement;
  }
}
