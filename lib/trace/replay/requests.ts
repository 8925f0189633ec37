import { EPOLL_REQUESTS } from "./requests_epoll.ts";
import { FILE_REQUESTS } from "./requests_files.ts";
import { NotSimulated, type Recorded, type Request, resultOf } from "./request.ts";
import { Nr } from "../../machine/call.ts";
import { SIGNATURES } from "../../see/call-signatures.ts";
import { POLLING_REQUESTS } from "./requests_polling.ts";
import { SOCKET_REQUESTS } from "./requests_sockets.ts";
import { TRANSFER_REQUESTS } from "./requests_transfer.ts";

const REQUESTS: Readonly<Record<string, (recorded: Recorded) => Request>> = {
  ...FILE_REQUESTS,
  ...TRANSFER_REQUESTS,
  ...EPOLL_REQUESTS,
  ...POLLING_REQUESTS,
  ...SOCKET_REQUESTS,
};

/** The system calls that can be handed to the machine, by name. */
export function drivenCalls(): string[] {
  return Object.keys(REQUESTS);
}

/** Whether calls of that name can be handed to the machine. */
function canRequest(name: string): boolean {
  return Object.hasOwn(REQUESTS, name);
}

/** A recorded call as it is handed to the machine. @throws NotSimulated saying why it cannot be. */
export function requestOf(recorded: Recorded): Request {
  const { name } = recorded.call;
  // A call that the recorded kernel did not have either is made, whatever its arguments.
  if (!canRequest(name) && name in Nr && resultOf(recorded.call)?.errno === "ENOSYS") return { name, args: [] };
  if (!canRequest(name)) {
    throw new NotSimulated(
      Object.hasOwn(SIGNATURES, name) ? "replay does not drive this call yet" : "the machine does not have this call",
    );
  }
  return REQUESTS[name]!(recorded);
}
