import type { Message } from "./message.ts";

/** The page cache: files in memory, reading ahead, waiting for pages. */
export const pageCache = {
  filemap_add_folio: {
    en: [
      "A page of a file comes into the page cache, without its bytes yet.",
      "{folio} comes into the page cache for page {index} of {mapping}: locked until its bytes are there.",
    ],
    "zh-CN": [
      "文件的一页进入页缓存，内容尚未到位。",
      "{folio}进入页缓存，对应{mapping}的第 {index} 页：内容到位之前保持锁定。",
    ],
  },
  filemap_remove_folio: {
    en: [
      "A page leaves the page cache.",
      "{folio} leaves the page cache: page {index} of {mapping} is on the disk only.",
    ],
    "zh-CN": ["一页离开页缓存。", "{folio}离开页缓存：{mapping}的第 {index} 页此后只在磁盘上。"],
  },
  filemap_read: {
    en: [
      "Reads a file through the page cache.",
      "{current} reads at most {bytes} from {file}, at position {position}.",
    ],
    "zh-CN": ["通过页缓存读取文件。", "{current}从{file}的位置 {position} 读取最多 {bytes}。"],
  },
  filemap_hit: {
    en: ["A page is found in the page cache.", "Page {index} of {mapping} is in the page cache: {folio}."],
    "zh-CN": ["在页缓存中找到一页。", "{mapping}的第 {index} 页在页缓存中：{folio}。"],
  },
  filemap_miss: {
    en: [
      "A page is not in the page cache.",
      "Page {index} of {mapping} is not in the page cache: the disk has to be asked.",
    ],
    "zh-CN": ["页缓存中没有这一页。", "{mapping}的第 {index} 页不在页缓存中：只能去读磁盘。"],
  },
  filemap_read_folio: {
    en: [
      "A reader asks the disk for one page itself.",
      "{current} asks the disk for page {index} of {mapping}: {folio} is there, but does not hold its bytes.",
    ],
    "zh-CN": [
      "读取者亲自向磁盘请求一页。",
      "{current}向磁盘请求{mapping}的第 {index} 页：{folio}已在缓存中，但没有内容。",
    ],
  },
  page_cache_sync_ra: {
    en: [
      "A reader found nothing: a window of pages is read for it.",
      "Page {index} of {mapping} is missing and {wanted} are wanted: a window of pages is read, and its reader waits.",
    ],
    "zh-CN": [
      "读取者没有找到页：为它预读一个窗口。",
      "{mapping}缺少第 {index} 页，共需 {wanted} 页：读取一个窗口的页，读取者要等待。",
    ],
  },
  page_cache_async_ra: {
    en: [
      "A reader came to the marked page: the next window is read before it is needed.",
      "The reader of {mapping} has come to page {index}, which is marked: the next window is read, and nobody waits for it.",
    ],
    "zh-CN": [
      "读取者到达带标记的页：提前读取下一个窗口。",
      "{mapping}的读取者到达带标记的第 {index} 页：开始读取下一个窗口，没有人为此等待。",
    ],
  },
  page_cache_ra_unbounded: {
    en: [
      "Puts pages into the page cache and asks the disk for them.",
      "{pages} pages of {mapping} from {index} on are asked of the disk, as far as they are not in the page cache.",
    ],
    "zh-CN": [
      "把一批页放进页缓存，并向磁盘请求。",
      "{mapping}从第 {index} 页起的 {pages} 页，凡不在页缓存中的，都向磁盘请求。",
    ],
  },
  folio_end_read: {
    en: [
      "The reading of a page is over: it is unlocked.",
      "The reading of {folio} is over (holds its bytes: {uptodate}): it is unlocked, and whoever waits for it is woken.",
    ],
    "zh-CN": ["一页读取结束：解除锁定。", "{folio}读取结束（内容到位：{uptodate}）：解除锁定，唤醒等待它的任务。"],
  },
  folio_end_writeback: {
    en: [
      "A page is on the disk, as it was when its writing began.",
      "{folio}, page {index}, is on the disk as it was when its writing began; whoever waits for that is woken.",
    ],
    "zh-CN": [
      "一页已写到磁盘，内容是开始写回时的样子。",
      "{folio}（第 {index} 页）已写到磁盘，内容是开始写回时的样子；唤醒等待者。",
    ],
  },
  folio_wait_bit: {
    en: [
      "Waits for a page: until it is read, or written.",
      "{current} sleeps until somebody is done with {folio}; no signal wakes it.",
    ],
    "zh-CN": ["等待一页读完或写完。", "{current}睡眠，等待{folio}处理完毕；信号不会唤醒它。"],
  },
  folio_wake_bit: {
    en: ["Wakes those who wait for a page.", "Everybody who waits for {folio} is woken, and looks again."],
    "zh-CN": ["唤醒等待某页的任务。", "等待{folio}的任务全部被唤醒，重新检查。"],
  },
  wait_on_owner: {
    en: [
      "Waits until another task is done with what both want.",
      "{current} sleeps: another task changes the same file, or reads at the same position.",
    ],
    "zh-CN": [
      "等待另一个任务用完双方都要的对象。",
      "{current}睡眠：另一个任务正在修改同一文件，或正在使用同一读写位置。",
    ],
  },
  generic_perform_write: {
    en: [
      "Writes a file into the page cache.",
      "{current} writes at most {bytes} to {file} at position {position}: into the page cache, the disk comes later.",
    ],
    "zh-CN": ["把文件写进页缓存。", "{current}向{file}的位置 {position} 写入最多 {bytes}：先进页缓存，以后再写磁盘。"],
  },
  truncate_pagecache: {
    en: [
      "Takes what lies behind a file's new end out of the page cache.",
      "{mapping} now ends at {size}: what the page cache holds behind it goes away.",
    ],
    "zh-CN": ["把文件新末尾之后的页移出页缓存。", "{mapping}现在止于 {size}：页缓存中此后的页全部移出。"],
  },
  invalidate_mapping_pages: {
    en: [
      "Takes pages that nobody uses or has changed out of the page cache.",
      "Pages {from} to {to} of {mapping} leave the page cache, as far as nobody uses or has changed them.",
    ],
    "zh-CN": [
      "把无人使用且未修改的页移出页缓存。",
      "{mapping}的第 {from} 至 {to} 页中，无人使用且未修改的页被移出页缓存。",
    ],
  },
  generic_fadvise: {
    en: ["Hears how a program will use a file.", "{current} says how it will use {inode}: {advice}."],
    "zh-CN": ["得知程序将如何使用文件。", "{current}说明将如何使用{inode}：{advice}。"],
  },
} satisfies Record<string, Message>;
