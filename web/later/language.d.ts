/** The sentences of one language: see plugin.ts. */
declare module "*catalogue.ts?language=en" {
  export const catalogue: import("../../lib/see/narrate.ts").Sentences;
}

declare module "*catalogue.ts?language=zh-CN" {
  export const catalogue: import("../../lib/see/narrate.ts").Sentences;
}
