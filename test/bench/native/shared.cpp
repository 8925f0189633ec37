// libstdc++'s shared_ptr beside the machine's: one is copied, and the copy dropped, in a process of one thread.
// usage: shared COUNT    prints the best nanoseconds a copy and drop of 50 samples
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  size_t count = strtoull(argv[1], nullptr, 10);
  std::shared_ptr<int> from(new int(1));
  double best = 1e18;
  for (int sample = 0; sample < 50; sample++) {
    auto start = std::chrono::steady_clock::now();
    for (size_t i = 0; i < count; i++) {
      std::shared_ptr<int> copy(from);
      asm volatile("" : : "r"(&copy) : "memory"); // the copy is there, and the count
    }
    double ns = std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - start).count() / count;
    if (ns < best) best = ns;
  }
  printf("%f\n", best);
}
