/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The file of the device key: which one is taken, and that one which somebody
 * else may have read is not.
 */
#include "policyd/witness/device_key.h"
#include "policyd/crypto.h"
#include "policyd/device/tpm_blob.h"
#include "tests/unit/storing.h"

#define NAME "device.key"

static const uint8_t secret[CRYPTO_KEY_SIZE] = { 1, 2, 3 };
static char why[DEVICE_KEY_WHY_SIZE];

static void
write_file(const char *text, size_t len, mode_t mode)
{
	int fd;

	fd = open(in_folder(NAME), O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert_int_not_equal(fd, -1);
	assert_int_equal(write(fd, text, len), (ssize_t)len);
	assert_int_equal(fchmod(fd, mode), 0);
	assert_int_equal(close(fd), 0);
}

static void
write_key(mode_t mode)
{
	char text[KEY_SECRET_SIZE];

	key_secret_text(KEY_DEVICE, secret, text);
	write_file(text, strlen(text), mode);
}

/* It begins with the file's path. */
static void
assert_why(const char *words)
{
	if (strstr(why, words) == NULL ||
	    strncmp(why, in_folder(NAME), strlen(in_folder(NAME))) != 0)
		fail_msg("%s", why);
}

static void
assert_unread(int want, const char *words)
{
	struct device_key *key;

	assert_int_equal(device_key_read(in_folder(NAME), &key, why), want);
	assert_null(key);
	assert_why(words);
}

static void
it_is_the_one_in_the_file(void **state)
{
	uint8_t public[CRYPTO_KEY_SIZE];
	char text[KEY_TEXT_SIZE], want[KEY_TEXT_SIZE];
	struct device_key *key;

	(void)state;
	write_key(0600);
	assert_int_equal(device_key_read(in_folder(NAME), &key, why), 0);
	assert_string_equal(why, "");
	assert_int_equal(device_key_parse(key, NAME, why), 0);
	assert_string_equal(why, "");
	assert_memory_equal(device_key_secret(key), secret, sizeof(secret));
	device_key_public(key, text);
	crypto_public_key(secret, public);
	key_text(KEY_DEVICE, public, want);
	assert_string_equal(text, want);
	device_key_free(key);
	write_key(0400);
	assert_int_equal(device_key_read(in_folder(NAME), &key, why), 0);
	device_key_free(key);
}

static void
none_is_no_error(void **state)
{
	struct device_key *key;

	(void)state;
	assert_int_equal(device_key_read(in_folder(NAME), &key, why),
	    FG_ERR_NOT_FOUND);
	assert_null(key);
	assert_string_equal(why, "");
	assert_int_equal(device_key_read("/nonexistent/" NAME, &key, why),
	    FG_ERR_NOT_FOUND);
}

static void
what_others_can_read_or_write_is_refused(void **state)
{
	static const mode_t modes[] = { 0640, 0604, 0644, 0610, 0601, 0660,
		0606, 0666, 0777 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		write_key(modes[i]);
		assert_unread(FG_ERR_UNSAFE,
		    (modes[i] & 022) != 0 ? "can be written by others" :
					    "others can read this key; make a "
					    "new one");
	}
	write_key(0600);
	assert_int_equal(chmod(folder, 0777), 0);
	assert_unread(FG_ERR_UNSAFE, "");
	assert_int_equal(chmod(folder, 0700), 0);
}

static void
somebody_elses_is_refused(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	write_key(0600);
	assert_int_equal(chown(in_folder(NAME), 4201, 0), 0);
	assert_unread(FG_ERR_UNSAFE, "belongs to another user");
}

static void
what_is_no_file_is_refused(void **state)
{
	(void)state;
	write_key(0600);
	assert_int_equal(rename(in_folder(NAME), in_folder("key")), 0);
	assert_int_equal(symlink("key", in_folder(NAME)), 0);
	assert_unread(FG_ERR_UNSAFE, "is a symbolic link");
	assert_int_equal(unlink(in_folder(NAME)), 0);
	assert_int_equal(mkdir(in_folder(NAME), 0700), 0);
	assert_unread(FG_ERR_UNSAFE, "is no regular file");
	assert_int_equal(rmdir(in_folder(NAME)), 0);
	assert_int_equal(mkfifo(in_folder(NAME), 0600), 0);
	assert_unread(FG_ERR_UNSAFE, "is no regular file");
}

static void
assert_no_key(const char *text, size_t len)
{
	struct device_key *key;

	write_file(text, len, 0600);
	assert_int_equal(device_key_read(in_folder(NAME), &key, why), 0);
	assert_int_equal(device_key_parse(key, in_folder(NAME), why),
	    FG_ERR_FORMAT);
	assert_why("this is no device key; make a new one");
	device_key_free(key);
}

/* Also one of another kind, and one with a byte less or more. */
static void
what_is_not_exactly_a_key_is_none(void **state)
{
	char text[KEY_SECRET_SIZE];
	size_t i, len;

	(void)state;
	key_secret_text(KEY_DEVICE, secret, text);
	len = strlen(text);
	for (i = 0; i < len; i++) {
		text[i] ^= (char)0x80;
		assert_no_key(text, len);
		text[i] ^= (char)0x80;
		assert_no_key(text, i);
	}
	assert_no_key(text, len + 1);
	text[len] = '\n';
	assert_no_key(text, len + 1);
	key_secret_text(KEY_BUNDLE, secret, text);
	assert_no_key(text, strlen(text));
}

static void
what_is_too_long_is_not_read(void **state)
{
	char text[TPM_BLOB_TEXT_SIZE];

	(void)state;
	memset(text, 'a', sizeof(text));
	write_file(text, sizeof(text), 0600);
	assert_unread(FG_ERR_LIMIT, "is larger than this kind of file may be");
}

static void
it_is_gone_when_it_is_freed(void **state)
{
	static const uint8_t zeros[CRYPTO_KEY_SIZE];
	struct device_key *key;
	const uint8_t *at;

	(void)state;
	write_key(0600);
	assert_int_equal(device_key_read(in_folder(NAME), &key, why), 0);
	assert_int_equal(device_key_parse(key, NAME, why), 0);
	at = device_key_secret(key);
	assert_memory_not_equal(at, zeros, sizeof(zeros));
	device_key_free(key);
	assert_memory_equal(at, zeros, sizeof(zeros));
	device_key_free(NULL);
}

/* Workers read other people's bytes. */
static void
look_for_it(void *arg)
{
	const uint8_t *at = arg;

	for (size_t i = 0; i < CRYPTO_KEY_SIZE; i++)
		CHECK(at[i] == 0);
}

static void
a_child_does_not_have_it(void **state)
{
	struct device_key *key;
	union {
		const uint8_t *at;
		void *arg;
	} secret_of;

	(void)state;
	write_key(0600);
	assert_int_equal(device_key_read(in_folder(NAME), &key, why), 0);
	assert_int_equal(device_key_parse(key, NAME, why), 0);
	secret_of.at = device_key_secret(key);
	child_passes(look_for_it, secret_of.arg);
	assert_memory_equal(device_key_secret(key), secret, sizeof(secret));
	device_key_free(key);
}

/* ---- one that a TPM has sealed ------------------------------------------ */

static char sealed[TPM_BLOB_TEXT_SIZE];

static void
write_sealed(void)
{
	struct tpm_blob blob = { .len = TPM_BLOB_MAX };

	tpm_blob_text(&blob, sealed);
	write_file(sealed, strlen(sealed), 0600);
}

static struct device_key *
read_sealed(void)
{
	struct device_key *key;

	write_sealed();
	assert_int_equal(device_key_read(in_folder(NAME), &key, why), 0);
	assert_non_null(device_key_sealed(key));
	assert_string_equal(device_key_sealed(key), sealed);
	return key;
}

static void
a_sealed_key_is_what_the_tpm_has_opened(void **state)
{
	struct device_key *key = read_sealed();
	uint8_t public[CRYPTO_KEY_SIZE];
	char text[KEY_TEXT_SIZE], want[KEY_TEXT_SIZE];

	(void)state;
	assert_int_equal(device_key_open(key, in_folder(NAME), 0, secret, why),
	    0);
	assert_string_equal(why, "");
	assert_int_equal(device_key_parse(key, in_folder(NAME), why), 0);
	assert_memory_equal(device_key_secret(key), secret, sizeof(secret));
	device_key_public(key, text);
	crypto_public_key(secret, public);
	key_text(KEY_DEVICE, public, want);
	assert_string_equal(text, want);
	device_key_free(key);
}

static void
a_sealed_key_that_nobody_has_opened_is_none(void **state)
{
	struct device_key *key = read_sealed();

	(void)state;
	assert_int_equal(device_key_parse(key, in_folder(NAME), why),
	    FG_ERR_FORMAT);
	assert_why("this is no device key");
	device_key_free(key);
}

/* What there is to do about it is said, and that there is no key is not. */
static void
a_sealed_key_that_the_tpm_does_not_open_is_refused(void **state)
{
	static const struct {
		int result;
		const char *words;
	} refusals[] = {
		{ FG_ERR_PEER, "another TPM" },
		{ FG_ERR_PEER,
		    "make a new one with farmgatectl enrol init "
		    "--replace, and" },
		{ FG_ERR_FORMAT, "makes no sense; make a new one" },
		{ FG_ERR_NOT_FOUND, "shows no TPM 2.0; farmgate-laptop(7)" },
		{ FG_ERR_UNREACHABLE, "this build reads no TPM; make a new" },
		{ FG_ERR_TIMEOUT, "in time; it is tried again at the next" },
		{ FG_ERR_REFUSED, "refused it; it is tried again" },
		{ FG_ERR_CLOSED, "could not be asked; it is tried again" },
	};
	struct device_key *key = read_sealed();
	int r;

	(void)state;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		r = device_key_open(key, in_folder(NAME), refusals[i].result,
		    secret, why);
		assert_true(r != 0 && r != FG_ERR_NOT_FOUND);
		assert_why(refusals[i].words);
		assert_why(": a TPM has sealed this key: ");
	}
	assert_int_equal(device_key_parse(key, in_folder(NAME), why),
	    FG_ERR_FORMAT);
	device_key_free(key);
}

static void
a_key_that_is_not_sealed_is_not_for_a_tpm(void **state)
{
	struct device_key *key;

	(void)state;
	write_key(0600);
	assert_int_equal(device_key_read(in_folder(NAME), &key, why), 0);
	assert_null(device_key_sealed(key));
	device_key_free(key);
	assert_int_equal(device_key_load(in_folder(NAME), "/dev/nonexistent",
			     &key, why),
	    0);
	assert_memory_equal(device_key_secret(key), secret, sizeof(secret));
	device_key_free(key);
}

static void
a_sealed_key_without_its_tpm_is_not_loaded(void **state)
{
	struct device_key *key;

	(void)state;
	write_sealed();
	assert_int_equal(device_key_load(in_folder(NAME), "/dev/nonexistent",
			     &key, why),
	    FG_ERR_UNREACHABLE);
	assert_null(key);
	assert_why(" TPM");
	assert_int_equal(device_key_load(in_folder("other"), "/dev/nonexistent",
			     &key, why),
	    FG_ERR_NOT_FOUND);
	assert_null(key);
	assert_string_equal(why, "");
}

static int
init(void **state)
{
	(void)state;
	return crypto_init();
}

/* Who may not read it sees yet that it is another one. */
static void
another_file_is_noticed(void **state)
{
	struct device_key_file before, now, none;

	(void)state;
	device_key_look(in_folder("nothing"), &none);
	write_file("one", 3, 0600);
	device_key_look(in_folder(NAME), &before);
	device_key_look(in_folder(NAME), &now);
	assert_true(device_key_is_same(&before, &now));
	assert_false(device_key_is_same(&before, &none));
	assert_int_equal(chmod(in_folder(NAME), 0644), 0);
	device_key_look(in_folder(NAME), &now);
	assert_false(device_key_is_same(&before, &now));
	assert_int_equal(rename(in_folder(NAME), in_folder("key")), 0);
	write_file("one", 3, 0600);
	device_key_look(in_folder(NAME), &now);
	assert_false(device_key_is_same(&before, &now));
	assert_int_equal(unlink(in_folder(NAME)), 0);
	assert_int_equal(unlink(in_folder("key")), 0);
	device_key_look(in_folder(NAME), &now);
	assert_true(device_key_is_same(&none, &now));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		STORE_TEST(it_is_the_one_in_the_file),
		STORE_TEST(none_is_no_error),
		STORE_TEST(what_others_can_read_or_write_is_refused),
		STORE_TEST(somebody_elses_is_refused),
		STORE_TEST(what_is_no_file_is_refused),
		STORE_TEST(what_is_not_exactly_a_key_is_none),
		STORE_TEST(what_is_too_long_is_not_read),
		STORE_TEST(it_is_gone_when_it_is_freed),
		STORE_TEST(a_child_does_not_have_it),
		STORE_TEST(a_sealed_key_is_what_the_tpm_has_opened),
		STORE_TEST(a_sealed_key_that_nobody_has_opened_is_none),
		STORE_TEST(a_sealed_key_that_the_tpm_does_not_open_is_refused),
		STORE_TEST(a_key_that_is_not_sealed_is_not_for_a_tpm),
		STORE_TEST(a_sealed_key_without_its_tpm_is_not_loaded),
		STORE_TEST(another_file_is_noticed),
	};

	return cmocka_run_group_tests(tests, init, NULL);
}
