// The real kernel's time for write + epoll_wait + read on a descriptor that becomes ready by the write.
// usage: ready_loop eventfd|pipe|socketpair ROUNDS    prints the best nanoseconds a round of 10 samples
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  long rounds = atol(argv[2]);
  int ends[2];
  if (!strcmp(argv[1], "eventfd")) ends[0] = ends[1] = eventfd(0, EFD_NONBLOCK);
  else if (!strcmp(argv[1], "pipe")) { if (pipe(ends)) return 1; }
  else if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends)) return 1;
  int epfd = epoll_create1(0);
  epoll_event interest{};
  interest.events = EPOLLIN;
  if (epoll_ctl(epfd, EPOLL_CTL_ADD, ends[0], &interest)) return 1;
  epoll_event events[8];
  uint64_t word = 1;
  double best = 1e18;
  for (int sample = 0; sample < 10; sample++) {
    auto start = std::chrono::steady_clock::now();
    for (long i = 0; i < rounds; i++) {
      if (write(ends[1], &word, 8) != 8) return 1;
      if (epoll_wait(epfd, events, 8, -1) != 1) return 1;
      if (read(ends[0], &word, 8) != 8) return 1;
    }
    double ns = std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - start).count() / rounds;
    if (ns < best) best = ns;
  }
  printf("%f\n", best);
}
