import { begins, during, ends } from "../seen.ts";
import { claim, eventpollOf, itemOf, objects, result, texts, the, times } from "../claims.ts";
import type { Moment } from "../../model/frame.ts";
import type { Place, Seen } from "../seen.ts";
import type { Chapter } from "../chapter.ts";

const full = ends("epoll_ctl", 15);
const eventpoll = the("Eventpoll");

/** How many levels the tree has. */
const levels = (moment: Moment) => 1 + Math.max(...eventpollOf(moment).tree.map(({ depth }) => depth));

/** The tree as text: which item hangs where, in which colour. */
const shape = (moment: Moment) =>
  eventpollOf(moment)
    .tree.map(({ address, parent, colour }) => `${address}<${parent}${colour}`)
    .join(" ");

/** How often a tree is balanced between two places. */
function balanced(after: Place, before: Place): (seen: Seen) => number {
  return (seen) =>
    (["rb_insert_case_1", "rb_insert_case_2", "rb_insert_case_3"] as const)
      .map((event) => times(event, after, before)(seen))
      .reduce((sum, count) => sum + count, 0);
}

/** What the tree of an epoll is for, why it is balanced, and who searches it. */
export const chapter: Chapter = {
  passages: [
    {
      id: "rising",
      scenario: "tree",
      place: during("epoll_ctl", "rb_insert_case_3", { call: 3 }),
      object: eventpoll,
      title: texts("Rising keys, the worst case", "递增的键，最坏的情况"),
      text: texts(
        "This program watches fifteen files, one after the other, and each has a greater key than the one before. In a plain binary tree they would all hang to the right: a list with another name. At the third one the red-black tree says stop: red under red is not allowed, so it turns.",
        "这个程序一个接一个地监视十五个文件，每个的键都比前一个大。换成普通的二叉树，它们会一直往右挂，成了一条链表。到第三个，红黑树就喊停：红节点下面不许再有红节点，于是旋转。",
      ),
      claims: [
        claim(
          "items when it has to turn first",
          "第一次需要旋转时的项数",
          (seen) => objects(seen.at(during("epoll_ctl", "rb_insert_case_3", { call: 3 })), "Epitem").length,
          3,
        ),
      ],
    },
    {
      id: "balanced",
      scenario: "tree",
      place: full,
      object: eventpoll,
      title: texts("Fifteen items, six levels", "十五项，六层"),
      text: texts(
        "All fifteen are in. No way from the root is more than twice as long as another one, because all have the same number of black nodes, and no red one follows a red one. To find a key takes as many comparisons as there are levels, at most. With a million items it would be forty at worst, and about twenty as a rule.",
        "十五个都进来了。从根往下的任何一条路，都不会比另一条长出一倍以上，因为每条路上的黑节点一样多，而红节点不能相连。查找一个键，比较次数最多就是层数。要是有一百万项，最坏四十次，通常二十次左右。",
      ),
      claims: [
        claim("items", "项数", (seen) => eventpollOf(seen.at(full)).tree.length, 15),
        claim("levels", "层数", (seen) => levels(seen.at(full)), 6),
        claim(
          "at most allowed: 2 · log2(n + 1)",
          "允许的上限：2 · log2(n + 1)",
          (seen) => 2 * Math.log2(eventpollOf(seen.at(full)).tree.length + 1),
          8,
        ),
        claim("balancing steps for all of them", "全部插入的平衡步数", balanced(begins("epoll_ctl"), full), 17),
      ],
    },
    {
      id: "key",
      scenario: "tree",
      place: ends("epoll_ctl", 16),
      object: (moment) => itemOf(moment, 11),
      title: texts("The key: file and number", "键：file 加编号"),
      text: texts(
        "The same descriptor a second time: `EEXIST`. That is what the search is for. The key is the address of the `file` together with the descriptor number, so the same file may be watched twice by way of two numbers.",
        "同一个描述符再加一次：`EEXIST`。查找就是干这个用的。键是 `file` 的地址加上描述符编号，所以同一个 file 可以通过两个编号被监视两次。",
      ),
      claims: [
        claim("the second ADD", "第二次 ADD", result("epoll_ctl", 16), "-1 EEXIST"),
        claim(
          "the tree has changed by it",
          "树因此改变了",
          (seen) => shape(seen.at(begins("epoll_ctl", 16))) !== shape(seen.at(ends("epoll_ctl", 16))),
          false,
        ),
      ],
    },
    {
      id: "callback",
      scenario: "tree",
      place: during("write", "ep_ready"),
      object: (moment) => itemOf(moment, 15),
      title: texts("Getting ready: no search", "变为就绪：不用查找"),
      text: texts(
        "One of the fifteen gets ready. The callback comes out of that file's own wait queue, and its entry points at the item. So the item goes on the ready list with a few pointers changed; how many others are in the tree does not matter.",
        "十五个中有一个就绪了。回调来自那个文件自己的等待队列，而挂在那里的项直接指向 epitem。改几个指针，它就上了就绪链表；树里还有多少别的项，毫无关系。",
      ),
      claims: [
        claim(
          "the tree has changed by it",
          "树因此改变了",
          (seen) => shape(seen.at(begins("write"))) !== shape(seen.at(ends("write"))),
          false,
        ),
        claim("on the ready list", "就绪链表上的项数", (seen) => eventpollOf(seen.at(ends("write"))).ready.length, 1),
      ],
    },
    {
      id: "wait",
      scenario: "tree",
      place: during("epoll_wait", "ep_deliver"),
      object: (moment) => itemOf(moment, 15),
      title: texts("epoll_wait: no search either", "epoll_wait：也不查找"),
      text: texts(
        "`epoll_wait` takes what is on the ready list, asks just that file whether it is still so, and copies the event out. The tree is not walked, not searched, not changed.",
        "`epoll_wait` 只取就绪链表上的项，只问那一个文件是否仍然就绪，然后把事件拷贝出去。树没有被遍历，没有被查找，也没有改变。",
      ),
      correction: {
        said: texts(
          "The notes say that the tree makes searching among masses of connections fast, and one often hears that epoll walks it.",
          "笔记说红黑树支持对海量连接的高效查找；也常有人说 epoll 会去遍历它。",
        ),
        shown: texts(
          "Only `epoll_ctl` searches it: is this file here already, and where? Waiting and getting ready never touch it.",
          "只有 `epoll_ctl` 会查找它：这个文件已经在了吗，在哪里？等待和变为就绪都不会碰它。",
        ),
      },
      claims: [
        claim("files asked", "询问的文件数", times("ep_item_poll", begins("epoll_wait"), ends("epoll_wait")), 1),
        claim("items watched", "监视的项数", (seen) => eventpollOf(seen.at(ends("epoll_wait"))).tree.length, 15),
        claim(
          "the tree has changed by it",
          "树因此改变了",
          (seen) => shape(seen.at(begins("epoll_wait"))) !== shape(seen.at(ends("epoll_wait"))),
          false,
        ),
      ],
    },
    {
      id: "erase",
      scenario: "tree",
      place: during("epoll_ctl", "rb_erase_case_1", { call: 17 }),
      object: eventpoll,
      title: texts("Taking away: turned again", "删除：再次平衡"),
      text: texts(
        "`EPOLL_CTL_DEL` takes a black node away, and on that side one black node is missing now. The tree puts that right by turning and recolouring a few nodes, never by touching all.",
        "`EPOLL_CTL_DEL` 拿走了一个黑节点，那一侧就少了一个黑节点。树通过旋转和重新着色几个节点来修正，绝不会动到所有节点。",
      ),
      claims: [
        claim(
          "items left after four DEL",
          "四次 DEL 之后的项数",
          (seen) => eventpollOf(seen.at(ends("epoll_ctl", 20))).tree.length,
          11,
        ),
        claim("levels then", "此时的层数", (seen) => levels(seen.at(ends("epoll_ctl", 20))), 5),
      ],
    },
    {
      id: "why",
      scenario: "tree",
      place: ends("epoll_ctl", 20),
      object: eventpoll,
      title: texts("Why not a hash table?", "为什么不用哈希表？"),
      text: texts(
        "A hash table finds a key faster, mostly. But somebody has to say how large it should be; it grows by moving everything at once, while callers wait; and it holds memory that is not used. The tree asks for nothing beforehand, takes one node for each item, inside the item itself, and has no bad moment. The first epoll was a hash table, which is why `epoll_create` still has its number.",
        "哈希表多数时候查得更快。但总得有人告诉它该建多大；扩容时要一次搬走所有元素，调用者只能等着；它还会占着用不上的内存。红黑树不需要事先知道任何东西，每项只要一个节点，而且就嵌在 epitem 里，也没有突然变慢的时刻。最早的 epoll 用的正是哈希表，`epoll_create` 的那个数字就是这么留下来的。",
      ),
      claims: [
        claim(
          "items that are left, each with its node inside",
          "剩下的项数，节点都嵌在项里",
          (seen) => objects(seen.at(ends("epoll_ctl", 20)), "Epitem").length,
          11,
        ),
      ],
    },
  ],
  exercises: [
    {
      id: "searches",
      question: texts("Who searches the tree?", "谁会在树里查找？"),
      choices: [
        {
          text: texts("epoll_wait, to find the ready ones", "epoll_wait，为了找出就绪的"),
          why: texts("Those are on a list of their own already.", "就绪的早就在另一条链表上了。"),
        },
        {
          text: texts("epoll_ctl", "epoll_ctl"),
          why: texts(
            "ADD, MOD and DEL name a descriptor, and the item has to be found.",
            "ADD、MOD、DEL 给的是描述符，得找到对应的项。",
          ),
        },
        {
          text: texts("ep_poll_callback", "ep_poll_callback"),
          why: texts("Its entry in the wait queue points at the item.", "它在等待队列里的那一项直接指向 epitem。"),
        },
      ],
      right: 1,
      shownBy: "wait",
    },
    {
      id: "sorted",
      question: texts(
        "Keys arrive in rising order. What becomes of the red-black tree?",
        "键按递增顺序到来，红黑树会怎样？",
      ),
      choices: [
        {
          text: texts("A chain to the right", "变成一条向右的链"),
          why: texts(
            "A plain binary tree would. This one turns as soon as red is under red.",
            "普通二叉树会这样。红黑树一旦出现红下有红就旋转。",
          ),
        },
        { text: texts("It stays balanced", "保持平衡"), why: texts("Fifteen items, six levels.", "十五项，六层。") },
      ],
      right: 1,
      shownBy: "balanced",
    },
    {
      id: "exists",
      question: texts("The same descriptor is added twice. What happens?", "同一个描述符添加两次，会怎样？"),
      choices: [
        {
          text: texts("The second one replaces the first", "第二次覆盖第一次"),
          why: texts("For that there is EPOLL_CTL_MOD.", "那是 EPOLL_CTL_MOD 的事。"),
        },
        {
          text: texts("EEXIST", "EEXIST"),
          why: texts("The search finds the pair of file and number.", "查找时发现这对 file 与编号已经存在。"),
        },
        {
          text: texts("It is reported twice", "会报告两次"),
          why: texts(
            "That takes two numbers for the file, by dup for example.",
            "那要靠 dup 之类，让同一个 file 有两个编号。",
          ),
        },
      ],
      right: 1,
      shownBy: "key",
    },
  ],
};
