/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The fields of a key's blob are strings and numbers one after the other; a
 * certificate has a nonce before those of its key, and its own after them.
 */
#include "policyd/people/ssh_key.h"

#include <string.h>

#include "policyd/crypto.h"
#include "policyd/text.h"
#include "proto/result.h"

#define METHOD	 "publickey "
#define CERT	 "-cert-v01@openssh.com"
#define ANY_CERT "-cert-" /* of whichever version */
#define SHA256	 "SHA256:"
#define BLOB_MAX (FG_SSH_AUTH_MAX / 4u * 3u) /* bytes, of base 64 */

/* How many strings each type's own part has. */
static const struct {
	const char *type;
	unsigned int fields;
} types[] = {
	{ "ssh-ed25519", 1 },
	{ "ssh-rsa", 2 },
	{ "ssh-dss", 4 },
	{ "ecdsa-sha2-nistp256", 2 },
	{ "ecdsa-sha2-nistp384", 2 },
	{ "ecdsa-sha2-nistp521", 2 },
	{ "sk-ssh-ed25519@openssh.com", 2 },
	{ "sk-ecdsa-sha2-nistp256@openssh.com", 3 },
	/* the certificates whose names are not their key's and CERT */
	{ "sk-ssh-ed25519" CERT, 2 },
	{ "sk-ecdsa-sha2-nistp256" CERT, 3 },
};

/* What is left of a blob. */
struct blob {
	const uint8_t *p;
	size_t len;
};

static bool
take_number(struct blob *b, size_t size)
{
	if (b->len < size)
		return false;
	b->p += size;
	b->len -= size;
	return true;
}

static bool
take_string(struct blob *b, struct blob *ret_s)
{
	size_t n;

	if (b->len < 4)
		return false;
	n = (size_t)b->p[0] << 24 | (size_t)b->p[1] << 16 |
	    (size_t)b->p[2] << 8 | (size_t)b->p[3];
	if (n > b->len - 4)
		return false;
	ret_s->p = b->p + 4;
	ret_s->len = n;
	b->p += 4 + n;
	b->len -= 4 + n;
	return true;
}

static bool
is_certificate(const char *type, size_t len)
{
	size_t tail = sizeof(CERT) - 1;

	return len > tail && memcmp(type + len - tail, CERT, tail) == 0;
}

/* The number of strings of the type's key, 0 for a type that is not known. */
static unsigned int
count_fields(const char *type, size_t len)
{
	size_t plain = len;

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (strlen(types[i].type) == len &&
		    memcmp(types[i].type, type, len) == 0)
			return types[i].fields;
	}
	if (!is_certificate(type, len))
		return 0;
	plain -= sizeof(CERT) - 1;
	return is_certificate(type, plain) ? 0 : count_fields(type, plain);
}

static bool
begins_with(const struct blob *s, const char *prefix)
{
	size_t len = strlen(prefix);

	return s->len >= len && memcmp(s->p, prefix, len) == 0;
}

/* 1 to max characters that are seen, which are no other kind of name. */
static bool
take_claim(const struct blob *s, size_t max, char *ret_text)
{
	if (s->len == 0 || s->len > max || begins_with(s, SHA256) ||
	    begins_with(s, SSH_PRINCIPAL_PREFIX))
		return false;
	for (size_t i = 0; i < s->len; i++)
		if (s->p[i] <= ' ' || s->p[i] > '~')
			return false;
	memcpy(ret_text, s->p, s->len);
	ret_text[s->len] = '\0';
	return true;
}

/* A list that is none names nobody. */
static void
take_principals(struct blob list, struct ssh_key *key)
{
	struct blob s;

	while (list.len > 0 && key->nprincipals < SSH_PRINCIPALS_MAX) {
		if (!take_string(&list, &s)) {
			key->nprincipals = 0;
			return;
		}
		if (take_claim(&s, SSH_PRINCIPAL_MAX,
			key->principal[key->nprincipals]))
			key->nprincipals++;
	}
}

static void
set_fingerprint(const uint8_t *data, size_t len, char text[PERSON_KEY_MAX + 1])
{
	char hash[CRYPTO_BASE64_SIZE];

	crypto_sha256_base64(data, len, hash);
	(void)text_format(text, PERSON_KEY_MAX + 1, SHA256 "%s", hash);
}

static size_t
put_string(uint8_t *out, const void *data, size_t len)
{
	out[0] = (uint8_t)(len >> 24);
	out[1] = (uint8_t)(len >> 16);
	out[2] = (uint8_t)(len >> 8);
	out[3] = (uint8_t)len;
	memcpy(out + 4, data, len);
	return 4 + len;
}

/* The key's name in a certificate's: without CERT, and sk- ones keep theirs. */
static size_t
put_plain_type(uint8_t *out, const char *type, size_t len)
{
	static const char suffix[] = "@openssh.com";
	size_t plain = len - (sizeof(CERT) - 1), n;

	n = put_string(out, type, plain);
	if (plain < 3 || memcmp(type, "sk-", 3) != 0)
		return n;
	memcpy(out + n, suffix, sizeof(suffix) - 1);
	out[3] = (uint8_t)(plain + sizeof(suffix) - 1);
	return n + sizeof(suffix) - 1;
}

/*
 * u64 serial, u32 type, key id, principals, u64 from, u64 to, options,
 * extensions, nothing yet, and the authority's key.
 */
static bool
read_claims(struct blob b, struct ssh_key *key)
{
	struct blob id, principals, s;

	if (!take_number(&b, 8) || !take_number(&b, 4) ||
	    !take_string(&b, &id) || !take_string(&b, &principals) ||
	    !take_number(&b, 8) || !take_number(&b, 8))
		return false;
	for (int i = 0; i < 4; i++) {
		if (!take_string(&b, &s))
			return false;
	}
	set_fingerprint(s.p, s.len, key->authority);
	(void)take_claim(&id, PERSON_KEY_MAX, key->id); /* else it has none */
	take_principals(principals, key);
	return true;
}

/* A nonce, the key's own fields, and what is claimed of it. */
static int
read_certificate(struct blob b, const char *type, size_t type_len,
    struct ssh_key *key)
{
	uint8_t plain[BLOB_MAX + 64];
	const uint8_t *fields;
	struct blob s;
	size_t len;

	if (!take_string(&b, &s))
		return FG_ERR_FORMAT;
	fields = b.p;
	for (unsigned int i = 0; i < count_fields(type, type_len); i++) {
		if (!take_string(&b, &s))
			return FG_ERR_FORMAT;
	}
	len = put_plain_type(plain, type, type_len);
	memcpy(plain + len, fields, (size_t)(b.p - fields));
	len += (size_t)(b.p - fields);
	if (!read_claims(b, key))
		return FG_ERR_FORMAT;
	set_fingerprint(plain, len, key->fingerprint);
	return 0;
}

/*
 * A key of a type that is not known here is told from others by all of its
 * bytes, as ssh-keygen does it. Of a certificate they say nothing of the key.
 */
static bool
is_opaque(const char *type, size_t len)
{
	return len > 0 &&
	    memmem(type, len, ANY_CERT, sizeof(ANY_CERT) - 1) == NULL;
}

static bool
take_fields(struct blob *b, unsigned int n)
{
	struct blob s;

	for (unsigned int i = 0; i < n; i++)
		if (!take_string(b, &s))
			return false;
	return b->len == 0;
}

static int
read_key(const char *type, size_t type_len, const char *text, size_t text_len,
    struct ssh_key *key)
{
	uint8_t data[BLOB_MAX];
	struct blob b = { .p = data }, s;
	unsigned int n = count_fields(type, type_len);
	size_t len;
	int r;

	if ((r = crypto_base64_decode(text, text_len, data, sizeof(data),
		 &len)) != 0)
		return FG_ERR_FORMAT;
	b.len = len;
	/* The blob names its type again, and has the last word. */
	if (!take_string(&b, &s) || s.len != type_len ||
	    memcmp(s.p, type, type_len) != 0)
		return FG_ERR_FORMAT;
	if (n > 0 && is_certificate(type, type_len))
		return read_certificate(b, type, type_len, key);
	if (n > 0 ? !take_fields(&b, n) : !is_opaque(type, type_len))
		return FG_ERR_FORMAT;
	set_fingerprint(data, len, key->fingerprint);
	return 0;
}

/* What follows METHOD in a line. */
static void
add_key(const char *line, size_t len, struct ssh_keys *keys)
{
	struct ssh_key *key = &keys->list[keys->n];
	size_t type = 0, text;

	if (keys->n == SSH_KEYS_MAX) {
		keys->more++;
		return;
	}
	while (type < len && line[type] != ' ')
		type++;
	text = type < len ? type + 1 : len;
	if (read_key(line, type, line + text, len - text, key) == 0) {
		keys->n++;
	} else {
		memset(key, 0, sizeof(*key));
		keys->more++;
	}
}

int
ssh_keys_of(const char *info, struct ssh_keys *ret_keys)
{
	const size_t method = sizeof(METHOD) - 1;
	size_t line;

	memset(ret_keys, 0, sizeof(*ret_keys));
	for (; *info != '\0'; info += line + (info[line] == '\n')) {
		line = strcspn(info, "\n");
		if (strncmp(info, METHOD, method) == 0)
			add_key(info + method, line - method, ret_keys);
	}
	if (ret_keys->more > 0)
		return FG_ERR_FORMAT;
	return ret_keys->n > 0 ? 0 : FG_ERR_NOT_FOUND;
}
