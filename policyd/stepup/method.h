/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The registry of step-up methods: how somebody can prove that a login which
 * was found odd is theirs. Configuration, audit and manual use these names.
 */
#ifndef FG_METHOD_H
#define FG_METHOD_H

#include <stdbool.h>
#include <stddef.h>

#include "policyd/finding.h"

/* The numbers are in the store. */
enum method {
	METHOD_NONE = 0,
	METHOD_TOTP,		/* a one-time code, RFC 6238 */
	METHOD_APPROVAL,	/* a second person types a number */
	METHOD_SERIAL,		/* the issued laptop's; never alone */
	METHOD_DELEGATE,	/* the PAM module behind this one */
	METHOD_DEVICE,		/* an enrolled laptop signs */
	METHOD_COUNT
};

/* Which are asked for, in this order; each at most once. */
struct methods {
	bool		 all;	/* each of them, not the first that there is */
	size_t		 n;	/* 0: none is named */
	enum method	 list[METHOD_COUNT];
};

/* "totp", "approval", "serial", "delegate", "device"; "none". Static. */
const char	*method_name(enum method method);

/* METHOD_NONE if there is no such name. */
enum method	 method_by_name(const char *name);

/*
 * Whether the method can stand alone against the finding. A second person's
 * approval can against each; a code, a token or a laptop only where it is no
 * sign that somebody else holds them, and a laptop where it is the question
 * which one it is.
 */
bool		 method_answers(enum method method, enum finding_code code);

/* Whether the methods together are enough for the finding. */
bool		 methods_answer(const struct methods *methods,
		    enum finding_code code);

/*
 * Whether a step-up that has answered the finding once may answer it again. Not
 * of what says that somebody else sits there, nor of what only a second person
 * answers: it is looked at anew each time.
 */
bool		 method_is_remembered(enum finding_code code);

/* Without that one. */
void		 methods_drop(struct methods *methods, enum method method);

bool		 methods_have(const struct methods *methods,
		    enum method method);

#endif
