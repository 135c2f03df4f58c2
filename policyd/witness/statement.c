/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The statement's codec. There is one encoding of a value, and nothing else is
 * taken: bits and kinds that version 1 does not have, and anything behind the
 * last field but zeros, are refused.
 */
#include "policyd/witness/statement.h"

#include <string.h>

#include "policyd/witness/hwids_wire.h"
#include "policyd/witness/statement_names.h"
#include "proto/buf.h"
#include "proto/result.h"

#define MINOR 0x80u /* in the byte of a grade */

#define LONGEST                                                               \
	(1 + FG_TOKEN_HOST_SIZE + FG_TOKEN_NONCE_SIZE + STATEMENT_USER_SIZE + \
	    CRYPTO_KEY_SIZE + 8 + 1 + HWIDS_WIRE_SIZE(STATEMENT_HWIDS_MAX) +  \
	    1 + STATEMENT_FINDINGS_MAX * (3 + STATEMENT_OF_MAX) +             \
	    STATEMENT_SITE_SIZE + 1 +                                         \
	    STATEMENT_PERIPHERALS_MAX * STATEMENT_SITE_SIZE + 1 +             \
	    STATEMENT_RELEASE_MAX)

_Static_assert(LONGEST == STATEMENT_SIZE, "the longest needs no padding");

static bool
is_printable(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (s[i] < ' ' || s[i] > '~')
			return false;
	return true;
}

/* ---- to bytes ----------------------------------------------------------- */

/* fg_buf's errors stick, and are asked for at the end. */
static void
put_binding(struct fg_buf *buf, const struct statement *st)
{
	(void)fg_buf_put_u8(buf, STATEMENT_VERSION);
	(void)fg_buf_put_bytes(buf, st->host_id, sizeof(st->host_id));
	(void)fg_buf_put_bytes(buf, st->nonce, sizeof(st->nonce));
	(void)fg_buf_put_bytes(buf, st->user_digest, sizeof(st->user_digest));
	(void)fg_buf_put_bytes(buf, st->device_key, sizeof(st->device_key));
	(void)fg_buf_put_u32(buf, (uint32_t)(st->at_s >> 32));
	(void)fg_buf_put_u32(buf, (uint32_t)(st->at_s & UINT32_MAX));
	(void)fg_buf_put_u8(buf, st->flags);
}

static int
put_text(struct fg_buf *buf, const char *s, size_t max)
{
	size_t len = strnlen(s, max + 1);

	if (len > max)
		return FG_ERR_LIMIT;
	if (!is_printable(s, len))
		return FG_ERR_FORMAT;
	(void)fg_buf_put_u8(buf, (uint8_t)len);
	(void)fg_buf_put_bytes(buf, s, len);
	return 0;
}

static int
put_findings(struct fg_buf *buf, const struct statement *st)
{
	const struct statement_finding *f;
	int r;

	if (st->nfindings > STATEMENT_FINDINGS_MAX)
		return FG_ERR_LIMIT;
	(void)fg_buf_put_u8(buf, (uint8_t)st->nfindings);
	for (f = st->finding; f < st->finding + st->nfindings; f++) {
		if (f->finding == 0 || f->grade > STATEMENT_GRADE_MAX)
			return FG_ERR_FORMAT;
		(void)fg_buf_put_u8(buf, f->finding);
		(void)fg_buf_put_u8(buf,
		    (uint8_t)(f->grade | (f->minor ? MINOR : 0)));
		if ((r = put_text(buf, f->of, STATEMENT_OF_MAX)) != 0)
			return r;
	}
	return 0;
}

static int
put_site(struct fg_buf *buf, const struct statement *st)
{
	if (st->nperipherals > STATEMENT_PERIPHERALS_MAX)
		return FG_ERR_LIMIT;
	(void)fg_buf_put_bytes(buf, st->gateway, sizeof(st->gateway));
	(void)fg_buf_put_u8(buf, (uint8_t)st->nperipherals);
	(void)fg_buf_put_bytes(buf, st->peripheral,
	    st->nperipherals * STATEMENT_SITE_SIZE);
	return 0;
}

static int
put_all(struct fg_buf *buf, const struct statement *st)
{
	int r;

	if ((st->flags & ~STATEMENT_FLAGS) != 0)
		return FG_ERR_FORMAT;
	put_binding(buf, st);
	if ((r = hwids_wire_put(buf, &st->hwids, STATEMENT_HWIDS_MAX)) != 0 ||
	    (r = put_findings(buf, st)) != 0 || (r = put_site(buf, st)) != 0 ||
	    (r = put_text(buf, st->release, STATEMENT_RELEASE_MAX)) != 0)
		return r;
	return buf->error;
}

int
statement_encode(const struct statement *statement,
    uint8_t ret_bytes[STATEMENT_SIZE])
{
	struct fg_buf buf;
	int r;

	memset(ret_bytes, 0, STATEMENT_SIZE);
	fg_buf_init(&buf, ret_bytes, STATEMENT_SIZE);
	if ((r = put_all(&buf, statement)) != 0)
		memset(ret_bytes, 0, STATEMENT_SIZE);
	return r;
}

/* ---- from bytes --------------------------------------------------------- */

static int
get_binding(struct fg_buf *buf, struct statement *st)
{
	uint32_t high, low;
	uint8_t version;

	(void)fg_buf_get_u8(buf, &version);
	if (buf->error == 0 && version != STATEMENT_VERSION)
		return FG_ERR_VERSION;
	(void)fg_buf_get_bytes(buf, st->host_id, sizeof(st->host_id));
	(void)fg_buf_get_bytes(buf, st->nonce, sizeof(st->nonce));
	(void)fg_buf_get_bytes(buf, st->user_digest, sizeof(st->user_digest));
	(void)fg_buf_get_bytes(buf, st->device_key, sizeof(st->device_key));
	(void)fg_buf_get_u32(buf, &high);
	(void)fg_buf_get_u32(buf, &low);
	(void)fg_buf_get_u8(buf, &st->flags);
	st->at_s = (uint64_t)high << 32 | low;
	if ((st->flags & ~STATEMENT_FLAGS) != 0)
		return FG_ERR_FORMAT;
	return buf->error;
}

/* How many follow, at most max. */
static int
get_count(struct fg_buf *buf, size_t max, size_t *ret_n)
{
	uint8_t n;

	*ret_n = 0;
	if (fg_buf_get_u8(buf, &n) != 0)
		return buf->error;
	if (n > max)
		return FG_ERR_LIMIT;
	*ret_n = n;
	return 0;
}

/* ret_s has room for max bytes and a NUL, and is zero. */
static int
get_text(struct fg_buf *buf, size_t max, char *ret_s)
{
	size_t len;
	int r;

	if ((r = get_count(buf, max, &len)) != 0 ||
	    (r = fg_buf_get_bytes(buf, ret_s, len)) != 0)
		return r;
	return is_printable(ret_s, len) ? 0 : FG_ERR_FORMAT;
}

static int
get_findings(struct fg_buf *buf, struct statement *st)
{
	struct statement_finding *f;
	uint8_t grade;
	int r;

	if ((r = get_count(buf, STATEMENT_FINDINGS_MAX, &st->nfindings)) != 0)
		return r;
	for (f = st->finding; f < st->finding + st->nfindings; f++) {
		(void)fg_buf_get_u8(buf, &f->finding);
		(void)fg_buf_get_u8(buf, &grade);
		f->grade = grade & STATEMENT_GRADE_MAX;
		f->minor = (grade & MINOR) != 0;
		if ((r = get_text(buf, STATEMENT_OF_MAX, f->of)) != 0)
			return r;
		if (f->finding == 0)
			return FG_ERR_FORMAT;
	}
	return 0;
}

static int
get_site(struct fg_buf *buf, struct statement *st)
{
	int r;

	(void)fg_buf_get_bytes(buf, st->gateway, sizeof(st->gateway));
	if ((r = get_count(buf, STATEMENT_PERIPHERALS_MAX,
		 &st->nperipherals)) != 0)
		return r;
	return fg_buf_get_bytes(buf, st->peripheral,
	    st->nperipherals * STATEMENT_SITE_SIZE);
}

static int
get_padding(const struct fg_buf *buf)
{
	for (size_t i = buf->off; i < buf->size; i++)
		if (buf->base[i] != 0)
			return FG_ERR_FORMAT;
	return 0;
}

static int
get_all(struct fg_buf *buf, struct statement *st)
{
	int r;

	if ((r = get_binding(buf, st)) != 0 ||
	    (r = hwids_wire_get(buf, STATEMENT_HWIDS_MAX, &st->hwids)) != 0 ||
	    (r = get_findings(buf, st)) != 0 || (r = get_site(buf, st)) != 0 ||
	    (r = get_text(buf, STATEMENT_RELEASE_MAX, st->release)) != 0)
		return r;
	return get_padding(buf);
}

int
statement_decode(const uint8_t *bytes, size_t len,
    struct statement *ret_statement)
{
	uint8_t copy[STATEMENT_SIZE];
	struct fg_buf buf;
	int r;

	memset(ret_statement, 0, sizeof(*ret_statement));
	if (len != STATEMENT_SIZE)
		return len < STATEMENT_SIZE ? FG_ERR_SHORT : FG_ERR_TRAILING;
	memcpy(copy, bytes, sizeof(copy)); /* the cursor's are not const */
	fg_buf_init(&buf, copy, sizeof(copy));
	if ((r = get_all(&buf, ret_statement)) != 0)
		memset(ret_statement, 0, sizeof(*ret_statement));
	crypto_wipe(copy, sizeof(copy));
	return r;
}
