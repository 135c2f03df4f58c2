/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One-time codes and verifications that somebody leaves behind. No import and
 * no revocation takes them away, as one that was a mistake would cost everybody
 * their enrolment; so it is said when they stay, and when they count again.
 */
#include "policyd/control/control_import.h"
#include "policyd/text.h"
#include "proto/result.h"

#define KEPT_REMEDY                                                           \
	"farmgatectl totp list and verify --list show them, totp remove and " \
	"verify --remove take them away"

void
control_set_listed(struct json *json, struct store *store, const char *who)
{
	struct store_outline outline;
	static struct person person;
	int r;

	if (store_outline(store, &outline) != 0 || !outline.people)
		return;
	r = control_find_person(store, who, &person);
	if (r == 0 || r == FG_ERR_NOT_FOUND)
		json_set_bool(json, "known", r == 0);
}

/* ---- a revocation that ends -------------------------------------------- */

static int
has_any(struct store *store, const char *who, bool *ret_has)
{
	struct store_verified v;
	struct store_totp t;
	int r;

	if ((r = store_totp_get(store, who, true, &t)) == FG_ERR_NOT_FOUND)
		r = store_verified_get(store, who, &v);
	*ret_has = r == 0;
	return r == FG_ERR_NOT_FOUND ? 0 : r;
}

void
control_warn_kept(struct json *json, struct store *store, const char *who)
{
	const char *other = json_get_string(json, "warning", NULL);
	char text[CONTROL_PROBLEM_MAX];
	bool has;

	/* What cannot be read answers nothing either. */
	if (has_any(store, who, &has) != 0 || !has)
		return;
	(void)text_format(text, sizeof(text),
	    "%s%s%s has one-time codes or a verification from before, which "
	    "count again; " KEPT_REMEDY,
	    other == NULL ? "" : other, other == NULL ? "" : "; ", who);
	json_set_string(json, "warning", text);
}

/* ---- an import --------------------------------------------------------- */

/* Some people, and the first of them. */
struct some {
	uint64_t n;
	char first[FG_USER_MAX + 1];
};

struct kept {
	struct control_import *import;
	int64_t now_s;
	bool people; /* there was an inventory before */
	struct some out; /* who will be kept out, or be in no entry */
	struct some back; /* who was */
	int error;
};

static void
count(struct some *some, const char *who)
{
	if (some->n++ == 0)
		(void)text_copy(some->first, sizeof(some->first), who);
}

static int
is_in(struct store *store, const char *who, int64_t now_s, bool *ret_is)
{
	static struct person person;
	int r;

	r = control_find_person(store, who, &person);
	*ret_is = r == 0 && person_is_valid(&person, now_s);
	return r == FG_ERR_NOT_FOUND ? 0 : r;
}

static int
compare(struct kept *kept, const char *who)
{
	bool before, after;
	int r;

	if ((r = is_in(kept->import->store, who, kept->now_s, &before)) != 0 ||
	    (r = is_in(store_import_people(kept->import->into), who,
		 kept->now_s, &after)) != 0)
		return r;
	if (before && !after)
		count(&kept->out, who);
	else if (!before && after && kept->people)
		count(&kept->back, who);
	return 0;
}

static int
compare_totp(const struct store_totp *t, void *arg)
{
	struct kept *kept = arg;

	if (t->active)
		kept->error = compare(kept, t->person);
	return kept->error;
}

/* Who has codes was counted by these. */
static int
compare_verified(const struct store_verified *v, void *arg)
{
	struct kept *kept = arg;
	struct store_totp t;
	int r;

	r = store_totp_get(kept->import->store, v->person, true, &t);
	kept->error = r == FG_ERR_NOT_FOUND ? compare(kept, v->person) : r;
	return kept->error;
}

static void
warn(struct control_import *import, const struct some *some, const char *what)
{
	char text[CONTROL_PROBLEM_MAX], others[48] = "";

	if (some->n == 0)
		return;
	if (some->n > 1)
		(void)text_format(others, sizeof(others), " and %llu more",
		    (unsigned long long)(some->n - 1));
	(void)text_format(text, sizeof(text), "%s%s %s; " KEPT_REMEDY,
	    some->first, others, what);
	control_import_warn(import, 0, text);
}

int
control_import_kept(struct control_import *import)
{
	struct kept kept = { .import = import, .now_s = daemon_wall_s() };
	struct store_outline outline;
	int r;

	if ((r = store_outline(import->store, &outline)) != 0)
		return r;
	kept.people = outline.people;
	r = store_totp_each(import->store, compare_totp, &kept);
	if (r == 0 && kept.error == 0)
		r = store_verified_each(import->store, compare_verified, &kept);
	if (r == 0)
		r = kept.error;
	warn(import, &kept.out,
	    "will be kept out or in no entry, and one-time codes or a "
	    "verification stay, for whoever comes back under the name");
	warn(import, &kept.back,
	    "will be let in again or for the first time, with one-time codes "
	    "or a verification from before");
	return r;
}
