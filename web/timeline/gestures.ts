/** What pointers ask of a picture; places are px from its upper left corner. */
export interface GestureHandler {
  /** A place was pointed at: the machine is to go there. */
  seek(x: number): void;
  /** The picture is to move. */
  pan(by: number): void;
  /** The picture is to be enlarged around a place. */
  zoom(factor: number, x: number): void;
  /** A stretch is selected. */
  select(from: number, to: number): void;
  /** Something is looked at; null: no more. */
  hover(at: { readonly x: number; readonly y: number } | null): void;
  /** Whether a place moves the picture instead of the machine. */
  isHandle(y: number): boolean;
  /** Whether the wheel has something to scroll. */
  readonly scrolls: boolean;
}

type Mode = "seek" | "pan" | "select";

/** One notch of a wheel, or so many px of a touch pad, enlarge so much. */
const WHEEL_FACTOR = 1.0025;
/** Height of a line and of a page, for wheels that count in those. Unit: px. */
const LINE = 16;
const PAGE = 400;

/** Makes seeking, moving, enlarging and selecting of what a mouse, a pen or fingers do on an element. */
export class Gestures {
  readonly #element: HTMLElement;
  readonly #handler: GestureHandler;
  readonly #pointers = new Map<number, number>();
  #mode: Mode | null = null;
  #began = 0;

  constructor(element: HTMLElement, handler: GestureHandler) {
    this.#element = element;
    this.#handler = handler;
    element.addEventListener("pointerdown", this.#down);
    element.addEventListener("pointermove", this.#move);
    element.addEventListener("pointerup", this.#up);
    element.addEventListener("pointercancel", this.#up);
    element.addEventListener("pointerleave", () => handler.hover(null));
    element.addEventListener("wheel", this.#wheel, { passive: false });
  }

  #at(event: MouseEvent): { x: number; y: number } {
    const { left, top } = this.#element.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }

  readonly #down = (event: PointerEvent) => {
    if (event.button > 1) return;
    const { x, y } = this.#at(event);
    this.#pointers.set(event.pointerId, x);
    this.#element.setPointerCapture(event.pointerId);
    if (this.#pointers.size > 1) {
      this.#mode = null;
      return;
    }
    this.#began = x;
    this.#mode = event.button === 1 || this.#handler.isHandle(y) ? "pan" : event.shiftKey ? "select" : "seek";
    if (this.#mode === "seek") this.#handler.seek(x);
  };

  readonly #move = (event: PointerEvent) => {
    const { x, y } = this.#at(event);
    const before = this.#pointers.get(event.pointerId);
    if (before === undefined) {
      this.#handler.hover({ x, y });
      return;
    }
    if (this.#pointers.size > 1) this.#pinch(event.pointerId, before, x);
    this.#pointers.set(event.pointerId, x);
    if (this.#mode === "seek") this.#handler.seek(x);
    else if (this.#mode === "pan") this.#handler.pan(x - before);
    else if (this.#mode === "select") this.#handler.select(Math.min(this.#began, x), Math.max(this.#began, x));
  };

  readonly #up = (event: PointerEvent) => {
    this.#pointers.delete(event.pointerId);
    if (this.#pointers.size === 0) this.#mode = null;
  };

  /** Two fingers: what is under them stays under them. */
  #pinch(id: number, before: number, now: number): void {
    const other = [...this.#pointers].find(([one]) => one !== id)?.[1] ?? before;
    const factor = Math.max(8, Math.abs(now - other)) / Math.max(8, Math.abs(before - other));
    this.#handler.zoom(factor, other);
  }

  readonly #wheel = (event: WheelEvent) => {
    const unit = event.deltaMode === 1 ? LINE : event.deltaMode === 2 ? PAGE : 1;
    const { x, y } = this.#at(event);
    const sideways = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
    if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) this.#handler.pan(-sideways * unit);
    else if (event.ctrlKey || event.metaKey || !this.#handler.scrolls || this.#handler.isHandle(y))
      this.#handler.zoom(WHEEL_FACTOR ** (-event.deltaY * unit), x);
    else return;
    event.preventDefault();
  };
}
