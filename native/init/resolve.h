// Paths beneath a root, resolved by the kernel and held as descriptors; never a string that is checked first and used later.
#ifndef ISO_RESOLVE_H
#define ISO_RESOLVE_H

#include "context.h"

// Opens `path` beneath the directory in slot `in` as if that were the root; without `in`, as open(2) would. Returns an fd or -errno.
int iso_open(struct iso_context *c, uint32_t in, const char *path, int flags, mode_t mode, uint64_t resolve);

// The same beneath a directory descriptor.
int iso_open_beneath(int root, const char *path, int flags, mode_t mode, uint64_t resolve);

// An O_PATH descriptor of a mount target. A missing one is made as `create` says, its parents too.
int iso_target(struct iso_context *c, uint32_t in, const char *path, uint32_t create);

// An O_PATH descriptor of the directory that holds the last part of `path`, made where it is missing. `*name` points into `path`.
int iso_parent(struct iso_context *c, uint32_t in, const char *path, char *name, size_t size);

// mkdir -p; an O_PATH descriptor of the directory. `*made` tells whether the last part was new.
int iso_mkdirs(struct iso_context *c, uint32_t in, const char *path, mode_t mode, bool *made);

enum iso_create { ISO_CREATE_NONE, ISO_CREATE_DIRECTORY, ISO_CREATE_FILE, ISO_CREATE_SAME };

#endif
