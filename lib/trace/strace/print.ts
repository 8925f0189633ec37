import { quote } from "./string.ts";
import type { StraceField, StraceInteger, StraceResult, StraceValue } from "./types.ts";

/** Prints a value as strace prints it. */
export function printValue(value: StraceValue): string {
  const text = printBare(value);
  return value.comment === undefined ? text : `${text} /* ${value.comment} */`;
}

/** Prints arguments or elements separated by commas. */
export function printArguments(values: readonly StraceValue[]): string {
  return values.map(printValue).join(", ");
}

/** Prints what a call returned, as strace prints it: `5`, `-1 EAGAIN`, `? ERESTARTSYS`, `?`. */
export function printResult(result: StraceResult): string {
  switch (result.kind) {
    case "value":
      return String(result.value);
    case "error":
      return `-1 ${result.errno}`;
    case "restart":
      return `? ${result.name}`;
    case "unknown":
      return "?";
  }
}

function printBare(value: StraceValue): string {
  switch (value.kind) {
    case "integer":
      return printInteger(value);
    case "name":
      return value.name;
    case "null":
      return "NULL";
    case "flags":
      return value.terms.map(printValue).join("|");
    case "fd":
      return `${value.name ?? value.fd}${printAnnotation(value.annotation.text)}`;
    case "string":
      return `${value.abstract ? "@" : ""}${quote(value.text)}${value.truncated ? "..." : ""}`;
    case "array":
      return `${value.complement ? "~" : ""}[${printList(value.elements.map(printValue), value)}]`;
    case "struct":
      return `{${printList(value.fields.map(printField), value)}}`;
    case "macro":
      return `${value.name}(${printArguments(value.args)})`;
    case "change":
      return `${printValue(value.before)} => ${printValue(value.after)}`;
    case "operation":
      return value.operands.map(printValue).join(TIGHT.has(value.operator) ? value.operator : ` ${value.operator} `);
    case "named":
      return `${value.name}=${printValue(value.value)}`;
    case "opaque":
      return value.text;
  }
}

/** That a file has no name any more stands behind the bracket, unless a blank in front tells that it stood inside. */
function printAnnotation(text: string): string {
  const inside =
    text.endsWith("(deleted)") && !text.endsWith(" (deleted)") ? text.length - "(deleted)".length : text.length;
  return `<${text.slice(0, inside)}>${text.slice(inside)}`;
}

/** Arithmetic is printed without blanks, logic with them. */
const TIGHT: ReadonlySet<string> = new Set(["*", "<<", ">>", "+", "-"]);

function printField({ name, value }: StraceField): string {
  return name === "" ? printValue(value) : `${name}=${printValue(value)}`;
}

function printList(items: string[], list: { abbreviated: boolean; spaced: boolean }): string {
  const all = list.abbreviated ? [...items, "..."] : items;
  return all.join(list.spaced ? " " : ", ");
}

function printInteger({ value, base }: StraceInteger): string {
  const sign = value < 0 ? "-" : "";
  const magnitude = value < 0 ? -value : value;
  if (base === 10) return sign + magnitude.toString();
  if (base === 16) return `${sign}0x${magnitude.toString(16)}`;
  return `${sign}0${magnitude.toString(8).padStart(2, "0")}`;
}
