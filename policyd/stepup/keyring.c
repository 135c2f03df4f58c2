/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The file of the key: read or made, never replaced. A key that somebody else
 * could have read or written is none.
 */
#include "policyd/stepup/keyring.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "policyd/crypto.h"
#include "policyd/disk.h"
#include "policyd/text.h"
#include "proto/result.h"

#define FRESH KEYRING_FILE ".new" /* until it is whole */

struct keyring {
	uint8_t key[CRYPTO_KEY_SIZE];
	uint8_t seed[TOTP_SEED_MAX];
	size_t len; /* of the seed; 0: there is none */
};

/* ---- the file ----------------------------------------------------------- */

struct place {
	const char *folder;
	int dir;
	char *why;
};

/* What is wrong with the file, then its name. Returns r. */
static int
refuse(const struct place *at, int r, const char *what)
{
	(void)text_format(at->why, KEYRING_WHY_SIZE, "%s/" KEYRING_FILE " %s",
	    at->folder, what);
	return r;
}

static int
refuse_system(const struct place *at)
{
	int saved = errno;

	(void)text_format(at->why, KEYRING_WHY_SIZE, "%s/" KEYRING_FILE ": %s",
	    at->folder, strerror(saved));
	errno = saved;
	return FG_ERR_SYSTEM;
}

#define OWN "chown it to the user that the daemon runs as, and chmod 0600 it"
#define LOST                                                         \
	"put it back from a backup, or remove everybody's codes by " \
	"farmgatectl totp remove, restart the daemon and enrol them anew"

static int
check(const struct place *at, int fd)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return refuse_system(at);
	if (!S_ISREG(st.st_mode))
		return refuse(at, FG_ERR_UNSAFE, "is no file; " LOST);
	if (st.st_uid != geteuid())
		return refuse(at, FG_ERR_UNSAFE,
		    "belongs to somebody else; " OWN);
	if ((st.st_mode & 07177) != 0)
		return refuse(at, FG_ERR_UNSAFE,
		    "can be used by others than the daemon; chmod 0600 it, or "
		    "if somebody may have read it enrol everybody anew");
	if (st.st_size != CRYPTO_KEY_SIZE)
		return refuse(at, FG_ERR_FORMAT, "has not 32 bytes; " LOST);
	return 0;
}

/* FG_ERR_NOT_FOUND, without a word, if there is none. */
static int
load(const struct place *at, struct keyring *keyring)
{
	int fd, r;

	fd = openat(at->dir, KEYRING_FILE,
	    O_RDONLY | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (fd == -1 && errno == ENOENT)
		return FG_ERR_NOT_FOUND;
	if (fd == -1 && errno == ELOOP)
		return refuse(at, FG_ERR_UNSAFE,
		    "is a symbolic link; put the file itself there");
	if (fd == -1 && errno == EACCES)
		return refuse(at, FG_ERR_UNSAFE, "cannot be read; " OWN);
	if (fd == -1)
		return refuse_system(at);
	if ((r = check(at, fd)) == 0 &&
	    read(fd, keyring->key, CRYPTO_KEY_SIZE) != CRYPTO_KEY_SIZE)
		r = refuse_system(at);
	(void)close(fd); /* read only */
	return r;
}

static int
write_fresh(const struct place *at, const struct keyring *keyring)
{
	int fd, r;

	if (unlinkat(at->dir, FRESH, 0) != 0 && errno != ENOENT)
		return FG_ERR_SYSTEM;
	fd = openat(at->dir, FRESH,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd == -1)
		return FG_ERR_SYSTEM;
	if ((r = disk_write(fd, keyring->key, CRYPTO_KEY_SIZE)) == 0 &&
	    fsync(fd) != 0)
		r = FG_ERR_SYSTEM;
	if (close(fd) != 0 && r == 0)
		r = FG_ERR_SYSTEM;
	return r;
}

/* It is on the disk, whole, before anything is sealed with it. */
static int
make(const struct place *at, struct keyring *keyring)
{
	crypto_random(keyring->key, CRYPTO_KEY_SIZE);
	if (write_fresh(at, keyring) != 0 ||
	    renameat2(at->dir, FRESH, at->dir, KEYRING_FILE,
		RENAME_NOREPLACE) != 0 ||
	    fsync(at->dir) != 0)
		return refuse_system(at);
	return 0;
}

static int
load_or_make(const struct place *at, bool enrolled, struct keyring *keyring)
{
	int r = load(at, keyring);

	if (r != FG_ERR_NOT_FOUND)
		return r;
	if (enrolled)
		return refuse(at, FG_ERR_NOT_FOUND,
		    "is missing, and the codes of those who are enrolled were "
		    "sealed with it; " LOST);
	return make(at, keyring);
}

int
keyring_open(const char *folder, bool enrolled, struct keyring **ret_keyring,
    char ret_why[KEYRING_WHY_SIZE])
{
	struct place at = { .folder = folder, .why = ret_why };
	struct keyring *keyring;
	int r, saved;

	*ret_keyring = NULL;
	ret_why[0] = '\0';
	at.dir = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (at.dir == -1)
		return refuse_system(&at);
	if ((keyring = crypto_secret_new(sizeof(*keyring))) == NULL)
		r = refuse(&at, FG_ERR_NOMEM, "cannot be read: no memory");
	else
		r = load_or_make(&at, enrolled, keyring);
	saved = errno;
	(void)close(at.dir); /* it was synced */
	if (r == 0)
		*ret_keyring = keyring;
	else
		keyring_free(keyring);
	errno = saved;
	return r;
}

void
keyring_free(struct keyring *keyring)
{
	crypto_secret_end(keyring, sizeof(*keyring));
}

/* ---- a seed ------------------------------------------------------------- */

void
keyring_wipe(struct keyring *keyring)
{
	crypto_wipe(keyring->seed, sizeof(keyring->seed));
	keyring->len = 0;
}

const uint8_t *
keyring_new_seed(struct keyring *keyring, size_t len)
{
	keyring_wipe(keyring);
	keyring->len = len < TOTP_SEED_MAX ? len : TOTP_SEED_MAX;
	crypto_random(keyring->seed, keyring->len);
	return keyring->seed;
}

int
keyring_unseal(struct keyring *keyring, const char *sealed,
    const uint8_t **ret_seed, size_t *ret_len)
{
	uint8_t bytes[TOTP_SEED_MAX + CRYPTO_SEAL_EXTRA];
	size_t len;

	*ret_seed = NULL;
	*ret_len = 0;
	keyring_wipe(keyring);
	if (crypto_base64_decode(sealed, strlen(sealed), bytes, sizeof(bytes),
		&len) != 0 ||
	    len <= CRYPTO_SEAL_EXTRA ||
	    crypto_unseal(bytes, len, keyring->key, keyring->seed) != 0)
		return FG_ERR_FORMAT;
	keyring->len = len - CRYPTO_SEAL_EXTRA;
	*ret_seed = keyring->seed;
	*ret_len = keyring->len;
	return 0;
}

void
keyring_seal(const struct keyring *keyring,
    char ret_sealed[KEYRING_SEALED_SIZE])
{
	uint8_t bytes[TOTP_SEED_MAX + CRYPTO_SEAL_EXTRA];

	crypto_seal(keyring->seed, keyring->len, keyring->key, bytes);
	crypto_base64_encode(bytes, keyring->len + CRYPTO_SEAL_EXTRA,
	    ret_sealed, KEYRING_SEALED_SIZE);
}
