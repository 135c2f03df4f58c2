/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The key of the seeds: its file is made once, never replaced, and nobody
 * else's; and a seed is in clear only while it is used.
 */
#include "policyd/stepup/keyring.h"
#include "policyd/crypto.h"
#include "tests/unit/storing.h"

#define KEY_SIZE 32

static char why[KEYRING_WHY_SIZE];

static struct keyring *
open_keyring(void)
{
	struct keyring *keyring;

	assert_int_equal(keyring_open(folder, false, &keyring, why), 0);
	assert_non_null(keyring);
	assert_string_equal(why, "");
	return keyring;
}

static void
read_key(uint8_t key[KEY_SIZE])
{
	int fd = open(in_folder(KEYRING_FILE), O_RDONLY);

	assert_int_equal(read(fd, key, KEY_SIZE), KEY_SIZE);
	assert_int_equal(close(fd), 0);
}

/* It is refused in these words, and the file stays as it was. */
static void
assert_refused(bool enrolled, int want, const char *words)
{
	struct keyring *keyring;

	assert_int_equal(keyring_open(folder, enrolled, &keyring, why), want);
	assert_null(keyring);
	if (strstr(why, words) == NULL)
		fail_msg("%s", why);
	assert_ptr_equal(strstr(why, in_folder(KEYRING_FILE)), why);
}

/* ---- the file ----------------------------------------------------------- */

static void
it_is_made_once_for_the_daemon_alone(void **state)
{
	uint8_t first[KEY_SIZE], second[KEY_SIZE];
	struct stat st;

	(void)state;
	(void)umask(0);
	keyring_free(open_keyring());
	assert_int_equal(stat(in_folder(KEYRING_FILE), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(st.st_uid, geteuid());
	read_key(first);
	keyring_free(open_keyring());
	read_key(second);
	assert_memory_equal(first, second, KEY_SIZE);
	assert_int_equal(access(in_folder(KEYRING_FILE ".new"), F_OK), -1);
}

static void
each_machine_has_its_own(void **state)
{
	uint8_t first[KEY_SIZE], second[KEY_SIZE];

	(void)state;
	keyring_free(open_keyring());
	read_key(first);
	assert_int_equal(unlink(in_folder(KEYRING_FILE)), 0);
	keyring_free(open_keyring());
	read_key(second);
	assert_memory_not_equal(first, second, KEY_SIZE);
}

/* A new one would open nobody's seed, and hide that the old one is gone. */
static void
none_is_made_when_somebody_is_enrolled(void **state)
{
	(void)state;
	assert_refused(true, FG_ERR_NOT_FOUND, "put it back from a backup");
	assert_int_equal(access(in_folder(KEYRING_FILE), F_OK), -1);
}

/* CFG-10 */
static void
one_that_others_could_read_or_write_is_refused(void **state)
{
	static const mode_t modes[] = { 0644, 0640, 0604, 0660, 0602, 0700,
		04600 };

	(void)state;
	keyring_free(open_keyring());
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		assert_int_equal(chmod(in_folder(KEYRING_FILE), modes[i]), 0);
		assert_refused(i % 2 == 0, FG_ERR_UNSAFE, "chmod 0600 it");
	}
	assert_int_equal(chmod(in_folder(KEYRING_FILE), 0600), 0);
	keyring_free(open_keyring());
}

/* CFG-10 */
static void
one_of_somebody_else_is_refused(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	keyring_free(open_keyring());
	assert_int_equal(chown(in_folder(KEYRING_FILE), 4711, 4711), 0);
	assert_refused(false, FG_ERR_UNSAFE, "belongs to somebody else; chown");
}

static void
one_of_another_length_is_refused(void **state)
{
	(void)state;
	keyring_free(open_keyring());
	assert_int_equal(truncate(in_folder(KEYRING_FILE), 31), 0);
	assert_refused(false, FG_ERR_FORMAT, "has not 32 bytes");
	assert_int_equal(truncate(in_folder(KEYRING_FILE), 33), 0);
	assert_refused(true, FG_ERR_FORMAT, "has not 32 bytes");
}

static void
what_is_no_file_is_refused(void **state)
{
	(void)state;
	assert_int_equal(symlink("/dev/zero", in_folder(KEYRING_FILE)), 0);
	assert_refused(false, FG_ERR_UNSAFE, "is a symbolic link");
	assert_int_equal(unlink(in_folder(KEYRING_FILE)), 0);
	assert_int_equal(mkdir(in_folder(KEYRING_FILE), 0700), 0);
	assert_refused(false, FG_ERR_UNSAFE, "is no file");
	assert_int_equal(rmdir(in_folder(KEYRING_FILE)), 0);
	assert_int_equal(mkfifo(in_folder(KEYRING_FILE), 0600), 0);
	assert_refused(false, FG_ERR_UNSAFE, "is no file");
}

/* What a crash has left is none yet. */
static void
half_of_one_is_written_anew(void **state)
{
	int fd = open(in_folder(KEYRING_FILE ".new"), O_WRONLY | O_CREAT, 0644);

	(void)state;
	assert_int_equal(write(fd, "half", 4), 4);
	assert_int_equal(close(fd), 0);
	keyring_free(open_keyring());
	assert_int_equal(access(in_folder(KEYRING_FILE ".new"), F_OK), -1);
}

/* ---- seeds -------------------------------------------------------------- */

static void
a_seed_is_opened_as_it_was_sealed(void **state)
{
	static const size_t lens[] = { 20, 32, 64 };
	struct keyring *keyring = open_keyring();
	char sealed[KEYRING_SEALED_SIZE], again[KEYRING_SEALED_SIZE];
	uint8_t copy[TOTP_SEED_MAX];
	const uint8_t *seed;
	size_t len;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		memcpy(copy, keyring_new_seed(keyring, lens[i]), lens[i]);
		keyring_seal(keyring, sealed);
		keyring_seal(keyring, again);
		assert_string_not_equal(sealed, again); /* their nonces */
		keyring_wipe(keyring);
		keyring_free(keyring);
		keyring = open_keyring(); /* as the next start does */
		assert_int_equal(keyring_unseal(keyring, sealed, &seed, &len),
		    0);
		assert_int_equal(len, lens[i]);
		assert_memory_equal(seed, copy, len);
	}
	keyring_free(keyring);
}

static void
what_was_changed_or_is_of_another_key_does_not_open(void **state)
{
	struct keyring *keyring = open_keyring();
	char sealed[KEYRING_SEALED_SIZE], changed[KEYRING_SEALED_SIZE];
	const uint8_t *seed;
	size_t len;

	(void)state;
	(void)keyring_new_seed(keyring, 20);
	keyring_seal(keyring, sealed);
	for (size_t i = 0; i < strlen(sealed); i++) {
		memcpy(changed, sealed, sizeof(changed));
		changed[i] = changed[i] == 'A' ? 'B' : 'A';
		assert_int_equal(keyring_unseal(keyring, changed, &seed, &len),
		    FG_ERR_FORMAT);
		assert_null(seed);
	}
	assert_int_equal(keyring_unseal(keyring, "", &seed, &len),
	    FG_ERR_FORMAT);
	assert_int_equal(keyring_unseal(keyring, "AAAA", &seed, &len),
	    FG_ERR_FORMAT);
	keyring_free(keyring);
	assert_int_equal(unlink(in_folder(KEYRING_FILE)), 0);
	keyring = open_keyring();
	assert_int_equal(keyring_unseal(keyring, sealed, &seed, &len),
	    FG_ERR_FORMAT);
	keyring_free(keyring);
}

static void
a_seed_is_gone_when_it_was_used(void **state)
{
	static const uint8_t zeros[TOTP_SEED_MAX];
	struct keyring *keyring = open_keyring();
	const uint8_t *seed = keyring_new_seed(keyring, 64);

	(void)state;
	assert_memory_not_equal(seed, zeros, sizeof(zeros));
	keyring_wipe(keyring);
	assert_memory_equal(seed, zeros, sizeof(zeros));
	seed = keyring_new_seed(keyring, 64);
	keyring_free(keyring);
	assert_memory_equal(seed, zeros, sizeof(zeros));
}

/* Workers read other people's bytes. */
static void
look_for_it(void *arg)
{
	const uint8_t *seed = arg;

	for (size_t i = 0; i < TOTP_SEED_MAX; i++)
		CHECK(seed[i] == 0);
}

static void
a_forked_child_has_neither_key_nor_seed(void **state)
{
	struct keyring *keyring = open_keyring();
	union {
		const uint8_t *seed;
		void *arg;
	} u = { .seed = keyring_new_seed(keyring, 64) };

	(void)state;
	child_passes(look_for_it, u.arg);
	keyring_free(keyring);
}

/* The page's line in smaps has "dd": it is in no core dump; "wf": see above. */
static void
its_memory_is_in_no_core_dump(void **state)
{
	struct keyring *keyring = open_keyring();
	uintptr_t at = (uintptr_t)keyring, from, to;
	FILE *smaps = fopen("/proc/self/smaps", "r");
	bool here = false, seen = false;
	char line[512];

	(void)state;
	assert_non_null(smaps);
	while (fgets(line, sizeof(line), smaps) != NULL) {
		if (sscanf(line, "%lx-%lx ", &from, &to) == 2)
			here = at >= from && at < to;
		if (here && strncmp(line, "VmFlags:", 8) == 0) {
			seen = true;
			assert_non_null(strstr(line, " dd"));
			assert_non_null(strstr(line, " wf"));
		}
	}
	assert_true(seen);
	(void)fclose(smaps);
	keyring_free(keyring);
}

static int
setup(void **state)
{
	(void)state;
	return crypto_init();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(it_is_made_once_for_the_daemon_alone),
		STORE_TEST(each_machine_has_its_own),
		STORE_TEST(none_is_made_when_somebody_is_enrolled),
		STORE_TEST(one_that_others_could_read_or_write_is_refused),
		STORE_TEST(one_of_somebody_else_is_refused),
		STORE_TEST(one_of_another_length_is_refused),
		STORE_TEST(what_is_no_file_is_refused),
		STORE_TEST(half_of_one_is_written_anew),
		STORE_TEST(a_seed_is_opened_as_it_was_sealed),
		STORE_TEST(what_was_changed_or_is_of_another_key_does_not_open),
		STORE_TEST(a_seed_is_gone_when_it_was_used),
		STORE_TEST(a_forked_child_has_neither_key_nor_seed),
		STORE_TEST(its_memory_is_in_no_core_dump),
	};

	return cmocka_run_group_tests_name("the key of the seeds", tests, setup,
	    NULL);
}
