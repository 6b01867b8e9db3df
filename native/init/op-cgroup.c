// cgroupCreate, cgroupRemove, deviceProgram. See cgroups(7).
#include <dirent.h>
#include <linux/bpf.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>

#include "resolve.h"

// The files a user needs to make groups of his own beneath this one, as the kernel names them (Linux 4.15); the limits stay ours.
static int delegate(struct iso_context *c, const struct iso_cgroup_create *a, int dir) {
  char names[1024] = "cgroup.procs\ncgroup.threads\ncgroup.subtree_control";
  if (a->uid == ISO_ABSENT && a->gid == ISO_ABSENT) return 0;
  ISO_CLEANUP_FD int list = open("/sys/kernel/cgroup/delegate", O_RDONLY | O_CLOEXEC);
  ssize_t n = list < 0 ? 0 : read(list, names, sizeof names - 1);
  if (n > 0) names[n] = 0;
  if (fchown(dir, a->uid, a->gid) < 0) return iso_fail(c, "fchown", a->path);
  for (char *rest = names, *name; (name = strsep(&rest, "\n"));) {
    if (*name && fchownat(dir, name, a->uid, a->gid, AT_SYMLINK_NOFOLLOW) < 0 && errno != ENOENT) return iso_fail(c, "fchownat", name);
  }
  return 0;
}

// Who removes a group when its supervisor and Node are killed at once? The directory is the record: the sticky bit says that a
// supervisor answers for it, and the lock, which lasts as long as the supervisor, that it still does. sweep() of @iso/cgroups takes
// away what has the one and not the other. Of the role create nobody stays: its groups belong to whoever deletes the container.
int iso_do_cgroup_create(struct iso_context *c, const struct iso_cgroup_create *a) {
  bool answered = !a->exist && !(c->plan.flags & ISO_PLAN_LEAVE);
  if (mkdir(a->path, answered ? 01755 : 0755) < 0 && !(errno == EEXIST && a->exist)) return iso_fail(c, "mkdirat", a->path);
  int fd = open(a->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return iso_fail(c, "openat", a->path);
  if (answered) flock(fd, LOCK_SH | LOCK_NB);  // refused only while somebody sweeps, who leaves what is new alone
  iso_set_slot(c, a->slot, fd);
  return a->exist ? 0 : delegate(c, a, fd);
}

// The kernel lets go of a cgroup some 100 us after its last process was reaped, of a killed tree later: short naps first.
#define FIRST_NAP_NS 50000
#define LONGEST_NAP_NS 2000000

static long nap(long ns) {
  nanosleep(&(struct timespec){.tv_nsec = ns}, NULL);
  return ns * 2 < LONGEST_NAP_NS ? ns * 2 : LONGEST_NAP_NS;
}

// cgroup.kill (v2, 5.14) is one write; elsewhere every listed process gets SIGKILL, again and again until the list is empty.
static void kill_members(int dir) {
  ISO_CLEANUP_FD int kill_file = openat(dir, "cgroup.kill", O_WRONLY | O_CLOEXEC);
  if (kill_file >= 0 && write(kill_file, "1", 1) == 1) return;
  int fd = openat(dir, "cgroup.procs", O_RDONLY | O_CLOEXEC);
  FILE *list = fd < 0 ? NULL : fdopen(fd, "r");
  int pid;
  if (!list) return;
  while (fscanf(list, "%d", &pid) == 1) {
    if (pid > 0 && pid != getpid()) kill(pid, SIGKILL);
  }
  fclose(list);
}

static int remove_tree(int parent, const char *name, uint64_t deadline);

static int remove_children(int dir, uint64_t deadline) {
  int copy = fcntl(dir, F_DUPFD_CLOEXEC, 3);
  DIR *list = copy < 0 ? NULL : fdopendir(copy);
  if (!list) return -errno;
  int kept = 0;
  for (struct dirent *e; (e = readdir(list));) {
    if (e->d_type != DT_DIR || strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0) continue;
    int r = remove_tree(dir, e->d_name, deadline);
    if (r < 0) kept = r;
  }
  closedir(list);
  return kept;
}

// rmdir first: the common leaf is empty. EBUSY means members or children; both may take the kernel a moment to let go of.
static int remove_tree(int parent, const char *name, uint64_t deadline) {
  for (long wait = FIRST_NAP_NS;;) {
    if (unlinkat(parent, name, AT_REMOVEDIR) == 0 || errno == ENOENT) return 0;
    if (errno != EBUSY) return -errno;
    ISO_CLEANUP_FD int dir = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (dir < 0) return errno == ENOENT ? 0 : -errno;
    kill_members(dir);
    remove_children(dir, deadline);
    if (iso_now_ns() > deadline) return -EBUSY;
    wait = nap(wait);
  }
}

int iso_do_cgroup_remove(struct iso_context *c, const struct iso_cgroup_remove *a) {
  if (a->made != ISO_NO_SLOT && c->slots[a->made] < 0) return 0;
  uint64_t wait_ns = (uint64_t)(a->timeout_ms ? a->timeout_ms : 2000) * 1000000u;
  int r = remove_tree(AT_FDCWD, a->path, iso_now_ns() + wait_ns);
  return r < 0 ? iso_fail_with(c, -r, "rmdir", a->path) : 0;
}

#define MAX_ATTACHED 64  // BPF_CGROUP_MAX_PROGS

static uint32_t attached(int group, uint32_t ids[MAX_ATTACHED]) {
  union bpf_attr query = {.query = {.target_fd = (uint32_t)group, .attach_type = BPF_CGROUP_DEVICE,
                                    .prog_ids = (uint64_t)(uintptr_t)ids, .prog_cnt = MAX_ATTACHED}};
  return syscall(SYS_bpf, BPF_PROG_QUERY, &query, sizeof query) < 0 ? 0 : query.query.prog_cnt;
}

static int detach(struct iso_context *c, int group, uint32_t id) {
  union bpf_attr get = {.prog_id = id};
  ISO_CLEANUP_FD int program = (int)syscall(SYS_bpf, BPF_PROG_GET_FD_BY_ID, &get, sizeof get);
  if (program < 0) return errno == ENOENT ? 0 : iso_fail(c, "bpf", "BPF_PROG_GET_FD_BY_ID");
  union bpf_attr attr = {.target_fd = (uint32_t)group, .attach_bpf_fd = (uint32_t)program, .attach_type = BPF_CGROUP_DEVICE};
  return syscall(SYS_bpf, BPF_PROG_DETACH, &attr, sizeof attr) < 0 && errno != ENOENT ? iso_fail(c, "bpf", "BPF_PROG_DETACH") : 0;
}

int iso_do_device_program(struct iso_context *c, const struct iso_device_program *a) {
  static char log[65536];
  union bpf_attr load = {
      .prog_type = BPF_PROG_TYPE_CGROUP_DEVICE,
      .insn_cnt = a->program.length / 8,
      .insns = (uint64_t)(uintptr_t)a->program.data,
      .license = (uint64_t)(uintptr_t) "Apache-2.0",
  };
  ISO_CLEANUP_FD int program = (int)syscall(SYS_bpf, BPF_PROG_LOAD, &load, sizeof load);
  if (program < 0) {
    int error = errno;
    // The log only now: one that does not fit its buffer makes the load of a right program fail with ENOSPC.
    load.log_level = 1;
    load.log_size = sizeof log;
    load.log_buf = (uint64_t)(uintptr_t)log;
    int again = (int)syscall(SYS_bpf, BPF_PROG_LOAD, &load, sizeof load);
    if (again >= 0) close(again);
    // What the verifier objects to stands at the end.
    size_t length = strnlen(log, sizeof log), skip = length > 200 ? length - 200 : 0;
    iso_note(c, log + skip, length - skip);
    return iso_fail_with(c, error, "bpf", "BPF_PROG_LOAD");
  }
  int group = iso_slot(c, a->slot);
  uint32_t old[MAX_ATTACHED], count = a->replace ? attached(group, old) : 0;
  union bpf_attr attach = {.target_fd = (uint32_t)group, .attach_bpf_fd = (uint32_t)program,
                           .attach_type = BPF_CGROUP_DEVICE, .attach_flags = BPF_F_ALLOW_MULTI};
  if (syscall(SYS_bpf, BPF_PROG_ATTACH, &attach, sizeof attach) < 0) return iso_fail(c, "bpf", "BPF_PROG_ATTACH");
  // All programs of a group must agree: with the new one in force before the old ones go, nothing is allowed in between that neither allows.
  for (uint32_t i = 0; i < count; i++) {
    int r = detach(c, group, old[i]);
    if (r < 0) return r;
  }
  return 0;
}
