import type { Road } from "../../../lib/index.ts";
import type { ZeroCopyKey } from "../../i18n/pages/zero-copy.ts";
import { slugOf } from "./settings.ts";

/** Name of the text that says how a road goes. */
export function aboutOf(road: Road): ZeroCopyKey {
  return `about_${slugOf(road).replaceAll("-", "_")}` as ZeroCopyKey;
}
