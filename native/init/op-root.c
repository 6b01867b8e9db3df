// pivotRoot, moveRoot, chroot: which directory is /. See pivot_root(2).
#include <sys/mount.h>
#include <sys/syscall.h>

#include "kernel.h"
#include "mounting.h"
#include "resolve.h"

#define MAX_COVERS 8

// umount2 takes what is mounted on top of a directory: where something else covered the old root, that is gone now and the old
// root still lies over the new one, and would be the root of whoever joins this namespace. ".." of the root crosses into it.
static int uncover_root(struct iso_context *c) {
  struct iso_open_how how = {.flags = O_PATH | O_CLOEXEC, .resolve = ISO_RESOLVE_NO_XDEV};
  for (int i = 0; i < MAX_COVERS; i++) {
    if (chdir("/") < 0) return iso_fail(c, "chdir", "/");
    ISO_CLEANUP_FD int above = (int)syscall(SYS_openat2, AT_FDCWD, "/..", &how, sizeof how);
    if (above >= 0) return 0;
    if (errno != EXDEV || chdir("/..") < 0 || umount2(".", MNT_DETACH) < 0) return iso_fail(c, "umount2", "/..");
  }
  return iso_fail_with(c, EBUSY, "umount2", "/..");
}

// pivot_root(".", ".") stacks the old root over the new one, so that no directory for it is needed; it is then let go of
// through a descriptor taken before.
int iso_do_pivot_root(struct iso_context *c, const struct iso_pivot_root *a) {
  ISO_CLEANUP_FD int old = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (old < 0) return iso_fail(c, "openat", "/");
  if (fchdir(iso_slot(c, a->slot)) < 0) return iso_fail(c, "fchdir", NULL);
  if (syscall(SYS_pivot_root, ".", ".") < 0) return iso_fail(c, "pivot_root", NULL);
  if (fchdir(old) < 0) return iso_fail(c, "fchdir", NULL);
  // Detaching must not spread to the host, whatever propagation the old root has by now.
  if (mount(NULL, ".", NULL, MS_SLAVE | MS_REC, NULL) < 0) return iso_fail(c, "mount", ".");
  if (umount2(".", MNT_DETACH) < 0) return iso_fail(c, "umount2", ".");
  return uncover_root(c);
}

int iso_do_move_root(struct iso_context *c, const struct iso_move_root *a) {
  if (fchdir(iso_slot(c, a->slot)) < 0) return iso_fail(c, "fchdir", NULL);
  if (mount(".", "/", NULL, MS_MOVE, NULL) < 0) return iso_fail(c, "mount", "/");
  if (chroot(".") < 0) return iso_fail(c, "chroot", ".");
  return chdir("/") < 0 ? iso_fail(c, "chdir", "/") : 0;
}

int iso_do_chroot(struct iso_context *c, const struct iso_chroot *a) {
  ISO_CLEANUP_FD int dir = iso_open(c, a->in, a->path, O_PATH | O_DIRECTORY, 0, 0);
  if (dir < 0) return iso_fail_with(c, -dir, "openat2", a->path);
  if (fchdir(dir) < 0) return iso_fail(c, "fchdir", a->path);
  if (chroot(".") < 0) return iso_fail(c, "chroot", a->path);
  return chdir("/") < 0 ? iso_fail(c, "chdir", "/") : 0;
}
