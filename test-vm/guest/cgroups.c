#include "agent.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define TOP "/sys/fs/cgroup"

// As systemd leaves a machine: the root hands every controller down, processes live in groups below it. The commands run in
// the leaf of a group that hands down in its turn, as a delegated service does.
void set_up_cgroups(void) {
  char names[512] = "", enable[1024] = "";
  int file = open(TOP "/cgroup.controllers", O_RDONLY | O_CLOEXEC);
  if (file < 0 || read(file, names, sizeof names - 1) < 0) die("read", TOP "/cgroup.controllers");
  close(file);
  for (char* name = strtok(names, " \n"); name != NULL; name = strtok(NULL, " \n")) {
    strcat(enable, *enable ? " +" : "+");
    strcat(enable, name);
  }
  write_file(TOP "/cgroup.subtree_control", enable);
  must_mkdir(TOP "/init", 0755);
  write_file(TOP "/init/cgroup.procs", "1");
  must_mkdir(TOP "/test", 0755);
  write_file(TOP "/test/cgroup.subtree_control", enable);
  must_mkdir(TOP "/test/commands", 0755);
}
