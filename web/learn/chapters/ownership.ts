import { type EventName, type TraceRecord, cppLog, leaksOf } from "../../../lib/index.ts";
import { userAddress } from "../../../lib/see/user-address.ts";
import { claim, taskOf, texts } from "../claims.ts";
import { type Place, type Seen, happens } from "../seen.ts";
import type { Moment } from "../../model/frame.ts";
import { ownership } from "../../scenarios/questions/24-ownership.ts";
import type { Chapter } from "../chapter.ts";

/** The processes of the run, by their pids: two with a straggling weak_ptr, two with nodes that lead to each other. */
const [NEW, MAKE_SHARED, CYCLE, WEAK] = [1, 2, 3, 4];
/** From a control block to the object that make_shared has put behind it. Unit: bytes. */
const BEHIND = 16;

const runs = { [NEW]: "new", [MAKE_SHARED]: "make_shared", [CYCLE]: "cycle", [WEAK]: "weak" };
const process = (pid: number) => (moment: Moment) => taskOf(moment, runs[pid]!);

/** Where something happens in a process. @param nth  which time; -1: the last. */
const does = (pid: number, event: EventName, nth = 1): Place =>
  happens(event, { nth, where: (record) => record.pid === pid });

/** Where a process ends. */
const exits = (pid: number): Place => does(pid, "do_exit");

/** What a process has done up to a place, line by line. */
const logOf = (seen: Seen, pid: number, to: Place) =>
  cppLog(seen.session.run.kernel.trace.filter({ pid, to: to(seen) }), []);

/** Bytes that a process has allocated and not given back. */
const held = (pid: number, to: Place) => (seen: Seen) =>
  leaksOf(logOf(seen, pid, to)).reduce((sum, { bytes }) => sum + bytes, 0);

/** How many lines of a kind there are in the log of a process. */
const lines = (pid: number, kind: RegExp, to: Place) => (seen: Seen) =>
  logOf(seen, pid, to).filter((line) => kind.test(line)).length;

/** The sizes of what a process has allocated, in order. */
const sizes = (pid: number, to: Place) => (seen: Seen) =>
  logOf(seen, pid, to)
    .filter((line) => line.startsWith("new "))
    .map((line) => line.split(" ")[1])
    .join(" + ");

/** What a count is after a record. */
const count = (place: Place) => (seen: Seen) => seen.record(place).args[2];
/** The user address that a record is about. */
const address = ({ args: [low, high] }: TraceRecord) => userAddress(low, high);

/** Who owns an object, what that takes in memory, and how long it stays. */
export const chapter: Chapter = {
  picture: async (seen) => (await import("../heap.ts")).heapIn(seen, Object.values(ownership.programs)),
  passages: [
    {
      id: "two-blocks",
      scenario: "make-shared",
      place: does(NEW, "__shared_count"),
      object: process(NEW),
      title: texts("`shared_ptr(new T)`: two blocks", "`shared_ptr(new T)`：两块内存"),
      text: texts(
        "The program asks for an object of 1,000 bytes, and `new` gets it from `malloc`. Then the `shared_ptr` needs a place for its counts, which all copies can reach: a control block, 24 bytes more, allocated by itself. Both blocks have a header in front, and lie wherever `malloc` found room.",
        "程序要一个 1,000 字节的对象，`new` 从 `malloc` 取得它。接着 `shared_ptr` 还需要一个所有拷贝都够得着的地方来放计数：控制块，再单独分配 24 字节。两块内存前面各有一个头部，位置全看 `malloc` 在哪里找到空间。",
      ),
      claims: [
        claim("allocated", "分配的大小", sizes(NEW, exits(NEW)), "1000 + 24"),
        claim("bytes in use", "占用的字节数", held(NEW, does(NEW, "__shared_count")), 1024),
        claim(
          "objects that are constructed by now",
          "此时已构造的对象",
          lines(NEW, /^\(\) /, does(NEW, "__shared_count")),
          1,
        ),
      ],
    },
    {
      id: "one-block",
      scenario: "make-shared",
      place: does(MAKE_SHARED, "cpp_constructor"),
      object: process(MAKE_SHARED),
      title: texts("`make_shared`: one block", "`make_shared`：一块内存"),
      text: texts(
        "`make_shared` asks once, for both. The counts come first, the object is constructed right behind them, and the pointer to the object that `new` would have needed inside the control block is not there: 8 bytes less. One call of `malloc` instead of two, and counts and object often on the same cache line.",
        "`make_shared` 只申请一次，把两样一起要来。前面是计数，对象紧接着在后面构造；用 `new` 时控制块里还要存一个指向对象的指针，这里不需要，又省 8 字节。`malloc` 从两次变成一次，计数与对象的开头往往落在同一条缓存行里。",
      ),
      claims: [
        claim("allocated", "分配的大小", sizes(MAKE_SHARED, exits(MAKE_SHARED)), "1016"),
        claim(
          "from the counts to the object: bytes",
          "从计数到对象的距离：字节",
          (seen) =>
            address(seen.record(does(MAKE_SHARED, "cpp_constructor"))) -
            address(seen.record(does(MAKE_SHARED, "__shared_count"))),
          BEHIND,
        ),
      ],
    },
    {
      id: "counts",
      scenario: "make-shared",
      place: does(NEW, "_M_weak_add_ref"),
      object: process(NEW),
      title: texts("Two counts", "两个计数"),
      text: texts(
        "`use_count` says how many own the object. `weak_count` says how many look at the control block. A `weak_ptr` is made now, and it goes from 1 to 2, because all the owners together look at it once.",
        "`use_count` 是有多少个所有者。`weak_count` 是有多少个还在看着控制块。现在建立了一个 `weak_ptr`，它从 1 变成 2，因为全体所有者合起来也算一个。",
      ),
      correction: {
        said: texts(
          "One often reads that `weak_count` is the number of weak_ptrs.",
          "常有人说 `weak_count` 就是 weak_ptr 的个数。",
        ),
        shown: texts(
          "libstdc++ keeps one more there while there are owners: so the last owner that goes is an observer that goes, and one count decides when the memory is free.",
          "只要还有所有者，libstdc++ 就在里面多记一个：最后一个所有者离开，等于一个观察者离开，内存何时释放只看这一个计数。",
        ),
      },
      claims: [
        claim(
          "weak_count with one weak_ptr",
          "有一个 weak_ptr 时的 weak_count",
          count(does(NEW, "_M_weak_add_ref")),
          2,
        ),
        claim("after the last owner is gone", "最后一个所有者离开之后", count(does(NEW, "_M_weak_release")), 1),
        claim("after the weak_ptr is gone too", "weak_ptr 也离开之后", count(does(NEW, "_M_weak_release", 2)), 0),
      ],
    },
    {
      id: "last-owner",
      scenario: "make-shared",
      place: does(NEW, "tcache_put"),
      object: process(NEW),
      title: texts("The last owner goes, after `new`", "最后一个所有者离开（用 `new`）"),
      text: texts(
        "The scope ends, and with it the only owner: `use_count` falls to 0. The destructor runs, and the object's 1,000 bytes are given back at once; `malloc` keeps them at hand for the next one. The `weak_ptr` still looks at the control block, so that stays.",
        "作用域结束，唯一的所有者也随之离开：`use_count` 归零。析构函数执行，对象的 1,000 字节立刻归还，`malloc` 把它留在手边给下一次用。`weak_ptr` 还看着控制块，所以控制块留下。",
      ),
      claims: [
        claim("owners that are left", "剩下的所有者", count(does(NEW, "_M_release")), 0),
        claim("destructors that have run", "执行过的析构函数", lines(NEW, /^~/, does(NEW, "expired")), 1),
        claim("bytes that the weak_ptr keeps", "weak_ptr 占住的字节", held(NEW, does(NEW, "expired")), 24),
      ],
    },
    {
      id: "straggler",
      scenario: "make-shared",
      place: does(MAKE_SHARED, "_M_weak_release"),
      object: process(MAKE_SHARED),
      title: texts("The same, after `make_shared`", "同样的事（用 `make_shared`）"),
      text: texts(
        "Here too the destructor runs when the last owner goes. But object and counts are one block, and half a block cannot be given back. So a `weak_ptr` that nobody thinks of any more, in a cache or a list of observers, keeps the bytes of an object that is long dead.",
        "这里同样在最后一个所有者离开时执行析构函数。但对象与计数同在一块内存里，半块是还不回去的。于是缓存里、观察者列表里一个没人记得的 `weak_ptr`，就占住了一个早已析构的对象的全部字节。",
      ),
      claims: [
        claim(
          "destructors that have run",
          "执行过的析构函数",
          lines(MAKE_SHARED, /^~/, does(MAKE_SHARED, "expired")),
          1,
        ),
        claim(
          "bytes that the weak_ptr keeps",
          "weak_ptr 占住的字节",
          held(MAKE_SHARED, does(MAKE_SHARED, "expired")),
          1016,
        ),
        claim("bytes in use at the end", "结束时占用的字节", held(MAKE_SHARED, exits(MAKE_SHARED)), 0),
      ],
    },
    {
      id: "cycle",
      scenario: "make-shared",
      place: does(CYCLE, "_M_release", -1),
      object: process(CYCLE),
      title: texts("A cycle: nobody is last", "循环：谁都不是最后一个"),
      text: texts(
        "Two nodes own each other, and two variables own them. At the end of `main()` the variables go, and each count falls from 2 to 1: the owner that is left is the other node. No count comes to 0, no destructor runs, and there is no collector that would look for such rings.",
        "两个节点互相拥有，另有两个变量拥有它们。`main()` 结束时变量离开，两个计数都从 2 降到 1：剩下的所有者就是对方。没有计数归零，没有析构函数执行，也没有垃圾回收器会来找这样的环。",
      ),
      claims: [
        claim("owners of the first node at last", "第一个节点最后的所有者数", count(does(CYCLE, "_M_release", -1)), 1),
        claim("destructors that have run", "执行过的析构函数", lines(CYCLE, /^~/, exits(CYCLE)), 0),
        claim("bytes that leak", "泄漏的字节", held(CYCLE, exits(CYCLE)), 96),
      ],
    },
    {
      id: "weak-back",
      scenario: "make-shared",
      place: does(WEAK, "_M_dispose"),
      object: process(WEAK),
      title: texts("The way back is weak", "回头的边用 `weak_ptr`"),
      text: texts(
        "The same two nodes, but the way back only observes. When the variable of the first node goes, nobody owns that one any more: it dies, and with it its owner's share in the second. So the counts fall one after the other, from the outside in, and both blocks are given back.",
        "还是这两个节点，但回头的边只是观察。第一个节点的变量离开时，再没有谁拥有它：它析构，连同它对第二个节点的那份所有权。于是计数从外到内依次归零，两块内存都归还了。",
      ),
      claims: [
        claim("destructors that have run", "执行过的析构函数", lines(WEAK, /^~/, exits(WEAK)), 2),
        claim("bytes that leak", "泄漏的字节", held(WEAK, exits(WEAK)), 0),
      ],
    },
  ],
  exercises: [
    {
      id: "blocks",
      question: texts(
        "How many blocks does `std::shared_ptr<T> p(new T)` allocate?",
        "`std::shared_ptr<T> p(new T)` 分配几块内存？",
      ),
      choices: [
        {
          text: texts("One", "一块"),
          why: texts(
            "That is `make_shared`, which knows of both beforehand.",
            "那是 `make_shared`，它事先知道两样都要。",
          ),
        },
        {
          text: texts("Two", "两块"),
          why: texts("The object, and then a control block of 24 bytes.", "先是对象，再是 24 字节的控制块。"),
        },
        {
          text: texts("One, and another one with the first copy", "一块，第一次拷贝时再分配一块"),
          why: texts("A copy changes a count that is there already.", "拷贝只是改一个早已存在的计数。"),
        },
      ],
      right: 1,
      shownBy: "two-blocks",
    },
    {
      id: "kept",
      question: texts(
        "An object of 1,000 bytes was made by `make_shared`. Its last owner is gone, one `weak_ptr` is left. What is in memory?",
        "一个 1,000 字节的对象由 `make_shared` 建立。最后一个所有者已经离开，还剩一个 `weak_ptr`。内存里还有什么？",
      ),
      choices: [
        {
          text: texts("The object, alive", "活着的对象"),
          why: texts(
            "Observers keep no object alive: its destructor has run.",
            "观察者不能让对象活着：析构函数已经执行。",
          ),
        },
        {
          text: texts("24 bytes of control block", "24 字节的控制块"),
          why: texts(
            "That would be so after `new`: there it is a block of its own.",
            "用 `new` 才是这样：那时控制块是单独一块。",
          ),
        },
        {
          text: texts("The whole block, 1,016 bytes", "整块，1,016 字节"),
          why: texts(
            "Dead bytes and counts are one block, which goes as a whole.",
            "已析构的字节与计数同属一块，只能整块归还。",
          ),
        },
      ],
      right: 2,
      shownBy: "straggler",
    },
    {
      id: "ring",
      question: texts(
        "A parent owns its child, and the child needs to find its parent. What is the child's member?",
        "父节点拥有子节点，子节点又要能找到父节点。子节点的成员该用什么？",
      ),
      choices: [
        {
          text: texts("A `shared_ptr`: the parent must not vanish", "`shared_ptr`：父节点不能消失"),
          why: texts("Then both own each other, and neither ever goes.", "那样两者互相拥有，谁也走不了。"),
        },
        {
          text: texts("A `weak_ptr`", "`weak_ptr`"),
          why: texts(
            "It owns nothing, and `lock()` says whether the parent is still there.",
            "它什么也不拥有，`lock()` 会告诉你父节点还在不在。",
          ),
        },
      ],
      right: 1,
      shownBy: "weak-back",
    },
  ],
};
