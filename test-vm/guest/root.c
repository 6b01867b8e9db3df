#include "agent.h"

#include <errno.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

// Big messages make 9p bearable; what was read once stays cached, because the host's files do not change meanwhile.
#define NINE_P "trans=virtio,version=9p2000.L,msize=512000,cache=loose"

void must_mount(const char* source, const char* target, const char* type, unsigned long flags, const char* data) {
  if (mount(source, target, type, flags, data) != 0) die("mount", target);
}

void enter_root(void) {
  must_mkdir("/host", 0755);
  must_mkdir("/scratch", 0755);
  must_mkdir("/root-to-be", 0755);
  must_mount("root", "/host", "9p", MS_RDONLY, NINE_P);
  // A disk, not a tmpfs: tmpfs takes no user.* attributes before Linux 6.6 and no id maps before 6.3, and io.max needs a disk.
  must_mount("/dev/vda", "/scratch", "ext4", 0, "");
  must_mkdir("/scratch/upper", 0755);
  must_mkdir("/scratch/work", 0755);
  must_mkdir("/scratch/tmp", 0755);
  if (chmod("/scratch/tmp", 01777) != 0) die("open up", "/scratch/tmp");
  must_mount("root", "/root-to-be", "overlay", 0, "lowerdir=/host,upperdir=/scratch/upper,workdir=/scratch/work");
  must_mkdir("/root-to-be/tmp", 01777);
  must_mount("/scratch/tmp", "/root-to-be/tmp", NULL, MS_BIND, NULL);
  // What switch_root(8) does. A mere chroot(2) would not do: in one, unshare(CLONE_NEWUSER) is EPERM.
  if (chdir("/root-to-be") != 0) die("enter", "/root-to-be");
  must_mount(".", "/", NULL, MS_MOVE, NULL);
  if (chroot(".") != 0 || chdir("/") != 0) die("enter", "the new root");
}

void mount_system(void) {
  static const struct {
    const char *type, *target, *data;
    unsigned long flags;
    mode_t mode;
  } table[] = {
      {"proc", "/proc", NULL, MS_NOSUID | MS_NODEV | MS_NOEXEC, 0555},
      {"sysfs", "/sys", NULL, MS_NOSUID | MS_NODEV | MS_NOEXEC, 0555},
      {"devtmpfs", "/dev", "mode=755", MS_NOSUID, 0755},
      {"devpts", "/dev/pts", "gid=5,mode=620,ptmxmode=666", MS_NOSUID | MS_NOEXEC, 0755},
      {"tmpfs", "/dev/shm", "mode=1777", MS_NOSUID | MS_NODEV, 01777},
      {"mqueue", "/dev/mqueue", NULL, MS_NOSUID | MS_NODEV | MS_NOEXEC, 01777},
      {"tmpfs", "/run", "mode=755", MS_NOSUID | MS_NODEV, 0755},
      {"cgroup2", "/sys/fs/cgroup", "nsdelegate,memory_recursiveprot", MS_NOSUID | MS_NODEV | MS_NOEXEC, 0555},
  };
  for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
    // Some lie in file systems that have them already.
    if (mkdir(table[i].target, table[i].mode) != 0 && errno != EEXIST && errno != EPERM) die("make", table[i].target);
    must_mount(table[i].type, table[i].target, table[i].type, table[i].flags, table[i].data);
  }
  static const char* const links[][2] = {
      {"/proc/self/fd", "/dev/fd"},
      {"/proc/self/fd/0", "/dev/stdin"},
      {"/proc/self/fd/1", "/dev/stdout"},
      {"/proc/self/fd/2", "/dev/stderr"},
  };
  for (size_t i = 0; i < sizeof links / sizeof *links; i++)
    if (symlink(links[i][0], links[i][1]) != 0 && errno != EEXIST) die("make", links[i][1]);
}

void loopback_up(void) {
  struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
  int any = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (any < 0 || ioctl(any, SIOCSIFFLAGS, &request) != 0) die("bring up", "lo");
  close(any);
}
