/*
 * Walks the roads from a file to a socket on this computer's kernel and prints what they took.
 *
 * usage: roads FILE SIZE RUNS
 * Prints a line for each road and state of the cache: name, "cold" or "warm", CPU time and wall time in ns (medians of
 * RUNS); "-" in place of a time where the kernel does not allow the road. The receiver is a process of its own that
 * throws everything away uncopied. CPU time is that of both: which of the two serves the soft interrupts of the loopback
 * device, and the acknowledgements, is left to chance.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <linux/errqueue.h>
#include <linux/io_uring.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define PIPE_BYTES (16 * 4096)
#define BLOCK 4096

static const char *path;
static size_t size;
/* What the road at work uses. */
static int file, sock, ends[2], ring = -1;
static struct sockaddr_in address;
static char *buffer;
static aio_context_t context;
static struct io_uring_params params;
static char *ring_memory;
static struct io_uring_sqe *sqes;

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static long now(clockid_t clock) {
  struct timespec at;
  clock_gettime(clock, &at);
  return at.tv_sec * 1000000000L + at.tv_nsec;
}

/* Each road: 0 if it has handed all over, -errno. */

static int write_all(const char *from, size_t length) {
  while (length) {
    ssize_t n = write(sock, from, length);
    if (n < 0) return -errno;
    from += n;
    length -= n;
  }
  return 0;
}

static int read_write(void) {
  size_t got = 0;
  while (got < size) {
    ssize_t n = read(file, buffer + got, size - got);
    if (n <= 0) return n ? -errno : -EIO;
    got += n;
  }
  return write_all(buffer, size);
}

static char *mapping;

static int mapped(void) {
  mapping = mmap(NULL, size, PROT_READ, MAP_SHARED, file, 0);
  return mapping == MAP_FAILED ? -errno : write_all(mapping, size);
}

static void unmap(void) { munmap(mapping, size); }

static int by_sendfile(void) {
  for (size_t done = 0; done < size;) {
    ssize_t n = sendfile(sock, file, NULL, size - done);
    if (n <= 0) return n ? -errno : -EIO;
    done += n;
  }
  return 0;
}

static int by_splice(void) {
  for (size_t done = 0; done < size;) {
    ssize_t got = splice(file, NULL, ends[1], NULL, PIPE_BYTES, SPLICE_F_MOVE);
    if (got <= 0) return got ? -errno : -EIO;
    for (ssize_t left = got; left;) {
      ssize_t n = splice(ends[0], NULL, sock, NULL, left, SPLICE_F_MOVE);
      if (n <= 0) return n ? -errno : -EIO;
      left -= n;
    }
    done += got;
  }
  return 0;
}

static int zerocopy(void) {
  int on = 1;
  if (setsockopt(sock, SOL_SOCKET, SO_ZEROCOPY, &on, sizeof on)) return -errno;
  for (size_t got = 0; got < size;) {
    ssize_t n = read(file, buffer + got, size - got);
    if (n <= 0) return n ? -errno : -EIO;
    got += n;
  }
  for (size_t done = 0; done < size;) {
    ssize_t n = send(sock, buffer + done, size - done, MSG_ZEROCOPY);
    if (n < 0) return -errno;
    done += n;
  }
  struct pollfd wait = {.fd = sock};
  char control[128];
  struct msghdr message = {.msg_control = control, .msg_controllen = sizeof control};
  poll(&wait, 1, -1);
  return recvmsg(sock, &message, MSG_ERRQUEUE) < 0 ? -errno : 0;
}

static int make_context(void) {
  if (context) return 0;
  return syscall(SYS_io_setup, 8, &context) ? -errno : 0;
}

static int direct_aio(void) {
  struct iocb request = {.aio_lio_opcode = IOCB_CMD_PREAD,
                         .aio_fildes = file,
                         .aio_buf = (unsigned long)buffer,
                         .aio_nbytes = (size + BLOCK - 1) / BLOCK * BLOCK};
  struct iocb *list[] = {&request};
  struct io_event event;
  if (syscall(SYS_io_submit, context, 1, list) != 1) return -errno;
  if (syscall(SYS_io_getevents, context, 1, 1, &event, NULL) != 1) return -errno;
  if (event.res != (long long)size) return event.res < 0 ? event.res : -EIO;
  return write_all(buffer, size);
}

static int make_ring(void) {
  if (sqes) return sqes == (void *)MAP_FAILED ? -ENOMEM : 0;
  memset(&params, 0, sizeof params);
  ring = syscall(SYS_io_uring_setup, 4, &params);
  if (ring < 0) return -errno;
  size_t ring_size = params.sq_off.array + params.sq_entries * sizeof(unsigned);
  size_t sqes_size = params.sq_entries * sizeof *sqes;
  int access = PROT_READ | PROT_WRITE, shared = MAP_SHARED | MAP_POPULATE;
  ring_memory = mmap(NULL, ring_size, access, shared, ring, IORING_OFF_SQ_RING);
  sqes = mmap(NULL, sqes_size, access, shared, ring, IORING_OFF_SQES);
  return ring_memory == MAP_FAILED || sqes == (void *)MAP_FAILED ? -errno : 0;
}

/* A read and a send, linked: one system call for both. */
static int uring(void) {
  static unsigned submitted;
  unsigned *array = (unsigned *)(ring_memory + params.sq_off.array);
  struct io_uring_cqe *cqes = (struct io_uring_cqe *)(ring_memory + params.cq_off.cqes);
  sqes[0] = (struct io_uring_sqe){.opcode = IORING_OP_READ, .flags = IOSQE_IO_LINK, .fd = file,
                                  .addr = (unsigned long)buffer, .len = size};
  sqes[1] = (struct io_uring_sqe){.opcode = IORING_OP_SEND, .fd = sock, .addr = (unsigned long)buffer,
                                  .len = size, .msg_flags = MSG_WAITALL};
  for (unsigned i = 0; i < 2; i++) array[(submitted + i) % params.sq_entries] = i;
  __atomic_store_n((unsigned *)(ring_memory + params.sq_off.tail), submitted + 2, __ATOMIC_RELEASE);
  if (syscall(SYS_io_uring_enter, ring, 2, 2, IORING_ENTER_GETEVENTS, NULL, 0) < 0) return -errno;
  int error = 0;
  for (unsigned i = 0; i < 2; i++) {
    int result = cqes[(submitted + i) % params.cq_entries].res;
    if (result != (int)size && !error) error = result < 0 ? result : -EIO;
  }
  submitted += 2;
  __atomic_store_n((unsigned *)(ring_memory + params.cq_off.head), submitted, __ATOMIC_RELEASE);
  return error;
}

static int nothing(void) { return 0; }

static void no_more(void) {}

/*
 * What is made before a road is walked, and thrown away afterwards, is not measured. Contexts and rings are made once: the
 * kernel has work with one that has gone for some time, and what is measured next would be charged with it.
 */
static const struct road {
  const char *name;
  int flags;
  int (*walk)(void);
  int (*make)(void);
  void (*destroy)(void);
} roads[] = {
    {"read + write", 0, read_write, nothing, no_more},
    {"mmap + write", 0, mapped, nothing, unmap},
    {"MSG_ZEROCOPY", 0, zerocopy, nothing, no_more},
    {"sendfile + SG", 0, by_sendfile, nothing, no_more},
    {"splice", 0, by_splice, nothing, no_more},
    {"O_DIRECT + AIO", O_DIRECT, direct_aio, make_context, no_more},
    {"io_uring", 0, uring, make_ring, no_more},
};

/*
 * A process that throws away what comes, from one connection after the other. It is made before anything is measured: a
 * fork leaves the parent with pages that it must copy when it writes to them next.
 */
static void start_receiver(void) {
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  socklen_t length = sizeof address;
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(listener, (void *)&address, length) || listen(listener, 1)) fail("listen");
  getsockname(listener, (void *)&address, &length);
  pid_t parent = getpid();
  if (!fork()) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    while (getppid() == parent) {
      int in = accept(listener, NULL, NULL);
      long begin = now(CLOCK_THREAD_CPUTIME_ID);
      while (recv(in, NULL, 1 << 20, MSG_TRUNC) > 0) continue;
      long took = now(CLOCK_THREAD_CPUTIME_ID) - begin;
      if (write(in, &took, sizeof took) < 0) fail("receiver");
      close(in);
    }
    _exit(0);
  }
  close(listener);
}

static void connect_receiver(void) {
  sock = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(sock, (void *)&address, sizeof address)) fail("connect");
}

/* Says that no more comes, and waits until the receiver has had all. Returns the CPU time that it took for that. */
static long wait_for_receiver(void) {
  long took;
  shutdown(sock, SHUT_WR);
  if (read(sock, &took, sizeof took) != sizeof took) fail("receiver");
  return took;
}

static void prepare_cache(int warm) {
  int fd = open(path, O_RDONLY);
  if (fd < 0) fail(path);
  posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
  if (warm) {
    for (off_t at = 0; at < (off_t)size; at += PIPE_BYTES) readahead(fd, at, PIPE_BYTES);
    char page[BLOCK];
    for (off_t at = 0; at < (off_t)size; at += BLOCK) pread(fd, page, BLOCK, at);
  }
  close(fd);
}

/* One run. Returns 0 or -errno. */
static int run(const struct road *road, int warm, long *cpu, long *wall) {
  prepare_cache(warm);
  connect_receiver();
  file = open(path, O_RDONLY | road->flags);
  if (file < 0) return -errno;
  if (pipe(ends)) fail("pipe");
  int error = road->make();
  if (error) return error;
  long cpu_begin = now(CLOCK_THREAD_CPUTIME_ID), begin = now(CLOCK_MONOTONIC);
  error = road->walk();
  *cpu = now(CLOCK_THREAD_CPUTIME_ID) - cpu_begin;
  *cpu += wait_for_receiver();
  *wall = now(CLOCK_MONOTONIC) - begin;
  road->destroy();
  close(file);
  close(sock);
  close(ends[0]);
  close(ends[1]);
  return error;
}

static int ascending(const void *a, const void *b) {
  long x = *(const long *)a, y = *(const long *)b;
  return (x > y) - (x < y);
}

/* What the runs of a road took, for a cold and a warm cache. */
static struct result {
  int error;
  long *cpu, *wall;
} results[sizeof roads / sizeof *roads][2];

static void print(const struct road *road, int warm, const struct result *result, int runs) {
  const char *state = warm ? "warm" : "cold";
  if (result->error) {
    printf("%s\t%s\t-\t-\t%s\n", road->name, state, strerror(-result->error));
    return;
  }
  qsort(result->cpu, runs, sizeof *result->cpu, ascending);
  qsort(result->wall, runs, sizeof *result->wall, ascending);
  printf("%s\t%s\t%ld\t%ld\t\n", road->name, state, result->cpu[runs / 2], result->wall[runs / 2]);
}

/* One road after the other, again and again: what else the computer does meanwhile is to be no road's alone. */
int main(int argc, char **argv) {
  if (argc != 4) {
    fprintf(stderr, "usage: roads FILE SIZE RUNS\n");
    return 2;
  }
  start_receiver();
  path = argv[1];
  size = strtoul(argv[2], NULL, 10);
  int runs = atoi(argv[3]), n = sizeof roads / sizeof *roads;
  if (posix_memalign((void **)&buffer, BLOCK, size)) fail("memory");
  memset(buffer, 0, size);
  for (int i = 0; i < 2 * runs * n; i++) {
    int done = i / (2 * n), road = i / 2 % n, warm = i % 2;
    struct result *result = &results[road][warm];
    if (!result->cpu) result->cpu = calloc(runs, sizeof *result->cpu), result->wall = calloc(runs, sizeof *result->wall);
    if (!result->error) result->error = run(&roads[road], warm, &result->cpu[done], &result->wall[done]);
  }
  for (int i = 0; i < 2 * n; i++) print(&roads[i / 2], i % 2, &results[i / 2][i % 2], runs);
  return 0;
}
