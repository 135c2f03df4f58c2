/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The one table of what methods ask, and of who looks at the answer.
 */
#ifndef FG_PROVER_H
#define FG_PROVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policyd/stepup/method.h"
#include "policyd/stepup/stepup_result.h"

struct approval_login;
struct device_login;
struct keyring;
struct store;

#define PROVER_PROMPT_SIZE	200u

/* Whose step-up it is; all borrowed. */
struct prover {
	struct store	*store;		/* NULL: it could not be opened */
	struct keyring	*keyring;
	const char	*person;	/* as of fact_who() */
	int64_t		 at_s;		/* wall clock */
	int64_t		 boot_s;	/* CLOCK_BOOTTIME */
	bool		 open;		/* as of stepup_is_open() */
	struct approval_login *approval; /* not for prover_has(), as this */
	struct device_login *device;
};

/* Whether the person has what the method needs; for stepup_plan(), with a
 * struct prover. */
bool	prover_has(enum method method, void *arg);

/*
 * Printable ASCII that ends with ": ", and tells nobody what they have, or
 * whether it can pass. Returns buf.
 */
const char	*prover_prompt(const struct prover *prover,
		    enum method method, char buf[PROVER_PROMPT_SIZE]);

/* Whether what is typed says anything: else any answer asks how it is. */
bool		 prover_reads(enum method method);

/*
 * Look at an answer. *ret_why is static, for the audit. The same work is done
 * for somebody who has nothing to prove it with.
 */
enum stepup_result prover_answer(const struct prover *prover,
	    enum method method, const void *text, size_t len,
	    const char **ret_why);

#endif
