/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a laptop says of itself so that a jump host enrols it: one line that an
 * administrator carries over by whatever way there is. The laptop's own key has
 * signed it, so that nothing of it can be changed on its way; whether it came
 * from that laptop is for who carries it. There is no secret in it.
 *
 * The line is "farmgate-device-v1." and base 64 in the alphabet for names
 * without padding (RFC 4648 5) of:
 *
 *	u8		version, 1
 *	32 bytes	the device key, the public one
 *	u8		length of the asset's tag, at most 64
 *	bytes		the tag, printable ASCII; none: the laptop has none
 *	u8		unread: 1 << kind for each kind of hardware ID that
 *			could not be read; bit 0 is never set
 *	u8		count of hardware IDs, at most 24; for each
 *	  u8		kind, 1 to 7
 *	  8 bytes	digest, as in hwid.h
 *	64 bytes	signature: Ed25519 by the device key over
 *			"farmgate-device-v1", one zero byte, and all before it
 */
#ifndef FG_ENROLMENT_CODE_H
#define FG_ENROLMENT_CODE_H

#include "policyd/crypto.h"
#include "policyd/device/asset.h"

#define ENROLMENT_CODE_PREFIX	"farmgate-device-v1."
/* The longest has 380 bytes, and so 507 digits. */
#define ENROLMENT_CODE_MAX	526u
#define ENROLMENT_CODE_SIZE	(ENROLMENT_CODE_MAX + 1)

struct enrolment_code {
	uint8_t		 device_key[CRYPTO_KEY_SIZE];
	char		 asset[ASSET_TAG_MAX + 1];	/* a claim; or "" */
	struct hwid_digests hwids;			/* likewise */
};

/*
 * Sign with the device's secret key; its public one is set here, whatever code
 * has. Returns 0, or FG_ERR_LIMIT or FG_ERR_FORMAT for what cannot be said, and
 * ret_text is "" then.
 */
int	enrolment_code_make(const struct enrolment_code *code,
	    const uint8_t secret[CRYPTO_KEY_SIZE],
	    char ret_text[ENROLMENT_CODE_SIZE]);

/*
 * How many characters a line has that begins so: more than text as long as it
 * is cut, then at least as many as are known to be missing. 0: no line begins
 * so.
 */
size_t	enrolment_code_length(const char *text);

/*
 * Read all of text, and check its signature. On error ret_code is zero, and
 * *ret_why says what is wrong, without anything of the text; static, and NULL
 * on success.
 * Returns 0; FG_ERR_VERSION; FG_ERR_LIMIT or FG_ERR_SHORT: it has another
 * length; FG_ERR_FORMAT; or FG_ERR_UNSAFE: the key that it names has not signed
 * it.
 */
int	enrolment_code_read(const char *text, struct enrolment_code *ret_code,
	    const char **ret_why);

#endif
