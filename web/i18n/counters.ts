import type { CounterValues } from "../../lib/index.ts";
import type { Locale } from "./catalogue.ts";

/** A counter as it is shown. */
interface CounterName {
  readonly name: keyof CounterValues;
  readonly texts: Readonly<Record<Locale, string>>;
  /** Whether it is shown before it has counted anything. */
  readonly always: boolean;
}

function counter(name: keyof CounterValues, en: string, zh: string, always = false): CounterName {
  return { name, texts: { en, "zh-CN": zh }, always };
}

/** The counters, in the order in which they are shown. */
export const COUNTER_NAMES: readonly CounterName[] = [
  counter("modeSwitches", "mode switches", "用户态/内核态切换", true),
  counter("contextSwitches", "context switches", "上下文切换", true),
  counter("syscalls", "system calls", "系统调用", true),
  counter("cpuCopies", "CPU copies", "CPU 拷贝", true),
  counter("cpuCopiedBytes", "bytes copied", "CPU 拷贝字节数"),
  counter("dmaTransfers", "DMA transfers", "DMA 传输", true),
  counter("dmaBytes", "bytes by DMA", "DMA 传输字节数"),
  counter("dmaControl", "packets without data", "无数据的数据包"),
  counter("interrupts", "hard interrupts", "硬中断"),
  counter("softInterrupts", "soft interrupts", "软中断"),
  counter("wakeups", "wake-ups", "唤醒", true),
  counter("wakeupsInVain", "of them in vain", "其中落空"),
  counter("polls", "poll methods called", "poll 方法调用"),
  counter("minorFaults", "minor page faults", "次缺页"),
  counter("majorFaults", "major page faults", "主缺页"),
  counter("cacheHits", "page cache hits", "页缓存命中"),
  counter("cacheMisses", "page cache misses", "页缓存未命中"),
];
