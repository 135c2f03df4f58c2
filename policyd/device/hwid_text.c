/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * To text, and back: what is not exactly the text of what was read is refused.
 */
#include "policyd/device/hwid_text.h"

#include <stdbool.h>
#include <string.h>

#include "policyd/text.h"
#include "proto/result.h"

#define DIGITS (2u * HWID_DIGEST_SIZE)

static bool
is_kind(unsigned int kind)
{
	return kind > HWID_NONE && kind < HWID_KINDS;
}

/* ---- to text ------------------------------------------------------------ */

static void
put(char *text, const char *word)
{
	size_t len = strlen(text);

	(void)text_format(text + len, HWID_DIGESTS_SIZE - len, "%s%s",
	    len > 0 ? " " : "", word); /* all of them fit */
}

static void
put_digest(char *text, const struct hwid_digest *digest)
{
	static const char hex[] = "0123456789abcdef";
	char word[2 + DIGITS + 1] = { (char)('0' + digest->kind), ':' };

	for (size_t i = 0; i < HWID_DIGEST_SIZE; i++) {
		word[2 + 2 * i] = hex[digest->bytes[i] >> 4];
		word[3 + 2 * i] = hex[digest->bytes[i] & 15u];
	}
	put(text, word);
}

static int
check(const struct hwid_digests *digests)
{
	if (digests->n > HWIDS_MAX)
		return FG_ERR_LIMIT;
	for (size_t i = 0; i < digests->n; i++)
		if (!is_kind(digests->list[i].kind))
			return FG_ERR_FORMAT;
	if (digests->unread >= UINT32_C(1) << HWID_KINDS ||
	    (digests->unread & UINT32_C(1) << HWID_NONE) != 0)
		return FG_ERR_FORMAT;
	return 0;
}

int
hwid_digests_text(const struct hwid_digests *digests,
    char ret_text[HWID_DIGESTS_SIZE])
{
	unsigned int kind;
	int r;

	ret_text[0] = '\0';
	if ((r = check(digests)) != 0)
		return r;
	for (size_t i = 0; i < digests->n; i++)
		put_digest(ret_text, &digests->list[i]);
	for (kind = HWID_TPM; kind < HWID_KINDS; kind++)
		if ((digests->unread & UINT32_C(1) << kind) != 0)
			put(ret_text,
			    (char[]){ (char)('0' + kind), ':', '-', '\0' });
	return 0;
}

/* ---- from text ---------------------------------------------------------- */

/* 16: it is none. */
static unsigned int
digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned int)(c - '0');
	return c >= 'a' && c <= 'f' ? (unsigned int)(c - 'a') + 10 : 16;
}

static int
parse_digest(const char *digits, uint8_t ret_bytes[HWID_DIGEST_SIZE])
{
	unsigned int high, low;

	for (size_t i = 0; i < HWID_DIGEST_SIZE; i++) {
		if ((high = digit_of(digits[2 * i])) == 16 ||
		    (low = digit_of(digits[2 * i + 1])) == 16)
			return FG_ERR_FORMAT;
		ret_bytes[i] = (uint8_t)(high << 4 | low);
	}
	return 0;
}

/* One word of len characters. */
static int
parse_word(const char *word, size_t len, struct hwid_digests *digests)
{
	struct hwid_digest *digest = &digests->list[digests->n];
	unsigned int kind;

	if (len < 3 || word[1] != ':' || !is_kind(kind = digit_of(word[0])))
		return FG_ERR_FORMAT;
	if (len == 3 && word[2] == '-') {
		digests->unread |= UINT32_C(1) << kind;
		return 0;
	}
	if (len != 2 + DIGITS || digests->n == HWIDS_MAX)
		return FG_ERR_FORMAT;
	digest->kind = (enum hwid_kind)kind;
	digests->n++;
	return parse_digest(word + 2, digest->bytes);
}

static int
parse(const char *text, struct hwid_digests *digests)
{
	char again[HWID_DIGESTS_SIZE];
	const char *at;
	size_t len;
	int r;

	for (at = text; *at != '\0'; at += len + (at[len] == ' ')) {
		len = strcspn(at, " ");
		if ((r = parse_word(at, len, digests)) != 0)
			return r;
	}
	if (hwid_digests_text(digests, again) != 0 || strcmp(again, text) != 0)
		return FG_ERR_FORMAT;
	return 0;
}

int
hwid_digests_parse(const char *text, struct hwid_digests *ret_digests)
{
	int r;

	memset(ret_digests, 0, sizeof(*ret_digests));
	if ((r = parse(text, ret_digests)) != 0)
		memset(ret_digests, 0, sizeof(*ret_digests));
	return r;
}
