/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any text as what sshd says of the keys of a login (SSH_AUTH_INFO_0), and any
 * bytes as a key or a certificate in it: input that begins with a NUL is such
 * bytes. What is named of a key is of the form of names, bounded and ended, and
 * the same each time.
 *
 * With clang -fsanitize=fuzzer this is a libFuzzer target. With
 * -DFUZZ_STANDALONE it is a program of its own:
 *	fuzz_ssh_key -s DIR	write seeds into DIR
 *	fuzz_ssh_key -n COUNT	mutate the seeds COUNT times, always the same
 *	fuzz_ssh_key FILE ...	replay files
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/crypto.h"
#include "policyd/people/ssh_key.h"
#include "proto/result.h"

#define FUZZ_MAX 8192u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ended within its size, and printable ASCII without blanks. */
static bool
is_name(const char *text, size_t size)
{
	size_t i, len = strnlen(text, size);

	for (i = 0; i < len; i++)
		if (text[i] < '!' || text[i] > '~')
			return false;
	return len < size;
}

static bool
is_fingerprint(const char *text, size_t size)
{
	return is_name(text, size) && strlen(text) == 50 &&
	    memcmp(text, "SHA256:", 7) == 0;
}

static void
check_key(const struct ssh_key *key)
{
	if (!is_fingerprint(key->fingerprint, sizeof(key->fingerprint)) ||
	    strnlen(key->id, sizeof(key->id)) == sizeof(key->id) ||
	    (key->authority[0] != '\0' &&
		!is_fingerprint(key->authority, sizeof(key->authority))) ||
	    (key->authority[0] == '\0' &&
		(key->id[0] != '\0' || key->nprincipals > 0)) ||
	    key->nprincipals > SSH_PRINCIPALS_MAX)
		abort();
	for (size_t i = 0; i < key->nprincipals; i++)
		if (key->principal[i][0] == '\0' ||
		    strnlen(key->principal[i], sizeof(key->principal[i])) ==
			sizeof(key->principal[i]))
			abort();
}

static void
check_info(const char *info)
{
	static struct ssh_keys keys, again;
	int r = ssh_keys_of(info, &keys);

	if (r != 0 && r != FG_ERR_NOT_FOUND && r != FG_ERR_FORMAT)
		abort();
	if (keys.n > SSH_KEYS_MAX || (r == FG_ERR_FORMAT) != (keys.more > 0) ||
	    (r == FG_ERR_NOT_FOUND && keys.n > 0) || (r == 0 && keys.n == 0))
		abort();
	for (size_t i = 0; i < keys.n; i++)
		check_key(&keys.list[i]);
	if (ssh_keys_of(info, &again) != r ||
	    memcmp(&again, &keys, sizeof(keys)) != 0)
		abort();
}

/* The line of a key whose bytes these are: it begins with its type. */
static void
check_blob(const uint8_t *blob, size_t size)
{
	static char info[2 * FUZZ_MAX + 64];
	size_t type = 0;
	int n;

	if (size >= 4 && blob[0] == 0 && blob[1] == 0 && blob[2] == 0)
		type = blob[3];
	if (type > size - (size < 4 ? size : 4))
		type = 0;
	n = snprintf(info, sizeof(info), "publickey %.*s ", (int)type,
	    (const char *)blob + (size < 4 ? 0 : 4));
	if (n < 0 || (size_t)n >= sizeof(info))
		return;
	crypto_base64_encode(blob, size, info + n, sizeof(info) - (size_t)n);
	check_info(info);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char info[FUZZ_MAX + 1];

	if (size > FUZZ_MAX)
		return 0;
	if (size > 0 && data[0] == 0) {
		check_blob(data + 1, size - 1);
		return 0;
	}
	memcpy(info, data, size);
	info[size] = '\0';
	check_info(info);
	return 0;
}

#ifdef FUZZ_STANDALONE

#define FUZZ_NAME "fuzz_ssh_key"
#include "tests/fuzz/standalone.h"
#include "tests/unit/ssh_key_fixture.h"

#define SEEDS (sizeof(keys) / sizeof(keys[0]))

static const char *
text_of(size_t i)
{
	return keys[i].info;
}

static int
write_seeds(const char *dir)
{
	int r = 0;

	for (size_t i = 0; i < SEEDS && r == 0; i++)
		r = write_seed(dir, "key", i, text_of(i), strlen(text_of(i)));
	return r;
}

/* Its bytes behind a NUL, with up to five changes. */
static size_t
mutate_blob(uint8_t *buf)
{
	const char *text = strrchr(text_of(next_random() % SEEDS), ' ') + 1;
	size_t len, at;

	buf[0] = 0;
	if (crypto_base64_decode(text, strlen(text), buf + 1, FUZZ_MAX - 64,
		&len) != 0)
		abort();
	for (uint32_t n = next_random() % 6; n > 0 && len > 1; n--) {
		at = 1 + next_random() % len;
		switch (next_random() % 4) {
		case 0:
			buf[at] = (uint8_t)next_random();
			break;
		case 1:
			buf[at] ^= (uint8_t)(1u << next_random() % 8);
			break;
		case 2:
			memmove(buf + at, buf + at + 1, len - at);
			len--;
			break;
		default:
			memmove(buf + at + 1, buf + at, len - at + 1);
			len++;
			break;
		}
	}
	return len + 1;
}

static size_t
mutate(uint8_t *buf)
{
	static const char *const pieces[] = { "\n", " ", "publickey ",
		"\npassword\n", "=", "==", "ssh-ed25519 ",
		"ssh-ed25519-cert-v01@openssh.com ", "\npublickey ", "AAAA" };
	static const char *texts[SEEDS];

	if (next_random() % 2 == 0)
		return mutate_blob(buf);
	for (size_t i = 0; i < SEEDS; i++)
		texts[i] = text_of(i);
	return mutate_text(buf, texts, SEEDS, pieces,
	    sizeof(pieces) / sizeof(pieces[0]));
}

int
main(int argc, char **argv)
{
	if (crypto_init() != 0)
		return 99;
	return standalone(argc, argv);
}

#endif
