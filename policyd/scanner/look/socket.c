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

#include "policyd/scanner/look/owner.h"
#include "policyd/scanner/look/ports.h"
#include "policyd/scanner/walk.h"
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
	const struct match_ports *listen_udp;
	const struct extra *extra;
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
	h = (h ^ s->net) * 1099511628211u;
	return (uint32_t)(h >> 32 ^ h);
}

static bool
is_alike(const struct socket_one *a, const struct socket_one *b)
{
	return a->role == b->role && a->udp == b->udp && a->port == b->port &&
	    a->uid == b->uid && a->cgroup_id == b->cgroup_id &&
	    a->net == b->net;
}

static struct socket_user *
user_of(struct sockets *sockets, uint32_t uid)
{
	size_t i = (uid * UINT32_C(2654435761) >> 16) % SOCKETS_SLOTS;

	while (sockets->user[i].n != 0 && sockets->user[i].uid != uid)
		i = (i + 1) % SOCKETS_SLOTS;
	return &sockets->user[i];
}

/* Who opens very many hides no others' among them. */
static bool
take_room(struct sockets *sockets, uint32_t uid, uint32_t seat_uid)
{
	uint32_t limit = uid == seat_uid ? SOCKETS_OF_SEAT : SOCKETS_OF_USER;
	struct socket_user *user;

	if (sockets->n == SOCKETS_MAX)
		return false;
	if (owner_is_units(uid))
		return true;
	user = user_of(sockets, uid);
	if (user->n >= limit || sockets->people >= SOCKETS_OF_PEOPLE)
		return false;
	user->uid = uid;
	user->n++;
	sockets->people++;
	return true;
}

/* One that differs by its address only. */
static void
merge(struct socket_one *known, const struct socket_one *s)
{
	if (memcmp(known->own.b, s->own.b, ADDR_SIZE) != 0)
		memset(&known->own, 0, sizeof(known->own));
}

void
socket_add(struct sockets *sockets, const struct socket_one *s,
    struct picture *picture)
{
	size_t i = hash_one(s) % SOCKETS_SLOTS;
	struct socket_one *known;

	for (; sockets->slot[i] != 0; i = (i + 1) % SOCKETS_SLOTS) {
		known = &sockets->one[sockets->slot[i] - 1];
		if (is_alike(known, s)) {
			merge(known, s);
			return;
		}
	}
	if (!take_room(sockets, s->uid, picture->seat_uid)) {
		owner_lose(picture, s->uid, PICTURE_SOCKETS);
		sockets->missing |=
		    owner_is_units(s->uid) || s->uid == picture->seat_uid;
		return;
	}
	sockets->one[sockets->n++] = *s;
	sockets->slot[i] = (uint16_t)sockets->n;
}

static bool
is_any(const struct addr *addr)
{
	static const uint8_t zero[ADDR_SIZE];

	return memcmp(addr->b + 12, zero, 4) == 0 &&
	    (addr_is_v4(addr) || memcmp(addr->b, zero, 12) == 0);
}

bool
socket_may_take(const struct socket_one *listens,
    const struct socket_one *takes)
{
	return is_any(&listens->own) || is_any(&takes->own) ||
	    memcmp(listens->own.b, takes->own.b, ADDR_SIZE) == 0;
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

/* The end that connected to this machine's own port, if that is this one. */
static void
take_call(struct socket_take *take, const struct socket_one *s, uint16_t own)
{
	const struct call call = { .uid = s->uid,
		.port = s->peer_port,
		.own_port = own,
		.to = s->peer,
		.from = s->own };

	if (match_has_port(&take->sockets->extra.local, s->peer_port) &&
	    calls_is_here(&take->sockets->calls, &s->own, &s->peer))
		calls_add(&take->sockets->calls, &call,
		    take->scan->picture->seat_uid);
}

static void
take_port(struct socket_take *take, struct socket_one *s, enum socket_role role,
    uint16_t port)
{
	s->role = role;
	s->port = port;
	socket_add(take->sockets, s, take->scan->picture);
}

/*
 * What nobody has accepted yet is nobody's: some kernels tell it as root's, and
 * it has no inode. A call of this machine to itself waits for whose it is.
 */
static void
take_stream(struct socket_take *take, const struct inet_diag_msg *msg,
    struct socket_one *s, uint16_t own)
{
	const struct match *match = take->scan->match;

	if (msg->idiag_inode == 0)
		return;
	if (match_has_port(&take->sockets->extra.local, own) &&
	    !calls_is_here(&take->sockets->calls, &s->peer, &s->own))
		take_port(take, s, SOCKET_TAKES, own);
	if (match_has_port(&match->relay, s->peer_port))
		take_port(take, s, SOCKET_REACHES, s->peer_port);
	take_call(take, s, own);
}

static void
take_socket(const void *data, size_t len, void *arg)
{
	const struct inet_diag_msg *msg = data;
	struct socket_take *take = arg;
	struct extra *extra = &take->sockets->extra;
	struct socket_one s = { .udp = take->udp };
	bool open;

	if (len < sizeof(*msg))
		return;
	take->scan->picture->sockets++;
	s.port = ntohs(msg->id.idiag_sport);
	s.uid = msg->idiag_uid;
	s.cgroup_id = cgroup_of(msg, len);
	set_addr(&s.own, msg->idiag_family, msg->id.idiag_src);
	set_addr(&s.peer, msg->idiag_family, msg->id.idiag_dst);
	s.peer_port = ntohs(msg->id.idiag_dport);
	open = is_open(msg, take->udp);
	if (!take->udp && !open) {
		take_stream(take, msg, &s, s.port);
		return;
	}
	if (!take->udp)
		extra_add(extra, &s);
	if (match_has_port(take->udp ? &take->scan->match->listen_udp :
				       &extra->local,
		s.port))
		take_port(take, &s, open ? SOCKET_LISTENS : SOCKET_TAKES,
		    s.port);
}

static void
append(struct socket_request *request, const void *bytes, size_t n)
{
	memcpy(request->bytes + request->len, bytes, n);
	request->len += n;
}

/*
 * Too many ports are no filter: then each socket comes, and is sorted out. So
 * do all listeners if some tool's port may be any.
 */
static void
append_filter(const struct socket_dump *dump, struct socket_request *request)
{
	bool udp = dump->udp, open = dump->states == STATE(STATE_LISTEN);
	const struct extra *extra = dump->extra;
	struct inet_diag_bc_op ops[PORTS_OPS];
	struct rtattr head = { .rta_type = INET_DIAG_REQ_BYTECODE };
	size_t size;

	if (open && extra->nalone > 0)
		return;
	size = ports_filter(udp ? dump->listen_udp : &extra->local,
	    udp || open ? NULL : &extra->any, ops);
	if (size == 0)
		return;
	head.rta_len = (unsigned short)(sizeof(head) + size);
	append(request, &head, sizeof(head));
	append(request, ops, size);
}

/* family AF_UNSPEC: by the old form, which is about TCP and any family. */
static uint16_t
make_request(const struct socket_dump *dump, struct socket_request *request)
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
	append_filter(dump, request);
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

	ask.type = make_request(dump, &request);
	ask.len = request.len;
	return netlink_dump(diag, &ask, scan->until_ns, take_socket, &take);
}

/* Each question goes through all that there are: better one than two. */
static void
look_families(struct sockets *sockets, struct netlink *diag,
    const struct scan *scan, bool udp, uint32_t states)
{
	struct socket_dump dump = { AF_UNSPEC, udp, states,
		&scan->match->listen_udp, &sockets->extra };
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
	if (r == FG_ERR_TIMEOUT) {
		scan->picture->cut |= PICTURE_SOCKETS;
		sockets->missing = true;
	} else if (r != 0)
		scan->picture->failed |= PICTURE_SOCKETS;
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
	    msg->id.idiag_dport != want->req->id.idiag_dport ||
	    msg->idiag_inode == 0)
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

/* ---- All of them -------------------------------------------------------- */

/* Who has accepted a call, if it was made by somebody whose calls count. */
static void
answer_call(struct sockets *sockets, struct netlink *diag,
    const struct scan *scan, const struct call *call)
{
	const struct socket_ends ends = { call->to.b, call->from.b, call->port,
		call->own_port };
	uint32_t seat_uid = scan->picture->seat_uid;
	struct socket_one s = { .role = SOCKET_TAKES,
		.port = call->port,
		.peer_port = call->own_port,
		.own = call->to,
		.peer = call->from };

	if (socket_find(diag, &ends, scan->until_ns, &s.uid, &s.cgroup_id) != 0)
		return;
	if (call->uid == 0 || call->uid == seat_uid || call->uid == s.uid)
		socket_add(sockets, &s, scan->picture);
}

static void
answer_calls(struct sockets *sockets, struct netlink *diag,
    const struct scan *scan)
{
	size_t i;

	for (i = 0; i < sockets->calls.n; i++) {
		if (walk_now_ns() >= scan->until_ns) {
			scan->picture->cut |= PICTURE_SOCKETS;
			sockets->missing = true;
			return;
		}
		answer_call(sockets, diag, scan, &sockets->calls.call[i]);
	}
	if (!sockets->calls.full)
		return;
	scan->picture->cut |= PICTURE_SOCKETS;
	sockets->missing = true;
}

void
socket_look(struct sockets *sockets, struct netlink *diag,
    struct netlink *routes, const struct scan *scan, struct tools *tools,
    bool connected)
{
	const struct match *match = scan->match;

	sockets->n = 0;
	sockets->people = 0;
	sockets->missing = false;
	memset(sockets->slot, 0, sizeof(sockets->slot));
	memset(sockets->user, 0, sizeof(sockets->user));
	calls_begin(&sockets->calls, routes, scan->until_ns);
	extra_begin(&sockets->extra, match, tools, scan->until_ns);
	if (sockets->extra.local.any || sockets->extra.nalone > 0)
		look_families(sockets, diag, scan, false, STATE(STATE_LISTEN));
	if (sockets->n > 0 || connected || match->relay_alone)
		look_families(sockets, diag, scan, false,
		    STATE(STATE_ESTABLISHED));
	if (match->listen_udp.any)
		look_families(sockets, diag, scan, true,
		    STATE(STATE_ESTABLISHED) | STATE(STATE_CLOSE));
	answer_calls(sockets, diag, scan);
	scan->carry->missing |= sockets->missing;
}
