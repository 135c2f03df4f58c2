/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The codec of step-up's rounds, as msg.c has the rest of the module's. What
 * is in an answer is a secret: nothing here keeps it.
 */
#include <string.h>

#include "proto/buf.h"
#include "proto/msg.h"
#include "proto/msg_parts.h"
#include "proto/result.h"

/* Any terminal, desktop and log shows it alike. */
static bool
prompt_is_good(const char *s)
{
	size_t len = strlen(s);

	for (size_t i = 0; i < len; i++)
		if (s[i] < ' ' || s[i] > '~')
			return false;
	return len > 2 && len <= FG_PROMPT_MAX &&
	    strcmp(s + len - 2, ": ") == 0;
}

static int
challenge_check(const struct fg_challenge *m)
{
	return (m->style == FG_STYLE_VISIBLE || m->style == FG_STYLE_HIDDEN) &&
		prompt_is_good(m->prompt) ?
	    0 :
	    FG_ERR_FORMAT;
}

int
fg_msg_put_challenge(void *data, size_t size, const struct fg_header *hdr,
    const struct fg_challenge *m, size_t *ret_len)
{
	struct fg_buf buf;

	fg_msg_put_begin(&buf, data, size, hdr, FG_MSG_CHALLENGE);
	if (challenge_check(m) != 0)
		buf.error = FG_ERR_FORMAT;
	(void)fg_buf_put_u8(&buf, m->style);
	(void)fg_buf_put_string(&buf, FG_PROMPT_MAX, m->prompt);
	return fg_msg_put_end(&buf, ret_len);
}

int
fg_msg_put_answer(void *data, size_t size, const struct fg_header *hdr,
    const struct fg_answer *m, size_t *ret_len)
{
	struct fg_buf buf;

	fg_msg_put_begin(&buf, data, size, hdr, FG_MSG_ANSWER);
	if (m->len > FG_ANSWER_MAX)
		buf.error = FG_ERR_LIMIT;
	(void)fg_buf_put_u8(&buf, m->how);
	(void)fg_buf_put_u16(&buf, (uint16_t)m->len);
	if (m->len > 0)
		(void)fg_buf_put_bytes(&buf, m->bytes, m->len);
	return fg_msg_put_end(&buf, ret_len);
}

/*
 * Reading. From here on every byte is the peer's.
 */
int
fg_msg_get_challenge(void *data, size_t len, struct fg_challenge *ret_m)
{
	struct fg_buf buf;
	int r;

	*ret_m = (struct fg_challenge){ .prompt = "" };
	fg_msg_get_begin(&buf, data, len);
	(void)fg_buf_get_u8(&buf, &ret_m->style);
	(void)fg_buf_get_string(&buf, FG_PROMPT_MAX, &ret_m->prompt);
	if ((r = fg_buf_end(&buf)) == 0)
		r = challenge_check(ret_m);
	if (r != 0)
		*ret_m = (struct fg_challenge){ .prompt = "" };
	return r;
}

static int
answer_check(const struct fg_answer *m)
{
	const uint8_t *p = m->bytes;

	if (m->how == FG_ANSWER_NONE || m->how > FG_ANSWER_SILENT)
		return FG_ERR_FORMAT;
	if (m->how != FG_ANSWER_GIVEN && m->len > 0)
		return FG_ERR_FORMAT;
	for (size_t i = 0; i < m->len; i++)
		if (p[i] < ' ' || p[i] == 0x7f)
			return FG_ERR_FORMAT;
	return 0;
}

int
fg_msg_get_answer(void *data, size_t len, struct fg_answer *ret_m)
{
	struct fg_buf buf;
	uint16_t n;
	int r;

	memset(ret_m, 0, sizeof(*ret_m));
	fg_msg_get_begin(&buf, data, len);
	(void)fg_buf_get_u8(&buf, &ret_m->how);
	if ((r = fg_buf_get_u16(&buf, &n)) == 0 && n > FG_ANSWER_MAX)
		r = FG_ERR_LIMIT;
	if (r == 0)
		(void)fg_buf_get_direct(&buf, n, &ret_m->bytes);
	if (r == 0 && (r = fg_buf_end(&buf)) == 0) {
		ret_m->len = n;
		r = answer_check(ret_m);
	}
	if (r != 0)
		memset(ret_m, 0, sizeof(*ret_m));
	return r;
}
