/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The codec: each message's fields in wire order, once for writing and once
 * for reading, and the checks that make a decoded message safe to act upon.
 * It must not allocate, log, or know what a message means.
 */
#include "proto/msg.h"

#include <string.h>

#include "proto/buf.h"
#include "proto/msg_parts.h"
#include "proto/result.h"

#define OFFSET_OF_LENGTH 8u /* after magic, version, type, sequence */

static const char *const type_names[] = {
	[FG_MSG_NONE] = "none",
	[FG_MSG_LOGIN] = "login",
	[FG_MSG_NEED] = "need",
	[FG_MSG_GROUPS] = "groups",
	[FG_MSG_VERDICT] = "verdict",
	[FG_MSG_CHALLENGE] = "challenge",
	[FG_MSG_ANSWER] = "answer",
	[FG_MSG_CLOSE] = "close",
	[FG_MSG_FAIL] = "fail",
	[FG_MSG_STATUS] = "status",
	[FG_MSG_RELOAD] = "reload",
	[FG_MSG_REPORT] = "report",
	[FG_MSG_COMMAND] = "command",
	[FG_MSG_DATA] = "data",
	[FG_MSG_WITNESS] = "witness",
	[FG_MSG_STATEMENT] = "statement",
};

static const char *const phase_names[] = {
	[FG_PHASE_NONE] = "none",
	[FG_PHASE_ACCOUNT] = "account",
	[FG_PHASE_SESSION] = "session",
	[FG_PHASE_AUTH] = "auth",
};

static const char *const verdict_names[] = {
	[FG_VERDICT_NONE] = "none",
	[FG_VERDICT_ALLOW] = "allow",
	[FG_VERDICT_DENY] = "deny",
	[FG_VERDICT_EXEMPT] = "exempt",
	[FG_VERDICT_DELEGATE] = "delegate",
};

#define NELEMS(a) (sizeof(a) / sizeof((a)[0]))

static const char *
name_of(const char *const *names, size_t n, unsigned int v)
{
	return v < n && names[v] != NULL ? names[v] : "unknown";
}

const char *
fg_msg_type_name(unsigned int type)
{
	return name_of(type_names, NELEMS(type_names), type);
}

const char *
fg_phase_name(unsigned int phase)
{
	return name_of(phase_names, NELEMS(phase_names), phase);
}

const char *
fg_verdict_name(unsigned int verdict)
{
	return name_of(verdict_names, NELEMS(verdict_names), verdict);
}

/* The table of names is also the list of what exists; zero does not. */
static bool
type_is_known(unsigned int type)
{
	return type != FG_MSG_NONE && type < NELEMS(type_names) &&
	    type_names[type] != NULL;
}

static bool
verdict_is_known(unsigned int verdict)
{
	return verdict != FG_VERDICT_NONE && verdict < NELEMS(verdict_names);
}

/*
 * Writing. The buffer is cleared first, so that a caller who sends too much
 * sends zeros and not what the memory held before.
 */
void
fg_msg_put_begin(struct fg_buf *buf, void *data, size_t size,
    const struct fg_header *hdr, enum fg_msg_type type)
{
	memset(data, 0, size);
	fg_buf_init(buf, data, size);
	(void)fg_buf_put_u32(buf, FG_MAGIC);
	(void)fg_buf_put_u8(buf, FG_VERSION);
	(void)fg_buf_put_u8(buf, (uint8_t)type);
	(void)fg_buf_put_u16(buf, hdr->sequence);
	(void)fg_buf_put_u32(buf, 0); /* the length, see fg_msg_put_end */
	(void)fg_buf_put_u32(buf, 0);
	(void)fg_buf_put_bytes(buf, hdr->id, sizeof(hdr->id));
}

int
fg_msg_put_end(struct fg_buf *buf, size_t *ret_len)
{
	struct fg_buf at;

	*ret_len = 0;
	if (buf->error == 0 && buf->off > FG_MSG_MAX)
		buf->error = FG_ERR_LIMIT;
	if (buf->error != 0) {
		memset(buf->base, 0, buf->size);
		return buf->error;
	}
	fg_buf_init(&at, buf->base + OFFSET_OF_LENGTH, sizeof(uint32_t));
	(void)fg_buf_put_u32(&at, (uint32_t)(buf->off - FG_HEADER_SIZE));
	*ret_len = buf->off;
	return 0;
}

int
fg_msg_put_login(void *data, size_t size, const struct fg_header *hdr,
    const struct fg_login *m, size_t *ret_len)
{
	struct fg_buf buf;

	fg_msg_put_begin(&buf, data, size, hdr, FG_MSG_LOGIN);
	(void)fg_buf_put_u8(&buf, m->phase);
	(void)fg_buf_put_u32(&buf, m->flags);
	(void)fg_buf_put_u32(&buf, m->pid);
	(void)fg_buf_put_u32(&buf, m->uid);
	(void)fg_buf_put_string(&buf, FG_SERVICE_MAX, m->service);
	(void)fg_buf_put_string(&buf, FG_USER_MAX, m->user);
	(void)fg_buf_put_string(&buf, FG_USER_MAX, m->ruser);
	(void)fg_buf_put_string(&buf, FG_TTY_MAX, m->tty);
	(void)fg_buf_put_string(&buf, FG_RHOST_MAX, m->rhost);
	(void)fg_buf_put_string(&buf, FG_SSH_CONNECTION_MAX, m->ssh_connection);
	(void)fg_buf_put_string(&buf, FG_SSH_AUTH_MAX, m->ssh_auth);
	(void)fg_buf_put_string(&buf, FG_REF_MAX, m->ref);
	return fg_msg_put_end(&buf, ret_len);
}

int
fg_msg_put_need(void *data, size_t size, const struct fg_header *hdr,
    const struct fg_need *m, size_t *ret_len)
{
	struct fg_buf buf;

	fg_msg_put_begin(&buf, data, size, hdr, FG_MSG_NEED);
	if (m->count > FG_NEED_GROUPS_MAX)
		buf.error = FG_ERR_LIMIT;
	(void)fg_buf_put_u32(&buf, m->what);
	(void)fg_buf_put_u16(&buf, m->count);
	for (size_t i = 0; i < m->count && buf.error == 0; i++)
		(void)fg_buf_put_string(&buf, FG_GROUP_MAX, m->groups[i]);
	return fg_msg_put_end(&buf, ret_len);
}

int
fg_msg_put_groups(void *data, size_t size, const struct fg_header *hdr,
    const struct fg_groups *m, size_t *ret_len)
{
	struct fg_buf buf;

	fg_msg_put_begin(&buf, data, size, hdr, FG_MSG_GROUPS);
	if (m->count > FG_NEED_GROUPS_MAX)
		buf.error = FG_ERR_LIMIT;
	(void)fg_buf_put_u8(&buf, m->failed ? 1 : 0);
	(void)fg_buf_put_u16(&buf, m->count);
	for (size_t i = 0; i < m->count && buf.error == 0; i++)
		(void)fg_buf_put_u8(&buf, m->member[i] ? 1 : 0);
	return fg_msg_put_end(&buf, ret_len);
}

int
fg_msg_put_verdict(void *data, size_t size, const struct fg_header *hdr,
    const struct fg_verdict_msg *m, size_t *ret_len)
{
	struct fg_buf buf;

	fg_msg_put_begin(&buf, data, size, hdr, FG_MSG_VERDICT);
	(void)fg_buf_put_u8(&buf, m->verdict);
	(void)fg_buf_put_u8(&buf, m->would);
	(void)fg_buf_put_string(&buf, FG_REF_MAX, m->ref);
	(void)fg_buf_put_string(&buf, FG_REASON_MAX, m->reason);
	(void)fg_buf_put_string(&buf, FG_TEXT_MAX, m->help);
	return fg_msg_put_end(&buf, ret_len);
}

int
fg_msg_put_close(void *data, size_t size, const struct fg_header *hdr,
    const struct fg_close *m, size_t *ret_len)
{
	struct fg_buf buf;

	fg_msg_put_begin(&buf, data, size, hdr, FG_MSG_CLOSE);
	(void)fg_buf_put_u32(&buf, m->pid);
	(void)fg_buf_put_string(&buf, FG_REF_MAX, m->ref);
	return fg_msg_put_end(&buf, ret_len);
}

int
fg_msg_put_fail(void *data, size_t size, const struct fg_header *hdr,
    const struct fg_fail_msg *m, size_t *ret_len)
{
	struct fg_buf buf;

	fg_msg_put_begin(&buf, data, size, hdr, FG_MSG_FAIL);
	(void)fg_buf_put_u8(&buf, m->fail);
	(void)fg_buf_put_u8(&buf, m->version);
	return fg_msg_put_end(&buf, ret_len);
}

int
fg_msg_put_empty(void *data, size_t size, const struct fg_header *hdr,
    enum fg_msg_type type, size_t *ret_len)
{
	struct fg_buf buf;

	fg_msg_put_begin(&buf, data, size, hdr, type);
	return fg_msg_put_end(&buf, ret_len);
}

/*
 * Reading. From here on every byte is the peer's.
 */
int
fg_msg_get_header(void *data, size_t len, struct fg_header *ret_hdr)
{
	struct fg_header hdr;
	struct fg_buf buf;
	uint32_t magic, reserved;
	int r;

	memset(ret_hdr, 0, sizeof(*ret_hdr));
	memset(&hdr, 0, sizeof(hdr));
	fg_buf_init(&buf, data, len < FG_HEADER_SIZE ? len : FG_HEADER_SIZE);
	(void)fg_buf_get_u32(&buf, &magic);
	(void)fg_buf_get_u8(&buf, &hdr.version);
	(void)fg_buf_get_u8(&buf, &hdr.type);
	(void)fg_buf_get_u16(&buf, &hdr.sequence);
	(void)fg_buf_get_u32(&buf, &hdr.length);
	(void)fg_buf_get_u32(&buf, &reserved);
	if ((r = fg_buf_get_bytes(&buf, hdr.id, sizeof(hdr.id))) != 0)
		return r;
	if (magic != FG_MAGIC)
		return FG_ERR_FORMAT;
	if (hdr.version != FG_VERSION) {
		*ret_hdr = hdr;
		return FG_ERR_VERSION;
	}
	if (reserved != 0 || !type_is_known(hdr.type))
		return FG_ERR_FORMAT;
	if (hdr.length > len - FG_HEADER_SIZE)
		return FG_ERR_SHORT;
	if (hdr.length < len - FG_HEADER_SIZE)
		return FG_ERR_TRAILING;
	*ret_hdr = hdr;
	return 0;
}

/* Set buf to the body; a datagram without a whole header has none. */
void
fg_msg_get_begin(struct fg_buf *buf, void *data, size_t len)
{
	if (len < FG_HEADER_SIZE) {
		fg_buf_init(buf, data, 0);
		buf->error = FG_ERR_SHORT;
		return;
	}
	fg_buf_init(buf, (uint8_t *)data + FG_HEADER_SIZE,
	    len - FG_HEADER_SIZE);
}

static void
login_clear(struct fg_login *m)
{
	memset(m, 0, sizeof(*m));
	m->uid = (uint32_t)-1;
	m->service = m->user = m->ruser = m->tty = "";
	m->rhost = m->ssh_connection = m->ssh_auth = m->ref = "";
}

static int
login_check(const struct fg_login *m)
{
	bool invalid = (m->flags & FG_LOGIN_INVALID_USER) != 0;

	if (m->phase == FG_PHASE_NONE || m->phase >= NELEMS(phase_names))
		return FG_ERR_FORMAT;
	if ((m->flags & ~FG_LOGIN_FLAGS) != 0)
		return FG_ERR_FORMAT;
	if ((m->flags & FG_LOGIN_DELEGATED) != 0 && m->phase != FG_PHASE_AUTH)
		return FG_ERR_FORMAT;
	/* A nameless user is always marked, and a marked one is nameless. */
	if (invalid != (m->user[0] == '\0'))
		return FG_ERR_FORMAT;
	return 0;
}

int
fg_msg_get_login(void *data, size_t len, struct fg_login *ret_m)
{
	struct fg_buf buf;
	int r;

	login_clear(ret_m);
	fg_msg_get_begin(&buf, data, len);
	(void)fg_buf_get_u8(&buf, &ret_m->phase);
	(void)fg_buf_get_u32(&buf, &ret_m->flags);
	(void)fg_buf_get_u32(&buf, &ret_m->pid);
	(void)fg_buf_get_u32(&buf, &ret_m->uid);
	(void)fg_buf_get_string(&buf, FG_SERVICE_MAX, &ret_m->service);
	(void)fg_buf_get_string(&buf, FG_USER_MAX, &ret_m->user);
	(void)fg_buf_get_string(&buf, FG_USER_MAX, &ret_m->ruser);
	(void)fg_buf_get_string(&buf, FG_TTY_MAX, &ret_m->tty);
	(void)fg_buf_get_string(&buf, FG_RHOST_MAX, &ret_m->rhost);
	(void)fg_buf_get_string(&buf, FG_SSH_CONNECTION_MAX,
	    &ret_m->ssh_connection);
	(void)fg_buf_get_string(&buf, FG_SSH_AUTH_MAX, &ret_m->ssh_auth);
	(void)fg_buf_get_string(&buf, FG_REF_MAX, &ret_m->ref);
	if ((r = fg_buf_end(&buf)) == 0)
		r = login_check(ret_m);
	if (r != 0)
		login_clear(ret_m);
	return r;
}

static int
get_names(struct fg_buf *buf, uint16_t count, struct fg_need *ret_m)
{
	if (count > FG_NEED_GROUPS_MAX)
		return FG_ERR_LIMIT;
	for (uint16_t i = 0; i < count; i++) {
		if (fg_buf_get_string(buf, FG_GROUP_MAX, &ret_m->groups[i]) !=
		    0)
			return buf->error;
		if (ret_m->groups[i][0] == '\0')
			return FG_ERR_FORMAT;
		ret_m->count++;
	}
	return fg_buf_end(buf);
}

int
fg_msg_get_need(void *data, size_t len, struct fg_need *ret_m)
{
	struct fg_buf buf;
	uint16_t count;
	int r;

	memset(ret_m, 0, sizeof(*ret_m));
	fg_msg_get_begin(&buf, data, len);
	(void)fg_buf_get_u32(&buf, &ret_m->what);
	if ((r = fg_buf_get_u16(&buf, &count)) == 0)
		r = get_names(&buf, count, ret_m);
	if (r == 0 && (ret_m->what != FG_NEED_GROUPS || count == 0))
		r = FG_ERR_FORMAT;
	if (r != 0)
		memset(ret_m, 0, sizeof(*ret_m));
	return r;
}

static int
get_members(struct fg_buf *buf, uint16_t count, struct fg_groups *ret_m)
{
	uint8_t member;

	if (count > FG_NEED_GROUPS_MAX)
		return FG_ERR_LIMIT;
	if (ret_m->failed != (count == 0))
		return FG_ERR_FORMAT;
	for (uint16_t i = 0; i < count; i++) {
		if (fg_buf_get_u8(buf, &member) != 0)
			return buf->error;
		if (member > 1)
			return FG_ERR_FORMAT;
		ret_m->member[i] = member == 1;
	}
	ret_m->count = count;
	return fg_buf_end(buf);
}

int
fg_msg_get_groups(void *data, size_t len, struct fg_groups *ret_m)
{
	struct fg_buf buf;
	uint16_t count;
	uint8_t failed;
	int r;

	memset(ret_m, 0, sizeof(*ret_m));
	fg_msg_get_begin(&buf, data, len);
	(void)fg_buf_get_u8(&buf, &failed);
	if ((r = fg_buf_get_u16(&buf, &count)) == 0 && failed > 1)
		r = FG_ERR_FORMAT;
	ret_m->failed = failed == 1;
	if (r == 0)
		r = get_members(&buf, count, ret_m);
	if (r != 0)
		memset(ret_m, 0, sizeof(*ret_m));
	return r;
}

static void
verdict_clear(struct fg_verdict_msg *m)
{
	m->verdict = m->would = FG_VERDICT_NONE;
	m->ref = m->reason = m->help = "";
}

int
fg_msg_get_verdict(void *data, size_t len, struct fg_verdict_msg *ret_m)
{
	struct fg_buf buf;
	int r;

	verdict_clear(ret_m);
	fg_msg_get_begin(&buf, data, len);
	(void)fg_buf_get_u8(&buf, &ret_m->verdict);
	(void)fg_buf_get_u8(&buf, &ret_m->would);
	(void)fg_buf_get_string(&buf, FG_REF_MAX, &ret_m->ref);
	(void)fg_buf_get_string(&buf, FG_REASON_MAX, &ret_m->reason);
	(void)fg_buf_get_string(&buf, FG_TEXT_MAX, &ret_m->help);
	r = fg_buf_end(&buf);
	if (r == 0 &&
	    (!verdict_is_known(ret_m->verdict) ||
		!verdict_is_known(ret_m->would)))
		r = FG_ERR_FORMAT;
	if (r != 0)
		verdict_clear(ret_m);
	return r;
}

int
fg_msg_get_close(void *data, size_t len, struct fg_close *ret_m)
{
	struct fg_buf buf;
	int r;

	*ret_m = (struct fg_close){ .ref = "" };
	fg_msg_get_begin(&buf, data, len);
	(void)fg_buf_get_u32(&buf, &ret_m->pid);
	(void)fg_buf_get_string(&buf, FG_REF_MAX, &ret_m->ref);
	if ((r = fg_buf_end(&buf)) == 0 && ret_m->ref[0] == '\0')
		r = FG_ERR_FORMAT;
	if (r != 0)
		*ret_m = (struct fg_close){ .ref = "" };
	return r;
}

int
fg_msg_get_fail(void *data, size_t len, struct fg_fail_msg *ret_m)
{
	struct fg_buf buf;
	int r;

	fg_msg_get_begin(&buf, data, len);
	(void)fg_buf_get_u8(&buf, &ret_m->fail);
	(void)fg_buf_get_u8(&buf, &ret_m->version);
	r = fg_buf_end(&buf);
	if (r == 0 &&
	    (ret_m->fail == FG_FAIL_NONE || ret_m->fail > FG_FAIL_OTHER_NAME))
		r = FG_ERR_FORMAT;
	if (r != 0)
		memset(ret_m, 0, sizeof(*ret_m));
	return r;
}
