/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sockets by the kernel's own list. Which process has one is not to be had
 * without more privilege than the scanner keeps: uid and cgroup are.
 */
#include "policyd/scanner/look/socket.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <string.h>

#include "policyd/scanner/look/ports.h"
#include "proto/result.h"

/* The kernel's states; its headers and the C library's exclude each other. */
#define STATE_ESTABLISHED 1u
#define STATE_CLOSE	  7u /* a UDP socket that is not connected */
#define STATE_LISTEN	  10u
#define STATE(n)	  (UINT32_C(1) << (n))

struct socket_request {
	size_t len;
	_Alignas(8) uint8_t bytes[sizeof(struct inet_diag_req) +
	    sizeof(struct rtattr) + PORTS_OPS * sizeof(struct inet_diag_bc_op)];
};

struct socket_dump {
	uint8_t family;
	bool udp;
	uint32_t states;
};

struct socket_take {
	struct sockets *sockets;
	const struct scan *scan;
	bool udp;
};

/* ---- The list ----------------------------------------------------------- */

static uint32_t
hash_one(const struct socket_one *s)
{
	uint64_t h = 14695981039346656037u;

	h = (h ^ (uint64_t)s->role) * 1099511628211u;
	h = (h ^ s->udp) * 1099511628211u;
	h = (h ^ s->port) * 1099511628211u;
	h = (h ^ s->uid) * 1099511628211u;
	h = (h ^ s->cgroup_id) * 1099511628211u;
	return (uint32_t)(h >> 32 ^ h);
}

static bool
is_alike(const struct socket_one *a, const struct socket_one *b)
{
	return a->role == b->role && a->udp == b->udp && a->port == b->port &&
	    a->uid == b->uid && a->cgroup_id == b->cgroup_id;
}

static void
add_one(struct sockets *sockets, const struct socket_one *s)
{
	size_t i = hash_one(s) % SOCKETS_SLOTS;

	for (; sockets->slot[i] != 0; i = (i + 1) % SOCKETS_SLOTS)
		if (is_alike(&sockets->one[sockets->slot[i] - 1], s))
			return;
	if (sockets->n == SOCKETS_MAX) {
		sockets->full = true;
		return;
	}
	sockets->one[sockets->n++] = *s;
	sockets->slot[i] = (uint16_t)sockets->n;
}

bool
socket_is_open(const struct sockets *sockets, bool udp, uint16_t port)
{
	size_t i;

	for (i = 0; i < sockets->n; i++)
		if (sockets->one[i].role == SOCKET_LISTENS &&
		    sockets->one[i].udp == udp && sockets->one[i].port == port)
			return true;
	return false;
}

/* ---- The kernel's messages ---------------------------------------------- */

static void
set_addr(struct addr *addr, uint8_t family, const void *bytes)
{
	memset(addr, 0, sizeof(*addr));
	if (family == AF_INET6) {
		memcpy(addr->b, bytes, 16);
		return;
	}
	addr->b[10] = addr->b[11] = 0xff;
	memcpy(addr->b + 12, bytes, 4);
}

static uint64_t
cgroup_of(const struct inet_diag_msg *msg, size_t len)
{
	const void *id;
	uint64_t v = 0;

	id = netlink_attribute(msg, len, sizeof(*msg), INET_DIAG_CGROUP_ID,
	    sizeof(v), NULL);
	if (id != NULL)
		memcpy(&v, id, sizeof(v));
	return v;
}

static bool
is_open(const struct inet_diag_msg *msg, bool udp)
{
	return msg->idiag_state == (udp ? STATE_CLOSE : STATE_LISTEN);
}

static void
take_socket(const void *data, size_t len, void *arg)
{
	const struct inet_diag_msg *msg = data;
	struct socket_take *take = arg;
	const struct match *match = take->scan->match;
	struct socket_one s = { .udp = take->udp };
	uint16_t own, other;

	if (len < sizeof(*msg))
		return;
	take->scan->picture->sockets++;
	own = ntohs(msg->id.idiag_sport);
	other = ntohs(msg->id.idiag_dport);
	s.uid = msg->idiag_uid;
	s.cgroup_id = cgroup_of(msg, len);
	set_addr(&s.peer, msg->idiag_family, msg->id.idiag_dst);
	s.peer_port = other;
	if (match_has_port(take->udp ? &match->listen_udp : &match->listen_tcp,
		own)) {
		s.role =
		    is_open(msg, take->udp) ? SOCKET_LISTENS : SOCKET_TAKES;
		s.port = own;
		add_one(take->sockets, &s);
	}
	if (!take->udp && !is_open(msg, false) &&
	    match_has_port(&match->relay, other)) {
		s.role = SOCKET_REACHES;
		s.port = other;
		add_one(take->sockets, &s);
	}
}

static void
append(struct socket_request *request, const void *bytes, size_t n)
{
	memcpy(request->bytes + request->len, bytes, n);
	request->len += n;
}

/* Too many ports are no filter: then each socket comes, and is sorted out. */
static void
append_filter(const struct scan *scan, bool udp, struct socket_request *request)
{
	const struct match *match = scan->match;
	struct inet_diag_bc_op ops[PORTS_OPS];
	struct rtattr head = { .rta_type = INET_DIAG_REQ_BYTECODE };
	size_t size;

	size = ports_filter(udp ? &match->listen_udp : &match->listen_tcp,
	    udp ? NULL : &match->relay, ops);
	if (size == 0)
		return;
	head.rta_len = (unsigned short)(sizeof(head) + size);
	append(request, &head, sizeof(head));
	append(request, ops, size);
}

/* family AF_UNSPEC: by the old form, which is about TCP and any family. */
static uint16_t
make_request(const struct scan *scan, const struct socket_dump *dump,
    struct socket_request *request)
{
	const struct inet_diag_req old = { .idiag_states = dump->states };
	const struct inet_diag_req_v2 req = { .sdiag_family = dump->family,
		.sdiag_protocol = dump->udp ? IPPROTO_UDP : IPPROTO_TCP,
		.idiag_states = dump->states };

	request->len = 0;
	if (dump->family == AF_UNSPEC)
		append(request, &old, sizeof(old));
	else
		append(request, &req, sizeof(req));
	append_filter(scan, dump->udp, request);
	return dump->family == AF_UNSPEC ? TCPDIAG_GETSOCK :
					   SOCK_DIAG_BY_FAMILY;
}

static int
dump_sockets(struct sockets *sockets, struct netlink *diag,
    const struct scan *scan, const struct socket_dump *dump)
{
	struct socket_take take = { sockets, scan, dump->udp };
	struct socket_request request;
	struct netlink_request ask = { .data = request.bytes };

	ask.type = make_request(scan, dump, &request);
	ask.len = request.len;
	return netlink_dump(diag, &ask, scan->until_ns, take_socket, &take);
}

/* Each question goes through all that there are: better one than two. */
static void
look_families(struct sockets *sockets, struct netlink *diag,
    const struct scan *scan, bool udp, uint32_t states)
{
	struct socket_dump dump = { AF_UNSPEC, udp, states };
	int r = FG_ERR_SYSTEM;

	if (!udp)
		r = dump_sockets(sockets, diag, scan, &dump);
	if (r != 0 && r != FG_ERR_TIMEOUT) {
		dump.family = AF_INET;
		r = dump_sockets(sockets, diag, scan, &dump);
		dump.family = AF_INET6;
		if (r == 0)
			r = dump_sockets(sockets, diag, scan, &dump);
	}
	if (r == FG_ERR_TIMEOUT)
		scan->picture->cut |= PICTURE_SOCKETS;
	else if (r != 0)
		scan->picture->failed |= PICTURE_SOCKETS;
}

void
socket_look(struct sockets *sockets, struct netlink *diag,
    const struct scan *scan, bool tools)
{
	const struct match *match = scan->match;

	sockets->n = 0;
	sockets->full = false;
	memset(sockets->slot, 0, sizeof(sockets->slot));
	if (match->listen_tcp.any)
		look_families(sockets, diag, scan, false, STATE(STATE_LISTEN));
	if (sockets->n > 0 || tools || match->relay_alone)
		look_families(sockets, diag, scan, false,
		    STATE(STATE_ESTABLISHED));
	if (match->listen_udp.any)
		look_families(sockets, diag, scan, true,
		    STATE(STATE_ESTABLISHED) | STATE(STATE_CLOSE));
	if (sockets->full)
		scan->picture->cut |= PICTURE_SOCKETS;
}

/* ---- One connection ----------------------------------------------------- */

struct socket_want {
	const struct inet_diag_req_v2 *req;
	bool found;
	uint32_t uid;
	uint64_t cgroup_id;
};

/* The kernel falls back to who listens: that is another's. */
static void
take_one(const void *data, size_t len, void *arg)
{
	const struct inet_diag_msg *msg = data;
	struct socket_want *want = arg;

	if (len < sizeof(*msg) || msg->idiag_state != STATE_ESTABLISHED ||
	    msg->id.idiag_sport != want->req->id.idiag_sport ||
	    msg->id.idiag_dport != want->req->id.idiag_dport)
		return;
	want->found = true;
	want->uid = msg->idiag_uid;
	want->cgroup_id = cgroup_of(msg, len);
}

static void
set_end(const uint8_t *address, uint8_t family, __be32 *ret)
{
	if (family == AF_INET6)
		memcpy(ret, address, 16);
	else
		memcpy(ret, address + 12, 4);
}

static bool
is_mapped(const uint8_t *address)
{
	static const uint8_t prefix[12] = { [10] = 0xff, [11] = 0xff };

	return memcmp(address, prefix, sizeof(prefix)) == 0;
}

int
socket_find(struct netlink *diag, const struct socket_ends *ends,
    int64_t until_ns, uint32_t *ret_uid, uint64_t *ret_cgroup_id)
{
	struct inet_diag_req_v2 req = { .sdiag_protocol = IPPROTO_TCP };
	const struct netlink_request ask = { SOCK_DIAG_BY_FAMILY, &req,
		sizeof(req) };
	struct socket_want want = { .req = &req };
	uint8_t family = is_mapped(ends->address) ? AF_INET : AF_INET6;
	int r;

	*ret_uid = (uint32_t)-1;
	*ret_cgroup_id = 0;
	req.sdiag_family = family;
	req.idiag_states = STATE(STATE_ESTABLISHED);
	req.id.idiag_sport = htons(ends->port);
	req.id.idiag_dport = htons(ends->peer_port);
	set_end(ends->address, family, req.id.idiag_src);
	set_end(ends->peer, family, req.id.idiag_dst);
	req.id.idiag_cookie[0] = INET_DIAG_NOCOOKIE;
	req.id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
	r = netlink_one(diag, &ask, until_ns, take_one, &want);
	if (r != 0)
		return r == FG_ERR_NOT_FOUND ? r : FG_ERR_SYSTEM;
	if (!want.found)
		return FG_ERR_NOT_FOUND;
	*ret_uid = want.uid;
	*ret_cgroup_id = want.cgroup_id;
	return 0;
}
