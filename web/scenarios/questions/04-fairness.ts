import { EPOLLET, EPOLLIN, O_NONBLOCK } from "../../../lib/index.ts";
import { type Question, watching } from "./question.ts";

/** Four descriptors are always ready; the server takes one event at a time. */
export const fairness: Question = {
  number: 4,
  id: "starvation",
  question: {
    en: "Does one busy connection starve the others?",
    "zh-CN": "一个繁忙的连接会饿死其他连接吗？",
  },
  prediction: {
    en: "The first ready descriptor is told again and again.",
    "zh-CN": "总是最先就绪的那个描述符被反复报告。",
  },
  verdict: {
    en: "Level-triggered is fair: what was told goes to the end of the ready list, so everybody has a turn. Edge-triggered tells each once: a loop until EAGAIN on a busy descriptor does starve the rest, so take a budget for each turn, and keep a list of your own of who is not finished.",
    "zh-CN":
      "水平触发（LT）是公平的：报告过的条目排到就绪链表末尾，人人有份。边缘触发（ET）每个只报告一次：在繁忙的描述符上一直读到 EAGAIN 才会饿死别人，所以每轮要限额，并自己记住谁还没读完。",
  },
  myth: false,
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
