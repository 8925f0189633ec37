import { ChannelSeat } from "../../lib/race/seat.ts";
import type { Seat, Surroundings, TrialAnswer } from "../../lib/race/types.ts";

/** A name with a version, as Chromium tells it of itself. */
interface Brand {
  readonly brand: string;
  readonly version: string;
}

/** What Chromium tells, and others do not. */
interface Told {
  readonly userAgentData?: {
    readonly brands: readonly Brand[];
    readonly platform: string;
    getHighEntropyValues(names: readonly string[]): Promise<{
      readonly architecture?: string;
      readonly bitness?: string;
      readonly fullVersionList?: readonly Brand[];
    }>;
  };
  /** Unit: GiB, rounded. */
  readonly deviceMemory?: number;
}

/** Where a race in this page is run: each contender in a Worker of its own. */
export async function surroundingsHere(): Promise<Surroundings> {
  const told = navigator as Navigator & Told;
  const data = told.userAgentData;
  const asked = data?.getHighEntropyValues(["architecture", "bitness", "fullVersionList"]);
  const values = await asked?.catch(() => undefined);
  return {
    seat: workerSeat,
    machine: {
      // Browsers do not name the processor: what they tell is its kind.
      processor: values?.architecture ? `${values.architecture}, ${values.bitness ?? "?"} bit` : navigator.platform,
      cores: navigator.hardwareConcurrency,
      memory: told.deviceMemory === undefined ? null : told.deviceMemory * 2 ** 30,
      system: data?.platform ?? navigator.platform,
      runtime: runtimeOf(values?.fullVersionList ?? data?.brands ?? [], navigator.userAgent),
      versions: {},
    },
  };
}

function workerSeat(): Seat {
  return new ChannelSeat((answered, ended) => {
    const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "race" });
    worker.addEventListener("message", ({ data }: MessageEvent<TrialAnswer>) => answered(data));
    worker.addEventListener("error", ({ message }) => ended(message || "its thread could not be begun"));
    return { post: (request) => worker.postMessage(request), close: () => worker.terminate() };
  });
}

/** The browser with its version, by what it says of itself; else by the words with which it asks servers. */
export function runtimeOf(brands: readonly Brand[], userAgent: string): string {
  const real = brands.filter(({ brand }) => !/not.*brand/i.test(brand));
  const own = real.find(({ brand }) => brand !== "Chromium") ?? real[0];
  if (own) return `${own.brand} ${own.version}`;
  const found = /(Firefox|Edg|OPR)\/([\d.]+)/.exec(userAgent) ?? /(Chrome)\/([\d.]+)/.exec(userAgent);
  if (found) return `${found[1]} ${found[2]}`;
  const safari = /Version\/([\d.]+).*Safari/.exec(userAgent);
  return safari ? `Safari ${safari[1]}` : userAgent.slice(0, 200);
}
