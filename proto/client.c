/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The connecting side. It runs inside other people's programs: no signal of
 * theirs may prolong the deadline, no descriptor of ours may land on their
 * 0, 1 or 2 or survive their exec, and nothing may raise SIGPIPE.
 */
#include "proto/client.h"

#include <sys/random.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "proto/result.h"

#define CLIENT_FIRST_FD 3
#define CLIENT_RETRIES	3 /* of a full backlog */
#define CLIENT_RETRY_MS 50
#define NS_PER_MS	INT64_C(1000000)
#define NS_PER_S	INT64_C(1000000000)

static int
clock_now(int64_t *ret_ns)
{
	struct timespec ts;

	*ret_ns = 0;
	if (clock_gettime(CLOCK_MONOTONIC, &ts) != 0)
		return FG_ERR_SYSTEM;
	*ret_ns = (int64_t)ts.tv_sec * NS_PER_S + ts.tv_nsec;
	return 0;
}

/* Milliseconds to the deadline, rounded up so that poll does not spin. */
static int
time_left(const struct fg_client *client, int *ret_ms)
{
	int64_t now, left;
	int r;

	*ret_ms = 0;
	if ((r = clock_now(&now)) != 0)
		return r;
	left = client->deadline_ns - now;
	if (left <= 0)
		return FG_ERR_TIMEOUT;
	*ret_ms = (int)((left + NS_PER_MS - 1) / NS_PER_MS);
	return 0;
}

/* Wait for events on the socket until the deadline, whatever signals come. */
static int
wait_ready(const struct fg_client *client, short events)
{
	struct pollfd pfd = { .fd = client->fd, .events = events };
	int ms, n, r;

	for (;;) {
		if ((r = time_left(client, &ms)) != 0)
			return r;
		if ((n = poll(&pfd, 1, ms)) > 0)
			return 0;
		if (n < 0 && errno != EINTR)
			return FG_ERR_SYSTEM;
	}
}

/* Sleep for ms, or until the deadline if that comes first. */
static int
wait_ms(const struct fg_client *client, int ms)
{
	int64_t now, until;
	int left, r;

	if ((r = clock_now(&until)) != 0)
		return r;
	until += ms * NS_PER_MS;
	for (;;) {
		if ((r = time_left(client, &left)) != 0 ||
		    (r = clock_now(&now)) != 0)
			return r;
		if (now >= until)
			return 0;
		ms = (int)((until - now + NS_PER_MS - 1) / NS_PER_MS);
		if (poll(NULL, 0, ms < left ? ms : left) < 0 && errno != EINTR)
			return FG_ERR_SYSTEM;
	}
}

static int
open_socket(struct fg_client *client)
{
	int fd, saved;

	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return FG_ERR_SYSTEM;
	client->fd = fd;
	if (fd >= CLIENT_FIRST_FD)
		return 0;
	/* The caller's standard streams are closed; ours must not replace
	 * them, as its next printf would go to the daemon. */
	client->fd = fcntl(fd, F_DUPFD_CLOEXEC, CLIENT_FIRST_FD);
	saved = errno;
	(void)close(fd);
	errno = saved;
	return client->fd >= 0 ? 0 : FG_ERR_SYSTEM;
}

static int
connect_once(const struct fg_client *client, const struct sockaddr_un *addr)
{
	const struct sockaddr *sa = (const struct sockaddr *)addr;
	int r;

	do {
		r = connect(client->fd, sa, sizeof(*addr));
	} while (r != 0 && errno == EINTR);
	if (r == 0)
		return 0;
	switch (errno) {
	case EAGAIN:
		return FG_ERR_BUSY;
	case ENOENT:
	case ENOTDIR:
	case ELOOP:
	case ECONNREFUSED:
	case EPROTOTYPE:
		return FG_ERR_UNREACHABLE;
	default:
		return FG_ERR_SYSTEM;
	}
}

static int
connect_path(struct fg_client *client, const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int r, waited;

	if (strlen(path) >= sizeof(addr.sun_path)) {
		errno = ENAMETOOLONG;
		return FG_ERR_SYSTEM;
	}
	memcpy(addr.sun_path, path, strlen(path));
	if ((r = clock_now(&client->since_ns)) != 0)
		return r;
	r = connect_once(client, &addr);
	for (int i = 0; r == FG_ERR_BUSY && i < CLIENT_RETRIES; i++) {
		if ((waited = wait_ms(client, CLIENT_RETRY_MS)) != 0 ||
		    (waited = clock_now(&client->since_ns)) != 0)
			return waited;
		r = connect_once(client, &addr);
	}
	return r;
}

/*
 * Whoever owns the path decides who answers: so the kernel's word is asked
 * for who called listen(2), before anything is said.
 */
static int
check_peer(const struct fg_client *client)
{
	struct ucred cred = { .uid = (uid_t)-1 };
	socklen_t len = sizeof(cred);

	if (getsockopt(client->fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) != 0)
		return FG_ERR_SYSTEM;
	return len == sizeof(cred) && cred.uid == 0 ? 0 : FG_ERR_PEER;
}

static int
draw_id(uint8_t id[FG_ID_SIZE])
{
	ssize_t n;

	do {
		n = getrandom(id, FG_ID_SIZE, GRND_NONBLOCK);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return FG_ERR_SYSTEM;
	if (n != FG_ID_SIZE) {
		errno = EIO;
		return FG_ERR_SYSTEM;
	}
	return 0;
}

int
fg_client_open(struct fg_client *client, const char *path,
    unsigned int timeout_ms)
{
	int r;

	memset(client, 0, sizeof(*client));
	client->fd = -1;
	if ((r = clock_now(&client->deadline_ns)) != 0)
		return r;
	client->deadline_ns += timeout_ms * NS_PER_MS;
	if ((client->data = malloc(FG_MSG_MAX)) == NULL)
		return FG_ERR_NOMEM;
	if ((r = draw_id(client->hdr.id)) != 0 ||
	    (r = open_socket(client)) != 0 ||
	    (r = connect_path(client, path)) != 0)
		return r;
	return check_peer(client);
}

/* Most of the buffer is never touched: to wipe it all would make it real. */
static void
client_uses(struct fg_client *client, size_t len)
{
	if (len > FG_MSG_MAX)
		len = FG_MSG_MAX;
	if (client->used < len)
		client->used = len;
}

void
fg_client_next(struct fg_client *client)
{
	client->hdr.sequence++;
}

static bool
peer_is_gone(int error)
{
	return error == EPIPE || error == ECONNRESET || error == ENOTCONN;
}

static int
send_datagram(const struct fg_client *client, size_t len)
{
	ssize_t n;
	int ms, r;

	for (;;) {
		if ((r = time_left(client, &ms)) != 0)
			return r;
		n = send(client->fd, client->data, len, MSG_NOSIGNAL);
		if (n >= 0)
			break;
		if (peer_is_gone(errno))
			return FG_ERR_CLOSED;
		if (errno != EINTR && errno != EAGAIN)
			return FG_ERR_SYSTEM;
		if ((r = wait_ready(client, POLLOUT)) != 0)
			return r;
	}
	if ((size_t)n != len) {
		errno = EIO; /* cannot be: a datagram is sent whole */
		return FG_ERR_SYSTEM;
	}
	return 0;
}

/* Whoever may stop this process can make its messages late. */
static int
note_lateness(struct fg_client *client)
{
	int64_t limit = (client->deadline_ns - client->since_ns) / 2, now;
	int64_t prompt = FG_CLIENT_PROMPT_MS * NS_PER_MS;
	int r;

	if (client->hdr.sequence <= 1 && limit > prompt)
		limit = prompt;
	if ((r = clock_now(&now)) != 0 || now - client->since_ns > limit)
		client->late = true;
	return r;
}

int
fg_client_send(struct fg_client *client, size_t len)
{
	int clock, r, saved;

	if (len > FG_MSG_MAX)
		return FG_ERR_LIMIT;
	client_uses(client, len);
	r = send_datagram(client, len);
	saved = errno;
	clock = note_lateness(client);
	if (r == 0)
		return clock;
	errno = saved;
	return r;
}

int
fg_client_extend(struct fg_client *client, unsigned int timeout_ms)
{
	int r;

	if ((r = clock_now(&client->since_ns)) == 0)
		client->deadline_ns = client->since_ns + timeout_ms * NS_PER_MS;
	return r;
}

int
fg_client_pending(const struct fg_client *client, bool *ret_pending)
{
	struct pollfd pfd = { .fd = client->fd, .events = POLLIN };
	int n;

	*ret_pending = false;
	do {
		n = poll(&pfd, 1, 0);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return FG_ERR_SYSTEM;
	*ret_pending = n > 0;
	return 0;
}

/*
 * What is there is taken without a look at the clock: the deadline is one for
 * waiting, and behind it is one more look, since a process may have been
 * stopped over it. A peer that closes without reading our last message is
 * reported before what it said, so that is asked for once more. With MSG_TRUNC
 * the kernel says how long the datagram really was.
 */
static int
recv_datagram(struct fg_client *client, size_t *ret_len)
{
	bool gone = false, passed = false;
	ssize_t n;
	int r;

	*ret_len = 0;
	for (;;) {
		n = recv(client->fd, client->data, FG_MSG_MAX, MSG_TRUNC);
		if (n >= 0)
			break;
		if (peer_is_gone(errno)) {
			if (gone)
				return FG_ERR_CLOSED;
			gone = true;
			continue;
		}
		if (errno != EINTR && errno != EAGAIN)
			return FG_ERR_SYSTEM;
		r = wait_ready(client, POLLIN);
		if (r != 0 && (r != FG_ERR_TIMEOUT || passed))
			return r;
		passed = r != 0;
	}
	/* An empty datagram and the end look alike; neither is an answer. */
	if (n == 0)
		return FG_ERR_CLOSED;
	client_uses(client, (size_t)n);
	if ((size_t)n > FG_MSG_MAX)
		return FG_ERR_LIMIT;
	*ret_len = (size_t)n;
	return 0;
}

/* An answer to somebody else's question, or to an older one of ours, must not
 * decide this login. */
static bool
is_next(const struct fg_client *client, const struct fg_header *hdr)
{
	uint16_t next = (uint16_t)(client->hdr.sequence + 1);

	if (memcmp(hdr->id, client->hdr.id, sizeof(hdr->id)) != 0)
		return false;
	return (uint16_t)(next - hdr->sequence) <= client->may_cross;
}

static int
decode_fail(struct fg_client *client, size_t len)
{
	struct fg_fail_msg fail;
	int r;

	if ((r = fg_msg_get_fail(client->data, len, &fail)) != 0)
		return r;
	client->fail = fail.fail;
	switch ((enum fg_fail)fail.fail) {
	case FG_FAIL_VERSION:
		return FG_ERR_VERSION;
	case FG_FAIL_BUSY:
		return FG_ERR_BUSY;
	case FG_FAIL_NONE:
	case FG_FAIL_MALFORMED:
	case FG_FAIL_NOT_PERMITTED:
	case FG_FAIL_INTERNAL:
	case FG_FAIL_STOPPING:
	case FG_FAIL_NOT_ENROLLED:
	case FG_FAIL_UNKNOWN_HOST:
	case FG_FAIL_OTHER_NAME:
		break;
	}
	return FG_ERR_REFUSED;
}

int
fg_client_recv(struct fg_client *client, struct fg_header *ret_hdr,
    size_t *ret_len)
{
	struct fg_header hdr;
	size_t len;
	int r;

	memset(ret_hdr, 0, sizeof(*ret_hdr));
	*ret_len = 0;
	if ((r = recv_datagram(client, &len)) != 0)
		return r;
	r = fg_msg_get_header(client->data, len, &hdr);
	client->hdr.version = hdr.version;
	if (r != 0)
		return r;
	if (!is_next(client, &hdr))
		return FG_ERR_FORMAT;
	client->hdr.sequence = hdr.sequence;
	client->may_cross = 0;
	if (hdr.type == FG_MSG_FAIL)
		return decode_fail(client, len);
	*ret_hdr = hdr;
	*ret_len = len;
	return 0;
}

void
fg_client_done(struct fg_client *client)
{
	if (client->fd >= 0)
		(void)close(client->fd);
	client->fd = -1;
	if (client->data != NULL)
		explicit_bzero(client->data, client->used);
	free(client->data);
	client->data = NULL;
}
