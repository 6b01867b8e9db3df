// interfaceUp, moveInterface: the little networking a container without @iso/net needs. See netdevice(7), rtnetlink(7).
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "context.h"

int iso_do_interface_up(struct iso_context *c, const struct iso_interface_up *a) {
  struct ifreq request = {0};
  if (strlen(a->name) >= sizeof request.ifr_name) return iso_fail_with(c, ENAMETOOLONG, "ioctl", a->name);
  strcpy(request.ifr_name, a->name);
  ISO_CLEANUP_FD int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return iso_fail(c, "socket", a->name);
  if (ioctl(fd, SIOCGIFFLAGS, &request) < 0) return iso_fail(c, "ioctl", a->name);
  request.ifr_flags |= IFF_UP;
  return ioctl(fd, SIOCSIFFLAGS, &request) < 0 ? iso_fail(c, "ioctl", a->name) : 0;
}

int iso_do_move_interface(struct iso_context *c, const struct iso_move_interface *a) {
  struct {
    struct nlmsghdr head;
    struct ifinfomsg info;
    struct rtattr attribute;
    uint32_t pid;
    struct rtattr name_attribute;
    char name[IFNAMSIZ];
  } request = {
      .head = {.nlmsg_len = sizeof request, .nlmsg_type = RTM_NEWLINK, .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK},
      .info = {.ifi_family = AF_UNSPEC, .ifi_index = (int)if_nametoindex(a->name)},
      .attribute = {.rta_len = RTA_LENGTH(4), .rta_type = IFLA_NET_NS_PID},
      .pid = (uint32_t)c->child,
      .name_attribute = {.rta_len = RTA_LENGTH(IFNAMSIZ), .rta_type = IFLA_IFNAME},
  };
  const char *inside = a->rename ? a->rename : a->name;
  if (strlen(inside) >= sizeof request.name) return iso_fail_with(c, ENAMETOOLONG, "sendmsg", inside);
  strcpy(request.name, inside);
  if (request.info.ifi_index == 0) return iso_fail_with(c, ENODEV, "ioctl", a->name);
  ISO_CLEANUP_FD int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
  if (fd < 0) return iso_fail(c, "socket", a->name);
  if (send(fd, &request, sizeof request, 0) < 0) return iso_fail(c, "sendmsg", a->name);
  struct {
    struct nlmsghdr head;
    struct nlmsgerr error;
    char rest[256];
  } answer;
  ssize_t n = recv(fd, &answer, sizeof answer, 0);
  if (n < 0) return iso_fail(c, "recvmsg", a->name);
  if (answer.head.nlmsg_type != NLMSG_ERROR) return iso_fail_with(c, EPROTO, "recvmsg", a->name);
  return answer.error.error ? iso_fail_with(c, -answer.error.error, "sendmsg", a->name) : 0;
}
