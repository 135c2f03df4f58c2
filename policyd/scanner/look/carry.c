/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Few signs are in use at once, and of one thing one is enough.
 */
#include "policyd/scanner/look/carry.h"

#include <string.h>

static bool
is_same(const struct sign *a, const struct sign *b)
{
	return a->kind == b->kind && a->owner == b->owner && a->uid == b->uid &&
	    strcmp(a->what, b->what) == 0;
}

void
carry_begin(struct carry *carry)
{
	memcpy(carry->sign, carry->now, sizeof(carry->sign));
	carry->n = carry->nnow;
	carry->nnow = 0;
	carry->missing = false;
}

void
carry_note(struct carry *carry, const struct sign *sign)
{
	size_t i;

	if (sign->owner == SIGN_OF_USER || sign->confidence <= SIGN_BY_NAME)
		return;
	for (i = 0; i < carry->nnow; i++)
		if (is_same(&carry->now[i], sign))
			return;
	if (carry->nnow < CARRY_MAX)
		carry->now[carry->nnow++] = *sign;
}

static bool
lives(struct tools *tools, const struct sign *sign)
{
	const struct tool *tool;

	if (sign->pid == 0)
		return true;
	tool = tools_find(tools, sign->pid);
	return tool != NULL && tool->start == sign->start;
}

/* Whose the seat is may have changed meanwhile. */
static bool
is_still_of(const struct picture *picture, const struct sign *sign)
{
	return sign->owner != SIGN_OF_SEAT || sign->uid == picture->seat_uid;
}

void
carry_end(struct carry *carry, struct tools *tools, struct picture *picture)
{
	const struct sign *sign;
	size_t i;

	for (i = 0; carry->missing && i < carry->n; i++) {
		sign = &carry->sign[i];
		if (!lives(tools, sign) || !is_still_of(picture, sign))
			continue;
		carry_note(carry, sign);
		picture_add(picture, sign);
	}
}
