// SPDX-License-Identifier: Apache-2.0
// Mounts, by path and by descriptor. Native because Node has neither. They act on the mount namespace of this process.
// See: man mount(2), umount(2), fsopen(2), fsconfig(2), fsmount(2), open_tree(2), move_mount(2), mount_setattr(2).

#ifndef ISO_MOUNT_H
#define ISO_MOUNT_H

#include "napi-helpers.h"

ISO_FUNCTION(iso_mount);          // (source, target, fstype, flags, data)
ISO_FUNCTION(iso_umount2);        // (target, flags)
ISO_FUNCTION(iso_fsopen);         // (fstype) -> fd
ISO_FUNCTION(iso_fsconfig);       // (fsfd, command, key, value, aux)
ISO_FUNCTION(iso_fsmount);        // (fsfd, attributes) -> fd
ISO_FUNCTION(iso_open_tree);      // (dirfd, path, flags) -> fd
ISO_FUNCTION(iso_move_mount);     // (fromFd, fromPath, toFd, toPath, flags)
ISO_FUNCTION(iso_mount_setattr);  // (dirfd, path, flags, set, clear, propagation, usernsFd)

#endif
