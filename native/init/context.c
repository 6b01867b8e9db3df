#include "context.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static void copy(char *to, size_t size, const char *from) {
  size_t n = from ? strlen(from) : 0;
  if (n >= size) n = size - 1;
  memcpy(to, from ? from : "", n);
  to[n] = 0;
}

int iso_fail_with(struct iso_context *c, int error, const char *syscall, const char *path) {
  copy(c->record->syscall, sizeof c->record->syscall, syscall);
  copy(c->record->path, sizeof c->record->path, path);
  return -error;
}

int iso_fail(struct iso_context *c, const char *syscall, const char *path) { return iso_fail_with(c, errno, syscall, path); }

void iso_note(struct iso_context *c, const char *text, size_t length) {
  if (length >= sizeof c->record->note) length = sizeof c->record->note - 1;
  memcpy(c->record->note, text, length);
  c->record->note[length] = 0;
}

void iso_set_slot(struct iso_context *c, uint32_t slot, int fd) {
  if (c->slots[slot] >= 0 && c->slots[slot] != fd) close(c->slots[slot]);
  c->slots[slot] = fd;
}

const char *iso_expand(struct iso_context *c, struct iso_template t, char *out, size_t size) {
  if (!t.expand) return t.text;
  size_t n = 0;
  out[0] = 0;  // a template may be empty
  for (uint32_t i = 0; i < t.length; i++) {
    int written;
    if (t.text[i] == ISO_TEMPLATE_SLOT) {
      uint32_t slot = 0;
      for (int d = 1; d <= 4; d++) slot = slot * 10 + (uint32_t)(t.text[i + (uint32_t)d] - '0');
      i += 4;
      written = snprintf(out + n, size - n, "/proc/self/fd/%d", c->slots[slot]);
    } else if (t.text[i] == ISO_TEMPLATE_PID) {
      written = snprintf(out + n, size - n, "%d", (int)c->child);
    } else {
      written = snprintf(out + n, size - n, "%c", t.text[i]);
    }
    if (written < 0 || (size_t)written >= size - n) return NULL;
    n += (size_t)written;
  }
  return out;
}

uint64_t iso_now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}
