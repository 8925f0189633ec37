import { type CppProgram, type Holder, type Statement } from "./notation.ts";
import { HOLDER_SIZE } from "./layout.ts";
import { sourceLines } from "./print.ts";

/** A variable of main(). */
export interface Variable {
  readonly name: string;
  readonly holder: Holder;
  readonly type: string;
  /** How far below the end of the stack it lies. Unit: bytes. */
  readonly below: number;
}

/** A block of the program: where it ends. */
type Block = Extract<Statement, { body: readonly Statement[] }>;

/** Statements, each an object of its own, whatever they were made from. */
function copied(statements: readonly Statement[]): Statement[] {
  return statements.map((statement) =>
    "body" in statement ? { ...statement, body: copied(statement.body) } : { ...statement },
  );
}

/** Where the variables of a program lie, and which of them live at each of its lines. */
export class Frame {
  /** A copy of the program, in which each statement is an object of its own. */
  readonly program: CppProgram;
  readonly #lines = new Map<Statement, number>();
  readonly #ends = new Map<readonly Statement[], number>();
  readonly #slots = new Map<Statement, Variable>();
  readonly #visible = new Map<number, readonly Variable[]>();

  constructor(program: CppProgram) {
    this.program = { structs: program.structs, main: copied(program.main) };
    const lines = sourceLines(this.program);
    lines.forEach(({ statement, ends }, i) => {
      if (statement !== null) this.#lines.set(statement, i + 1);
      if (ends !== null) this.#ends.set(ends, i + 1);
    });
    this.#block(this.program.main, []);
  }

  #block(statements: readonly Statement[], outer: readonly Variable[]): void {
    let visible = outer;
    for (const statement of statements) {
      this.#visible.set(this.line(statement), visible);
      if (statement.do === "declare") {
        const { name, holder, type } = statement;
        const below = (visible.at(-1)?.below ?? 0) + Math.max(16, HOLDER_SIZE[holder]);
        const variable = { name, holder, type, below };
        this.#slots.set(statement, variable);
        visible = [...visible, variable];
      }
      if ("body" in statement) this.#block((statement as Block).body, visible);
    }
    this.#visible.set(this.end(statements), visible);
  }

  /** The line of the printed program on which a statement begins. */
  line(statement: Statement): number {
    return this.#lines.get(statement) ?? 0;
  }

  /** The line on which a block ends. */
  end(block: readonly Statement[]): number {
    return this.#ends.get(block) ?? 0;
  }

  /** What a statement declares. */
  declared(statement: Statement): Variable {
    return this.#slots.get(statement)!;
  }

  /** The variables that live when a line begins, in the order in which they were declared; none before main(). */
  at(line: number): readonly Variable[] {
    return this.#visible.get(line) ?? [];
  }
}
