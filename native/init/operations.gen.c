// Generated from plan/operations.mjs by scripts/generate.mjs. Do not edit.
#include "operations.gen.h"

#include <errno.h>
#include <stddef.h>

static bool decode_fields(struct iso_reader *r, struct iso_step *step) {
  switch (step->op) {
    case ISO_OP_OPEN: {
      struct iso_open *u = &step->u.open_;
      return iso_read_slot(r, true, &u->in) &&
             iso_read_template(r, false, &u->path) &&
             iso_read_u64(r, &u->flags) &&
             iso_read_u64(r, &u->resolve) &&
             iso_read_u32(r, &u->mode) &&
             iso_read_u32(r, &u->fs) &&
             iso_read_slot(r, false, &u->slot);
    }
    case ISO_OP_PIDFD_OPEN: {
      struct iso_pidfd_open *u = &step->u.pidfd_open_;
      return iso_read_u32(r, &u->pid) &&
             iso_read_slot(r, false, &u->slot);
    }
    case ISO_OP_CGROUP_CREATE: {
      struct iso_cgroup_create *u = &step->u.cgroup_create_;
      return iso_read_str(r, false, &u->path) &&
             iso_read_bool(r, &u->exist) &&
             iso_read_slot(r, false, &u->slot) &&
             iso_read_u32(r, &u->uid) &&
             iso_read_u32(r, &u->gid);
    }
    case ISO_OP_CGROUP_REMOVE: {
      struct iso_cgroup_remove *u = &step->u.cgroup_remove_;
      return iso_read_str(r, false, &u->path) &&
             iso_read_slot(r, true, &u->made) &&
             iso_read_u32(r, &u->timeout_ms);
    }
    case ISO_OP_LISTEN: {
      struct iso_listen *u = &step->u.listen_;
      return iso_read_str(r, false, &u->path) &&
             iso_read_slot(r, false, &u->slot);
    }
    case ISO_OP_UNLINK: {
      struct iso_unlink *u = &step->u.unlink_;
      return iso_read_str(r, false, &u->path) &&
             iso_read_slot(r, true, &u->made);
    }
    case ISO_OP_DEVICE_PROGRAM: {
      struct iso_device_program *u = &step->u.device_program_;
      return iso_read_slot(r, false, &u->slot) &&
             iso_read_bytes(r, false, &u->program) &&
             iso_read_bool(r, &u->replace);
    }
    case ISO_OP_WRITE_FILE: {
      struct iso_write_file *u = &step->u.write_file_;
      return iso_read_slot(r, true, &u->in) &&
             iso_read_template(r, false, &u->path) &&
             iso_read_bytes(r, false, &u->data) &&
             iso_read_bool(r, &u->append) &&
             iso_read_bool(r, &u->truncate) &&
             iso_read_u32(r, &u->fs) &&
             iso_read_str(r, true, &u->readback);
    }
    case ISO_OP_READ_FILE: {
      struct iso_read_file *u = &step->u.read_file_;
      return iso_read_slot(r, true, &u->in) &&
             iso_read_template(r, false, &u->path) &&
             iso_read_str(r, false, &u->label);
    }
    case ISO_OP_CLONE: {
      struct iso_clone *u = &step->u.clone_;
      return iso_read_u64(r, &u->namespaces) &&
             iso_read_slot(r, true, &u->cgroup);
    }
    case ISO_OP_ID_MAP: {
      struct iso_id_map *u = &step->u.id_map_;
      return iso_read_u32(r, &u->kind) &&
             iso_read_str(r, false, &u->map) &&
             iso_read_bool(r, &u->deny_setgroups);
    }
    case ISO_OP_ID_MAP_HELPER: {
      struct iso_id_map_helper *u = &step->u.id_map_helper_;
      return iso_read_str(r, false, &u->program) &&
             iso_read_list(r, false, &u->ranges);
    }
    case ISO_OP_PRLIMIT: {
      struct iso_prlimit *u = &step->u.prlimit_;
      return iso_read_u32(r, &u->resource) &&
             iso_read_u64(r, &u->soft) &&
             iso_read_u64(r, &u->hard);
    }
    case ISO_OP_OOM_SCORE_ADJ: {
      struct iso_oom_score_adj *u = &step->u.oom_score_adj_;
      return iso_read_i64(r, &u->value);
    }
    case ISO_OP_MOVE_INTERFACE: {
      struct iso_move_interface *u = &step->u.move_interface_;
      return iso_read_str(r, false, &u->name) &&
             iso_read_str(r, true, &u->rename);
    }
    case ISO_OP_RUN_PROGRAM: {
      struct iso_run_program *u = &step->u.run_program_;
      return iso_read_list(r, false, &u->argv) &&
             iso_read_list(r, false, &u->env) &&
             iso_read_str(r, true, &u->argv0) &&
             iso_read_bytes(r, true, &u->input) &&
             iso_read_bytes(r, true, &u->after_pid) &&
             iso_read_u32(r, &u->timeout_ms);
    }
    case ISO_OP_CALLBACK: {
      struct iso_callback *u = &step->u.callback_;
      return iso_read_str(r, false, &u->name) &&
             iso_read_u32(r, &u->timeout_ms);
    }
    case ISO_OP_SETNS: {
      struct iso_setns *u = &step->u.setns_;
      return iso_read_slot(r, false, &u->slot) &&
             iso_read_u64(r, &u->namespaces);
    }
    case ISO_OP_UNSHARE: {
      struct iso_unshare *u = &step->u.unshare_;
      return iso_read_u64(r, &u->namespaces);
    }
    case ISO_OP_SIGNAL: {
      struct iso_signal *u = &step->u.signal_;
      return iso_read_str(r, false, &u->barrier) &&
             iso_read_slot(r, true, &u->send);
    }
    case ISO_OP_WAIT: {
      struct iso_wait *u = &step->u.wait_;
      return iso_read_str(r, false, &u->barrier) &&
             iso_read_slot(r, true, &u->receive);
    }
    case ISO_OP_RESET: {
      struct iso_reset *u = &step->u.reset_;
      return iso_read_u32(r, &u->umask) &&
             iso_read_u64(r, &u->nofile_soft);
    }
    case ISO_OP_BECOME_ROOT:
      return true;
    case ISO_OP_DEATH_SIGNAL: {
      struct iso_death_signal *u = &step->u.death_signal_;
      return iso_read_u32(r, &u->signal_);
    }
    case ISO_OP_KEYRING: {
      struct iso_keyring *u = &step->u.keyring_;
      return iso_read_str(r, true, &u->name);
    }
    case ISO_OP_PROPAGATION: {
      struct iso_propagation *u = &step->u.propagation_;
      return iso_read_slot(r, true, &u->in) &&
             iso_read_str(r, false, &u->path) &&
             iso_read_u32(r, &u->propagation) &&
             iso_read_bool(r, &u->recursive);
    }
    case ISO_OP_FS_MOUNT: {
      struct iso_fs_mount *u = &step->u.fs_mount_;
      return iso_read_str(r, false, &u->fstype) &&
             iso_read_list(r, true, &u->options) &&
             iso_read_u64(r, &u->attributes) &&
             iso_read_bool(r, &u->writable) &&
             iso_read_slot(r, false, &u->slot);
    }
    case ISO_OP_OPEN_TREE: {
      struct iso_open_tree *u = &step->u.open_tree_;
      return iso_read_slot(r, true, &u->in) &&
             iso_read_str(r, false, &u->path) &&
             iso_read_bool(r, &u->recursive) &&
             iso_read_slot(r, false, &u->slot);
    }
    case ISO_OP_MOUNT_SETATTR: {
      struct iso_mount_setattr *u = &step->u.mount_setattr_;
      return iso_read_slot(r, false, &u->in) &&
             iso_read_str(r, true, &u->path) &&
             iso_read_bool(r, &u->recursive) &&
             iso_read_u64(r, &u->set) &&
             iso_read_u64(r, &u->clear) &&
             iso_read_u32(r, &u->propagation) &&
             iso_read_slot(r, true, &u->userns);
    }
    case ISO_OP_MOVE_MOUNT: {
      struct iso_move_mount *u = &step->u.move_mount_;
      return iso_read_slot(r, false, &u->slot) &&
             iso_read_slot(r, true, &u->in) &&
             iso_read_str(r, false, &u->path) &&
             iso_read_u32(r, &u->create);
    }
    case ISO_OP_MOUNT: {
      struct iso_mount *u = &step->u.mount_;
      return iso_read_str(r, true, &u->fstype) &&
             iso_read_template(r, true, &u->source) &&
             iso_read_slot(r, true, &u->in) &&
             iso_read_str(r, false, &u->path) &&
             iso_read_u64(r, &u->flags) &&
             iso_read_template(r, true, &u->data) &&
             iso_read_u32(r, &u->create);
    }
    case ISO_OP_BIND: {
      struct iso_bind *u = &step->u.bind_;
      return iso_read_str(r, true, &u->source) &&
             iso_read_slot(r, true, &u->from) &&
             iso_read_slot(r, true, &u->in) &&
             iso_read_str(r, false, &u->path) &&
             iso_read_bool(r, &u->recursive) &&
             iso_read_u64(r, &u->set) &&
             iso_read_u64(r, &u->clear) &&
             iso_read_bool(r, &u->recursive_attributes) &&
             iso_read_u32(r, &u->propagation) &&
             iso_read_bool(r, &u->if_present) &&
             iso_read_u32(r, &u->create);
    }
    case ISO_OP_MASK: {
      struct iso_mask *u = &step->u.mask_;
      return iso_read_slot(r, true, &u->in) &&
             iso_read_str(r, false, &u->path);
    }
    case ISO_OP_READONLY: {
      struct iso_readonly *u = &step->u.readonly_;
      return iso_read_slot(r, true, &u->in) &&
             iso_read_str(r, false, &u->path) &&
             iso_read_bool(r, &u->recursive);
    }
    case ISO_OP_UNMOUNT: {
      struct iso_unmount *u = &step->u.unmount_;
      return iso_read_slot(r, true, &u->in) &&
             iso_read_str(r, false, &u->path) &&
             iso_read_u64(r, &u->flags);
    }
    case ISO_OP_MKDIR: {
      struct iso_mkdir *u = &step->u.mkdir_;
      return iso_read_slot(r, true, &u->in) &&
             iso_read_str(r, false, &u->path) &&
             iso_read_u32(r, &u->mode) &&
             iso_read_u32(r, &u->uid) &&
             iso_read_u32(r, &u->gid);
    }
    case ISO_OP_SYMLINK: {
      struct iso_symlink *u = &step->u.symlink_;
      return iso_read_slot(r, true, &u->in) &&
             iso_read_str(r, false, &u->path) &&
             iso_read_str(r, false, &u->target);
    }
    case ISO_OP_MKNOD: {
      struct iso_mknod *u = &step->u.mknod_;
      return iso_read_slot(r, true, &u->in) &&
             iso_read_str(r, false, &u->path) &&
             iso_read_u32(r, &u->type) &&
             iso_read_u32(r, &u->mode) &&
             iso_read_u32(r, &u->major) &&
             iso_read_u32(r, &u->minor) &&
             iso_read_u32(r, &u->uid) &&
             iso_read_u32(r, &u->gid);
    }
    case ISO_OP_MAKE_FILE: {
      struct iso_make_file *u = &step->u.make_file_;
      return iso_read_slot(r, true, &u->in) &&
             iso_read_str(r, false, &u->path) &&
             iso_read_bytes(r, false, &u->data) &&
             iso_read_u32(r, &u->mode) &&
             iso_read_u32(r, &u->uid) &&
             iso_read_u32(r, &u->gid);
    }
    case ISO_OP_COPY_UP: {
      struct iso_copy_up *u = &step->u.copy_up_;
      return iso_read_slot(r, false, &u->from) &&
             iso_read_slot(r, true, &u->in) &&
             iso_read_str(r, false, &u->path);
    }
    case ISO_OP_MAKE_PTY: {
      struct iso_make_pty *u = &step->u.make_pty_;
      return iso_read_slot(r, true, &u->in) &&
             iso_read_str(r, false, &u->path) &&
             iso_read_u32(r, &u->rows) &&
             iso_read_u32(r, &u->columns) &&
             iso_read_u32(r, &u->uid) &&
             iso_read_str(r, true, &u->console) &&
             iso_read_slot(r, false, &u->slot);
    }
    case ISO_OP_HOSTNAME: {
      struct iso_hostname *u = &step->u.hostname_;
      return iso_read_str(r, false, &u->name);
    }
    case ISO_OP_DOMAINNAME: {
      struct iso_domainname *u = &step->u.domainname_;
      return iso_read_str(r, false, &u->name);
    }
    case ISO_OP_INTERFACE_UP: {
      struct iso_interface_up *u = &step->u.interface_up_;
      return iso_read_str(r, false, &u->name);
    }
    case ISO_OP_PIVOT_ROOT: {
      struct iso_pivot_root *u = &step->u.pivot_root_;
      return iso_read_slot(r, false, &u->slot);
    }
    case ISO_OP_MOVE_ROOT: {
      struct iso_move_root *u = &step->u.move_root_;
      return iso_read_slot(r, false, &u->slot);
    }
    case ISO_OP_CHROOT: {
      struct iso_chroot *u = &step->u.chroot_;
      return iso_read_slot(r, true, &u->in) &&
             iso_read_str(r, false, &u->path);
    }
    case ISO_OP_SETSID:
      return true;
    case ISO_OP_CONTROLLING_TERMINAL: {
      struct iso_controlling_terminal *u = &step->u.controlling_terminal_;
      return iso_read_slot(r, false, &u->slot);
    }
    case ISO_OP_INHERIT_FD: {
      struct iso_inherit_fd *u = &step->u.inherit_fd_;
      return iso_read_slot(r, false, &u->slot) &&
             iso_read_u32(r, &u->number);
    }
    case ISO_OP_PRIORITY: {
      struct iso_priority *u = &step->u.priority_;
      return iso_read_i64(r, &u->nice);
    }
    case ISO_OP_IO_PRIORITY: {
      struct iso_io_priority *u = &step->u.io_priority_;
      return iso_read_u32(r, &u->class_) &&
             iso_read_u32(r, &u->level);
    }
    case ISO_OP_SCHEDULER: {
      struct iso_scheduler *u = &step->u.scheduler_;
      return iso_read_u32(r, &u->policy) &&
             iso_read_u64(r, &u->flags) &&
             iso_read_i64(r, &u->nice) &&
             iso_read_u32(r, &u->priority) &&
             iso_read_u64(r, &u->runtime) &&
             iso_read_u64(r, &u->deadline) &&
             iso_read_u64(r, &u->period);
    }
    case ISO_OP_AFFINITY: {
      struct iso_affinity *u = &step->u.affinity_;
      return iso_read_u32s(r, &u->cpus);
    }
    case ISO_OP_MEMORY_POLICY: {
      struct iso_memory_policy *u = &step->u.memory_policy_;
      return iso_read_u32(r, &u->mode) &&
             iso_read_u64(r, &u->flags) &&
             iso_read_u32s(r, &u->nodes);
    }
    case ISO_OP_PERSONALITY: {
      struct iso_personality *u = &step->u.personality_;
      return iso_read_u64(r, &u->persona);
    }
    case ISO_OP_FIND_PROGRAM:
      return true;
    case ISO_OP_PARK: {
      struct iso_park *u = &step->u.park_;
      return iso_read_slot(r, true, &u->listen);
    }
    case ISO_OP_CAP_BOUNDING: {
      struct iso_cap_bounding *u = &step->u.cap_bounding_;
      return iso_read_u64(r, &u->keep);
    }
    case ISO_OP_SETGROUPS: {
      struct iso_setgroups *u = &step->u.setgroups_;
      return iso_read_u32s(r, &u->gids);
    }
    case ISO_OP_SETGID: {
      struct iso_setgid *u = &step->u.setgid_;
      return iso_read_u32(r, &u->gid);
    }
    case ISO_OP_SETUID: {
      struct iso_setuid *u = &step->u.setuid_;
      return iso_read_u32(r, &u->uid);
    }
    case ISO_OP_UMASK: {
      struct iso_umask *u = &step->u.umask_;
      return iso_read_u32(r, &u->mask);
    }
    case ISO_OP_CHDIR: {
      struct iso_chdir *u = &step->u.chdir_;
      return iso_read_str(r, false, &u->path);
    }
    case ISO_OP_UNDUMPABLE:
      return true;
    case ISO_OP_CLOSE_FDS:
      return true;
    case ISO_OP_SECUREBITS: {
      struct iso_securebits *u = &step->u.securebits_;
      return iso_read_u64(r, &u->bits);
    }
    case ISO_OP_CAP_SET: {
      struct iso_cap_set *u = &step->u.cap_set_;
      return iso_read_u64(r, &u->effective) &&
             iso_read_u64(r, &u->permitted) &&
             iso_read_u64(r, &u->inheritable) &&
             iso_read_u64(r, &u->ambient);
    }
    case ISO_OP_NO_NEW_PRIVS:
      return true;
    case ISO_OP_SECCOMP: {
      struct iso_seccomp *u = &step->u.seccomp_;
      return iso_read_bytes(r, false, &u->filter) &&
             iso_read_u64(r, &u->flags) &&
             iso_read_str(r, true, &u->listener);
    }
    case ISO_OP_INIT_PROCESS:
      return true;
    default:
      return false;
  }
}

uint32_t iso_decode_step(const struct iso_plan *plan, uint32_t offset, struct iso_step *step) {
  struct iso_reader reader;
  uint32_t op;
  if (!iso_read_head(plan, offset, &reader, &op, &step->head)) return 0;
  if (op == 0 || op >= ISO_OP_COUNT) return 0;
  step->op = (enum iso_op)op;
  if (!decode_fields(&reader, step)) return 0;
  return iso_read_end(&reader);
}

#ifndef ISO_DECODE_ONLY
int iso_dispatch(struct iso_context *c, const struct iso_step *step) {
  switch (step->op) {
    case ISO_OP_OPEN:
      return iso_do_open(c, &step->u.open_);
    case ISO_OP_PIDFD_OPEN:
      return iso_do_pidfd_open(c, &step->u.pidfd_open_);
    case ISO_OP_CGROUP_CREATE:
      return iso_do_cgroup_create(c, &step->u.cgroup_create_);
    case ISO_OP_CGROUP_REMOVE:
      return iso_do_cgroup_remove(c, &step->u.cgroup_remove_);
    case ISO_OP_LISTEN:
      return iso_do_listen(c, &step->u.listen_);
    case ISO_OP_UNLINK:
      return iso_do_unlink(c, &step->u.unlink_);
    case ISO_OP_DEVICE_PROGRAM:
      return iso_do_device_program(c, &step->u.device_program_);
    case ISO_OP_WRITE_FILE:
      return iso_do_write_file(c, &step->u.write_file_);
    case ISO_OP_READ_FILE:
      return iso_do_read_file(c, &step->u.read_file_);
    case ISO_OP_CLONE:
      return iso_do_clone(c, &step->u.clone_);
    case ISO_OP_ID_MAP:
      return iso_do_id_map(c, &step->u.id_map_);
    case ISO_OP_ID_MAP_HELPER:
      return iso_do_id_map_helper(c, &step->u.id_map_helper_);
    case ISO_OP_PRLIMIT:
      return iso_do_prlimit(c, &step->u.prlimit_);
    case ISO_OP_OOM_SCORE_ADJ:
      return iso_do_oom_score_adj(c, &step->u.oom_score_adj_);
    case ISO_OP_MOVE_INTERFACE:
      return iso_do_move_interface(c, &step->u.move_interface_);
    case ISO_OP_RUN_PROGRAM:
      return iso_do_run_program(c, &step->u.run_program_);
    case ISO_OP_CALLBACK:
      return iso_do_callback(c, &step->u.callback_);
    case ISO_OP_SETNS:
      return iso_do_setns(c, &step->u.setns_);
    case ISO_OP_UNSHARE:
      return iso_do_unshare(c, &step->u.unshare_);
    case ISO_OP_SIGNAL:
      return iso_do_signal(c, &step->u.signal_);
    case ISO_OP_WAIT:
      return iso_do_wait(c, &step->u.wait_);
    case ISO_OP_RESET:
      return iso_do_reset(c, &step->u.reset_);
    case ISO_OP_BECOME_ROOT:
      return iso_do_become_root(c, NULL);
    case ISO_OP_DEATH_SIGNAL:
      return iso_do_death_signal(c, &step->u.death_signal_);
    case ISO_OP_KEYRING:
      return iso_do_keyring(c, &step->u.keyring_);
    case ISO_OP_PROPAGATION:
      return iso_do_propagation(c, &step->u.propagation_);
    case ISO_OP_FS_MOUNT:
      return iso_do_fs_mount(c, &step->u.fs_mount_);
    case ISO_OP_OPEN_TREE:
      return iso_do_open_tree(c, &step->u.open_tree_);
    case ISO_OP_MOUNT_SETATTR:
      return iso_do_mount_setattr(c, &step->u.mount_setattr_);
    case ISO_OP_MOVE_MOUNT:
      return iso_do_move_mount(c, &step->u.move_mount_);
    case ISO_OP_MOUNT:
      return iso_do_mount(c, &step->u.mount_);
    case ISO_OP_BIND:
      return iso_do_bind(c, &step->u.bind_);
    case ISO_OP_MASK:
      return iso_do_mask(c, &step->u.mask_);
    case ISO_OP_READONLY:
      return iso_do_readonly(c, &step->u.readonly_);
    case ISO_OP_UNMOUNT:
      return iso_do_unmount(c, &step->u.unmount_);
    case ISO_OP_MKDIR:
      return iso_do_mkdir(c, &step->u.mkdir_);
    case ISO_OP_SYMLINK:
      return iso_do_symlink(c, &step->u.symlink_);
    case ISO_OP_MKNOD:
      return iso_do_mknod(c, &step->u.mknod_);
    case ISO_OP_MAKE_FILE:
      return iso_do_make_file(c, &step->u.make_file_);
    case ISO_OP_COPY_UP:
      return iso_do_copy_up(c, &step->u.copy_up_);
    case ISO_OP_MAKE_PTY:
      return iso_do_make_pty(c, &step->u.make_pty_);
    case ISO_OP_HOSTNAME:
      return iso_do_hostname(c, &step->u.hostname_);
    case ISO_OP_DOMAINNAME:
      return iso_do_domainname(c, &step->u.domainname_);
    case ISO_OP_INTERFACE_UP:
      return iso_do_interface_up(c, &step->u.interface_up_);
    case ISO_OP_PIVOT_ROOT:
      return iso_do_pivot_root(c, &step->u.pivot_root_);
    case ISO_OP_MOVE_ROOT:
      return iso_do_move_root(c, &step->u.move_root_);
    case ISO_OP_CHROOT:
      return iso_do_chroot(c, &step->u.chroot_);
    case ISO_OP_SETSID:
      return iso_do_setsid(c, NULL);
    case ISO_OP_CONTROLLING_TERMINAL:
      return iso_do_controlling_terminal(c, &step->u.controlling_terminal_);
    case ISO_OP_INHERIT_FD:
      return iso_do_inherit_fd(c, &step->u.inherit_fd_);
    case ISO_OP_PRIORITY:
      return iso_do_priority(c, &step->u.priority_);
    case ISO_OP_IO_PRIORITY:
      return iso_do_io_priority(c, &step->u.io_priority_);
    case ISO_OP_SCHEDULER:
      return iso_do_scheduler(c, &step->u.scheduler_);
    case ISO_OP_AFFINITY:
      return iso_do_affinity(c, &step->u.affinity_);
    case ISO_OP_MEMORY_POLICY:
      return iso_do_memory_policy(c, &step->u.memory_policy_);
    case ISO_OP_PERSONALITY:
      return iso_do_personality(c, &step->u.personality_);
    case ISO_OP_FIND_PROGRAM:
      return iso_do_find_program(c, NULL);
    case ISO_OP_PARK:
      return iso_do_park(c, &step->u.park_);
    case ISO_OP_CAP_BOUNDING:
      return iso_do_cap_bounding(c, &step->u.cap_bounding_);
    case ISO_OP_SETGROUPS:
      return iso_do_setgroups(c, &step->u.setgroups_);
    case ISO_OP_SETGID:
      return iso_do_setgid(c, &step->u.setgid_);
    case ISO_OP_SETUID:
      return iso_do_setuid(c, &step->u.setuid_);
    case ISO_OP_UMASK:
      return iso_do_umask(c, &step->u.umask_);
    case ISO_OP_CHDIR:
      return iso_do_chdir(c, &step->u.chdir_);
    case ISO_OP_UNDUMPABLE:
      return iso_do_undumpable(c, NULL);
    case ISO_OP_CLOSE_FDS:
      return iso_do_close_fds(c, NULL);
    case ISO_OP_SECUREBITS:
      return iso_do_securebits(c, &step->u.securebits_);
    case ISO_OP_CAP_SET:
      return iso_do_cap_set(c, &step->u.cap_set_);
    case ISO_OP_NO_NEW_PRIVS:
      return iso_do_no_new_privs(c, NULL);
    case ISO_OP_SECCOMP:
      return iso_do_seccomp(c, &step->u.seccomp_);
    case ISO_OP_INIT_PROCESS:
      return iso_do_init_process(c, NULL);
    default:
      return -ENOSYS;
  }
}
#endif
