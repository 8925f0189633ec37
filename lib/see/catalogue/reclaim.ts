import type { Message } from "./message.ts";

/** Which pages are used, looking for memory, writing back. */
export const reclaim = {
  folio_add_lru: {
    en: [
      "A page comes onto the list of inactive or of active pages.",
      ({ args }) =>
        args["lru"] === 0
          ? "{folio} goes to the front of the inactive list: it will be taken away unless it is used once more."
          : "{folio} goes to the active list at once, because it was missed.",
    ],
    "zh-CN": [
      "页进入不活跃或活跃链表。",
      ({ args }) =>
        args["lru"] === 0
          ? "{folio}放到不活跃链表的最前面：如果不再被使用，就会被回收。"
          : "{folio}曾被回收却又很快被需要，因此直接进入活跃链表。",
    ],
  },
  folio_activate: {
    en: ["A page becomes active.", "{folio} has been used a second time: it moves to the active list."],
    "zh-CN": ["页变为活跃。", "{folio}第二次被使用：移到活跃链表。"],
  },
  workingset_refault: {
    en: [
      "A page comes back that was taken away.",
      ({ args }) =>
        args["active"] === 0
          ? "{folio} comes back: it would have had to outlive {distance} others, more than are active."
          : "{folio} comes back after {distance} others only: it should have stayed, and becomes active at once.",
    ],
    "zh-CN": [
      "被回收的页又回来了。",
      ({ args }) =>
        args["active"] === 0
          ? "{folio}又回来了：它本来要比另外 {distance} 个页更久地留下，超过了活跃页的数目。"
          : "{folio}只隔了 {distance} 个页就又回来了：它本该留下，于是直接变为活跃。",
    ],
  },
  try_to_free_pages: {
    en: [
      "Whoever wants memory has to look for some.",
      "Only {free} frames are free: {current} has to take pages away itself before it gets one.",
    ],
    "zh-CN": ["需要内存者必须自己去回收。", "只剩 {free} 个空闲页框：{current}必须自己先回收一些页，才能得到页框。"],
  },
  wakeup_kswapd: {
    en: [
      "The thread that looks for memory is woken.",
      "Only {free} frames are free: kswapd is woken to look for some.",
    ],
    "zh-CN": ["唤醒回收内存的线程。", "只剩 {free} 个空闲页框：唤醒 kswapd 去回收。"],
  },
  kswapd: {
    en: [
      "A kernel thread looks for memory before there is none left.",
      "kswapd: {free} frames are free, {high} there should be.",
    ],
    "zh-CN": ["内核线程在内存耗尽之前回收内存。", "kswapd：现有 {free} 个空闲页框，应当有 {high} 个。"],
  },
  shrink_inactive_list: {
    en: [
      "Pages at the end of the inactive list are taken away if they can be.",
      "Looks at {pages} pages from the end of the inactive list of {inactive}: clean ones that nobody uses are taken away.",
    ],
    "zh-CN": [
      "不活跃链表末尾的页，能回收的就回收。",
      "不活跃链表共有 {inactive} 个页，查看末尾的 {pages} 个：干净且无人使用的被回收。",
    ],
  },
  shrink_active_list: {
    en: [
      "Pages at the end of the active list become inactive.",
      "{pages} pages from the end of the active list of {active} become inactive: they have to show that they are used.",
    ],
    "zh-CN": [
      "活跃链表末尾的页变为不活跃。",
      "活跃链表共有 {active} 个页，末尾的 {pages} 个变为不活跃：要再次被使用才能留下。",
    ],
  },
  folio_mark_dirty: {
    en: ["A page is now dirty.", "{folio}, page {index} of its file, holds what the disk does not: it is dirty."],
    "zh-CN": ["页变脏。", "{folio}是文件的第 {index} 页，其内容与磁盘不同：成为脏页。"],
  },
  folio_start_writeback: {
    en: ["A page is on its way to the disk.", "{folio}, page {index} of its file, is being written to the disk."],
    "zh-CN": ["页正在写往磁盘。", "{folio}是文件的第 {index} 页，开始写往磁盘。"],
  },
  do_writepages: {
    en: [
      "Dirty pages of a file are given to the disk.",
      "The dirty pages from {from} to {to} of {mapping} are given to the disk.",
    ],
    "zh-CN": ["把文件的脏页交给磁盘。", "{mapping}从第 {from} 页到第 {to} 页的脏页交给磁盘。"],
  },
  balance_dirty_pages: {
    en: [
      "Much is dirty: whoever writes may have to pause.",
      "{dirty} pages are dirty or being written; from {freerun} on {current} has to pause, from {thresh} on to wait.",
    ],
    "zh-CN": [
      "脏页很多：写者可能要暂停。",
      "有 {dirty} 个页是脏的或正在写出；超过 {freerun} 个{current}就要暂停，达到 {thresh} 个就必须等待。",
    ],
  },
  __mark_inode_dirty: {
    en: [
      "A file has its first dirty page.",
      "{inode} has its first dirty page: it joins the files to be written back.",
    ],
    "zh-CN": ["文件有了第一个脏页。", "{inode}有了第一个脏页：加入待写回的文件。"],
  },
  wb_workfn: {
    en: [
      "The flusher looks for something to write back.",
      ({ args }) =>
        args["inode"] === 0
          ? "The flusher finds nothing to write for now: {dirty} pages of {inodes} files are dirty."
          : "The flusher writes {inode} back; {dirty} pages of {inodes} files are dirty.",
    ],
    "zh-CN": [
      "写回线程寻找要写回的文件。",
      ({ args }) =>
        args["inode"] === 0
          ? "写回线程暂时无事可做：{inodes} 个文件共有 {dirty} 个脏页。"
          : "写回线程写回{inode}；{inodes} 个文件共有 {dirty} 个脏页。",
    ],
  },
  file_write_and_wait_range: {
    en: [
      "What was written to a file goes to the disk.",
      "What was written to {file} goes to the disk, and {current} waits until it is there.",
    ],
    "zh-CN": ["把写入文件的内容送到磁盘。", "写入{file}的内容被送到磁盘，{current}一直等到写完。"],
  },
  ksys_sync: {
    en: [
      "What was written to any file goes to the disk.",
      "The dirty pages of {inodes} files go to the disk, and {current} waits until they are there.",
    ],
    "zh-CN": ["把写入所有文件的内容送到磁盘。", "{inodes} 个文件的脏页被送到磁盘，{current}一直等到写完。"],
  },
} as const satisfies Record<string, Message>;
