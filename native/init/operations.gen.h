// Generated from plan/operations.mjs by scripts/generate.mjs. Do not edit.
#ifndef ISO_OPERATIONS_GEN_H
#define ISO_OPERATIONS_GEN_H

#include "decode.h"

#define ISO_TABLE_DIGEST 0xf4b1157fu

enum iso_op {
  ISO_OP_OPEN = 1,
  ISO_OP_PIDFD_OPEN = 2,
  ISO_OP_CGROUP_CREATE = 3,
  ISO_OP_CGROUP_REMOVE = 4,
  ISO_OP_LISTEN = 5,
  ISO_OP_UNLINK = 6,
  ISO_OP_DEVICE_PROGRAM = 7,
  ISO_OP_WRITE_FILE = 8,
  ISO_OP_READ_FILE = 9,
  ISO_OP_CLONE = 10,
  ISO_OP_ID_MAP = 11,
  ISO_OP_ID_MAP_HELPER = 12,
  ISO_OP_PRLIMIT = 13,
  ISO_OP_OOM_SCORE_ADJ = 14,
  ISO_OP_MOVE_INTERFACE = 15,
  ISO_OP_RUN_PROGRAM = 16,
  ISO_OP_CALLBACK = 17,
  ISO_OP_SETNS = 18,
  ISO_OP_UNSHARE = 19,
  ISO_OP_SIGNAL = 20,
  ISO_OP_WAIT = 21,
  ISO_OP_RESET = 22,
  ISO_OP_BECOME_ROOT = 23,
  ISO_OP_DEATH_SIGNAL = 24,
  ISO_OP_KEYRING = 25,
  ISO_OP_PROPAGATION = 26,
  ISO_OP_FS_MOUNT = 27,
  ISO_OP_OPEN_TREE = 28,
  ISO_OP_MOUNT_SETATTR = 29,
  ISO_OP_MOVE_MOUNT = 30,
  ISO_OP_MOUNT = 31,
  ISO_OP_BIND = 32,
  ISO_OP_MASK = 33,
  ISO_OP_READONLY = 34,
  ISO_OP_UNMOUNT = 35,
  ISO_OP_MKDIR = 36,
  ISO_OP_SYMLINK = 37,
  ISO_OP_MKNOD = 38,
  ISO_OP_MAKE_FILE = 39,
  ISO_OP_COPY_UP = 40,
  ISO_OP_MAKE_PTY = 41,
  ISO_OP_HOSTNAME = 42,
  ISO_OP_DOMAINNAME = 43,
  ISO_OP_INTERFACE_UP = 44,
  ISO_OP_PIVOT_ROOT = 45,
  ISO_OP_MOVE_ROOT = 46,
  ISO_OP_CHROOT = 47,
  ISO_OP_SETSID = 48,
  ISO_OP_CONTROLLING_TERMINAL = 49,
  ISO_OP_INHERIT_FD = 50,
  ISO_OP_PRIORITY = 51,
  ISO_OP_IO_PRIORITY = 52,
  ISO_OP_SCHEDULER = 53,
  ISO_OP_AFFINITY = 54,
  ISO_OP_MEMORY_POLICY = 55,
  ISO_OP_PERSONALITY = 56,
  ISO_OP_FIND_PROGRAM = 57,
  ISO_OP_PARK = 58,
  ISO_OP_CAP_BOUNDING = 59,
  ISO_OP_SETGROUPS = 60,
  ISO_OP_SETGID = 61,
  ISO_OP_SETUID = 62,
  ISO_OP_UMASK = 63,
  ISO_OP_CHDIR = 64,
  ISO_OP_UNDUMPABLE = 65,
  ISO_OP_CLOSE_FDS = 66,
  ISO_OP_SECUREBITS = 67,
  ISO_OP_CAP_SET = 68,
  ISO_OP_NO_NEW_PRIVS = 69,
  ISO_OP_SECCOMP = 70,
  ISO_OP_INIT_PROCESS = 71,
  ISO_OP_COUNT = 72,
};

struct iso_open {
  uint32_t in;
  struct iso_template path;
  uint64_t flags;
  uint64_t resolve;
  uint32_t mode;
  uint32_t fs;
  uint32_t slot;
};

struct iso_pidfd_open {
  uint32_t pid;
  uint32_t slot;
};

struct iso_cgroup_create {
  const char *path;
  bool exist;
  uint32_t slot;
  uint32_t uid;
  uint32_t gid;
};

struct iso_cgroup_remove {
  const char *path;
  uint32_t made;
  uint32_t timeout_ms;
};

struct iso_listen {
  const char *path;
  uint32_t slot;
};

struct iso_unlink {
  const char *path;
  uint32_t made;
};

struct iso_device_program {
  uint32_t slot;
  struct iso_bytes program;
  bool replace;
};

struct iso_write_file {
  uint32_t in;
  struct iso_template path;
  struct iso_bytes data;
  bool append;
  bool truncate;
  uint32_t fs;
  const char *readback;
};

struct iso_read_file {
  uint32_t in;
  struct iso_template path;
  const char *label;
};

struct iso_clone {
  uint64_t namespaces;
  uint32_t cgroup;
};

struct iso_id_map {
  uint32_t kind;
  const char *map;
  bool deny_setgroups;
};

struct iso_id_map_helper {
  const char *program;
  struct iso_list ranges;
};

struct iso_prlimit {
  uint32_t resource;
  uint64_t soft;
  uint64_t hard;
};

struct iso_oom_score_adj {
  int64_t value;
};

struct iso_move_interface {
  const char *name;
  const char *rename;
};

struct iso_run_program {
  struct iso_list argv;
  struct iso_list env;
  const char *argv0;
  struct iso_bytes input;
  struct iso_bytes after_pid;
  uint32_t timeout_ms;
};

struct iso_callback {
  const char *name;
  uint32_t timeout_ms;
};

struct iso_setns {
  uint32_t slot;
  uint64_t namespaces;
};

struct iso_unshare {
  uint64_t namespaces;
};

struct iso_signal {
  const char *barrier;
  uint32_t send;
};

struct iso_wait {
  const char *barrier;
  uint32_t receive;
};

struct iso_reset {
  uint32_t umask;
  uint64_t nofile_soft;
};

struct iso_death_signal {
  uint32_t signal_;
};

struct iso_keyring {
  const char *name;
};

struct iso_propagation {
  uint32_t in;
  const char *path;
  uint32_t propagation;
  bool recursive;
};

struct iso_fs_mount {
  const char *fstype;
  struct iso_list options;
  uint64_t attributes;
  bool writable;
  uint32_t slot;
};

struct iso_open_tree {
  uint32_t in;
  const char *path;
  bool recursive;
  uint32_t slot;
};

struct iso_mount_setattr {
  uint32_t in;
  const char *path;
  bool recursive;
  uint64_t set;
  uint64_t clear;
  uint32_t propagation;
  uint32_t userns;
};

struct iso_move_mount {
  uint32_t slot;
  uint32_t in;
  const char *path;
  uint32_t create;
};

struct iso_mount {
  const char *fstype;
  struct iso_template source;
  uint32_t in;
  const char *path;
  uint64_t flags;
  struct iso_template data;
  uint32_t create;
};

struct iso_bind {
  const char *source;
  uint32_t from;
  uint32_t in;
  const char *path;
  bool recursive;
  uint64_t set;
  uint64_t clear;
  bool recursive_attributes;
  uint32_t propagation;
  bool if_present;
  uint32_t create;
};

struct iso_mask {
  uint32_t in;
  const char *path;
};

struct iso_readonly {
  uint32_t in;
  const char *path;
  bool recursive;
};

struct iso_unmount {
  uint32_t in;
  const char *path;
  uint64_t flags;
};

struct iso_mkdir {
  uint32_t in;
  const char *path;
  uint32_t mode;
  uint32_t uid;
  uint32_t gid;
};

struct iso_symlink {
  uint32_t in;
  const char *path;
  const char *target;
};

struct iso_mknod {
  uint32_t in;
  const char *path;
  uint32_t type;
  uint32_t mode;
  uint32_t major;
  uint32_t minor;
  uint32_t uid;
  uint32_t gid;
};

struct iso_make_file {
  uint32_t in;
  const char *path;
  struct iso_bytes data;
  uint32_t mode;
  uint32_t uid;
  uint32_t gid;
};

struct iso_copy_up {
  uint32_t from;
  uint32_t in;
  const char *path;
};

struct iso_make_pty {
  uint32_t in;
  const char *path;
  uint32_t rows;
  uint32_t columns;
  uint32_t uid;
  const char *console;
  uint32_t slot;
};

struct iso_hostname {
  const char *name;
};

struct iso_domainname {
  const char *name;
};

struct iso_interface_up {
  const char *name;
};

struct iso_pivot_root {
  uint32_t slot;
};

struct iso_move_root {
  uint32_t slot;
};

struct iso_chroot {
  uint32_t in;
  const char *path;
};

struct iso_controlling_terminal {
  uint32_t slot;
};

struct iso_inherit_fd {
  uint32_t slot;
  uint32_t number;
};

struct iso_priority {
  int64_t nice;
};

struct iso_io_priority {
  uint32_t class_;
  uint32_t level;
};

struct iso_scheduler {
  uint32_t policy;
  uint64_t flags;
  int64_t nice;
  uint32_t priority;
  uint64_t runtime;
  uint64_t deadline;
  uint64_t period;
};

struct iso_affinity {
  struct iso_u32s cpus;
};

struct iso_memory_policy {
  uint32_t mode;
  uint64_t flags;
  struct iso_u32s nodes;
};

struct iso_personality {
  uint64_t persona;
};

struct iso_park {
  uint32_t listen;
};

struct iso_cap_bounding {
  uint64_t keep;
};

struct iso_setgroups {
  struct iso_u32s gids;
};

struct iso_setgid {
  uint32_t gid;
};

struct iso_setuid {
  uint32_t uid;
};

struct iso_umask {
  uint32_t mask;
};

struct iso_chdir {
  const char *path;
};

struct iso_securebits {
  uint64_t bits;
};

struct iso_cap_set {
  uint64_t effective;
  uint64_t permitted;
  uint64_t inheritable;
  uint64_t ambient;
};

struct iso_seccomp {
  struct iso_bytes filter;
  uint64_t flags;
  const char *listener;
};

struct iso_step {
  enum iso_op op;
  struct iso_step_head head;
  union {
    struct iso_open open_;
    struct iso_pidfd_open pidfd_open_;
    struct iso_cgroup_create cgroup_create_;
    struct iso_cgroup_remove cgroup_remove_;
    struct iso_listen listen_;
    struct iso_unlink unlink_;
    struct iso_device_program device_program_;
    struct iso_write_file write_file_;
    struct iso_read_file read_file_;
    struct iso_clone clone_;
    struct iso_id_map id_map_;
    struct iso_id_map_helper id_map_helper_;
    struct iso_prlimit prlimit_;
    struct iso_oom_score_adj oom_score_adj_;
    struct iso_move_interface move_interface_;
    struct iso_run_program run_program_;
    struct iso_callback callback_;
    struct iso_setns setns_;
    struct iso_unshare unshare_;
    struct iso_signal signal_;
    struct iso_wait wait_;
    struct iso_reset reset_;
    struct iso_death_signal death_signal_;
    struct iso_keyring keyring_;
    struct iso_propagation propagation_;
    struct iso_fs_mount fs_mount_;
    struct iso_open_tree open_tree_;
    struct iso_mount_setattr mount_setattr_;
    struct iso_move_mount move_mount_;
    struct iso_mount mount_;
    struct iso_bind bind_;
    struct iso_mask mask_;
    struct iso_readonly readonly_;
    struct iso_unmount unmount_;
    struct iso_mkdir mkdir_;
    struct iso_symlink symlink_;
    struct iso_mknod mknod_;
    struct iso_make_file make_file_;
    struct iso_copy_up copy_up_;
    struct iso_make_pty make_pty_;
    struct iso_hostname hostname_;
    struct iso_domainname domainname_;
    struct iso_interface_up interface_up_;
    struct iso_pivot_root pivot_root_;
    struct iso_move_root move_root_;
    struct iso_chroot chroot_;
    struct iso_controlling_terminal controlling_terminal_;
    struct iso_inherit_fd inherit_fd_;
    struct iso_priority priority_;
    struct iso_io_priority io_priority_;
    struct iso_scheduler scheduler_;
    struct iso_affinity affinity_;
    struct iso_memory_policy memory_policy_;
    struct iso_personality personality_;
    struct iso_park park_;
    struct iso_cap_bounding cap_bounding_;
    struct iso_setgroups setgroups_;
    struct iso_setgid setgid_;
    struct iso_setuid setuid_;
    struct iso_umask umask_;
    struct iso_chdir chdir_;
    struct iso_securebits securebits_;
    struct iso_cap_set cap_set_;
    struct iso_seccomp seccomp_;
  } u;
};

// Decodes the step at `offset`. Returns the offset of the next one, or 0 where the bytes are not a step.
uint32_t iso_decode_step(const struct iso_plan *plan, uint32_t offset, struct iso_step *step);

// The name of an operation, and the one function of each: called by the interpreter, returns 0 or a negative errno.
struct iso_context;
int iso_do_open(struct iso_context *c, const struct iso_open *a);
int iso_do_pidfd_open(struct iso_context *c, const struct iso_pidfd_open *a);
int iso_do_cgroup_create(struct iso_context *c, const struct iso_cgroup_create *a);
int iso_do_cgroup_remove(struct iso_context *c, const struct iso_cgroup_remove *a);
int iso_do_listen(struct iso_context *c, const struct iso_listen *a);
int iso_do_unlink(struct iso_context *c, const struct iso_unlink *a);
int iso_do_device_program(struct iso_context *c, const struct iso_device_program *a);
int iso_do_write_file(struct iso_context *c, const struct iso_write_file *a);
int iso_do_read_file(struct iso_context *c, const struct iso_read_file *a);
int iso_do_clone(struct iso_context *c, const struct iso_clone *a);
int iso_do_id_map(struct iso_context *c, const struct iso_id_map *a);
int iso_do_id_map_helper(struct iso_context *c, const struct iso_id_map_helper *a);
int iso_do_prlimit(struct iso_context *c, const struct iso_prlimit *a);
int iso_do_oom_score_adj(struct iso_context *c, const struct iso_oom_score_adj *a);
int iso_do_move_interface(struct iso_context *c, const struct iso_move_interface *a);
int iso_do_run_program(struct iso_context *c, const struct iso_run_program *a);
int iso_do_callback(struct iso_context *c, const struct iso_callback *a);
int iso_do_setns(struct iso_context *c, const struct iso_setns *a);
int iso_do_unshare(struct iso_context *c, const struct iso_unshare *a);
int iso_do_signal(struct iso_context *c, const struct iso_signal *a);
int iso_do_wait(struct iso_context *c, const struct iso_wait *a);
int iso_do_reset(struct iso_context *c, const struct iso_reset *a);
int iso_do_become_root(struct iso_context *c, const void *a);
int iso_do_death_signal(struct iso_context *c, const struct iso_death_signal *a);
int iso_do_keyring(struct iso_context *c, const struct iso_keyring *a);
int iso_do_propagation(struct iso_context *c, const struct iso_propagation *a);
int iso_do_fs_mount(struct iso_context *c, const struct iso_fs_mount *a);
int iso_do_open_tree(struct iso_context *c, const struct iso_open_tree *a);
int iso_do_mount_setattr(struct iso_context *c, const struct iso_mount_setattr *a);
int iso_do_move_mount(struct iso_context *c, const struct iso_move_mount *a);
int iso_do_mount(struct iso_context *c, const struct iso_mount *a);
int iso_do_bind(struct iso_context *c, const struct iso_bind *a);
int iso_do_mask(struct iso_context *c, const struct iso_mask *a);
int iso_do_readonly(struct iso_context *c, const struct iso_readonly *a);
int iso_do_unmount(struct iso_context *c, const struct iso_unmount *a);
int iso_do_mkdir(struct iso_context *c, const struct iso_mkdir *a);
int iso_do_symlink(struct iso_context *c, const struct iso_symlink *a);
int iso_do_mknod(struct iso_context *c, const struct iso_mknod *a);
int iso_do_make_file(struct iso_context *c, const struct iso_make_file *a);
int iso_do_copy_up(struct iso_context *c, const struct iso_copy_up *a);
int iso_do_make_pty(struct iso_context *c, const struct iso_make_pty *a);
int iso_do_hostname(struct iso_context *c, const struct iso_hostname *a);
int iso_do_domainname(struct iso_context *c, const struct iso_domainname *a);
int iso_do_interface_up(struct iso_context *c, const struct iso_interface_up *a);
int iso_do_pivot_root(struct iso_context *c, const struct iso_pivot_root *a);
int iso_do_move_root(struct iso_context *c, const struct iso_move_root *a);
int iso_do_chroot(struct iso_context *c, const struct iso_chroot *a);
int iso_do_setsid(struct iso_context *c, const void *a);
int iso_do_controlling_terminal(struct iso_context *c, const struct iso_controlling_terminal *a);
int iso_do_inherit_fd(struct iso_context *c, const struct iso_inherit_fd *a);
int iso_do_priority(struct iso_context *c, const struct iso_priority *a);
int iso_do_io_priority(struct iso_context *c, const struct iso_io_priority *a);
int iso_do_scheduler(struct iso_context *c, const struct iso_scheduler *a);
int iso_do_affinity(struct iso_context *c, const struct iso_affinity *a);
int iso_do_memory_policy(struct iso_context *c, const struct iso_memory_policy *a);
int iso_do_personality(struct iso_context *c, const struct iso_personality *a);
int iso_do_find_program(struct iso_context *c, const void *a);
int iso_do_park(struct iso_context *c, const struct iso_park *a);
int iso_do_cap_bounding(struct iso_context *c, const struct iso_cap_bounding *a);
int iso_do_setgroups(struct iso_context *c, const struct iso_setgroups *a);
int iso_do_setgid(struct iso_context *c, const struct iso_setgid *a);
int iso_do_setuid(struct iso_context *c, const struct iso_setuid *a);
int iso_do_umask(struct iso_context *c, const struct iso_umask *a);
int iso_do_chdir(struct iso_context *c, const struct iso_chdir *a);
int iso_do_undumpable(struct iso_context *c, const void *a);
int iso_do_close_fds(struct iso_context *c, const void *a);
int iso_do_securebits(struct iso_context *c, const struct iso_securebits *a);
int iso_do_cap_set(struct iso_context *c, const struct iso_cap_set *a);
int iso_do_no_new_privs(struct iso_context *c, const void *a);
int iso_do_seccomp(struct iso_context *c, const struct iso_seccomp *a);
int iso_do_init_process(struct iso_context *c, const void *a);
int iso_dispatch(struct iso_context *c, const struct iso_step *step);

#endif
