/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The device key of an issued laptop, by which a jump host knows it again: what
 * statements are signed with. Its file is root's alone. Root copies the bytes
 * at the start, behind the split, so that the scanner never has them; what
 * they are is found out when privileges were dropped. A key that a TPM has
 * sealed is opened by it in between.
 */
#ifndef FG_DEVICE_KEY_H
#define FG_DEVICE_KEY_H

#include <stdbool.h>
#include <stdint.h>

#include "policyd/key.h"

#define DEVICE_KEY_FILE		"/etc/farmgate/device.key"
#define DEVICE_KEY_WHY_SIZE	320u

struct device_key;

/* Which file it is, for who may not read it; zeros: there is none. */
struct device_key_file {
	uint64_t	 device;
	uint64_t	 inode;
	uint64_t	 owner;
	uint64_t	 mode;
	int64_t		 written_s;
	int64_t		 written_ns;
};

void	device_key_look(const char *path, struct device_key_file *ret_file);
bool	device_key_is_same(const struct device_key_file *a,
	    const struct device_key_file *b);

/*
 * Read the file at path into memory for secrets (crypto_secret_new()). It has
 * to be a file itself, of root's or the caller's, which nobody else can read or
 * write, with no folder on the way that others may write.
 * Returns 0; FG_ERR_NOT_FOUND: there is none, which is no error, and ret_why is
 * ""; or FG_ERR_UNSAFE, FG_ERR_LIMIT, FG_ERR_NOMEM, FG_ERR_SYSTEM: ret_why says
 * what is wrong with it, beginning with the path, and what to do.
 */
int	device_key_read(const char *path, struct device_key **ret_key,
	    char ret_why[DEVICE_KEY_WHY_SIZE]);

/*
 * The text for a TPM to open, or NULL: the key is in the file itself. Borrowed
 * until it is opened.
 */
const char *device_key_sealed(const struct device_key *key);

/*
 * Take what a TPM has made of it: the .result and .secret of struct
 * tpm_answer's .key. Returns 0, or an error, as that result is, but never
 * FG_ERR_NOT_FOUND; ret_why says, as above, why it is no key for this machine.
 */
int	device_key_open(struct device_key *key, const char *path, int result,
	    const uint8_t secret[CRYPTO_KEY_SIZE],
	    char ret_why[DEVICE_KEY_WHY_SIZE]);

/*
 * Make a key of the bytes that were read, or opened. Returns 0, or
 * FG_ERR_FORMAT with ret_why as above; there is nothing to sign with then.
 */
int	device_key_parse(struct device_key *key, const char *path,
	    char ret_why[DEVICE_KEY_WHY_SIZE]);

/*
 * All of it at once, for an administrator's own program: read, opened by the
 * TPM at a device (tpm_ask.h), and parsed. Returns as they do.
 */
int	device_key_load(const char *path, const char *tpm,
	    struct device_key **ret_key, char ret_why[DEVICE_KEY_WHY_SIZE]);

/* Borrowed; of a key that was parsed. */
const uint8_t *device_key_secret(const struct device_key *key);
void	device_key_public(const struct device_key *key,
	    char ret_text[KEY_TEXT_SIZE]);

void	device_key_free(struct device_key *key);	/* NULL is fine */

#endif
