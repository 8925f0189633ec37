import { describe, expect, test } from "vitest";
import { differences, replayWritten } from "../../support/recordings.ts";

const LISTENING = `
  socket(AF_INET, SOCK_STREAM|SOCK_NONBLOCK, IPPROTO_TCP) = 3<TCP:[1]>
  bind(3<TCP:[1]>, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("127.0.0.1")}, 16) = 0
  listen(3<TCP:[127.0.0.1:80]>, 10) = 0
  epoll_create1(EPOLL_CLOEXEC) = 4<anon_inode:[eventpoll]>
  epoll_ctl(4<anon_inode:[eventpoll]>, EPOLL_CTL_ADD, 3<TCP:[127.0.0.1:80]>, {events=EPOLLIN, data={u32=3, u64=3}}) = 0
  epoll_wait(4<anon_inode:[eventpoll]>, [{events=EPOLLIN, data={u32=3, u64=3}}], 8, -1) = 1 <0.000090>
  accept4(3<TCP:[127.0.0.1:80]>, NULL, NULL, SOCK_NONBLOCK) = 5<TCP:[127.0.0.1:80->127.0.0.1:4000]>
`;
const A = "5<TCP:[127.0.0.1:80->127.0.0.1:4000]>";
const EPOLL = "4<anon_inode:[eventpoll]>";

function watched(events: string): string {
  return `${LISTENING}
    epoll_ctl(${EPOLL}, EPOLL_CTL_ADD, ${A}, {events=${events}, data={u32=5, u64=5}}) = 0`;
}

function wait(...events: string[]): string {
  const array = events.map((bits) => `{events=${bits}, data={u32=5, u64=5}}`).join(", ");
  return `epoll_wait(${EPOLL}, [${array}], 8, -1) = ${events.length} <0.000090>`;
}

describe("a client outside", () => {
  test("sends on every edge something new, and all of it is read", async () => {
    const replay = await replayWritten(`${watched("EPOLLIN|EPOLLRDHUP|EPOLLET")}
      ${wait("EPOLLIN")}
      ${wait("EPOLLIN")}
      read(${A}, ""..., 100) = 10
      read(${A}, 0x7ffe, 100) = -1 EAGAIN (Resource temporarily unavailable)
      ${wait("EPOLLIN|EPOLLRDHUP")}
      read(${A}, ""..., 100) = 7
      read(${A}, "", 100) = 0
      close(${A}) = 0`);
    expect(differences(replay)).toEqual([]);
    expect(replay.outside).toMatchObject({ connection: 1, bytes: 3, end: 1 });
  });

  test("breaks off: the wait shows it, then every call its own error", async () => {
    const replay = await replayWritten(`${watched("EPOLLIN")}
      ${wait("EPOLLIN|EPOLLERR|EPOLLHUP")}
      recvfrom(${A}, 0x7ffe, 100, 0, NULL, NULL) = -1 ECONNRESET (Connection reset by peer)
      sendto(${A}, ""..., 5, MSG_NOSIGNAL, NULL, 0) = -1 EPIPE (Broken pipe)
      recvfrom(${A}, "", 100, 0, NULL, NULL) = 0`);
    expect(differences(replay)).toEqual([]);
    expect(replay.outside).toMatchObject({ reset: 1, end: 0 });
  });

  test("ends after this side has ended: the wait shows a hang-up, without an error", async () => {
    const replay = await replayWritten(`${watched("EPOLLIN|EPOLLRDHUP")}
      shutdown(${A}, SHUT_WR) = 0
      ${wait("EPOLLIN|EPOLLHUP|EPOLLRDHUP")}
      read(${A}, "", 100) = 0`);
    expect(differences(replay)).toEqual([]);
    expect(replay.outside).toMatchObject({ end: 1, reset: 0 });
  });

  test("sends before it is looked at: a read needs no wait before it", async () => {
    const replay = await replayWritten(`${LISTENING}
      read(${A}, ""..., 3) = 3
      readv(${A}, [{iov_base=""..., iov_len=4}, {iov_base=""..., iov_len=100}], 2) = 50
      recvfrom(${A}, ""..., 100, MSG_PEEK, NULL, NULL) = 2
      recvfrom(${A}, ""..., 100, 0, NULL, NULL) = 2`);
    expect(differences(replay)).toEqual([]);
    expect(replay.outside).toMatchObject({ bytes: 3 });
  });

  test("gets its address and port through the wire, and they are compared as what they stand for", async () => {
    const replay =
      await replayWritten(`${LISTENING.replace("NULL, NULL, SOCK", '{sa_family=AF_INET, sin_port=htons(4000), sin_addr=inet_addr("127.0.0.1")}, [128 => 16], SOCK')}
      getsockname(${A}, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("127.0.0.1")}, [128 => 16]) = 0
      getpeername(${A}, {sa_family=AF_INET, sin_port=htons(4000), sin_addr=inet_addr("127.0.0.1")}, [128 => 16]) = 0
      getsockname(${A}, {sa_family=AF_INET, sin_port=htons(81), sin_addr=inet_addr("127.0.0.1")}, [128 => 16]) = 0`);
    expect(differences(replay)).toEqual(["10 getsockname: the address: expected 10.0.0.1:81, got 10.0.0.1:80"]);
  });

  test("connects again and again, and each connection is the one that was accepted", async () => {
    const replay = await replayWritten(`${LISTENING}
      close(${A}) = 0
      accept(3<TCP:[127.0.0.1:80]>, NULL, NULL) = 5<TCP:[127.0.0.1:80->127.0.0.1:4001]>
      accept(3<TCP:[127.0.0.1:80]>, NULL, NULL) = 6<TCP:[127.0.0.1:80->127.0.0.1:4002]>
      read(6<TCP:[127.0.0.1:80->127.0.0.1:4002]>, ""..., 10) = 6
      read(5<TCP:[127.0.0.1:80->127.0.0.1:4001]>, ""..., 10) = 5
      accept(3<TCP:[127.0.0.1:80]>, NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable)`);
    expect(differences(replay)).toEqual([]);
    expect(replay.outside).toMatchObject({ connection: 3 });
  });
});

describe("a server outside", () => {
  test("takes a connection that waits for it, answers, and ends", async () => {
    const replay = await replayWritten(`
      socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3<TCP:[1]>
      connect(3<TCP:[1]>, {sa_family=AF_INET, sin_port=htons(5432), sin_addr=inet_addr("192.168.1.9")}, 16) = 0 <0.000090>
      getpeername(3<TCP:[192.168.1.2:50->192.168.1.9:5432]>, {sa_family=AF_INET, sin_port=htons(5432), sin_addr=inet_addr("192.168.1.9")}, [128 => 16]) = 0
      write(3<TCP:[192.168.1.2:50->192.168.1.9:5432]>, ""..., 12) = 12
      read(3<TCP:[192.168.1.2:50->192.168.1.9:5432]>, ""..., 4096) = 44 <0.000090>
      read(3<TCP:[192.168.1.2:50->192.168.1.9:5432]>, "", 4096) = 0 <0.000090>
      close(3<TCP:[192.168.1.2:50->192.168.1.9:5432]>) = 0`);
    expect(differences(replay)).toEqual([]);
    expect(replay.outside).toMatchObject({ server: 1, bytes: 1, end: 1 });
  });

  test("takes one that does not wait: it can be written once it stands", async () => {
    const replay = await replayWritten(`
      socket(AF_INET, SOCK_STREAM|SOCK_NONBLOCK, IPPROTO_TCP) = 3<TCP:[1]>
      connect(3<TCP:[1]>, {sa_family=AF_INET, sin_port=htons(5433), sin_addr=inet_addr("127.0.0.1")}, 16) = -1 EINPROGRESS (Operation now in progress)
      epoll_create1(0) = 4<anon_inode:[eventpoll]>
      epoll_ctl(${EPOLL}, EPOLL_CTL_ADD, 3<TCP:[1]>, {events=EPOLLIN|EPOLLOUT, data={u32=5, u64=5}}) = 0
      ${wait("EPOLLOUT")}
      getsockopt(3<TCP:[127.0.0.1:44->127.0.0.1:5433]>, SOL_SOCKET, SO_ERROR, [0], [4]) = 0
      ${wait("EPOLLIN|EPOLLOUT|EPOLLERR|EPOLLHUP")}`);
    expect(differences(replay)).toEqual([]);
  });

  test("is not there: the connection is refused", async () => {
    const replay = await replayWritten(`
      socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3<TCP:[1]>
      connect(3<TCP:[1]>, {sa_family=AF_INET, sin_port=htons(9), sin_addr=inet_addr("127.0.0.1")}, 16) = -1 ECONNREFUSED (Connection refused)`);
    expect(differences(replay)).toEqual([]);
  });
});

describe("several tasks", () => {
  test("wake each other inside the machine, through pipes", async () => {
    const replay = await replayWritten(`
      pipe2([3<pipe:[9]>, 4<pipe:[9]>], 0) = 0
      clone(child_stack=0x7f, flags=CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD) = 101
      101 read(3<pipe:[9]>,  <unfinished ...>
      write(4<pipe:[9]>, ""..., 5) = 5
      101 <... read resumed>""..., 100) = 5 <0.010000>`);
    expect(differences(replay)).toEqual([]);
    expect(replay.outside).toMatchObject({ bytes: 0 });
    expect(replay.tasks).toBe(2);
  });

  test("are given the numbers that they were given, whichever line stands first", async () => {
    const replay = await replayWritten(`
      clone(child_stack=0x7f, flags=CLONE_VM|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD) = 101
      101 openat(AT_FDCWD</tmp>, "x", O_RDONLY <unfinished ...>
      openat(AT_FDCWD</tmp>, "y", O_RDONLY <unfinished ...>
      101 <... openat resumed>) = 1</tmp/x> <0.000050>
      <... openat resumed>) = 0</tmp/y> <0.000050>`);
    expect(differences(replay)).toEqual([]);
  });

  test("a call is made when what came out shows: before a wait that reports it, after one that does not", async () => {
    const replay = await replayWritten(`
      epoll_create1(0) = 0<anon_inode:[eventpoll]>
      eventfd2(0, EFD_NONBLOCK) = 1<anon_inode:[eventfd]>
      epoll_ctl(0<anon_inode:[eventpoll]>, EPOLL_CTL_ADD, 1<anon_inode:[eventfd]>, {events=EPOLLIN, data={u32=1, u64=1}}) = 0
      clone(child_stack=0x7f, flags=CLONE_VM|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD) = 101
      101 write(1<anon_inode:[eventfd]>, ""..., 8 <unfinished ...>
      epoll_wait(0<anon_inode:[eventpoll]>, [], 8, 0) = 0
      101 <... write resumed>) = 8 <0.000200>
      read(1<anon_inode:[eventfd]>, ""..., 8) = 8
      101 write(1<anon_inode:[eventfd]>, ""..., 8 <unfinished ...>
      epoll_wait(0<anon_inode:[eventpoll]>, [{events=EPOLLIN, data={u32=1, u64=1}}], 8, 0) = 1
      101 <... write resumed>) = 8 <0.000200>`);
    expect(differences(replay)).toEqual([]);
  });

  test("a forked one has copies of the descriptors; execve() closes those that are marked so", async () => {
    const replay = await replayWritten(`
      pipe2([0<pipe:[9]>, 1<pipe:[9]>], 0) = 0
      openat(AT_FDCWD</tmp>, "x", O_RDONLY|O_CLOEXEC) = 2</tmp/x>
      clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|SIGCHLD, child_tidptr=0x7f) = 102
      102 fcntl(2</tmp/x>, F_GETFD) = 0x1 (flags FD_CLOEXEC)
      102 execve("/bin/x", [...], 0x7ff /* 3 vars */) = 0
      102 fcntl(2, F_GETFD) = -1 EBADF (Bad file descriptor)
      102 write(1<pipe:[9]>, ""..., 3) = 3
      102 close(1<pipe:[9]>) = 0
      102 exit_group(0) = ?
      102 +++ exited with 0 +++
      fcntl(2</tmp/x>, F_GETFD) = 0x1 (flags FD_CLOEXEC)
      close(1<pipe:[9]>) = 0
      read(0<pipe:[9]>, ""..., 100) = 3
      read(0<pipe:[9]>, "", 100) = 0`);
    expect(differences(replay)).toEqual([]);
    expect(replay.tally.unfinished).toBe(0);
  });

  test("one that is killed in its sleep gives its descriptors back", async () => {
    const replay = await replayWritten(`
      pipe2([0<pipe:[9]>, 1<pipe:[9]>], 0) = 0
      clone(child_stack=NULL, flags=SIGCHLD, child_tidptr=0x7f) = 102
      close(1<pipe:[9]>) = 0
      102 read(0<pipe:[9]>,  <unfinished ...>
      102 <... read resumed> <unfinished ...>) = ?
      102 +++ killed by SIGKILL +++
      read(0<pipe:[9]>, "", 100) = 0`);
    expect(differences(replay)).toEqual([]);
    expect(replay.tally.unfinished).toBe(1);
  });
});

describe("what was there before the recording began", () => {
  test("is put there: eventpolls, listening sockets, connections, files", async () => {
    const replay = await replayWritten(`
      epoll_wait(7<anon_inode:[eventpoll]>, [], 8, 0) = 0
      accept4(6<TCP:[127.0.0.1:80]>, NULL, NULL, 0) = 9<TCP:[127.0.0.1:80->127.0.0.1:4000]>
      read(8<TCP:[127.0.0.1:80->127.0.0.1:3999]>, ""..., 100) = 10
      write(8<TCP:[127.0.0.1:80->127.0.0.1:3999]>, ""..., 100) = 100
      lseek(1</var/log/x>, 0, SEEK_CUR) = 500
      fcntl(1</var/log/x>, F_GETFL) = 0x8001 (flags O_WRONLY|O_LARGEFILE)`);
    expect(differences(replay)).toEqual([]);
    expect(replay.tally.matched).toBe(6);
  });

  test("numbers that nobody was given are taken: the lowest free one is given", async () => {
    const replay = await replayWritten(`
      eventfd2(0, 0) = 3<anon_inode:[eventfd]>
      eventfd2(0, 0) = 5<anon_inode:[eventfd]>`);
    expect(differences(replay)).toEqual([]);
  });
});

describe("what the machine does not have", () => {
  test("is stood in for wherever it is waited for", async () => {
    const replay = await replayWritten(`
      epoll_create1(0) = 0<anon_inode:[eventpoll]>
      inotify_init1(IN_NONBLOCK) = 1<anon_inode:inotify>
      epoll_ctl(0<anon_inode:[eventpoll]>, EPOLL_CTL_ADD, 1<anon_inode:inotify>, {events=EPOLLIN, data={u32=1, u64=1}}) = 0
      epoll_wait(0<anon_inode:[eventpoll]>, [], 8, 0) = 0
      epoll_wait(0<anon_inode:[eventpoll]>, [{events=EPOLLIN, data={u32=1, u64=1}}], 8, -1) = 1 <0.000090>
      read(1<anon_inode:inotify>, ""..., 64) = 16
      epoll_wait(0<anon_inode:[eventpoll]>, [], 8, 0) = 0
      dup(1<anon_inode:inotify>) = 2<anon_inode:inotify>`);
    expect(differences(replay)).toEqual([]);
    expect(replay.tally).toMatchObject({ matched: 6, "not simulated": 2 });
    expect(replay.outside).toMatchObject({ ready: 1 });
  });

  test("is counted with its reason, and its descriptors are taken", async () => {
    const replay = await replayWritten(`
      openat(AT_FDCWD</>, "/dev/urandom", O_RDONLY) = 0</dev/urandom<char 1:9>>
      read(0</dev/urandom<char 1:9>>, ""..., 16) = 16
      io_uring_setup(8, {flags=0, sq_entries=8}) = 1<anon_inode:[io_uring]>
      eventfd2(0, 0) = 2<anon_inode:[eventfd]>
      getpid() = 100`);
    expect(replay.calls.map(({ verdict }) => verdict)).toEqual([
      "outside",
      "outside",
      "not simulated",
      "matched",
      "no I/O",
    ]);
    expect(replay.calls[1]!.reason).toMatch(/is a device$/);
    expect(replay.calls[2]!.reason).toMatch(/^the machine does not have /);
  });

  test("moves the bytes that it has moved, for the calls behind it", async () => {
    const replay = await replayWritten(`
      openat(AT_FDCWD</>, "/a", O_RDONLY) = 0</a>
      fstat(0</a>, {st_mode=S_IFREG|0644, st_size=100}) = 0
      sendfile(1<pipe:[1]>, 0</a>, NULL, 60) = 60
      read(0</a>, ""..., 100) = 40`);
    expect(differences(replay)).toEqual([]);
    expect(replay.tally).toMatchObject({ matched: 3, "not simulated": 1 });
  });
});

describe("files", () => {
  test("have the length that their reads show, or fstat() tells", async () => {
    const replay = await replayWritten(`
      openat(AT_FDCWD</etc>, "hosts", O_RDONLY) = 0</etc/hosts>
      read(0</etc/hosts>, ""..., 100) = 100
      pread64(0</etc/hosts>, ""..., 500, 90) = 140
      lseek(0</etc/hosts>, -30, SEEK_END) = 200
      read(0</etc/hosts>, ""..., 100) = 30
      read(0</etc/hosts>, "", 100) = 0
      openat(AT_FDCWD</etc>, "/etc/none", O_RDONLY) = -1 ENOENT (No such file or directory)`);
    expect(differences(replay)).toEqual([]);
    expect(replay.outside).toMatchObject({ file: 1 });
  });

  test("are of the kind and size that fstat() tells, as far as the machine can know", async () => {
    const replay = await replayWritten(`
      openat(AT_FDCWD</etc>, "hosts", O_RDONLY) = 0</etc/hosts>
      fstat(0</etc/hosts>, {st_mode=S_IFREG|0400, st_size=100}) = 0
      pipe2([1<pipe:[7]>, 2<pipe:[7]>], 0) = 0
      fstat(1<pipe:[7]>, {st_mode=S_IFIFO|0600, st_size=0}) = 0
      fstat(2<pipe:[7]>, {st_mode=S_IFIFO|0666, st_size=0}) = 0
      eventfd2(0, 0) = 3<anon_inode:[eventfd]>
      fstat(3<anon_inode:[eventfd]>, {st_mode=0600, st_size=8}) = 0
      fstat(9, 0x7fff0000) = -1 EBADF (Bad file descriptor)`);
    expect(differences(replay)).toHaveLength(2);
    expect(replay.calls.flatMap(({ difference }) => difference ?? [])).toEqual([
      { what: "st_mode", expected: "010666", got: "010600" },
      { what: "st_size", expected: "8", got: "0" },
    ]);
  });

  test("that the program makes are made by it", async () => {
    const replay = await replayWritten(`
      openat(AT_FDCWD</tmp>, "new", O_RDWR|O_CREAT|O_EXCL, 0644) = 0</tmp/new>
      write(0</tmp/new>, ""..., 10) = 10
      lseek(0</tmp/new>, 0, SEEK_SET) = 0
      read(0</tmp/new>, ""..., 100) = 10
      openat(AT_FDCWD</tmp>, "new", O_RDWR|O_CREAT|O_EXCL, 0644) = -1 EEXIST (File exists)`);
    expect(differences(replay)).toEqual([]);
    expect(replay.outside).toMatchObject({ file: 0 });
  });

  test("that answer in pieces, as some of /proc do, are outside", async () => {
    const replay = await replayWritten(`
      openat(AT_FDCWD</>, "/proc/self/maps", O_RDONLY) = 0</proc/1/maps>
      read(0</proc/1/maps>, ""..., 4096) = 4000
      read(0</proc/1/maps>, ""..., 4096) = 3000
      read(0</proc/1/maps>, "", 4096) = 0
      close(0</proc/1/maps>) = 0`);
    expect(replay.calls.map(({ verdict }) => verdict)).toEqual(["outside", "outside", "outside", "outside", "matched"]);
  });
});

test("a wait that times out does so at its time, and an interrupted one is interrupted", async () => {
  const replay = await replayWritten(`
    epoll_create1(0) = 0<anon_inode:[eventpoll]>
    epoll_wait(0<anon_inode:[eventpoll]>, [], 8, 50) = 0 <0.050080>
    epoll_pwait2(0<anon_inode:[eventpoll]>, [], 8, {tv_sec=0, tv_nsec=7000000}, NULL, 8) = 0 <0.007090>
    epoll_wait(0<anon_inode:[eventpoll]>, 0x7ffe, 8, 1000) = -1 EINTR (Interrupted system call) <0.003000>
    epoll_wait(0<anon_inode:[eventpoll]>, 0x7ffe, 0, 1000) = -1 EINVAL (Invalid argument)`);
  expect(differences(replay)).toEqual([]);
  expect(replay.outside).toMatchObject({ signal: 1 });
});

const FILE = "3</data>";
const COPY = "4</copy>";
const OPENED = `
  openat(AT_FDCWD, "/data", O_RDONLY) = ${FILE}
  fstat(${FILE}, {st_mode=S_IFREG|0644, st_size=10000, ...}) = 0
  openat(AT_FDCWD, "/copy", O_RDWR|O_CREAT|O_TRUNC, 0600) = ${COPY}
  pipe2([5<pipe:[1]>, 6<pipe:[1]>], 0) = 0
  pipe2([7<pipe:[2]>, 8<pipe:[2]>], 0) = 0
  socketpair(AF_UNIX, SOCK_STREAM, 0, [9<UNIX-STREAM:[3->4]>, 10<UNIX-STREAM:[4->3]>]) = 0`;

describe("bytes that go from one descriptor to another", () => {
  test("are moved by the machine itself, and positions that were passed are compared", async () => {
    const replay = await replayWritten(`${OPENED}
      sendfile(9<UNIX-STREAM:[3->4]>, ${FILE}, [1000] => [5000], 4000) = 4000
      recvfrom(10<UNIX-STREAM:[4->3]>, ""..., 8192, 0, NULL, NULL) = 4000
      splice(${FILE}, NULL, 6<pipe:[1]>, NULL, 65536, 0) = 10000
      splice(${FILE}, NULL, 6<pipe:[1]>, NULL, 65536, SPLICE_F_NONBLOCK) = 0
      tee(5<pipe:[1]>, 8<pipe:[2]>, 5000, 0) = 5000
      splice(5<pipe:[1]>, NULL, 9<UNIX-STREAM:[3->4]>, NULL, 10000, SPLICE_F_MOVE) = 10000
      read(7<pipe:[2]>, ""..., 65536) = 5000
      copy_file_range(${FILE}, [0], ${COPY}, NULL, 6000, 0) = 6000
      lseek(${COPY}, 0, SEEK_CUR) = 6000
      ftruncate(${COPY}, 5000) = 0
      preadv(${COPY}, [{iov_base=""..., iov_len=100}, {iov_base=""..., iov_len=100}], 2, 4900) = 100
      pwritev2(${COPY}, [{iov_base=""..., iov_len=100}], 1, 5000, RWF_DSYNC) = 100
      fallocate(${COPY}, FALLOC_FL_KEEP_SIZE, 0, 20000) = 0
      fsync(${COPY}) = 0
      fdatasync(${COPY}) = 0
      sync_file_range(${COPY}, 0, 0, SYNC_FILE_RANGE_WRITE) = 0
      fadvise64(${FILE}, 0, 0, POSIX_FADV_DONTNEED) = 0
      readahead(${FILE}, 0, 4096) = 0
      lseek(${COPY}, 0, SEEK_END) = 5100`);
    expect(differences(replay)).toEqual([]);
    expect(replay.tally).toMatchObject({ "not simulated": 0, matched: replay.calls.length });
  });

  test("are fewer than recorded: the answer and the position differ, and the file stands where it stood", async () => {
    const replay = await replayWritten(`${OPENED}
      sendfile(9<UNIX-STREAM:[3->4]>, ${FILE}, [9000] => [9900], 4000) = 900
      sendfile(9<UNIX-STREAM:[3->4]>, ${FILE}, [9000] => [9999], 4000) = 1000
      splice(${FILE}, NULL, 6<pipe:[1]>, NULL, 5000, 0) = 4000
      lseek(${FILE}, 0, SEEK_CUR) = 4000`);
    expect(differences(replay)).toEqual([
      expect.stringContaining("expected 900, got 1000"),
      expect.stringContaining("the position: expected 9999, got 10000"),
      expect.stringContaining("expected 4000, got 5000"),
    ]);
  });

  test("wake the task that reads them", async () => {
    const replay = await replayWritten(`${OPENED}
      clone(child_stack=NULL, flags=CLONE_FILES|SIGCHLD) = 200
      200 read(5<pipe:[1]>,  <unfinished ...>
      splice(${FILE}, NULL, 6<pipe:[1]>, NULL, 4096, 0) = 4096
      200 <... read resumed>""..., 65536) = 4096 <0.000300>`);
    expect(differences(replay)).toEqual([]);
    expect(replay.tally.unfinished).toBe(0);
  });
});

test("a call that nobody has written a request for is told apart from one that the machine does not have", async () => {
  const { calls } = await replayWritten(`${OPENED}
    vmsplice(6<pipe:[1]>, [{iov_base=""..., iov_len=100}], 1, 0) = 100
    flock(${FILE}, LOCK_EX) = 0`);
  expect(calls.slice(-2).map(({ verdict, reason }) => [verdict, reason])).toEqual([
    ["not simulated", "replay does not drive this call yet"],
    ["not simulated", "the machine does not have this call"],
  ]);
});

test("a task's descriptors are closed when it enters exit_group: the reader of its pipe finds the end", async () => {
  const replay = await replayWritten(`
    pipe2([3<pipe:[1]>, 4<pipe:[1]>], 0) = 0
    clone(child_stack=NULL, flags=SIGCHLD) = 200
    close(4<pipe:[1]>) = 0
    200 close(3<pipe:[1]>) = 0
    200 write(4<pipe:[1]>, ""..., 2) = 2
    read(3<pipe:[1]>, ""..., 100) = 2
    read(3<pipe:[1]>,  <unfinished ...>
    200 exit_group(0) = ?
    <... read resumed>"", 100) = 0 <0.000105>
    200 +++ exited with 0 +++
    exit_group(0) = ?`);
  expect(differences(replay)).toEqual([]);
});

describe("a server at port 0", () => {
  const bound = (listener: string) => `
    socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 3<TCP:[1]>
    bind(3<TCP:[1]>, {sa_family=AF_INET, sin_port=htons(0), sin_addr=inet_addr("127.0.0.1")}, 16) = 0
    listen(${listener}, 10) = 0`;

  test("is at the port that getsockname() has told", async () => {
    const replay = await replayWritten(`${bound("3")}
      getsockname(3, {sa_family=AF_INET, sin_port=htons(41234), sin_addr=inet_addr("127.0.0.1")}, [16]) = 0
      accept4(3, {sa_family=AF_INET, sin_port=htons(5000), sin_addr=inet_addr("127.0.0.1")}, [16], 0) = 4
      recvfrom(4, ""..., 100, 0, NULL, NULL) = 5`);
    expect(differences(replay)).toEqual([]);
    expect(replay.outside).toMatchObject({ connection: 1, bytes: 1 });
  });

  test("is at the port that stands behind its descriptor", async () => {
    const listener = "3<TCP:[127.0.0.1:41234]>";
    const replay = await replayWritten(`${bound(listener)}
      accept4(${listener}, NULL, NULL, 0) = 4<TCP:[127.0.0.1:41234->127.0.0.1:5000]>
      recvfrom(4<TCP:[127.0.0.1:41234->127.0.0.1:5000]>, ""..., 100, 0, NULL, NULL) = 5`);
    expect(differences(replay)).toEqual([]);
    expect(replay.outside).toMatchObject({ connection: 1, bytes: 1 });
  });
});
