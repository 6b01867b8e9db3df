// SPDX-License-Identifier: Apache-2.0
#include "watch.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
#include <uv.h>

// One watcher. It lives until both its libuv handle is closed and its JavaScript handle is collected; everything happens
// on the thread of its environment, so nothing is locked.
struct watch {
  uv_poll_t poll;
  napi_env env;
  napi_ref callback;
  napi_async_cleanup_hook_handle cleanup;
  int fd;  // ours: a duplicate, because the caller may close his and libuv takes one watcher per number; or the one handed over
  bool closing;
  int holders;
};

static void release(struct watch *watch) {
  if (--watch->holders == 0) free(watch);
}

static void on_closed(uv_handle_t *handle) {
  struct watch *watch = handle->data;
  close(watch->fd);
  napi_delete_reference(watch->env, watch->callback);
  // Lets an environment that is being torn down go on.
  napi_remove_async_cleanup_hook(watch->cleanup);
  release(watch);
}

static void begin_close(struct watch *watch) {
  if (watch->closing) return;
  watch->closing = true;
  uv_poll_stop(&watch->poll);
  uv_close((uv_handle_t *)&watch->poll, on_closed);
}

static void on_teardown(napi_async_cleanup_hook_handle handle, void *data) {
  (void)handle;
  begin_close(data);
}

static void on_collected(napi_env env, void *data, void *hint) {
  (void)env;
  (void)hint;
  release(data);
}

static void on_ready(uv_poll_t *poll, int status, int events) {
  (void)events;
  struct watch *watch = poll->data;
  napi_env env = watch->env;
  napi_handle_scope scope;
  napi_value callback, global, argument;
  if (napi_open_handle_scope(env, &scope) != napi_ok) return;
  argument = iso_number(env, status < 0 ? -status : 0);
  if (napi_get_reference_value(env, watch->callback, &callback) == napi_ok && napi_get_global(env, &global) == napi_ok &&
      napi_make_callback(env, NULL, global, callback, 1, &argument, NULL) == napi_pending_exception) {
    napi_value error;
    // Node's own rule for a throwing callback: 'uncaughtException'.
    if (napi_get_and_clear_last_exception(env, &error) == napi_ok) napi_fatal_exception(env, error);
  }
  napi_close_handle_scope(env, scope);
}

ISO_FUNCTION(iso_watch) {
  ISO_ARGS(5);
  ISO_INT(0, fd);
  ISO_INT(1, events);
  ISO_INT(3, keep_alive);
  ISO_INT(4, owned);
  uv_loop_t *loop;
  napi_value handle = NULL;
  if (napi_get_uv_event_loop(env, &loop) != napi_ok) return iso_throw(env, ENOSYS, "uv_poll_init", NULL);
  struct watch *watch = calloc(1, sizeof *watch);
  if (watch == NULL) return iso_throw(env, ENOMEM, "uv_poll_init", NULL);
  watch->env = env;
  watch->fd = owned ? (int)fd : fcntl((int)fd, F_DUPFD_CLOEXEC, 0);
  if (watch->fd == -1) {
    int error = errno;
    free(watch);
    return iso_throw(env, error, "fcntl", NULL);
  }
  // libuv makes the descriptor non-blocking, and with it everybody's who shares the open file. We only poll: put it back.
  int status = fcntl(watch->fd, F_GETFL);
  int error = uv_poll_init(loop, &watch->poll, watch->fd);
  if (status != -1) fcntl(watch->fd, F_SETFL, status);
  if (error != 0) {
    if (!owned) close(watch->fd);
    free(watch);
    return iso_throw(env, -error, "epoll_ctl", NULL);
  }
  watch->poll.data = watch;
  watch->holders = 1;
  if (napi_create_reference(env, argv[2], 1, &watch->callback) != napi_ok ||
      napi_add_async_cleanup_hook(env, on_teardown, watch, &watch->cleanup) != napi_ok) {
    begin_close(watch);
    return iso_throw(env, EINVAL, "uv_poll_init", NULL);
  }
  if (napi_create_external(env, watch, on_collected, NULL, &handle) != napi_ok) {
    begin_close(watch);
    return NULL;
  }
  watch->holders = 2;
  if (!keep_alive) uv_unref((uv_handle_t *)&watch->poll);
  uv_poll_start(&watch->poll, (int)events, on_ready);
  return handle;
}

ISO_FUNCTION(iso_watch_close) {
  ISO_ARGS(1);
  void *data;
  if (napi_get_value_external(env, argv[0], &data) != napi_ok) return iso_throw(env, EINVAL, "uv_close", NULL);
  begin_close(data);
  return NULL;
}
