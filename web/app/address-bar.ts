import type { ReactiveController, ReactiveControllerHost } from "lit";
import { type CompareRoute, type Route, formatRoute, holdsPrograms, parseRoute } from "../model/route.ts";

/** How long the address waits for the view to come to rest. Unit: ms. */
const REST = 300;

/** Keeps the address of the page and what it shows in step, so that a link reproduces the view. */
export class AddressBar implements ReactiveController {
  readonly #go: (route: Route) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #shown = "";
  /** What is shown, as far as the address is to say it; null: what the address says. */
  #route: Route | null = null;

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
    clearTimeout(this.#timer);
    this.#route = route;
    this.#timer = setTimeout(() => void this.#write(route), REST);
  }

  /** Goes to another page, as a link would: the way back leads to what is shown now. */
  go(route: Route): void {
    clearTimeout(this.#timer);
    this.#route = null;
    this.#shown = "";
    history.pushState(null, "", formatRoute(route));
    if (holdsPrograms(route)) this.show(route);
  }

  /** Writes an address; one that holds programs is packed first. */
  async #write(route: Route): Promise<void> {
    const hash = holdsPrograms(route) ? await packed(route) : formatRoute(route);
    if (route !== this.#route) return;
    this.#shown = hash;
    history.replaceState(null, "", hash);
  }

  hostConnected(): void {
    addEventListener("hashchange", this.#changed);
  }

  hostDisconnected(): void {
    removeEventListener("hashchange", this.#changed);
    clearTimeout(this.#timer);
    this.#route = null;
  }

  readonly #changed = () => {
    if (location.hash === this.#shown) return;
    clearTimeout(this.#timer);
    this.#shown = "";
    this.#route = null;
    this.#go(this.route);
  };
}

/** The address of two runs with the texts of their programs; without them, if no link can hold them. */
async function packed(route: CompareRoute): Promise<string> {
  const { compareLink } = await import("../share/compare-link.ts");
  return (await compareLink(route)) ?? formatRoute(route);
}
