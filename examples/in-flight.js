// A file is changed while it is on its way: sendfile sends the file's own pages, write a copy of them.
//
//   node examples/in-flight.js
import { AF_UNIX, Kernel, O_CREAT, O_RDWR, SOCK_STREAM } from "iopath";

const kernel = await Kernel.boot();
const program = kernel.spawn("program", function* (sys) {
  const ends = [];
  yield* sys.socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
  const [near, far] = ends;
  const fd = yield* sys.open("/file", O_CREAT | O_RDWR, 0o600);
  const buffer = sys.buffer(12);
  const arrives = function* () {
    yield* sys.pwrite64(fd, "NEW", 3, 0);
    yield* sys.read(far, buffer);
    yield* sys.pwrite64(fd, "old", 3, 0);
    return buffer.text();
  };
  yield* sys.write(fd, "old old old!");

  yield* sys.sendfile(near, fd, { value: 0 }, 12);
  const bySendfile = yield* arrives();
  yield* sys.pread64(fd, buffer, 12, 0);
  yield* sys.write(near, buffer);
  const byWrite = yield* arrives();
  return { bySendfile, byWrite };
});
kernel.run();
console.log(program.result);
