// Runs streams of allocations on this computer's C library, each in a process whose heap is untouched.
//
// Standard input: lines "m slot bytes", "c slot bytes", "a slot alignment bytes", "r slot bytes", "f slot"; an empty line ends
// a stream. Standard output: for each line where the memory lies, from the beginning of the heap on, or M for a mapping of
// its own, or 0; how much of it can be used; and where the heap ends. All hexadecimal. An empty line ends a stream.
//
// Nothing here allocates but the streams.
#define _GNU_SOURCE
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SLOTS = 256, INPUT = 1 << 26, OUTPUT = 1 << 20 };

static char input[INPUT];
static char output[OUTPUT];
static size_t used;
static void *slots[SLOTS];
static char *base;

static void flush(void) {
  for (size_t done = 0; done < used;) {
    ssize_t n = write(1, output + done, used - done);
    if (n <= 0) _exit(1);
    done += n;
  }
  used = 0;
}

static void put(char c) {
  if (used == OUTPUT) flush();
  output[used++] = c;
}

static void put_hex(uint64_t value) {
  char digits[16];
  int n = 0;
  do digits[n++] = "0123456789abcdef"[value & 15];
  while (value >>= 4);
  while (n > 0) put(digits[--n]);
}

static uint64_t number(char **at) {
  uint64_t value = 0;
  while (**at == ' ') ++*at;
  while (**at >= '0' && **at <= '9') value = value * 10 + (*(*at)++ - '0');
  return value;
}

static void report(void *p) {
  char *end = sbrk(0);
  if (base == NULL) base = end;
  if (p == NULL) put('0');
  else if ((((size_t *)p)[-1] & 2) != 0) put('M');
  else put_hex((uint64_t)((char *)p - base));
  put(' ');
  put_hex(malloc_usable_size(p));
  put(' ');
  put_hex((uint64_t)(end - base));
  put('\n');
}

static void stream(char *at) {
  base = sbrk(0);
  while (*at != '\n' && *at != 0) {
    char what = *at++;
    uint64_t slot = number(&at);
    uint64_t first = number(&at);
    void **p = &slots[slot % SLOTS];
    if (what == 'm') *p = malloc(first);
    if (what == 'c') *p = calloc(1, first);
    if (what == 'a') *p = aligned_alloc(first, number(&at));
    if (what == 'r') *p = realloc(*p, first);
    if (what == 'f') {
      free(*p);
      *p = NULL;
    }
    report(*p);
    while (*at != 0 && *at++ != '\n') {
    }
  }
  put('\n');
  flush();
}

int main(void) {
  size_t n = 0;
  for (ssize_t got; n < INPUT - 1 && (got = read(0, input + n, INPUT - 1 - n)) > 0;) n += got;
  for (char *at = input; *at != 0;) {
    pid_t child = fork();
    if (child < 0) return 1;
    if (child == 0) {
      stream(at);
      _exit(0);
    }
    int status;
    waitpid(child, &status, 0);
    if (status != 0) return 2;
    at = strstr(at, "\n\n");
    if (at == NULL) break;
    at += 2;
  }
  return 0;
}
