import { CHAR, type CppProgram, type Member, type Statement, type Struct, type Value } from "./notation.ts";

/** What a declaration's type is in C++. */
function holderType({ holder, type }: Pick<Member, "holder" | "type">): string {
  return holder === "pointer" ? `${type.replace("[]", "")}*` : `std::${holder}<${type}>`;
}

/** What a value is in C++. */
function valueText(value: Value): string {
  switch (value.value) {
    case "nullptr":
      return "nullptr";
    case "new":
      if (value.deleter === undefined) return `new ${value.type}`;
      return `new ${value.type}, ${value.deleter === 0 ? "Deleter{}" : `DeleterWithState<${value.deleter}>{}`}`;
    case "new[]":
      return `new ${value.type}[${value.length}]`;
    case "make_shared":
    case "make_unique":
      return `std::${value.value}<${value.type}>()`;
    case "allocate_shared":
      return `std::allocate_shared<${value.type}>(std::allocator<${value.type}>())`;
    case "make_shared[]":
      return `std::make_shared<${value.type}[]>(${value.length})`;
    case "copy":
    case "own":
      return value.place;
    case "move":
      return `std::move(${value.place})`;
    case "lock":
      return `${value.place}.lock()`;
    case "shared_from_this":
      return `${value.place}->shared_from_this()`;
    case "alias":
      return `std::shared_ptr<${CHAR}>(${value.place}, ${value.place}->data)`;
  }
}

function declaration(statement: Extract<Statement, { do: "declare" }>): string {
  const { holder, name, init } = statement;
  const type = holderType(statement);
  if (init.value === "nullptr") return holder === "pointer" ? `${type} ${name} = nullptr;` : `${type} ${name};`;
  const isDirect = holder !== "pointer" && (init.value === "new" || init.value === "new[]" || init.value === "own");
  return isDirect ? `${type} ${name}(${valueText(init)});` : `${type} ${name} = ${valueText(init)};`;
}

/** A line of a program. */
export interface Line {
  readonly text: string;
  /** The statement that begins there; null: none does. */
  readonly statement: Statement | null;
  /** The block that ends there; null: none does. */
  readonly ends: readonly Statement[] | null;
}

const indented = (lines: readonly Line[]): Line[] =>
  lines.map((line) => ({ ...line, text: line.text === "" ? "" : `  ${line.text}` }));
const plain = (text: string): Line => ({ text, statement: null, ends: null });
const end = (ends: readonly Statement[]): Line => ({ text: "}", statement: null, ends });

/** The lines of a statement. */
function statementLines(statement: Statement): Line[] {
  const line = (text: string): Line[] => [{ text, statement, ends: null }];
  switch (statement.do) {
    case "declare":
      return line(declaration(statement));
    case "assign":
      return line(`${statement.place} = ${valueText(statement.from)};`);
    case "reset":
      return line(`${statement.place}.reset(${statement.to.value === "nullptr" ? "" : valueText(statement.to)});`);
    case "swap":
      return line(`${statement.place}.swap(${statement.other});`);
    case "use_count":
      return line(`says_count(${statement.place}.use_count());`);
    case "expired":
      return line(`says_expired(${statement.place}.expired());`);
    case "write":
      return line(`${statement.place}->data[0] = 'x';`);
    case "delete":
    case "delete[]":
      return line(`${statement.do} ${statement.place};`);
    case "if":
      return [...line(`if (${statement.place}) {`), ...bodyLines(statement.body), end(statement.body)];
    case "scope":
      return [...line("{"), ...bodyLines(statement.body), end(statement.body)];
    case "thread":
      return line("std::thread([] {}).join();");
  }
}

function bodyLines(body: readonly Statement[]): Line[] {
  return indented(body.flatMap(statementLines));
}

/** A struct, whose constructor and destructor say that they run. */
function structLines({ name, bytes, members, sharedFromThis }: Struct): string[] {
  return [
    `struct ${name}${sharedFromThis ? ` : std::enable_shared_from_this<${name}>` : ""} {`,
    ...(bytes > 0 ? [`  char data[${bytes}];`] : []),
    ...members.map(
      (member) => `  ${holderType(member)} ${member.name}${member.holder === "pointer" ? " = nullptr" : ""};`,
    ),
    `  ${name}();`,
    `  ~${name}();`,
    "};",
    "",
  ];
}

/** The structs of a program, with what they do when they come and go. */
export function structsText(structs: readonly Struct[]): string {
  return [
    ...structs.map(({ name }) => `struct ${name};`),
    "",
    ...structs.flatMap(structLines),
    ...structs.flatMap(({ name }) => [
      `${name}::${name}() { says_made("${name}", this); }`,
      `${name}::~${name}() { says_gone("${name}", this); }`,
    ]),
    "",
  ].join("\n");
}

/** The function of a program that does what main() does. */
export function functionText(name: string, main: readonly Statement[]): string {
  return [`void ${name}() {`, ...bodyLines(main).map(({ text }) => text), "}", ""].join("\n");
}

const HEAD = `#include <cstdio>
#include <memory>
#include <thread>
#include <utility>

// Nothing of the output waits in a buffer, which would lie on the heap between the objects.
const int unbuffered = std::setvbuf(stdout, nullptr, _IONBF, 0);

void says_made(const char* type, void*) { std::printf("%s()\\n", type); }
void says_gone(const char* type, void*) { std::printf("~%s()\\n", type); }
void says_count(long count) { std::printf("use_count %ld\\n", count); }
void says_expired(bool expired) { std::printf("expired %d\\n", expired); }
void says_deleter(void*) { std::printf("deleter\\n"); }
`;

/** Deleters: one without state, and one with as much as is wanted. */
export const DELETERS = `struct Deleter {
  template <class T> void operator()(T* object) const {
    says_deleter(object);
    delete object;
  }
};
template <int bytes> struct DeleterWithState {
  void* state[bytes / sizeof(void*)] = {};
  template <class T> void operator()(T* object) const {
    says_deleter(object);
    delete object;
  }
};
`;

/** A program in C++20, line by line: what a compiler takes, and people read. */
export function sourceLines({ structs, main }: CppProgram): Line[] {
  const head = `${HEAD}\n${DELETERS}\n${structsText(structs)}`.split("\n").map(plain);
  return [...head, plain("int main() {"), ...bodyLines(main), end(main)];
}

/** A program in C++20. */
export function sourceOf(program: CppProgram): string {
  return `${sourceLines(program)
    .map(({ text }) => text)
    .join("\n")}\n`;
}
