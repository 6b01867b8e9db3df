#include "agent.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

static void serve(int port) {
  struct utsname name;
  uname(&name);
  write_frame(port, FRAME_READY, name.release, strlen(name.release));
  for (;;) {
    char* payload;
    uint32_t length;
    switch (read_frame(port, &payload, &length)) {
    case FRAME_COMMAND:
      run_command(port, payload, length);
      break;
    case FRAME_SIGNAL: // The command had ended by itself.
      break;
    case FRAME_QUIT:
      write_frame(port, FRAME_QUIT, NULL, 0);
      // The host closes its end when it has read that.
      read_frame(port, &payload, &length);
      return;
    default: // The host is gone, or speaks another language.
      return;
    }
  }
}

int main(void) {
  must_mkdir("/dev", 0755);
  must_mkdir("/sys", 0555);
  must_mount("devtmpfs", "/dev", "devtmpfs", 0, NULL);
  must_mount("sysfs", "/sys", "sysfs", 0, NULL);
  load_modules("/modules");
  enter_root();
  mount_system();
  set_up_cgroups();
  loopback_up();
  sethostname("test-vm", 7);
  setsid();
  // PID 1 has 4096 at most, which is less than any distribution gives its users.
  struct rlimit files = {1024, 1048576};
  setrlimit(RLIMIT_NOFILE, &files);
  umask(022);
  signal(SIGPIPE, SIG_IGN);
  serve(open_port());
  power_off();
}

void die(const char* what, const char* path) {
  int reason = errno;
  int console = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);
  dprintf(console < 0 ? 2 : console, "<0>test-vm: cannot %s %s: %s\n", what, path, strerror(reason));
  power_off();
}

void power_off(void) {
  sync();
  reboot(RB_POWER_OFF);
  _exit(1); // Ends the kernel by a panic, and QEMU with it.
}

void write_file(const char* path, const char* text) {
  int file = open(path, O_WRONLY | O_CLOEXEC);
  if (file < 0 || write(file, text, strlen(text)) < 0) die("write", path);
  close(file);
}

void must_mkdir(const char* path, mode_t mode) {
  if (mkdir(path, mode) != 0 && errno != EEXIST) die("make", path);
}
