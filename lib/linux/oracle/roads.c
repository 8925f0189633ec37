/*
 * Walks the roads from a file to a socket on this computer's kernel and prints what they took.
 *
 * usage: roads FILE SIZE RUNS
 * Prints a line for each road and state of the cache: name, "cold" or "warm", CPU time and wall time in ns (medians of
 * RUNS); "-" in place of a time where the kernel does not allow the road. The receiver is a process of its own that
 * throws everything away uncopied.
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
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PIPE_BYTES (16 * 4096)
#define BLOCK 4096

static const char *path;
static size_t size;
/* What the road at work uses. */
static int file, sock, ends[2], ring = -1;
static char *buffer;
static aio_context_t context;
static struct io_uring_params params;
static char *ring_memory;
static struct io_uring_sqe *sqes;
static size_t ring_size, sqes_size;

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
  context = 0;
  return syscall(SYS_io_setup, 8, &context) ? -errno : 0;
}

static void destroy_context(void) { syscall(SYS_io_destroy, context); }

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
  memset(&params, 0, sizeof params);
  ring = syscall(SYS_io_uring_setup, 4, &params);
  if (ring < 0) return -errno;
  ring_size = params.sq_off.array + params.sq_entries * sizeof(unsigned);
  sqes_size = params.sq_entries * sizeof *sqes;
  int access = PROT_READ | PROT_WRITE, shared = MAP_SHARED | MAP_POPULATE;
  ring_memory = mmap(NULL, ring_size, access, shared, ring, IORING_OFF_SQ_RING);
  sqes = mmap(NULL, sqes_size, access, shared, ring, IORING_OFF_SQES);
  return ring_memory == MAP_FAILED || sqes == (void *)MAP_FAILED ? -errno : 0;
}

static void destroy_ring(void) {
  munmap(sqes, sqes_size);
  munmap(ring_memory, ring_size);
  close(ring);
}

/* A read and a send, linked: one system call for both. */
static int uring(void) {
  unsigned *array = (unsigned *)(ring_memory + params.sq_off.array);
  sqes[0] = (struct io_uring_sqe){.opcode = IORING_OP_READ, .flags = IOSQE_IO_LINK, .fd = file,
                                  .addr = (unsigned long)buffer, .len = size};
  sqes[1] = (struct io_uring_sqe){.opcode = IORING_OP_SEND, .fd = sock, .addr = (unsigned long)buffer,
                                  .len = size, .msg_flags = MSG_WAITALL};
  array[0] = 0;
  array[1] = 1;
  __atomic_store_n((unsigned *)(ring_memory + params.sq_off.tail), 2, __ATOMIC_RELEASE);
  if (syscall(SYS_io_uring_enter, ring, 2, 2, IORING_ENTER_GETEVENTS, NULL, 0) < 0) return -errno;
  struct io_uring_cqe *cqes = (struct io_uring_cqe *)(ring_memory + params.cq_off.cqes);
  for (int i = 0; i < 2; i++) {
    if (cqes[i].res != (int)size) return cqes[i].res < 0 ? cqes[i].res : -EIO;
  }
  return 0;
}

static int nothing(void) { return 0; }

static void no_more(void) {}

/* What is made before a road is walked, and thrown away afterwards, is not measured. */
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
    {"O_DIRECT + AIO", O_DIRECT, direct_aio, make_context, destroy_context},
    {"io_uring", 0, uring, make_ring, destroy_ring},
};

/* A connection to a process that throws away what comes. */
static pid_t receiver(void) {
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  if (bind(listener, (void *)&address, length) || listen(listener, 1)) fail("listen");
  getsockname(listener, (void *)&address, &length);
  pid_t child = fork();
  if (!child) {
    int in = accept(listener, NULL, NULL);
    while (recv(in, NULL, 1 << 20, MSG_TRUNC) > 0) continue;
    _exit(0);
  }
  sock = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(sock, (void *)&address, length)) fail("connect");
  close(listener);
  return child;
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
  pid_t child = receiver();
  file = open(path, O_RDONLY | road->flags);
  if (file < 0) return -errno;
  if (pipe(ends)) fail("pipe");
  int error = road->make();
  if (error) return error;
  long cpu_begin = now(CLOCK_THREAD_CPUTIME_ID), begin = now(CLOCK_MONOTONIC);
  error = road->walk();
  *cpu = now(CLOCK_THREAD_CPUTIME_ID) - cpu_begin;
  shutdown(sock, SHUT_WR);
  waitpid(child, NULL, 0);
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

static void measure(const struct road *road, int warm, int runs) {
  long cpu[runs], wall[runs];
  for (int i = 0; i < runs; i++) {
    int error = run(road, warm, &cpu[i], &wall[i]);
    if (error) {
      printf("%s\t%s\t-\t-\t%s\n", road->name, warm ? "warm" : "cold", strerror(-error));
      return;
    }
  }
  qsort(cpu, runs, sizeof *cpu, ascending);
  qsort(wall, runs, sizeof *wall, ascending);
  printf("%s\t%s\t%ld\t%ld\t\n", road->name, warm ? "warm" : "cold", cpu[runs / 2], wall[runs / 2]);
}

int main(int argc, char **argv) {
  if (argc != 4) {
    fprintf(stderr, "usage: roads FILE SIZE RUNS\n");
    return 2;
  }
  path = argv[1];
  size = strtoul(argv[2], NULL, 10);
  if (posix_memalign((void **)&buffer, BLOCK, size)) fail("memory");
  memset(buffer, 0, size);
  for (size_t i = 0; i < sizeof roads / sizeof *roads; i++) {
    for (int warm = 0; warm < 2; warm++) measure(&roads[i], warm, atoi(argv[3]));
  }
  return 0;
}
