import type { QuestionWords } from "../../scenario.ts";

/** Smart pointers in C++. */
export const ownership: readonly QuestionWords[] = [
  {
    number: 24,
    id: "make-shared",
    question: {
      en: "shared_ptr(new T) or make_shared? Why is memory kept after the last owner? And cycles?",
      "zh-CN": "shared_ptr(new T) 还是 make_shared？最后一个所有者走了，内存为什么还占着？循环引用呢？",
    },
    verdict: {
      en: "new T and its control block are two blocks, make_shared puts both into one. The destructor runs when use_count comes to 0; the control block goes when weak_count does. So a straggling weak_ptr keeps 24 bytes after new, but with make_shared the whole block: 1,016 bytes for an object of 1,000. In a cycle of shared_ptrs no count ever comes to 0, so nothing is destroyed: make the way back a weak_ptr.",
      "zh-CN":
        "new T 与控制块是两块内存，make_shared 把它们放进一块。use_count 归零时执行析构函数，weak_count 归零时才释放控制块。所以一个迟迟不走的 weak_ptr：用 new 时只占 24 字节，用 make_shared 时整块都留着，1,000 字节的对象就是 1,016 字节。shared_ptr 互相成环，谁的计数都归不了零，什么也不会析构：把回头的那条边换成 weak_ptr。",
    },
    guesses: [
      {
        en: "make_shared is always better: one allocation less, and nothing else differs.",
        "zh-CN": "make_shared 总是更好：少一次分配，别的都一样。",
      },
      {
        en: "One block or two; with one, a weak_ptr keeps the bytes of a dead object. A cycle leaks.",
        "zh-CN": "一块或两块；合成一块时，weak_ptr 会让已析构对象的内存一直占着。循环会泄漏。",
      },
      {
        en: "A weak_ptr keeps nothing at all, and a cycle is found when main() ends.",
        "zh-CN": "weak_ptr 什么也不占，循环在 main() 结束时会被回收。",
      },
    ],
    right: 1,
    famous: 0,
    compiled: true,
    keywords:
      "C++ shared_ptr make_shared weak_ptr unique_ptr control block use_count leak cycle 智能指针 控制块 循环引用 内存泄漏 引用计数",
  },
];
