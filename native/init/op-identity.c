// capBounding, setgroups, setgid, setuid, umask, chdir, and the lockdown: securebits, capSet, noNewPrivs, seccomp, inheritFd.
// See capabilities(7). The ids are set by raw system calls: this process has one thread.
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "child.h"
#include "rights.h"

#define CAP_LAST_POSSIBLE 63

int iso_do_cap_bounding(struct iso_context *c, const struct iso_cap_bounding *a) {
  for (int cap = 0; cap <= CAP_LAST_POSSIBLE; cap++) {
    if (a->keep >> cap & 1) continue;
    int held = prctl(PR_CAPBSET_READ, cap);
    if (held < 0) return 0;  // beyond the last capability of this kernel
    if (held == 1 && prctl(PR_CAPBSET_DROP, cap) < 0) return iso_fail(c, "prctl", "PR_CAPBSET_DROP");
  }
  return 0;
}

int iso_do_setgroups(struct iso_context *c, const struct iso_setgroups *a) {
  gid_t *gids = malloc((a->gids.count ? a->gids.count : 1) * sizeof *gids);
  if (!gids) return iso_fail_with(c, ENOMEM, "setgroups", NULL);
  for (uint32_t i = 0; i < a->gids.count; i++) gids[i] = iso_u32s_item(&a->gids, i);
  long r = syscall(SYS_setgroups, a->gids.count, gids);
  int error = errno;
  free(gids);
  return r < 0 ? iso_fail_with(c, error, "setgroups", NULL) : 0;
}

int iso_do_setgid(struct iso_context *c, const struct iso_setgid *a) {
  return syscall(SYS_setresgid, a->gid, a->gid, a->gid) < 0 ? iso_fail(c, "setresgid", NULL) : 0;
}

int iso_do_setuid(struct iso_context *c, const struct iso_setuid *a) {
  if (prctl(PR_SET_KEEPCAPS, 1) < 0) return iso_fail(c, "prctl", "PR_SET_KEEPCAPS");
  if (syscall(SYS_setresuid, a->uid, a->uid, a->uid) < 0) return iso_fail(c, "setresuid", NULL);
  return iso_child_still_wanted(c);
}

int iso_do_umask(struct iso_context *c, const struct iso_umask *a) {
  (void)c;
  umask((mode_t)a->mask);
  return 0;
}

// CVE-2024-21626: a working directory reached through a leaked descriptor lies outside the root; getcwd then says "(unreachable)".
int iso_do_chdir(struct iso_context *c, const struct iso_chdir *a) {
  char where[8192];
  if (chdir(a->path) < 0) return iso_fail(c, "chdir", a->path);
  if (syscall(SYS_getcwd, where, sizeof where) < 0) return iso_fail(c, "getcwd", a->path);
  return where[0] == '/' ? 0 : iso_fail_with(c, EXDEV, "getcwd", a->path);
}

int iso_do_securebits(struct iso_context *c, const struct iso_securebits *a) {
  return prctl(PR_SET_SECUREBITS, (unsigned long)a->bits) < 0 ? iso_fail(c, "prctl", "PR_SET_SECUREBITS") : 0;
}

int iso_do_cap_set(struct iso_context *c, const struct iso_cap_set *a) {
  struct {
    uint32_t version;
    int pid;
  } header = {0x20080522, 0};
  struct {
    uint32_t effective, permitted, inheritable;
  } data[2];
  for (int i = 0; i < 2; i++) {
    data[i].effective = (uint32_t)(a->effective >> (32 * i));
    data[i].permitted = (uint32_t)(a->permitted >> (32 * i));
    data[i].inheritable = (uint32_t)(a->inheritable >> (32 * i));
  }
  if (syscall(SYS_capset, &header, data) < 0) return iso_fail(c, "capset", NULL);
  if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0 && errno != EINVAL) return iso_fail(c, "prctl", "PR_CAP_AMBIENT");
  for (int cap = 0; cap <= CAP_LAST_POSSIBLE; cap++) {
    if (!(a->ambient >> cap & 1)) continue;
    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, cap, 0, 0) < 0) return iso_fail(c, "prctl", "PR_CAP_AMBIENT");
  }
  return 0;
}

int iso_do_no_new_privs(struct iso_context *c, const void *a) {
  (void)a;
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ? iso_fail(c, "prctl", "PR_SET_NO_NEW_PRIVS") : 0;
}

int iso_do_seccomp(struct iso_context *c, const struct iso_seccomp *a) {
  if (a->filter.length == 0 || a->filter.length % 8 || a->filter.length / 8 > 4096) return iso_fail_with(c, EINVAL, "seccomp", NULL);
  struct sock_fprog program = {(unsigned short)(a->filter.length / 8), NULL};
  struct sock_filter *aligned = malloc(a->filter.length);
  if (!aligned) return iso_fail_with(c, ENOMEM, "seccomp", NULL);
  memcpy(aligned, a->filter.data, a->filter.length);
  program.filter = aligned;
  long r = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, (unsigned long)a->flags, &program);
  if (r < 0) return iso_fail(c, "seccomp", NULL);
  if (r > 0 && (a->flags & SECCOMP_FILTER_FLAG_NEW_LISTENER)) {
    // A container of the role create has no supervisor any more: the listener goes to whoever said start.
    int fd = (int)r;
    ssize_t sent = c->starter < 0 ? iso_sync_send(c->sync, ISO_SYNC_LISTENER, 0, fd) : iso_send(c->starter, "l", 1, &fd, 1, 0);
    close(fd);
    if (sent < 0) return iso_fail_with(c, (int)-sent, "sendmsg", "seccomp listener");
  }
  return 0;
}

// Numbers are handed over in the order of the plan, so a later one may overwrite a descriptor that an earlier one still needs as its
// source: slots were moved above every wanted number when the child began (child.c).
int iso_do_inherit_fd(struct iso_context *c, const struct iso_inherit_fd *a) {
  int fd = iso_slot(c, a->slot);
  if (fd < 0) return iso_fail_with(c, EBADF, "dup3", NULL);
  return iso_keep_fd(c, fd, (int)a->number);
}
