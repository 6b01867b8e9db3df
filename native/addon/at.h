// SPDX-License-Identifier: Apache-2.0
// Making, naming and describing entries of a directory that is held as a descriptor. Native because Node's fs takes paths only, which are
// looked up anew each time, and has no times below a microsecond. See: man openat(2), utimensat(2).

#ifndef ISO_AT_H
#define ISO_AT_H

#include "napi-helpers.h"

ISO_FUNCTION(iso_mkdirat);    // (dirfd, name, mode)
ISO_FUNCTION(iso_symlinkat);  // (target, dirfd, name)
ISO_FUNCTION(iso_linkat);     // (from dirfd, from name, to dirfd, to name)
ISO_FUNCTION(iso_mknodat);    // (dirfd, name, mode with type, major, minor)
ISO_FUNCTION(iso_unlinkat);   // (dirfd, name, 1 for a directory)
ISO_FUNCTION(iso_renameat);   // (from dirfd, from name, to dirfd, to name)
ISO_FUNCTION(iso_fchownat);   // (dirfd, name, uid, gid); a link itself
ISO_FUNCTION(iso_fchmodat);   // (dirfd, name, mode); follows a link
ISO_FUNCTION(iso_utimensat);  // (dirfd, name or null for dirfd itself, seconds, nanoseconds, seconds, nanoseconds); a link itself
ISO_FUNCTION(iso_read_names); // (fd of a directory): names, each ended by a NUL
ISO_FUNCTION(iso_syncfs);     // (fd)

#endif
