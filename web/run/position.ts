import type { ReactiveControllerHost } from "lit";
import type { Violation } from "../../lib/see/invariants.ts";
import { type Breakpoint, nextHit } from "../model/breakpoints.ts";
import type { Frame } from "../model/frame.ts";
import { isLeap } from "../model/leap.ts";
import type { Grain } from "../model/run.ts";
import type { Session } from "../model/session.ts";
import { Player } from "./player.ts";

/** How long the page stands still before what takes long is done. Unit: ms. */
const STANDSTILL = 400;

/** Where in the time of a run the page stands, and how it gets elsewhere: by steps, by leaps, by playing. */
export class Position {
  /** Whether things move to their new places, instead of appearing there. */
  moving = false;
  /** Where playing stops. */
  breakpoints: readonly Breakpoint[] = [];
  /** Goes on by itself. */
  readonly player: Player;
  /** Rules of the kernel's structures that do not hold here; null: that is still being looked at. */
  violations: readonly Violation[] | null = [];
  readonly #host: ReactiveControllerHost;
  readonly #session: () => Session | null;
  #tick = 0;
  #grain: Grain = "function";
  #checking: ReturnType<typeof setTimeout> | undefined;
  #shown: { readonly session: Session; readonly grain: Grain; readonly frame: Frame } | null = null;

  /** @param session  whose time it is; null: there is none yet. */
  constructor(host: ReactiveControllerHost, session: () => Session | null) {
    this.#host = host;
    this.#session = session;
    this.player = new Player(host, () => this.#play());
  }

  /** The tick that is shown. */
  get tick(): number {
    return this.#tick;
  }

  /** How far a step goes. */
  get grain(): Grain {
    return this.#grain;
  }

  set grain(grain: Grain) {
    this.#grain = grain;
    this.#host.requestUpdate();
  }

  /** What there is to see here; null: nothing has run yet. */
  get frame(): Frame | null {
    return this.#shown?.frame ?? null;
  }

  /** Makes the frame, if it is not the one that was there before. Returns whether it is another one. */
  refresh(): boolean {
    const session = this.#session();
    const { tick, grain } = this;
    const last = this.#shown;
    if (!session || (last?.session === session && last.frame.tick === tick && last.grain === grain)) return false;
    const frame = session.frame(tick, grain);
    this.#shown = { session, grain, frame };
    this.#check(session, frame);
    return true;
  }

  /** Looks whether all rules hold: at once, or with very many objects when the page has stood still for a while. */
  #check(session: Session, frame: Frame): void {
    clearTimeout(this.#checking);
    this.violations = session.knownViolations(frame);
    if (this.violations) return;
    this.#checking = setTimeout(() => void this.#checkNow(session, frame), STANDSTILL);
  }

  async #checkNow(session: Session, frame: Frame): Promise<void> {
    // Without a network the rules do not come: then nobody has looked.
    const found = await session.violations(frame).catch(() => null);
    if (this.frame !== frame) return;
    this.violations = found;
    this.#host.requestUpdate();
  }

  /** Begins anew, in another run. */
  open(tick: number): void {
    this.moving = false;
    this.#tick = this.#within(tick);
    this.#host.requestUpdate();
  }

  /** Goes to a tick, or to the end that it is beyond. */
  seek(tick: number): void {
    const wanted = this.#within(tick);
    this.moving = !isLeap(this.#tick, wanted);
    this.#tick = wanted;
    this.#host.requestUpdate();
  }

  /** Stops playing, and goes to a tick. */
  jump(tick: number): void {
    this.player.pause();
    this.seek(tick);
  }

  /** Goes to where a call is made next at a line; behind the last time, to the first. */
  runTo(line: number): void {
    const tick = this.#session()?.lines?.nextAt(line, this.#tick);
    if (tick !== null && tick !== undefined) this.jump(tick);
  }

  /** Goes one step on or back. Returns whether there is another one. */
  step(direction: 1 | -1, grain: Grain = this.#grain): boolean {
    const run = this.#session()?.run;
    if (!run) return false;
    this.seek(direction === 1 ? run.next(grain, this.#tick) : run.previous(grain, this.#tick));
    return direction === 1 ? this.#tick < run.ticks : this.#tick > 0;
  }

  /** Goes to the next hit of a breakpoint, or to the last one. Returns whether there is one. */
  goToHit(direction: 1 | -1): boolean {
    const run = this.#session()?.run;
    const hit = run ? nextHit(run, this.breakpoints, this.#tick, direction) : null;
    if (hit !== null) this.seek(hit);
    return hit !== null;
  }

  /** Goes one step on, but no further than to a breakpoint. Returns whether it is to go on from there. */
  #play(): boolean {
    const run = this.#session()?.run;
    const hit = run ? nextHit(run, this.breakpoints, this.#tick, 1) : null;
    if (!run || hit === null || hit > run.next(this.#grain, this.#tick)) return this.step(1);
    this.seek(hit);
    return false;
  }

  #within(tick: number): number {
    return Math.max(0, Math.min(this.#session()?.run.ticks ?? 0, tick));
  }
}
