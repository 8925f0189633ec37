import type { Message } from "./message.ts";

/** Pages that go from file to file through pipes. */
export const splice = {
  pipe_buf_share: {
    en: [
      "Makes a slot of a pipe refer to a page that others use as well.",
      "{slot} of {pipe} refers to a page that others use as well, {bytes} of it: nothing is copied.",
    ],
    "zh-CN": [
      "让管道的一个槽位引用一个他人也在使用的页。",
      "{pipe}的{slot}引用一个他人也在使用的页，其中 {bytes}：没有复制任何数据。",
    ],
  },
  splice_pipe_to_pipe: {
    en: ["Moves slots from one pipe to another.", "At most {bytes} move from {ipipe} to {opipe}, slot by slot."],
    "zh-CN": ["把槽位从一个管道移到另一个管道。", "最多 {bytes} 从{ipipe}逐个槽位移到{opipe}。"],
  },
  link_pipe: {
    en: [
      "Puts what is in one pipe into another as well.",
      "What is in {ipipe}, at most {bytes}, is put into {opipe} as well: both refer to the same pages.",
    ],
    "zh-CN": [
      "把一个管道中的内容同时放入另一个管道。",
      "{ipipe}中的内容（最多 {bytes}）同时放入{opipe}：两者引用相同的页。",
    ],
  },
  do_splice_read: {
    en: ["Fills a pipe from a file.", "{pipe} is filled from {file}, with at most {bytes}."],
    "zh-CN": ["用文件内容填充管道。", "用{file}的内容填充{pipe}，最多 {bytes}。"],
  },
  filemap_splice_read: {
    en: [
      "Makes slots of a pipe refer to pages of a file in the page cache.",
      "{pipe} gets references to pages of {file} in the page cache, {bytes} at most.",
    ],
    "zh-CN": ["让管道的槽位引用页缓存中的文件页。", "{pipe}得到对页缓存中{file}各页的引用，最多 {bytes}。"],
  },
  copy_splice_read: {
    en: [
      "Reads a file into fresh pages, which a pipe gets.",
      "{file} is read into fresh pages, at most {bytes}; {pipe} gets these pages.",
    ],
    "zh-CN": ["把文件读入新页，再交给管道。", "把{file}读入新页（最多 {bytes}）；这些页交给{pipe}。"],
  },
  iter_file_splice_write: {
    en: [
      "Writes what is in a pipe to a file.",
      "What is in {pipe} is written to {file}, at most {bytes}, straight from the pages of its slots.",
    ],
    "zh-CN": ["把管道中的内容写入文件。", "把{pipe}中的内容直接从各槽位的页写入{file}，最多 {bytes}。"],
  },
  splice_write_null: {
    en: ["Takes what is in a pipe out and drops it.", "What is in {pipe} is dropped, at most {bytes}."],
    "zh-CN": ["取出管道中的内容并丢弃。", "丢弃{pipe}中的内容，最多 {bytes}。"],
  },
  vmsplice_to_pipe: {
    en: [
      "Makes slots of a pipe refer to pages of a program.",
      "{pipe} gets references to pages of {current}, {bytes} at most: what is stored there later, its reader sees.",
    ],
    "zh-CN": [
      "让管道的槽位引用程序的页。",
      "{pipe}得到对{current}各页的引用，最多 {bytes}：之后写入这些页的内容，读者也会看到。",
    ],
  },
  vmsplice_to_user: {
    en: ["Copies what is in a pipe to a program.", "At most {bytes} of {pipe} are copied to the memory of {current}."],
    "zh-CN": ["把管道中的内容复制给程序。", "把{pipe}中的内容复制到{current}的内存，最多 {bytes}。"],
  },
  splice_direct_to_actor: {
    en: [
      "Moves pages from one file to another through the private pipe of the task.",
      "Pages go from {in} to {out} through the private pipe of {current}, which is filled and emptied by turns.",
    ],
    "zh-CN": [
      "经由任务的私有管道把页从一个文件送到另一个文件。",
      "页从{in}经由{current}的私有管道送到{out}，管道轮流被填满和清空。",
    ],
  },
  vfs_copy_file_range: {
    en: [
      "Copies a part of one file to a place in another.",
      "{bytes} of {in} are to be copied to {out} without passing through the program.",
    ],
    "zh-CN": ["把一个文件的一部分复制到另一个文件。", "把{in}的 {bytes} 复制到{out}，不经过程序。"],
  },
} as const satisfies Record<string, Message>;

/** Pages that go from pipes to sockets and back. */
export const socket_splice = {
  splice_to_socket: {
    en: [
      "Sends what is in a pipe through a socket.",
      "What is in {pipe} is sent through {file}, at most {bytes}; the protocol may refer to the pages.",
    ],
    "zh-CN": ["通过套接字发送管道中的内容。", "通过{file}发送{pipe}中的内容，最多 {bytes}；协议可以直接引用这些页。"],
  },
  tcp_splice_read: {
    en: [
      "Moves what has arrived on a connection into a pipe.",
      "{pipe} gets what has arrived at {sk}, {bytes} at most.",
    ],
    "zh-CN": ["把连接上到达的数据移入管道。", "{pipe}得到{sk}已到达的数据，最多 {bytes}。"],
  },
  unix_stream_splice_read: {
    en: [
      "Moves what has arrived at a UNIX stream socket into a pipe.",
      "{pipe} gets what has arrived at {sk}, {bytes} at most.",
    ],
    "zh-CN": ["把 UNIX 流套接字上到达的数据移入管道。", "{pipe}得到{sk}已到达的数据，最多 {bytes}。"],
  },
  skb_splice_bits: {
    en: [
      "Makes slots of a pipe refer to the frames of a packet.",
      "{pipe} gets {bytes} of {skb}: frames are referred to, what lies in its own buffer is copied.",
    ],
    "zh-CN": [
      "让管道的槽位引用数据包的页帧。",
      "{pipe}得到{skb}中的 {bytes}：页帧只被引用，位于其自身缓冲区中的部分则被复制。",
    ],
  },
} as const satisfies Record<string, Message>;
