import type { QuickJSWASMModule } from "quickjs-emscripten-core";
import { Kernel } from "../../lib/kernel.ts";
import type { BootOptions } from "../../lib/machine/options.ts";
import { type Choice, chooser, runChanged } from "../scenarios/changes.ts";
import { Lines } from "../scenarios/lines.ts";
import type { Terms } from "../scenarios/running.ts";
import { PLAIN_BOOT, type SharedBoot } from "../share/share.ts";
import { ACTIONS, type Details, type Outcome, taskOptions } from "./actions.ts";
import { GuestEngine, GuestError, type HostFunction, type Plain } from "./engine.ts";
import type { Thrown } from "./guest/thrown.ts";
import { type Cut, CutOff, type Limits } from "./limits.ts";
import { Relay } from "./relay.ts";
import { MOST_CHOICES, NOTHING, type SandboxRun } from "./sandbox-run.ts";

/** How many inputs the machine takes between two looks at the clock. */
const SLICE = 500;
const BOOT: readonly (keyof BootOptions)[] = [
  "cpus",
  "seed",
  "memory",
  "memoryLimit",
  "scheduling",
  "costs",
  "device",
  "vm",
];

/** What to boot with: what the program asks for, or else the link that it came with, within the limits. */
function bootOptions(text: string, limits: Limits, byHand: boolean, boot: SharedBoot): BootOptions {
  const asked = JSON.parse(text) as Record<string, unknown>;
  const unknown = Object.keys(asked).find((name) => !(BOOT as readonly string[]).includes(name));
  if (unknown !== undefined) throw new TypeError(`boot has no option ${unknown} here; there are ${BOOT.join(", ")}`);
  if (asked["scheduling"] === "hand" || asked["scheduling"] === "step")
    throw new TypeError('nobody chooses by hand here: scheduling is "fifo" or "seed"');
  const memoryLimit = Math.min(Number(asked["memoryLimit"] ?? limits.machine), limits.machine);
  const { cpus, seed } = boot;
  return { cpus, seed, ...asked, memoryLimit, ...(byHand && { scheduling: "hand" }) };
}

/** The first choices, as many as are told of. */
function told(choices: readonly Choice[]): readonly Choice[] {
  let left = MOST_CHOICES;
  const end = choices.findIndex(({ pids }) => (left -= pids.length) < 0);
  return end < 0 ? choices : choices.slice(0, end);
}

/** One run of one program. */
class Sandbox {
  readonly #limits: Limits;
  readonly #engine: GuestEngine;
  readonly #relay: Relay;
  readonly #lines = new Lines();
  readonly #console: string[] = [];
  readonly #choices: Choice[] = [];
  readonly #listeners = new Map<number, ReturnType<Kernel["world"]["listen"]>>();
  /** When its time is over; it begins once the library is loaded. Unit: ms. */
  #end = Infinity;
  #kernel: Kernel | null = null;
  #bytes: Uint8Array = new Uint8Array();
  #moved = 0;
  #written = 0;
  #cut: Cut | null = null;
  #error: Thrown | null = null;
  /** The machine's inputs up to where the run was cut off. */
  #journal = "";

  constructor(quickjs: QuickJSWASMModule, library: string, limits: Limits) {
    this.#limits = limits;
    const isOver = () => this.#cut !== null || (performance.now() > this.#end && this.#cutOff("time"));
    this.#engine = new GuestEngine(quickjs, library, this.#functions, limits, isOver);
    this.#relay = new Relay({
      engine: this.#engine,
      taken: () => {
        const bytes = this.#bytes;
        this.#bytes = new Uint8Array();
        return bytes;
      },
      check: () => this.#check(),
    });
  }

  async run(text: string, { changes, byHand }: Terms, usual: SharedBoot): Promise<SandboxRun> {
    this.#end = performance.now() + this.#limits.time;
    let answer = "";
    try {
      const module = this.#engine.load(text);
      const boot = bootOptions(this.#engine.call("bootOptions", module) as string, this.#limits, byHand, usual);
      this.#kernel = await Kernel.boot(boot);
      this.#attempt(() => this.#engine.call("setUp", module));
      const choose = byHand ? { choose: chooser(changes, this.#choices) } : {};
      runChanged(this.#kernel, changes, (until) => {
        while (this.#cut === null && this.#attempt(() => this.#slice({ ...choose, until })) !== "over");
      });
      if (this.#cut === null) answer = this.#attempt(() => this.#engine.call("answer", module) as string) ?? "";
    } catch (error) {
      this.#failed(error);
    }
    return {
      journal: this.#journal || (this.#kernel?.journal ?? ""),
      lines: this.#lines.packed,
      console: this.#console,
      error: this.#error,
      cut: this.#cut,
      result: answer || this.#result,
      choices: told(this.#choices),
    };
  }

  /** What its first task has returned, as JSON; empty: nothing. */
  get #result(): string {
    const [first] = this.#kernel?.tasks ?? [];
    return first && "result" in first && typeof first.result === "string" ? first.result : "";
  }

  /** Lets the machine go on for a while. @returns "over" once nothing more can happen. */
  #slice(options: Pick<Parameters<Kernel["run"]>[0] & object, "choose" | "until">): "over" | "more" {
    const kernel = this.#kernel!;
    const maxInputs = Math.min(SLICE, Math.max(0, this.#limits.inputs - kernel.inputs));
    const onCall = (pid: number, tick: number, handlers: number) =>
      this.#lines.add(pid, tick, this.#relay.takeLine(), handlers);
    if (kernel.run({ ...options, maxInputs, onCall }).reason !== "budget") return "over";
    this.#check();
    return "more";
  }

  /** Does something that may throw what a program has thrown: the machine goes on all the same. */
  #attempt<T>(act: () => T): T | undefined {
    try {
      return act();
    } catch (error) {
      if (!this.#isThrown(error)) throw error;
      this.#failed(error);
      return undefined;
    }
  }

  /** Whether a program has thrown that: nothing that the machine or the engine has. */
  #isThrown(error: unknown): boolean {
    return (
      error instanceof GuestError ||
      error instanceof CutOff ||
      error instanceof TypeError ||
      error instanceof RangeError
    );
  }

  #failed(error: unknown): void {
    if (error instanceof CutOff || this.#cut !== null) return;
    const { name, message } = error as Error;
    this.#error ??= error instanceof GuestError ? error.thrown : { name, message, line: 0, column: 0 };
  }

  /** Ends the run: its journal is that of this moment. */
  #cutOff(reason: Cut): true {
    if (this.#cut === null) {
      this.#cut = reason;
      this.#journal = this.#kernel?.journal ?? "";
    }
    return true;
  }

  /** @throws CutOff if the run is over, or has used up what it may. */
  #check(bytes = 0): void {
    if (!(Number.isSafeInteger(bytes) && bytes >= 0)) throw new RangeError("a number of bytes is a whole number >= 0");
    this.#moved += bytes;
    if (this.#moved > this.#limits.bytes) this.#cutOff("bytes");
    if ((this.#kernel?.inputs ?? 0) >= this.#limits.inputs) this.#cutOff("inputs");
    if (performance.now() > this.#end) this.#cutOff("time");
    if (this.#cut !== null) throw new CutOff(this.#cut);
  }

  /** What the guest's library may ask for. All that it gives is looked at: a program may have got at the library. */
  get #functions(): Readonly<Record<string, HostFunction>> {
    const whole = (value: Plain): number => {
      if (Number.isSafeInteger(value)) return value as number;
      throw new TypeError("this is no whole number");
    };
    const textOf = (value: Plain): string => {
      if (typeof value === "string") return value;
      throw new TypeError("this is no text");
    };
    const bufferOf = (value: Plain): Uint8Array => {
      if (!(value instanceof ArrayBuffer)) throw new TypeError("this is no buffer");
      this.#check(value.byteLength);
      return new Uint8Array(value);
    };
    const spaceOf = (sys: Plain, bytes = 0) => {
      this.#check(bytes);
      return this.#relay.sys(sys).space;
    };
    return {
      allocate: (sys, length) => spaceOf(sys).allocate(whole(length)),
      store: (sys, address, bytes) => spaceOf(sys).store(whole(address), bufferOf(bytes)),
      load: (sys, address, length) => spaceOf(sys, whole(length)).load(whole(address), whole(length)).slice().buffer,
      now: (sys) => spaceOf(sys).now,
      handler: (sys, handler) => spaceOf(sys).handlers.addressOf(this.#relay.handler(whole(handler))),
      handlerAt: (sys, address) => this.#relay.numberOf(spaceOf(sys).handlers.at(whole(address))),
      jumping: (sys, jumping) => {
        const { handlers } = spaceOf(sys);
        if (jumping !== -1) handlers.jumping = jumping === 1;
        return handlers.jumping ? 1 : 0;
      },
      bytes: (bytes) => {
        this.#bytes = bufferOf(bytes);
        return undefined;
      },
      act: (name, json, bytes) =>
        this.#act(textOf(name), textOf(json), bytes === undefined ? undefined : bufferOf(bytes)),
      log: (text) => this.#log(textOf(text)),
    };
  }

  #log(text: string): undefined {
    const left = this.#limits.characters - this.#written;
    if (this.#console.length >= this.#limits.lines || left <= 0) return undefined;
    this.#console.push(text.slice(0, left));
    this.#written += text.length;
    return undefined;
  }

  /** Does what the guest asks for. @returns JSON: a value or an error; or bytes. */
  #act(name: string, json: string, bytes: Uint8Array = new Uint8Array()): string | ArrayBuffer {
    this.#check(json.length);
    if (!this.#kernel)
      return JSON.stringify({ error: { name: "Error", message: "there is no machine yet: use it in start(kernel)" } });
    try {
      const value = this.#do(this.#kernel, name, JSON.parse(json) as Details, bytes);
      if (!(value instanceof Uint8Array)) {
        const told = JSON.stringify({ value: value ?? null });
        this.#check(told.length);
        return told;
      }
      this.#check(value.length);
      return value.slice().buffer;
    } catch (error) {
      if (!this.#isThrown(error) || error instanceof CutOff) throw error;
      const { name: kind, message } = error as Error;
      return JSON.stringify({ error: { name: kind, message } });
    }
  }

  #do(kernel: Kernel, name: string, details: Details, bytes: Uint8Array): Outcome {
    const { port, time, timer, program } = details;
    switch (name) {
      case "spawn": {
        const options = taskOptions(kernel, details);
        return kernel.spawn(String(details["name"]), this.#relay.program(Number(program)), options).pid;
      }
      case "at":
        kernel.world.at(time as number, () => void this.#engine.call("fire", Number(timer)));
        return null;
      case "listener.peers":
        return this.#listeners.get(Number(port))?.peers.map(({ handle }) => handle) ?? [];
      case "listen":
        this.#listeners.set(
          Number(port),
          kernel.world.listen(port as number, details["options"] as { keep?: boolean }),
        );
        return null;
      default:
        if (Object.hasOwn(ACTIONS, name)) return ACTIONS[name]!(kernel, details, bytes) ?? null;
        throw new TypeError(`there is no action ${name}`);
    }
  }
}

/**
 * Runs a program in an engine of its own, over a machine of its own, up to its end or to the limits.
 *
 * @param library  the text of guest/main.ts.
 * @param terms    what is done to its machine on the way.
 * @param boot     what that is booted with, where the program does not say it.
 */
export function runInSandbox(
  quickjs: QuickJSWASMModule,
  library: string,
  text: string,
  limits: Limits,
  terms: Terms,
  boot: SharedBoot = PLAIN_BOOT,
): Promise<SandboxRun> {
  if (text.length > limits.text) {
    const error = {
      name: "RangeError",
      message: `a program has at most ${limits.text} characters`,
      line: 0,
      column: 0,
    };
    return Promise.resolve({ ...NOTHING, error });
  }
  return new Sandbox(quickjs, library, limits).run(text, terms, boot);
}
