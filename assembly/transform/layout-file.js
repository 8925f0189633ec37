// The layout as TypeScript files: one line for each field and member, so that its diff is the review of the ABI. What
// things mean stands in a file of its own, so that a page loads it only when somebody looks at an object.

const HEAD = "// Generated from assembly/ by assembly/transform/struct-layout.js. Do not edit.";

/** @returns The text of lib/layout-docs.gen.ts. */
export function docsToTypeScript({ structs }) {
  return [
    HEAD,
    "export const docs: Readonly<",
    "  Record<string, { readonly doc?: string; readonly kernel?: string; readonly fields: Readonly<Record<string, string>> }>",
    "> = {",
    ...Object.entries(structs).flatMap(([name, { fields, ...rest }]) => [
      `  ${name}: {`,
      ...own(onlyDocs(rest), "    "),
      ...lines("    ", "fields", docsOf(fields)),
      "  },",
    ]),
    "};",
    "",
  ].join("\n");
}

/** What only people read of a struct. */
function onlyDocs({ doc, kernel }) {
  return { ...(doc !== undefined && { doc }), ...(kernel !== undefined && { kernel }) };
}

/** The docs of fields, by name. */
function docsOf(entries) {
  return Object.fromEntries(
    Object.entries(entries).flatMap(([key, { doc }]) => (doc === undefined ? [] : [[key, doc]])),
  );
}

/** Entries without what only people read; those of which nothing is left are left out if `thin`. */
function bare(entries, thin = false) {
  const all = Object.entries(entries).map(([key, value]) => [key, without(value, "doc")]);
  return Object.fromEntries(thin ? all.filter(([, rest]) => Object.keys(rest).length > 0) : all);
}

/** @returns The text of lib/layout.gen.ts. */
export function toTypeScript({ version, structs, enums, constants, functions, hash }) {
  return [
    HEAD,
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

/** An object without some of its properties. */
function without(object, ...names) {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}

function describeStruct({ fields, embeds, ...rest }) {
  return [
    ...own(without(rest, "doc", "kernel", "source")),
    ...lines("      ", "fields", bare(fields)),
    ...lines("      ", "embeds", bare(embeds)),
  ];
}

function describeEnum({ values, members = {}, ...rest }) {
  return [
    ...own(without(rest, "doc", "kernel", "source")),
    ...lines("      ", "values", values),
    ...lines("      ", "members", bare(members, true)),
  ];
}

function section(name, entries, describe) {
  const body = Object.entries(entries).flatMap(([key, value]) => [`    ${key}: {`, ...describe(value), "    },"]);
  return body.length ? [`  ${name}: {`, ...body, "  },"] : [`  ${name}: {},`];
}

function own(properties, indent = "      ") {
  return Object.entries(properties).map(([key, value]) => `${indent}${key}: ${inline(value)},`);
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
