/* SPDX-License-Identifier: BSD-2-Clause */
/* In the place of tpm.c in a build without tpm2-tss. */
#include "policyd/device/tpm.h"

#include <string.h>

#include "proto/result.h"

bool
tpm_is_built(void)
{
	return false;
}

int
tpm_read_ek(struct tpm_link *link, char ret_hex[CRYPTO_HEX_SIZE])
{
	(void)link; /* nobody speaks to it */
	ret_hex[0] = '\0';
	return FG_ERR_UNREACHABLE;
}

int
tpm_seal(struct tpm_link *link, const uint8_t secret[CRYPTO_KEY_SIZE],
    struct tpm_blob *ret_blob)
{
	(void)link; /* nobody speaks to it */
	(void)secret; /* nor is it sealed otherwise */
	memset(ret_blob, 0, sizeof(*ret_blob));
	return FG_ERR_UNREACHABLE;
}

int
tpm_unseal(struct tpm_link *link, const struct tpm_blob *blob,
    uint8_t ret_secret[CRYPTO_KEY_SIZE])
{
	(void)link; /* nobody speaks to it */
	(void)blob; /* and nobody else can open it */
	memset(ret_secret, 0, CRYPTO_KEY_SIZE);
	return FG_ERR_UNREACHABLE;
}
