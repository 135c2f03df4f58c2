/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A jump host's key: made when it is asked for and not before, never replaced,
 * and nobody else's.
 */
#include "policyd/witness/host_key.h"

#include <sys/random.h>
#include <sys/syscall.h>

#include "tests/unit/storing.h"

#define FRESH HOST_KEY_FILE ".new"

static char why[HOST_KEY_WHY_SIZE];
static bool without_randomness;

/* In place of the C library's. */
ssize_t
getrandom(void *buf, size_t len, unsigned int flags)
{
	if (without_randomness) {
		errno = ENOSYS;
		return -1;
	}
	return syscall(SYS_getrandom, buf, len, flags);
}

static struct key_file *
open_key(void)
{
	struct key_file *key;

	assert_int_equal(host_key_open(folder, &key, why), 0);
	assert_non_null(key);
	assert_string_equal(why, "");
	return key;
}

static void
make_key(uint8_t ret_public[CRYPTO_KEY_SIZE])
{
	struct key_file *key = open_key();

	assert_int_equal(key_file_make(key, folder, why), 0);
	assert_string_equal(why, "");
	memcpy(ret_public, key_file_public(key), CRYPTO_KEY_SIZE);
	key_file_free(key);
}

static void
assert_refused(int want, const char *words)
{
	struct key_file *key;

	assert_int_equal(host_key_open(folder, &key, why), want);
	assert_null(key);
	if (strstr(why, words) == NULL)
		fail_msg("%s", why);
	assert_ptr_equal(strstr(why, in_folder(HOST_KEY_FILE)), why);
}

static void
put(const char *text)
{
	int fd =
	    open(in_folder(HOST_KEY_FILE), O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(close(fd), 0);
}

static void
there_is_none_until_it_is_asked_for(void **state)
{
	struct key_file *key = open_key();

	(void)state;
	assert_null(key_file_secret(key));
	assert_null(key_file_public(key));
	assert_null(key_file_secret(NULL));
	assert_null(key_file_public(NULL));
	assert_int_equal(access(in_folder(HOST_KEY_FILE), F_OK), -1);
	key_file_free(key);
}

static void
it_is_made_once_for_the_daemon_alone(void **state)
{
	uint8_t first[CRYPTO_KEY_SIZE], second[CRYPTO_KEY_SIZE];
	uint8_t public[CRYPTO_KEY_SIZE];
	struct key_file *key;
	struct stat st;

	(void)state;
	(void)umask(0);
	make_key(first);
	assert_int_equal(stat(in_folder(HOST_KEY_FILE), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(st.st_uid, geteuid());
	assert_int_equal(access(in_folder(FRESH), F_OK), -1);
	make_key(second);
	assert_memory_equal(first, second, CRYPTO_KEY_SIZE);
	key = open_key();
	key_public(KEY_HOST, key_file_secret(key), public);
	assert_memory_equal(first, public, CRYPTO_KEY_SIZE);
	key_file_free(key);
}

static void
each_host_has_its_own(void **state)
{
	uint8_t first[CRYPTO_KEY_SIZE], second[CRYPTO_KEY_SIZE];

	(void)state;
	make_key(first);
	assert_int_equal(unlink(in_folder(HOST_KEY_FILE)), 0);
	make_key(second);
	assert_memory_not_equal(first, second, CRYPTO_KEY_SIZE);
}

/* Two daemons' clients at once: the file that is there is the key. */
static void
one_that_came_meanwhile_is_not_replaced(void **state)
{
	struct key_file *late = open_key();
	uint8_t public[CRYPTO_KEY_SIZE];
	struct key_file *key;

	(void)state;
	make_key(public);
	assert_int_equal(key_file_make(late, folder, why), FG_ERR_SYSTEM);
	assert_non_null(strstr(why, HOST_KEY_FILE));
	assert_null(key_file_secret(late));
	key_file_free(late);
	key = open_key();
	assert_memory_equal(key_file_public(key), public, CRYPTO_KEY_SIZE);
	key_file_free(key);
}

static void
without_randomness_there_is_none(void **state)
{
	struct key_file *key = open_key();

	(void)state;
	without_randomness = true;
	assert_int_equal(key_file_make(key, folder, why), FG_ERR_SYSTEM);
	without_randomness = false;
	assert_non_null(strstr(why, "no randomness"));
	assert_null(key_file_secret(key));
	assert_int_equal(access(in_folder(HOST_KEY_FILE), F_OK), -1);
	key_file_free(key);
}

static void
one_that_others_could_read_or_write_is_refused(void **state)
{
	static const mode_t modes[] = { 0640, 0604, 0660, 0602, 0700, 04600 };
	uint8_t public[CRYPTO_KEY_SIZE];

	(void)state;
	make_key(public);
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		assert_int_equal(chmod(in_folder(HOST_KEY_FILE), modes[i]), 0);
		assert_refused(FG_ERR_UNSAFE, "chmod 0600 it");
	}
}

static void
one_of_somebody_else_is_refused(void **state)
{
	uint8_t public[CRYPTO_KEY_SIZE];

	(void)state;
	if (geteuid() != 0)
		skip();
	make_key(public);
	assert_int_equal(chown(in_folder(HOST_KEY_FILE), 4711, 4711), 0);
	assert_refused(FG_ERR_UNSAFE, "belongs to somebody else; chown");
}

static void
what_is_no_key_is_refused_and_stays(void **state)
{
	static const char good[] =
	    "farmgate-host-secret "
	    "x25519:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n";
	char text[sizeof(good) + 1];
	struct key_file *key;

	(void)state;
	put(good);
	key_file_free(key = open_key());
	for (size_t i = 0; i < sizeof(good) - 1; i++) {
		memcpy(text, good, sizeof(good));
		text[i] = text[i] == '*' ? '+' : '*';
		put(text);
		assert_refused(FG_ERR_FORMAT, "put it back from a backup");
	}
	memcpy(text, good, sizeof(good));
	text[30] = '\0';
	put(text);
	assert_refused(FG_ERR_FORMAT, "has not 73 bytes");
	(void)snprintf(text, sizeof(text), "%s\n", good);
	put(text);
	assert_refused(FG_ERR_FORMAT, "has not 73 bytes");
	/* another key of the same length is not this one */
	put("farmgate-host-secret "
	    "ed2551:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n");
	assert_refused(FG_ERR_FORMAT, "is no jump host's key");
	assert_int_equal(access(in_folder(HOST_KEY_FILE), F_OK), 0);
}

static void
what_is_no_file_is_refused(void **state)
{
	(void)state;
	assert_int_equal(symlink("/dev/zero", in_folder(HOST_KEY_FILE)), 0);
	assert_refused(FG_ERR_UNSAFE, "is a symbolic link");
	assert_int_equal(unlink(in_folder(HOST_KEY_FILE)), 0);
	assert_int_equal(mkfifo(in_folder(HOST_KEY_FILE), 0600), 0);
	assert_refused(FG_ERR_UNSAFE, "is no file");
}

static void
half_of_one_is_written_anew(void **state)
{
	int fd = open(in_folder(FRESH), O_WRONLY | O_CREAT, 0644);
	uint8_t public[CRYPTO_KEY_SIZE];

	(void)state;
	assert_int_equal(write(fd, "half", 4), 4);
	assert_int_equal(close(fd), 0);
	make_key(public);
	assert_int_equal(access(in_folder(FRESH), F_OK), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(there_is_none_until_it_is_asked_for),
		STORE_TEST(it_is_made_once_for_the_daemon_alone),
		STORE_TEST(each_host_has_its_own),
		STORE_TEST(one_that_came_meanwhile_is_not_replaced),
		STORE_TEST(without_randomness_there_is_none),
		STORE_TEST(one_that_others_could_read_or_write_is_refused),
		STORE_TEST(one_of_somebody_else_is_refused),
		STORE_TEST(what_is_no_key_is_refused_and_stays),
		STORE_TEST(what_is_no_file_is_refused),
		STORE_TEST(half_of_one_is_written_anew),
	};

	if (crypto_init() != 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
