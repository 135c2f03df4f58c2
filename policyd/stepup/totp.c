/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The only file that knows liboath, which computes one code of one step; what
 * is accepted, and how it is compared, is decided here.
 */
#include "policyd/stepup/totp.h"

#include <limits.h>
#include <string.h>

#include <liboath/oath.h>

#include "policyd/crypto.h"
#include "policyd/text.h"
#include "proto/result.h"

#define CODE_SIZE 9u /* eight digits and a NUL */
#define ISSUER	  "Farmgate "

static const struct {
	const char *name;
	const char *in_uri;
	size_t len;
	int flags; /* liboath's */
} algorithms[TOTP_COUNT] = {
	[TOTP_NONE] = { "none", "", 0, 0 },
	[TOTP_SHA1] = { "sha1", "SHA1", 20, 0 },
	[TOTP_SHA256] = { "sha256", "SHA256", 32, OATH_TOTP_HMAC_SHA256 },
	[TOTP_SHA512] = { "sha512", "SHA512", 64, OATH_TOTP_HMAC_SHA512 },
};

const char *
totp_algorithm_name(enum totp_algorithm algorithm)
{
	return algorithms[algorithm < TOTP_COUNT ? algorithm : TOTP_NONE].name;
}

enum totp_algorithm
totp_algorithm_by_name(const char *name)
{
	enum totp_algorithm a;

	for (a = TOTP_NONE + 1; a < TOTP_COUNT; a++)
		if (strcmp(algorithms[a].name, name) == 0)
			return a;
	return TOTP_NONE;
}

size_t
totp_seed_len(enum totp_algorithm algorithm)
{
	return algorithms[algorithm < TOTP_COUNT ? algorithm : TOTP_NONE].len;
}

bool
totp_is_digits(unsigned int digits)
{
	return digits == 6 || digits == 8;
}

bool
totp_has_form(const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (text[i] < '0' || text[i] > '9')
			return false;
	return len <= UINT_MAX && totp_is_digits((unsigned int)len);
}

int64_t
totp_step(int64_t at_s)
{
	return at_s < 0 ? -1 : at_s / TOTP_STEP_S;
}

/* ---- codes -------------------------------------------------------------- */

static bool
is_seed(const struct totp_seed *seed)
{
	return seed->len > 0 && seed->len <= TOTP_SEED_MAX &&
	    seed->algorithm > TOTP_NONE && seed->algorithm < TOTP_COUNT &&
	    totp_is_digits(seed->digits);
}

static int
make_code(const struct totp_seed *seed, int64_t step, char ret_code[CODE_SIZE])
{
	memset(ret_code, 0, CODE_SIZE);
	if (oath_totp_generate2((const char *)seed->bytes, seed->len,
		(time_t)(step * TOTP_STEP_S), TOTP_STEP_S, 0, seed->digits,
		algorithms[seed->algorithm].flags, ret_code) != OATH_OK)
		return FG_ERR_FORMAT;
	return 0;
}

/*
 * What was typed, in a room of a code's size. What is none becomes bytes that
 * no code has, so that it takes as long.
 */
static void
take_typed(const void *code, size_t len, unsigned int digits,
    char ret_typed[CODE_SIZE])
{
	bool is_code = len == digits;
	size_t i;

	memset(ret_typed, 0, CODE_SIZE);
	if (is_code)
		memcpy(ret_typed, code, len);
	for (i = 0; is_code && i < len; i++)
		is_code = ret_typed[i] >= '0' && ret_typed[i] <= '9';
	if (!is_code)
		memset(ret_typed, '-', CODE_SIZE - 1);
}

int
totp_find_step(const struct totp_seed *seed, const void *code, size_t len,
    int64_t at_s, int64_t *ret_step)
{
	char right[CODE_SIZE], typed[CODE_SIZE];
	int64_t now = totp_step(at_s), step;
	int r = 0;

	*ret_step = -1;
	if (!is_seed(seed))
		return FG_ERR_FORMAT;
	take_typed(code, len, seed->digits, typed);
	for (step = now - TOTP_WINDOW; step <= now + TOTP_WINDOW; step++) {
		if (step < 0)
			continue;
		if ((r = make_code(seed, step, right)) != 0)
			break;
		if (crypto_equal(right, typed, sizeof(right)))
			*ret_step = step;
	}
	crypto_wipe(right, sizeof(right));
	crypto_wipe(typed, sizeof(typed));
	if (r != 0)
		*ret_step = -1;
	return r != 0 ? r : *ret_step >= 0 ? 0 : FG_ERR_NOT_FOUND;
}

/* ---- what an application is given --------------------------------------- */

int
totp_base32(const uint8_t *bytes, size_t len, char ret_text[TOTP_BASE32_SIZE])
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	unsigned int bits = 0, n = 0;
	size_t i, at = 0;

	ret_text[0] = '\0';
	if (len > TOTP_SEED_MAX)
		return FG_ERR_LIMIT;
	for (i = 0; i < len; i++) {
		bits = (bits << 8 | bytes[i]) & 0xffff;
		for (n += 8; n >= 5; n -= 5)
			ret_text[at++] = digits[bits >> (n - 5) & 31];
	}
	if (n > 0)
		ret_text[at++] = digits[bits << (5 - n) & 31];
	ret_text[at] = '\0';
	return 0;
}

static int
put_escaped(const char *s, char *buf, size_t size, size_t *at)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz"
				    "0123456789-._~";
	static const char hex[] = "0123456789ABCDEF";

	for (; *s != '\0'; s++) {
		if (size - *at < 4)
			return FG_ERR_LIMIT;
		if (strchr(plain, *s) != NULL) {
			buf[(*at)++] = *s;
			continue;
		}
		buf[(*at)++] = '%';
		buf[(*at)++] = hex[(unsigned char)*s >> 4];
		buf[(*at)++] = hex[(unsigned char)*s & 15];
	}
	buf[*at] = '\0';
	return 0;
}

static int
put_plain(const char *s, char *buf, size_t size, size_t *at)
{
	if (text_copy(buf + *at, size - *at, s) != 0)
		return FG_ERR_LIMIT;
	*at += strlen(s);
	return 0;
}

static int
put_label(const char *host, const char *account, char *uri, size_t *at)
{
	int r;

	if ((r = put_plain("otpauth://totp/", uri, TOTP_URI_SIZE, at)) != 0 ||
	    (r = put_escaped(ISSUER, uri, TOTP_URI_SIZE, at)) != 0 ||
	    (r = put_escaped(host, uri, TOTP_URI_SIZE, at)) != 0 ||
	    (r = put_plain(":", uri, TOTP_URI_SIZE, at)) != 0)
		return r;
	return put_escaped(account, uri, TOTP_URI_SIZE, at);
}

int
totp_uri(const struct totp_seed *seed, const char *host, const char *account,
    char ret_uri[TOTP_URI_SIZE])
{
	char base32[TOTP_BASE32_SIZE];
	size_t at = 0;
	int r;

	ret_uri[0] = '\0';
	if (!is_seed(seed))
		return FG_ERR_FORMAT;
	(void)totp_base32(seed->bytes, seed->len, base32); /* it fits */
	if ((r = put_label(host, account, ret_uri, &at)) == 0 &&
	    (r = put_plain("?secret=", ret_uri, TOTP_URI_SIZE, &at)) == 0 &&
	    (r = put_plain(base32, ret_uri, TOTP_URI_SIZE, &at)) == 0 &&
	    (r = put_plain("&issuer=", ret_uri, TOTP_URI_SIZE, &at)) == 0 &&
	    (r = put_escaped(ISSUER, ret_uri, TOTP_URI_SIZE, &at)) == 0 &&
	    (r = put_escaped(host, ret_uri, TOTP_URI_SIZE, &at)) == 0)
		r = text_format(ret_uri + at, TOTP_URI_SIZE - at,
		    "&algorithm=%s&digits=%u&period=%d",
		    algorithms[seed->algorithm].in_uri, seed->digits,
		    TOTP_STEP_S);
	crypto_wipe(base32, sizeof(base32));
	if (r != 0)
		crypto_wipe(ret_uri, TOTP_URI_SIZE);
	return r;
}
