/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A key that a TPM has sealed, as bytes that only tpm.c looks into, and as the
 * text of a file: by its first word it is told from a key that is not sealed.
 */
#ifndef FG_TPM_BLOB_H
#define FG_TPM_BLOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TPM_BLOB_MAX	512u	/* bytes */

/* One TPM alone can open it; it is no secret to others. */
struct tpm_blob {
	size_t		 len;
	uint8_t		 bytes[TPM_BLOB_MAX];
};

/* "farmgate-device-tpm2 ", base 64 with padding, a newline, and a NUL. */
#define TPM_BLOB_TEXT_SIZE 707u

/* The file of a device key that is sealed, all of it. */
void	tpm_blob_text(const struct tpm_blob *blob,
	    char ret_text[TPM_BLOB_TEXT_SIZE]);
/* Returns 0 or FG_ERR_FORMAT; ret_blob is zero then. */
int	tpm_blob_parse(const char *text, struct tpm_blob *ret_blob);

/* Whether the file that begins so, of len bytes, is meant to be one. */
bool	tpm_blob_is_text(const char *text, size_t len);

#endif
