import type { CaseName, Entry, Heat, KeyOrder, Mode, Verdict } from "./types.ts";
import type { Language } from "../machine/records.ts";
import { isRing } from "./work.ts";

type Both = Readonly<Record<Language, string>>;

/** What is done in a case. */
export const CASE_WORDS: Readonly<Record<CaseName, Both>> = {
  insert: { en: "insert", "zh-CN": "插入" },
  "find-hit": { en: "find what is there", "zh-CN": "查找（命中）" },
  "find-miss": { en: "find what is not there", "zh-CN": "查找（未命中）" },
  delete: { en: "delete", "zh-CN": "删除" },
  iterate: { en: "iterate in order", "zh-CN": "按序遍历" },
  churn: { en: "epoll's mix", "zh-CN": "epoll 的混合操作" },
  queue: { en: "push and shift", "zh-CN": "入队与出队" },
  lru: { en: "move to the front", "zh-CN": "移到表头" },
  "ring-bytes": { en: "messages through a ring of bytes", "zh-CN": "字节环传消息" },
  "ring-records": { en: "records through a ring", "zh-CN": "环传定长记录" },
  "ring-threads": { en: "messages from another thread", "zh-CN": "跨线程传消息" },
  crossing: { en: "an empty call", "zh-CN": "空调用" },
};

/** How a contender is called. */
export const MODE_WORDS: Readonly<Record<Mode, Both>> = {
  call: { en: "per call", "zh-CN": "逐次调用" },
  batch: { en: "batched", "zh-CN": "批量" },
  inside: { en: "loop inside", "zh-CN": "内部循环" },
};

/** In which order keys come. */
export const ORDER_WORDS: Readonly<Record<KeyOrder, Both>> = {
  sequential: { en: "sequential keys", "zh-CN": "顺序键" },
  random: { en: "random keys", "zh-CN": "随机键" },
  clustered: { en: "clustered keys", "zh-CN": "成簇键" },
};

/** `insert, 10,000 elements, random keys`. */
export function heatWords({ case: name, size, order }: Heat, language: Language): string {
  const what = CASE_WORDS[name][language];
  const count = size.toLocaleString("en");
  const words = ORDER_WORDS[order][language];
  if (language === "en") {
    if (isRing(name)) return `${what}, ${count} bytes each`;
    return name === "crossing" ? `${what}, ${count} times` : `${what}, ${count} elements, ${words}`;
  }
  if (isRing(name)) return `${what}，每条 ${count} 字节`;
  return name === "crossing" ? `${what}，${count} 次` : `${what}，${count} 个元素，${words}`;
}

/** `1.34`, `12.3`, `150`: three digits, as a run has no more. */
export function ratioWords(ratio: number): string {
  return ratio.toFixed(ratio < 9.995 ? 2 : ratio < 99.95 ? 1 : 0);
}

/** A verdict in plain words. `titleOf` is what people call a contender. */
export function verdictWords(verdict: Verdict, language: Language, titleOf: (contender: string) => string): string {
  const named = ({ contender, mode }: Entry) =>
    language === "en"
      ? `${titleOf(contender)} (${MODE_WORDS[mode].en})`
      : `${titleOf(contender)}（${MODE_WORDS[mode]["zh-CN"]}）`;
  const [subject, other] = [named(verdict.subject), named(verdict.other)];
  const [ratio, heat] = [ratioWords(verdict.ratio), heatWords(verdict, language)];
  if (language === "en") {
    if (verdict.kind === "level") return `${heat}: ${other} and ${subject} cannot be told apart.`;
    const [faster, slower] = verdict.kind === "beaten" ? [other, subject] : [subject, other];
    return `${heat}: ${faster} is ${ratio} times as fast as ${slower}.`;
  }
  if (verdict.kind === "level") return `${heat}：${other}与${subject}分不出快慢。`;
  const [faster, slower] = verdict.kind === "beaten" ? [other, subject] : [subject, other];
  return `${heat}：${faster}的速度是${slower}的 ${ratio} 倍。`;
}
