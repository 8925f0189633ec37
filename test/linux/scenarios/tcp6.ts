import {
  AF_INET,
  AF_INET6,
  SOCK_NONBLOCK,
  SOCK_STREAM,
  SOL_SOCKET,
  SO_REUSEADDR,
  type Scenario,
  type Sys,
  scenario,
} from "../scenario.ts";
import { read } from "./helpers.ts";

type Steps<T> = Generator<unknown, T, unknown>;

const IPPROTO_IPV6 = 41;
const IPV6_V6ONLY = 26;

/** A listening socket of version 6. `::` and `::1` are everybody's: the ports are these scenarios' own. */
function* listening6(sys: Sys, port: number, host: string, v6only?: number): Steps<number> {
  const fd = yield* sys.socket(AF_INET6, SOCK_STREAM | SOCK_NONBLOCK, 0);
  yield* sys.setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, { value: 1 });
  if (v6only !== undefined) yield* sys.setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, { value: v6only });
  yield* sys.bind(fd, { port, host });
  yield* sys.listen(fd, 8);
  return fd;
}

/** TCP over version 6 of IP. */
export const tcp6: Scenario[] = [
  scenario("a connection over ::1 carries bytes and tells its addresses", function* (sys) {
    const listener = yield* listening6(sys, 17170, "::1");
    const client = yield* sys.socket(AF_INET6, SOCK_STREAM | SOCK_NONBLOCK, 0);
    yield* sys.connect(client, { port: 17170, host: "::1" });
    const server = yield* sys.accept4(listener, SOCK_NONBLOCK);
    yield* sys.write(client, "six");
    yield* read(sys, server);
    yield* sys.getsockname(listener, {});
    yield* sys.getsockname(server, {});
    yield* sys.getpeername(client, {});
    yield* sys.getpeername(server, {});
    yield* sys.close(server);
  }),
  scenario("a socket that listens on :: takes connections of version 4, too, in the mapped form", function* (sys) {
    const listener = yield* listening6(sys, 17171, "::");
    const client = yield* sys.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    yield* sys.connect(client, { port: 17171 });
    const server = yield* sys.accept4(listener, SOCK_NONBLOCK);
    yield* sys.getpeername(server, {});
    yield* sys.getsockname(client, {});
    yield* sys.close(server);
  }),
  scenario("IPV6_V6ONLY leaves version 4 to others, and cannot be set later", function* (sys) {
    const listener = yield* listening6(sys, 17172, "::", 1);
    yield* sys.setsockopt(listener, IPPROTO_IPV6, IPV6_V6ONLY, { value: 0 });
    const four = yield* sys.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    yield* sys.connect(four, { port: 17172 });
    const other = yield* sys.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    yield* sys.bind(other, { port: 17172 });
    const dual = yield* sys.socket(AF_INET6, SOCK_STREAM | SOCK_NONBLOCK, 0);
    yield* sys.bind(dual, { port: 17172, host: "::" });
  }),
  scenario("an address of the other version is refused, but the mapped form reaches version 4", function* (sys) {
    const six = yield* sys.socket(AF_INET6, SOCK_STREAM | SOCK_NONBLOCK, 0);
    yield* sys.bind(six, { port: 17173, host: "127.0.0.1" });
    const four = yield* sys.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    yield* sys.bind(four, { port: 17173, host: "::1" });
    yield* sys.connect(four, { port: 17173, host: "::1" });
    const listener = yield* sys.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    yield* sys.setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, { value: 1 });
    yield* sys.bind(listener, { port: 17174, host: "0.0.0.0" });
    yield* sys.listen(listener, 4);
    yield* sys.connect(six, { port: 17174, host: "::ffff:7f00:1" });
    yield* sys.accept4(listener, SOCK_NONBLOCK);
    yield* sys.getpeername(six, {});
  }),
];
