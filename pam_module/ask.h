/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The exchange with the daemon.
 */
#ifndef FG_ASK_H
#define FG_ASK_H

#include <stdbool.h>

#include "pam_module/args.h"
#include "pam_module/items.h"
#include "proto/msg.h"

struct answer {
	int	failure;	/* 0, or why there is no verdict: FG_ERR_* */
	int	error;		/* errno, with FG_ERR_SYSTEM */
	bool	own;		/* who controls this process may have caused a
				 * failure: the daemon had too little time */
	uint8_t	version;	/* the daemon's, with FG_ERR_VERSION */
	uint8_t	verdict;	/* enum fg_verdict; NONE with a failure */
	uint8_t	would;
	char	ref[FG_REF_MAX + 1];	/* well-formed; "" only if exempt */
	char	reason[FG_REASON_MAX + 1];
	char	help[FG_TEXT_MAX + 1];
};

/* No verdict, because of failure; errno is kept for FG_ERR_SYSTEM. */
void	ask_failed(struct answer *answer, int failure);

/*
 * Ask the daemon about items, once, within the time that args allow, which
 * begins anew behind each answer of the user. Whatever goes wrong is in
 * ret_answer->failure.
 */
void	ask_daemon(pam_handle_t *pamh, const struct args *args,
	    const struct items *items, struct answer *ret_answer);

#endif
