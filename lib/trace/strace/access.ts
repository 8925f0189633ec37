import type { StraceAnnotation, StraceCall, StraceStruct, StraceValue } from "./types.ts";

/** Working directory, in place of a descriptor. */
const AT_FDCWD = -100;

/** The value of an integer, also behind its name and of a product (`8192*1024`); undefined for anything else. */
export function integerOf(value: StraceValue | undefined): number | bigint | undefined {
  if (value === undefined) return undefined;
  switch (value.kind) {
    case "integer":
      return value.value;
    case "null":
      return 0;
    case "fd":
      return value.fd;
    case "named":
      return integerOf(value.value);
    case "operation":
      return value.operator === "*" ? productOf(value.operands) : undefined;
    default:
      return undefined;
  }
}

function productOf(operands: readonly StraceValue[]): number | undefined {
  let product = 1;
  for (const operand of operands) product *= Number(integerOf(operand) ?? Number.NaN);
  return Number.isSafeInteger(product) ? product : undefined;
}

/** The same as a number; undefined also beyond 2^53. */
export function numberOf(value: StraceValue | undefined): number | undefined {
  const integer = integerOf(value);
  return typeof integer === "number" ? integer : undefined;
}

/** The same as a bigint: what `data={u64=...}` needs. */
export function bigintOf(value: StraceValue | undefined): bigint | undefined {
  const integer = integerOf(value);
  return integer === undefined ? undefined : BigInt(integer);
}

/** The descriptor of an argument, with or without annotation; -100 for AT_FDCWD. */
export function descriptorOf(value: StraceValue | undefined): number | undefined {
  if (value?.kind === "name" && value.name === "AT_FDCWD") return AT_FDCWD;
  return value?.kind === "fd" || value?.kind === "integer" ? numberOf(value) : undefined;
}

/** What stood behind a descriptor, if the recording tells (`-y`, `-yy`). */
export function annotationOf(value: StraceValue | undefined): StraceAnnotation | undefined {
  return value?.kind === "fd" ? value.annotation : undefined;
}

/** A member of a struct by name; of `a => b`, that of `a`. */
export function fieldOf(value: StraceValue | undefined, name: string): StraceValue | undefined {
  const struct = value?.kind === "change" ? value.before : value;
  return struct?.kind === "struct" ? struct.fields.find((field) => field.name === name)?.value : undefined;
}

/** An argument by name, for calls whose arguments have some (`clone(child_stack=NULL, flags=...)`). */
export function namedArgument(call: StraceCall, name: string): StraceValue | undefined {
  for (const arg of call.args) if (arg.kind === "named" && arg.name === name) return arg.value;
  return undefined;
}

/** What the program passed in. */
export function beforeOf(value: StraceValue | undefined): StraceValue | undefined {
  return value?.kind === "change" ? value.before : value;
}

/** What the call left there. */
export function afterOf(value: StraceValue | undefined): StraceValue | undefined {
  return value?.kind === "change" ? value.after : value;
}

/** The elements of an array; none for anything else, such as the address printed when a call failed. */
export function elementsOf(value: StraceValue | undefined): readonly StraceValue[] {
  return value?.kind === "array" ? value.elements : [];
}

/** The members of a struct; none for anything else. */
export function fieldsOf(value: StraceValue | undefined): StraceStruct["fields"] {
  return value?.kind === "struct" ? value.fields : [];
}

/** The text of a string; undefined for anything else. */
export function textOf(value: StraceValue | undefined): string | undefined {
  return value?.kind === "string" ? value.text : undefined;
}

/** The name of a constant; undefined for anything else. */
export function nameOf(value: StraceValue | undefined): string | undefined {
  return value?.kind === "name" ? value.name : undefined;
}

/**
 * The bits of a flags argument.
 *
 * @param bits Value of each known name.
 * @returns    Undefined if a name is not in `bits`, or the value is no flags at all.
 */
export function bitsOf(value: StraceValue | undefined, bits: Readonly<Record<string, number>>): number | undefined {
  if (value?.kind === "flags") {
    let all = 0;
    for (const term of value.terms) {
      const bit = bitsOf(term, bits);
      if (bit === undefined) return undefined;
      all |= bit;
    }
    return all >>> 0;
  }
  if (value?.kind === "name") return Object.hasOwn(bits, value.name) ? bits[value.name] : undefined;
  return numberOf(value);
}

/** The names among the terms of a flags argument, in the printed order. */
export function flagNames(value: StraceValue | undefined): string[] {
  if (value?.kind === "flags") return value.terms.flatMap(flagNames);
  return value?.kind === "name" ? [value.name] : [];
}

/** The bytes of a string. A truncated one has only its beginning. */
export function bytesOf(value: StraceValue | undefined): Uint8Array | undefined {
  return value?.kind === "string" ? Uint8Array.from(value.text, (character) => character.charCodeAt(0)) : undefined;
}

/** The value a call returned, -1 for an error; undefined if it did not return. */
export function returned(call: StraceCall): number | bigint | undefined {
  return call.result.kind === "value" || call.result.kind === "error" ? call.result.value : undefined;
}
