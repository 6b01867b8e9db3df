// setns, unshare, hostname, domainname, idMap, becomeRoot: namespaces and what belongs to them. See namespaces(7).
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "child.h"
#include "kernel.h"
#include "resolve.h"

static const struct {
  uint64_t flag;
  const char *name;
} kinds[] = {
    {0x10000000, "user"}, {0x00020000, "mnt"}, {0x08000000, "ipc"}, {0x04000000, "uts"},
    {0x40000000, "net"},  {0x02000000, "cgroup"}, {0x20000000, "pid_for_children"}, {0x00000080, "time_for_children"},
};

static bool same_file(const char *a, int dir, const char *b) {
  struct stat x, y;
  return stat(a, &x) == 0 && fstatat(dir, b, &y, 0) == 0 && x.st_ino == y.st_ino && x.st_dev == y.st_dev;
}

// setns(pidfd) with the bit of a user namespace we are in already fails whole with EINVAL: bits of equal namespaces are dropped.
static uint64_t drop_equal(int pidfd, uint64_t wanted) {
  char line[64], path[64];
  snprintf(path, sizeof path, "/proc/self/fdinfo/%d", pidfd);
  FILE *info = fopen(path, "re");
  int pid = 0;
  while (info && fgets(line, sizeof line, info)) {
    if (sscanf(line, "Pid: %d", &pid) == 1) break;
  }
  if (info) fclose(info);
  if (pid <= 0) return wanted;
  snprintf(path, sizeof path, "/proc/%d/ns", pid);
  ISO_CLEANUP_FD int dir = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
  for (size_t i = 0; dir >= 0 && i < sizeof kinds / sizeof *kinds; i++) {
    snprintf(path, sizeof path, "/proc/self/ns/%s", kinds[i].name);
    const char *theirs = strcmp(kinds[i].name, "pid_for_children") == 0    ? "pid"
                         : strcmp(kinds[i].name, "time_for_children") == 0 ? "time"
                                                                           : kinds[i].name;
    if ((wanted & kinds[i].flag) && same_file(path, dir, theirs)) wanted &= ~kinds[i].flag;
  }
  return wanted;
}

static bool is_pidfd(int fd) {
  char link[64], path[64];
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  ssize_t n = readlink(path, link, sizeof link - 1);
  if (n < 0) return false;
  link[n] = 0;
  return strstr(link, "[pidfd]") || strncmp(link, "pidfd:", 6) == 0;
}

int iso_do_setns(struct iso_context *c, const struct iso_setns *a) {
  int fd = iso_slot(c, a->slot);
  uint64_t wanted = a->namespaces;
  if (is_pidfd(fd)) {
    wanted = drop_equal(fd, wanted);
    if (wanted == 0) return 0;
  }
  if (setns(fd, (int)wanted) < 0) return iso_fail(c, "setns", NULL);
  uint64_t entered = wanted ? wanted : (uint64_t)ioctl(fd, ISO_NS_GET_NSTYPE);
  if (entered & 0x10000000) c->joined_user = true;
  return 0;
}

int iso_do_unshare(struct iso_context *c, const struct iso_unshare *a) {
  return unshare((int)a->namespaces) < 0 ? iso_fail(c, "unshare", NULL) : 0;
}

int iso_do_hostname(struct iso_context *c, const struct iso_hostname *a) {
  return sethostname(a->name, strlen(a->name)) < 0 ? iso_fail(c, "sethostname", a->name) : 0;
}

int iso_do_domainname(struct iso_context *c, const struct iso_domainname *a) {
  return setdomainname(a->name, strlen(a->name)) < 0 ? iso_fail(c, "setdomainname", a->name) : 0;
}

static int write_proc(struct iso_context *c, const char *file, const char *text) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/%s", (int)c->child, file);
  ISO_CLEANUP_FD int fd = open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return iso_fail(c, "openat", path);
  return write(fd, text, strlen(text)) < 0 ? iso_fail(c, "write", path) : 0;
}

int iso_do_id_map(struct iso_context *c, const struct iso_id_map *a) {
  if (a->deny_setgroups) {
    int r = write_proc(c, "setgroups", "deny");
    if (r < 0) return r;
  }
  return write_proc(c, a->kind == 0 ? "uid_map" : "gid_map", a->map);
}

int iso_do_oom_score_adj(struct iso_context *c, const struct iso_oom_score_adj *a) {
  char text[16];
  snprintf(text, sizeof text, "%d", (int)a->value);
  return write_proc(c, "oom_score_adj", text);
}

// In a user namespace that is new to it the process has every capability, but its ids are not mapped: files it makes would belong
// to nobody. Where it stayed in its own nothing is done. The groups of a joined one may be frozen (setgroups=deny): those that
// cannot be let go of stay. The calls are made raw: musl's setresuid would look for other threads through signals, and there
// are none.
int iso_do_become_root(struct iso_context *c, const void *a) {
  (void)a;
  if (!c->new_user && !c->joined_user) return 0;
  if (c->joined_user && !c->new_user && syscall(SYS_setgroups, 0, NULL) < 0 && errno != EPERM) return iso_fail(c, "setgroups", NULL);
  if (syscall(SYS_setresgid, 0, 0, 0) < 0) return iso_fail(c, "setresgid", NULL);
  if (syscall(SYS_setresuid, 0, 0, 0) < 0) return iso_fail(c, "setresuid", NULL);
  // The change of ids gave its files in /proc to the root of the machine, and timens_offsets is still to be written. In a user namespace
  // that was made here nobody is there to trace it; in a joined one there is (CVE-2016-9962).
  if (!c->joined_user && prctl(PR_SET_DUMPABLE, 1) < 0) return iso_fail(c, "prctl", "PR_SET_DUMPABLE");
  return iso_child_still_wanted(c);
}
