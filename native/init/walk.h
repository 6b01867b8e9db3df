#ifndef ISO_WALK_H
#define ISO_WALK_H

#include <sys/types.h>

// Resolves `path` beneath `root` one component at a time on O_PATH descriptors, keeping its own stack of directories, so that
// ".." cannot be raced out of the root. Returns an fd opened with `flags`, or -errno.
int iso_walk(int root, const char *path, int flags, mode_t mode);

#endif
