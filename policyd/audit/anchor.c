/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An anchor's text, both ways. What is signed are the bytes that stand there,
 * so nothing here formats one a second time to check it.
 */
#include "policyd/audit/anchor.h"

#include <assert.h>
#include <string.h>
#include <unistd.h>

#include "policyd/text.h"
#include "proto/result.h"

#define FORM	   "farmgate-anchor-v1"
#define FORM_LEN   (sizeof(FORM) - 1)
#define SIG_LEN	   88u /* in base 64 */
#define NUMBER_LEN 20u

static const char host_bytes[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				 "abcdefghijklmnopqrstuvwxyz"
				 "0123456789.-_";

void
anchor_host(char ret_host[ANCHOR_HOST_SIZE])
{
	char *p;

	memset(ret_host, 0, ANCHOR_HOST_SIZE);
	if (gethostname(ret_host, ANCHOR_HOST_SIZE - 1) != 0 ||
	    ret_host[0] == '\0')
		(void)text_copy(ret_host, ANCHOR_HOST_SIZE, "-");
	for (p = ret_host; *p != '\0'; p++)
		if (strchr(host_bytes, *p) == NULL)
			*p = '_';
}

/* The form, a NUL, and what stands between the form's blank and " sig=". */
static size_t
signed_bytes(const char *body, size_t len, char ret_bytes[ANCHOR_TEXT_SIZE])
{
	assert(len < ANCHOR_TEXT_SIZE - FORM_LEN - 1);
	memcpy(ret_bytes, FORM, FORM_LEN + 1);
	memcpy(ret_bytes + FORM_LEN + 1, body, len);
	return FORM_LEN + 1 + len;
}

void
anchor_text(const struct anchor *anchor, const uint8_t secret[CRYPTO_KEY_SIZE],
    char ret_text[ANCHOR_TEXT_SIZE])
{
	char body[ANCHOR_TEXT_SIZE], bytes[ANCHOR_TEXT_SIZE];
	char key[KEY_TEXT_SIZE], sig[SIG_LEN + 1];
	uint8_t signature[CRYPTO_SIGNATURE_SIZE];
	size_t len;
	int r;

	key_text(KEY_AUDIT, anchor->key, key);
	r = text_format(body, sizeof(body),
	    "seq=%llu hash=%s at=%lld host=%s key=%s",
	    (unsigned long long)anchor->seq, anchor->hash,
	    (long long)(anchor->at_s < 0 ? 0 : anchor->at_s), anchor->host,
	    key);
	assert(r == 0); /* every field is bounded */
	len = signed_bytes(body, strlen(body), bytes);
	crypto_make_signature(bytes, len, secret, signature);
	crypto_base64_encode(signature, sizeof(signature), sig, sizeof(sig));
	r = text_format(ret_text, ANCHOR_TEXT_SIZE, FORM " %s sig=%s", body,
	    sig);
	assert(r == 0);
}

/* ---- for readers: from here on the bytes are anybody's ------------------ */

struct cursor {
	const char *at;
	const char *end;
};

/* Behind the last form in the line, which is what nobody can put behind it:
 * no value has a blank. */
static bool
find_form(struct cursor *c)
{
	const char *found = NULL, *p = c->at;

	while ((p = memmem(p, (size_t)(c->end - p), FORM " ", FORM_LEN + 1)) !=
	    NULL) {
		p += FORM_LEN + 1;
		found = p;
	}
	if (found != NULL)
		c->at = found;
	return found != NULL;
}

/* The value of name, which has its "=": at most size - 1 of these bytes. */
static int
take(struct cursor *c, const char *name, const char *bytes, char *ret_value,
    size_t size)
{
	size_t len = strlen(name), n = 0;

	if ((size_t)(c->end - c->at) < len || memcmp(c->at, name, len) != 0)
		return FG_ERR_FORMAT;
	c->at += len;
	while (c->at < c->end && n < size - 1 && *c->at != '\0' &&
	    strchr(bytes, *c->at) != NULL)
		ret_value[n++] = *c->at++;
	ret_value[n] = '\0';
	return n > 0 ? 0 : FG_ERR_FORMAT;
}

static int
take_number(struct cursor *c, const char *name, uint64_t min, uint64_t *ret_n)
{
	char digits[NUMBER_LEN + 1];
	int r;

	if ((r = take(c, name, "0123456789", digits, sizeof(digits))) != 0)
		return r;
	return text_parse_uint(digits, min, INT64_MAX, ret_n) == 0 ?
	    0 :
	    FG_ERR_FORMAT;
}

static int
take_members(struct cursor *c, struct anchor *anchor)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz"
				     "0123456789+/=:";
	char key[KEY_TEXT_SIZE];
	uint64_t at;
	int r;

	if ((r = take_number(c, "seq=", 1, &anchor->seq)) != 0 ||
	    (r = take(c, " hash=", "0123456789abcdef", anchor->hash,
		 sizeof(anchor->hash))) != 0 ||
	    (r = take_number(c, " at=", 0, &at)) != 0 ||
	    (r = take(c, " host=", host_bytes, anchor->host,
		 sizeof(anchor->host))) != 0 ||
	    (r = take(c, " key=", digits, key, sizeof(key))) != 0)
		return r;
	anchor->at_s = (int64_t)at;
	if (strlen(anchor->hash) != CRYPTO_HEX_SIZE - 1)
		return FG_ERR_FORMAT;
	return key_parse(KEY_AUDIT, key, anchor->key);
}

static int
take_signature(struct cursor *c, uint8_t ret_sig[CRYPTO_SIGNATURE_SIZE])
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz"
				     "0123456789+/=";
	char sig[SIG_LEN + 1];
	size_t len;

	if (take(c, " sig=", digits, sig, sizeof(sig)) != 0 ||
	    strlen(sig) != SIG_LEN ||
	    (c->at < c->end && *c->at != '\0' &&
		strchr(digits, *c->at) != NULL) ||
	    crypto_base64_decode(sig, SIG_LEN, ret_sig, CRYPTO_SIGNATURE_SIZE,
		&len) != 0)
		return FG_ERR_FORMAT;
	return len == CRYPTO_SIGNATURE_SIZE ? 0 : FG_ERR_FORMAT;
}

static int
read_at(struct cursor *c, struct anchor *anchor)
{
	uint8_t signature[CRYPTO_SIGNATURE_SIZE];
	char bytes[ANCHOR_TEXT_SIZE];
	const char *body = c->at;
	size_t len;
	int r;

	if ((r = take_members(c, anchor)) != 0)
		return r;
	len = signed_bytes(body, (size_t)(c->at - body), bytes);
	if ((r = take_signature(c, signature)) != 0)
		return r;
	return crypto_check_signature(bytes, len, anchor->key, signature) ?
	    0 :
	    FG_ERR_UNSAFE;
}

int
anchor_read(const char *line, size_t len, struct anchor *ret_anchor)
{
	struct cursor c = { .at = line, .end = line + len };
	int r = FG_ERR_NOT_FOUND;

	memset(ret_anchor, 0, sizeof(*ret_anchor));
	if (find_form(&c) && (r = read_at(&c, ret_anchor)) != 0)
		memset(ret_anchor, 0, sizeof(*ret_anchor));
	return r;
}
