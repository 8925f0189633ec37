import type { Message } from "./message.ts";
import { mallocError } from "../heap/errors.ts";
import { at } from "./halves.ts";

/** The C library's heap, inside a process. */
export const heap = {
  malloc: {
    en: ["A program asks for memory.", "The program of {current} asks for {bytes}: malloc()."],
    "zh-CN": ["程序申请内存。", "{current}的程序用 malloc() 申请 {bytes}。"],
  },
  malloc_return: {
    en: [
      "Memory is handed to the program.",
      (facts) => `The program gets memory at ${at(facts)}: its chunk has {bytes}, header included.`,
    ],
    "zh-CN": ["内存交给程序。", (facts) => `程序得到地址 ${at(facts)} 处的内存：该 chunk 连同头部共 {bytes}。`],
  },
  free: {
    en: [
      "A program gives memory back.",
      (facts) => `The program of {current} gives the memory at ${at(facts)} back: free().`,
    ],
    "zh-CN": ["程序释放内存。", (facts) => `{current}的程序用 free() 释放 ${at(facts)} 处的内存。`],
  },
  calloc: {
    en: ["A program asks for memory that holds zeros.", "calloc() of {bytes}: the tcache is passed over."],
    "zh-CN": ["程序申请清零的内存。", "calloc() 申请 {bytes}：不使用 tcache。"],
  },
  realloc: {
    en: [
      "A program wants memory to be larger or smaller.",
      (facts) => `The memory at ${at(facts)} is to have {bytes}: realloc().`,
    ],
    "zh-CN": ["程序要求改变内存大小。", (facts) => `用 realloc() 把 ${at(facts)} 处的内存改为 {bytes}。`],
  },
  aligned_alloc: {
    en: [
      "A program asks for aligned memory.",
      "The program asks for {bytes} at a multiple of {alignment}: aligned_alloc().",
    ],
    "zh-CN": ["程序申请对齐的内存。", "程序用 aligned_alloc() 申请 {bytes}，对齐到 {alignment} 的倍数。"],
  },
  _int_malloc: {
    en: [
      "A chunk is looked for in the bins, then in the top.",
      "A chunk of {bytes} is looked for: fast bin, small bin, unsorted list, larger bins, top, system.",
    ],
    "zh-CN": [
      "在各个 bin 和 top 中寻找 chunk。",
      "寻找 {bytes} 的 chunk：依次看 fast bin、small bin、unsorted 链表、更大的 bin、top，最后是系统。",
    ],
  },
  _int_free: {
    en: ["A chunk becomes free.", (facts) => `The chunk at ${at(facts)}, {bytes}, is free.`],
    "zh-CN": ["chunk 变为空闲。", (facts) => `${at(facts)} 处 {bytes} 的 chunk 变为空闲。`],
  },
  tcache_get: {
    en: [
      "A chunk is taken out of the tcache.",
      (facts) => `The tcache has a chunk of {bytes}: ${at(facts)}, which was freed last, is used again.`,
    ],
    "zh-CN": [
      "从 tcache 取出 chunk。",
      (facts) => `tcache 中有 {bytes} 的 chunk：最后释放的 ${at(facts)} 被再次使用。`,
    ],
  },
  tcache_put: {
    en: [
      "A chunk is put into the tcache.",
      (facts) => `The chunk at ${at(facts)} goes to the tcache, list of {bytes}.`,
    ],
    "zh-CN": ["chunk 放入 tcache。", (facts) => `${at(facts)} 处的 chunk 放入 tcache 中 {bytes} 的链表。`],
  },
  fastbin_put: {
    en: [
      "A chunk is put into a fast bin.",
      (facts) => `The tcache is full: the chunk at ${at(facts)} goes to the fast bin of {bytes}, unmerged.`,
    ],
    "zh-CN": [
      "chunk 放入 fast bin。",
      (facts) => `tcache 已满：${at(facts)} 处的 chunk 不经合并，放入 {bytes} 的 fast bin。`,
    ],
  },
  unlink_chunk: {
    en: ["A chunk leaves its bin.", (facts) => `The free chunk at ${at(facts)}, {bytes}, is taken out of its bin.`],
    "zh-CN": ["chunk 离开所在的 bin。", (facts) => `${at(facts)} 处 {bytes} 的空闲 chunk 从 bin 中取出。`],
  },
  sort_chunk: {
    en: [
      "An unsorted chunk goes to its bin.",
      (facts) => `The unsorted chunk at ${at(facts)} does not fit: it goes to the bin of {bytes}.`,
    ],
    "zh-CN": [
      "unsorted 链表中的 chunk 归入 bin。",
      (facts) => `unsorted 链表中 ${at(facts)} 处的 chunk 大小不符：归入 {bytes} 的 bin。`,
    ],
  },
  split_chunk: {
    en: ["A chunk is cut in two.", (facts) => `The rest, {bytes} at ${at(facts)}, goes to the unsorted list.`],
    "zh-CN": ["chunk 一分为二。", (facts) => `剩余部分（${at(facts)} 处，{bytes}）放入 unsorted 链表。`],
  },
  split_top: {
    en: ["A chunk is cut off the top.", (facts) => `The top begins at ${at(facts)} now, with {bytes} left.`],
    "zh-CN": ["从 top 切下 chunk。", (facts) => `top 现在从 ${at(facts)} 开始，还剩 {bytes}。`],
  },
  merge_top: {
    en: ["A free chunk becomes part of the top.", (facts) => `The top begins at ${at(facts)} now, with {bytes}.`],
    "zh-CN": ["空闲 chunk 并入 top。", (facts) => `top 现在从 ${at(facts)} 开始，共 {bytes}。`],
  },
  unsorted_insert: {
    en: [
      "A merged chunk goes to the unsorted list.",
      (facts) => `With its free neighbours it is {bytes} at ${at(facts)}: it goes to the unsorted list.`,
    ],
    "zh-CN": [
      "合并后的 chunk 放入 unsorted 链表。",
      (facts) => `与相邻的空闲 chunk 合并为 ${at(facts)} 处的 {bytes}，放入 unsorted 链表。`,
    ],
  },
  malloc_consolidate: {
    en: ["The fast bins are emptied.", "All chunks of the fast bins are merged with their neighbours."],
    "zh-CN": ["清空 fast bin。", "fast bin 中的所有 chunk 都与相邻的空闲 chunk 合并。"],
  },
  sysmalloc: {
    en: [
      "The system is asked for memory.",
      "Nothing in the heap has {bytes}: the system is asked, by brk() or mmap().",
    ],
    "zh-CN": ["向系统申请内存。", "堆中没有 {bytes} 的空间：通过 brk() 或 mmap() 向系统申请。"],
  },
  systrim: {
    en: [
      "The end of the heap goes back to the system.",
      "{bytes} at the end of the heap are given back to the system.",
    ],
    "zh-CN": ["堆的末尾归还系统。", "把堆末尾的 {bytes} 归还系统。"],
  },
  chunk_mmapped: {
    en: [
      "A chunk becomes a mapping of its own.",
      (facts) => `The chunk at ${at(facts)} is a mapping of its own, {bytes}.`,
    ],
    "zh-CN": ["chunk 独占一个映射。", (facts) => `${at(facts)} 处的 chunk 独占一个 {bytes} 的映射。`],
  },
  mmap_threshold: {
    en: [
      "The mmap threshold grows.",
      "A mapping of {bytes} is freed: from now on only larger chunks become mappings of their own.",
    ],
    "zh-CN": ["mmap 阈值增大。", "释放了 {bytes} 的映射：今后只有更大的 chunk 才会独占映射。"],
  },
  malloc_printerr: {
    en: [
      "The library finds the heap broken.",
      ({ args }) => `The library ends the process: "${mallocError(args["error"] ?? 0)}".`,
    ],
    "zh-CN": ["库发现堆已损坏。", ({ args }) => `库终止该进程：“${mallocError(args["error"] ?? 0)}”。`],
  },
} as const satisfies Record<string, Message>;
