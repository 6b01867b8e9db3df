// runProgram, idMapHelper: host programs the supervisor runs, with a clean environment, / as directory and no descriptor of ours.
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "context.h"
#include "kernel.h"

static _Noreturn void become(const char *program, char *const *argv, char *const *env, int input, int errors) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  signal(SIGCHLD, SIG_DFL);
  signal(SIGPIPE, SIG_DFL);
  if (input >= 0) dup2(input, 0);
  dup2(errors, 2);
  dup2(errors, 1);
  syscall(SYS_close_range, 3u, ~0u, ISO_CLOSE_RANGE_CLOEXEC);
  if (chdir("/") == 0) execve(program, argv, env);
  _exit(errno == ENOENT ? 127 : 126);
}

// Feeds the input, keeps the first words of what the program says, and waits; 0 or -errno.
static int tend(struct iso_context *c, pid_t pid, int feed, struct iso_bytes input, int errors, uint32_t timeout_ms, const char *name) {
  char said[400];
  size_t length = 0;
  uint32_t fed = 0;
  uint64_t deadline = timeout_ms ? iso_now_ns() + (uint64_t)timeout_ms * 1000000u : 0;
  bool late = false;
  for (;;) {
    struct pollfd fds[2] = {{errors, POLLIN, 0}, {feed, POLLOUT, 0}};
    int wait = -1;
    if (deadline) {
      uint64_t now = iso_now_ns();
      wait = now >= deadline ? 0 : (int)((deadline - now) / 1000000u) + 1;
    }
    int ready = poll(fds, feed >= 0 ? 2 : 1, wait);
    if (ready < 0 && errno != EINTR) break;
    if (ready == 0) {
      late = true;
      kill(pid, SIGKILL);
      break;
    }
    if (feed >= 0 && fds[1].revents) {
      ssize_t n = write(feed, input.data + fed, input.length - fed > PIPE_BUF ? PIPE_BUF : input.length - fed);
      if (n > 0) fed += (uint32_t)n;
      if (n < 0 || fed == input.length) {
        close(feed);
        feed = -1;
      }
    }
    if (fds[0].revents) {
      char more[4096];
      ssize_t n = read(errors, more, sizeof more);
      if (n <= 0) break;
      size_t take = (size_t)n < sizeof said - length ? (size_t)n : sizeof said - length;
      memcpy(said + length, more, take);
      length += take;
    }
  }
  if (feed >= 0) close(feed);
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {}
  if (late) return iso_fail_with(c, ETIMEDOUT, "wait4", name);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return 0;
  while (length > 0 && said[length - 1] == '\n') length--;
  iso_note(c, said, length);
  return iso_fail_with(c, WIFEXITED(status) && WEXITSTATUS(status) == 127 ? ENOENT : EPROTO, "execve", name);
}

static int run(struct iso_context *c, const char *program, char *const *argv, char *const *env, struct iso_bytes input, uint32_t timeout_ms) {
  int errors[2], feed[2] = {-1, -1};
  if (pipe2(errors, O_CLOEXEC) < 0 || (input.length && pipe2(feed, O_CLOEXEC) < 0)) return iso_fail(c, "pipe2", program);
  pid_t pid = fork();
  if (pid < 0) return iso_fail(c, "fork", program);
  if (pid == 0) become(program, argv, env, feed[0], errors[1]);
  close(errors[1]);
  if (feed[0] >= 0) close(feed[0]);
  int r = tend(c, pid, feed[1], input, errors[0], timeout_ms, program);
  close(errors[0]);
  return r;
}

static char **strings(const struct iso_list *list, const char *first, const char *second) {
  char **v = calloc(list->count + 3, sizeof *v);
  size_t n = 0;
  if (!v) return NULL;
  if (first) v[n++] = (char *)first;
  if (second) v[n++] = (char *)second;
  for (uint32_t i = 0; i < list->count; i++) v[n++] = (char *)iso_list_item(list, i).text;
  return v;
}

// A hook is told the process ID, which nobody knows when the plan is made.
static char *input_with_pid(struct iso_context *c, const struct iso_run_program *a, struct iso_bytes *whole) {
  char pid[16];
  size_t digits = (size_t)snprintf(pid, sizeof pid, "%d", (int)(c->side == ISO_CHILD ? getpid() : c->child));
  char *text = malloc(a->input.length + digits + a->after_pid.length);
  if (!text) return NULL;
  memcpy(text, a->input.data, a->input.length);
  memcpy(text + a->input.length, pid, digits);
  memcpy(text + a->input.length + digits, a->after_pid.data, a->after_pid.length);
  *whole = (struct iso_bytes){(const uint8_t *)text, a->input.length + (uint32_t)digits + a->after_pid.length};
  return text;
}

int iso_do_run_program(struct iso_context *c, const struct iso_run_program *a) {
  if (a->argv.count == 0) return iso_fail_with(c, EINVAL, "execve", "");
  char **argv = strings(&a->argv, NULL, NULL), **env = strings(&a->env, NULL, NULL);
  struct iso_bytes input = a->input;
  char *text = a->after_pid.length ? input_with_pid(c, a, &input) : NULL;
  int r = -ENOMEM;
  if (argv && env && (text || a->after_pid.length == 0)) {
    const char *program = argv[0];
    if (a->argv0) argv[0] = (char *)a->argv0;
    r = run(c, program, argv, env, input, a->timeout_ms);
  } else {
    iso_fail_with(c, ENOMEM, "execve", NULL);
  }
  free(text);
  free(argv);
  free(env);
  return r;
}

#define MAP_HELPER_TIMEOUT_MS 10000

int iso_do_id_map_helper(struct iso_context *c, const struct iso_id_map_helper *a) {
  char pid[16];
  char *env[] = {NULL};
  snprintf(pid, sizeof pid, "%d", (int)c->child);
  char **argv = strings(&a->ranges, a->program, pid);
  if (!argv) return iso_fail_with(c, ENOMEM, "execve", NULL);
  int r = run(c, argv[0], argv, env, (struct iso_bytes){0}, MAP_HELPER_TIMEOUT_MS);
  free(argv);
  return r;
}
