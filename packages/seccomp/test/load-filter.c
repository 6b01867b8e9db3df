// Loads a filter and makes system calls under it, so that tests see what the kernel does.
//
//   load-filter FILTER FLAGS syscall|int80 NUMBER [ARGUMENT]...   prints "result errno" of one call
//   load-filter FILTER FLAGS exec PROGRAM [ARGUMENT]...           replaces itself
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

// The i386 way in, which a 64-bit program can use as well.
static long int80(long nr, const long *a) {
#if defined(__x86_64__)
  long result;
  __asm__ volatile("int $0x80" : "=a"(result) : "a"(nr), "b"(a[0]), "c"(a[1]), "d"(a[2]), "S"(a[3]), "D"(a[4]) : "memory", "r8", "r9", "r10", "r11");
  return (int)result;
#else
  (void)nr, (void)a;
  return -ENOSYS;
#endif
}

int main(int argc, char **argv) {
  static struct sock_filter code[4096];
  if (argc < 5) return 2;
  int fd = open(argv[1], O_RDONLY | O_CLOEXEC);
  ssize_t bytes = read(fd, code, sizeof code);
  close(fd);
  if (bytes <= 0) return 2;
  struct sock_fprog program = {.len = bytes / sizeof *code, .filter = code};
  long a[6] = {0};
  if (strcmp(argv[3], "exec"))
    for (int i = 5; i < argc && i < 11; i++) a[i - 5] = strtoull(argv[i], NULL, 0);
  long nr = strtoull(argv[4], NULL, 0);
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) return 3;
  if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, strtoul(argv[2], NULL, 0), &program)) {
    fprintf(stderr, "seccomp: %s\n", strerror(errno));
    return 3;
  }
  if (!strcmp(argv[3], "exec")) {
    execv(argv[4], argv + 4);
    return 127;
  }
  long result;
  if (!strcmp(argv[3], "int80")) {
    result = int80(nr, a);
    errno = result < 0 ? -result : 0;
    if (result < 0) result = -1;
  } else {
    errno = 0;
    result = syscall(nr, a[0], a[1], a[2], a[3], a[4], a[5]);
  }
  printf("%ld %d\n", result, errno);
  return 0;
}
