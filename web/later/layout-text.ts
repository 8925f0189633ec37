/*
 * lib/layout.gen.ts as a text that is loaded in half the time: what a reader can count is left out. Made when the page is
 * built, read when it begins.
 */

/** A field, or a struct inside of a struct. */
interface Place {
  readonly offset: number;
  readonly type: string;
  readonly to?: string;
  readonly fields?: readonly string[];
  readonly kernel?: string;
}

interface Struct {
  readonly size: number;
  readonly stride: number;
  readonly align: number;
  readonly base?: string;
  readonly fields: Readonly<Record<string, Place>>;
  readonly embeds: Readonly<Record<string, Place>>;
}

interface Argument {
  readonly name: string;
  readonly type: string;
}

interface Member {
  readonly kernel?: string;
  readonly args?: readonly Argument[];
}

interface Enum {
  readonly values: Readonly<Record<string, number>>;
  readonly members: Readonly<Record<string, Member>>;
}

/** What lib/layout.gen.ts says, as far as its form goes. */
export interface Layout {
  readonly structs: Readonly<Record<string, Struct>>;
  readonly enums: Readonly<Record<string, Enum>>;
  readonly [part: string]: unknown;
}

const SIZES: Readonly<Record<string, number>> = { u8: 1, u16: 2, i16: 2, u64: 8, i64: 8, f64: 8 };

/** Where a field of a type lies behind another one. */
function behind(end: number, type: string): number {
  const size = SIZES[type] ?? 4;
  return Math.ceil(end / size) * size;
}

const join = (parts: readonly unknown[]): string => parts.join(" ").trimEnd();

/** `NAME TYPE`, with its offset if it is not the next one, and where Linux has it. */
function fieldLines(fields: Struct["fields"]): string[] {
  let end = 0;
  return Object.entries(fields).map(([name, { offset, type, to, kernel = "" }]) => {
    const place = offset === behind(end, type) ? "" : `@${offset}`;
    end = offset + (SIZES[type] ?? 4);
    return join([name, `${to === undefined ? type : `*${to}`}${place}`, kernel]);
  });
}

function readFields(lines: readonly string[]): Record<string, Place> {
  let end = 0;
  return Object.fromEntries(
    lines.map((line) => {
      const [, name, pointer, said, at, kernel] = /^(\S+) (\*?)(\w+)(?:@(\d+))?(?: (.*))?$/.exec(line)!;
      const type = pointer ? "ptr" : said!;
      const offset = at === undefined ? behind(end, type) : Number(at);
      end = offset + (SIZES[type] ?? 4);
      return [name!, { offset, type, ...(pointer && { to: said! }), ...(kernel !== undefined && { kernel }) }];
    }),
  );
}

/** `NAME TYPE OFFSET COUNT`: of as many fields as it has, the first one lies at its offset. */
function embedLines({ embeds }: Struct): string[] {
  return Object.entries(embeds).map(([name, { offset, type, fields = [], kernel = "" }]) =>
    join([name, type, offset, fields.length, kernel]),
  );
}

function readEmbeds(lines: readonly string[], fields: Readonly<Record<string, Place>>): Record<string, Place> {
  const names = Object.keys(fields);
  return Object.fromEntries(
    lines.map((line) => {
      const [, name, type, at, count, kernel] = /^(\S+) (\w+) (\d+) (\d+)(?: (.*))?$/.exec(line)!;
      const offset = Number(at);
      const first = names.findIndex((field) => field.startsWith(`${name}_`) && fields[field]!.offset === offset);
      const inside = names.slice(first, first + Number(count));
      return [name!, { offset, type: type!, fields: inside, ...(kernel !== undefined && { kernel }) }];
    }),
  );
}

const structLines = ([name, { size, stride, align, base, ...struct }]: [string, Struct]): string[][] => [
  [join([name, size, stride, align, base ?? ""])],
  fieldLines(struct.fields),
  embedLines({ size, stride, align, ...struct }),
];

function readStruct([[head = ""] = [], own = [], inside = []]: readonly (readonly string[])[]): [string, Struct] {
  const [name = "", size, stride, align, base] = head.split(" ");
  const fields = readFields(own);
  const sizes = { size: Number(size), stride: Number(stride), align: Number(align) };
  return [name, { ...sizes, ...(base !== undefined && { base }), fields, embeds: readEmbeds(inside, fields) }];
}

/** `NAME=VALUE`, without a value that is one more than the last one. */
function valueLine(values: Enum["values"]): string {
  let next = 0;
  const parts = Object.entries(values).map(([name, value]) => {
    const part = value === next ? name : `${name}=${value}`;
    next = value + 1;
    return part;
  });
  return parts.join(" ");
}

function readValues(line: string): Record<string, number> {
  let next = 0;
  const pairs = line.split(" ").filter(Boolean);
  return Object.fromEntries(
    pairs.map((part) => {
      const [name = "", value = next] = part.split("=");
      next = Number(value) + 1;
      return [name, Number(value)];
    }),
  );
}

/** `NAME ARGUMENT:TYPE ...`, or `NAME | ...` with where Linux has it. */
const memberLines = (members: Enum["members"]): string[] =>
  Object.entries(members).map(([name, { kernel, args = [] }]) =>
    kernel === undefined ? join([name, ...args.map((one) => `${one.name}:${one.type}`)]) : `${name} | ${kernel}`,
  );

function readMembers(lines: readonly string[]): Record<string, Member> {
  return Object.fromEntries(
    lines.map((line) => {
      const [name = "", ...parts] = line.split(" ");
      if (parts[0] === "|") return [name, { kernel: parts.slice(1).join(" ") }];
      const args = parts.map((part) => {
        const [argument = "", type = ""] = part.split(":");
        return { name: argument, type };
      });
      return [name, { args }];
    }),
  );
}

const paragraphs = (all: readonly string[][]): string => all.map((lines) => lines.join("\n")).join("\n\n");
const read = (text: string): string[][] => text.split("\n\n").map((part) => part.split("\n").filter(Boolean));

/** Triples of paragraphs, as readStruct() and readers of enums want them. */
function groups(text: string, size: number): string[][][] {
  const all = read(text);
  return Array.from({ length: all.length / size }, (_, i) => all.slice(i * size, (i + 1) * size));
}

/** A layout as a text. */
export function packedLayout({ structs, enums, ...rest }: Layout): string {
  const ofEnum = ([name, { values, members }]: [string, Enum]) => [[name], [valueLine(values)], memberLines(members)];
  return JSON.stringify([
    paragraphs(Object.entries(structs).flatMap(structLines)),
    paragraphs(Object.entries(enums).flatMap(ofEnum)),
    rest,
  ]);
}

/** The layout that packedLayout() has written. */
export function unpackedLayout(text: string): Layout {
  const [structs, enums, { version, hash, ...rest }] = JSON.parse(text) as [string, string, Record<string, unknown>];
  const ofEnum = ([[name = ""] = [], [values = ""] = [], members = []]: string[][]): [string, Enum] => [
    name,
    { values: readValues(values), members: readMembers(members) },
  ];
  return {
    version,
    hash,
    structs: Object.fromEntries(groups(structs, 3).map(readStruct)),
    enums: Object.fromEntries(groups(enums, 3).map(ofEnum)),
    ...rest,
  };
}
