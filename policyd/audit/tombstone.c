/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A tombstone's members, both ways, and the one text that is signed of them.
 */
#include "policyd/audit/tombstone.h"

#include <assert.h>
#include <string.h>

#include "policyd/text.h"
#include "proto/result.h"

#define FORM	  "farmgate-expired-v1"
#define TEXT_SIZE 1024u
#define SIG_LEN	  88u /* in base 64 */

/* The name stands last, as it may have blanks. Returns how many bytes. */
static size_t
signed_text(const struct tombstone *t, char ret_text[TEXT_SIZE])
{
	char key[KEY_TEXT_SIZE];
	int r;

	key_text(KEY_AUDIT, t->key, key);
	memcpy(ret_text, FORM, sizeof(FORM));
	r = text_format(ret_text + sizeof(FORM), TEXT_SIZE - sizeof(FORM),
	    "begin=%llu first=%llu last=%llu hash=%s records=%llu oldest=%lld "
	    "newest=%lld at=%lld key=%s file=%s",
	    (unsigned long long)t->begin, (unsigned long long)t->first,
	    (unsigned long long)t->last, t->hash,
	    (unsigned long long)t->records, (long long)t->oldest_s,
	    (long long)t->newest_s, (long long)t->at_s, key, t->file);
	assert(r == 0); /* every field is bounded */
	return sizeof(FORM) + strlen(ret_text + sizeof(FORM));
}

void
tombstone_set(struct json *record, const struct tombstone *t,
    const uint8_t secret[CRYPTO_KEY_SIZE])
{
	char text[TEXT_SIZE], key[KEY_TEXT_SIZE], sig[SIG_LEN + 1];
	uint8_t signature[CRYPTO_SIGNATURE_SIZE];

	key_text(KEY_AUDIT, t->key, key);
	crypto_make_signature(text, signed_text(t, text), secret, signature);
	crypto_base64_encode(signature, sizeof(signature), sig, sizeof(sig));
	json_set_string(record, "file", t->file);
	json_set_int(record, "begin", (int64_t)t->begin);
	json_set_int(record, "first", (int64_t)t->first);
	json_set_int(record, "last", (int64_t)t->last);
	json_set_string(record, "last_hash", t->hash);
	json_set_int(record, "records", (int64_t)t->records);
	json_set_int(record, "oldest", t->oldest_s);
	json_set_int(record, "newest", t->newest_s);
	json_set_int(record, "at", t->at_s);
	json_set_string(record, "key", key);
	json_set_string(record, "sig", sig);
}

/* ---- for readers: from here on the members are anybody's --------------- */

static int
read_texts(const struct json *record, struct tombstone *t)
{
	const char *file = json_get_string(record, "file", "");
	const char *hash = json_get_string(record, "last_hash", "");

	if (file[0] == '\0' || text_copy(t->file, sizeof(t->file), file) != 0 ||
	    strspn(hash, "0123456789abcdef") != CRYPTO_HEX_SIZE - 1 ||
	    text_copy(t->hash, sizeof(t->hash), hash) != 0)
		return FG_ERR_FORMAT;
	return key_parse(KEY_AUDIT, json_get_string(record, "key", ""), t->key);
}

/* From 1 on; 0 is none. */
static uint64_t
read_number(const struct json *record, const char *name)
{
	int64_t n = json_get_int(record, name, 0);

	return n < 1 ? 0 : (uint64_t)n;
}

static int
read_members(const struct json *record, struct tombstone *t)
{
	t->begin = read_number(record, "begin");
	t->first = read_number(record, "first");
	t->last = read_number(record, "last");
	t->records = read_number(record, "records");
	t->oldest_s = json_get_int(record, "oldest", INT64_MIN);
	t->newest_s = json_get_int(record, "newest", INT64_MIN);
	t->at_s = json_get_int(record, "at", INT64_MIN);
	if (t->begin == 0 || t->first < t->begin || t->last < t->first ||
	    t->records != t->last - t->first + 1 || t->oldest_s == INT64_MIN ||
	    t->newest_s < t->oldest_s || t->at_s == INT64_MIN)
		return FG_ERR_FORMAT;
	return read_texts(record, t);
}

static int
check(const struct json *record, const struct tombstone *t)
{
	const char *sig = json_get_string(record, "sig", "");
	uint8_t signature[CRYPTO_SIGNATURE_SIZE];
	char text[TEXT_SIZE];
	size_t len;

	if (strlen(sig) != SIG_LEN ||
	    crypto_base64_decode(sig, SIG_LEN, signature, sizeof(signature),
		&len) != 0 ||
	    len != sizeof(signature))
		return FG_ERR_UNSAFE;
	return crypto_check_signature(text, signed_text(t, text), t->key,
		   signature) ?
	    0 :
	    FG_ERR_UNSAFE;
}

int
tombstone_read(const struct json *record, struct tombstone *ret_t)
{
	int r;

	memset(ret_t, 0, sizeof(*ret_t));
	if ((r = read_members(record, ret_t)) == 0)
		r = check(record, ret_t);
	if (r != 0)
		memset(ret_t, 0, sizeof(*ret_t));
	return r;
}
