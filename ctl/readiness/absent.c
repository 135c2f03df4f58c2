/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Accounts that log in and are in nobody's entry of the inventory. The daemon
 * knows its inventory; without it, the records of the logins say how it was.
 */
#include "ctl/readiness/readiness_parts.h"

#define ASKED_MAX 1000u /* one question each */

static int
is_there(struct json *line, void *arg)
{
	bool *found = arg;

	(void)line;
	*found = true;
	return CTL_OK;
}

/* *ret_known: whether there is an answer. */
static bool
has_entry(const struct readiness *r, const char *user, bool *ret_known)
{
	struct json *command = json_new();
	bool found = false;
	int status;

	json_set_string(command, "do", "inventory.show");
	json_set_string(command, "user", user);
	status = ctl_ask_lines(r->ctl, command, false, is_there, &found);
	*ret_known = status == CTL_OK || status == CTL_NO;
	return found;
}

static void
report(struct readiness *r, const struct account *a)
{
	char last[CTL_TIME_SIZE];
	struct json *o;

	o = readiness_item(r, "account",
	    "farmgatectl inventory suggest drafts a line for it; complete it, "
	    "then farmgatectl inventory import",
	    "%s: %llu login%s, the last %s, and in nobody's entry of the "
	    "inventory",
	    a->user, (unsigned long long)a->logins, readiness_plural(a->logins),
	    ctl_time_text(a->last_s, last));
	json_set_untrusted(o, "user", a->user);
	json_set_int(o, "logins", (int64_t)a->logins);
	json_set_int(o, "last", a->last_s);
}

/* By the status; without one, by what the records say of people. */
static bool
has_inventory(const struct readiness *r)
{
	const struct json *o = json_get(r->status, "inventory");
	size_t i;

	if (r->status != NULL)
		return json_get_int(o, "since", -1) >= 0;
	for (i = 0; i < r->accounts.n; i++)
		if (r->accounts.list[i].known || r->accounts.list[i].absent)
			return true;
	return false;
}

/* Now, if the daemon says so; else as it was at the last login. */
static bool
is_absent(const struct readiness *r, const struct account *a, size_t *asked)
{
	bool known = false, found = false;

	if (a->known)
		return false;
	if (r->status != NULL && *asked < ASKED_MAX) {
		(*asked)++;
		found = has_entry(r, a->user, &known);
	}
	return known ? !found : a->absent;
}

void
readiness_accounts(struct readiness *r)
{
	size_t i, asked = 0;

	if (!has_inventory(r)) {
		readiness_note(r, "inventory",
		    "there is no inventory: accounts stand for people, and "
		    "the policies alone decide");
		return;
	}
	for (i = 0; i < r->accounts.n; i++) {
		const struct account *a = &r->accounts.list[i];

		if (is_absent(r, a, &asked))
			report(r, a);
	}
	if (r->accounts.lost > 0)
		readiness_item(r, "account",
		    "name a SERVICE, or less of the time",
		    "%llu login%s of more accounts than %u are not looked at",
		    (unsigned long long)r->accounts.lost,
		    readiness_plural(r->accounts.lost), ACCOUNTS_MAX);
}
