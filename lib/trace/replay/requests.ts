import { EPOLL_REQUESTS } from "./requests_epoll.ts";
import { FILE_REQUESTS } from "./requests_files.ts";
import { NotSimulated, type Recorded, type Request, resultOf } from "./request.ts";
import { Nr } from "../../machine/call.ts";
import { POLLING_REQUESTS } from "./requests_polling.ts";
import { SOCKET_REQUESTS } from "./requests_sockets.ts";

const REQUESTS: Readonly<Record<string, (recorded: Recorded) => Request>> = {
  ...FILE_REQUESTS,
  ...EPOLL_REQUESTS,
  ...POLLING_REQUESTS,
  ...SOCKET_REQUESTS,
};

/** Whether calls of that name can be handed to the machine. */
function canRequest(name: string): boolean {
  return Object.hasOwn(REQUESTS, name);
}

/** A recorded call as it is handed to the machine. @throws NotSimulated saying why it cannot be. */
export function requestOf(recorded: Recorded): Request {
  const { name } = recorded.call;
  // A call that the recorded kernel did not have either is made, whatever its arguments.
  if (!canRequest(name) && name in Nr && resultOf(recorded.call)?.errno === "ENOSYS") return { name, args: [] };
  if (!canRequest(name)) throw new NotSimulated("the machine does not have this call");
  return REQUESTS[name]!(recorded);
}
