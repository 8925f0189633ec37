import { begins, during, ends, happens, just } from "../seen.ts";
import { claim, counted, object, objects, texts, the } from "../claims.ts";
import type { Moment } from "../../model/frame.ts";
import type { Chapter } from "../chapter.ts";

/** How many pages of a file are cached; with a list, only those on it. */
function cached(moment: Moment, name: string, list?: "active" | "inactive"): number {
  const { address } = object(moment, "Inode", (inode) => inode.name === name);
  return objects(moment, "Folio")
    .filter(({ inode, lru }) => inode === address && (list === undefined || lru === list))
    .reduce((sum, { count }) => sum + count, 0);
}

const log = the("Inode", ({ name }) => name === "/log");
const dirty = (seen: { at: (place: ReturnType<typeof ends>) => Moment }, place: ReturnType<typeof ends>) =>
  objects(seen.at(place), "Folio").filter(({ flags }) => flags.includes("DIRTY")).length;

/** Memory between programs and disks: what is kept in it, what is fetched ahead, and who has to go. */
export const chapter: Chapter = {
  passages: [
    {
      id: "miss",
      scenario: "page-cache",
      place: during("read", "filemap_miss"),
      object: log,
      title: texts("Not there: a miss", "不在缓存里：未命中"),
      text: texts(
        "Files are read by way of the page cache: pages of 4 KiB in the kernel's memory, each with its place in a file. The program wants the first two pages of `/log`, and there is nothing yet. The disk has to be asked, and the program sleeps until it has answered.",
        "读文件要经过页缓存：内核内存里一个个 4 KiB 的页，每页都对应文件中的一个位置。程序想读 `/log` 的前两页，可缓存里什么都没有。只能去问磁盘，在磁盘回答之前程序睡眠。",
      ),
      claims: [
        claim(
          "misses of the first read()",
          "第一次 read() 的未命中次数",
          counted("cacheMisses", begins("read"), ends("read")),
          1,
        ),
        claim("bytes that the program asked for", "程序要的字节数", (seen) => Number(seen.call("read").result), 8192),
      ],
    },
    {
      id: "ahead",
      scenario: "page-cache",
      place: during("read", "page_cache_ra_unbounded"),
      object: log,
      title: texts("Read-ahead: the kernel bets", "预读：内核在下注"),
      text: texts(
        "The program asked for two pages, and the kernel has the disk bring four. It bets that the reader will go on. If the bet is won, the next window is larger, and it is fetched before the reader is there: then the disk works while the program computes.",
        "程序要两页，内核却让磁盘读四页：它赌读者会继续往下读。赌对了，下一个预读窗口就更大，而且在读者到达之前就开始读。这样磁盘在工作，程序也在工作。",
      ),
      claims: [
        claim(
          "pages fetched for the first read()",
          "第一次 read() 读入的页数",
          (seen) => seen.record(during("read", "page_cache_ra_unbounded")).args[2],
          4,
        ),
        claim(
          "pages of the next window",
          "下一个窗口的页数",
          (seen) => seen.record(happens("page_cache_ra_unbounded", { nth: 2 })).args[2],
          8,
        ),
        claim(
          "and of the one after it",
          "再下一个窗口的页数",
          (seen) => seen.record(happens("page_cache_ra_unbounded", { nth: 3 })).args[2],
          16,
        ),
        claim(
          "misses of all twelve reads together",
          "十二次读取的未命中总数",
          (seen) => seen.at(begins("pwrite64")).counters.cacheMisses,
          1,
        ),
      ],
    },
    {
      id: "hit",
      scenario: "page-cache",
      place: happens("filemap_hit", { after: begins("pread64") }),
      object: log,
      title: texts("There: a hit", "在缓存里：命中"),
      text: texts(
        "This read finds its page in the cache. No disk, no sleep: a CPU copies the page to the program, and that is all. The disk of this machine needs many microseconds; the copy of a page takes a fraction of one.",
        "这次读取在缓存里找到了它的页。不用磁盘，也不用睡眠：CPU 把这一页拷给程序，就结束了。这台机器的磁盘要花上几十微秒，而拷贝一页连一微秒都不到。",
      ),
      claims: [
        claim(
          "DMA transfers of this pread()",
          "这次 pread() 的 DMA 传输次数",
          counted("dmaTransfers", begins("pread64"), ends("pread64")),
          0,
        ),
        claim("hits", "命中次数", counted("cacheHits", begins("pread64"), ends("pread64")), 1),
        claim(
          "the first read() took at least ten times as long",
          "第一次 read() 的耗时是它的十倍以上",
          (seen) => {
            const { run } = seen.session;
            const spent = (name: string) => run.timeAt(ends(name)(seen)) - run.timeAt(begins(name)(seen));
            return spent("read") >= 10 * spent("pread64");
          },
          true,
        ),
      ],
    },
    {
      id: "dirty",
      scenario: "page-cache",
      place: ends("pwrite64", 2),
      object: log,
      title: texts("Written, but not on the disk", "写了，但还没到磁盘"),
      text: texts(
        "`pwrite` has returned twice, and the disk knows nothing of it. The bytes were copied into cached pages, which are dirty now: they hold what the disk does not have. The kernel writes them back later, in one go, or when someone insists by `fsync`. Lose power before that, and they are gone.",
        "`pwrite` 已经返回了两次，磁盘却还一无所知。数据只是拷进了缓存的页，这些页现在是脏页：它们的内容磁盘上还没有。内核以后会成批写回；等不及的话就调用 `fsync`。在那之前断电，这些数据就没了。",
      ),
      claims: [
        claim("dirty pages", "脏页数", (seen) => dirty(seen, ends("pwrite64", 2)), 3),
        claim("dirty pages after fsync()", "fsync() 之后的脏页数", (seen) => dirty(seen, ends("fsync")), 0),
        claim(
          "writes that the disk was given before fsync()",
          "fsync() 之前交给磁盘的写请求数",
          (seen) => seen.records("submit_bio", { before: begins("fsync"), where: ({ args }) => args[2] === 1 }).length,
          0,
        ),
      ],
    },
    {
      id: "lists",
      scenario: "evicted",
      place: ends("close", 3),
      object: the("Inode", ({ name }) => name === "/hot"),
      title: texts("Two lists: used once, used again", "两条链表：用过一次的，和又用过的"),
      text: texts(
        "Memory is finite, so some page will have to go one day. The kernel keeps two lists. A page that was read once is on the inactive list; one that was used again moves to the active one. `/hot` was read twice, `/once` once.",
        "内存总有用完的时候，到那时就得有页让位。内核维护两条链表：只读过一次的页在不活跃（inactive）链表上，再次被用到的页会移到活跃（active）链表上。`/hot` 读过两遍，`/once` 只读过一遍。",
      ),
      claims: [
        claim(
          "pages of /hot on the active list",
          "/hot 在活跃链表上的页数",
          (seen) => cached(seen.at(ends("close", 3)), "/hot", "active"),
          16,
        ),
        claim(
          "pages of /once on the inactive list",
          "/once 在不活跃链表上的页数",
          (seen) => cached(seen.at(ends("close", 3)), "/once", "inactive"),
          16,
        ),
      ],
    },
    {
      id: "pushed-out",
      scenario: "evicted",
      place: ends("close", 5),
      object: the("Inode", ({ name }) => name === "/hot"),
      title: texts("A large file comes through", "大文件来了"),
      text: texts(
        "`/film` is larger than the memory that is left, and was read once from front to back. Pages were taken from the end of the inactive list: all of `/once` went, and the early pages of the film itself. `/hot` was on the other list, and is still here.",
        "`/film` 比剩下的内存还大，从头到尾读了一遍。内核从不活跃链表的尾部回收页：`/once` 全部被挤出去了，影片自己开头的页也被回收。`/hot` 在另一条链表上，仍然还在。",
      ),
      correction: {
        said: texts(
          "The notes say that a large file pushes the hot data out of the page cache.",
          "笔记里说用 PageCache 传输大文件会把热点数据挤出去。",
        ),
        shown: texts(
          "It pushes out what was used once. Pages that were used again are protected by the active list; but only as long as the stream is read once, and on a real machine not all of them survive. What is warm but not hot yet is lost.",
          "被挤出去的是只用过一次的页。再次用过的页有活跃链表保护，不过前提是大文件只读一遍；在真实机器上也不是全都能留下。那些“温而不热”的数据就丢了。",
        ),
      },
      claims: [
        claim("pages of /once left", "/once 剩下的页数", (seen) => cached(seen.at(ends("close", 5)), "/once"), 0),
        claim("pages of /hot left", "/hot 剩下的页数", (seen) => cached(seen.at(ends("close", 5)), "/hot"), 16),
        claim(
          "the film was cached as a whole",
          "影片全部留在缓存里",
          (seen) => cached(seen.at(just(ends("close", 5))), "/film") === 448,
          false,
        ),
      ],
    },
  ],
  exercises: [
    {
      id: "two",
      question: texts(
        "The program asks for two pages of a file that is not cached. What does the disk bring?",
        "程序要读一个未缓存文件的两页。磁盘会读几页？",
      ),
      choices: [
        {
          text: texts("Two", "两页"),
          why: texts(
            "The kernel bets that the reader goes on, and asks for more at once.",
            "内核赌读者会继续往下读，一次就多要了一些。",
          ),
        },
        {
          text: texts("Four", "四页"),
          why: texts(
            "The first window of read-ahead; the next ones are of eight and sixteen pages.",
            "这是第一个预读窗口；后面两个分别是八页和十六页。",
          ),
        },
        {
          text: texts("The whole file", "整个文件"),
          why: texts(
            "Windows grow, but step by step: a reader may stop at any time.",
            "窗口会变大，但是一步一步来：读者随时可能不读了。",
          ),
        },
      ],
      right: 1,
      shownBy: "ahead",
    },
    {
      id: "written",
      question: texts("`write` has returned. Where are the bytes?", "`write` 已经返回，数据在哪里？"),
      choices: [
        {
          text: texts("On the disk", "在磁盘上"),
          why: texts(
            "The disk was given nothing yet: that is what fsync is for.",
            "磁盘还什么都没收到：那正是 fsync 的用处。",
          ),
        },
        {
          text: texts("In the page cache, dirty", "在页缓存里，是脏页"),
          why: texts(
            "And whoever reads the file now gets them from there.",
            "现在谁来读这个文件，都会从这里读到它们。",
          ),
        },
        {
          text: texts("Still in the program's buffer", "还在程序的缓冲区里"),
          why: texts(
            "They were copied; the program may use its buffer for something else.",
            "已经拷走了，程序可以把缓冲区拿去做别的事。",
          ),
        },
      ],
      right: 1,
      shownBy: "dirty",
    },
    {
      id: "stream",
      question: texts(
        "A large file is read once through the page cache. Which pages go first?",
        "一个大文件经页缓存读了一遍，哪些页先被回收？",
      ),
      choices: [
        {
          text: texts("Those that were used once", "只用过一次的页"),
          why: texts(
            "They are on the inactive list, from which the kernel takes first.",
            "它们在不活跃链表上，内核先从那里回收。",
          ),
        },
        {
          text: texts("The oldest, however often they were used", "最早读入的页，不管用过几次"),
          why: texts(
            "Then `/hot` would have gone first: it was read before all others.",
            "那样的话最先走的应该是 `/hot`：它读入得最早。",
          ),
        },
        {
          text: texts("Those that were used most", "用得最多的页"),
          why: texts("Those are on the active list, and stay longest.", "那些在活跃链表上，留得最久。"),
        },
      ],
      right: 0,
      shownBy: "pushed-out",
    },
  ],
};
