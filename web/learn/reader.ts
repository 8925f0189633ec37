import type { ReactiveController, ReactiveControllerHost } from "lit";
import { passageAt } from "./reading.ts";

/** How far down the room for the text the reading line is. */
const LINE = 0.35;
/** A passage on which somebody stays so long was read. Unit: ms. */
const DWELL = 1200;
/** A scroll that was asked for has come to its end by then, also where a browser does not say so. Unit: ms. */
const ARRIVED = 900;

/** What a reader needs of the text that is read. */
export interface Text {
  /** The passages, in order. */
  readonly parts: () => readonly HTMLElement[];
  /** What covers the text's upper end in a narrow window. */
  readonly above: () => HTMLElement | null;
  /** Another passage has come up to the reading line. */
  readonly changed: (place: number) => void;
  /** Somebody has stayed on a passage. */
  readonly rested: (place: number) => void;
}

/** Knows which passage of a text that scrolls is being read, and goes to any of them. */
export class Reader implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #text: Text;
  #place = 0;
  /** Until when what scrolls is a way that was asked for. */
  #arrives: ReturnType<typeof setTimeout> | undefined;
  #dwell: ReturnType<typeof setTimeout> | undefined;
  readonly #observer = new ResizeObserver(() => this.#measure());

  /** @param host  the element that scrolls. */
  constructor(host: ReactiveControllerHost & HTMLElement, text: Text) {
    this.#host = host;
    this.#text = text;
    host.addController(this);
  }

  hostConnected(): void {
    this.#host.addEventListener("scroll", this.#scrolled, { passive: true });
    this.#host.addEventListener("scrollend", this.#ended);
    this.#observer.observe(this.#host);
  }

  hostDisconnected(): void {
    this.#host.removeEventListener("scroll", this.#scrolled);
    this.#host.removeEventListener("scrollend", this.#ended);
    this.#observer.disconnect();
    clearTimeout(this.#arrives);
    clearTimeout(this.#dwell);
  }

  /** Begins a text: at its top, or at a passage further down. */
  begin(place: number): void {
    this.#place = place;
    this.#measure();
    if (place === 0) this.#host.scrollTop = 0;
    else this.#scrollTo(place, "instant");
    this.#stay();
  }

  /** Goes to a passage, and puts the focus there, so that a screen reader reads it. */
  go(place: number): void {
    this.#place = place;
    const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.#scrollTo(place, isStill ? "instant" : "smooth");
    this.#text.parts()[place]?.focus({ preventScroll: true });
    this.#stay();
  }

  #scrollTo(place: number, behavior: ScrollBehavior): void {
    clearTimeout(this.#arrives);
    this.#arrives = setTimeout(this.#ended, ARRIVED);
    this.#text.parts()[place]?.scrollIntoView({ block: "start", behavior });
  }

  readonly #ended = () => {
    clearTimeout(this.#arrives);
    this.#arrives = undefined;
  };

  readonly #scrolled = () => {
    if (this.#arrives !== undefined) return;
    const room = this.#host.getBoundingClientRect();
    const above = this.#text.above()?.getBoundingClientRect();
    // Beside the text it covers nothing of it.
    const top = above && above.width > room.width * 0.8 ? above.bottom : room.top;
    const tops = this.#text.parts().map((part) => part.getBoundingClientRect().top);
    const place = passageAt(tops, top + (room.bottom - top) * LINE);
    if (place === this.#place) return;
    this.#place = place;
    this.#text.changed(place);
    this.#stay();
  };

  #stay(): void {
    clearTimeout(this.#dwell);
    this.#dwell = setTimeout(() => this.#text.rested(this.#place), DWELL);
  }

  /** What sticks to the edge of the room needs to know how high that is. */
  #measure(): void {
    this.#host.style.setProperty("--iop-room", `${this.#host.clientHeight}px`);
  }
}
