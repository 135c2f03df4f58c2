/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The form of each kind of ID, lists of them, and their digests. What is of
 * the form and identifies nothing is hwid_placeholder.c's business.
 */
#include "policyd/device/hwid.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "policyd/crypto.h"
#include "policyd/device/hwid_placeholder.h"
#include "policyd/text.h"
#include "proto/result.h"

#define DIGEST_LABEL "farmgate-hwid-v1"
#define TPM_LABEL    "sha256:"

static const struct {
	const char *name;
	unsigned int weight;
	unsigned int most; /* of one machine */
} kinds[HWID_KINDS] = {
	[HWID_NONE] = { "none", 0, 0 },
	[HWID_TPM] = { "tpm", 8, 1 },
	[HWID_BOARD] = { "board", 4, 1 },
	[HWID_DISK] = { "disk", 4, HWIDS_EACH_MAX },
	[HWID_UUID] = { "uuid", 2, 1 },
	[HWID_SERIAL] = { "serial", 2, 1 },
	[HWID_CHASSIS] = { "chassis", 2, 1 },
	[HWID_MAC] = { "mac", 1, HWIDS_EACH_MAX },
};

const char *
hwid_kind_name(enum hwid_kind kind)
{
	return kinds[kind < HWID_KINDS ? kind : HWID_NONE].name;
}

enum hwid_kind
hwid_kind_by_name(const char *name)
{
	enum hwid_kind kind;

	for (kind = HWID_TPM; kind < HWID_KINDS; kind++)
		if (strcmp(kinds[kind].name, name) == 0)
			return kind;
	return HWID_NONE;
}

unsigned int
hwid_weight(enum hwid_kind kind)
{
	return kinds[kind < HWID_KINDS ? kind : HWID_NONE].weight;
}

/* ---- the form of each kind ----------------------------------------------- */

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Without the blanks at its ends, of len bytes. */
static const char *
trim(const char *text, size_t *ret_len)
{
	size_t len;

	while (is_blank(*text))
		text++;
	len = strlen(text);
	while (len > 0 && is_blank(text[len - 1]))
		len--;
	*ret_len = len;
	return text;
}

static int
make_serial(const char *text, char *buf, const char **ret_why)
{
	size_t i, len, n = 0;
	char c;

	text = trim(text, &len);
	for (i = 0; i < len; i++) {
		c = is_blank(text[i]) ? ' ' : text_upper(text[i]);
		if (c == ' ' && is_blank(text[i - 1]))
			continue;
		if (c < ' ' || c > '~') {
			*ret_why = "has other characters than ASCII's";
			return FG_ERR_FORMAT;
		}
		if (n == HWID_TEXT_MAX) {
			*ret_why = "has more than 64 characters";
			return FG_ERR_LIMIT;
		}
		buf[n++] = c;
	}
	return 0;
}

static bool
is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

/*
 * The digits, in lower case, of a text in this pattern, which has x for each.
 * digits has room for as many and a NUL.
 */
static bool
take_digits(const char *text, size_t len, const char *pattern, char *digits)
{
	size_t i, n = 0;

	if (len != strlen(pattern))
		return false;
	for (i = 0; i < len; i++) {
		if (pattern[i] != 'x' && text[i] != pattern[i])
			return false;
		if (pattern[i] == 'x' && !is_hex(text_lower(text[i])))
			return false;
		if (pattern[i] == 'x')
			digits[n++] = text_lower(text[i]);
	}
	digits[n] = '\0';
	return true;
}

/* The other way; buf has room for the pattern and a NUL. */
static void
put_digits(char *buf, const char *pattern, const char *digits)
{
	for (; *pattern != '\0'; pattern++)
		*buf++ = *pattern == 'x' ? *digits++ : *pattern;
	*buf = '\0';
}

/* A text in one of these patterns, of which the first is the form. */
static int
make_digits(const char *text, const char *const *patterns, char *buf)
{
	char digits[HWID_TEXT_MAX + 1];
	size_t i, len;

	text = trim(text, &len);
	for (i = 0; patterns[i] != NULL; i++) {
		if (!take_digits(text, len, patterns[i], digits))
			continue;
		put_digits(buf, patterns[0], digits);
		return 0;
	}
	return FG_ERR_FORMAT;
}

static int
make_uuid(const char *text, char *buf, const char **ret_why)
{
	static const char *const patterns[] = {
		"xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx",
		"{xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx}",
		"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", NULL
	};
	int r = make_digits(text, patterns, buf);

	if (r != 0)
		*ret_why =
		    "is no UUID, as 4c4c4544-0038-4b10-8032-b8c04f4a3333";
	return r;
}

static int
make_mac(const char *text, char *buf, const char **ret_why)
{
	static const char *const patterns[] = { "xx:xx:xx:xx:xx:xx",
		"xx-xx-xx-xx-xx-xx", "xxxx.xxxx.xxxx", "xxxxxxxxxxxx", NULL };
	int r = make_digits(text, patterns, buf);

	if (r != 0)
		*ret_why = "is no MAC address, as 8c:16:45:0a:1b:2c";
	return r;
}

static int
make_tpm(const char *text, char *buf, const char **ret_why)
{
#define BYTES_8 "xxxxxxxxxxxxxxxx"
#define PARTS_8 "xx:xx:xx:xx:xx:xx:xx:xx"
	static const char *const patterns[] = { BYTES_8 BYTES_8 BYTES_8 BYTES_8,
		PARTS_8 ":" PARTS_8 ":" PARTS_8 ":" PARTS_8, NULL };
	size_t len;
	int r;

	text = trim(text, &len);
	if (strncasecmp(text, TPM_LABEL, sizeof(TPM_LABEL) - 1) == 0)
		text += sizeof(TPM_LABEL) - 1;
	if ((r = make_digits(text, patterns, buf)) != 0)
		*ret_why = "is no SHA-256, which has 64 hexadecimal digits";
	return r;
}

static int
make_form(enum hwid_kind kind, const char *text, char *buf,
    const char **ret_why)
{
	switch (kind) {
	case HWID_TPM:
		return make_tpm(text, buf, ret_why);
	case HWID_UUID:
		return make_uuid(text, buf, ret_why);
	case HWID_MAC:
		return make_mac(text, buf, ret_why);
	case HWID_BOARD:
	case HWID_DISK:
	case HWID_SERIAL:
	case HWID_CHASSIS:
		return make_serial(text, buf, ret_why);
	case HWID_NONE:
	case HWID_KINDS:
		break;
	}
	*ret_why = "is of no kind";
	return FG_ERR_FORMAT;
}

int
hwid_make(enum hwid_kind kind, const char *text, struct hwid *ret_hwid,
    const char **ret_why)
{
	int r;

	memset(ret_hwid, 0, sizeof(*ret_hwid));
	*ret_why = NULL;
	r = make_form(kind, text, ret_hwid->text, ret_why);
	if (r == 0 &&
	    (*ret_why = hwid_placeholder(kind, ret_hwid->text)) != NULL)
		r = FG_ERR_NOT_FOUND;
	if (r == 0)
		ret_hwid->kind = kind;
	else
		memset(ret_hwid, 0, sizeof(*ret_hwid));
	return r;
}

/* ---- lists and digests --------------------------------------------------- */

static int
compare(const struct hwid *a, const struct hwid *b)
{
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	return strcmp(a->text, b->text);
}

int
hwids_add(struct hwids *hwids, const struct hwid *hwid)
{
	size_t i, at = hwids->n, of_kind = 0;
	int c;

	assert(hwid->kind > HWID_NONE && hwid->kind < HWID_KINDS);
	for (i = hwids->n; i > 0; i--) {
		if ((c = compare(&hwids->list[i - 1], hwid)) == 0)
			return 0;
		if (c > 0)
			at = i - 1;
		of_kind += hwids->list[i - 1].kind == hwid->kind;
	}
	if (of_kind >= kinds[hwid->kind].most || hwids->n == HWIDS_MAX)
		return FG_ERR_LIMIT;
	memmove(&hwids->list[at + 1], &hwids->list[at],
	    (hwids->n - at) * sizeof(hwids->list[0]));
	hwids->list[at] = *hwid;
	hwids->n++;
	return 0;
}

static uint8_t
hex_byte(const char *hex)
{
	unsigned int v = 0;

	for (int i = 0; i < 2; i++)
		v = v << 4 |
		    (unsigned int)(hex[i] <= '9' ? hex[i] - '0' :
						   hex[i] - 'a' + 10);
	return (uint8_t)v;
}

static void
digest(const struct hwid *hwid, struct hwid_digest *ret_digest)
{
	uint8_t data[sizeof(DIGEST_LABEL) + HWID_TEXT_MAX];
	size_t label = sizeof(DIGEST_LABEL) - 1, len = strlen(hwid->text);
	char hex[CRYPTO_HEX_SIZE];

	memcpy(data, DIGEST_LABEL, label);
	data[label] = (uint8_t)hwid->kind;
	memcpy(data + label + 1, hwid->text, len);
	crypto_sha256_hex(data, label + 1 + len, hex);
	ret_digest->kind = hwid->kind;
	for (size_t i = 0; i < HWID_DIGEST_SIZE; i++)
		ret_digest->bytes[i] = hex_byte(hex + 2 * i);
}

void
hwids_digest(const struct hwids *hwids, struct hwid_digests *ret_digests)
{
	memset(ret_digests, 0, sizeof(*ret_digests));
	for (size_t i = 0; i < hwids->n; i++)
		digest(&hwids->list[i], &ret_digests->list[i]);
	ret_digests->n = hwids->n;
}

bool
hwid_digests_have(const struct hwid_digests *digests, enum hwid_kind kind)
{
	for (size_t i = 0; i < digests->n; i++)
		if (digests->list[i].kind == kind)
			return true;
	return false;
}

bool
hwid_digests_complete(struct hwid_digests *digests,
    const struct hwid_digests *other)
{
	const struct hwid_digests own = *digests;

	for (size_t i = 0; i < other->n && digests->n < HWIDS_MAX; i++)
		if (!hwid_digests_have(&own, other->list[i].kind))
			digests->list[digests->n++] = other->list[i];
	return digests->n > own.n;
}
