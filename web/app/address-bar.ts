import type { ReactiveController, ReactiveControllerHost } from "lit";
import { type Route, formatRoute, parseRoute } from "../model/route.ts";

/** How long the address waits for the view to come to rest. Unit: ms. */
const REST = 300;

/** Keeps the address of the page and what it shows in step, so that a link reproduces the view. */
export class AddressBar implements ReactiveController {
  readonly #go: (route: Route) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #shown = "";

  /** @param go  called when a person follows a link, or goes back. */
  constructor(host: ReactiveControllerHost, go: (route: Route) => void) {
    this.#go = go;
    host.addController(this);
  }

  /** What the address says now. */
  get route(): Route {
    return parseRoute(location.hash);
  }

  /** Writes what is shown into the address, once it rests. */
  show(route: Route): void {
    const hash = formatRoute(route);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#shown = hash;
      history.replaceState(null, "", hash);
    }, REST);
  }

  /** Goes to another page, as a link would: the way back leads to what is shown now. */
  go(route: Route): void {
    clearTimeout(this.#timer);
    this.#shown = "";
    history.pushState(null, "", formatRoute(route));
  }

  hostConnected(): void {
    addEventListener("hashchange", this.#changed);
  }

  hostDisconnected(): void {
    removeEventListener("hashchange", this.#changed);
    clearTimeout(this.#timer);
  }

  readonly #changed = () => {
    if (location.hash === this.#shown) return;
    clearTimeout(this.#timer);
    this.#shown = "";
    this.#go(this.route);
  };
}
