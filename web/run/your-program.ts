import { YOUR_PROGRAM } from "../model/route.ts";
import type { Scenario } from "../scenarios/scenario.ts";

/** A person's own program as a scenario. @param name  of its file; empty: it has none. */
export function yourProgram(name: string): Scenario {
  return {
    id: YOUR_PROGRAM,
    title: name === "" ? { en: "Your program", "zh-CN": "你的程序" } : { en: name, "zh-CN": name },
    summary: { en: "", "zh-CN": "" },
    subject: "epoll",
    question: null,
    recorded: false,
    start: () => Promise.reject(new Error("a program of a stranger runs in the sandbox")),
  };
}
