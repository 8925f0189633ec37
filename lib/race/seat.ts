import type { Contender, Seat, TrialAnswer, TrialRequest } from "./types.ts";
import { Trial } from "./trial.ts";

/** Thrown if a seat is asked that has been closed, or whose process has come to its end. */
export class SeatClosed extends Error {}

/** What a seat needs of a process or Worker. */
export interface Channel {
  post(request: TrialRequest): void;
  close(): void;
}

/** The asking side of a process or Worker: one question at a time, each with one answer. */
export class ChannelSeat implements Seat {
  readonly #channel: Channel;
  #waiting: { resolve: (answer: TrialAnswer) => void; reject: (error: Error) => void } | undefined;
  #closed: SeatClosed | undefined;

  /** `connect` is given what to call with every answer, and what to call when the process has come to its end. */
  constructor(connect: (answered: (answer: TrialAnswer) => void, ended: (why: string) => void) => Channel) {
    this.#channel = connect(
      (answer) => {
        const waiting = this.#waiting;
        this.#waiting = undefined;
        waiting?.resolve(answer);
      },
      (why) => this.#end(new SeatClosed(why)),
    );
  }

  ask(request: TrialRequest): Promise<TrialAnswer> {
    return new Promise((resolve, reject) => {
      if (this.#closed !== undefined) {
        reject(this.#closed);
        return;
      }
      this.#waiting = { resolve, reject };
      this.#channel.post(request);
    });
  }

  close(): void {
    this.#end(new SeatClosed("it was closed"));
    this.#channel.close();
  }

  #end(error: SeatClosed): void {
    this.#closed ??= error;
    this.#waiting?.reject(this.#closed);
    this.#waiting = undefined;
  }
}

/** A seat in this process: for contenders that are not in the list, and where no process can be begun. */
export function seatHere(contenders: readonly Contender[]): Seat {
  return new ChannelSeat((answered, ended) => {
    const trial = new Trial(contenders);
    return {
      post: (request) => void trial.answer(request).then(answered, (error: unknown) => ended(String(error))),
      close: () => undefined,
    };
  });
}
