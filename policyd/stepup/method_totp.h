/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The method "totp": a one-time code of an enrolled application, or one of the
 * recovery codes beside it. Each passes once.
 */
#ifndef FG_METHOD_TOTP_H
#define FG_METHOD_TOTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policyd/stepup/keyring.h"
#include "policyd/stepup/stepup_result.h"
#include "policyd/store/store_factor.h"

struct totp_login {
	struct store	*store;		/* NULL: it could not be opened */
	struct keyring	*keyring;	/* NULL: likewise */
	const char	*person;	/* or the account that is nobody's */
	int64_t		 at_s;		/* now, by the wall clock */
};

/* Whether a code of theirs could pass. Returns as the store does. */
int	method_totp_enrolled(struct store *store, const char *person,
	    bool *ret_enrolled);

/*
 * Judge an answer. What is done does not depend on whether the person is
 * enrolled. *ret_why is static, for the audit log and never for the user.
 */
enum stepup_result method_totp_answer(const struct totp_login *login,
	    const void *text, size_t len, const char **ret_why);

#endif
