import type { RunRoute } from "../model/route.ts";

/** Where to see a packet arrive: the server sleeps in epoll_wait, and the next step has the DMA of what a client says. */
export const FIRST_PACKET = { page: "run", scenario: "echo", tick: 252 } as const satisfies RunRoute;
