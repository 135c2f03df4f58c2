/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One-time codes of RFC 6238; totp.c is the only file that knows liboath. It
 * keeps nothing: whose seed it is and which codes were used is others' matter.
 */
#ifndef FG_TOTP_H
#define FG_TOTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TOTP_STEP_S	30	/* how long a code is shown */
#define TOTP_WINDOW	1	/* steps on either side that count too */
#define TOTP_SEED_MAX	64u	/* bytes */
#define TOTP_BASE32_SIZE 104u	/* of the longest seed, and a NUL */
#define TOTP_URI_SIZE	2048u

/* The numbers are in the store. */
enum totp_algorithm {
	TOTP_NONE = 0,
	TOTP_SHA1 = 1,
	TOTP_SHA256 = 2,
	TOTP_SHA512 = 3,
	TOTP_COUNT
};

struct totp_seed {
	const uint8_t	*bytes;		/* borrowed */
	size_t		 len;
	enum totp_algorithm algorithm;
	unsigned int	 digits;	/* 6 or 8 */
};

/* "sha1", "sha256", "sha512"; "none". Static. */
const char *totp_algorithm_name(enum totp_algorithm algorithm);
/* TOTP_NONE if there is no such name. */
enum totp_algorithm totp_algorithm_by_name(const char *name);
/* A new seed's length: that of the hash, as the RFC advises. */
size_t	totp_seed_len(enum totp_algorithm algorithm);
bool	totp_is_digits(unsigned int digits);
/* Whether it could be somebody's code: as many digits as one has. */
bool	totp_has_form(const char *text, size_t len);

/* The number of the step that at_s is in. */
int64_t	totp_step(int64_t at_s);

/*
 * Which step the len bytes at code are the code of: the one of at_s, or one
 * beside it. The same is done whichever it is, and if it is none. Only ASCII
 * digits, as many as the seed's codes have, are a code.
 * Returns 0, FG_ERR_NOT_FOUND, or FG_ERR_FORMAT for what is no seed; *ret_step
 * is the newest of them, or -1.
 */
int	totp_find_step(const struct totp_seed *seed, const void *code,
	    size_t len, int64_t at_s, int64_t *ret_step);

/* Base 32 of RFC 4648, without padding. FG_ERR_LIMIT if it is too long. */
int	totp_base32(const uint8_t *bytes, size_t len,
	    char ret_text[TOTP_BASE32_SIZE]);

/*
 * The otpauth URI that applications take: the issuer is "Farmgate HOST". It
 * has the seed in it: the caller wipes it. FG_ERR_LIMIT if it does not fit.
 */
int	totp_uri(const struct totp_seed *seed, const char *host,
	    const char *account, char ret_uri[TOTP_URI_SIZE]);

#endif
