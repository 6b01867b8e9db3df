// The mount system calls the operations are made of. Each returns 0 or an fd, or -errno.
#ifndef ISO_MOUNTING_H
#define ISO_MOUNTING_H

#include "context.h"

// The link in /proc/self/fd through which mount(2) reaches exactly what a descriptor stands for.
struct iso_self_path {
  char text[32];
};
struct iso_self_path iso_self_path(int fd);

int iso_open_tree(int dir, const char *path, bool recursive);
int iso_move_mount(int mount, int target);
int iso_set_attributes(int mount, bool recursive, uint64_t set, uint64_t clear, uint64_t propagation, int userns);

#endif
