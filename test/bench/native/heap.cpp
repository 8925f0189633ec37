// glibc's malloc() and free() beside the machine's: the same stream of calls, over and over.
// usage: heap FILE    FILE: words of 32 bits: a slot in 12 bits, how many bytes are wanted in 20; none: it is freed.
// prints the best nanoseconds a call of 200 samples
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

static void* slots[4096];

__attribute__((noinline)) static void run(const std::vector<uint32_t>& calls) {
  for (uint32_t call : calls) {
    void*& slot = slots[call >> 20];
    uint32_t bytes = call & 0xfffff;
    if (bytes) slot = malloc(bytes);
    else free(slot);
    asm volatile("" ::: "memory"); // nobody may leave a pair of calls out
  }
}

int main(int argc, char** argv) {
  FILE* file = argc == 2 ? fopen(argv[1], "rb") : nullptr;
  if (!file) return 2;
  std::vector<uint32_t> calls;
  uint32_t call;
  while (fread(&call, sizeof call, 1, file) == 1) calls.push_back(call);
  fclose(file);
  double best = 1e18;
  for (int sample = 0; sample < 200; sample++) {
    auto start = std::chrono::steady_clock::now();
    run(calls);
    double ns = std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - start).count();
    if (ns / calls.size() < best) best = ns / calls.size();
  }
  printf("%f\n", best);
}
