import { at } from "./halves.ts";
import type { Facts, Message } from "./message.ts";
import { isAtomic } from "../user-address.ts";

/** By what kind of instruction a count was changed. */
function how({ args }: Facts): { readonly en: string; readonly zh: string } {
  return isAtomic(args["high"] ?? 0) ? { en: ", atomically", zh: "（原子指令）" } : { en: "", zh: "" };
}

/** Ownership in C++: new, delete, and the control blocks of libstdc++. */
export const ownership = {
  operator_new: {
    en: ["A C++ program allocates.", "The program asks for {bytes}: operator new."],
    "zh-CN": ["C++ 程序申请内存。", "程序用 operator new 申请 {bytes}。"],
  },
  operator_new_return: {
    en: ["What operator new answers is known.", (facts) => `The program gets ${at(facts)} from operator new.`],
    "zh-CN": ["operator new 返回。", (facts) => `operator new 返回 ${at(facts)}。`],
  },
  operator_delete: {
    en: [
      "A C++ program gives memory back.",
      (facts) => `The program gives the {bytes} at ${at(facts)} back: operator delete.`,
    ],
    "zh-CN": ["C++ 程序释放内存。", (facts) => `程序用 operator delete 释放 ${at(facts)} 处的 {bytes}。`],
  },
  cpp_statement: {
    en: ["A statement of a C++ program begins.", "Line {line} of the program begins."],
    "zh-CN": ["C++ 程序的一条语句开始执行。", "程序第 {line} 行开始执行。"],
  },
  cpp_constructor: {
    en: ["An object has been constructed.", (facts) => `The object at ${at(facts)} has been constructed.`],
    "zh-CN": ["对象构造完成。", (facts) => `${at(facts)} 处的对象构造完成。`],
  },
  cpp_destructor: {
    en: ["The destructor of an object runs.", (facts) => `The destructor of the object at ${at(facts)} runs.`],
    "zh-CN": ["对象的析构函数执行。", (facts) => `${at(facts)} 处对象的析构函数执行。`],
  },
  cpp_deleter: {
    en: ["A deleter runs.", (facts) => `The deleter runs for the object at ${at(facts)}, instead of delete.`],
    "zh-CN": ["自定义删除器执行。", (facts) => `对 ${at(facts)} 处的对象执行自定义删除器，而不是 delete。`],
  },
  __shared_count: {
    en: [
      "A control block is there.",
      (facts) => `The control block at ${at(facts)} begins with one owner: use_count 1, weak_count 1.`,
    ],
    "zh-CN": ["控制块建立。", (facts) => `${at(facts)} 处的控制块以一个所有者开始：use_count 为 1，weak_count 为 1。`],
  },
  _M_add_ref_copy: {
    en: ["One more owner.", (facts) => `One more owner by the control block at ${at(facts)}: {count}${how(facts).en}.`],
    "zh-CN": ["多了一个所有者。", (facts) => `${at(facts)} 处的控制块多了一个所有者：共 {count} 个${how(facts).zh}。`],
  },
  _M_release: {
    en: ["One owner less.", (facts) => `One owner less by the control block at ${at(facts)}: {count}${how(facts).en}.`],
    "zh-CN": [
      "少了一个所有者。",
      (facts) => `${at(facts)} 处的控制块少了一个所有者：还有 {count} 个${how(facts).zh}。`,
    ],
  },
  _M_weak_add_ref: {
    en: ["One more observer.", (facts) => `weak_count of the control block at ${at(facts)}: {count}${how(facts).en}.`],
    "zh-CN": ["多了一个观察者。", (facts) => `${at(facts)} 处控制块的 weak_count 增为 {count}${how(facts).zh}。`],
  },
  _M_weak_release: {
    en: [
      "One observer less, or the owners' share is given up.",
      (facts) => `weak_count of the control block at ${at(facts)} falls to {count}${how(facts).en}.`,
    ],
    "zh-CN": [
      "少了一个观察者，或所有者放弃共同的那一份。",
      (facts) => `${at(facts)} 处控制块的 weak_count 减为 {count}${how(facts).zh}。`,
    ],
  },
  _M_dispose: {
    en: [
      "The last owner is gone.",
      (facts) => `The last owner is gone: the object of the control block at ${at(facts)} dies.`,
    ],
    "zh-CN": ["最后一个所有者离开。", (facts) => `最后一个所有者离开：${at(facts)} 处控制块的对象被销毁。`],
  },
  _M_destroy: {
    en: [
      "The control block goes.",
      (facts) => `Nobody looks at the control block at ${at(facts)} any more: its memory is given back.`,
    ],
    "zh-CN": ["控制块释放。", (facts) => `不再有人使用 ${at(facts)} 处的控制块：释放它的内存。`],
  },
  use_count: {
    en: ["A program asks for the number of owners.", "use_count() is {count}."],
    "zh-CN": ["程序询问所有者的数目。", "use_count() 为 {count}。"],
  },
  expired: {
    en: [
      "A program asks whether an object is gone.",
      ({ args }) => (args["expired"] === 1 ? "expired() is true." : "expired() is false."),
    ],
    "zh-CN": [
      "程序询问对象是否已被销毁。",
      ({ args }) => (args["expired"] === 1 ? "expired() 为 true。" : "expired() 为 false。"),
    ],
  },
} as const satisfies Record<string, Message>;
