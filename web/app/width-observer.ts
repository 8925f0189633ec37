import type { ReactiveController, ReactiveControllerHost } from "lit";

/**
 * Tells an element how wide it is, when that changes. It tells so in the next frame: another width may make another height,
 * and so a scroll bar, which a browser does not bear while it looks at sizes ("ResizeObserver loop").
 */
export class WidthObserver implements ReactiveController {
  readonly #host: ReactiveControllerHost & Element;
  readonly #tell: (width: number) => void;
  readonly #observer = new ResizeObserver(([entry]) => this.#measured(Math.floor(entry!.contentRect.width)));
  #frame = 0;

  /** @param tell  takes the width in whole px, above 0: one that is not laid out keeps the width that it had. */
  constructor(host: ReactiveControllerHost & Element, tell: (width: number) => void) {
    this.#host = host;
    this.#tell = tell;
    host.addController(this);
  }

  hostConnected(): void {
    this.#observer.observe(this.#host);
  }

  hostDisconnected(): void {
    this.#observer.disconnect();
    cancelAnimationFrame(this.#frame);
  }

  #measured(width: number): void {
    cancelAnimationFrame(this.#frame);
    if (width > 0) this.#frame = requestAnimationFrame(() => this.#tell(width));
  }
}
