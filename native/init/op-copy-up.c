// copyUp: the tree of a directory into another one, for a tmpfs that begins with what it covers. Both ends are held as descriptors and
// no link is followed, because the tree belongs to an image. See copy_file_range(2), xattr(7).
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#include "mounting.h"
#include "resolve.h"

#define DEEPEST 256

struct copy {
  struct iso_context *c;
  const char *path;  // of the target, for messages
  dev_t device;      // of the source: what is mounted below it stays out
};

static int fail(const struct copy *k, const char *syscall) { return iso_fail(k->c, syscall, k->path); }

static int copy_content(const struct copy *k, int from, int to) {
  for (;;) {
    ssize_t n = sendfile(to, from, NULL, 1 << 20);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail(k, "sendfile");
    if (n == 0) return 0;
  }
}

static int copy_attributes(const struct copy *k, int from, int to) {
  static char names[65536], value[65536];
  struct iso_self_path a = iso_self_path(from), b = iso_self_path(to);
  ssize_t length = listxattr(a.text, names, sizeof names);
  for (char *name = names; length > 0 && name < names + length; name += strlen(name) + 1) {
    ssize_t n = getxattr(a.text, name, value, sizeof value);
    // A tmpfs of an older kernel has no user attributes, and a user namespace may not set trusted ones.
    if (n >= 0 && setxattr(b.text, name, value, (size_t)n, 0) < 0 && errno != EOPNOTSUPP && errno != EPERM) return fail(k, "setxattr");
  }
  return 0;
}

static int copy_directory(struct copy *k, int from, int to, int depth);

static int copy_regular(const struct copy *k, int from, int to, const char *name, const struct stat *st) {
  ISO_CLEANUP_FD int in = openat(from, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (in < 0) return fail(k, "openat");
  ISO_CLEANUP_FD int out = openat(to, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (out < 0) return fail(k, "openat");
  int r = copy_content(k, in, out);
  if (r < 0) return r;
  if (fchown(out, st->st_uid, st->st_gid) < 0) return fail(k, "fchown");
  if (fchmod(out, st->st_mode & 07777) < 0) return fail(k, "fchmod");
  return copy_attributes(k, in, out);
}

static int copy_link(const struct copy *k, int from, int to, const char *name, const struct stat *st) {
  char target[4097];
  ssize_t n = readlinkat(from, name, target, sizeof target - 1);
  if (n < 0) return fail(k, "readlinkat");
  target[n] = 0;
  if (symlinkat(target, to, name) < 0) return fail(k, "symlinkat");
  return fchownat(to, name, st->st_uid, st->st_gid, AT_SYMLINK_NOFOLLOW) < 0 ? fail(k, "fchownat") : 0;
}

static int copy_subdirectory(struct copy *k, int from, int to, const char *name, const struct stat *st, int depth) {
  ISO_CLEANUP_FD int in = openat(from, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (in < 0) return fail(k, "openat");
  if (mkdirat(to, name, 0700) < 0) return fail(k, "mkdirat");
  ISO_CLEANUP_FD int out = openat(to, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (out < 0) return fail(k, "openat");
  int r = st->st_dev == k->device ? copy_directory(k, in, out, depth + 1) : 0;
  if (r < 0) return r;
  if (fchown(out, st->st_uid, st->st_gid) < 0) return fail(k, "fchown");
  if (fchmod(out, st->st_mode & 07777) < 0) return fail(k, "fchmod");
  return copy_attributes(k, in, out);
}

static int copy_entry(struct copy *k, int from, int to, const char *name, int depth) {
  struct stat st;
  if (fstatat(from, name, &st, AT_SYMLINK_NOFOLLOW) < 0) return fail(k, "newfstatat");
  int r = 0;
  if (S_ISREG(st.st_mode)) r = copy_regular(k, from, to, name, &st);
  else if (S_ISLNK(st.st_mode)) r = copy_link(k, from, to, name, &st);
  else if (S_ISDIR(st.st_mode)) r = copy_subdirectory(k, from, to, name, &st, depth);
  else if (mknodat(to, name, st.st_mode, st.st_rdev) < 0) return errno == EPERM ? 0 : fail(k, "mknodat");
  if (r < 0) return r;
  struct timespec times[2] = {st.st_atim, st.st_mtim};
  return utimensat(to, name, times, AT_SYMLINK_NOFOLLOW) < 0 ? fail(k, "utimensat") : 0;
}

static int copy_directory(struct copy *k, int from, int to, int depth) {
  if (depth > DEEPEST) return iso_fail_with(k->c, ENAMETOOLONG, "openat", k->path);
  int copy = fcntl(from, F_DUPFD_CLOEXEC, 3);
  DIR *list = copy < 0 ? NULL : fdopendir(copy);
  if (!list) return fail(k, "getdents64");
  int r = 0;
  for (struct dirent *e; r == 0 && (e = readdir(list));) {
    if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0) r = copy_entry(k, from, to, e->d_name, depth);
  }
  closedir(list);
  return r;
}

int iso_do_copy_up(struct iso_context *c, const struct iso_copy_up *a) {
  struct iso_self_path source = iso_self_path(iso_slot(c, a->from));
  ISO_CLEANUP_FD int from = open(source.text, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (from < 0) return iso_fail(c, "openat", a->path);
  ISO_CLEANUP_FD int to = iso_open(c, a->in, a->path, O_RDONLY | O_DIRECTORY, 0, 0);
  if (to < 0) return iso_fail_with(c, -to, "openat2", a->path);
  struct stat st;
  if (fstat(from, &st) < 0) return iso_fail(c, "fstat", a->path);
  struct copy k = {c, a->path, st.st_dev};
  return copy_directory(&k, from, to, 0);
}
