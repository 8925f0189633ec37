// AssemblyScript compiler transform: writes down where every kernel object keeps its fields.
//
//   asc assembly/index.ts --target release --transform ./assembly/transform/struct-layout.js
//
// It only observes: the code that asc emits is the same with and without it, except for one small custom section,
// "kstruct", that holds the layout's version and hash, so that a module and a library that do not fit are told apart.
//
// From every exported `@unmanaged class`, `enum` and integer constant under the entry it makes
//   build/layout.json     for any tool
//   lib/layout.gen.ts     for the typed host library (`as const`, so that types are inferred)
//   lib/layout-docs.gen.ts  what structs and fields mean, for people
// but only when the entry is the kernel's own, assembly/index.ts: test modules leave both files alone.
//
// It fails the build
// - when an embedded struct (fields `rbn_*` behind a getter `@embed get rbn(): RbNode`) does not lie as the class that
//   the getter returns;
// - on mutable globals: they would become Wasm globals, outside the linear memory, and a copy of the memory would no
//   longer be a copy of the machine.
// `@embed` and `@to` are our own decorators: asc knows none of that name and skips them.

import { createHash } from "node:crypto";
import {
  CommonFlags,
  DecoratorFlags,
  DiagnosticCategory,
  DiagnosticCode,
  ElementKind,
  NodeKind,
  SourceKind,
  TypeKind,
} from "assemblyscript";
import { Transform } from "assemblyscript/transform";
import { evaluate } from "./constant.js";
import { docOf } from "./doc-comment.js";
import { docsToTypeScript, toTypeScript } from "./layout-file.js";

/** The entry whose layout is the project's. */
const KERNEL_ENTRY = "assembly/index.ts";

/** Goes up when the shape of the generated file changes. */
const VERSION = 1;

const SCALARS = {
  [TypeKind.Bool]: "bool",
  [TypeKind.I8]: "i8",
  [TypeKind.I16]: "i16",
  [TypeKind.I32]: "i32",
  [TypeKind.I64]: "i64",
  [TypeKind.Isize]: "i32",
  [TypeKind.U8]: "u8",
  [TypeKind.U16]: "u16",
  [TypeKind.U32]: "u32",
  [TypeKind.U64]: "u64",
  [TypeKind.Usize]: "u32",
  [TypeKind.F32]: "f32",
  [TypeKind.F64]: "f64",
};

export default class StructLayout extends Transform {
  async afterCompile(module) {
    this.rejectMutableGlobals(module);
    const layout = this.describe(module);
    layout.hash = createHash("sha256").update(JSON.stringify(layout)).digest("hex").slice(0, 16);
    const identity = JSON.stringify({ version: layout.version, hash: layout.hash });
    module.addCustomSection("kstruct", new TextEncoder().encode(identity));
    if (!this.isKernel() || this.program.diagnostics.some(({ category }) => category === DiagnosticCategory.Error))
      return;
    await this.writeIfChanged("build/layout.json", JSON.stringify(layout, null, 2) + "\n");
    await this.writeIfChanged("lib/layout.gen.ts", toTypeScript(layout));
    await this.writeIfChanged("lib/layout-docs.gen.ts", docsToTypeScript(layout));
  }

  /** Whether this is a compilation of the kernel itself, and not of a module for tests. */
  isKernel() {
    const isEntry = ({ sourceKind, normalizedPath }) =>
      sourceKind === SourceKind.UserEntry && normalizedPath === KERNEL_ENTRY;
    return this.program.sources.some(isEntry);
  }

  describe(module) {
    const elements = [...this.userElements()].sort(byPath);
    const layout = { version: VERSION, structs: {}, enums: {}, constants: {}, functions: this.describeTable(module) };
    this.rejectDuplicates(elements);
    for (const element of elements.filter(isStruct)) {
      // Classes that no compiled code touches have no instance yet: resolve them all.
      layout.structs[element.name] = this.describeStruct(this.program.resolver.resolveClass(element, null));
    }
    for (const element of elements.filter(isStruct)) {
      const struct = layout.structs[element.name];
      struct.embeds = this.describeEmbeds(element, struct.fields, layout.structs);
    }
    for (const element of elements.filter(isEnum)) layout.enums[element.name] = this.describeEnum(element, elements);
    for (const element of elements.filter(isConstant)) {
      const value = this.integer(element.initializerNode, elements);
      if (value !== null) layout.constants[element.name] = value;
    }
    if (this.isKernel()) this.checkPointees(elements, layout.structs);
    return layout;
  }

  /** Exported top-level elements of the project's own files. */
  *userElements() {
    for (const file of this.program.filesByName.values()) {
      if (!isUser(file.source)) continue;
      for (const element of file.members?.values() ?? []) {
        if (element.is(CommonFlags.Export) && element.declaration.range.source === file.source) yield element;
      }
    }
  }

  describeStruct(instance) {
    const fields = {};
    let align = 1;
    for (const member of instance.members?.values() ?? []) {
      if (member.kind !== ElementKind.PropertyPrototype || !member.isField) continue;
      const { type, memoryOffset } = member.instance;
      const to = type.classReference?.name ?? pointeeOf(member.fieldDeclaration);
      align = Math.max(align, type.byteSize);
      fields[member.name] = {
        offset: memoryOffset,
        type: to ? "ptr" : SCALARS[type.kind],
        ...(to && { to }),
        ...this.docOf(member.fieldDeclaration),
      };
    }
    const byOffset = Object.entries(fields).sort(([, a], [, b]) => a.offset - b.offset);
    return {
      size: instance.nextMemoryOffset, // as offsetof<T>(): no padding after the last field
      stride: Math.ceil(instance.nextMemoryOffset / align) * align,
      align,
      ...(instance.base && { base: instance.base.name }),
      ...this.docOf(instance.declaration),
      source: instance.declaration.range.source.normalizedPath, // no line number: the generated file is committed
      fields: Object.fromEntries(byOffset),
      embeds: {},
    };
  }

  /** Finds the structs inside a struct, those of its base first, and checks them field by field. */
  describeEmbeds(prototype, fields, structs) {
    const embeds = prototype.basePrototype ? this.describeEmbeds(prototype.basePrototype, fields, structs) : {};
    for (const member of prototype.instanceMembers?.values() ?? []) {
      const getter = member.kind === ElementKind.PropertyPrototype && member.getterPrototype?.declaration;
      if (!getter || !decorator(getter, "embed")) continue;
      const type = getter.signature.returnType.name.identifier.text;
      const inner = structs[type];
      if (!inner) {
        this.reject(getter.name, `embedded '${member.name}': '${type}' is not an exported @unmanaged class`);
        continue;
      }
      const names = Object.keys(inner.fields).map((name) => `${member.name}_${name}`);
      const run = names.map((name) => fields[name]);
      const wanted = Object.values(inner.fields);
      const offset = run[0]?.offset ?? 0;
      if (offset % inner.align !== 0 || !run.every((field, i) => fits(field, wanted[i], offset))) {
        const [have, want] = [shape(run, offset), shape(wanted, 0)];
        this.reject(getter.name, `embedded '${member.name}' is [${have}] at ${offset} but ${type} is [${want}]`);
      } else {
        run.forEach((field, i) => wanted[i].to && Object.assign(field, { type: "ptr", to: wanted[i].to }));
      }
      embeds[member.name] = { offset, type, fields: names, ...this.docOf(getter) };
    }
    return embeds;
  }

  describeEnum(element, elements) {
    const members = {};
    for (const declaration of element.declaration.values) members[declaration.name.text] = this.docOf(declaration);
    const source = element.declaration.range.source.normalizedPath;
    return { ...this.docOf(element.declaration), source, values: this.valuesOf(element, elements), members };
  }

  /** The values of an enum's members, by name. */
  valuesOf(element, elements) {
    const values = {};
    let next = 0;
    for (const { name, initializer } of element.declaration.values) {
      if (initializer) {
        const value = this.integer(initializer, elements, values);
        if (value === null) this.reject(initializer, `'${name.text}' is not a constant that the layout can hold`);
        next = value ?? next;
      }
      values[name.text] = next++;
    }
    return values;
  }

  /**
   * What a constant expression stands for; null if it is no integer, or too large for a number.
   *
   * @param siblings  Members of the same enum that come before.
   */
  integer(node, elements, siblings = {}) {
    const find = (name, is) => elements.find((element) => element.name === name && is(element));
    const lookup = (name) => {
      if (Object.hasOwn(siblings, name)) return BigInt(siblings[name]);
      const [type, member] = name.split(".");
      if (member === undefined) {
        const constant = find(name, isConstant)?.initializerNode;
        return constant ? evaluate(constant, lookup) : null;
      }
      const value = find(type, isEnum) && this.valuesOf(find(type, isEnum), elements)[member];
      return value === undefined ? null : BigInt(value);
    };
    const value = node ? evaluate(node, lookup) : null;
    return value !== null && Number.isSafeInteger(Number(value)) ? Number(value) : null;
  }

  /** Name of every function that kernel objects can point at, by its index in the function table. */
  describeTable(module) {
    const functions = {};
    for (let i = 0; i < module.getNumElementSegments(); i++) {
      const { data, offset } = this.binaryen.getElementSegmentInfo(module.getElementSegmentByIndex(i));
      const base = this.binaryen.getExpressionInfo(offset).value;
      data.forEach((name, j) => {
        functions[base + j] = name.split("/").pop();
      });
    }
    return functions;
  }

  rejectMutableGlobals(module) {
    const mutable = new Set();
    for (let i = 0; i < module.getNumGlobals(); i++) {
      const info = this.binaryen.getGlobalInfo(module.getGlobalByIndex(i));
      if (info.mutable) mutable.add(info.name);
    }
    for (const element of this.program.elementsByName.values()) {
      if (element.kind !== ElementKind.Global || !isUser(element.declaration.range.source)) continue;
      // A variable that nothing uses is compiled to nothing; a constant that is computed at the start, to a variable.
      const variable = !element.is(CommonFlags.Const) && !element.is(CommonFlags.Ambient);
      if (!mutable.delete(element.internalName) && !variable) continue;
      const what = `mutable global '${element.name}': keep kernel state in linear memory, in a struct`;
      this.reject(element.declaration.name, what);
    }
    // What is left is the runtime's: any managed allocation brings it in.
    for (const name of mutable) this.reject(null, `mutable Wasm global '${name}'`);
  }

  rejectDuplicates(elements) {
    const seen = new Set();
    for (const element of elements) {
      if (!isStruct(element) && !isEnum(element) && !isConstant(element)) continue;
      if (seen.has(element.name)) {
        this.program.error(DiagnosticCode.Duplicate_identifier_0, element.declaration.name.range, element.name);
      }
      seen.add(element.name);
    }
  }

  /** A pointer to a struct that nobody exports can be followed by no one: that is worth a warning. */
  checkPointees(elements, structs) {
    for (const element of elements.filter(isStruct)) {
      for (const [name, { to }] of Object.entries(structs[element.name].fields)) {
        if (to === undefined || to in structs) continue;
        const what = `${element.name}.${name} points at '${to}', which is not an exported @unmanaged class`;
        this.program.warning(DiagnosticCode.User_defined_0, element.declaration.name.range, what);
      }
    }
  }

  docOf(declaration) {
    try {
      return docOf(declaration);
    } catch (error) {
      this.reject(declaration, error.message);
      return {};
    }
  }

  reject(node, what) {
    this.program.error(DiagnosticCode.User_defined_0, node?.range ?? null, what);
  }

  async writeIfChanged(path, text) {
    if ((await this.readFile(path, this.baseDir)) !== text) await this.writeFile(path, text, this.baseDir);
  }
}

/** Whether a field of a run is the one that the inner struct wants there. A plain address may stand for a pointer. */
function fits(field, wanted, offset) {
  if (!field || field.offset - offset !== wanted.offset) return false;
  return kindOf(field) === kindOf(wanted) || (field.type === "u32" && wanted.type === "ptr");
}

/** A run of fields as text, for an error message. */
function shape(fields, offset) {
  return fields.map((field) => (field ? `${kindOf(field)}@${field.offset - offset}` : "nothing")).join(" ");
}

function kindOf({ type, to }) {
  return to ?? type;
}

/** The struct that `@to("Name") field: usize` points at. */
function pointeeOf(declaration) {
  const [argument] = decorator(declaration, "to")?.args ?? [];
  return argument?.kind === NodeKind.Literal ? argument.value : undefined;
}

function decorator(declaration, name) {
  return declaration.decorators?.find((candidate) => candidate.name.text === name);
}

function isStruct(element) {
  return element.kind === ElementKind.ClassPrototype && element.hasDecorator(DecoratorFlags.Unmanaged);
}

function isEnum(element) {
  return element.kind === ElementKind.Enum;
}

function isConstant(element) {
  return element.kind === ElementKind.Global && element.is(CommonFlags.Const);
}

function isUser({ sourceKind }) {
  return sourceKind === SourceKind.User || sourceKind === SourceKind.UserEntry;
}

function byPath(a, b) {
  const [first, second] = [a, b].map((element) => element.declaration.range.source.normalizedPath);
  return first < second ? -1 : first > second ? 1 : 0;
}
