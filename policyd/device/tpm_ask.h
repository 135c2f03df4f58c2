/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is asked of a TPM, by a process of its own for each time: one that hangs
 * keeps nobody waiting past a deadline, and what it answers is parsed by
 * somebody who has nothing to lose.
 */
#ifndef FG_TPM_ASK_H
#define FG_TPM_ASK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "policyd/crypto.h"
#include "policyd/device/tpm_blob.h"
#include "policyd/privilege/sandbox.h"

#define TPM_DEVICE	"/dev/tpmrm0"
/*
 * A TPM that has neither its endorsement key nor a certificate at hand takes
 * seconds to compute the key.
 */
#define TPM_TIMEOUT_MS	10000u

struct priv_ids;

struct tpm_question {
	const char	*device;	/* or a socket: tpm_link.h */
	bool		 ek;		/* its endorsement key is wanted */
	const char	*sealed;	/* a text to be opened, or NULL */
	const uint8_t	*secret;	/* a key to be sealed, or NULL */
	/*
	 * Whom the process becomes when it has opened the device, and what its
	 * filter does; NULL: it stays who it is, without a filter.
	 */
	const struct priv_ids *ids;
	enum sandbox_mode seccomp;
	unsigned int	 timeout_ms;
};

/*
 * Each .result is 0, FG_ERR_NOT_FOUND: this machine has no TPM there, or it
 * was not asked for that; FG_ERR_UNREACHABLE: this build reads none;
 * FG_ERR_TIMEOUT; FG_ERR_REFUSED, FG_ERR_PEER, FG_ERR_FORMAT as tpm.h has them;
 * or another one: it could not be asked.
 */
struct tpm_answer {
	struct {
		int	 result;
		char	 hex[CRYPTO_HEX_SIZE];
	} ek;
	/* What was sealed is now open, or the other way; wipe it. */
	struct {
		int	 result;
		uint8_t	 secret[CRYPTO_KEY_SIZE];
		char	 sealed[TPM_BLOB_TEXT_SIZE];
	} key;
	pid_t		 left;	/* who could not be ended by now, or 0 */
};

/*
 * Ask, and wait for the answer. Ends the calling process only as fork(2) and
 * memory could. A key that was sealed is known to open again.
 */
void	tpm_ask(const struct tpm_question *question,
	    struct tpm_answer *ret_answer);

/* For people, of a key's .result but 0; static, "the TPM did not answer". */
const char	*tpm_why(int result);

#endif
