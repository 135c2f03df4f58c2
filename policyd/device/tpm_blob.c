/* SPDX-License-Identifier: BSD-2-Clause */
/* What is not exactly of the form is nothing that a TPM has sealed. */
#include "policyd/device/tpm_blob.h"

#include <string.h>

#include "policyd/crypto.h"
#include "proto/result.h"

#define START	  "farmgate-device-tpm2 "
#define START_LEN (sizeof(START) - 1)

_Static_assert(TPM_BLOB_TEXT_SIZE ==
	START_LEN + (TPM_BLOB_MAX + 2) / 3 * 4 + sizeof("\n"),
    "the longest one has room");

void
tpm_blob_text(const struct tpm_blob *blob, char ret_text[TPM_BLOB_TEXT_SIZE])
{
	size_t n;

	memcpy(ret_text, START, START_LEN);
	crypto_base64_encode(blob->bytes, blob->len, ret_text + START_LEN,
	    TPM_BLOB_TEXT_SIZE - START_LEN);
	n = strlen(ret_text);
	ret_text[n] = '\n';
	ret_text[n + 1] = '\0';
}

bool
tpm_blob_is_text(const char *text, size_t len)
{
	return len >= START_LEN && memcmp(text, START, START_LEN) == 0;
}

int
tpm_blob_parse(const char *text, struct tpm_blob *ret_blob)
{
	size_t len = strlen(text);

	memset(ret_blob, 0, sizeof(*ret_blob));
	if (!tpm_blob_is_text(text, len) || text[len - 1] != '\n' ||
	    crypto_base64_decode(text + START_LEN, len - START_LEN - 1,
		ret_blob->bytes, TPM_BLOB_MAX, &ret_blob->len) != 0 ||
	    ret_blob->len == 0) {
		memset(ret_blob, 0, sizeof(*ret_blob));
		return FG_ERR_FORMAT;
	}
	return 0;
}
