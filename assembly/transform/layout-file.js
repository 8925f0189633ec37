// The layout as a TypeScript file: one line for each field and member, so that its diff is the review of the ABI.

/** @returns The text of lib/layout.gen.ts. */
export function toTypeScript({ version, structs, enums, constants, functions, hash }) {
  return [
    "// Generated from assembly/ by assembly/transform/struct-layout.js. Do not edit.",
    "export const layout = {",
    `  version: ${version},`,
    `  hash: ${JSON.stringify(hash)},`,
    ...section("structs", structs, describeStruct),
    ...section("enums", enums, describeEnum),
    ...lines("  ", "constants", constants),
    ...lines("  ", "functions", functions),
    "} as const;",
    "",
  ].join("\n");
}

function describeStruct({ fields, embeds, ...rest }) {
  return [...own(rest), ...lines("      ", "fields", fields), ...lines("      ", "embeds", embeds)];
}

function describeEnum({ values, members, ...rest }) {
  return [...own(rest), ...lines("      ", "values", values), ...lines("      ", "members", members)];
}

function section(name, entries, describe) {
  const body = Object.entries(entries).flatMap(([key, value]) => [`    ${key}: {`, ...describe(value), "    },"]);
  return body.length ? [`  ${name}: {`, ...body, "  },"] : [`  ${name}: {},`];
}

function own(properties) {
  return Object.entries(properties).map(([key, value]) => `      ${key}: ${inline(value)},`);
}

function lines(indent, name, entries) {
  const body = Object.entries(entries).map(([key, value]) => `${indent}  ${property(key)}: ${inline(value)},`);
  return body.length ? [`${indent}${name}: {`, ...body, `${indent}},`] : [`${indent}${name}: {},`];
}

/** A value on one line, as one writes it by hand. */
function inline(value) {
  if (Array.isArray(value)) return `[${value.map(inline).join(", ")}]`;
  if (typeof value !== "object") return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, inner]) => `${property(key)}: ${inline(inner)}`);
  return entries.length ? `{ ${entries.join(", ")} }` : "{}";
}

function property(key) {
  return /^[A-Za-z_$][\w$]*$|^(0|[1-9]\d*)$/.test(key) ? key : JSON.stringify(key);
}
