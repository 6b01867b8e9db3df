#include "agent.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

int open_port(void) {
  // The device exists when its driver has talked to the host, a moment after the module was loaded. The first number in its name counts
  // all virtio devices; there is one port.
  for (int tries = 0; tries < 1000; tries++) {
    glob_t found;
    if (glob("/dev/vport*p*", 0, NULL, &found) == 0) {
      int port = open(found.gl_pathv[0], O_RDWR | O_CLOEXEC);
      if (port >= 0) return port;
      die("open", found.gl_pathv[0]);
    }
    nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
  }
  die("find", "/dev/vport*");
}

static int read_fully(int port, void* to, size_t length) {
  for (size_t done = 0; done < length;) {
    ssize_t got = read(port, (char*)to + done, length - done);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return 0;
    done += got;
  }
  return 1;
}

static void write_fully(int port, const void* from, size_t length) {
  for (size_t done = 0; done < length;) {
    ssize_t put = write(port, (const char*)from + done, length - done);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) power_off(); // The host is gone.
    done += put;
  }
}

char read_frame(int port, char** payload, uint32_t* length) {
  static char* buffer;
  unsigned char head[5];
  if (!read_fully(port, head, sizeof head)) return 0;
  *length = head[1] | head[2] << 8 | head[3] << 16 | (uint32_t)head[4] << 24;
  free(buffer);
  *payload = buffer = malloc((size_t)*length + 1);
  if (buffer == NULL || !read_fully(port, buffer, *length)) return 0;
  buffer[*length] = 0;
  return (char)head[0];
}

void write_frame(int port, char letter, const void* payload, uint32_t length) {
  unsigned char head[5] = {letter, length, length >> 8, length >> 16, length >> 24};
  write_fully(port, head, sizeof head);
  write_fully(port, payload, length);
}
