/* A program written against epoll(7): it says what it sees, and must see the same on every Linux. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static int epfd;

static void say(const char *what, long value)
{
	printf("%s: %ld%s%s\n", what, value, value < 0 ? " " : "", value < 0 ? strerrorname_np(errno) : "");
	fflush(stdout);
}

static int watch(int fd, uint32_t events)
{
	struct epoll_event event = { .events = events, .data.fd = fd };
	return epoll_ctl(epfd, EPOLL_CTL_ADD, fd, &event);
}

/* Says what epoll_wait reports. */
static void look(const char *what, int timeout)
{
	struct epoll_event events[8];
	int count = epoll_wait(epfd, events, 8, timeout);
	say(what, count);
	for (int i = 0; i < count; i++)
		printf("  fd %d events %x\n", events[i].data.fd, events[i].events);
	fflush(stdout);
}

static void level_and_edge(void)
{
	int level[2], edge[2];
	char byte;

	say("pipe", pipe(level));
	say("pipe2", pipe2(edge, O_NONBLOCK));
	say("add", watch(level[0], EPOLLIN));
	say("add", watch(edge[0], EPOLLIN | EPOLLET));
	say("add again", watch(edge[0], EPOLLIN));
	look("nothing", 0);
	say("write", write(level[1], "ab", 2));
	say("write", write(edge[1], "ab", 2));
	look("both", 0);
	look("the level alone", 0);
	say("read", read(level[0], &byte, 1));
	say("read", read(edge[0], &byte, 1));
	look("a byte is left", 0);
	say("write", write(edge[1], "c", 1));
	look("an edge again", 0);
	int copy = dup(level[0]);
	close(level[0]);
	look("closed, but for a copy", 0);
	say("delete", epoll_ctl(epfd, EPOLL_CTL_DEL, level[0], NULL));
	close(copy);
	look("closed", 0);
	close(edge[1]);
	look("hang-up", 0);
	close(edge[0]);
	close(level[1]);
}

static void *waker(void *argument)
{
	int *fds = argument;
	struct epoll_event event;
	int own = epoll_create1(EPOLL_CLOEXEC);
	struct epoll_event wanted = { .events = EPOLLIN, .data.u64 = 0x123456789abcdef0 };
	uint64_t value = 0;

	epoll_ctl(own, EPOLL_CTL_ADD, fds[0], &wanted);
	say("thread woken", epoll_wait(own, &event, 1, -1));
	printf("  data %lx\n", (unsigned long)event.data.u64);
	say("thread reads", read(fds[0], &value, 8));
	say("value", value);
	value = 7;
	say("thread answers", write(fds[1], &value, 8));
	close(own);
	return NULL;
}

static void threads(void)
{
	int fds[2] = { eventfd(0, 0), eventfd(0, 0) };
	pthread_t thread;
	uint64_t value = 41;

	write(fds[0], &value, 8);
	pthread_create(&thread, NULL, waker, fds);
	read(fds[1], &value, 8);
	pthread_join(thread, NULL);
	say("answer", value);
	close(fds[0]);
	close(fds[1]);
}

static void child_writes(void)
{
	int fds[2], stay[2];
	char text[16];

	pipe(fds);
	pipe(stay);
	watch(fds[0], EPOLLIN);
	if (fork() == 0) {
		close(fds[0]);
		close(stay[1]);
		look("the child sees nothing", 20);
		write(fds[1], "from the child", 14);
		/* Until the parent lets it go. */
		read(stay[0], text, 1);
		_exit(0);
	}
	close(fds[1]);
	close(stay[0]);
	look("the child has written", -1);
	say("read", read(fds[0], text, sizeof(text)));
	printf("  %.14s\n", text);
	close(stay[1]);
	wait(NULL);
	look("the child is gone", -1);
	say("end", read(fds[0], text, sizeof(text)));
	close(fds[0]);
}

static void tcp(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t length = sizeof(address);
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1;
	char text[16] = "";

	say("SO_REUSEADDR", setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)));
	say("bind", bind(listener, (struct sockaddr *)&address, sizeof(address)));
	say("listen", listen(listener, 8));
	getsockname(listener, (struct sockaddr *)&address, &length);
	say("accept", accept(listener, NULL, NULL));
	watch(listener, EPOLLIN);
	if (fork() == 0) {
		int fd = socket(AF_INET, SOCK_STREAM, 0);
		connect(fd, (struct sockaddr *)&address, sizeof(address));
		send(fd, "hello", 5, 0);
		shutdown(fd, SHUT_WR);
		recv(fd, text, sizeof(text), 0);
		_exit(strcmp(text, "HELLO") == 0 ? 0 : 1);
	}
	look("a client", -1);
	int fd = accept4(listener, (struct sockaddr *)&address, &length, 0);
	say("from loopback", ntohl(address.sin_addr.s_addr) == INADDR_LOOPBACK);
	say("read", read(fd, text, sizeof(text)));
	say("end", read(fd, text + 8, 8));
	struct pollfd polled = { .fd = fd, .events = POLLIN | POLLOUT | POLLRDHUP };
	say("poll", poll(&polled, 1, 1000));
	printf("  revents %x\n", polled.revents);
	for (int i = 0; i < 5; i++)
		text[i] -= 32;
	say("write", write(fd, text, 5));
	int status;
	wait(&status);
	say("the child has heard", WEXITSTATUS(status) == 0);
	close(fd);
	close(listener);
}

int main(void)
{
	int pair[2];

	epfd = epoll_create1(0);
	say("epoll", epfd);
	level_and_edge();
	say("itself", watch(epfd, EPOLLIN));
	say("nobody", watch(500, EPOLLIN));
	say("maxevents", epoll_wait(epfd, NULL, 0, 0));
	look("a tenth of a second", 100);
	socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair);
	watch(pair[0], EPOLLIN | EPOLLOUT | EPOLLRDHUP);
	look("writable", 0);
	say("nothing to read", read(pair[0], &epfd, 0));
	close(pair[1]);
	look("gone", 0);
	close(pair[0]);
	say("flags", fcntl(epfd, F_GETFL));
	threads();
	child_writes();
	tcp();
	return 0;
}
