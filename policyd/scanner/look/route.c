/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Routes from the two files of pid 1's network, and by asking the kernel for
 * the way to an address that is nobody's. Nothing is sent there.
 */
#include "policyd/scanner/look/route.h"

#include <sys/socket.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <unistd.h>

#include "policyd/scanner/place.h"
#include "policyd/scanner/procs_read.h"
#include "policyd/text.h"
#include "proto/result.h"

#define ROUTE_LINE  256u
#define ROUTE_READ  8192u
#define ROUTE_BYTES (1024u * 1024u) /* of a file; a router has more */
#define ROUTE_UP    0x1u
#define ROUTE_NOT   0x200u /* it refuses */

/* Of 192.0.2.0/24 and 2001:db8::/32, which are for documentation. */
static const uint8_t nowhere4[4] = { 192, 0, 2, 1 };
static const uint8_t nowhere6[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 };

size_t
route_split(char *line, char *word[ROUTE_WORDS])
{
	size_t n = 0;
	char *s = line;

	while (n < ROUTE_WORDS) {
		s += strspn(s, " \t");
		if (*s == '\0')
			break;
		word[n++] = s;
		s += strcspn(s, " \t");
		if (*s != '\0')
			*s++ = '\0';
	}
	return n;
}

static void
add_name(struct route *route, const char *name)
{
	if (route->n < ROUTE_MAX &&
	    text_copy(route->name[route->n], IFNAMSIZ, name) == 0)
		route->n++;
}

static bool
is_usable(const char *flags)
{
	uint32_t v;

	return place_parse_hex(flags, &v) == 0 && (v & ROUTE_UP) != 0 &&
	    (v & ROUTE_NOT) == 0;
}

static bool
is_one_of(const char *s, const char *a, const char *b)
{
	return strcmp(s, a) == 0 || strcmp(s, b) == 0;
}

/* Iface Destination Gateway Flags RefCnt Use Metric Mask: in host order */
static void
take_line4(char *line, void *arg)
{
	char *word[ROUTE_WORDS];
	struct route *route = arg;

	if (route_split(line, word) < 8 || !is_usable(word[3]))
		return;
	if (is_one_of(word[7], "00000000", "00000080") &&
	    is_one_of(word[1], "00000000", "00000080"))
		add_name(route, word[0]);
}

/* Destination, its bits, source, bits, gateway, metric, two counts, flags,
 * interface: all in hex. The local table's are among them. */
static void
take_line6(char *line, void *arg)
{
	static const char zero[] = "00000000000000000000000000000000";
	static const char half[] = "80000000000000000000000000000000";
	char *word[ROUTE_WORDS];
	struct route *route = arg;

	if (route_split(line, word) < 10 || !is_usable(word[8]) ||
	    strcmp(word[9], "lo") == 0)
		return;
	if ((strcmp(word[0], zero) == 0 && is_one_of(word[1], "00", "01")) ||
	    (strcmp(word[0], half) == 0 && strcmp(word[1], "01") == 0))
		add_name(route, word[9]);
}

struct route_file {
	route_line_fn take;
	void *arg;
	char line[ROUTE_LINE];
	size_t len;
};

/* A line that is too long is cut, and then none. */
static void
take_bytes(struct route_file *file, const char *buf, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (buf[i] == '\n') {
			file->line[file->len] = '\0';
			file->take(file->line, file->arg);
			file->len = 0;
		} else if (file->len < sizeof(file->line) - 1) {
			file->line[file->len++] = buf[i];
		}
	}
}

int
route_lines(const char *name, size_t max, route_line_fn fn, void *arg)
{
	struct route_file file = { .take = fn, .arg = arg };
	char buf[ROUTE_READ];
	size_t total = 0;
	ssize_t n;
	int fd;

	if ((fd = openat(procs_folder(), name, O_RDONLY | O_CLOEXEC)) == -1)
		return FG_ERR_SYSTEM;
	while (total < max && (n = read(fd, buf, sizeof(buf))) > 0) {
		take_bytes(&file, buf, (size_t)n);
		total += (size_t)n;
	}
	(void)close(fd); /* was only read */
	return 0;
}

static void
read_routes(struct route *route, const char *name, route_line_fn take)
{
	/* A kernel without IPv6 has no such file. */
	if (route_lines(name, ROUTE_BYTES, take, route) != 0)
		route->failed |= errno != ENOENT;
}

struct route_question {
	struct rtmsg msg;
	struct rtattr attribute;
	uint8_t address[16];
};

static void
take_route(const void *data, size_t len, void *arg)
{
	const void *index;
	uint32_t *ret_index = arg;

	index = netlink_attribute(data, len, sizeof(struct rtmsg), RTA_OIF,
	    sizeof(*ret_index), NULL);
	if (index != NULL)
		memcpy(ret_index, index, sizeof(*ret_index));
}

/* No route is an answer, and none of interest. */
void
route_ask(struct netlink *routes, int64_t until_ns, uint8_t family,
    netlink_fn fn, void *arg)
{
	struct route_question q = { .msg = { .rtm_family = family } };
	struct netlink_request ask = { RTM_GETROUTE, &q, 0 };
	bool v4 = family == AF_INET;
	size_t size = v4 ? sizeof(nowhere4) : sizeof(nowhere6);

	q.msg.rtm_dst_len = (unsigned char)(size * 8);
	q.attribute.rta_type = RTA_DST;
	q.attribute.rta_len = (unsigned short)RTA_LENGTH(size);
	memcpy(q.address, v4 ? nowhere4 : nowhere6, size);
	ask.len = offsetof(struct route_question, address) + size;
	(void)netlink_one(routes, &ask, until_ns, fn, arg);
}

void
route_look(struct netlink *routes, int64_t until_ns, struct route *ret_route)
{
	memset(ret_route, 0, sizeof(*ret_route));
	read_routes(ret_route, "1/net/route", take_line4);
	read_routes(ret_route, "1/net/ipv6_route", take_line6);
	route_ask(routes, until_ns, AF_INET, take_route, &ret_route->index[0]);
	route_ask(routes, until_ns, AF_INET6, take_route, &ret_route->index[1]);
}

bool
route_has(const struct route *route, const char *name, uint32_t index)
{
	size_t i;

	for (i = 0; i < route->n; i++)
		if (strcmp(route->name[i], name) == 0)
			return true;
	return index != 0 &&
	    (route->index[0] == index || route->index[1] == index);
}
