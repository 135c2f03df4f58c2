/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a TPM is asked to make, as TPM2B_PUBLIC on the line to it (TPM 2.0
 * Library, Part 2, 12.2.5). It makes the same primary key of the same template
 * each time, so that not a bit of these may ever change.
 */
#ifndef FG_TPM_TEMPLATE_H
#define FG_TPM_TEMPLATE_H

#include <stddef.h>
#include <stdint.h>

struct tpm_template {
	size_t		 len;
	const uint8_t	*bytes;
};

/* The endorsement key: TCG EK Credential Profile, template L-1. */
extern const struct tpm_template tpm_template_ek;
/* The storage key: TCG TPM v2.0 Provisioning Guidance, ECC P-256. */
extern const struct tpm_template tpm_template_storage;
/* A key that is sealed, as data. */
extern const struct tpm_template tpm_template_sealed;

#endif
