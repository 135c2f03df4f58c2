/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The method "device": the laptop that the login comes from signs what it is,
 * and what it sees of itself. policyd/witness/STATEMENT has the form.
 */
#ifndef FG_METHOD_DEVICE_H
#define FG_METHOD_DEVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "policyd/facts.h"
#include "policyd/stepup/stepup_result.h"
#include "policyd/witness/token.h"

struct key_file;
struct store;
struct store_enrolment;

/* One step-up's; zeroed at the beginning. All pointers are borrowed. */
struct device_login {
	const struct key_file *host;	/* NULL: laptops cannot be asked */
	struct store	*store;		/* NULL: it could not be opened */
	const struct facts *facts;
	int64_t		 window_s;	/* in which others count as company */

	struct fg_token	 token;		/* that is waited for; or zero */
	int64_t		 issued_ms;	/* CLOCK_BOOTTIME */
	/* Of the statement that has passed. */
	struct fact_attested attested;
};

/* Whether a laptop of the person is enrolled. Returns as the store does. */
int	method_device_enrolled(struct store *store, const char *person,
	    int64_t at_s, bool *ret_enrolled);

/* The one of theirs that was revoked last. Returns as the store does;
 * FG_ERR_NOT_FOUND: there is none. */
int	method_device_revoked(struct store *store, const char *person,
	    struct store_enrolment *ret_e);

/*
 * Whether what a laptop has said counts still, of facts with their person: it
 * may have been revoked since, or become somebody else's. Sets again what the
 * inventory says of it. Also true if it has said nothing.
 */
bool	method_device_renew(struct store *store, const struct facts *facts,
	    struct fact_attested *attested);

/* A new challenge; where none can be made, one that nobody can answer. Each is
 * asked once. Returns buf. */
const char *method_device_prompt(struct device_login *login,
	    char buf[TOKEN_PROMPT_SIZE]);

/*
 * What came instead of a statement is no guess: it is an error, and no wrong
 * answer. *ret_why as for prover_answer().
 */
enum stepup_result method_device_answer(struct device_login *login,
	    const char *text, size_t len, const char **ret_why);

#endif
