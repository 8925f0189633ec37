import type { Message } from "./message.ts";

/** The cases of balancing a red-black tree. */
export const trees = {
  rb_insert_case_1: {
    en: [
      "Balances a tree after an insertion: colours are exchanged between two levels.",
      "Insertion, case 1: {parent} and {uncle} are red; they turn black and {grandparent} red, and it goes on above.",
    ],
    "zh-CN": [
      "插入后平衡红黑树：上下两层交换颜色。",
      "插入情形一：{parent}和{uncle}都是红色；两者变黑，{grandparent}变红，然后继续向上检查冲突。",
    ],
  },
  rb_insert_case_2: {
    en: [
      "Balances a tree after an insertion: a rotation makes an inner grandchild an outer one.",
      "Insertion, case 2: the node is an inner grandchild; a rotation at {parent} makes it an outer one, for case 3.",
    ],
    "zh-CN": [
      "插入后平衡红黑树：一次旋转把内侧孙节点变成外侧。",
      "插入情形二：新节点位于内侧；在{parent}处旋转，使它变到外侧，再按情形三处理。",
    ],
  },
  rb_insert_case_3: {
    en: [
      "Balances a tree after an insertion: a rotation at the grandparent ends it.",
      "Insertion, case 3: a rotation lifts {parent} into the place of {grandparent}, and it turns black: balanced.",
    ],
    "zh-CN": [
      "插入后平衡红黑树：在祖父节点处旋转一次即告完成。",
      "插入情形三：经一次旋转，{parent}升到{grandparent}的位置并变黑：红黑树恢复平衡。",
    ],
  },
  rb_erase_case_1: {
    en: [
      "Balances a tree after a removal: a rotation gives the short side a black sibling.",
      "Removal, case 1: the sibling, {sibling}, is red; a rotation at {parent} gives the short side a black one.",
    ],
    "zh-CN": [
      "删除后平衡红黑树：一次旋转使偏短的一侧得到黑色兄弟。",
      "删除情形一：兄弟{sibling}是红色；在{parent}处旋转，使少一个黑节点的一侧得到黑色兄弟。",
    ],
  },
  rb_erase_case_2: {
    en: [
      "Balances a tree after a removal: the sibling turns red, and it is the parent's turn.",
      "Removal, case 2: {sibling} and its children are black; it turns red, and it is the parent's turn.",
    ],
    "zh-CN": [
      "删除后平衡红黑树：兄弟变红，问题上移给父节点。",
      "删除情形二：{sibling}和它的子节点都是黑色；它变红后两侧同样短，轮到父节点处理。",
    ],
  },
  rb_erase_case_3: {
    en: [
      "Balances a tree after a removal: a rotation makes the sibling's red inner child the sibling.",
      "Removal, case 3: a rotation makes {inner}, the red inner child of {sibling}, the sibling, for case 4.",
    ],
    "zh-CN": [
      "删除后平衡红黑树：一次旋转让兄弟的红色内侧子节点成为新的兄弟。",
      "删除情形三：{sibling}的红色内侧子节点{inner}经旋转上升，成为新的兄弟，再按情形四处理。",
    ],
  },
  rb_erase_case_4: {
    en: [
      "Balances a tree after a removal: a rotation at the parent ends it.",
      "Removal, case 4: a rotation lifts {sibling} into the place of {parent}, and {outer} turns black: balanced.",
    ],
    "zh-CN": [
      "删除后平衡红黑树：在父节点处旋转一次即告完成。",
      "删除情形四：经一次旋转，{sibling}升到{parent}的位置，{outer}变黑：红黑树恢复平衡。",
    ],
  },
} as const satisfies Record<string, Message>;
