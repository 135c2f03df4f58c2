/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One netlink socket, one question at a time. An answer that was not read to
 * its end has to be, before the kernel takes the next question.
 */
#include "policyd/scanner/look/netlink.h"

#include <sys/socket.h>

#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "policyd/scanner/walk.h"
#include "proto/result.h"

int
netlink_open(struct netlink *nl, int protocol)
{
	nl->seq = 0;
	nl->pending = false;
	nl->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
	    protocol);
	return nl->fd == -1 ? FG_ERR_SYSTEM : 0;
}

void
netlink_close(struct netlink *nl)
{
	if (nl->fd != -1)
		(void)close(nl->fd); /* nothing to lose */
	nl->fd = -1;
}

static int
send_request(struct netlink *nl, uint16_t flags,
    const struct netlink_request *request)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct nlmsghdr header = { .nlmsg_type = request->type };
	struct iovec iov[2] = { { &header, sizeof(header) },
		{ NULL, request->len } };
	struct msghdr msg = { .msg_name = &kernel,
		.msg_namelen = sizeof(kernel),
		.msg_iov = iov,
		.msg_iovlen = 2 };

	/* It is not written to, which its type cannot say. */
	memcpy(&iov[1].iov_base, &request->data, sizeof(request->data));
	header.nlmsg_len = (uint32_t)(sizeof(header) + request->len);
	header.nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags);
	header.nlmsg_seq = ++nl->seq;
	return sendmsg(nl->fd, &msg, MSG_NOSIGNAL) == -1 ? FG_ERR_SYSTEM : 0;
}

static int
error_of(const struct nlmsghdr *h)
{
	const struct nlmsgerr *error = NLMSG_DATA(h);

	if (h->nlmsg_len < NLMSG_LENGTH(sizeof(error->error)))
		return FG_ERR_FORMAT;
	if (error->error == 0)
		return 0;
	errno = -error->error;
	return errno == ENOENT ? FG_ERR_NOT_FOUND : FG_ERR_SYSTEM;
}

struct netlink_answer {
	uint32_t seq;
	netlink_fn fn; /* NULL: it is only read to its end */
	void *arg;
	bool over;
	int result;
};

/* Of an earlier question's answer nothing is wanted any more. */
static void
take_message(const struct nlmsghdr *h, struct netlink_answer *answer)
{
	if (h->nlmsg_seq != answer->seq)
		return;
	if (h->nlmsg_type == NLMSG_DONE || h->nlmsg_type == NLMSG_ERROR) {
		answer->over = true;
		answer->result = error_of(h);
		return;
	}
	if (h->nlmsg_type >= NLMSG_MIN_TYPE && answer->fn != NULL)
		answer->fn(NLMSG_DATA(h), h->nlmsg_len - NLMSG_HDRLEN,
		    answer->arg);
	answer->over = (h->nlmsg_flags & NLM_F_MULTI) == 0;
}

/* The kernel has its answer ready: there is nothing to wait for. */
static int
take_some(struct netlink *nl, struct netlink_answer *answer)
{
	const struct nlmsghdr *h = (const void *)nl->buf;
	ssize_t n;
	size_t left;

	do {
		n = recv(nl->fd, nl->buf, sizeof(nl->buf), 0);
	} while (n == -1 && errno == EINTR);
	if (n <= 0)
		return FG_ERR_SYSTEM;
	left = (size_t)n;
	while (!answer->over && NLMSG_OK(h, left)) {
		take_message(h, answer);
		if (NLMSG_ALIGN(h->nlmsg_len) >= left)
			break;
		left -= NLMSG_ALIGN(h->nlmsg_len);
		h = (const void *)((const char *)h + NLMSG_ALIGN(h->nlmsg_len));
	}
	return 0;
}

static int
take_all(struct netlink *nl, int64_t until_ns, netlink_fn fn, void *arg)
{
	struct netlink_answer answer = { nl->seq, fn, arg, false, 0 };
	int r;

	nl->pending = true;
	while (!answer.over) {
		if (walk_now_ns() >= until_ns)
			return FG_ERR_TIMEOUT;
		if ((r = take_some(nl, &answer)) != 0)
			return r;
	}
	nl->pending = false;
	return answer.result;
}

static int
ask(struct netlink *nl, uint16_t flags, const struct netlink_request *request,
    int64_t until_ns, netlink_fn fn, void *arg)
{
	int r;

	if (nl->fd == -1) {
		errno = EPROTONOSUPPORT;
		return FG_ERR_SYSTEM;
	}
	if (nl->pending) {
		r = take_all(nl, until_ns, NULL, NULL);
		if (r == FG_ERR_TIMEOUT)
			return r;
		nl->pending = false;
	}
	if ((r = send_request(nl, flags, request)) != 0)
		return r;
	return take_all(nl, until_ns, fn, arg);
}

int
netlink_dump(struct netlink *nl, const struct netlink_request *request,
    int64_t until_ns, netlink_fn fn, void *arg)
{
	int r;

	r = ask(nl, NLM_F_DUMP, request, until_ns, fn, arg);
	return r == FG_ERR_NOT_FOUND ? FG_ERR_SYSTEM : r;
}

int
netlink_one(struct netlink *nl, const struct netlink_request *request,
    int64_t until_ns, netlink_fn fn, void *arg)
{
	return ask(nl, 0, request, until_ns, fn, arg);
}

const void *
netlink_attribute(const void *msg, size_t len, size_t skip, uint16_t type,
    size_t size, size_t *ret_len)
{
	const struct rtattr *a;
	size_t at = NLMSG_ALIGN(skip);

	while (at < len && len - at >= sizeof(*a)) {
		a = (const void *)((const char *)msg + at);
		if (a->rta_len < sizeof(*a) || a->rta_len > len - at)
			return NULL;
		if (a->rta_type == type) {
			if (ret_len != NULL)
				*ret_len = RTA_PAYLOAD(a);
			return RTA_PAYLOAD(a) >= size ? RTA_DATA(a) : NULL;
		}
		at += RTA_ALIGN(a->rta_len);
	}
	return NULL;
}
