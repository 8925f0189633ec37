import { CHAR, type CppProgram, type Holder, type Statement, type Struct, type Value, cpp } from "./notation.ts";

/** Random numbers from a seed: splitmix32. */
class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** A whole number below another one. */
  below(ceiling: number): number {
    this.#state = (this.#state + 0x9e3779b9) | 0;
    let z = this.#state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return Math.floor((((z ^ (z >>> 15)) >>> 0) / 0x1_0000_0000) * ceiling);
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }
}

const MEMBER_HOLDERS: readonly Holder[] = ["shared_ptr", "shared_ptr", "weak_ptr", "unique_ptr"];

/** The structs of a group of programs: those with members may point to any, so that there are cycles. */
export function randomStructs(seed: number): Struct[] {
  const random = new Random(seed ^ 0x5bd1e995);
  const names = ["A", "B", "C", "D", "E"];
  return names.map((name, i) => {
    const members = Array.from({ length: i === 0 ? 0 : random.below(4) }, (_, k) => {
      const holder = random.pick(MEMBER_HOLDERS);
      const isArray = holder === "unique_ptr" && random.below(2) === 0;
      return cpp.member(`m${k}`, holder, `${random.pick(names)}${isArray ? "[]" : ""}`);
    });
    const bytes = random.pick([1, 4, 8, 24, 32, 100, 1000]);
    return cpp.struct(name, { bytes, members, sharedFromThis: random.below(4) === 0 });
  });
}

interface Variable {
  readonly name: string;
  readonly holder: Holder;
  readonly type: string;
}

/** Makes the statements of one program. */
class Maker {
  readonly #random: Random;
  readonly #structs: ReadonlyMap<string, Struct>;
  readonly #names: readonly string[];
  #variables: Variable[] = [];
  #count = 0;

  constructor(random: Random, structs: readonly Struct[]) {
    this.#random = random;
    this.#structs = new Map(structs.map((struct) => [struct.name, struct]));
    this.#names = structs.map(({ name }) => name);
  }

  /** Statements, with what is declared in them gone behind them. */
  block(length: number, depth: number): Statement[] {
    const outer = this.#variables;
    this.#variables = [...outer];
    const statements = Array.from({ length }, () => this.#statement(depth));
    this.#variables = outer;
    return statements;
  }

  /** Variables of a kind, of one type or of any. */
  #all(holder: Holder, type?: string): Variable[] {
    return this.#variables.filter(
      (variable) =>
        variable.holder === holder && (type === undefined ? !/[[]|char/.test(variable.type) : variable.type === type),
    );
  }

  #any(holder: Holder, type?: string): Variable | undefined {
    const all = this.#all(holder, type);
    return all.length === 0 ? undefined : this.#random.pick(all);
  }

  #statement(depth: number): Statement {
    switch (this.#random.below(12)) {
      case 0:
      case 1:
      case 2:
        return this.#declare();
      case 3:
      case 4:
      case 5:
        return this.#link() ?? this.#declare();
      case 6:
      case 7:
        return this.#assign() ?? this.#declare();
      case 8:
        return this.#reset() ?? this.#declare();
      case 9:
        return this.#ask() ?? this.#declare();
      case 10:
        return this.#swap() ?? this.#declare();
      default:
        return depth > 0 ? cpp.scope(this.block(1 + this.#random.below(5), depth - 1)) : this.#declare();
    }
  }

  #declare(): Statement {
    const random = this.#random;
    const type = random.pick(this.#names);
    const name = `v${this.#count++}`;
    const [holder, full, init] = this.#fresh(type);
    this.#variables.push({ name, holder, type: full });
    if (holder === "shared_ptr") return cpp.shared_ptr(name, full, init);
    return holder === "weak_ptr" ? cpp.weak_ptr(name, full, init) : cpp.unique_ptr(name, full, init);
  }

  /** What a variable may begin with. */
  #fresh(type: string): [Holder, string, Value] {
    const random = this.#random;
    const length = 1 + random.below(5);
    switch (random.below(14)) {
      case 0:
        return ["unique_ptr", type, random.below(2) === 0 ? cpp.make_unique(type) : cpp.new_(type)];
      case 1:
      case 2:
        return ["weak_ptr", type, this.#copied(["shared_ptr", "shared_ptr", "weak_ptr"], type)];
      case 3:
        return ["shared_ptr", `${type}[]`, cpp.new_array(type, length)];
      case 4: {
        // libstdc++ 12 compiles that of what can be copied only.
        const isCopied = this.#structs.get(type)!.members.every(({ holder }) => holder !== "unique_ptr");
        return [
          "shared_ptr",
          `${type}[]`,
          isCopied ? cpp.make_shared_array(type, length) : cpp.new_array(type, length),
        ];
      }
      case 5: {
        const owner = this.#any("shared_ptr");
        // What points to nothing has no data.
        if (owner === undefined) return ["shared_ptr", type, cpp.make_shared(type)];
        return ["shared_ptr", owner.type, cpp.copy(owner.name)];
      }
      case 6:
        return ["unique_ptr", `${type}[]`, cpp.new_array(type, length)];
      case 7: {
        const unique = this.#any("unique_ptr", `${type}[]`);
        return ["shared_ptr", `${type}[]`, unique === undefined ? cpp.nullptr : cpp.move(unique.name)];
      }
      default:
        return ["shared_ptr", type, this.#shared(type)];
    }
  }

  /** A copy of a variable, or nothing at all. */
  #copied(holders: readonly Holder[], type: string): Value {
    const from = this.#any(this.#random.pick(holders), type);
    return from === undefined ? cpp.nullptr : cpp.copy(from.name);
  }

  /** What a shared_ptr may be made from. */
  #shared(type: string): Value {
    const random = this.#random;
    switch (random.below(10)) {
      case 0:
        return cpp.new_(type);
      case 1:
        return cpp.new_with_deleter(type, random.pick([0, 8, 16, 48]));
      case 2:
        return cpp.allocate_shared(type);
      case 3: {
        const weak = this.#any("weak_ptr", type);
        return weak === undefined ? cpp.new_(type) : cpp.lock(weak.name);
      }
      case 4: {
        const unique = this.#any("unique_ptr", type);
        return unique === undefined ? cpp.make_shared(type) : cpp.move(unique.name);
      }
      case 5:
        return this.#copied(["shared_ptr"], type);
      case 6: {
        const other = this.#any("shared_ptr", type);
        return other === undefined ? cpp.nullptr : cpp.move(other.name);
      }
      default:
        return cpp.make_shared(type);
    }
  }

  /** A member is assigned; or what needs an object happens to one. */
  #link(): Statement | null {
    const random = this.#random;
    const owner = this.#any(random.below(5) === 0 ? "unique_ptr" : "shared_ptr");
    if (owner === undefined) return null;
    const struct = this.#structs.get(owner.type)!;
    if (random.below(6) === 0) return cpp.if_(owner.name, [this.#alias(owner, struct)]);
    if (struct.members.length === 0) return null;
    const member = random.pick(struct.members);
    const place = `${owner.name}->${member.name}`;
    return cpp.if_(owner.name, [this.#store(place, member.holder, member.type)]);
  }

  #alias(owner: Variable, { sharedFromThis }: Struct): Statement {
    const name = `v${this.#count++}`;
    if (owner.holder !== "shared_ptr") return cpp.reset(owner.name);
    if (sharedFromThis && this.#random.below(2) === 0) {
      return cpp.shared_ptr(name, owner.type, cpp.shared_from_this(owner.name));
    }
    return cpp.shared_ptr(name, CHAR, cpp.alias(owner.name));
  }

  #store(place: string, holder: Holder, type: string): Statement {
    const random = this.#random;
    if (type.endsWith("[]")) return this.#storeArray(place, type);
    if (holder === "unique_ptr") {
      const other = this.#any("unique_ptr", type);
      if (random.below(4) === 0) return cpp.reset(place, random.below(2) === 0 ? cpp.nullptr : cpp.new_(type));
      return cpp.assign(place, other === undefined ? cpp.make_unique(type) : cpp.move(other.name));
    }
    if (holder === "weak_ptr") {
      const from = this.#any(random.pick(["shared_ptr", "weak_ptr"]), type);
      return from === undefined ? cpp.reset(place) : cpp.assign(place, cpp.copy(from.name));
    }
    return this.#assignShared(place, type);
  }

  /** A member that owns an array is given one. */
  #storeArray(place: string, type: string): Statement {
    const random = this.#random;
    const other = this.#any("unique_ptr", type);
    if (other !== undefined && random.below(2) === 0) return cpp.assign(place, cpp.move(other.name));
    return cpp.reset(
      place,
      random.below(4) === 0 ? cpp.nullptr : cpp.new_array(type.slice(0, -2), 1 + random.below(5)),
    );
  }

  #assignShared(place: string, type: string): Statement {
    const value = this.#shared(type);
    if (value.value === "new") return cpp.reset(place, value);
    return cpp.assign(place, value);
  }

  #assign(): Statement | null {
    const holder = this.#random.pick<Holder>(["shared_ptr", "shared_ptr", "weak_ptr", "unique_ptr"]);
    const to = this.#any(holder);
    return to === undefined ? null : this.#store(to.name, to.holder, to.type);
  }

  #reset(): Statement | null {
    const to = this.#any(this.#random.pick<Holder>(["shared_ptr", "shared_ptr", "weak_ptr", "unique_ptr"]));
    return to === undefined ? null : cpp.reset(to.name);
  }

  #ask(): Statement | null {
    const isWeak = this.#random.below(2) === 0;
    const of = this.#any(isWeak ? "weak_ptr" : "shared_ptr");
    if (of === undefined) return null;
    return isWeak && this.#random.below(2) === 0 ? cpp.expired(of.name) : cpp.use_count(of.name);
  }

  #swap(): Statement | null {
    const one = this.#any(this.#random.pick<Holder>(["shared_ptr", "weak_ptr", "unique_ptr"]));
    const other = one && this.#any(one.holder, one.type);
    return one && other && one !== other ? cpp.swap(one.name, other.name) : null;
  }
}

/** A random program over structs, which leaks where it makes cycles, and does nothing that C++ leaves undefined. */
export function randomProgram(seed: number, structs: readonly Struct[]): CppProgram {
  const random = new Random(seed);
  return cpp.program(structs, new Maker(random, structs).block(4 + random.below(28), 2));
}
