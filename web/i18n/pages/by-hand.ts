import type { Texts } from "../catalogue.ts";

const en = {
  title: "A red-black tree by hand",
  lead: "The tree in which the kernel's epoll keeps its items, compiled from the same source. Put keys in, take them out, and see each rule before it is applied: the drawing is read from the tree's memory.",
  title_short: "Red-black tree",
  title_avl: "An AVL tree by hand",
  title_avl_short: "AVL tree",
  lead_avl:
    "The AVL tree of the race, compiled from the same source: the two sides of a node differ in height by one at most. Put keys in, take them out, and see each change before it is made: the drawing is read from the tree's memory.",
  title_list: "A linked list by hand",
  title_list_short: "Linked list",
  lead_list:
    "The kernel's doubly linked list, on which ready items, sleepers and pages of the cache stand in line. Put keys in at either end, move them, take them out, and see which pointers change: the drawing is read from the list's memory.",
  title_ring: "A ring by hand",
  title_ring_short: "Ring",
  lead_ring:
    "A ring of eight bytes, as the kernel's kfifo. One side writes, the other reads, and each has a count that only goes up. What is written here are the numbers 1, 2, 3 and so on; the drawing is read from the ring's memory.",
  structures: "Structures",
  back_to_race: "The race",

  push: "Push",
  unshift: "To the front",
  move: "Move to the front",
  bytes: "Bytes",
  bytes_hint: "how many, e.g. 3",
  write: "Write",
  read: "Read",
  random_bytes: "Write some",

  keys: "Keys",
  keys_hint: "whole numbers, e.g. 7 or 5, 3, 8",
  insert: "Insert",
  delete: "Delete",
  random: "Random key",
  undo: "Undo",
  redo: "Redo",
  clear: "Clear",
  previous: "Step back",
  next: "Step on",
  first: "To the beginning",
  last: "To the end",
  step_of: "Picture {number} of {all}",
  at_once: "Each rule by itself",
  at_once_hint: "Off: an insertion shows how the tree is then, at once.",
  keyboard: "← and → step, Home and End go to the ends, Ctrl+Z and Ctrl+Y undo and redo.",
  done: "What was done",
  done_nothing: "Nothing yet.",
  examples: "Try",
  example_rising: "rising keys",
  example_all: "all seven rules",
  example_four: "all four rotations",
  example_fibonacci: "a removal that rotates twice on its way up",
  example_lru: "a cache of pages: what was used moves to the front",
  example_wrap: "past the end, full, and empty again",
  did_insert: "+{key}",
  did_delete: "−{key}",
  did_unshift: "⇤{key}",
  did_move: "↤{key}",

  refused_empty: "Which key? Type one or several whole numbers.",
  refused_number: "“{piece}” is no whole number.",
  refused_range: "“{piece}” is too far from 0: keys go from −{greatest} to {greatest}.",
  refused_many: "Those are {piece} keys; more than {most} do not fit on the page.",
  refused_full: "So many keys do not fit on the page: take some out first.",
  refused_long: "That would be more than {most} operations: clear to begin anew.",

  take: "Take it away",
  take_svg: "SVG",
  take_png: "PNG",
  take_json: "JSON",
  take_link: "Copy the link",
  link_copied: "The link is copied: it holds all that was done.",
  link_failed: "The browser does not let the page copy. The address above is the link.",
  failed: "The structure could not be loaded",

  as_table: "The same as a table",
  key: "Key",
  colour: "Colour",
  red: "red",
  black: "black",
  difference: "Difference",
  parent: "Parent",
  left: "Left child",
  right: "Right child",
  none: "–",
  drawing: "Red-black tree with {keys} keys",
  drawing_avl: "AVL tree with {keys} keys",
  drawing_list: "Linked list with {keys} keys",
  drawing_ring: "Ring of {capacity} bytes, {filled} of them filled",
  address: "Address",
  place: "Place",
  byte: "Byte",
  filled: "Filled",
  yes: "yes",
  no: "no",
  legend_list:
    "Solid arrows are next, dashed ones prev; they go round by the head. Below each key is the address of its node.",
  legend_ring: "Filled places are squares, free ones circles; the small numbers are places.",
  next_is: "What comes next",
  now: "Now",
  legend: "Squares are red, circles black.",
  legend_avl:
    "Below each key stands the height of its right side less that of its left one, as the memory says it: −1, 0 or +1.",
  part_node: "node",
  part_parent: "parent",
  part_uncle: "uncle",
  part_grandparent: "grandparent",
  part_sibling: "sibling",
  part_inner: "inner child",
  part_outer: "outer child",
  part_successor: "successor",
  part_child: "child",

  rest_empty: "The tree is empty. Insert a key.",
  rest_one: "One key, which is the root, and black.",
  rest: "All rules hold: {keys} keys on {levels} levels; no red node has a red child, and every path down meets {black} black.",

  rest_avl_one: "One key, which is the root; its difference is 0.",
  rest_avl: "Balanced: {keys} keys on {levels} levels; the two sides of each node differ in height by one at most.",

  list_head: "head",
  list_there: "{key} is in the list already, and here each key is in it once: nothing changes.",
  list_missing: "{key} is not in the list: nothing changes.",
  list_first:
    "The list is empty, so its head points to itself. {key} comes in: each points to the other in both directions.",
  list_push: "{key} comes in at the end: {last} points to it by next, and the head by prev. Nothing else is touched.",
  list_unshift:
    "{key} comes in at the beginning: the head points to it by next, and {first} by prev. Nothing else is touched.",
  list_remove:
    "{key} is taken out without a search: next of {before} comes to point to {after}, and prev of {after} to {before}.",
  list_move:
    "{key} is unhooked, so that {before} and {after} point to each other, and hung in behind the head. Its node stays where it lies in memory.",
  list_move_there: "{key} is the first already: it is unhooked, and hung in at the same place.",
  rest_list_empty: "The list is empty: its head points to itself in both directions.",
  rest_list: "{keys} keys in the list. From each node one gets to its neighbours; none of them knows its place.",

  ring_nothing: "No bytes: nothing changes.",
  ring_write: "Bytes are written from place {place} on: {count} of them. Then in goes from {from} to {to}.",
  ring_write_part: "There is no room for {left} more: they are not taken.",
  ring_write_full: "The ring is full: nothing is taken.",
  ring_read:
    "Bytes are read from place {place} on: {count} of them. Then out goes from {from} to {to}; the bytes stay where they are until they are written over.",
  ring_read_part: "There are not {left} more.",
  ring_read_empty: "The ring is empty: there is nothing to read.",
  ring_wraps: "They go past the end: {first} up to there, and {rest} from place 0 on.",
  rest_ring_new: "The ring is empty, and both counts are 0. Write some bytes.",
  rest_ring:
    "Filled: in − out = {in} − {out} = {filled} of {capacity}. A place is its count & {mask}, so that neither count ever has to go back.",

  insert_there: "{key} is there already: nothing changes.",
  insert_root: "The tree is empty: {key} becomes its root, and black.",
  insert_left: "{key} is less than {parent} and becomes its left child, red.",
  insert_right: "{key} is greater than {parent} and becomes its right child, red.",
  insert_under_black: "{parent} is black, so no rule is broken.",
  insert_under_red: "{parent} is red too, and red under red is not allowed.",
  insert_1:
    "{node} and its parent {parent} are red, and so is the uncle {uncle}: parent and uncle turn black, the grandparent {grandparent} turns red, and it goes on there.",
  insert_1_root:
    "{node} and its parent {parent} are red, and so is the uncle {uncle}: parent and uncle turn black. The grandparent {grandparent} is the root and stays black.",
  insert_2_left:
    "The uncle is black, and {node} is an inner grandchild of {grandparent}: {parent} is rotated to the left, so that {node} comes above it.",
  insert_2_right:
    "The uncle is black, and {node} is an inner grandchild of {grandparent}: {parent} is rotated to the right, so that {node} comes above it.",
  insert_3_left:
    "The uncle is black, and {node} is an outer grandchild: {grandparent} is rotated to the left; {parent} takes its place and turns black, {grandparent} red. Then all is balanced.",
  insert_3_right:
    "The uncle is black, and {node} is an outer grandchild: {grandparent} is rotated to the right; {parent} takes its place and turns black, {grandparent} red. Then all is balanced.",

  delete_missing: "{key} is not there: nothing changes.",
  delete_last: "{key} is the only key: the tree becomes empty.",
  delete_red_leaf: "{key} is red and has no children: it is taken out, and no path loses a black node.",
  delete_black_leaf: "{key} is black and has no children: it is taken out, and its path lacks a black node then.",
  delete_one_child: "{key} has one child, {child}, which takes its place and turns black.",
  delete_two: "{key} has two children: the next greater key, {successor}, takes its place and its colour.",
  delete_two_red: "{successor} was red where it was, so no path loses a black node.",
  delete_two_black: "{successor} was black where it was: that path lacks a black node then.",
  delete_two_child: "Where {successor} was, its red child {child} comes up and turns black.",
  erase_1_left:
    "The sibling {sibling} of the short side is red: {parent} is rotated to the left, {sibling} turns black and {parent} red. Then the short side has a black sibling.",
  erase_1_right:
    "The sibling {sibling} of the short side is red: {parent} is rotated to the right, {sibling} turns black and {parent} red. Then the short side has a black sibling.",
  erase_2: "The sibling {sibling} and its children are black: it turns red, so that both sides lack a black node.",
  erase_2_red: "{parent} is red and turns black, which makes up for that: balanced.",
  erase_2_root: "{parent} is the root, so all paths are shorter by one: balanced.",
  erase_2_up: "Now it is the turn of {parent}, whose side is short.",
  erase_3_left:
    "The sibling {sibling} is black, and of its children the inner one, {inner}, alone is red: {sibling} is rotated to the left; {inner} comes above it and turns black, {sibling} red.",
  erase_3_right:
    "The sibling {sibling} is black, and of its children the inner one, {inner}, alone is red: {sibling} is rotated to the right; {inner} comes above it and turns black, {sibling} red.",
  erase_4_left:
    "The sibling's outer child {outer} is red: {parent} is rotated to the left; {sibling} takes its place and its colour, {parent} and {outer} turn black. Then all is balanced.",
  erase_4_right:
    "The sibling's outer child {outer} is red: {parent} is rotated to the right; {sibling} takes its place and its colour, {parent} and {outer} turn black. Then all is balanced.",

  avl_insert_root: "The tree is empty: {key} becomes its root, with a difference of 0.",
  avl_insert_left: "{key} is less than {parent} and becomes its left child, with a difference of 0.",
  avl_insert_right: "{key} is greater than {parent} and becomes its right child, with a difference of 0.",
  avl_insert_higher: "{node} was even and has grown on one side: its difference goes from 0 to {to}.",
  avl_insert_even: "{node} has grown on its lower side: its difference goes from {from} to 0.",
  avl_outer_right:
    "Left-left: {node} is higher by two on its left, and its child {child} there is higher on the left, too. {node} is rotated to the right; {child} takes its place, and the difference of both becomes 0.",
  avl_outer_left:
    "Right-right: {node} is higher by two on its right, and its child {child} there is higher on the right, too. {node} is rotated to the left; {child} takes its place, and the difference of both becomes 0.",
  avl_outer_even_right:
    "Left-left: {node} is higher by two on its left, and both sides of its child {child} there are equally high. {node} is rotated to the right, and {child} takes its place; the difference of {node} becomes −1, that of {child} +1.",
  avl_outer_even_left:
    "Right-right: {node} is higher by two on its right, and both sides of its child {child} there are equally high. {node} is rotated to the left, and {child} takes its place; the difference of {node} becomes +1, that of {child} −1.",
  avl_inner_left:
    "Left-right: {node} is higher by two on its left, but its child {child} there is higher on the right. First {child} is rotated to the left, so that {inner} comes above it; the differences are set after the second rotation.",
  avl_inner_right:
    "Right-left: {node} is higher by two on its right, but its child {child} there is higher on the left. First {child} is rotated to the right, so that {inner} comes above it; the differences are set after the second rotation.",
  avl_second_right:
    "Left-right, second rotation: {node} is rotated to the right, and {inner} takes its place. The difference of {inner} becomes 0, that of {child} {under}, that of {node} {over}.",
  avl_second_left:
    "Right-left, second rotation: {node} is rotated to the left, and {inner} takes its place. The difference of {inner} becomes 0, that of {child} {under}, that of {node} {over}.",
  avl_delete_leaf: "{key} has no children: it is taken out.",
  avl_delete_one_child: "{key} has one child, {child}, which takes its place.",
  avl_delete_two:
    "{key} has two children: the next greater key, {successor}, takes its place and its difference, {difference}.",
  avl_delete_two_child: "Where {successor} was, its child {child} comes up.",
  avl_erase_uneven: "{node} was even and has become lower on one side: its difference goes from 0 to {to}.",
  avl_erase_lower: "{node} has become lower on its higher side: its difference goes from {from} to 0.",
  avl_same: "The height here is the same as before: all is balanced.",
  avl_higher_up: "It is higher by one now: it goes on with {parent} above.",
  avl_higher_root: "It is the root: the tree is higher by one, and balanced.",
  avl_lower_up: "The height here is less by one now: it goes on with {parent} above.",
  avl_lower_root: "That is at the root: the tree is lower by one, and balanced.",
};

const zh: Record<keyof typeof en, string> = {
  title: "动手玩红黑树",
  lead: "内核的 epoll 就用这棵树存放 epitem，这里由同一份源码编译而来。插入、删除键，每条规则在执行之前先给你看；图是从树的内存里读出来的。",
  title_short: "红黑树",
  title_avl: "动手玩 AVL 树",
  title_avl_short: "AVL 树",
  lead_avl:
    "参加性能比拼的 AVL 树，由同一份源码编译而来：每个节点左右两侧的高度最多相差 1。插入、删除键，每一处改动在发生之前先给你看；图是从树的内存里读出来的。",
  title_list: "动手玩链表",
  title_list_short: "链表",
  lead_list:
    "内核的双向链表，就绪项、睡眠者、缓存页都排在这样的链表上。从两端放入键，移动、取出，看看改了哪些指针；图是从链表的内存里读出来的。",
  title_ring: "动手玩环形缓冲区",
  title_ring_short: "环形缓冲区",
  lead_ring:
    "八个字节的环，做法与内核的 kfifo 相同。一方写，一方读，各有一个只增不减的计数。这里写入的是 1、2、3……；图是从环的内存里读出来的。",
  structures: "数据结构",
  back_to_race: "竞速",

  push: "加到末尾",
  unshift: "加到开头",
  move: "移到开头",
  bytes: "字节数",
  bytes_hint: "几个字节，例如 3",
  write: "写入",
  read: "读取",
  random_bytes: "随便写几个",

  keys: "键",
  keys_hint: "整数，例如 7 或 5, 3, 8",
  insert: "插入",
  delete: "删除",
  random: "随机键",
  undo: "撤销",
  redo: "重做",
  clear: "清空",
  previous: "后退一步",
  next: "前进一步",
  first: "到开头",
  last: "到结尾",
  step_of: "第 {number} 幅，共 {all} 幅",
  at_once: "逐条规则显示",
  at_once_hint: "关闭后，插入一个键就直接显示结果。",
  keyboard: "← → 逐步前后，Home、End 到两端，Ctrl+Z、Ctrl+Y 撤销与重做。",
  done: "做过的操作",
  done_nothing: "还没有。",
  examples: "试试",
  example_rising: "递增的键",
  example_all: "全部七条规则",
  example_four: "全部四种旋转",
  example_fibonacci: "一次删除，一路向上旋转两次",
  example_lru: "页缓存：用过的移到开头",
  example_wrap: "绕过末尾，写满，再读空",
  did_insert: "+{key}",
  did_delete: "−{key}",
  did_unshift: "⇤{key}",
  did_move: "↤{key}",

  refused_empty: "哪个键？请输入一个或几个整数。",
  refused_number: "“{piece}”不是整数。",
  refused_range: "“{piece}”离 0 太远：键的范围是 −{greatest} 到 {greatest}。",
  refused_many: "一共 {piece} 个键；超过 {most} 个就画不下了。",
  refused_full: "这么多键画不下：请先删掉一些。",
  refused_long: "操作会超过 {most} 次：请清空后重新开始。",

  take: "带走",
  take_svg: "SVG",
  take_png: "PNG",
  take_json: "JSON",
  take_link: "复制链接",
  link_copied: "链接已复制，里面有全部操作。",
  link_failed: "浏览器不允许本页复制。上方的地址就是链接。",
  failed: "数据结构没能加载",

  as_table: "以表格显示",
  key: "键",
  colour: "颜色",
  red: "红",
  black: "黑",
  difference: "高度差",
  parent: "父节点",
  left: "左子节点",
  right: "右子节点",
  none: "–",
  drawing: "有 {keys} 个键的红黑树",
  drawing_avl: "有 {keys} 个键的 AVL 树",
  drawing_list: "有 {keys} 个键的链表",
  drawing_ring: "{capacity} 个字节的环，其中 {filled} 个已填",
  address: "地址",
  place: "位置",
  byte: "字节",
  filled: "已填",
  yes: "是",
  no: "否",
  legend_list: "实线箭头是 next，虚线是 prev，经过链表头绕成一圈。每个键下面是节点的地址。",
  legend_ring: "方形是已填的位置，圆形是空位；小数字是位置编号。",
  next_is: "接下来",
  now: "现在",
  legend: "方形是红节点，圆形是黑节点。",
  legend_avl: "键下面是高度差，即右侧高度减去左侧高度，照内存里写的：−1、0 或 +1。",
  part_node: "当前节点",
  part_parent: "父",
  part_uncle: "叔",
  part_grandparent: "祖父",
  part_sibling: "兄弟",
  part_inner: "内侧子",
  part_outer: "外侧子",
  part_successor: "后继",
  part_child: "子",

  rest_empty: "树是空的。插入一个键吧。",
  rest_one: "只有一个键，它是根，黑色。",
  rest: "规则都满足：{keys} 个键，{levels} 层；红节点没有红的子节点，从根往下每条路都经过 {black} 个黑节点。",

  rest_avl_one: "只有一个键，它是根，高度差为 0。",
  rest_avl: "已平衡：{keys} 个键，{levels} 层；每个节点左右两侧的高度最多相差 1。",

  list_head: "head",
  list_there: "{key} 已经在链表里，这里每个键只放一次：什么也不变。",
  list_missing: "{key} 不在链表里：什么也不变。",
  list_first: "链表是空的，head 指向自己。{key} 进来：两者在两个方向上互相指着。",
  list_push: "{key} 加到末尾：{last} 的 next 与 head 的 prev 指向它。别的都不动。",
  list_unshift: "{key} 加到开头：head 的 next 与 {first} 的 prev 指向它。别的都不动。",
  list_remove: "不用查找就取出 {key}：{before} 的 next 改为指向 {after}，{after} 的 prev 改为指向 {before}。",
  list_move: "{key} 先脱钩，{before} 与 {after} 互相指着，再挂到 head 后面。它的节点在内存里原地不动。",
  list_move_there: "{key} 已经是第一个：脱钩之后又挂回原处。",
  rest_list_empty: "链表是空的：head 在两个方向上都指向自己。",
  rest_list: "链表里有 {keys} 个键。从每个节点都能走到邻居，但谁也不知道自己排第几。",

  ring_nothing: "0 个字节：什么也不变。",
  ring_write: "从位置 {place} 起写入 {count} 个字节，然后 in 从 {from} 变为 {to}。",
  ring_write_part: "剩下的 {left} 个放不下，不收。",
  ring_write_full: "环已写满：一个也不收。",
  ring_read: "从位置 {place} 起读出 {count} 个字节，然后 out 从 {from} 变为 {to}；字节留在原处，直到被覆盖。",
  ring_read_part: "没有另外 {left} 个。",
  ring_read_empty: "环是空的：没有可读的。",
  ring_wraps: "越过了末尾：到末尾为止 {first} 个，再从位置 0 起 {rest} 个。",
  rest_ring_new: "环是空的，两个计数都是 0。写几个字节吧。",
  rest_ring:
    "已填：in − out = {in} − {out} = {filled}，共 {capacity} 个位置。位置就是计数 & {mask}，所以两个计数都不必回退。",

  insert_there: "{key} 已经在了：什么也不变。",
  insert_root: "树是空的：{key} 成为根，黑色。",
  insert_left: "{key} 比 {parent} 小，成为它的左子节点，红色。",
  insert_right: "{key} 比 {parent} 大，成为它的右子节点，红色。",
  insert_under_black: "{parent} 是黑的，没有违反规则。",
  insert_under_red: "{parent} 也是红的，而红节点下面不许再有红节点。",
  insert_1:
    "{node} 与父节点 {parent} 都是红的，叔节点 {uncle} 也是红的：父与叔变黑，祖父 {grandparent} 变红，接着从祖父往上看。",
  insert_1_root:
    "{node} 与父节点 {parent} 都是红的，叔节点 {uncle} 也是红的：父与叔变黑。祖父 {grandparent} 是根，保持黑色。",
  insert_2_left: "叔节点是黑的，{node} 是 {grandparent} 的内侧孙节点：{parent} 左旋，让 {node} 到它上面。",
  insert_2_right: "叔节点是黑的，{node} 是 {grandparent} 的内侧孙节点：{parent} 右旋，让 {node} 到它上面。",
  insert_3_left:
    "叔节点是黑的，{node} 是外侧孙节点：{grandparent} 左旋；{parent} 占据它的位置并变黑，{grandparent} 变红。这样就平衡了。",
  insert_3_right:
    "叔节点是黑的，{node} 是外侧孙节点：{grandparent} 右旋；{parent} 占据它的位置并变黑，{grandparent} 变红。这样就平衡了。",

  delete_missing: "{key} 不在树里：什么也不变。",
  delete_last: "{key} 是唯一的键：树变空。",
  delete_red_leaf: "{key} 是红的，没有子节点：直接取下，没有哪条路少了黑节点。",
  delete_black_leaf: "{key} 是黑的，没有子节点：取下之后，那条路就少了一个黑节点。",
  delete_one_child: "{key} 只有一个子节点 {child}，由它顶上并变黑。",
  delete_two: "{key} 有两个子节点：由下一个更大的键 {successor} 占据它的位置和颜色。",
  delete_two_red: "{successor} 原来的位置是红的，没有哪条路少了黑节点。",
  delete_two_black: "{successor} 原来的位置是黑的：那条路就少了一个黑节点。",
  delete_two_child: "{successor} 原来的位置由它的红色子节点 {child} 顶上并变黑。",
  erase_1_left:
    "短的一侧的兄弟 {sibling} 是红的：{parent} 左旋，{sibling} 变黑，{parent} 变红。这样短的一侧就有了黑兄弟。",
  erase_1_right:
    "短的一侧的兄弟 {sibling} 是红的：{parent} 右旋，{sibling} 变黑，{parent} 变红。这样短的一侧就有了黑兄弟。",
  erase_2: "兄弟 {sibling} 和它的子节点都是黑的：它变红，于是两侧都少一个黑节点。",
  erase_2_red: "{parent} 是红的，变黑正好补上：平衡了。",
  erase_2_root: "{parent} 是根，所有的路都短了一个：平衡了。",
  erase_2_up: "接着轮到 {parent}，它这一侧短了。",
  erase_3_left:
    "兄弟 {sibling} 是黑的，子节点中只有内侧的 {inner} 是红的：{sibling} 左旋；{inner} 到它上面并变黑，{sibling} 变红。",
  erase_3_right:
    "兄弟 {sibling} 是黑的，子节点中只有内侧的 {inner} 是红的：{sibling} 右旋；{inner} 到它上面并变黑，{sibling} 变红。",
  erase_4_left:
    "兄弟的外侧子节点 {outer} 是红的：{parent} 左旋；{sibling} 占据它的位置和颜色，{parent} 与 {outer} 变黑。这样就平衡了。",
  erase_4_right:
    "兄弟的外侧子节点 {outer} 是红的：{parent} 右旋；{sibling} 占据它的位置和颜色，{parent} 与 {outer} 变黑。这样就平衡了。",

  avl_insert_root: "树是空的：{key} 成为根，高度差为 0。",
  avl_insert_left: "{key} 比 {parent} 小，成为它的左子节点，高度差为 0。",
  avl_insert_right: "{key} 比 {parent} 大，成为它的右子节点，高度差为 0。",
  avl_insert_higher: "{node} 原来两侧等高，现在一侧长高了：高度差从 0 变为 {to}。",
  avl_insert_even: "{node} 较矮的一侧长高了：高度差从 {from} 变为 0。",
  avl_outer_right:
    "左左：{node} 的左侧高出 2，左子节点 {child} 也是左侧较高。{node} 右旋；{child} 占据它的位置，两者的高度差都变为 0。",
  avl_outer_left:
    "右右：{node} 的右侧高出 2，右子节点 {child} 也是右侧较高。{node} 左旋；{child} 占据它的位置，两者的高度差都变为 0。",
  avl_outer_even_right:
    "左左：{node} 的左侧高出 2，左子节点 {child} 两侧等高。{node} 右旋，{child} 占据它的位置；{node} 的高度差变为 −1，{child} 的变为 +1。",
  avl_outer_even_left:
    "右右：{node} 的右侧高出 2，右子节点 {child} 两侧等高。{node} 左旋，{child} 占据它的位置；{node} 的高度差变为 +1，{child} 的变为 −1。",
  avl_inner_left:
    "左右：{node} 的左侧高出 2，左子节点 {child} 却是右侧较高。先让 {child} 左旋，{inner} 到它上面；高度差等第二次旋转之后再改。",
  avl_inner_right:
    "右左：{node} 的右侧高出 2，右子节点 {child} 却是左侧较高。先让 {child} 右旋，{inner} 到它上面；高度差等第二次旋转之后再改。",
  avl_second_right:
    "左右，第二次旋转：{node} 右旋，{inner} 占据它的位置。{inner} 的高度差变为 0，{child} 的变为 {under}，{node} 的变为 {over}。",
  avl_second_left:
    "右左，第二次旋转：{node} 左旋，{inner} 占据它的位置。{inner} 的高度差变为 0，{child} 的变为 {under}，{node} 的变为 {over}。",
  avl_delete_leaf: "{key} 没有子节点：直接取下。",
  avl_delete_one_child: "{key} 只有一个子节点 {child}，由它顶上。",
  avl_delete_two: "{key} 有两个子节点：由下一个更大的键 {successor} 占据它的位置，高度差也照旧是 {difference}。",
  avl_delete_two_child: "{successor} 原来的位置由它的子节点 {child} 顶上。",
  avl_erase_uneven: "{node} 原来两侧等高，现在一侧变矮了：高度差从 0 变为 {to}。",
  avl_erase_lower: "{node} 较高的一侧变矮了：高度差从 {from} 变为 0。",
  avl_same: "这里的高度与原来一样：全部平衡了。",
  avl_higher_up: "它现在高了 1：接着看上面的 {parent}。",
  avl_higher_root: "它是根：整棵树高了 1，已经平衡。",
  avl_lower_up: "这里的高度少了 1：接着看上面的 {parent}。",
  avl_lower_root: "这里就是根：整棵树矮了 1，已经平衡。",
};

/** Texts of the page on which one tries out a red-black tree. */
export const byHandTexts: Texts<keyof typeof en> = { en, "zh-CN": zh };

/** Name of one of these texts. */
export type ByHandKey = keyof typeof en;
