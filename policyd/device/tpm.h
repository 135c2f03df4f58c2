/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is asked of a TPM 2.0. tpm.c is the only file that knows tpm2-tss;
 * tpm_none.c takes its place in a build without it.
 *
 * All of it can take as long as the line's deadline, and what a TPM answers is
 * parsed by a library: see tpm_ask.h, which lets a process of its own do it.
 */
#ifndef FG_TPM_H
#define FG_TPM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policyd/crypto.h"
#include "policyd/device/tpm_blob.h"
#include "policyd/device/tpm_link.h"

/* False: every other function here returns FG_ERR_UNREACHABLE. */
bool	tpm_is_built(void);

/*
 * The digest, as ek_digest() has it, of the endorsement key by the TCG's
 * template L-1, RSA of 2048 bits: that at the handle 0x81010001, else that in
 * the certificate at 0x01c00002, else the one that the TPM computes, which can
 * take it seconds. They are one and the same, unless somebody with the owner's
 * password has put another one there.
 * Returns 0; FG_ERR_REFUSED: the TPM says no; FG_ERR_NOMEM; FG_ERR_FORMAT: what
 * it says makes no sense; or what tpm_link.h has. ret_hex is "" on error.
 */
int	tpm_read_ek(struct tpm_link *link, char ret_hex[CRYPTO_HEX_SIZE]);

/*
 * Have a key sealed that can be opened by nobody but this TPM, and by whoever
 * may speak to it: below the storage key at 0x81000001 if there is one, else
 * below the one by the TCG's template for ECC P-256. It stays so until the
 * owner's hierarchy is cleared, by the firmware's "clear TPM". No password
 * guards it, no PCR and no lockout touches it. On the line to the TPM it is
 * encrypted. Returns as above.
 */
int	tpm_seal(struct tpm_link *link, const uint8_t secret[CRYPTO_KEY_SIZE],
	    struct tpm_blob *ret_blob);

/*
 * Returns as above, or FG_ERR_PEER: another TPM has sealed it, or this one
 * before it was cleared. ret_secret is zero on error.
 */
int	tpm_unseal(struct tpm_link *link, const struct tpm_blob *blob,
	    uint8_t ret_secret[CRYPTO_KEY_SIZE]);

#endif
