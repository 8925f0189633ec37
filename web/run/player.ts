import type { ReactiveController, ReactiveControllerHost } from "lit";

/** Lets an element do something again and again, so many times a second, until it is told to stop. */
export class Player implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #act: () => boolean;
  #timer: ReturnType<typeof setInterval> | undefined;
  #speed = 2;

  /** @param act  one step; false: there is none left. */
  constructor(host: ReactiveControllerHost, act: () => boolean) {
    this.#host = host;
    this.#act = act;
    host.addController(this);
  }

  /** Whether it plays. */
  get playing(): boolean {
    return this.#timer !== undefined;
  }

  /** Steps each second. */
  get speed(): number {
    return this.#speed;
  }

  set speed(speed: number) {
    this.#speed = speed;
    if (this.playing) this.play();
    this.#host.requestUpdate();
  }

  /** Begins, with a step at once. */
  play(): void {
    clearInterval(this.#timer);
    this.#timer = setInterval(() => {
      if (!this.#act()) this.pause();
    }, 1000 / this.#speed);
    if (!this.#act()) this.pause();
    this.#host.requestUpdate();
  }

  /** Stops. */
  pause(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#host.requestUpdate();
  }

  /** Begins or stops. */
  toggle(): void {
    if (this.playing) this.pause();
    else this.play();
  }

  hostDisconnected(): void {
    this.pause();
  }
}
