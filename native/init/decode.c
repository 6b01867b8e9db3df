// See decode.h. Free of system calls, so that it can be fuzzed alone (fuzz/decode.c).
#include "decode.h"

#include <string.h>

#define HEAD_WORDS 6u
#define HEADER_WORDS 26u
#define EXPAND_BIT 0x80000000u

static uint32_t word_at(const uint8_t *base, uint32_t offset) {
  uint32_t w;
  memcpy(&w, base + offset, sizeof w);
  return w;
}

static bool in_plan(const struct iso_plan *p, uint32_t offset, uint64_t length) {
  return offset <= p->size && length <= (uint64_t)p->size - offset;
}

static bool next_word(struct iso_reader *r, uint32_t *out) {
  if (r->end - r->at < 4) return false;
  *out = word_at(r->plan->base, r->at);
  r->at += 4;
  return true;
}

bool iso_read_u32(struct iso_reader *r, uint32_t *out) { return next_word(r, out); }

bool iso_read_u64(struct iso_reader *r, uint64_t *out) {
  uint32_t low, high;
  if (!next_word(r, &low) || !next_word(r, &high)) return false;
  *out = (uint64_t)high << 32 | low;
  return true;
}

bool iso_read_i64(struct iso_reader *r, int64_t *out) {
  uint64_t u;
  if (!iso_read_u64(r, &u)) return false;
  memcpy(out, &u, sizeof u);
  return true;
}

bool iso_read_bool(struct iso_reader *r, bool *out) {
  uint32_t w;
  if (!next_word(r, &w) || w > 1) return false;
  *out = w == 1;
  return true;
}

bool iso_read_slot(struct iso_reader *r, bool optional, uint32_t *out) {
  if (!next_word(r, out)) return false;
  if (*out == ISO_NO_SLOT) return optional;
  return *out < r->plan->slot_count;
}

// A string of `length` bytes at `offset`, followed by NUL. Only a template may hold the marker bytes, and no string a NUL.
static bool check_str(const struct iso_plan *p, uint32_t offset, uint32_t length) {
  if (!in_plan(p, offset, (uint64_t)length + 1)) return false;
  if (p->base[offset + length] != 0) return false;
  return memchr(p->base + offset, 0, length) == NULL;
}

// In a template each marker is followed by what it needs: a slot by four decimal digits that name an existing one.
static bool check_template(const struct iso_plan *p, const uint8_t *text, uint32_t length) {
  for (uint32_t i = 0; i < length; i++) {
    if (text[i] != ISO_TEMPLATE_SLOT) continue;
    if (length - i < 5) return false;
    uint32_t slot = 0;
    for (uint32_t d = 1; d <= 4; d++) {
      if (text[i + d] < '0' || text[i + d] > '9') return false;
      slot = slot * 10 + (uint32_t)(text[i + d] - '0');
    }
    if (slot >= p->slot_count) return false;
    i += 4;
  }
  return true;
}

static bool check_pair(const struct iso_plan *p, uint32_t offset, uint32_t length, bool templates) {
  bool expand = length & EXPAND_BIT;
  length &= ~EXPAND_BIT;
  if (expand && !templates) return false;
  return check_str(p, offset, length) && (!expand || check_template(p, p->base + offset, length));
}

bool iso_read_str(struct iso_reader *r, bool optional, const char **out) {
  uint32_t offset, length;
  if (!next_word(r, &offset) || !next_word(r, &length)) return false;
  *out = NULL;
  if (offset == ISO_ABSENT) return optional;
  if (!check_pair(r->plan, offset, length, false)) return false;
  *out = (const char *)r->plan->base + offset;
  return true;
}

bool iso_read_template(struct iso_reader *r, bool optional, struct iso_template *out) {
  uint32_t offset, length;
  if (!next_word(r, &offset) || !next_word(r, &length)) return false;
  *out = (struct iso_template){0};
  if (offset == ISO_ABSENT) return optional;
  if (!check_pair(r->plan, offset, length, true)) return false;
  *out = (struct iso_template){(const char *)r->plan->base + offset, length & ~EXPAND_BIT, (length & EXPAND_BIT) != 0};
  return true;
}

bool iso_read_bytes(struct iso_reader *r, bool optional, struct iso_bytes *out) {
  uint32_t offset, length;
  if (!next_word(r, &offset) || !next_word(r, &length)) return false;
  *out = (struct iso_bytes){0};
  if (offset == ISO_ABSENT) return optional;
  if (!in_plan(r->plan, offset, length)) return false;
  *out = (struct iso_bytes){r->plan->base + offset, length};
  return true;
}

static bool check_list(const struct iso_plan *p, uint32_t offset, uint32_t count, bool templates, struct iso_list *out) {
  *out = (struct iso_list){p->base, p->base, 0};
  if (offset == ISO_ABSENT) return true;
  if (!in_plan(p, offset, (uint64_t)count * 8)) return false;
  for (uint32_t i = 0; i < count; i++) {
    if (!check_pair(p, word_at(p->base, offset + i * 8), word_at(p->base, offset + i * 8 + 4), templates)) return false;
  }
  *out = (struct iso_list){p->base, p->base + offset, count};
  return true;
}

bool iso_read_list(struct iso_reader *r, bool templates, struct iso_list *out) {
  uint32_t offset, count;
  if (!next_word(r, &offset) || !next_word(r, &count)) return false;
  return check_list(r->plan, offset, count, templates, out);
}

static bool check_u32s(const struct iso_plan *p, uint32_t offset, uint32_t count, struct iso_u32s *out) {
  *out = (struct iso_u32s){p->base, 0};
  if (offset == ISO_ABSENT) return true;
  if (!in_plan(p, offset, (uint64_t)count * 4)) return false;
  *out = (struct iso_u32s){p->base + offset, count};
  return true;
}

bool iso_read_u32s(struct iso_reader *r, struct iso_u32s *out) {
  uint32_t offset, count;
  if (!next_word(r, &offset) || !next_word(r, &count)) return false;
  return check_u32s(r->plan, offset, count, out);
}

struct iso_template iso_list_item(const struct iso_list *list, uint32_t i) {
  uint32_t offset = word_at(list->pairs, i * 8), length = word_at(list->pairs, i * 8 + 4);
  return (struct iso_template){(const char *)list->base + offset, length & ~EXPAND_BIT, (length & EXPAND_BIT) != 0};
}

uint32_t iso_u32s_item(const struct iso_u32s *list, uint32_t i) { return word_at(list->words, i * 4); }

bool iso_read_head(const struct iso_plan *plan, uint32_t offset, struct iso_reader *r, uint32_t *op, struct iso_step_head *head) {
  if (offset % 4 != 0 || !in_plan(plan, offset, HEAD_WORDS * 4)) return false;
  uint32_t words = word_at(plan->base, offset + 4);
  if (words < HEAD_WORDS || !in_plan(plan, offset, (uint64_t)words * 4)) return false;
  *op = word_at(plan->base, offset);
  if (!check_u32s(plan, word_at(plan->base, offset + 8), word_at(plan->base, offset + 12), &head->ignore)) return false;
  head->alternatives = word_at(plan->base, offset + 16);
  head->index = word_at(plan->base, offset + 20);
  *r = (struct iso_reader){plan, offset + HEAD_WORDS * 4, offset + words * 4};
  return true;
}

// Where the next record starts; 0 where the fields did not fill this one exactly.
uint32_t iso_read_end(const struct iso_reader *r) { return r->at == r->end ? r->end : 0; }

bool iso_read_plan(const void *base, uint32_t size, uint32_t digest, struct iso_plan *plan) {
  *plan = (struct iso_plan){.base = base, .size = size};
  if (size < HEADER_WORDS * 4 || size > ISO_MAX_PLAN) return false;
  uint32_t w[HEADER_WORDS];
  memcpy(w, base, sizeof w);
  if (w[0] != ISO_MAGIC || w[1] != digest || w[2] != size || w[3] > ISO_MAX_SLOTS) return false;
  plan->slot_count = w[3];
  plan->before = (struct iso_section){w[4], w[5]};
  plan->stage = (struct iso_section){w[6], w[7]};
  plan->beside = (struct iso_section){w[8], w[9]};
  plan->child = (struct iso_section){w[10], w[11]};
  plan->receipt = (struct iso_section){w[12], w[13]};
  plan->undo = (struct iso_section){w[24], w[25]};
  plan->clone = w[14];
  plan->flags = w[15];
  plan->timeout_ms = w[20];
  plan->output_limit = (uint64_t)w[22] << 32 | w[21];
  return check_list(plan, w[16], w[17], false, &plan->argv) && check_list(plan, w[18], w[19], false, &plan->env);
}
