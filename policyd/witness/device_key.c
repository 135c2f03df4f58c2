/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The file of the device key: one that somebody else could have read or
 * written is none.
 */
#include "policyd/witness/device_key.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "policyd/crypto.h"
#include "policyd/device/tpm_ask.h"
#include "policyd/privilege/safeopen.h"
#include "policyd/text.h"
#include "proto/result.h"

#define AGAIN                                                    \
	"make a new one with farmgatectl enrol init --replace, " \
	"and enrol it anew"

/* Of a file, at most; that of a key that is not sealed is shorter. */
#define TEXT_MAX (TPM_BLOB_TEXT_SIZE - 1)
_Static_assert(KEY_SECRET_SIZE <= TEXT_MAX, "either of them has room");

struct device_key {
	char text[TEXT_MAX + 2]; /* one more shows what is too long */
	size_t len;
	bool opened; /* by a TPM */
	uint8_t secret[CRYPTO_KEY_SIZE];
	uint8_t public[CRYPTO_KEY_SIZE];
};

void
device_key_look(const char *path, struct device_key_file *ret_file)
{
	struct stat st;

	memset(ret_file, 0, sizeof(*ret_file));
	if (lstat(path, &st) != 0)
		return;
	ret_file->device = st.st_dev;
	ret_file->inode = st.st_ino;
	ret_file->owner = st.st_uid;
	ret_file->mode = st.st_mode;
	ret_file->written_s = st.st_mtim.tv_sec;
	ret_file->written_ns = st.st_mtim.tv_nsec;
}

bool
device_key_is_same(const struct device_key_file *a,
    const struct device_key_file *b)
{
	return a->device == b->device && a->inode == b->inode &&
	    a->owner == b->owner && a->mode == b->mode &&
	    a->written_s == b->written_s && a->written_ns == b->written_ns;
}

/* Returns r. */
static int
refuse(int r, const char *path, const char *what, char why[DEVICE_KEY_WHY_SIZE])
{
	(void)text_format(why, DEVICE_KEY_WHY_SIZE, "%s: %s", path, what);
	return r;
}

static int
refuse_system(const char *path, char why[DEVICE_KEY_WHY_SIZE])
{
	int saved = errno;

	(void)refuse(FG_ERR_SYSTEM, path, strerror(saved), why);
	errno = saved;
	return FG_ERR_SYSTEM;
}

static int
check_secrecy(int fd, const char *path, char why[DEVICE_KEY_WHY_SIZE])
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return refuse_system(path, why);
	if ((st.st_mode & 077) != 0)
		return refuse(FG_ERR_UNSAFE, path,
		    "others can read this key; " AGAIN, why);
	return 0;
}

static int
read_text(int fd, const char *path, struct device_key *key,
    char why[DEVICE_KEY_WHY_SIZE])
{
	ssize_t n = read(fd, key->text, TEXT_MAX + 1);

	if (n < 0)
		return refuse_system(path, why);
	key->len = (size_t)n;
	return 0;
}

int
device_key_read(const char *path, struct device_key **ret_key,
    char ret_why[DEVICE_KEY_WHY_SIZE])
{
	struct device_key *key = NULL;
	const char *why;
	size_t size;
	int fd, r;

	*ret_key = NULL;
	ret_why[0] = '\0';
	r = safeopen(path, TEXT_MAX, 0, &fd, &size, &why);
	if (r == FG_ERR_SYSTEM && errno == ENOENT)
		return FG_ERR_NOT_FOUND;
	if (r == FG_ERR_SYSTEM)
		return refuse_system(path, ret_why);
	if (r != 0)
		return refuse(r, path, why, ret_why);
	if ((key = crypto_secret_new(sizeof(*key))) == NULL)
		r = refuse(FG_ERR_NOMEM, path, "no memory for a key", ret_why);
	else if ((r = check_secrecy(fd, path, ret_why)) == 0)
		r = read_text(fd, path, key, ret_why);
	(void)close(fd); /* read only */
	if (r == 0)
		*ret_key = key;
	else
		device_key_free(key);
	return r;
}

const char *
device_key_sealed(const struct device_key *key)
{
	return tpm_blob_is_text(key->text, key->len) ? key->text : NULL;
}

/* What can be done about it. */
static const char *
remedy(int result)
{
	switch (result) {
	case FG_ERR_PEER:
	case FG_ERR_FORMAT:
	case FG_ERR_UNREACHABLE:
		return AGAIN;
	case FG_ERR_NOT_FOUND:
		return "farmgate-laptop(7) says how the service may use it";
	default:
		return "it is tried again at the next start";
	}
}

static int
refuse_opening(const char *path, int result, char why[DEVICE_KEY_WHY_SIZE])
{
	(void)text_format(why, DEVICE_KEY_WHY_SIZE,
	    "%s: a TPM has sealed this key: %s; %s", path, tpm_why(result),
	    remedy(result));
	/* The TPM is not there; the key is. */
	return result == FG_ERR_NOT_FOUND ? FG_ERR_UNREACHABLE : result;
}

int
device_key_open(struct device_key *key, const char *path, int result,
    const uint8_t secret[CRYPTO_KEY_SIZE], char ret_why[DEVICE_KEY_WHY_SIZE])
{
	ret_why[0] = '\0';
	if (result != 0)
		return refuse_opening(path, result, ret_why);
	memcpy(key->secret, secret, CRYPTO_KEY_SIZE);
	key->opened = true;
	return 0;
}

int
device_key_parse(struct device_key *key, const char *path,
    char ret_why[DEVICE_KEY_WHY_SIZE])
{
	int r = FG_ERR_FORMAT;

	ret_why[0] = '\0';
	if (key->opened)
		r = 0;
	else if (strlen(key->text) == key->len)
		r = key_secret_parse(KEY_DEVICE, key->text, key->secret);
	crypto_wipe(key->text, sizeof(key->text));
	if (r != 0)
		return refuse(r, path, "this is no device key; " AGAIN,
		    ret_why);
	key_public(KEY_DEVICE, key->secret, key->public);
	return 0;
}

static int
open_by_tpm(struct device_key *key, const char *path, const char *tpm,
    char why[DEVICE_KEY_WHY_SIZE])
{
	const struct tpm_question question = { .device = tpm,
		.sealed = device_key_sealed(key),
		.timeout_ms = TPM_TIMEOUT_MS };
	struct tpm_answer answer;
	int r;

	if (question.sealed == NULL)
		return 0;
	tpm_ask(&question, &answer);
	r = device_key_open(key, path, answer.key.result, answer.key.secret,
	    why);
	crypto_wipe(&answer, sizeof(answer));
	return r;
}

int
device_key_load(const char *path, const char *tpm, struct device_key **ret_key,
    char ret_why[DEVICE_KEY_WHY_SIZE])
{
	int r;

	if ((r = device_key_read(path, ret_key, ret_why)) != 0)
		return r;
	if ((r = open_by_tpm(*ret_key, path, tpm, ret_why)) == 0)
		r = device_key_parse(*ret_key, path, ret_why);
	if (r != 0) {
		device_key_free(*ret_key);
		*ret_key = NULL;
	}
	return r;
}

const uint8_t *
device_key_secret(const struct device_key *key)
{
	return key->secret;
}

void
device_key_public(const struct device_key *key, char ret_text[KEY_TEXT_SIZE])
{
	key_text(KEY_DEVICE, key->public, ret_text);
}

void
device_key_free(struct device_key *key)
{
	crypto_secret_end(key, sizeof(*key));
}
