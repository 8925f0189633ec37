import { type TemplateResult, html } from "lit";
import type { Locale } from "../i18n/catalogue.ts";

/** The settings of a lab, as its address says them: whatever a person has typed there. */
export type Settings = Readonly<Record<string, string>>;

/** A lab: a part of the kernel with everything at hand that one needs to try it out. */
export interface Lab {
  /** Its name in addresses. */
  readonly id: string;
  readonly title: Readonly<Record<Locale, string>>;
  readonly summary: Readonly<Record<Locale, string>>;
  /** Its page; null: it is one that is not a lab's. */
  readonly page: {
    /** Brings its element. */
    readonly load: () => Promise<unknown>;
    readonly render: (locale: Locale, settings: Settings) => TemplateResult;
  } | null;
  /** Where it is. */
  readonly href: string;
}

/** All labs, in the order of the list. */
export const LABS: readonly Lab[] = [
  {
    id: "epoll",
    title: { en: "epoll", "zh-CN": "epoll" },
    summary: {
      en: "The whole way of a packet, from the network card to the program: accept, the tree, the ready list, the wait queues.",
      "zh-CN": "一个数据包从网卡到程序的全程：accept、红黑树、就绪链表、等待队列。",
    },
    page: null,
    href: "#/run/echo",
  },
  {
    id: "zero-copy",
    title: { en: "Zero-copy", "zh-CN": "零拷贝" },
    summary: {
      en: "A file goes to a socket on nine roads: mode switches, copies, DMA, time; and what a change on the way does.",
      "zh-CN": "把文件送进 socket 的九条路：模式切换、拷贝、DMA、时间，以及在途被修改会怎样。",
    },
    page: {
      load: () => import("./zero-copy/iop-zero-copy-lab.ts"),
      render: (locale, settings) => html`<iop-zero-copy-lab .locale=${locale} .query=${settings}></iop-zero-copy-lab>`,
    },
    href: "#/labs/zero-copy",
  },
  {
    id: "page-cache",
    title: { en: "Page cache", "zh-CN": "页缓存" },
    summary: {
      en: "Hot files and one big stream: what stays in memory, what goes and why; O_DIRECT and fadvise; read-ahead; dirty pages.",
      "zh-CN": "热点文件与一个大文件：哪些页留下，哪些被回收，为什么；O_DIRECT 与 fadvise；预读；脏页与写回。",
    },
    page: {
      load: () => import("./page-cache/iop-page-cache-lab.ts"),
      render: (locale, settings) =>
        html`<iop-page-cache-lab .locale=${locale} .query=${settings}></iop-page-cache-lab>`,
    },
    href: "#/labs/page-cache",
  },
  {
    id: "waiting",
    title: { en: "Ways of waiting", "zh-CN": "等待的方式" },
    summary: {
      en: "Blocking, non-blocking, select, poll, epoll, signals, AIO, io_uring: the same work, the two phases, and the cost of up to 100,000 connections.",
      "zh-CN":
        "阻塞、非阻塞、select、poll、epoll、信号驱动、AIO、io_uring：同样的工作，两个阶段，以及多达十万个连接的开销。",
    },
    page: {
      load: () => import("./waiting/iop-waiting-lab.ts"),
      render: (locale, settings) => html`<iop-waiting-lab .locale=${locale} .query=${settings}></iop-waiting-lab>`,
    },
    href: "#/labs/waiting",
  },
  {
    id: "ownership",
    title: { en: "Ownership", "zh-CN": "所有权" },
    summary: {
      en: "shared_ptr, make_shared, weak_ptr, unique_ptr on a heap one can see: chunks, control blocks and their counts, cycles, leaks, use after free.",
      "zh-CN":
        "在看得见的堆上的 shared_ptr、make_shared、weak_ptr 和 unique_ptr：chunk、控制块与计数、循环引用、泄漏、释放后使用。",
    },
    page: {
      load: () => import("./ownership/iop-ownership-lab.ts"),
      render: (locale, settings) => html`<iop-ownership-lab .locale=${locale} .query=${settings}></iop-ownership-lab>`,
    },
    href: "#/labs/ownership",
  },
  {
    id: "race",
    title: { en: "The race", "zh-CN": "竞速" },
    summary: {
      en: "Does WebAssembly make a data structure faster? Ours against JavaScript and known libraries, measured here; who beats us is said first.",
      "zh-CN":
        "WebAssembly 会让数据结构更快吗？我们的结构与 JavaScript 和常用库比试，就在这里测量；谁比我们快，先说谁。",
    },
    page: null,
    href: "#/race",
  },
];
