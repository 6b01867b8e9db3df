// Mounts: propagation, fsMount, openTree, mountSetattr, moveMount, mount, bind, mask, readonly, unmount. See mount(2).
// Targets are always descriptors, resolved beneath the new root; sources are descriptors wherever they are paths of a host.
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>

#include "kernel.h"
#include "mounting.h"
#include "resolve.h"

// In a plain chroot `/` is no mount point, and no path leads to the mount it lies in: from the root of the mount namespace, entered
// anew, it is reached, and then the old root and working directory are taken again. Linux 5.8.
static int propagate_above_chroot(struct iso_context *c, unsigned long flags) {
  ISO_CLEANUP_FD int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
  ISO_CLEANUP_FD int cwd = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
  ISO_CLEANUP_FD int self = (int)syscall(SYS_pidfd_open, getpid(), 0);
  if (root < 0 || cwd < 0 || self < 0) return iso_fail(c, "openat", "/");
  if (setns(self, 0x00020000) < 0) return iso_fail(c, "setns", "/");
  int r = mount(NULL, "/", NULL, flags, NULL) < 0 ? iso_fail(c, "mount", "/") : 0;
  if (fchdir(root) < 0 || chroot(".") < 0 || fchdir(cwd) < 0) return iso_fail(c, "chroot", "/");
  return r;
}

int iso_do_propagation(struct iso_context *c, const struct iso_propagation *a) {
  unsigned long flags = a->propagation | (a->recursive ? MS_REC : 0);
  if (a->in == ISO_NO_SLOT) {
    if (mount(NULL, a->path, NULL, flags, NULL) == 0) return 0;
    return errno == EINVAL && strcmp(a->path, "/") == 0 ? propagate_above_chroot(c, flags) : iso_fail(c, "mount", a->path);
  }
  ISO_CLEANUP_FD int target = iso_target(c, a->in, a->path, ISO_CREATE_NONE);
  if (target < 0) return iso_fail_with(c, -target, "openat2", a->path);
  return mount(NULL, iso_self_path(target).text, NULL, flags, NULL) < 0 ? iso_fail(c, "mount", a->path) : 0;
}

// The file system says why it refused on its own descriptor: lines that begin with "e " (fsopen(2)).
static void note_log(struct iso_context *c, int fs) {
  int error = errno;
  char text[512];
  ssize_t n = read(fs, text, sizeof text);
  if (n > 2 && text[1] == ' ') iso_note(c, text + 2, (size_t)n - 2 - (text[n - 1] == '\n'));
  errno = error;
}

static int set_option(struct iso_context *c, int fs, const char *key, const char *value) {
  unsigned command = *value ? ISO_FSCONFIG_SET_STRING : ISO_FSCONFIG_SET_FLAG;
  if (syscall(SYS_fsconfig, fs, command, key, *value ? value : NULL, 0) == 0) return 0;
  note_log(c, fs);
  return iso_fail(c, "fsconfig", *value ? value : key);
}

int iso_do_fs_mount(struct iso_context *c, const struct iso_fs_mount *a) {
  ISO_CLEANUP_FD int fs = (int)syscall(SYS_fsopen, a->fstype, ISO_FSOPEN_CLOEXEC);
  if (fs < 0) return iso_fail(c, "fsopen", a->fstype);
  for (uint32_t i = 0; i + 1 < a->options.count; i += 2) {
    char buffer[PATH_MAX];
    const char *value = iso_expand(c, iso_list_item(&a->options, i + 1), buffer, sizeof buffer);
    const char *key = iso_list_item(&a->options, i).text;
    if (!value) return iso_fail_with(c, ENAMETOOLONG, "fsconfig", key);
    int r = set_option(c, fs, key, value);
    if (r < 0) return r;
  }
  if (syscall(SYS_fsconfig, fs, ISO_FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0) {
    note_log(c, fs);
    return iso_fail(c, "fsconfig", a->fstype);
  }
  int fd = (int)syscall(SYS_fsmount, fs, ISO_FSMOUNT_CLOEXEC, a->attributes);
  if (fd < 0) return iso_fail(c, "fsmount", a->fstype);
  iso_set_slot(c, a->slot, fd);
  struct statfs state;
  if (a->writable && fstatfs(fd, &state) < 0) return iso_fail(c, "fstatfs", a->fstype);
  return a->writable && (state.f_flags & ST_RDONLY) ? iso_fail_with(c, EROFS, "fsmount", a->fstype) : 0;
}

int iso_do_open_tree(struct iso_context *c, const struct iso_open_tree *a) {
  ISO_CLEANUP_FD int source = iso_open(c, a->in, a->path, O_PATH, 0, 0);
  if (source < 0) return iso_fail_with(c, -source, "openat2", a->path);
  int fd = iso_open_tree(source, "", a->recursive);
  if (fd < 0) return iso_fail_with(c, -fd, "open_tree", a->path);
  iso_set_slot(c, a->slot, fd);
  return 0;
}

int iso_do_mount_setattr(struct iso_context *c, const struct iso_mount_setattr *a) {
  int mount = iso_slot(c, a->in);
  ISO_CLEANUP_FD int below = -1;
  if (a->path) {
    mount = below = iso_open(c, a->in, a->path, O_PATH, 0, 0);
    if (below < 0) return iso_fail_with(c, -below, "openat2", a->path);
  }
  int r = iso_set_attributes(mount, a->recursive, a->set, a->clear, a->propagation, iso_slot(c, a->userns));
  return r < 0 ? iso_fail_with(c, -r, "mount_setattr", a->path) : 0;
}

static uint32_t wanted_kind(int source, uint32_t create) {
  struct stat st;
  if (create != ISO_CREATE_SAME) return create;
  return fstat(source, &st) == 0 && S_ISDIR(st.st_mode) ? ISO_CREATE_DIRECTORY : ISO_CREATE_FILE;
}

int iso_do_move_mount(struct iso_context *c, const struct iso_move_mount *a) {
  ISO_CLEANUP_FD int target = iso_target(c, a->in, a->path, wanted_kind(iso_slot(c, a->slot), a->create));
  if (target < 0) return iso_fail_with(c, -target, "openat2", a->path);
  int r = iso_move_mount(iso_slot(c, a->slot), target);
  return r < 0 ? iso_fail_with(c, -r, "move_mount", a->path) : 0;
}

int iso_do_mount(struct iso_context *c, const struct iso_mount *a) {
  char source_buffer[PATH_MAX], data_buffer[4096];
  const char *source = a->source.text ? iso_expand(c, a->source, source_buffer, sizeof source_buffer) : NULL;
  const char *data = a->data.text ? iso_expand(c, a->data, data_buffer, sizeof data_buffer) : NULL;
  if ((a->source.text && !source) || (a->data.text && !data)) return iso_fail_with(c, ENAMETOOLONG, "mount", a->path);
  ISO_CLEANUP_FD int target = iso_target(c, a->in, a->path, a->create);
  if (target < 0) return iso_fail_with(c, -target, "openat2", a->path);
  if (mount(source, iso_self_path(target).text, a->fstype, a->flags, data) < 0) return iso_fail(c, "mount", a->path);
  return 0;
}

static int open_source(struct iso_context *c, const struct iso_bind *a) {
  if (!a->source) return fcntl(iso_slot(c, a->from), F_DUPFD_CLOEXEC, 3);
  return iso_open(c, a->from, a->source, O_PATH, 0, 0);
}

int iso_do_bind(struct iso_context *c, const struct iso_bind *a) {
  ISO_CLEANUP_FD int source = open_source(c, a);
  if (source == -ENOENT && a->if_present) return 0;
  if (source < 0) return iso_fail_with(c, -source, "openat2", a->source);
  ISO_CLEANUP_FD int tree = iso_open_tree(source, "", a->recursive);
  if (tree < 0) return iso_fail_with(c, -tree, "open_tree", a->source);
  // The copy is made private before it is attached, or a later mount below the source would appear inside (kernel-notes 15).
  uint64_t propagation = a->propagation ? a->propagation : MS_PRIVATE;
  int r = iso_set_attributes(tree, true, 0, 0, propagation, -1);
  if (r == 0) r = iso_set_attributes(tree, a->recursive_attributes, a->set, a->clear, 0, -1);
  if (r < 0) return iso_fail_with(c, -r, "mount_setattr", a->source);
  ISO_CLEANUP_FD int target = iso_target(c, a->in, a->path, wanted_kind(source, a->create));
  if (target < 0) return iso_fail_with(c, -target, "openat2", a->path);
  r = iso_move_mount(tree, target);
  return r < 0 ? iso_fail_with(c, -r, "move_mount", a->path) : 0;
}

// CVE-2025-31133: what is bound over a secret must be the null device itself, not whatever an image put at its name.
static int open_null(struct iso_context *c) {
  struct stat st;
  int fd = open("/dev/null", O_PATH | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) return iso_fail(c, "openat", "/dev/null");
  if (fstat(fd, &st) == 0 && S_ISCHR(st.st_mode) && st.st_rdev == makedev(1, 3)) return fd;
  close(fd);
  return iso_fail_with(c, ESTALE, "fstat", "/dev/null");
}

// The first empty directory is mounted, the others are copies of that mount: half the price, and one file system to take down.
static int mask_directory(struct iso_context *c, const struct iso_mask *a, int target) {
  static int empty = -1;
  if (empty >= 0) {
    ISO_CLEANUP_FD int copy = iso_open_tree(empty, "", false);
    if (copy >= 0 && iso_move_mount(copy, target) == 0) return 0;
  }
  unsigned long flags = MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC;
  if (mount("tmpfs", iso_self_path(target).text, "tmpfs", flags, "size=0k,mode=0755") < 0) return iso_fail(c, "mount", a->path);
  if (empty < 0) empty = iso_open(c, a->in, a->path, O_PATH | O_DIRECTORY, 0, 0);
  return 0;
}

int iso_do_mask(struct iso_context *c, const struct iso_mask *a) {
  ISO_CLEANUP_FD int target = iso_open(c, a->in, a->path, O_PATH, 0, 0);
  if (target == -ENOENT || target == -ENOTDIR) return 0;
  if (target < 0) return iso_fail_with(c, -target, "openat2", a->path);
  struct stat st;
  if (fstat(target, &st) < 0) return iso_fail(c, "fstat", a->path);
  if (S_ISDIR(st.st_mode)) return mask_directory(c, a, target);
  ISO_CLEANUP_FD int null = open_null(c);
  if (null < 0) return null;
  // Read-only, or root inside could chmod the null device of the host. Writing to it still works: it is a device.
  ISO_CLEANUP_FD int tree = iso_open_tree(null, "", false);
  if (tree < 0) return iso_fail_with(c, -tree, "open_tree", "/dev/null");
  int r = iso_set_attributes(tree, false, 0x1, 0, 0, -1);
  if (r < 0) return iso_fail_with(c, -r, "mount_setattr", "/dev/null");
  r = iso_move_mount(tree, target);
  return r < 0 ? iso_fail_with(c, -r, "move_mount", a->path) : 0;
}

int iso_do_readonly(struct iso_context *c, const struct iso_readonly *a) {
  ISO_CLEANUP_FD int target = iso_open(c, a->in, a->path, O_PATH, 0, 0);
  if (target == -ENOENT || target == -ENOTDIR) return 0;
  if (target < 0) return iso_fail_with(c, -target, "openat2", a->path);
  ISO_CLEANUP_FD int tree = iso_open_tree(target, "", true);
  if (tree < 0) return iso_fail_with(c, -tree, "open_tree", a->path);
  int r = iso_set_attributes(tree, a->recursive, 0x1, 0, 0, -1);
  if (r < 0) return iso_fail_with(c, -r, "mount_setattr", a->path);
  r = iso_move_mount(tree, target);
  return r < 0 ? iso_fail_with(c, -r, "move_mount", a->path) : 0;
}

int iso_do_unmount(struct iso_context *c, const struct iso_unmount *a) {
  ISO_CLEANUP_FD int target = iso_open(c, a->in, a->path, O_PATH, 0, 0);
  if (target < 0) return iso_fail_with(c, -target, "openat2", a->path);
  return umount2(iso_self_path(target).text, (int)a->flags) < 0 ? iso_fail(c, "umount2", a->path) : 0;
}
