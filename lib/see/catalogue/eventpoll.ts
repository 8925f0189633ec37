import type { Message } from "./message.ts";

/** epoll: the tree of what is watched, the list of what is ready, and the way between them. */
export const eventpoll = {
  do_epoll_create: {
    en: [
      "Makes an eventpoll, and a descriptor for it.",
      "{current} makes an eventpoll: a red-black tree and a ready list, both empty, and a wait queue for sleepers.",
    ],
    "zh-CN": [
      "创建 eventpoll 以及代表它的描述符。",
      "{current}创建 eventpoll：一棵存放被监视文件的空红黑树、一个空的就绪链表，以及供 epoll_wait 睡眠者使用的等待队列。",
    ],
  },
  do_epoll_ctl: {
    en: ["Adds, changes or removes a watched file.", "{current} asks for {op} of {fd} on the eventpoll of {epfd}."],
    "zh-CN": ["添加、修改或删除被监视的文件。", "{current}请求在 {epfd} 的 eventpoll 上对 {fd} 执行 {op}。"],
  },
  ep_insert: {
    en: [
      "Begins to watch a file: makes its epitem, puts it into the tree and hangs it into the file's wait queue.",
      "{ep} begins to watch {fd}: an epitem goes into the red-black tree, an eppoll_entry into the file's wait queue.",
    ],
    "zh-CN": [
      "开始监视文件：创建 epitem，插入红黑树，并挂到文件的等待队列上。",
      "{ep}开始监视 {fd}：新的 epitem 插入红黑树，一个 eppoll_entry 挂到该文件的等待队列上。",
    ],
  },
  ep_modify: {
    en: [
      "Changes what an item waits for, and asks the file at once whether that is true already.",
      "{epi} waits for {events} from now on; its file is asked at once whether that is true already.",
    ],
    "zh-CN": [
      "修改监视的事件，并立即询问文件这些事件是否已经成立。",
      "{epi}从现在起等待 {events}；内核立即询问它的文件这些事件是否已经成立。",
    ],
  },
  ep_remove: {
    en: [
      "Stops watching a file: takes its epitem out of wait queue, tree and ready list.",
      "{ep} stops watching: {epi} leaves the file's wait queue, the tree and the ready list; nobody is woken.",
    ],
    "zh-CN": [
      "停止监视文件：把它的 epitem 从等待队列、红黑树和就绪链表中移除。",
      "{ep}停止监视：{epi}从文件的等待队列、红黑树和就绪链表中移除，不唤醒任何任务。",
    ],
  },
  ep_ptable_queue_proc: {
    en: [
      "Puts an eppoll_entry with ep_poll_callback on a wait queue of the watched file.",
      "{epi} hangs an eppoll_entry into {head}: no task sleeps there, a wake-up will call ep_poll_callback instead.",
    ],
    "zh-CN": [
      "把带有 ep_poll_callback 的 eppoll_entry 放到被监视文件的等待队列上。",
      "{epi}把一个 eppoll_entry 挂到{head}：以后唤醒该队列就会调用 ep_poll_callback，并没有任务在那里睡眠。",
    ],
  },
  ep_loop_check: {
    en: [
      "Measures how deep eventpolls watch each other, and refuses rings.",
      "An eventpoll is to watch another one: the chain from {to} is checked for a ring and for more than five levels.",
    ],
    "zh-CN": [
      "检查 eventpoll 互相监视的深度，拒绝形成环。",
      "一个 eventpoll 要监视另一个：检查从{to}开始的嵌套链，防止成环或超过五层。",
    ],
  },
  reverse_path_check: {
    en: [
      "Counts the ways from a file up to eventpolls, so that one wake-up cannot set off too many.",
      "The ways from {file} up through eventpolls are counted: too many would make a single wake-up too expensive.",
    ],
    "zh-CN": [
      "统计从文件通向各 eventpoll 的路径数，防止一次唤醒引发过多回调。",
      "统计从{file}经各 eventpoll 向上的路径数：太多会使一次唤醒的代价过高。",
    ],
  },
  ep_poll_callback: {
    en: [
      "Called by a watched file's wait queue: puts the item on the ready list and wakes a sleeper of epoll_wait.",
      ({ args }) =>
        args["key"]
          ? "The file of {epi} reports {key}: ep_poll_callback has the item at hand, no search in the tree is needed."
          : "The file of {epi} reports a change without saying which: the item is ready until it is asked again.",
    ],
    "zh-CN": [
      "由被监视文件的等待队列调用：把 epitem 放到就绪链表上，并唤醒 epoll_wait 中的睡眠者。",
      ({ args }) =>
        args["key"]
          ? "{epi}的文件报告 {key} 已成立；ep_poll_callback 检查它是否关心这些事件。这里不查找红黑树：等待项直接指向 epitem。"
          : "{epi}的文件报告状态有变，但没有说明是什么；在重新询问之前先当作就绪。",
    ],
  },
  ep_poll_safewake: {
    en: [
      "Tells those who watch the eventpoll itself.",
      "{ep} has events: whoever watches the eventpoll itself, such as an outer eventpoll, is told.",
    ],
    "zh-CN": ["通知监视 eventpoll 自身的一方。", "{ep}有事件了：通知监视它自身的一方，例如外层的 eventpoll。"],
  },
  ep_ready: {
    en: [
      "An item joins the ready list.",
      "{epi} is appended to the ready list: the same object that is in the tree, and the tree does not change.",
    ],
    "zh-CN": ["epitem 加入就绪链表。", "{epi}加到就绪链表的末尾。它与红黑树上的是同一个对象，红黑树不变。"],
  },
  ep_overflow: {
    en: [
      "An item becomes ready while the ready list is being read.",
      "{epi} becomes ready while the ready list is being read: it is put aside on ovflist until the scan is over.",
    ],
    "zh-CN": [
      "epitem 在就绪链表被读取期间变为就绪。",
      "{epi}在就绪链表被读取期间变为就绪：先放到 ovflist，等扫描结束再处理。",
    ],
  },
  do_epoll_wait: {
    en: [
      "Serves epoll_wait: checks the arguments, then delivers events or sleeps.",
      "{current} asks {epfd} for at most {maxevents} events: what is ready is delivered, else it may sleep.",
    ],
    "zh-CN": [
      "执行 epoll_wait：检查参数，然后交付事件或者睡眠。",
      "{current}向 {epfd} 索取最多 {maxevents} 个事件：有就绪的就交付，没有则可能睡眠。",
    ],
  },
  ep_poll: {
    en: [
      "Delivers events if there are any; otherwise gets the task ready to sleep.",
      "Is the ready list of {ep} empty? If not, events are delivered; if so, {current} sleeps. The tree plays no part.",
    ],
    "zh-CN": [
      "有事件就交付；没有就让任务准备睡眠。",
      "{ep}的就绪链表是空的吗？不空就交付事件；空则{current}将睡眠。这里不看红黑树。",
    ],
  },
  ep_send_events: {
    en: [
      "Asks the ready items again and copies their events to the program.",
      "{ep} hands out at most {maxevents} events: every ready item is asked again, and what is still true is told.",
    ],
    "zh-CN": [
      "重新询问就绪的 epitem，把它们的事件复制给程序。",
      "{ep}交付事件：逐个重新询问就绪链表上的 epitem，把仍然成立的事件复制给程序，最多 {maxevents} 个。",
    ],
  },
  ep_start_scan: {
    en: [
      "Takes the whole ready list as a batch.",
      "The whole ready list of {ep} becomes a batch; what becomes ready from now on is put aside on ovflist.",
    ],
    "zh-CN": ["把整个就绪链表取下作为一批。", "{ep}的整个就绪链表被取下作为一批；从现在起变为就绪的先放到 ovflist。"],
  },
  ep_done_scan: {
    en: [
      "Puts what is left of the batch, and what was put aside, back on the ready list.",
      "The scan of {ep} is over: what is left of the batch and what was put aside meanwhile go back to the ready list.",
    ],
    "zh-CN": [
      "把这批中剩下的和期间搁置的放回就绪链表。",
      "{ep}的扫描结束：这批中剩下的和期间搁置的 epitem 都回到就绪链表。",
    ],
  },
  ep_item_poll: {
    en: [
      "Asks the file of an item what is true now.",
      "The file of {epi} is asked, by its poll method, what is true right now.",
    ],
    "zh-CN": ["询问 epitem 的文件当前有哪些事件成立。", "通过 poll 方法询问{epi}的文件此刻有哪些事件成立。"],
  },
  ep_unready: {
    en: [
      "An item turns out not to be ready and leaves the ready list.",
      "Nothing that {epi} asked for is true any more: it leaves the ready list without an event.",
    ],
    "zh-CN": ["epitem 其实并未就绪，离开就绪链表。", "{epi}关心的事件都已不成立：它离开就绪链表，不产生事件。"],
  },
  ep_deliver: {
    en: ["An event is copied to the program.", "The event {events} of {fd} is copied to the buffer of {current}."],
    "zh-CN": ["一个事件被复制给程序。", "{fd} 的事件 {events} 被复制到{current}的缓冲区。"],
  },
  ep_requeue: {
    en: [
      "A level-triggered item stays on the ready list.",
      "{epi} is level-triggered: it returns to the end of the ready list, and the next epoll_wait asks it again.",
    ],
    "zh-CN": [
      "水平触发的 epitem 留在就绪链表上。",
      "{epi}是水平触发：重新排到就绪链表的末尾，下一次 epoll_wait 会再问它是否仍然就绪。",
    ],
  },
  ep_disarm: {
    en: [
      "A one-shot item is switched off.",
      "{epi} was asked for with EPOLLONESHOT and has told once: it stays in the tree, silent until EPOLL_CTL_MOD.",
    ],
    "zh-CN": [
      "一次性的 epitem 被停用。",
      "{epi}带有 EPOLLONESHOT，已经报告过一次：它留在红黑树中，直到 EPOLL_CTL_MOD 之前不再报告。",
    ],
  },
  __add_wait_queue_exclusive: {
    en: [
      "Puts the task on an eventpoll's wait queue, in front, as an exclusive waiter.",
      "{current} stands in front of {head} as an exclusive waiter: the next event wakes only it, the newest sleeper.",
    ],
    "zh-CN": [
      "把任务作为独占等待者放到 eventpoll 等待队列的队首。",
      "{current}作为独占等待者排到{head}的队首：下一个事件只唤醒最新的睡眠者。",
    ],
  },
  ep_autoremove_wake_function: {
    en: [
      "The function of a sleeper in epoll_wait: wakes its task and leaves the eventpoll's wait queue.",
      "{task}, which sleeps in epoll_wait, is woken and taken off the eventpoll's wait queue.",
    ],
    "zh-CN": [
      "epoll_wait 睡眠者的函数：唤醒任务，并离开 eventpoll 的等待队列。",
      "睡在 epoll_wait 中的{task}被唤醒，并从 eventpoll 的等待队列上移除。",
    ],
  },
  ep_eventpoll_poll: {
    en: [
      "Says whether an eventpoll itself has events: whether one of its ready items still is.",
      "Somebody asks whether {ep} has events: its ready items are asked again, until one still is ready.",
    ],
    "zh-CN": [
      "回答 eventpoll 自身是否有事件：就绪链表上是否还有真正就绪的。",
      "有人询问{ep}是否有事件：逐个重新询问就绪的 epitem，直到遇到仍然就绪的。",
    ],
  },
  ep_clear_and_put: {
    en: [
      "Takes an eventpoll apart that nobody refers to any more.",
      "{ep} is closed: all its epitems leave the wait queues of their files and are freed.",
    ],
    "zh-CN": ["拆除不再被引用的 eventpoll。", "{ep}被关闭：它的全部 epitem 离开各自文件的等待队列并被释放。"],
  },
  eventpoll_release_file: {
    en: [
      "Removes a closed file from all eventpolls that watch it.",
      "{file} is closed for good, so it leaves all eventpolls that watch it, even where it is on the ready list.",
    ],
    "zh-CN": [
      "把已关闭的文件从所有监视它的 eventpoll 中移除。",
      "{file}彻底关闭，因此从所有监视它的 eventpoll 中移除，即使它还在就绪链表上。",
    ],
  },
} as const satisfies Record<string, Message>;
