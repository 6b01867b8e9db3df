// From argv and env to execve. The search path is the program's own environment, never the caller's. See execve(2).
#include "execute.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "plan.h"

#define DEFAULT_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

static char **vector(const struct iso_list *list) {
  char **v = malloc((list->count + 1) * sizeof *v);
  if (!v) return NULL;
  for (uint32_t i = 0; i < list->count; i++) v[i] = (char *)iso_list_item(list, i).text;
  v[list->count] = NULL;
  return v;
}

static const char *search_path(char *const *env) {
  for (; *env; env++) {
    if (strncmp(*env, "PATH=", 5) == 0) return *env + 5;
  }
  return DEFAULT_PATH;
}

// ENOENT for a file that is there means that its interpreter is not (a script's #! line, a dynamic loader).
static int explain(struct iso_context *c, const char *path, int error) {
  struct stat st;
  if (error == ENOENT && stat(path, &st) == 0) {
    const char *text = "the file exists, but the interpreter or loader it names does not";
    iso_note(c, text, strlen(text));
    return iso_fail_with(c, ELIBACC, "execve", path);
  }
  if (error == EACCES && stat(path, &st) == 0 && S_ISDIR(st.st_mode)) return iso_fail_with(c, EISDIR, "execve", path);
  return iso_fail_with(c, error, "execve", path);
}

int iso_execute(struct iso_context *c) {
  if (c->plan.argv.count == 0) return iso_fail_with(c, EINVAL, "execve", "");
  char **argv = vector(&c->plan.argv), **env = vector(&c->plan.env);
  if (!argv || !env) return iso_fail_with(c, ENOMEM, "execve", NULL);
  const char *program = argv[0];
  if (strchr(program, '/')) {
    execve(program, argv, env);
    return explain(c, program, errno);
  }
  if (*program == 0) return iso_fail_with(c, ENOENT, "execve", "");
  int denied = 0;
  char candidate[PATH_MAX], refused[PATH_MAX] = "";
  for (const char *at = search_path(env);; at++) {
    size_t n = strcspn(at, ":");
    size_t need = (n ? n : 1) + 1 + strlen(program) + 1;
    if (need <= sizeof candidate) {
      memcpy(candidate, n ? at : ".", n ? n : 1);
      candidate[n ? n : 1] = '/';
      strcpy(candidate + (n ? n : 1) + 1, program);
      execve(candidate, argv, env);
      struct stat st;
      if (errno == EACCES && stat(candidate, &st) == 0 && !S_ISDIR(st.st_mode)) {
        denied = EACCES;
        strcpy(refused, candidate);
      } else if (errno != ENOENT && errno != ENOTDIR && errno != EACCES) {
        return explain(c, candidate, errno);
      } else if (errno == ENOENT && stat(candidate, &st) == 0) {
        return explain(c, candidate, ENOENT);
      }
    }
    at += n;
    if (*at == 0) break;
  }
  return denied ? iso_fail_with(c, denied, "execve", refused) : iso_fail_with(c, ENOENT, "execve", program);
}

// What execve would say of a file; 0 where it would begin. A directory is not executable, whatever its mode.
static int would_execute(const char *path) {
  struct stat st;
  if (stat(path, &st) < 0) return errno;
  return S_ISREG(st.st_mode) && (st.st_mode & 0111) ? 0 : EACCES;
}

// A relative path depends on the working directory, which is entered later, as the user: execve tells.
int iso_do_find_program(struct iso_context *c, const void *a) {
  (void)a;
  if (c->plan.argv.count == 0) return iso_fail_with(c, EINVAL, "stat", "");
  const char *program = iso_list_item(&c->plan.argv, 0).text;
  if (*program == '/') {
    int error = would_execute(program);
    return error ? iso_fail_with(c, error, "stat", program) : 0;
  }
  if (strchr(program, '/')) return 0;
  char **env = vector(&c->plan.env);
  if (!env) return iso_fail_with(c, ENOMEM, "stat", program);
  int denied = ENOENT;
  char candidate[PATH_MAX];
  for (const char *at = search_path(env);; at++) {
    size_t n = strcspn(at, ":");
    // An empty entry is the working directory.
    if (n == 0 || *at != '/') return 0;
    if (n + 1 + strlen(program) + 1 <= sizeof candidate) {
      memcpy(candidate, at, n);
      candidate[n] = '/';
      strcpy(candidate + n + 1, program);
      int error = would_execute(candidate);
      if (error == 0) return 0;
      if (error == EACCES) denied = EACCES;
    }
    at += n;
    if (*at == 0) break;
  }
  return iso_fail_with(c, denied, "stat", program);
}

int iso_take_program(struct iso_context *c, const int *fds, int count) {
  struct stat st;
  struct iso_plan program;
  if (fstat(fds[0], &st) < 0) return iso_fail(c, "fstat", NULL);
  void *base = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fds[0], 0);
  if (base == MAP_FAILED) return iso_fail(c, "mmap", NULL);
  if (!iso_read_plan(base, (uint32_t)st.st_size, ISO_TABLE_DIGEST, &program)) return iso_fail_with(c, EBADMSG, "decode", NULL);
  c->plan.argv = program.argv;
  c->plan.env = program.env;
  close(fds[0]);
  for (int i = 1; i < count; i++) {
    if (dup2(fds[i], i - 1) < 0) return iso_fail(c, "dup3", NULL);
    close(fds[i]);
  }
  return 0;
}
