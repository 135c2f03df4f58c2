/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The codec of what farmgate-attest and a laptop's daemon say to each other,
 * as msg.c has the module's. The answer goes on to another host as it is: that
 * it is one word is checked here, for both ends.
 */
#include <string.h>

#include "proto/buf.h"
#include "proto/msg.h"
#include "proto/msg_parts.h"
#include "proto/result.h"

#define WORD_BYTES                   \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZ" \
	"abcdefghijklmnopqrstuvwxyz" \
	"0123456789._-"

static bool
is_word(const char *s)
{
	return s[0] != '\0' && s[strspn(s, WORD_BYTES)] == '\0';
}

/* A name as somebody typed it; it may be of any script. */
static bool
is_name(const char *s)
{
	for (size_t i = 0; s[i] != '\0'; i++)
		if ((unsigned char)s[i] < ' ' || s[i] == 0x7f)
			return false;
	return s[0] != '\0';
}

static int
witness_check(const struct fg_witness *m)
{
	return is_word(m->token) && is_name(m->user) && is_name(m->host) ?
	    0 :
	    FG_ERR_FORMAT;
}

static int
statement_check(const struct fg_statement *m)
{
	return is_word(m->answer) ? 0 : FG_ERR_FORMAT;
}

int
fg_msg_put_witness(void *data, size_t size, const struct fg_header *hdr,
    const struct fg_witness *m, size_t *ret_len)
{
	struct fg_buf buf;

	fg_msg_put_begin(&buf, data, size, hdr, FG_MSG_WITNESS);
	buf.error = witness_check(m);
	(void)fg_buf_put_string(&buf, FG_TOKEN_MAX, m->token);
	(void)fg_buf_put_string(&buf, FG_USER_MAX, m->user);
	(void)fg_buf_put_string(&buf, FG_HOST_MAX, m->host);
	return fg_msg_put_end(&buf, ret_len);
}

int
fg_msg_put_statement(void *data, size_t size, const struct fg_header *hdr,
    const struct fg_statement *m, size_t *ret_len)
{
	struct fg_buf buf;

	fg_msg_put_begin(&buf, data, size, hdr, FG_MSG_STATEMENT);
	buf.error = statement_check(m);
	(void)fg_buf_put_string(&buf, FG_STATEMENT_MAX, m->answer);
	return fg_msg_put_end(&buf, ret_len);
}

/*
 * Reading. From here on every byte is the peer's.
 */
int
fg_msg_get_witness(void *data, size_t len, struct fg_witness *ret_m)
{
	struct fg_buf buf;
	int r;

	fg_msg_get_begin(&buf, data, len);
	(void)fg_buf_get_string(&buf, FG_TOKEN_MAX, &ret_m->token);
	(void)fg_buf_get_string(&buf, FG_USER_MAX, &ret_m->user);
	(void)fg_buf_get_string(&buf, FG_HOST_MAX, &ret_m->host);
	if ((r = fg_buf_end(&buf)) == 0)
		r = witness_check(ret_m);
	if (r != 0)
		*ret_m = (struct fg_witness){ "", "", "" };
	return r;
}

int
fg_msg_get_statement(void *data, size_t len, struct fg_statement *ret_m)
{
	struct fg_buf buf;
	int r;

	fg_msg_get_begin(&buf, data, len);
	(void)fg_buf_get_string(&buf, FG_STATEMENT_MAX, &ret_m->answer);
	if ((r = fg_buf_end(&buf)) == 0)
		r = statement_check(ret_m);
	if (r != 0)
		ret_m->answer = "";
	return r;
}
