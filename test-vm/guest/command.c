#include "agent.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// A grandchild that outlives the command may hold its output open; that long is waited for the end.
#define LINGER_MS 2000
// How often orphans are reaped while a command is silent.
#define TICK_MS 20

struct request {
  const char* directory;
  uid_t uid;
  char **arguments, **environment;
};

static struct request parse(char* payload, uint32_t length) {
  char *at = payload, *end = payload + length;
  struct request request = {.directory = at};
  at += strlen(at) + 1;
  request.uid = at < end ? strtoul(at, NULL, 10) : 0;
  at += strlen(at) + 1;
  size_t count = at < end ? strtoul(at, NULL, 10) : 0;
  at += strlen(at) + 1;
  // Not more strings than bytes; never freed, because a boot runs a handful of commands.
  request.arguments = calloc(length + 2, sizeof(char*));
  request.environment = calloc(length + 2, sizeof(char*));
  if (request.arguments == NULL || request.environment == NULL) die("allocate", "a command");
  for (size_t i = 0; i < count && at < end; i++, at += strlen(at) + 1) request.arguments[i] = at;
  for (size_t i = 0; at < end; i++, at += strlen(at) + 1) request.environment[i] = at;
  return request;
}

static _Noreturn void begin(struct request request, int out, int err) {
  setsid();
  write_file("/sys/fs/cgroup/test/commands/cgroup.procs", "0");
  int null = open("/dev/null", O_RDONLY);
  dup2(null, 0);
  dup2(out, 1);
  dup2(err, 2);
  signal(SIGPIPE, SIG_DFL);
  int failed = chdir(request.directory);
  if (!failed && request.uid != 0)
    failed = setgroups(0, NULL) || setgid(request.uid) || setuid(request.uid);
  if (failed || request.arguments[0] == NULL) _exit(126);
  const char* path = "/usr/sbin:/usr/bin:/sbin:/bin";
  for (char** entry = request.environment; *entry != NULL; entry++)
    if (strncmp(*entry, "PATH=", 5) == 0) path = *entry + 5;
  setenv("PATH", path, 1);
  environ = request.environment;
  execvp(request.arguments[0], request.arguments);
  dprintf(2, "%s: %s\n", request.arguments[0], strerror(errno));
  _exit(127);
}

static long now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

// PID 1 inherits every orphan. Returns whether `child` was among those that have ended.
static int reap(pid_t child, int* status) {
  int found = 0, one;
  pid_t pid;
  while ((pid = waitpid(-1, &one, WNOHANG)) > 0)
    if (pid == child) found = 1, *status = one;
  return found;
}

static int forward(int port, int* from, char letter) {
  static char chunk[65536];
  ssize_t got = read(*from, chunk, sizeof chunk);
  if (got > 0) {
    write_frame(port, letter, chunk, got);
    return 1;
  }
  close(*from);
  *from = -1;
  return 0;
}

static void obey(int port, pid_t child) {
  char* payload;
  uint32_t length;
  char letter = read_frame(port, &payload, &length);
  if (letter == FRAME_SIGNAL && length == 1) kill(-child, payload[0]);
  if (letter == 0 || letter == FRAME_QUIT) power_off();
}

void run_command(int port, char* payload, uint32_t length) {
  struct request request = parse(payload, length);
  int out[2], err[2];
  if (pipe2(out, O_CLOEXEC) != 0 || pipe2(err, O_CLOEXEC) != 0) die("make", "a pipe");
  pid_t child = fork();
  if (child < 0) die("fork", request.directory);
  if (child == 0) begin(request, out[1], err[1]);
  close(out[1]);
  close(err[1]);
  int status = 0;
  long ended = -1;
  while (ended < 0 || ((out[0] >= 0 || err[0] >= 0) && now_ms() < ended + LINGER_MS)) {
    struct pollfd polled[] = {{port, POLLIN, 0}, {out[0], POLLIN, 0}, {err[0], POLLIN, 0}};
    poll(polled, 3, TICK_MS);
    if (polled[0].revents) obey(port, child);
    if (polled[1].revents) forward(port, &out[0], FRAME_OUT);
    if (polled[2].revents) forward(port, &err[0], FRAME_ERR);
    if (reap(child, &status)) ended = now_ms();
  }
  if (out[0] >= 0) close(out[0]);
  if (err[0] >= 0) close(err[0]);
  unsigned char code[4] = {status, status >> 8, status >> 16, status >> 24};
  write_frame(port, FRAME_EXIT, code, sizeof code);
}
