/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The form in which a TPM's endorsement key is digested, so that what this
 * program reads of a TPM is what its administrator got from tpm2-tools, OpenSSL
 * or Windows: SHA-256 over RSAPublicKey of RFC 8017, A.1.1, in DER.
 */
#ifndef FG_EK_H
#define FG_EK_H

#include <stddef.h>
#include <stdint.h>

#include "policyd/crypto.h"

#define EK_MODULUS_SIZE		256u	/* bytes: RSA of 2048 bits alone */
#define EK_CERTIFICATE_MAX	4096u	/* bytes that are looked at */

/*
 * The digest of a key; modulus in big-endian order, exponent odd and not 1.
 * Returns 0, or FG_ERR_FORMAT: this is no key of 2048 bits; ret_hex is "" then.
 */
int	ek_digest(const uint8_t modulus[EK_MODULUS_SIZE], uint32_t exponent,
	    char ret_hex[CRYPTO_HEX_SIZE]);

/*
 * That of the key in an X.509 certificate, in DER; what stands behind it does
 * not count. No signature is checked. Returns as above, with FG_ERR_FORMAT also
 * for what is no certificate.
 */
int	ek_digest_certificate(const void *der, size_t len,
	    char ret_hex[CRYPTO_HEX_SIZE]);

#endif
