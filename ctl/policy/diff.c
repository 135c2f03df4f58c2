/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Held against each other by section and key. Of a list with a value in each
 * line the values are compared one by one, wherever they stand.
 */
#include "ctl/policy/diff.h"

#include <string.h>

static bool
is_key(const struct setting *a, const struct setting *b)
{
	return strcmp(a->where, b->where) == 0 && strcmp(a->key, b->key) == 0;
}

/* How many values the key of s has there; *ret_one is the last of them. */
static size_t
count(const struct settings *in, const struct setting *s,
    const struct setting **ret_one)
{
	size_t i, n = 0;

	*ret_one = NULL;
	for (i = 0; i < in->n; i++)
		if (is_key(&in->list[i], s)) {
			*ret_one = &in->list[i];
			n++;
		}
	return n;
}

static bool
has(const struct settings *in, const struct setting *s)
{
	size_t i;

	for (i = 0; i < in->n; i++)
		if (is_key(&in->list[i], s) &&
		    strcmp(in->list[i].value, s->value) == 0)
			return true;
	return false;
}

/* Whether a setting before number i is of the same section. */
static bool
was_told(const struct settings *in, size_t i, const char *where)
{
	while (i-- > 0)
		if (strcmp(in->list[i].where, where) == 0)
			return true;
	return false;
}

/* s is of from, and not in the other. */
static void
tell(const struct settings *from, const struct settings *other,
    const struct setting *s, bool old, policy_change_fn fn, void *arg)
{
	struct policy_change change = { .where = s->where, .key = s->key };
	const struct setting *own, *theirs;
	bool one = count(from, s, &own) == 1 && count(other, s, &theirs) == 1;

	if (one && !old)
		return; /* told with the old one */
	if (old) {
		change.was = s->value;
		change.removed = !was_told(other, other->n, s->where);
	} else {
		change.is = s->value;
		change.added = !was_told(other, other->n, s->where);
	}
	if (one)
		change.is = theirs->value;
	fn(&change, arg);
}

static void
tell_section(const struct settings *old, const struct settings *new,
    const char *where, policy_change_fn fn, void *arg)
{
	size_t i;

	for (i = 0; i < old->n; i++)
		if (strcmp(old->list[i].where, where) == 0 &&
		    !has(new, &old->list[i]))
			tell(old, new, &old->list[i], true, fn, arg);
	for (i = 0; i < new->n; i++)
		if (strcmp(new->list[i].where, where) == 0 &&
		    !has(old, &new->list[i]))
			tell(new, old, &new->list[i], false, fn, arg);
}

void
policy_diff(const struct settings *old, const struct settings *new,
    policy_change_fn fn, void *arg)
{
	const char *where;
	size_t i;

	for (i = 0; i < old->n; i++) {
		where = old->list[i].where;
		if (!was_told(old, i, where))
			tell_section(old, new, where, fn, arg);
	}
	for (i = 0; i < new->n; i++) {
		where = new->list[i].where;
		if (!was_told(new, i, where) && !was_told(old, old->n, where))
			tell_section(old, new, where, fn, arg);
	}
}

/* ---- the order of policies ---------------------------------------------- */

static bool
is_policy(const char *name)
{
	return strncmp(name, "policy ", 7) == 0 && strchr(name, ',') == NULL;
}

static bool
has_section(const struct settings *in, const char *name)
{
	size_t i;

	for (i = 0; i < in->nsections; i++)
		if (strcmp(in->section[i], name) == 0)
			return true;
	return false;
}

/* The next policy from *i on that the other has as well, or NULL. */
static const char *
next_common(const struct settings *in, const struct settings *other, size_t *i)
{
	while (*i < in->nsections) {
		const char *name = in->section[(*i)++];

		if (is_policy(name) && has_section(other, name))
			return name;
	}
	return NULL;
}

bool
policy_diff_order(const struct settings *old, const struct settings *new)
{
	size_t i = 0, j = 0;
	const char *a, *b;

	do {
		a = next_common(old, new, &i);
		b = next_common(new, old, &j);
		if (a != NULL && b != NULL && strcmp(a, b) != 0)
			return true;
	} while (a != NULL && b != NULL);
	return false;
}
