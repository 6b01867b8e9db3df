// SPDX-License-Identifier: Apache-2.0
#include "capability.h"

#include <linux/capability.h>
#include <sys/prctl.h>

#include "../init/syscall-numbers.h"

static void set_mask(napi_env env, napi_value object, const char *name, uint32_t low, uint32_t high) {
  napi_value mask;
  if (napi_create_bigint_uint64(env, (uint64_t)high << 32 | low, &mask) == napi_ok) iso_set(env, object, name, mask);
}

ISO_FUNCTION(iso_capget) {
  ISO_ARGS(1);
  ISO_INT(0, pid);
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = (int)pid};
  struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
  if (syscall(SYS_capget, &header, data) == -1) return iso_throw(env, errno, "capget", NULL);
  napi_value object;
  if (napi_create_object(env, &object) != napi_ok) return NULL;
  set_mask(env, object, "effective", data[0].effective, data[1].effective);
  set_mask(env, object, "permitted", data[0].permitted, data[1].permitted);
  set_mask(env, object, "inheritable", data[0].inheritable, data[1].inheritable);
  return object;
}

ISO_FUNCTION(iso_prctl) {
  ISO_ARGS(3);
  ISO_INT(0, option);
  ISO_INT(1, second);
  ISO_INT(2, third);
  switch (option) {
    // Options that only read, and return what they read rather than writing through a pointer.
    case PR_GET_DUMPABLE:
    case PR_GET_KEEPCAPS:
    case PR_GET_TIMERSLACK:
    case PR_GET_SECCOMP:
    case PR_CAPBSET_READ:
    case PR_GET_SECUREBITS:
    case PR_GET_NO_NEW_PRIVS:
    case PR_GET_THP_DISABLE:
      break;
    // Of the whole process, not of one thread.
    case PR_SET_CHILD_SUBREAPER:
      break;
    case PR_CAP_AMBIENT:
      if (second == PR_CAP_AMBIENT_IS_SET) break;
      return iso_throw(env, EINVAL, "prctl", NULL);
    default:
      return iso_throw(env, EINVAL, "prctl", NULL);
  }
  int result = prctl((int)option, (unsigned long)second, (unsigned long)third, 0UL, 0UL);
  if (result == -1) return iso_throw(env, errno, "prctl", NULL);
  return iso_number(env, result);
}
