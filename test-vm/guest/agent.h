// The program that is PID 1 of the test machine: it sets the guest up and runs what the host asks for.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// Frames on the virtio port: a letter, the length in four bytes (little endian), that many bytes.
enum frame {
  FRAME_READY = 'R',   // to the host: the kernel's release
  FRAME_COMMAND = 'C', // from the host: strings that end in NUL: directory, uid, number of arguments, arguments, environment
  FRAME_SIGNAL = 'K',  // from the host: one byte, for the group of the command
  FRAME_OUT = 'O',     // to the host: standard output of the command
  FRAME_ERR = 'E',     // to the host: its standard error
  FRAME_EXIT = 'X',    // to the host: the wait status in four bytes, after all output
  FRAME_QUIT = 'Q',    // from the host: power off; to the host: done, nothing follows
};

// Print to the kernel's log what failed and with which errno, and power off. The host reports the end of the log.
_Noreturn void die(const char* what, const char* path);
_Noreturn void power_off(void);

// Load the modules of the initramfs in the order of their names.
void load_modules(const char* directory);

// Make the root: the host's files below, a disk of the guest's own above them. Afterwards `/` is that root.
void enter_root(void);
// The file systems every Linux has: proc, sysfs, devices, ...
void mount_system(void);
// Give all controllers to the groups below the root of cgroup v2, and leave the root.
void set_up_cgroups(void);
void loopback_up(void);

// The host's end. read_frame() returns the payload, ended by NUL, until the next call; letter 0: the host is gone.
int open_port(void);
char read_frame(int port, char** payload, uint32_t* length);
void write_frame(int port, char letter, const void* payload, uint32_t length);

// Run one command to its end, or until the host is gone.
void run_command(int port, char* payload, uint32_t length);

// mount(2), which must succeed.
void must_mount(const char* source, const char* target, const char* type, unsigned long flags, const char* data);
void must_mkdir(const char* path, mode_t mode);
void write_file(const char* path, const char* text);
