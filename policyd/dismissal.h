/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whether somebody who is in is somebody who may not come in any more: an open
 * session, held against what is known of people now. It answers as the next
 * login would be answered, and knows a person's name from an account's, which
 * may be alike and somebody else's.
 */
#ifndef FG_DISMISSAL_H
#define FG_DISMISSAL_H

#include <stdbool.h>
#include <stdint.h>

#include "policyd/conf.h"
#include "policyd/store/store_session.h"

struct dismissal {
	const struct conf *conf;
	struct store	*store;		/* exceptions, revocations, people */
	/* Those of an import that is not in force yet, or NULL; if it is a
	 * bundle, with its revocations. */
	struct store	*staged;
	bool		 revocations;	/* they count, too */
	int64_t		 at_s;
};

/*
 * The account's entry is not valid any more, or that of the person whose
 * session it is; or there is none, and the policies let nobody in who has none.
 * *ret_why says so in static text; NULL: they may log in.
 * Returns 0, or an error of the store.
 */
int	dismissal_of(const struct dismissal *d, const struct store_session *s,
	    const char **ret_why);

#endif
