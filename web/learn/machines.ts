import { Session } from "../model/session.ts";
import { SCENARIOS } from "../scenarios/all.ts";
import { Seen } from "./seen.ts";

/** The runs that chapters look at: each runs once, when it is wanted for the first time. */
export class Machines {
  readonly #runs = new Map<string, Promise<Seen>>();

  /** A run, by the name of its scenario. @throws RangeError if there is none of that name. */
  get(id: string): Promise<Seen> {
    let found = this.#runs.get(id);
    if (!found) {
      found = run(id);
      this.#runs.set(id, found);
      // What could not be loaded once may come later.
      found.catch(() => this.#runs.delete(id));
    }
    return found;
  }
}

async function run(id: string): Promise<Seen> {
  const scenario = SCENARIOS.find((one) => one.id === id);
  if (!scenario) throw new RangeError(`no scenario is called ${id}`);
  const { kernel, calls, lines } = await scenario.start();
  return new Seen(new Session(kernel, calls, lines));
}
