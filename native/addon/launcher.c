// SPDX-License-Identifier: Apache-2.0
// Starts the resident launcher. Native, because child_process.spawn forks the whole of Node on Node 20 (1.6 ms more, and the
// event loop stands still meanwhile), and because the program is a memfd. A thread of its own does it: vfork suspends the calling
// thread until the exec, and somebody has to reap. See posix_spawn(3).

#define _GNU_SOURCE
#include "launcher.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define LAUNCHER_SOCKET 3

struct start {
  int program, socket;
};

static int spawn(const struct start *s, pid_t *pid) {
  char path[32];
  char *argv[] = {"iso-init", "launch", "3", NULL}, *environment[] = {NULL};
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t none;
  snprintf(path, sizeof path, "/proc/self/fd/%d", s->program);
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID);
  for (int fd = 0; fd < 3; fd++) posix_spawn_file_actions_addopen(&actions, fd, "/dev/null", O_RDWR, 0);
  posix_spawn_file_actions_adddup2(&actions, s->socket, LAUNCHER_SOCKET);
  posix_spawn_file_actions_addchdir_np(&actions, "/");
  int error = posix_spawn(pid, path, &actions, &attributes, argv, environment);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  return error;
}

static void *run(void *argument) {
  struct start *s = argument;
  pid_t pid = 0;
  int error = spawn(s, &pid), status;
  close(s->program);
  close(s->socket);
  free(s);
  while (error == 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return NULL;
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int shared_socket = -1;

ISO_FUNCTION(iso_launcher_socket) {
  (void)info;
  pthread_mutex_lock(&lock);
  int socket = shared_socket;
  pthread_mutex_unlock(&lock);
  return iso_number(env, socket);
}

ISO_FUNCTION(iso_launcher_stop) {
  ISO_ARGS(1);
  ISO_INT(0, socket);
  pthread_mutex_lock(&lock);
  if (socket >= 0 && socket == shared_socket) {
    close(shared_socket);
    shared_socket = -1;
  }
  pthread_mutex_unlock(&lock);
  return NULL;
}

static int start_thread(struct start *s) {
  pthread_t thread;
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_attr_setstacksize(&attributes, 256 * 1024);
  // Signals for Node must not be delivered to this thread.
  sigset_t all, old;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &old);
  int error = pthread_create(&thread, &attributes, run, s);
  pthread_sigmask(SIG_SETMASK, &old, NULL);
  pthread_attr_destroy(&attributes);
  return error;
}

ISO_FUNCTION(iso_launcher_start) {
  ISO_ARGS(3);
  ISO_INT(0, program);
  ISO_INT(1, theirs);
  ISO_INT(2, ours);
  struct start *s = malloc(sizeof *s);
  if (!s) return iso_throw(env, ENOMEM, "pthread_create", NULL);
  // The socket must not be descriptor 3 itself: a dup2 onto itself would keep close-on-exec.
  *s = (struct start){(int)program, fcntl((int)theirs, F_DUPFD_CLOEXEC, 10)};
  close((int)theirs);
  pthread_mutex_lock(&lock);
  int error = shared_socket >= 0 ? EEXIST : start_thread(s);
  if (error == 0) shared_socket = (int)ours;
  int socket = shared_socket;
  pthread_mutex_unlock(&lock);
  if (error == 0) return iso_number(env, socket);
  close(s->program);
  close(s->socket);
  close((int)ours);
  free(s);
  return error == EEXIST ? iso_number(env, socket) : iso_throw(env, error, "pthread_create", NULL);
}
