/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One entry of the inventory: who may log in, with which accounts, from where
 * and when. A value without pointers, so that it can be a fact. Only the user
 * is required; what is empty makes no rule. People come from people.csv
 * (person_csv.c), live in the store, and are shown as JSON (person_json.c).
 */
#ifndef FG_PERSON_H
#define FG_PERSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/msg.h"

#define PERSON_NAME_MAX		128u	/* bytes, UTF-8 */
#define PERSON_ACCOUNTS_MAX	16u	/* the user itself among them */
#define PERSON_COUNTRIES_MAX	32u
#define PERSON_GROUPS_MAX	16u
#define PERSON_GROUP_MAX	64u	/* bytes of one */
#define PERSON_NETWORKS_MAX	8u	/* names of the configuration's */
#define PERSON_NETWORK_MAX	32u
#define PERSON_KEYS_MAX		8u	/* of a shared account's person */
#define PERSON_KEY_MAX		80u	/* "SHA256:..." or a key id */
#define PERSON_HOME_MAX		96u	/* as written */
#define PERSON_HOURS_MAX	96u	/* as written */
#define PERSON_ZONE_MAX		48u	/* "Europe/Oslo" */
#define PERSON_SPANS_MAX	8u

enum person_kind {
	PERSON_KIND_NONE = 0,
	PERSON_KIND_PERSON,
	PERSON_KIND_SERVICE,	/* needs networks; no geography, no hours */
	PERSON_KIND_SHARED,	/* the person is the key's */
	PERSON_KIND_VENDOR	/* a person of somebody else's */
};

enum person_status {
	PERSON_STATUS_NONE = 0,
	PERSON_STATUS_ACTIVE,
	PERSON_STATUS_REVOKED
};

/* One span of the week; to <= from runs into the next day. */
struct person_span {
	uint8_t		 days;		/* bit 0 is Monday */
	uint16_t	 from;		/* minutes of the day, 0 to 1440 */
	uint16_t	 to;
};

struct person {
	char		 user[FG_USER_MAX + 1];	/* the entry's own name */
	char		 name[PERSON_NAME_MAX + 1];
	enum person_kind kind;
	enum person_status status;
	size_t		 naccounts;
	char		 account[PERSON_ACCOUNTS_MAX][FG_USER_MAX + 1];
	size_t		 ncountries;
	char		 country[PERSON_COUNTRIES_MAX][3];
	char		 home[PERSON_HOME_MAX + 1];
	bool		 has_point;
	double		 latitude;	/* degrees, north and east positive */
	double		 longitude;
	double		 radius_km;	/* 0: no geo.distance */
	char		 hours[PERSON_HOURS_MAX + 1];
	size_t		 nspans;
	struct person_span span[PERSON_SPANS_MAX];
	char		 zone[PERSON_ZONE_MAX + 1]; /* "": UTC */
	size_t		 ngroups;
	char		 group[PERSON_GROUPS_MAX][PERSON_GROUP_MAX + 1];
	size_t		 nnetworks;
	char		 network[PERSON_NETWORKS_MAX][PERSON_NETWORK_MAX + 1];
	size_t		 nkeys;
	char		 key[PERSON_KEYS_MAX][PERSON_KEY_MAX + 1];
	int64_t		 valid_from_s;	/* INT64_MIN: no beginning */
	int64_t		 valid_until_s;	/* INT64_MAX: no end; exclusive */
	/* Until person_finish() knows the zone: days, at midnight in UTC. */
	bool		 from_is_day;
	bool		 until_is_day;
};

/* An empty, active person: every field as if its column were empty. */
void		 person_init(struct person *ret_person);

/*
 * Set one field from its text, as a column of people.csv has it: "user",
 * "name", "kind", "accounts", "countries", "home", "radius", "hours", "zone",
 * "groups", "networks", "keys", "valid_from", "valid_until", "status", in any
 * order. Lists are separated by blanks or ';'; what is in one twice counts
 * once. A home that is a city has no point yet. No value begins as a formula
 * of a spreadsheet does. On error the field is empty (a status: revoked), and
 * *ret_why says what is wrong and how to mend it, without the value; static.
 * Returns 0, FG_ERR_FORMAT, FG_ERR_LIMIT, or FG_ERR_NOT_FOUND for a field that
 * does not exist.
 */
int		 person_set(struct person *person, const char *field,
		    const char *text, const char **ret_why);

/*
 * What only shows when all fields are there; the user becomes the first
 * of the accounts, days become times in the zone. Returns as person_set().
 */
int		 person_finish(struct person *person, const char **ret_why);

/* A field in the form that person_set() takes. Returns buf. */
#define PERSON_FIELD_MAX 4600u
const char	*person_get(const struct person *person, const char *field,
		    char buf[PERSON_FIELD_MAX]);

/* The fields in the order of the columns, NULL-terminated. */
extern const char *const person_fields[];

/* The names of the fields in which two rows of the store differ, in that order,
 * separated by blanks. */
#define PERSON_DIFFER_SIZE 160u
void		 person_differ(const struct person *a, const struct person *b,
		    char ret_fields[PERSON_DIFFER_SIZE]);

bool		 person_has_group(const struct person *person,
		    const char *group);
bool		 person_has_account(const struct person *person,
		    const char *account);

/* Where, from and when of who shares an account: what their entry says nothing
 * of, the account's own does. */
void		 person_inherit(const struct person *account,
		    struct person *person);

/*
 * A clock that stands before this was never set (2026-01-01): the machine has
 * none that runs while it is off. By it no end has come.
 */
#define PERSON_CLOCK_FIRST_S INT64_C(1767225600)

/* Active, and at_s within its dates; an end that cannot be judged has come. */
bool		 person_is_valid(const struct person *person, int64_t at_s);
/* Why not: "access is revoked"; NULL if they are valid. Static. */
const char	*person_invalid_why(const struct person *person, int64_t at_s);

/*
 * Whether at_s is within the person's hours; true where there are none.
 * Returns 0, or FG_ERR_NOT_FOUND if the zone is not known on this machine.
 */
int		 person_in_hours(const struct person *person, int64_t at_s,
		    bool *ret_in);

const char	*person_kind_name(enum person_kind kind);	/* static */
const char	*person_status_name(enum person_status status);	/* static */

#endif
