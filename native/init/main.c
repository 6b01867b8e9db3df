// iso-init: runs plans. `iso-init launch FD` is the launcher of a Node process.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "launcher.h"

int main(int argc, char **argv) {
  if (argc == 3 && strcmp(argv[1], "launch") == 0) return iso_launcher(atoi(argv[2]));
  fputs("iso-init is started by @iso/native, not by hand: see native/README.md\n", stderr);
  return 2;
}
