// Reads the encoded plan. The bytes come from another process, so nothing in them is believed: every offset and length is
// checked against the size of the plan, every string must end in NUL and hold none, every slot must exist.
#ifndef ISO_DECODE_H
#define ISO_DECODE_H

#include <stdbool.h>
#include <stdint.h>

#define ISO_MAGIC 0x314f5349u  // "ISO1"
#define ISO_ABSENT 0xffffffffu
#define ISO_NO_SLOT 0xffffffffu
#define ISO_MAX_SLOTS 4096u
#define ISO_MAX_PLAN (64u << 20)

// What a slot or the child's pid stands for inside a template; see src/encode.ts.
#define ISO_TEMPLATE_SLOT 0x01
#define ISO_TEMPLATE_PID 0x02

struct iso_bytes {
  const uint8_t *data;
  uint32_t length;
};

struct iso_template {
  const char *text;
  uint32_t length;
  bool expand;
};

struct iso_list {
  const uint8_t *base;
  const uint8_t *pairs;
  uint32_t count;
};

struct iso_u32s {
  const uint8_t *words;
  uint32_t count;
};

struct iso_section {
  uint32_t offset;
  uint32_t count;
};

struct iso_plan {
  const uint8_t *base;
  uint32_t size;
  uint32_t slot_count;
  struct iso_section before, stage, beside, child, receipt, undo;
  uint32_t clone;  // offset of the clone step, 0: none
  uint32_t flags;
  struct iso_list argv, env;
  uint32_t timeout_ms;
  uint64_t output_limit;
};

enum iso_plan_flag {
  ISO_PLAN_DETACHED = 1,  // the container outlives the process that asked for it
  ISO_PLAN_TERMINAL = 2,  // standard input, output and error come from makePty
  ISO_PLAN_TRACE = 4,     // the time of every step is reported
  ISO_PLAN_LEAVE = 8,     // the supervisor leaves once the child is parked (role create)
};

struct iso_step_head {
  uint32_t index;
  uint32_t alternatives;
  struct iso_u32s ignore;
};

struct iso_reader {
  const struct iso_plan *plan;
  uint32_t at;
  uint32_t end;
};

bool iso_read_plan(const void *base, uint32_t size, uint32_t digest, struct iso_plan *plan);
bool iso_read_head(const struct iso_plan *plan, uint32_t offset, struct iso_reader *r, uint32_t *op, struct iso_step_head *head);
uint32_t iso_read_end(const struct iso_reader *r);

bool iso_read_u32(struct iso_reader *r, uint32_t *out);
bool iso_read_u64(struct iso_reader *r, uint64_t *out);
bool iso_read_i64(struct iso_reader *r, int64_t *out);
bool iso_read_bool(struct iso_reader *r, bool *out);
bool iso_read_slot(struct iso_reader *r, bool optional, uint32_t *out);
bool iso_read_str(struct iso_reader *r, bool optional, const char **out);
bool iso_read_template(struct iso_reader *r, bool optional, struct iso_template *out);
bool iso_read_bytes(struct iso_reader *r, bool optional, struct iso_bytes *out);
bool iso_read_list(struct iso_reader *r, bool templates, struct iso_list *out);
bool iso_read_u32s(struct iso_reader *r, struct iso_u32s *out);

// Items of a list that was read; `i` must be below its count.
struct iso_template iso_list_item(const struct iso_list *list, uint32_t i);
uint32_t iso_u32s_item(const struct iso_u32s *list, uint32_t i);

#endif
