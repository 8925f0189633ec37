import type { Texts } from "../catalogue.ts";

const en = {
  title: "A red-black tree by hand",
  lead: "The tree in which the kernel's epoll keeps its items, compiled from the same source. Put keys in, take them out, and see each rule before it is applied: the drawing is read from the tree's memory.",
  back_to_race: "The race",

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
  did_insert: "+{key}",
  did_delete: "−{key}",

  refused_empty: "Which key? Type one or several whole numbers.",
  refused_number: "“{piece}” is no whole number.",
  refused_range: "“{piece}” is too far from 0: keys go from −9,999 to 9,999.",
  refused_many: "That are {piece} keys; more than 63 do not fit on the page.",
  refused_full: "The tree has 63 keys, and more do not fit on the page: take some out first.",
  refused_long: "That would be more than 300 operations: clear the tree to begin anew.",

  take: "Take it away",
  take_svg: "SVG",
  take_png: "PNG",
  take_json: "JSON",
  take_link: "Copy the link",
  link_copied: "The link is copied: it holds all that was done.",
  link_failed: "The browser does not let the page copy. The address above is the link.",
  failed: "The tree could not be loaded",

  as_table: "The tree as a table",
  key: "Key",
  colour: "Colour",
  red: "red",
  black: "black",
  parent: "Parent",
  left: "Left child",
  right: "Right child",
  none: "–",
  drawing: "Red-black tree with {keys} keys",
  next_is: "What comes next",
  now: "Now",
  legend: "Squares are red, circles black.",
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
};

const zh: Record<keyof typeof en, string> = {
  title: "动手玩红黑树",
  lead: "内核的 epoll 就用这棵树存放 epitem，这里由同一份源码编译而来。插入、删除键，每条规则在执行之前先给你看；图是从树的内存里读出来的。",
  back_to_race: "性能比拼",

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
  did_insert: "+{key}",
  did_delete: "−{key}",

  refused_empty: "哪个键？请输入一个或几个整数。",
  refused_number: "“{piece}”不是整数。",
  refused_range: "“{piece}”离 0 太远：键的范围是 −9,999 到 9,999。",
  refused_many: "一共 {piece} 个键；超过 63 个就画不下了。",
  refused_full: "树里已有 63 个键，再多就画不下了：请先删掉一些。",
  refused_long: "操作会超过 300 次：请清空后重新开始。",

  take: "带走",
  take_svg: "SVG",
  take_png: "PNG",
  take_json: "JSON",
  take_link: "复制链接",
  link_copied: "链接已复制，里面有全部操作。",
  link_failed: "浏览器不允许本页复制。上方的地址就是链接。",
  failed: "树没能加载",

  as_table: "以表格显示这棵树",
  key: "键",
  colour: "颜色",
  red: "红",
  black: "黑",
  parent: "父节点",
  left: "左子节点",
  right: "右子节点",
  none: "–",
  drawing: "有 {keys} 个键的红黑树",
  next_is: "接下来",
  now: "现在",
  legend: "方形是红节点，圆形是黑节点。",
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
};

/** Texts of the page on which one tries out a red-black tree. */
export const byHandTexts: Texts<keyof typeof en> = { en, "zh-CN": zh };

/** Name of one of these texts. */
export type ByHandKey = keyof typeof en;
