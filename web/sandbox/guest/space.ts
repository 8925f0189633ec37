import type { UserSpace } from "../../../lib/machine/user_memory.ts";
import type { SignalHandler } from "../../../lib/machine/signals.ts";
import { bufferOf, host } from "./host.ts";
import { functionAt, numberOf } from "./functions.ts";

/** The memory of a program, which lies with the host. */
export class GuestSpace implements UserSpace {
  readonly #sys: number;
  readonly handlers: UserSpace["handlers"];

  /** @param sys  the host's number of what the program makes its calls with. */
  constructor(sys: number) {
    this.#sys = sys;
    this.handlers = {
      addressOf: (handler: SignalHandler) => host.handler(sys, numberOf(handler)),
      at: (address: number) => {
        const handler = host.handlerAt(sys, address);
        return handler < 0 ? undefined : functionAt<SignalHandler>(handler);
      },
      get jumping() {
        return host.jumping(sys, -1) === 1;
      },
      set jumping(jumping: boolean) {
        host.jumping(sys, jumping ? 1 : 0);
      },
    };
  }

  get now(): number {
    return host.now(this.#sys);
  }

  allocate(length: number): number {
    return host.allocate(this.#sys, length);
  }

  store(address: number, bytes: Uint8Array): number {
    return host.store(this.#sys, address, bufferOf(bytes));
  }

  load(address: number, length: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(host.load(this.#sys, address, length));
  }

  loadInto(target: Uint8Array, address: number, length: number): number {
    const bytes = this.load(address, length);
    target.set(bytes.subarray(0, target.length));
    return bytes.length;
  }
}
