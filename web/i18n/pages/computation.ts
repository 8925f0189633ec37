import type { Texts } from "../catalogue.ts";

const en = {
  computing: "{percent} % is computed",
  cancel: "Cancel",
  cancelled: "Cancelled. What was computed stays.",
  failed: "It could not be computed: {reason}",
};

const zh: typeof en = {
  computing: "已计算 {percent} %",
  cancel: "取消",
  cancelled: "已取消。算好的结果保留。",
  failed: "无法计算：{reason}",
};

/** What is said in every lab of what it computes. */
export const computationTexts: Texts<keyof typeof en> = { en, "zh-CN": zh };
