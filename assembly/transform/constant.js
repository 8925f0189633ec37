// The integers that initializers of enum members and of constants stand for.
//
// The compiler works out an enum's values only where something uses them, so the transform does it by itself.

import { NodeKind, Token } from "assemblyscript";

const BINARY = {
  [Token.Bar]: (a, b) => a | b,
  [Token.Ampersand]: (a, b) => a & b,
  [Token.Caret]: (a, b) => a ^ b,
  [Token.LessThan_LessThan]: (a, b) => a << b,
  [Token.GreaterThan_GreaterThan]: (a, b) => a >> b,
  [Token.Plus]: (a, b) => a + b,
  [Token.Minus]: (a, b) => a - b,
  [Token.Asterisk]: (a, b) => a * b,
};

/** Binary operators on bits: their results are sets of bits, and so unsigned. */
const BITWISE = new Set([Token.Bar, Token.Ampersand, Token.Caret, Token.LessThan_LessThan]);

/**
 * The value of a constant expression: literals, members that `lookup` knows, - ~ | & ^ << >> + * and parentheses.
 *
 * Bits come out unsigned, also the 32nd: `1 << 31` is 0x80000000. A minus sign in front keeps a value negative.
 *
 * @param node    An expression of the compiler's syntax tree.
 * @param lookup  Gives the value of a name (`IN`, `Epoll.IN`), or undefined.
 * @returns       A bigint, or null if the expression is not constant in this sense.
 */
export function evaluate(node, lookup) {
  switch (node.kind) {
    case NodeKind.Literal:
      return literal(node);
    case NodeKind.Parenthesized:
      return evaluate(node.expression, lookup);
    case NodeKind.Assertion: // <u32>x: the value stays, the field says its width
      return evaluate(node.expression, lookup);
    case NodeKind.Identifier:
      return lookup(node.text) ?? null;
    case NodeKind.PropertyAccess:
      return node.expression.kind === NodeKind.Identifier
        ? (lookup(`${node.expression.text}.${node.property.text}`) ?? null)
        : null;
    case NodeKind.UnaryPrefix: {
      const value = evaluate(node.operand, lookup);
      if (value === null) return null;
      if (node.operator === Token.Minus) return -value;
      return node.operator === Token.Tilde ? BigInt.asUintN(32, ~value) : null;
    }
    case NodeKind.Binary: {
      const a = evaluate(node.left, lookup);
      const b = evaluate(node.right, lookup);
      const operate = BINARY[node.operator];
      if (a === null || b === null || !operate) return null;
      const value = operate(a, b);
      return BITWISE.has(node.operator) && value < 0n ? BigInt.asUintN(32, value) : value;
    }
    default:
      return null;
  }
}

function literal(node) {
  const { range } = node;
  const text = range.source.text.slice(range.start, range.end).replaceAll("_", "");
  return /^(0x[\da-f]+|0b[01]+|0o[0-7]+|\d+)$/i.test(text) ? BigInt(text) : null;
}
