// Asks libcap what a text form means. Input: one text a line. Output, one line each: the effective, permitted and inheritable masks, or
// "error"; then cap_to_text's own form.
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/capability.h>

static uint64_t mask(cap_t caps, cap_flag_t set) {
  uint64_t bits = 0;
  for (cap_value_t cap = 0; cap < 64; cap++) {
    cap_flag_value_t value;
    if (cap_get_flag(caps, cap, set, &value) == 0 && value == CAP_SET) bits |= (uint64_t)1 << cap;
  }
  return bits;
}

int main(void) {
  char line[8192];
  while (fgets(line, sizeof line, stdin)) {
    line[strcspn(line, "\n")] = 0;
    cap_t caps = cap_from_text(line);
    if (!caps) {
      puts("error");
      continue;
    }
    char *text = cap_to_text(caps, NULL);
    printf("%016" PRIx64 " %016" PRIx64 " %016" PRIx64 " %s\n", mask(caps, CAP_EFFECTIVE), mask(caps, CAP_PERMITTED), mask(caps, CAP_INHERITABLE), text);
    cap_free(text);
    cap_free(caps);
  }
  return 0;
}
