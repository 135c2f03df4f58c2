/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From signs to findings, for the checks that each make one of them.
 */
#ifndef FG_CHECK_SIGN_H
#define FG_CHECK_SIGN_H

#include "policyd/facts.h"
#include "policyd/finding.h"

/* Which finding a sign of this kind makes; FINDING_NONE: none. */
enum finding_code check_sign_code(enum entry_kind kind);

/*
 * Its grade, "" where that finding has none; NULL: too little for a finding,
 * as a desktop that is installed. Static.
 */
const char	*check_sign_grade(const struct sign *sign);

/* Add its finding. False: it makes none, or there is no room. */
bool		 check_sign_add(const struct fact_sign *s,
		    struct finding_list *findings);

/*
 * Add the finding for every sign of it, with what was seen in words: of this
 * machine, of the laptop at the other end by its own daemon's word, of both.
 */
void		 check_own_signs(const struct facts *facts,
		    enum finding_code code, struct finding_list *findings);
void		 check_attested(const struct facts *facts,
		    enum finding_code code, struct finding_list *findings);
void		 check_signs(const struct facts *facts, enum finding_code code,
		    struct finding_list *findings);

/*
 * The rest of a text about a sign: how it is known, since when, why it is no
 * reason for more than a log; and of which unit and in whose namespaces the
 * process is. Returns buf.
 */
#define CHECK_SIGN_SIZE 280u
const char	*check_sign_why(const struct fact_sign *s,
		    char buf[CHECK_SIGN_SIZE]);

#endif
