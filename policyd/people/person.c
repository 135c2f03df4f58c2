/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One entry of the inventory as a value: its fields by name, what has to hold
 * between them, and the questions that a login asks.
 */
#include "policyd/people/person.h"

#include <string.h>

#include "policyd/people/person_parts.h"
#include "policyd/text.h"
#include "proto/result.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const struct {
	const char *name;
	person_set_fn set;
} fields[] = {
	{ "user", person_set_user },
	{ "name", person_set_name },
	{ "kind", person_set_kind },
	{ "accounts", person_set_accounts },
	{ "countries", person_set_countries },
	{ "home", person_set_home },
	{ "radius", person_set_radius },
	{ "hours", person_set_hours },
	{ "zone", person_set_zone },
	{ "groups", person_set_groups },
	{ "networks", person_set_networks },
	{ "keys", person_set_keys },
	{ "valid_from", person_set_from },
	{ "valid_until", person_set_until },
	{ "status", person_set_status },
};

const char *const person_fields[] = { "user", "name", "kind", "accounts",
	"countries", "home", "radius", "hours", "zone", "groups", "networks",
	"keys", "valid_from", "valid_until", "status", NULL };

_Static_assert(COUNT(fields) + 1 == COUNT(person_fields),
    "each field has its setter");

void
person_init(struct person *ret_person)
{
	memset(ret_person, 0, sizeof(*ret_person));
	ret_person->kind = PERSON_KIND_PERSON;
	ret_person->status = PERSON_STATUS_ACTIVE;
	ret_person->valid_from_s = INT64_MIN;
	ret_person->valid_until_s = INT64_MAX;
}

const char *
person_kind_name(enum person_kind kind)
{
	switch (kind) {
	case PERSON_KIND_PERSON:
		return "person";
	case PERSON_KIND_SERVICE:
		return "service";
	case PERSON_KIND_SHARED:
		return "shared";
	case PERSON_KIND_VENDOR:
		return "vendor";
	case PERSON_KIND_NONE:
		break;
	}
	return "none";
}

const char *
person_status_name(enum person_status status)
{
	switch (status) {
	case PERSON_STATUS_ACTIVE:
		return "active";
	case PERSON_STATUS_REVOKED:
		return "revoked";
	case PERSON_STATUS_NONE:
		break;
	}
	return "none";
}

static person_set_fn
find_setter(const char *field)
{
	for (size_t i = 0; i < COUNT(fields); i++)
		if (strcmp(field, fields[i].name) == 0)
			return fields[i].set;
	return NULL;
}

/* As if the column were empty; the setters' own forms have no such text. */
static void
set_empty(struct person *person, person_set_fn set)
{
	const char *why;

	if (set == person_set_kind)
		person->kind = PERSON_KIND_PERSON;
	else if (set == person_set_status)
		person->status = PERSON_STATUS_ACTIVE;
	else
		(void)set(person, "", &why); /* empties, then may refuse */
}

int
person_set(struct person *person, const char *field, const char *text,
    const char **ret_why)
{
	char value[PERSON_FIELD_MAX];
	person_set_fn set = find_setter(field);
	int r;

	*ret_why = NULL;
	if (set == NULL) {
		*ret_why = "is no field of a person; see farmgate-people(5)";
		return FG_ERR_NOT_FOUND;
	}
	set_empty(person, set);
	r = cell_take(text, value, sizeof(value), ret_why);
	return r != 0 || value[0] == '\0' ? r : set(person, value, ret_why);
}

/* A service account is known by where it comes from, and by nothing else. */
static const char *
wrong_with_service(const struct person *person)
{
	if (person->nnetworks == 0)
		return "a service needs networks; name those of the "
		       "configuration that it comes from, or write another "
		       "kind";
	if (person->ncountries != 0)
		return "a service has no countries; leave them empty, its "
		       "networks say where it comes from";
	if (person->home[0] != '\0' || person->radius_km > 0)
		return "a service has no home and no radius; leave them "
		       "empty, its networks say where it comes from";
	if (person->nspans != 0)
		return "a service has no hours; leave them empty, or write "
		       "another kind";
	return NULL;
}

static const char *
wrong_with_kind(const struct person *person)
{
	switch (person->kind) {
	case PERSON_KIND_PERSON:
	case PERSON_KIND_VENDOR:
		return NULL;
	case PERSON_KIND_SERVICE:
		return wrong_with_service(person);
	case PERSON_KIND_SHARED:
		if (person->nkeys != 0)
			return "a shared account has no keys; write them into "
			       "the entries of the people who use it";
		return NULL;
	case PERSON_KIND_NONE:
		break;
	}
	return "has no kind; write person, service, shared or vendor";
}

int
person_finish(struct person *person, const char **ret_why)
{
	const char *why;

	*ret_why = NULL;
	if (person->user[0] == '\0')
		return cell_wrong("user is missing; each entry needs the "
				  "name of its account",
		    ret_why);
	if (person_lead_accounts(person, person->user) != 0)
		return cell_too_long("user and accounts are more than 16; "
				     "make entries of their own for some",
		    ret_why);
	if (person->radius_km > 0 && person->home[0] == '\0')
		return cell_wrong("radius is given, and home is not; give "
				  "the home, or leave the radius empty",
		    ret_why);
	if ((why = wrong_with_kind(person)) != NULL)
		return cell_wrong(why, ret_why);
	return person_finish_dates(person, ret_why);
}

/* n items of size bytes each, but the one that is left out (NULL: none). */
static void
get_list(const char *items, size_t size, size_t n, const char *but,
    char buf[PERSON_FIELD_MAX])
{
	buf[0] = '\0';
	for (; n > 0; n--, items += size)
		if (but == NULL || strcmp(items, but) != 0)
			cell_list_append(buf, PERSON_FIELD_MAX, " ", items);
}

static void
get_radius(const struct person *person, char buf[PERSON_FIELD_MAX])
{
	buf[0] = '\0';
	if (person->radius_km > 0)
		(void)text_format(buf, PERSON_FIELD_MAX, "%.0fkm",
		    person->radius_km);
}

static void
get_text(const char *text, char buf[PERSON_FIELD_MAX])
{
	(void)text_copy(buf, PERSON_FIELD_MAX, text);
}

#define GET_LIST(array, n, but) \
	get_list((array)[0], sizeof((array)[0]), (n), (but), buf)

const char *
person_get(const struct person *person, const char *field,
    char buf[PERSON_FIELD_MAX])
{
	person_set_fn set = find_setter(field);

	buf[0] = '\0';
	if (set == person_set_user)
		get_text(person->user, buf);
	else if (set == person_set_name)
		get_text(person->name, buf);
	else if (set == person_set_kind)
		get_text(person_kind_name(person->kind), buf);
	else if (set == person_set_accounts)
		GET_LIST(person->account, person->naccounts, person->user);
	else if (set == person_set_countries)
		GET_LIST(person->country, person->ncountries, NULL);
	else if (set == person_set_home)
		get_text(person->home, buf);
	else if (set == person_set_radius)
		get_radius(person, buf);
	else if (set == person_set_hours)
		get_text(person->hours, buf);
	else if (set == person_set_zone)
		get_text(person->zone, buf);
	else if (set == person_set_groups)
		GET_LIST(person->group, person->ngroups, NULL);
	else if (set == person_set_networks)
		GET_LIST(person->network, person->nnetworks, NULL);
	else if (set == person_set_keys)
		GET_LIST(person->key, person->nkeys, NULL);
	else if (set == person_set_from)
		person_get_from(person, buf);
	else if (set == person_set_until)
		person_get_until(person, buf);
	else if (set == person_set_status)
		get_text(person_status_name(person->status), buf);
	return buf;
}

bool
person_has_account(const struct person *person, const char *account)
{
	for (size_t i = 0; i < person->naccounts; i++)
		if (strcmp(person->account[i], account) == 0)
			return true;
	return false;
}

bool
person_has_group(const struct person *person, const char *group)
{
	for (size_t i = 0; i < person->ngroups; i++)
		if (strcmp(person->group[i], group) == 0)
			return true;
	return false;
}

bool
person_is_valid(const struct person *person, int64_t at_s)
{
	return person->status == PERSON_STATUS_ACTIVE &&
	    at_s >= person->valid_from_s && at_s < person->valid_until_s &&
	    (person->valid_until_s == INT64_MAX ||
		at_s >= PERSON_CLOCK_FIRST_S);
}

const char *
person_invalid_why(const struct person *person, int64_t at_s)
{
	if (person_is_valid(person, at_s))
		return NULL;
	if (person->status != PERSON_STATUS_ACTIVE)
		return "access is revoked";
	if (at_s < person->valid_from_s)
		return "access has not begun";
	if (at_s >= person->valid_until_s)
		return "access has ended";
	return "access has an end, and the clock was never set";
}

void
person_inherit(const struct person *account, struct person *person)
{
	if (person->ncountries == 0) {
		person->ncountries = account->ncountries;
		memcpy(person->country, account->country,
		    sizeof(person->country));
	}
	if (!person->has_point || person->radius_km <= 0) {
		person->has_point = account->has_point;
		person->latitude = account->latitude;
		person->longitude = account->longitude;
		person->radius_km = account->radius_km;
	}
	if (person->nspans == 0) {
		person->nspans = account->nspans;
		memcpy(person->span, account->span, sizeof(person->span));
		memcpy(person->hours, account->hours, sizeof(person->hours));
		memcpy(person->zone, account->zone, sizeof(person->zone));
	}
}
