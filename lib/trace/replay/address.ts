import { fieldOf, fieldsOf, nameOf, numberOf, textOf } from "../strace/access.ts";
import type { SocketAddress } from "../../machine/sockaddr.ts";
import type { StraceValue } from "../strace/types.ts";

/** The argument of a macro such as htons(80). */
function macroArgument(value: StraceValue | undefined, index = 0): StraceValue | undefined {
  return value?.kind === "macro" ? value.args[index] : value;
}

/** The greatest port. */
export const MOST_PORT = 0xffff;

/** The port of an address of the internet; undefined for others. */
export function portOf(value: StraceValue | undefined): number | undefined {
  const port = numberOf(macroArgument(fieldOf(value, "sin_port") ?? fieldOf(value, "sin6_port")));
  return port !== undefined && port >= 0 && port <= MOST_PORT ? port : undefined;
}

/** A socket's address as strace prints it: `{sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("::")}`. */
export function addressOf(value: StraceValue | undefined): SocketAddress | undefined {
  const port = portOf(value);
  switch (nameOf(fieldOf(value, "sa_family"))) {
    case "AF_INET": {
      const host = textOf(macroArgument(fieldOf(value, "sin_addr")));
      return port === undefined || host === undefined ? undefined : { port, host };
    }
    case "AF_INET6": {
      const host = sixOf(value);
      return port === undefined || host === undefined ? undefined : { port, host };
    }
    case "AF_UNIX": {
      const path = fieldOf(value, "sun_path");
      const text = textOf(path) ?? "";
      return { path: path?.kind === "string" && path.abstract ? `\0${text}` : text };
    }
    default:
      return undefined;
  }
}

/** strace prints `inet_pton(AF_INET6, "::1", &sin6_addr)`, or `sin6_addr=inet_pton(...)`. */
function sixOf(value: StraceValue | undefined): string | undefined {
  for (const field of fieldsOf(value)) {
    if (field.value.kind !== "macro" || field.value.name !== "inet_pton") continue;
    return textOf(field.value.args[1]);
  }
  return undefined;
}

/** An address as it is shown in a comparison. */
export function formatAddress(address: { port?: number; host?: string; path?: string }): string {
  if (address.path !== undefined) return JSON.stringify(address.path);
  if (address.port === undefined) return "no address";
  const host = address.host ?? "";
  return `${host.includes(":") ? `[${host}]` : host}:${address.port}`;
}
