// SPDX-License-Identifier: Apache-2.0
// Anonymous files. Native because Node has none; one that is sealed can be executed, or handed over, without anybody
// changing it on the way. See: man memfd_create(2), fcntl(2) (F_ADD_SEALS).

#ifndef ISO_MEMFD_H
#define ISO_MEMFD_H

#include "napi-helpers.h"

ISO_FUNCTION(iso_memfd_create);  // (name, executable) -> fd
ISO_FUNCTION(iso_add_seals);     // (fd, seals)
ISO_FUNCTION(iso_get_seals);     // (fd) -> seals

#endif
