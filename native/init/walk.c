// The slow and sure resolver, for when openat2(RESOLVE_IN_ROOT) keeps failing with EAGAIN. See walk.h.
#include "walk.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_DEPTH 256
#define MAX_LINKS 40  // what the kernel allows (MAXSYMLINKS)

struct walk {
  int stack[MAX_DEPTH];
  int depth;
};

static int top(const struct walk *w) { return w->stack[w->depth - 1]; }

static void pop_to(struct walk *w, int depth) {
  while (w->depth > depth) close(w->stack[--w->depth]);
}

static int reopen(int fd, int flags) {
  char self[32];
  snprintf(self, sizeof self, "/proc/self/fd/%d", fd);
  int opened = open(self, (flags & ~(O_NOFOLLOW | O_CREAT | O_EXCL)) | O_CLOEXEC);
  return opened < 0 ? -errno : opened;
}

// Puts the target of the link in front of what is left of the path.
static int follow(struct walk *w, int link, char *rest, size_t size) {
  char target[PATH_MAX];
  ssize_t n = readlinkat(link, "", target, sizeof target - 1);
  if (n < 0) return -errno;
  target[n] = 0;
  size_t left = strlen(rest);
  if ((size_t)n + 1 + left >= size) return -ENAMETOOLONG;
  memmove(rest + n + 1, rest, left + 1);
  memcpy(rest, target, (size_t)n);
  rest[n] = '/';
  if (target[0] == '/') pop_to(w, 1);
  return 0;
}

static int finish(struct walk *w, const char *name, int flags, mode_t mode) {
  if (flags & O_CREAT) {
    int fd = openat(top(w), name, flags | O_NOFOLLOW | O_CLOEXEC, mode);
    return fd < 0 ? -errno : fd;
  }
  int path = openat(top(w), name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
  if (path < 0) return -errno;
  if (flags & O_PATH) return path;
  int fd = reopen(path, flags);
  close(path);
  return fd;
}

static int walk(struct walk *w, char *rest, size_t size, int flags, mode_t mode) {
  for (int links = 0;;) {
    char *at = rest + strspn(rest, "/");
    size_t n = strcspn(at, "/");
    if (n > NAME_MAX) return -ENAMETOOLONG;
    char name[NAME_MAX + 1];
    memcpy(name, at, n);
    name[n] = 0;
    memmove(rest, at + n, strlen(at + n) + 1);
    bool last = rest[strspn(rest, "/")] == 0;
    if (n == 0) return flags & O_PATH ? fcntl(top(w), F_DUPFD_CLOEXEC, 0) : reopen(top(w), flags);
    if (strcmp(name, ".") == 0) continue;
    if (strcmp(name, "..") == 0) {
      if (w->depth > 1) pop_to(w, w->depth - 1);
      continue;
    }
    int next = openat(top(w), name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    if (next < 0) return last && errno == ENOENT && (flags & O_CREAT) ? finish(w, name, flags, mode) : -errno;
    struct stat st;
    if (fstat(next, &st) < 0) {
      close(next);
      return -errno;
    }
    if (S_ISLNK(st.st_mode) && !(last && (flags & O_NOFOLLOW))) {
      int r = ++links > MAX_LINKS ? -ELOOP : follow(w, next, rest, size);
      close(next);
      if (r < 0) return r;
      continue;
    }
    if (last && !S_ISDIR(st.st_mode)) {
      close(next);
      return flags & O_DIRECTORY ? -ENOTDIR : finish(w, name, flags, mode);
    }
    if (!S_ISDIR(st.st_mode)) {
      close(next);
      return -ENOTDIR;
    }
    if (w->depth == MAX_DEPTH) {
      close(next);
      return -ENAMETOOLONG;
    }
    w->stack[w->depth++] = next;
  }
}

int iso_walk(int root, const char *path, int flags, mode_t mode) {
  struct walk w = {.depth = 0};
  char rest[2 * PATH_MAX];
  if (strlen(path) >= PATH_MAX) return -ENAMETOOLONG;
  strcpy(rest, path);
  int base = fcntl(root, F_DUPFD_CLOEXEC, 0);
  if (base < 0) return -errno;
  w.stack[w.depth++] = base;
  int fd = walk(&w, rest, sizeof rest, flags, mode);
  pop_to(&w, 0);
  return fd;
}
