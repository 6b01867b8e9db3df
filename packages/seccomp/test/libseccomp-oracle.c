// Asks libseccomp for the program it would make of a profile, so that tests can compare verdicts.
//
// Input, one item a line:
//   default ACTION | badarch ACTION | arch TOKEN | remove TOKEN | optimize LEVEL | rule ACTION NAME COUNT [INDEX OP VALUE VALUETWO]...
// Numbers as SECCOMP_RET_… and SCMP_CMP_… values. Output: the program, 8 bytes an instruction.
#include <errno.h>
#include <inttypes.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void die(const char *what, int error) {
  fprintf(stderr, "%s: %s\n", what, strerror(-error));
  exit(1);
}

int main(void) {
  char line[4096];
  scmp_filter_ctx ctx = NULL;
  while (fgets(line, sizeof line, stdin)) {
    char name[128];
    uint32_t number;
    int count, used, error = 0;
    if (sscanf(line, "default %" SCNu32, &number) == 1) {
      ctx = seccomp_init(number);
      if (!ctx) die("seccomp_init", -22);
    } else if (sscanf(line, "badarch %" SCNu32, &number) == 1) {
      error = seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH, number);
    } else if (sscanf(line, "optimize %" SCNu32, &number) == 1) {
      error = seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, number);
    } else if (sscanf(line, "arch %" SCNu32, &number) == 1) {
      error = seccomp_arch_add(ctx, number);
      if (error == -EEXIST) error = 0;
    } else if (sscanf(line, "remove %" SCNu32, &number) == 1) {
      error = seccomp_arch_remove(ctx, number);
    } else if (sscanf(line, "rule %" SCNu32 " %127s %d%n", &number, name, &count, &used) == 3) {
      struct scmp_arg_cmp args[6];
      const char *at = line + used;
      for (int i = 0; i < count; i++) {
        unsigned index, op;
        uint64_t a, b;
        int more;
        if (sscanf(at, "%u %u %" SCNu64 " %" SCNu64 "%n", &index, &op, &a, &b, &more) != 4) die("rule", -22);
        args[i] = (struct scmp_arg_cmp){.arg = index, .op = op, .datum_a = a, .datum_b = b};
        at += more;
      }
      int nr = seccomp_syscall_resolve_name(name);
      if (nr == __NR_SCMP_ERROR) continue;
      error = seccomp_rule_add_array(ctx, number, nr, count, args);
      // An action equal to the default, or a call no architecture of the filter has: nothing to say.
      if (error == -EACCES || error == -EDOM) error = 0;
    } else {
      die(line, -22);
    }
    if (error) die(line, error);
  }
  int error = seccomp_export_bpf(ctx, STDOUT_FILENO);
  if (error) die("seccomp_export_bpf", error);
  seccomp_release(ctx);
  return 0;
}
