/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The line to a TPM: commands there, answers back, until a deadline. What comes
 * back is put together here and understood elsewhere.
 */
#ifndef FG_TPM_LINK_H
#define FG_TPM_LINK_H

#include <stddef.h>
#include <stdint.h>

#define TPM_LINK_MAX	4096u	/* bytes of a command or an answer */

struct tpm_link {
	int		 fd;		/* the caller's */
	int64_t		 until_ns;	/* of walk_now_ns()'s clock */
	int		 result;	/* the first error; 0: none so far */
};

/*
 * Open a TPM's device, by which the kernel shares it, or connect to a socket,
 * where a program plays one; that one may keep its clients waiting.
 * Returns 0; FG_ERR_NOT_FOUND: there is none; FG_ERR_FORMAT: it is neither; or
 * FG_ERR_SYSTEM. The caller closes *ret_fd.
 */
int	tpm_link_open(const char *path, int *ret_fd);

/*
 * Both return 0 or, as .result from then on, FG_ERR_TIMEOUT, FG_ERR_CLOSED,
 * FG_ERR_SYSTEM, or FG_ERR_FORMAT: these are no bytes of an answer, or more
 * than size, which is TPM_LINK_MAX at most.
 */
int	tpm_link_send(struct tpm_link *link, const uint8_t *command,
	    size_t len);
int	tpm_link_receive(struct tpm_link *link, uint8_t *buf, size_t size,
	    size_t *ret_len);

#endif
