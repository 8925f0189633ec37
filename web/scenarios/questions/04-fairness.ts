import { EPOLLET, EPOLLIN, O_NONBLOCK } from "../../../lib/index.ts";
import { type Question, watching } from "./question.ts";

/** Four descriptors are always ready; the server takes one event at a time. */
export const fairness: Question = {
  id: "starvation",
  program: function* (sys) {
    const fds: number[] = [];
    for (let i = 0; i < 4; i++) fds.push(yield* sys.eventfd(1, O_NONBLOCK));
    const orders: string[] = [];
    for (const flags of [0, EPOLLET]) {
      const epfd = yield* watching(sys, EPOLLIN | flags, ...fds);
      const event = sys.epoll_events(1);
      const order: number[] = [];
      for (let i = 0; i < 8; i++) {
        if ((yield* sys.epoll_wait(epfd, event, 1, 0)) > 0) order.push(fds.indexOf(event[0]!.data.fd));
      }
      orders.push(order.join());
    }
    return { level: orders[0]!, edge: orders[1]! };
  },
  expected: { level: "0,1,2,3,0,1,2,3", edge: "0,1,2,3" },
};
