// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "namespace.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/utsname.h>
#include <unistd.h>

// include/uapi/linux/nsfs.h; the pid translations came with 6.11.
#define ISO_NS_GET_USERNS _IO(0xb7, 1)
#define ISO_NS_GET_PARENT _IO(0xb7, 2)
#define ISO_NS_GET_NSTYPE _IO(0xb7, 3)
#define ISO_NS_GET_OWNER_UID _IO(0xb7, 4)
#define ISO_NS_GET_TGID_FROM_PIDNS _IOR(0xb7, 7, int)
#define ISO_NS_GET_TGID_IN_PIDNS _IOR(0xb7, 9, int)

// Enough for setns() and one call; the default of 8 MiB is address space for nothing.
enum { HELPER_STACK_BYTES = 256 * 1024 };

static bool owner_of(int fd, int type, uid_t *uid) {
  if (type == CLONE_NEWUSER) return ioctl(fd, ISO_NS_GET_OWNER_UID, uid) == 0;
  int userns = ioctl(fd, ISO_NS_GET_USERNS);
  if (userns == -1) return false;
  bool known = ioctl(userns, ISO_NS_GET_OWNER_UID, uid) == 0;
  close(userns);
  return known;
}

ISO_FUNCTION(iso_ns_info) {
  ISO_ARGS(1);
  ISO_INT(0, fd);
  struct stat about;
  int type = ioctl((int)fd, ISO_NS_GET_NSTYPE);
  if (type == -1) return iso_throw(env, errno, "ioctl_ns", NULL);
  if (fstat((int)fd, &about) == -1) return iso_throw(env, errno, "fstat", NULL);
  napi_value object, owner;
  if (napi_create_object(env, &object) != napi_ok) return NULL;
  uid_t uid;
  // The owning user namespace may be outside our own (EPERM): then its owner is not for us to know.
  if (owner_of((int)fd, type, &uid)) owner = iso_number(env, uid);
  else napi_get_null(env, &owner);
  iso_set(env, object, "type", iso_number(env, type));
  iso_set(env, object, "ownerUid", owner);
  iso_set(env, object, "inode", iso_number(env, (double)about.st_ino));
  iso_set(env, object, "device", iso_number(env, (double)about.st_dev));
  return object;
}

static napi_value related(napi_env env, napi_callback_info info, unsigned long request) {
  ISO_ARGS(1);
  ISO_INT(0, fd);
  int other = ioctl((int)fd, request);  // close-on-exec by the kernel
  if (other == -1) return iso_throw(env, errno, "ioctl_ns", NULL);
  return iso_number(env, other);
}

ISO_FUNCTION(iso_ns_parent) { return related(env, info, ISO_NS_GET_PARENT); }
ISO_FUNCTION(iso_ns_userns) { return related(env, info, ISO_NS_GET_USERNS); }

static napi_value translated(napi_env env, napi_callback_info info, unsigned long request) {
  ISO_ARGS(2);
  ISO_INT(0, fd);
  ISO_INT(1, pid);
  int other = ioctl((int)fd, request, (unsigned long)pid);
  if (other == -1) return iso_throw(env, errno, "ioctl_ns", NULL);
  return iso_number(env, other);
}

ISO_FUNCTION(iso_ns_pid_from) { return translated(env, info, ISO_NS_GET_TGID_FROM_PIDNS); }
ISO_FUNCTION(iso_ns_pid_in) { return translated(env, info, ISO_NS_GET_TGID_IN_PIDNS); }

// One job on the helper thread. `run` returns what the job makes, or -1 with errno set.
struct job {
  int namespace_fd;
  int type;
  int (*run)(struct job *job);
  int family, socket_type, protocol;
  struct utsname names;
  int result, error;
  const char *failed;
};

static void *helper(void *argument) {
  struct job *job = argument;
  job->result = -1;
  job->failed = "setns";
  if (setns(job->namespace_fd, job->type) == 0) {
    job->failed = NULL;
    job->result = job->run(job);
  }
  job->error = errno;
  return NULL;  // and with the thread ends its stay in the namespace
}

static int run_in_namespace(struct job *job) {
  pthread_attr_t attributes;
  pthread_t thread;
  sigset_t all, before;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, HELPER_STACK_BYTES);
  // No handler of Node's may run in the foreign namespace; the new thread inherits this mask.
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  int error = pthread_create(&thread, &attributes, helper, job);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  pthread_attr_destroy(&attributes);
  if (error != 0) {
    job->failed = "pthread_create";
    job->error = error;
    return -1;
  }
  pthread_join(thread, NULL);
  return job->result;
}

static int open_socket(struct job *job) {
  return socket(job->family, job->socket_type | SOCK_CLOEXEC, job->protocol);
}

static int read_names(struct job *job) { return uname(&job->names); }

ISO_FUNCTION(iso_socket_in_namespace) {
  ISO_ARGS(4);
  ISO_INT(0, fd);
  ISO_INT(1, family);
  ISO_INT(2, type);
  ISO_INT(3, protocol);
  struct job job = {.namespace_fd = (int)fd, .type = CLONE_NEWNET, .run = open_socket,
                    .family = (int)family, .socket_type = (int)type, .protocol = (int)protocol};
  if (run_in_namespace(&job) == -1) return iso_throw(env, job.error, job.failed ? job.failed : "socket", NULL);
  return iso_number(env, job.result);
}

ISO_FUNCTION(iso_hostname_in_namespace) {
  ISO_ARGS(1);
  ISO_INT(0, fd);
  struct job job = {.namespace_fd = (int)fd, .type = CLONE_NEWUTS, .run = read_names};
  if (run_in_namespace(&job) == -1) return iso_throw(env, job.error, job.failed ? job.failed : "uname", NULL);
  napi_value object, text;
  if (napi_create_object(env, &object) != napi_ok) return NULL;
  if (napi_create_string_utf8(env, job.names.nodename, NAPI_AUTO_LENGTH, &text) == napi_ok) iso_set(env, object, "hostname", text);
  if (napi_create_string_utf8(env, job.names.domainname, NAPI_AUTO_LENGTH, &text) == napi_ok) iso_set(env, object, "domainname", text);
  return object;
}
