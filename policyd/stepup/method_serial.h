/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The method "serial": the serial number that was recorded when the person was
 * verified, asked back. It says that they have the laptop, or have seen it.
 */
#ifndef FG_METHOD_SERIAL_H
#define FG_METHOD_SERIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policyd/stepup/stepup_result.h"

struct store;

struct serial_login {
	struct store	*store;		/* NULL: it could not be opened */
	const char	*person;	/* or the account that is nobody's */
	int64_t		 at_s;		/* now, by the wall clock */
};

/* Whether a serial number of theirs could pass; not by a verification that has
 * ended. Returns as the store does. */
int	method_serial_recorded(const struct serial_login *login,
	    bool *ret_recorded);

/*
 * Judge an answer. What is done does not depend on whether one is recorded.
 * *ret_why is static, for the audit log and never for the user.
 */
enum stepup_result method_serial_answer(const struct serial_login *login,
	    const void *text, size_t len, const char **ret_why);

#endif
