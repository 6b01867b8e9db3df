#ifndef ISO_LAUNCHER_H
#define ISO_LAUNCHER_H

// Takes launch requests from the socket until Node closes it, forking one supervisor each. Returns the exit status.
int iso_launcher(int socket);

#endif
