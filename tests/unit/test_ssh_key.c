/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Keys and certificates of every type, and what sshd may say of them.
 */
#include "policyd/people/ssh_key.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policyd/crypto.h"
#include "proto/result.h"
#include "tests/unit/ssh_key_fixture.h"

/* Of the key that signed them all. */
#define AUTHORITY "SHA256:mm39QnzfrYYlt6huvjvLm4KBHof68GSroIXgyB/U6Ac"

#define N_KEYS (sizeof(keys) / sizeof(keys[0]))

static void
assert_refused(const char *info, int want)
{
	static const struct ssh_key none;
	struct ssh_keys keys_of;

	memset(&keys_of, 'x', sizeof(keys_of));
	assert_int_equal(ssh_keys_of(info, &keys_of), want);
	assert_int_equal(keys_of.n, 0);
	assert_int_equal(keys_of.more, want == FG_ERR_FORMAT);
	assert_memory_equal(&keys_of.list[0], &none, sizeof(none));
}

/* The one key of info. */
static void
read_one(const char *info, struct ssh_key *ret_key)
{
	struct ssh_keys one;

	assert_int_equal(ssh_keys_of(info, &one), 0);
	assert_int_equal(one.n, 1);
	assert_int_equal(one.more, 0);
	*ret_key = one.list[0];
}

static void
each_type_has_the_fingerprint_that_ssh_keygen_prints(void **state)
{
	char info[FG_SSH_AUTH_MAX + 64];
	struct ssh_key key;

	(void)state;
	for (size_t i = 0; i < N_KEYS; i++) {
		read_one(keys[i].info, &key);
		assert_string_equal(key.fingerprint, keys[i].fingerprint);
		assert_string_equal(key.id, keys[i].id);
		assert_string_equal(key.authority,
		    keys[i].id[0] != '\0' ? AUTHORITY : "");
		/* As sshd writes it, behind another method. */
		(void)snprintf(info, sizeof(info), "password\n%s\n",
		    keys[i].info);
		read_one(info, &key);
		assert_string_equal(key.fingerprint, keys[i].fingerprint);
	}
}

/* Its key id is "SHA256:abc...", which somebody's plain key could have. */
static const char posing[] =
    "publickey ssh-ed25519-cert-v01@openssh.com "
    "AAAAIHNzaC1lZDI1NTE5LWNlcnQtdjAxQG9wZW5zc2guY29tAAAAIJ2mwEYS"
    "OazhQYOUjkNZI/vFNHyfP9TAFh1e0i0mP4sXAAAAIP8z57BlLrqIx1l9cGfP"
    "DOdVGMZXmS5VNTl29qUfvomxAAAAAAAAAAAAAAABAAAAMlNIQTI1NjphYmNk"
    "ZWZnaGlqa2xtbm9wcXJzdHV2d3h5emFiY2RlZmdoaWprbG1ub3BxAAAACQAA"
    "AAVhbGljZQAAAAAAAAAA//////////8AAAAAAAAAggAAABVwZXJtaXQtWDEx"
    "LWZvcndhcmRpbmcAAAAAAAAAF3Blcm1pdC1hZ2VudC1mb3J3YXJkaW5nAAAA"
    "AAAAABZwZXJtaXQtcG9ydC1mb3J3YXJkaW5nAAAAAAAAAApwZXJtaXQtcHR5"
    "AAAAAAAAAA5wZXJtaXQtdXNlci1yYwAAAAAAAAAAAAAAMwAAAAtzc2gtZWQy"
    "NTUxOQAAACBRD8ELXU/RGYIo8K1+vjppFTa7fqDIP5cOy7TMhDcGpQAAAFMA"
    "AAALc3NoLWVkMjU1MTkAAABA7YpPAFjOpKVjCK+y4I1ZsqzmDPTuyWKnVBis"
    "Q4Hg1WuGrOPbelyYGiKDCVMWRE4kTF7+yB1m63ptyOEWYihmCA==";

static void
a_name_that_poses_as_a_fingerprint_is_none(void **state)
{
	struct ssh_key key;

	(void)state;
	read_one(posing, &key);
	assert_string_equal(key.id, "");
	assert_string_equal(key.authority, AUTHORITY);
}

static void
assert_is(const struct ssh_key *key, size_t i)
{
	assert_string_equal(key->fingerprint, keys[i].fingerprint);
	assert_string_equal(key->id, keys[i].id);
	assert_string_equal(key->authority,
	    keys[i].id[0] != '\0' ? AUTHORITY : "");
}

static void
of_several_keys_each_is_named(void **state)
{
	char info[2 * FG_SSH_AUTH_MAX];
	struct ssh_keys two;

	(void)state;
	(void)snprintf(info, sizeof(info), "%s\n%s\n", keys[1].info,
	    keys[4].info);
	assert_int_equal(ssh_keys_of(info, &two), 0);
	assert_int_equal(two.n, 2);
	assert_int_equal(two.more, 0);
	assert_is(&two.list[0], 1);
	assert_is(&two.list[1], 4);
	/* with another method between, and no newline at the end */
	(void)snprintf(info, sizeof(info), "%s\nkeyboard-interactive/pam\n%s",
	    keys[4].info, keys[1].info);
	assert_int_equal(ssh_keys_of(info, &two), 0);
	assert_int_equal(two.n, 2);
	assert_is(&two.list[0], 4);
	assert_is(&two.list[1], 1);
}

static void
of_too_many_the_first_are_named_and_the_rest_counted(void **state)
{
	char info[2 * FG_SSH_AUTH_MAX] = "";
	struct ssh_keys all;

	(void)state;
	for (size_t i = 0; i < SSH_KEYS_MAX; i++) {
		(void)strcat(info, keys[i].info);
		(void)strcat(info, "\n");
	}
	assert_int_equal(ssh_keys_of(info, &all), 0);
	assert_int_equal(all.n, SSH_KEYS_MAX);
	assert_int_equal(all.more, 0);
	for (size_t i = 0; i < 2; i++)
		(void)strcat(info, "publickey ssh-ed25519 AAAA\n");
	assert_int_equal(ssh_keys_of(info, &all), FG_ERR_FORMAT);
	assert_int_equal(all.n, SSH_KEYS_MAX);
	assert_int_equal(all.more, 2);
	for (size_t i = 0; i < SSH_KEYS_MAX; i++)
		assert_is(&all.list[i], i);
}

static void
one_that_cannot_be_read_is_counted_and_hides_no_other(void **state)
{
	static const char bad[] = "publickey ssh-ed25519 AAAA";
	char info[2 * FG_SSH_AUTH_MAX];
	struct ssh_keys two;

	(void)state;
	(void)snprintf(info, sizeof(info), "%s\n%s\n", bad, keys[0].info);
	assert_int_equal(ssh_keys_of(info, &two), FG_ERR_FORMAT);
	assert_int_equal(two.n, 1);
	assert_int_equal(two.more, 1);
	assert_is(&two.list[0], 0);
	(void)snprintf(info, sizeof(info), "%s\n%s\n", keys[1].info, bad);
	assert_int_equal(ssh_keys_of(info, &two), FG_ERR_FORMAT);
	assert_int_equal(two.n, 1);
	assert_int_equal(two.more, 1);
	assert_is(&two.list[0], 1);
}

static void
without_a_key_there_is_none(void **state)
{
	(void)state;
	assert_refused("", FG_ERR_NOT_FOUND);
	assert_refused("password\n", FG_ERR_NOT_FOUND);
	assert_refused("keyboard-interactive/pam\n", FG_ERR_NOT_FOUND);
	assert_refused("hostbased publickey ssh-rsa AAAA\n", FG_ERR_NOT_FOUND);
	assert_refused(" publickey ssh-rsa AAAA", FG_ERR_NOT_FOUND);
}

static void
a_key_that_is_none_is_refused(void **state)
{
	static const char *const bad[] = { "publickey ", "publickey \n",
		"publickey ssh-ed25519", "publickey ssh-ed25519 \n",
		"publickey ssh-ed25519 AAAA", "publickey ssh-ed25519 !!!!",
		"publickey nonsense AAAA",
		"publickey -cert-v01@openssh.com AAAA",
		"publickey ssh-ed25519-cert-v01@openssh.com"
		"-cert-v01@openssh.com AAAA",
		/* a length beyond the blob's end */
		"publickey ssh-ed25519 /////w==",
		"publickey ssh-ed25519 AAAAC3NzaC1lZDI1NTE5/////w==",
		/* another type inside than outside */
		"publickey ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAAA==" };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_refused(bad[i], FG_ERR_FORMAT);
}

/* SHA-256 of all of the blob; openssl and base64 say the same. */
#define LATER                                         \
	"publickey ssh-mldsa44@openssh.com "          \
	"AAAAF3NzaC1tbGRzYTQ0QG9wZW5zc2guY29tAAAACAE" \
	"CAwQFBgcI"
#define LATER_PRINT "SHA256:lqOMBsLf3c2Zmgzhp53I1xiyDRVQlqgwCGrIJstXMo0"

static void
a_key_of_a_later_type_is_known_by_its_bytes(void **state)
{
	struct ssh_key key, other;
	struct ssh_keys two;

	(void)state;
	read_one(LATER "\n", &key);
	assert_string_equal(key.fingerprint, LATER_PRINT);
	assert_string_equal(key.id, "");
	assert_string_equal(key.authority, "");
	assert_int_equal(key.nprincipals, 0);
	/* what is in it is not looked at, and any byte makes another key */
	read_one("publickey ssh-new AAAAB3NzaC1uZXc=", &key);
	assert_string_equal(key.fingerprint,
	    "SHA256:Em5au2D262AqCpSF2mktRbWqbBxAli4x5IrFn18jLnI");
	read_one("publickey ssh-new AAAAB3NzaC1uZXcA", &other);
	assert_string_not_equal(key.fingerprint, other.fingerprint);
	assert_int_equal(ssh_keys_of(LATER "\n" LATER "\n", &two), 0);
	assert_int_equal(two.n, 2);
	assert_string_equal(two.list[1].fingerprint, LATER_PRINT);
}

static void
what_is_no_key_of_a_later_type_is_refused(void **state)
{
	static const char *const bad[] = {
		/* a certificate holds a key, which is somewhere in it */
		"publickey ssh-mldsa44-cert-v01@openssh.com "
		"AAAAIHNzaC1tbGRzYTQ0LWNlcnQtdjAxQG9wZW5zc2guY29tAAAAAA==",
		"publickey ssh-ed25519-cert-v02@openssh.com "
		"AAAAIHNzaC1lZDI1NTE5LWNlcnQtdjAyQG9wZW5zc2guY29tAAAAAA==",
		/* no type, another one, and one that is cut */
		"publickey  AAAAAAAAAAA=", "publickey ssh-new AAAAAAAAAAA=",
		"publickey ssh-old AAAAB3NzaC1uZXc=",
		"publickey ssh-new AAAACHNzaC1uZXc=", "publickey ssh-new AAAA",
		"publickey ssh-new", "publickey ssh-new !!!!"
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_refused(bad[i], FG_ERR_FORMAT);
}

/* Cut anywhere, or with any byte changed: an error or a key, never a crash. */
static void
damaged_ones_are_refused_or_read(void **state)
{
	struct ssh_keys one;
	char *info;
	size_t len;
	int r;

	(void)state;
	for (size_t i = 0; i < N_KEYS; i++) {
		len = strlen(keys[i].info);
		for (size_t n = 0; n < len; n++) {
			assert_non_null(info = strndup(keys[i].info, n));
			r = ssh_keys_of(info, &one);
			/* the signature behind the authority has no say */
			assert_true(r != 0 || keys[i].id[0] != '\0');
			free(info);
			assert_non_null(info = strdup(keys[i].info));
			info[n] = (char)(info[n] + 1);
			r = ssh_keys_of(info, &one);
			assert_true(r == 0 || r == FG_ERR_FORMAT ||
			    r == FG_ERR_NOT_FOUND);
			free(info);
		}
	}
}

static int
start(void **state)
{
	(void)state;
	return crypto_init();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    each_type_has_the_fingerprint_that_ssh_keygen_prints),
		cmocka_unit_test(a_name_that_poses_as_a_fingerprint_is_none),
		cmocka_unit_test(of_several_keys_each_is_named),
		cmocka_unit_test(
		    of_too_many_the_first_are_named_and_the_rest_counted),
		cmocka_unit_test(
		    one_that_cannot_be_read_is_counted_and_hides_no_other),
		cmocka_unit_test(without_a_key_there_is_none),
		cmocka_unit_test(a_key_that_is_none_is_refused),
		cmocka_unit_test(a_key_of_a_later_type_is_known_by_its_bytes),
		cmocka_unit_test(what_is_no_key_of_a_later_type_is_refused),
		cmocka_unit_test(damaged_ones_are_refused_or_read),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
