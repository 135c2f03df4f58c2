/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One step-up: what is asked, in which order, and what came of it. Pure: the
 * caller asks, has the method look at the answer, and says what it found.
 *
 * Whoever is asked learns nothing from it: each method that was planned is
 * asked for, whatever came of those before it, and one that is refused in any
 * case is asked the same (.real is false then, and nothing passes).
 */
#ifndef FG_STEPUP_H
#define FG_STEPUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policyd/stepup/method.h"
#include "policyd/stepup/stepup_by.h"
#include "policyd/stepup/stepup_result.h"
#include "proto/msg.h"

struct stepup_step {
	enum method	 method;
	enum stepup_result result;
	unsigned int	 tries;		/* answers to it */
	const char	*why;		/* static, for the audit; or NULL */
	struct stepup_by by;		/* somebody else's word, if it was */
};

struct stepup {
	bool		 real;
	size_t		 n, at;		/* .at is the one that is asked now */
	struct stepup_step steps[METHOD_COUNT];
	int64_t		 until_s;	/* CLOCK_BOOTTIME; then it has failed */
};

/* Whether somebody has what the method needs; arg is the caller's. */
typedef bool (*stepup_has_fn)(enum method method, void *arg);

/*
 * Plan it for n needs, each of which wants all of its methods, or any: the
 * first that the person has, or the first at all if they have none. device is
 * asked first, as what the laptop has found may want more, and a second person
 * has to see it; delegate last, as another module asks for it.
 */
void	stepup_plan(const struct methods *needs, size_t n, stepup_has_fn has,
	    void *arg, struct stepup *ret_stepup);

/*
 * The same behind what is planned, which may have been asked for: a need that
 * one of those answers wants nothing more. delegate still comes last, and was
 * not handed over.
 */
void	stepup_plan_more(const struct methods *needs, size_t n,
	    stepup_has_fn has, void *arg, struct stepup *stepup);

/* The method that is to be asked for; METHOD_NONE: no more. */
enum method stepup_next(const struct stepup *stepup);

/* What came of the answer. why is static, or NULL. */
void	stepup_take(struct stepup *stepup, enum stepup_result result,
	    const char *why);

/* Whether it can still pass: it is real, and nothing has failed so far. */
bool	stepup_is_open(const struct stepup *stepup);

/* Everything that was planned has passed, and it was real. */
bool	stepup_passed(const struct stepup *stepup);

/* Somebody has answered wrongly, which is more than not at all. */
bool	stepup_was_wrong(const struct stepup *stepup);

/* 1 << method for each that passed. */
uint32_t stepup_methods(const struct stepup *stepup);

/* "passed", "failed", "again", "error". Static. */
const char *stepup_result_name(enum stepup_result result);

/* The same of a step, or "delegated": another module asks for it from then on,
 * and whether it was content is not known here. Static. */
const char *stepup_step_name(const struct stepup *stepup, size_t step);

#endif
