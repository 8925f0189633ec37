import type { QuickJSContext, QuickJSHandle, QuickJSWASMModule } from "quickjs-emscripten-core";
import type { GuestFunction } from "./guest/main.ts";
import { PROGRAM, type Thrown } from "./guest/thrown.ts";
import type { Limits } from "./limits.ts";

/** What crosses between guest and host. */
export type Plain = number | string | ArrayBuffer | undefined;

/** A function of the host that the guest's library calls. */
export type HostFunction = (...values: Plain[]) => Plain;

const LIBRARY = "iopath";

/** How often host and guest may have called each other without having come back: each time takes stack of both. */
const DEEPEST = 16;

/** What the guest has thrown, as plain data. */
export class GuestError extends Error {
  readonly thrown: Thrown;

  constructor(thrown: Thrown) {
    super(thrown.message);
    this.thrown = thrown;
  }
}

/** What a program could not be loaded for. The engine does not say where a name stands that the library does not have. */
function located(thrown: Thrown, text: string): Thrown {
  const name = /^Could not find export '([\w$]+)'/.exec(thrown.message)?.[1];
  if (name === undefined || thrown.line > 0) return thrown;
  const lines = text.split("\n");
  const at = lines.findIndex((line) => line.split(/[^\w$]+/).includes(name));
  return at < 0 ? thrown : { ...thrown, line: at + 1, column: lines[at]!.indexOf(name) + 1 };
}

/** A JavaScript engine by itself, in WebAssembly: what runs in it reaches nothing but the functions that it is given. */
export class GuestEngine {
  readonly #vm: QuickJSContext;
  readonly #functions = new Map<GuestFunction, QuickJSHandle>();
  #depth = 0;

  /**
   * @param library    the text of guest/main.ts.
   * @param functions  what the library may call.
   * @param isOver     asked again and again while the engine runs: true ends what it does.
   */
  constructor(
    quickjs: QuickJSWASMModule,
    library: string,
    functions: Readonly<Record<string, HostFunction>>,
    limits: Pick<Limits, "memory" | "stack">,
    isOver: () => boolean,
  ) {
    const runtime = quickjs.newRuntime();
    runtime.setMemoryLimit(limits.memory);
    runtime.setMaxStackSize(limits.stack);
    runtime.setInterruptHandler(isOver);
    runtime.setModuleLoader((name) =>
      name === LIBRARY
        ? library
        : {
            error: new Error(`there is no module ${JSON.stringify(name)} here: a program imports from "iopath" alone`),
          },
    );
    this.#vm = runtime.newContext();
    this.#install(functions);
  }

  #install(functions: Readonly<Record<string, HostFunction>>): void {
    const vm = this.#vm;
    const host = vm.newObject();
    for (const [name, act] of Object.entries(functions)) {
      const made = vm.newFunction(name, (...handles) => this.#answer(act, handles));
      vm.setProp(host, name, made);
    }
    vm.setProp(vm.global, "$host", host);
    this.#evaluate(`import ${JSON.stringify(LIBRARY)};`, "begin.js");
    const guest = vm.getProp(vm.global, "$guest");
    const names: readonly GuestFunction[] = [
      "beginProgram",
      "beginHandler",
      "step",
      "bootOptions",
      "setUp",
      "fire",
      "answer",
      "describe",
    ];
    for (const name of names) this.#functions.set(name, vm.getProp(guest, name));
    this.#evaluate("delete globalThis.$host; delete globalThis.$guest;", "begin.js");
  }

  /** The answer of a function of the host; what it throws is thrown in the guest, as plain data. */
  #answer(act: HostFunction, handles: readonly QuickJSHandle[]): QuickJSHandle | { error: QuickJSHandle } {
    const vm = this.#vm;
    try {
      return this.#toGuest(act(...handles.map((handle) => this.#toHost(handle))));
    } catch (error) {
      const { name, message } = error as Error;
      return { error: vm.newError({ name: String(name), message: String(message) }) };
    }
  }

  #toGuest(value: Plain): QuickJSHandle {
    const vm = this.#vm;
    if (typeof value === "number") return vm.newNumber(value);
    if (typeof value === "string") return vm.newString(value);
    return value === undefined ? vm.undefined : vm.newArrayBuffer(value);
  }

  /** A value of the guest, copied. @throws TypeError for what is no number, text or buffer. */
  #toHost(handle: QuickJSHandle): Plain {
    const vm = this.#vm;
    switch (vm.typeof(handle)) {
      case "number":
        return vm.getNumber(handle);
      case "string":
        return vm.getString(handle);
      case "undefined":
        return undefined;
      case "object": {
        using bytes = vm.getArrayBuffer(handle);
        return bytes.value.slice().buffer;
      }
      default:
        throw new TypeError("only numbers, texts and buffers cross");
    }
  }

  /** Runs a text of the host's own in the engine. */
  #evaluate(text: string, name: string): QuickJSHandle {
    return this.#value(
      this.#vm.evalCode(text, name, { type: name === PROGRAM || name === "begin.js" ? "module" : "global" }),
    );
  }

  /** What an engine's call has come to. @throws GuestError for what it has thrown. */
  #value(result: ReturnType<QuickJSContext["evalCode"]>): QuickJSHandle {
    if (!result.error) return result.value;
    throw new GuestError(this.#describe(result.error));
  }

  #describe(error: QuickJSHandle): Thrown {
    const describe = this.#functions.get("describe");
    const told = describe && this.#vm.callFunction(describe, this.#vm.undefined, error);
    const text = told && !told.error ? this.#toHost(told.value) : undefined;
    if (typeof text === "string") return JSON.parse(text) as Thrown;
    // The engine is at its end: what it says of that is all that there is.
    const { name, message } = this.#vm.dump(error) as { name?: unknown; message?: unknown };
    const words = { name: "Error", message: "the engine has stopped", line: 0, column: 0 };
    return {
      ...words,
      ...(typeof name === "string" && { name }),
      ...(typeof message === "string" && { message }),
    };
  }

  /** What the engine makes of a program's text. @throws GuestError */
  #loaded(text: string): QuickJSHandle {
    try {
      return this.#evaluate(text, PROGRAM);
    } catch (error) {
      throw error instanceof GuestError ? new GuestError(located(error.thrown, text)) : error;
    }
  }

  /** Loads a program. @returns its module, for the functions that take one. @throws GuestError */
  load(text: string): QuickJSHandle {
    const vm = this.#vm;
    const module = this.#loaded(text);
    const state = vm.getPromiseState(module);
    if (state.type === "fulfilled") return state.value;
    if (state.type === "rejected") throw new GuestError(this.#describe(state.error));
    throw new GuestError({
      name: "SyntaxError",
      message: "a program does not await anything at its top level",
      line: 0,
      column: 0,
    });
  }

  /** Calls a function of the guest's library. @throws GuestError */
  call(name: GuestFunction, ...values: readonly (number | string | QuickJSHandle)[]): Plain {
    if (this.#depth === DEEPEST)
      throw new RangeError("stack overflow: start() or a timer has called itself by way of the machine");
    this.#depth++;
    const handles = values.map((value) => (typeof value === "object" ? value : this.#toGuest(value)));
    try {
      const result = this.#value(this.#vm.callFunction(this.#functions.get(name)!, this.#vm.undefined, handles));
      const told = this.#toHost(result);
      result.dispose();
      return told;
    } finally {
      this.#depth--;
      handles.forEach((handle, i) => {
        if (typeof values[i] !== "object") handle.dispose();
      });
    }
  }
}
