import { type Scenario, programScenario } from "./scenario.ts";
import { RECORDED } from "./recording.ts";
import { start as accept } from "./programs/accept.ts";
import { start as echo } from "./programs/echo.ts";
import { start as echoEt } from "./programs/echo-et.ts";
import { start as eventfd } from "./programs/eventfd.ts";
import { start as hang } from "./programs/et-hang.ts";
import { start as herd } from "./programs/herd.ts";
import { start as oneshot } from "./programs/oneshot.ts";
import { start as pipe } from "./programs/pipe.ts";

/** The source texts of the programs, by their paths. */
const TEXTS = import.meta.glob<string>("./programs/*.ts", { query: "?raw", import: "default", eager: true });

/** The source text of a program. */
function textOf(name: string): string {
  return TEXTS[`./programs/${name}.ts`] ?? "";
}

/** Everything that can be picked, in the order of the list; the first one is shown first. */
export const SCENARIOS: readonly Scenario[] = [
  programScenario(
    "echo",
    { en: "Echo server, level-triggered", "zh-CN": "回显服务器（水平触发）" },
    {
      en: "Two clients connect and talk to one server with one epoll.",
      "zh-CN": "两个客户端连接到同一个服务器，服务器只用一个 epoll。",
    },
    textOf("echo"),
    echo,
  ),
  programScenario(
    "echo-et",
    { en: "Echo server, edge-triggered", "zh-CN": "回显服务器（边缘触发）" },
    {
      en: "The event comes once, so the server reads until EAGAIN.",
      "zh-CN": "事件只通知一次，所以服务器一直读到 EAGAIN。",
    },
    textOf("echo-et"),
    echoEt,
  ),
  programScenario(
    "et-hang",
    { en: "Edge-triggered, not drained: the hang", "zh-CN": "边缘触发却没读完：经典的卡死" },
    {
      en: "Four of ten bytes are read. The other six are there, and nobody is ever told.",
      "zh-CN": "10 个字节只读了 4 个。剩下 6 个就在队列里，却再也不会有通知。",
    },
    textOf("et-hang"),
    hang,
  ),
  programScenario(
    "pipe",
    { en: "A pipe and a reader that blocks", "zh-CN": "管道与阻塞的读者" },
    {
      en: "The reader sleeps on the pipe's wait queue until the writer comes.",
      "zh-CN": "读者睡在管道的等待队列上，直到写者写入。",
    },
    textOf("pipe"),
    pipe,
  ),
  programScenario(
    "herd",
    { en: "Two threads on one epoll: who wakes?", "zh-CN": "两个线程等同一个 epoll：谁会醒？" },
    {
      en: "Two CPUs, two sleepers in epoll_wait, one connection.",
      "zh-CN": "两个 CPU，两个线程睡在 epoll_wait 中，来了一个连接。",
    },
    textOf("herd"),
    herd,
    2,
  ),
  programScenario(
    "oneshot",
    { en: "EPOLLONESHOT", "zh-CN": "EPOLLONESHOT" },
    {
      en: "Told once, then switched off until EPOLL_CTL_MOD.",
      "zh-CN": "通知一次后就关闭，直到 EPOLL_CTL_MOD 重新打开。",
    },
    textOf("oneshot"),
    oneshot,
  ),
  programScenario(
    "eventfd",
    { en: "An eventfd wakes the event loop", "zh-CN": "用 eventfd 唤醒事件循环" },
    {
      en: "A thread adds to a counter; the sleeper in epoll_wait wakes.",
      "zh-CN": "一个线程给计数器加一，睡在 epoll_wait 中的线程就醒来。",
    },
    textOf("eventfd"),
    eventfd,
  ),
  programScenario(
    "accept",
    { en: "Two threads block in accept()", "zh-CN": "两个线程阻塞在 accept()" },
    {
      en: "Exclusive waiters: each connection wakes one of them.",
      "zh-CN": "独占等待：每个连接只唤醒其中一个线程。",
    },
    textOf("accept"),
    accept,
  ),
  RECORDED,
];
