/*
 * A library for LD_PRELOAD that lets a C program run on a machine that `iopath serve` serves: the calls that it replaces
 * are handed in over the socket named by IOPATH_SOCKET, see lib/serve/README.md. Descriptors 0, 1 and 2 stay real.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Out of the way of the numbers that the program uses. */
#define LINK_FD 900
#define MAX_FDS 1024

/* The connection of this thread; -1: none yet. */
static __thread int link_fd = -1;
static __thread char *answer;
static __thread size_t answer_size, answer_used, answer_line;
/* The task of the process, which the tasks of its threads share their descriptors with. */
static long process_task;
/* Which descriptors are the machine's. */
static char simulated[MAX_FDS];

static void fail(const char *what)
{
	dprintf(2, "preload: %s\n", what);
	_exit(99);
}

/* --- lines to and from the machine --- */

static void send_all(const char *text, size_t length)
{
	while (length > 0) {
		long sent = syscall(SYS_write, link_fd, text, length);
		if (sent <= 0)
			fail("the machine is gone");
		text += sent;
		length -= sent;
	}
}

/* The next line; it stays where it is until the next one is asked for. */
static char *read_line(void)
{
	memmove(answer, answer + answer_line, answer_used - answer_line);
	answer_used -= answer_line;
	for (size_t from = 0;;) {
		char *end = memchr(answer + from, '\n', answer_used - from);
		if (end) {
			*end = 0;
			answer_line = end + 1 - answer;
			return answer;
		}
		from = answer_used;
		if (answer_used + 65536 > answer_size) {
			answer_size = 2 * answer_size + 131072;
			answer = realloc(answer, answer_size);
		}
		long got = syscall(SYS_read, link_fd, answer + answer_used, 65536);
		if (got <= 0)
			fail("the machine is gone");
		answer_used += got;
	}
}

/* The answer to a request: its line, once the call is done. */
static char *receive(void)
{
	char *line = read_line();
	while (strstr(line, "\"done\":false"))
		line = read_line();
	/* A signal has ended the task, such as SIGPIPE: so it does the process. */
	if (strstr(line, "\"event\":\"exited\""))
		_exit(98);
	if (strstr(line, "\"error\":"))
		fail(line);
	return line;
}

static long field(const char *line, const char *name)
{
	const char *at = strstr(line, name);
	return at ? strtol(at + strlen(name), NULL, 10) : 0;
}

/* Called at the end of a thread: its task ends with its connection. */
static pthread_key_t at_end;

static void end_thread(void *unused)
{
	syscall(SYS_close, link_fd);
	free(answer);
	(void)unused;
}

static void connect_link(const char *hello)
{
	const char *path = getenv("IOPATH_SOCKET");
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = syscall(SYS_socket, AF_UNIX, SOCK_STREAM, 0);

	if (!path)
		fail("IOPATH_SOCKET is not set");
	strncpy(address.sun_path, path, sizeof(address.sun_path) - 1);
	if (syscall(SYS_connect, fd, &address, sizeof(address)) < 0)
		fail("nobody listens at IOPATH_SOCKET");
	link_fd = syscall(SYS_fcntl, fd, F_DUPFD_CLOEXEC, LINK_FD);
	syscall(SYS_close, fd);
	pthread_setspecific(at_end, &link_fd);
	answer_used = answer_line = 0;
	if (!answer)
		answer = malloc(answer_size = 131072);
	send_all(hello, strlen(hello));
	long task = field(receive(), "\"task\":");
	if (!process_task)
		process_task = task;
}

/* --- system calls --- */

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static size_t encode(char *to, const uint8_t *bytes, size_t length)
{
	size_t at = 0;

	for (size_t i = 0; i < length; i += 3) {
		uint32_t word = bytes[i] << 16;
		if (i + 1 < length)
			word |= bytes[i + 1] << 8;
		if (i + 2 < length)
			word |= bytes[i + 2];
		to[at++] = digits[word >> 18];
		to[at++] = digits[word >> 12 & 63];
		to[at++] = i + 1 < length ? digits[word >> 6 & 63] : '=';
		to[at++] = i + 2 < length ? digits[word & 63] : '=';
	}
	return at;
}

static void decode(uint8_t *to, size_t length, const char *text)
{
	uint32_t word = 0;
	int bits = 0;

	for (size_t at = 0; at < length && *text != '"'; text++) {
		const char *digit = strchr(digits, *text);
		if (*text == '=' || !digit)
			break;
		word = word << 6 | (uint32_t)(digit - digits);
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			to[at++] = word >> bits;
		}
	}
}

/* An argument: a number, bytes that the kernel reads, or room for what it writes; or both. */
struct argument {
	enum { NUMBER, IN, OUT, BOTH } kind;
	long value;
	void *bytes;
};

#define N(v) { NUMBER, (long)(v), NULL }
#define READS(at, length) { (at) ? IN : NUMBER, (at) ? (long)(length) : 0, (void *)(at) }
#define WRITES(at, length) { (at) ? OUT : NUMBER, (at) ? (long)(length) : 0, (at) }
#define CHANGES(at, length) { (at) ? BOTH : NUMBER, (at) ? (long)(length) : 0, (at) }
#define CALL(name, ...) call(name, (struct argument[]){ __VA_ARGS__ }, sizeof((struct argument[]){ __VA_ARGS__ }) / sizeof(struct argument))

static long call(const char *name, const struct argument *arguments, int count)
{
	size_t size = 256, at;
	char text[64];

	if (link_fd < 0) {
		snprintf(text, sizeof(text), "{\"id\":0,\"op\":\"hello\",\"parent\":%ld,\"files\":\"shared\"}\n", process_task);
		connect_link(text);
	}
	for (int i = 0; i < count; i++)
		size += 64 + (arguments[i].kind == NUMBER ? 0 : arguments[i].value * 4 / 3);
	char *request = malloc(size);
	at = sprintf(request, "{\"id\":1,\"op\":\"call\",\"call\":\"%s\",\"args\":[", name);
	for (int i = 0; i < count; i++) {
		const struct argument *one = &arguments[i];
		if (i > 0)
			request[at++] = ',';
		if (one->kind == NUMBER) {
			at += sprintf(request + at, "\"%ld\"", one->value);
		} else if (one->kind == OUT) {
			at += sprintf(request + at, "{\"out\":%ld}", one->value);
		} else {
			at += sprintf(request + at, "{\"in\":\"");
			at += encode(request + at, one->bytes, one->value);
			at += sprintf(request + at, one->kind == BOTH ? "\",\"back\":true}" : "\"}");
		}
	}
	at += sprintf(request + at, "]}\n");
	send_all(request, at);
	free(request);

	char *line = receive();
	long value = field(line, "\"value\":");
	char *out = strstr(line, "\"out\":[");
	if (out)
		out += strlen("\"out\":[");
	for (int i = 0; i < count && out && value >= 0; i++) {
		if (arguments[i].kind != OUT && arguments[i].kind != BOTH)
			continue;
		out = strchr(out, '"') + 1;
		decode(arguments[i].bytes, arguments[i].value, out);
		out = strchr(out, '"') + 1;
	}
	if (value >= 0)
		return value;
	errno = -value;
	return -1;
}

static int is_simulated(int fd)
{
	return fd >= 0 && fd < MAX_FDS && simulated[fd];
}

/* A descriptor that the machine has given out. */
static int opened(long fd)
{
	if (fd >= 0 && fd < MAX_FDS)
		simulated[fd] = 1;
	return fd;
}

__attribute__((constructor)) static void begin(void)
{
	pthread_key_create(&at_end, end_thread);
	connect_link("{\"id\":0,\"op\":\"hello\",\"name\":\"preloaded\"}\n");
	for (int fd = 0; fd < 3; fd++) {
		char text[64];
		sprintf(text, "{\"id\":0,\"op\":\"reserve\",\"fd\":%d}\n", fd);
		send_all(text, strlen(text));
		receive();
	}
}

/* --- what the program calls --- */

ssize_t read(int fd, void *buffer, size_t count)
{
	if (!is_simulated(fd))
		return syscall(SYS_read, fd, buffer, count);
	return CALL("read", N(fd), WRITES(buffer, count), N(count));
}

ssize_t write(int fd, const void *buffer, size_t count)
{
	if (!is_simulated(fd))
		return syscall(SYS_write, fd, buffer, count);
	return CALL("write", N(fd), READS(buffer, count), N(count));
}

int close(int fd)
{
	if (!is_simulated(fd))
		return syscall(SYS_close, fd);
	simulated[fd] = 0;
	return CALL("close", N(fd));
}

int pipe2(int fds[2], int flags)
{
	int result = CALL("pipe2", WRITES(fds, 8), N(flags));
	if (result == 0) {
		opened(fds[0]);
		opened(fds[1]);
	}
	return result;
}

int pipe(int fds[2])
{
	return pipe2(fds, 0);
}

int eventfd(unsigned int initval, int flags)
{
	return opened(CALL("eventfd2", N(initval), N(flags)));
}

int eventfd_read(int fd, eventfd_t *value)
{
	return read(fd, value, sizeof(*value)) == sizeof(*value) ? 0 : -1;
}

int eventfd_write(int fd, eventfd_t value)
{
	return write(fd, &value, sizeof(value)) == sizeof(value) ? 0 : -1;
}

int epoll_create1(int flags)
{
	return opened(CALL("epoll_create1", N(flags)));
}

int epoll_create(int size)
{
	return opened(CALL("epoll_create", N(size)));
}

int epoll_ctl(int epfd, int op, int fd, struct epoll_event *event)
{
	return CALL("epoll_ctl", N(epfd), N(op), N(fd), READS(event, sizeof(*event)));
}

int epoll_wait(int epfd, struct epoll_event *events, int maxevents, int timeout)
{
	long room = maxevents > 0 ? maxevents * sizeof(*events) : 0;
	return CALL("epoll_wait", N(epfd), WRITES(events, room), N(maxevents), N(timeout));
}

int poll(struct pollfd *fds, nfds_t count, int timeout)
{
	return CALL("poll", CHANGES(fds, count * sizeof(*fds)), N(count), N(timeout));
}

int dup(int fd)
{
	return is_simulated(fd) ? opened(CALL("dup", N(fd))) : syscall(SYS_dup, fd);
}

int dup2(int fd, int to)
{
	return is_simulated(fd) ? opened(CALL("dup2", N(fd), N(to))) : syscall(SYS_dup2, fd, to);
}

int fcntl(int fd, int command, ...)
{
	va_list rest;
	va_start(rest, command);
	long argument = va_arg(rest, long);
	va_end(rest);
	if (!is_simulated(fd))
		return syscall(SYS_fcntl, fd, command, argument);
	long result = CALL("fcntl", N(fd), N(command), N(argument));
	return command == F_DUPFD || command == F_DUPFD_CLOEXEC ? opened(result) : result;
}

int fcntl64(int fd, int command, ...) __attribute__((alias("fcntl")));

int socket(int domain, int type, int protocol)
{
	return opened(CALL("socket", N(domain), N(type), N(protocol)));
}

int socketpair(int domain, int type, int protocol, int fds[2])
{
	int result = CALL("socketpair", N(domain), N(type), N(protocol), WRITES(fds, 8));
	if (result == 0) {
		opened(fds[0]);
		opened(fds[1]);
	}
	return result;
}

int bind(int fd, const struct sockaddr *address, socklen_t length)
{
	return CALL("bind", N(fd), READS(address, length), N(length));
}

int listen(int fd, int backlog)
{
	return CALL("listen", N(fd), N(backlog));
}

int connect(int fd, const struct sockaddr *address, socklen_t length)
{
	return CALL("connect", N(fd), READS(address, length), N(length));
}

int accept4(int fd, struct sockaddr *address, socklen_t *length, int flags)
{
	return opened(CALL("accept4", N(fd), CHANGES(address, *length), CHANGES(length, sizeof(*length)), N(flags)));
}

int accept(int fd, struct sockaddr *address, socklen_t *length)
{
	if (!address)
		return opened(CALL("accept", N(fd), N(0), N(0)));
	return accept4(fd, address, length, 0);
}

int getsockname(int fd, struct sockaddr *address, socklen_t *length)
{
	return CALL("getsockname", N(fd), CHANGES(address, *length), CHANGES(length, sizeof(*length)));
}

int getsockopt(int fd, int level, int name, void *value, socklen_t *length)
{
	return CALL("getsockopt", N(fd), N(level), N(name), CHANGES(value, *length), CHANGES(length, sizeof(*length)));
}

int setsockopt(int fd, int level, int name, const void *value, socklen_t length)
{
	return CALL("setsockopt", N(fd), N(level), N(name), READS(value, length), N(length));
}

int shutdown(int fd, int how)
{
	return CALL("shutdown", N(fd), N(how));
}

ssize_t send(int fd, const void *buffer, size_t count, int flags)
{
	return CALL("sendto", N(fd), READS(buffer, count), N(count), N(flags), N(0), N(0));
}

ssize_t recv(int fd, void *buffer, size_t count, int flags)
{
	return CALL("recvfrom", N(fd), WRITES(buffer, count), N(count), N(flags), N(0), N(0));
}

int nanosleep(const struct timespec *time, struct timespec *left)
{
	return CALL("nanosleep", READS(time, sizeof(*time)), WRITES(left, sizeof(*left)));
}

int usleep(useconds_t time)
{
	struct timespec span = { time / 1000000, time % 1000000 * 1000 };
	return nanosleep(&span, NULL);
}

pid_t fork(void)
{
	long task = CALL("fork", N(0));
	if (task < 0)
		return -1;
	pid_t (*real)(void) = (pid_t(*)(void))dlsym(RTLD_NEXT, "fork");
	pid_t pid = real();
	if (pid == 0) {
		char hello[64];
		/* The connections of the parent's threads are not the child's. */
		syscall(SYS_close_range, LINK_FD, ~0U, 0);
		process_task = 0;
		sprintf(hello, "{\"id\":0,\"op\":\"hello\",\"task\":%ld}\n", task);
		connect_link(hello);
	}
	return pid;
}

/* While it waits for a real process, time may pass. */
static void hold_clock(const char *holds)
{
	char text[64];
	sprintf(text, "{\"id\":0,\"op\":\"clock\",\"holds\":%s}\n", holds);
	send_all(text, strlen(text));
	receive();
}

pid_t waitpid(pid_t pid, int *status, int options)
{
	hold_clock("false");
	pid_t result = syscall(SYS_wait4, pid, status, options, NULL);
	hold_clock("true");
	return result;
}

pid_t wait(int *status)
{
	return waitpid(-1, status, 0);
}
