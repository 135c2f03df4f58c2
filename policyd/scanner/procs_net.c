/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel's lines, one a socket: numbers alone, but as many lines as the
 * namespace's owner likes.
 */
#include "policyd/scanner/procs_net.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "policyd/text.h"
#include "proto/result.h"

#define NET_BYTES_MAX (256u * 1024u) /* of one file that are looked at */
#define NET_WORDS     10u
#define NET_V4	      8u /* hexadecimal digits */
#define NET_V6	      32u

enum net_word {
	NET_OWN = 1,
	NET_PEER = 2,
	NET_STATE = 3,
	NET_UID = 7,
	NET_INODE = 9
};

struct net_take {
	const struct procs_ports *ports;
	struct procs_socket *buf;
	size_t max;
	size_t n;
};

/* ---- A line ------------------------------------------------------------- */

static bool
parse_hex(const char *s, size_t digits, uint32_t *ret_v)
{
	static const char known[] = "0123456789ABCDEF";
	const char *at;
	size_t i;

	*ret_v = 0;
	for (i = 0; i < digits; i++) {
		if (s[i] == '\0' || (at = strchr(known, s[i])) == NULL)
			return false;
		*ret_v = *ret_v << 4 | (uint32_t)(at - known);
	}
	return true;
}

/* Four bytes at a time are a number of this machine's. */
static bool
parse_address(const char *s, size_t digits, uint8_t address[16])
{
	uint32_t v;
	size_t i;

	memset(address, 0, 16);
	if (digits == NET_V4)
		address[10] = address[11] = 0xff;
	for (i = 0; i < digits; i += 8) {
		if (!parse_hex(s + i, 8, &v))
			return false;
		memcpy(address + 16 - digits / 2 + i / 2, &v, sizeof(v));
	}
	return true;
}

static bool
parse_end(const char *word, uint8_t address[16], uint16_t *ret_port)
{
	size_t digits = strcspn(word, ":");
	uint32_t port;

	if ((digits != NET_V4 && digits != NET_V6) || word[digits] != ':' ||
	    !parse_hex(word + digits + 1, 4, &port) ||
	    !parse_address(word, digits, address))
		return false;
	*ret_port = (uint16_t)port;
	return true;
}

/* False: it is the headline. */
static bool
parse_line(char *line, struct procs_socket *s)
{
	char *word[NET_WORDS], *rest = line, *w;
	uint64_t uid, inode;
	uint32_t state;
	size_t n = 0;

	while (n < NET_WORDS && (w = strsep(&rest, " ")) != NULL)
		if (*w != '\0')
			word[n++] = w;
	if (n < NET_WORDS || !parse_end(word[NET_OWN], s->own, &s->own_port) ||
	    !parse_end(word[NET_PEER], s->peer, &s->peer_port) ||
	    !parse_hex(word[NET_STATE], 2, &state) ||
	    text_parse_uint(word[NET_UID], 0, UINT32_MAX, &uid) != 0 ||
	    text_parse_uint(word[NET_INODE], 0, UINT64_MAX, &inode) != 0)
		return false;
	s->state = (uint8_t)state;
	s->uid = (uint32_t)uid;
	s->taken = inode != 0;
	return true;
}

/* ---- A file ------------------------------------------------------------- */

static bool
has(const struct procs_ports *range, uint16_t port)
{
	return port >= range->low && port <= range->high;
}

static bool
is_wanted(const struct procs_ports *ports, const struct procs_socket *s)
{
	for (; ports->role != PROCS_PORT_NONE; ports++)
		if (has(ports, s->peer_port) ||
		    (ports->role == PROCS_PORT_OWN && has(ports, s->own_port)))
			return true;
	return false;
}

static int
take_line(struct net_take *take, char *line)
{
	struct procs_socket s = { .uid = 0 };

	if (!parse_line(line, &s) || !is_wanted(take->ports, &s))
		return 0;
	if (take->n == take->max)
		return FG_ERR_LIMIT;
	take->buf[take->n++] = s;
	return 0;
}

/* Takes the whole lines of a text; *len is then what is left of it. */
static int
take_lines(struct net_take *take, char *text, size_t *len)
{
	char *line = text, *end;
	int r = 0;

	while (r == 0 && (end = strchr(line, '\n')) != NULL) {
		*end = '\0';
		r = take_line(take, line);
		line = end + 1;
	}
	*len -= (size_t)(line - text);
	memmove(text, line, *len);
	return r;
}

static int
take_file(struct net_take *take, int fd)
{
	size_t kept = 0, total = 0;
	char text[8192 + 1];
	ssize_t n;
	int r;

	while ((n = read(fd, text + kept, sizeof(text) - 1 - kept)) > 0) {
		total += (size_t)n;
		kept += (size_t)n;
		text[kept] = '\0';
		if ((r = take_lines(take, text, &kept)) != 0)
			return r;
		if (total > NET_BYTES_MAX)
			return FG_ERR_LIMIT;
	}
	return n == 0 ? 0 : FG_ERR_SYSTEM;
}

int
procs_sockets(int folder, const struct procs_ports *ports,
    struct procs_socket *buf, size_t max, size_t *ret_n)
{
	static const char *const names[] = { "net/tcp", "net/tcp6" };
	struct net_take take = { ports, buf, max, 0 };
	int fd, r = 0;
	size_t i;

	for (i = 0; i < 2 && r == 0; i++) {
		fd = openat(folder, names[i], O_RDONLY | O_CLOEXEC);
		if (fd == -1 && i == 0)
			r = FG_ERR_SYSTEM;
		if (fd == -1)
			break; /* without IPv6 there is no second one */
		r = take_file(&take, fd);
		(void)close(fd); /* was only read */
	}
	*ret_n = take.n;
	return r;
}
