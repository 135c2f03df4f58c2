/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A descriptor that does not block, and poll(2). A kernel before 5.0 works at a
 * command in write(2) and knows no poll of it: that is why who speaks to a TPM
 * is a process of its own, which others wait for.
 */
#include "policyd/device/tpm_link.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "policyd/scanner/walk.h"
#include "policyd/text.h"
#include "proto/result.h"

#define HEAD_SIZE 10u /* tag, length and result */
#define NS_MS	  INT64_C(1000000)

/* A device without a driver, or a socket without a program, is none. */
static int
absent_or_error(void)
{
	switch (errno) {
	case ENOENT:
	case ENOTDIR:
	case ENODEV:
	case ENXIO:
	case ECONNREFUSED:
		return FG_ERR_NOT_FOUND;
	default:
		return FG_ERR_SYSTEM;
	}
}

static int
open_socket(const char *path, int *ret_fd)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd, r = 0;

	if (text_copy(addr.sun_path, sizeof(addr.sun_path), path) != 0)
		return FG_ERR_FORMAT;
	if ((fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) == -1)
		return FG_ERR_SYSTEM;
	if (connect(fd, (const struct sockaddr *)&addr, sizeof(addr)) != 0 ||
	    fcntl(fd, F_SETFL, O_NONBLOCK) != 0) {
		r = absent_or_error();
		(void)close(fd); /* never connected */
		return r;
	}
	*ret_fd = fd;
	return 0;
}

int
tpm_link_open(const char *path, int *ret_fd)
{
	struct stat st;

	*ret_fd = -1;
	if (lstat(path, &st) != 0)
		return absent_or_error();
	if (S_ISSOCK(st.st_mode))
		return open_socket(path, ret_fd);
	if (!S_ISCHR(st.st_mode))
		return FG_ERR_FORMAT;
	*ret_fd =
	    open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW);
	return *ret_fd == -1 ? absent_or_error() : 0;
}

/* Returns r, which is the line's from now on. */
static int
fail(struct tpm_link *link, int r)
{
	if (link->result == 0)
		link->result = r;
	return link->result;
}

/* Until there is something to do, or the time is over. */
static int
wait_for(struct tpm_link *link, short events)
{
	struct pollfd p = { .fd = link->fd, .events = events };
	int64_t left_ns;
	int n;

	if (link->result != 0)
		return link->result;
	do {
		left_ns = link->until_ns - walk_now_ns();
		if (left_ns <= 0)
			return fail(link, FG_ERR_TIMEOUT);
		n = poll(&p, 1, (int)(left_ns / NS_MS + 1));
	} while (n == 0 || (n == -1 && errno == EINTR));
	return n == -1 ? fail(link, FG_ERR_SYSTEM) : 0;
}

int
tpm_link_send(struct tpm_link *link, const uint8_t *command, size_t len)
{
	size_t sent = 0;
	ssize_t n;
	int r;

	while (sent < len) {
		if ((r = wait_for(link, POLLOUT)) != 0)
			return r;
		n = write(link->fd, command + sent, len - sent);
		if (n >= 0)
			sent += (size_t)n;
		else if (errno == EPIPE || errno == ECONNRESET)
			return fail(link, FG_ERR_CLOSED);
		else if (errno != EAGAIN && errno != EINTR)
			return fail(link, FG_ERR_SYSTEM);
	}
	return 0;
}

/* How long the answer is that begins so; 0: more of it has to come. */
static size_t
answer_size(const uint8_t *buf, size_t len)
{
	if (len < HEAD_SIZE)
		return 0;
	return (size_t)buf[2] << 24 | (size_t)buf[3] << 16 |
	    (size_t)buf[4] << 8 | buf[5];
}

/* A device gives an answer at once, a socket in pieces. */
static int
receive_some(struct tpm_link *link, uint8_t *buf, size_t size, size_t *len)
{
	ssize_t n;
	int r;

	if ((r = wait_for(link, POLLIN)) != 0)
		return r;
	n = read(link->fd, buf + *len, size - *len);
	if (n > 0)
		*len += (size_t)n;
	else if (n == 0 || errno == ECONNRESET)
		return fail(link, FG_ERR_CLOSED);
	else if (errno != EAGAIN && errno != EINTR)
		return fail(link, FG_ERR_SYSTEM);
	return 0;
}

int
tpm_link_receive(struct tpm_link *link, uint8_t *buf, size_t size,
    size_t *ret_len)
{
	size_t len = 0, whole = 0;
	int r;

	*ret_len = 0;
	while (whole == 0 || len < whole) {
		if ((r = receive_some(link, buf, size, &len)) != 0)
			return r;
		whole = answer_size(buf, len);
		if (len >= HEAD_SIZE &&
		    (whole < HEAD_SIZE || whole > size || len > whole))
			return fail(link, FG_ERR_FORMAT);
	}
	*ret_len = len;
	return 0;
}
