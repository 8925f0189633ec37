import type { Texts } from "../catalogue.ts";

const en = {
  title: "By hand",
};

const zh: typeof en = {
  title: "动手试试",
};

/** The texts of the playthings. */
export const byHandTexts: Texts<keyof typeof en> = { en, "zh-CN": zh };
