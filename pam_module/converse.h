/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Asking the user, by the application's conversation. The daemon says what is
 * asked; what comes back is nobody's business here.
 */
#ifndef FG_CONVERSE_H
#define FG_CONVERSE_H

#include <security/pam_modules.h>

#include "proto/msg.h"

/*
 * Show the prompt and wait for what is typed, however long that takes. No
 * answer at all is another thing than an empty one.
 * Returns enum fg_answer_how; *ret_text is the answer, or NULL unless it was
 * given. It is the caller's, for converse_forget().
 */
uint8_t	converse(pam_handle_t *pamh, const struct fg_challenge *m,
	    char **ret_text);

/* Wipe and free. NULL is fine. */
void	converse_forget(char *text);

#endif
