#include "agent.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

// The host numbers the files so that each comes after those it depends on.
void load_modules(const char* directory) {
  struct dirent** entries;
  int count = scandir(directory, &entries, NULL, alphasort);
  if (count < 0) die("list", directory);
  for (int i = 0; i < count; i++) {
    if (entries[i]->d_name[0] == '.') continue;
    char path[512];
    snprintf(path, sizeof path, "%s/%s", directory, entries[i]->d_name);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) die("open", path);
    if (syscall(SYS_finit_module, file, "", 0) != 0 && errno != EEXIST) die("load", path);
    close(file);
    unlink(path);
    free(entries[i]);
  }
  free(entries);
}
