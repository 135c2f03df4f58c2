/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the files of one person share, and nobody else needs. A setter empties
 * its field, then fills it from text, which is valid UTF-8 without blanks at
 * its ends, and not empty. Setters and texts are as person_set() says.
 */
#ifndef FG_PERSON_PARTS_H
#define FG_PERSON_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policyd/people/cell.h"
#include "policyd/people/person.h"

#define PERSON_WHY_ZONE \
	"this machine does not know the time zone; write a name of " \
	"/usr/share/zoneinfo, such as Europe/Oslo, or install tzdata"

typedef int (*person_set_fn)(struct person *person, const char *text,
    const char **ret_why);

/* person_fields.c */
int	person_set_user(struct person *person, const char *text,
	    const char **ret_why);
int	person_set_name(struct person *person, const char *text,
	    const char **ret_why);
int	person_set_kind(struct person *person, const char *text,
	    const char **ret_why);
int	person_set_status(struct person *person, const char *text,
	    const char **ret_why);
int	person_set_zone(struct person *person, const char *text,
	    const char **ret_why);

/* person_place.c */
int	person_set_home(struct person *person, const char *text,
	    const char **ret_why);
int	person_set_radius(struct person *person, const char *text,
	    const char **ret_why);

/* person_lists.c */
int	person_set_accounts(struct person *person, const char *text,
	    const char **ret_why);
int	person_set_countries(struct person *person, const char *text,
	    const char **ret_why);
int	person_set_groups(struct person *person, const char *text,
	    const char **ret_why);
int	person_set_networks(struct person *person, const char *text,
	    const char **ret_why);
int	person_set_keys(struct person *person, const char *text,
	    const char **ret_why);
/* It becomes the first of them. FG_ERR_LIMIT: there is no room for one more. */
int	person_lead_accounts(struct person *person, const char *account);

/* person_hours.c */
int	person_set_hours(struct person *person, const char *text,
	    const char **ret_why);

/* person_dates.c */
int	person_set_from(struct person *person, const char *text,
	    const char **ret_why);
int	person_set_until(struct person *person, const char *text,
	    const char **ret_why);
/* Days become times. Returns as person_finish(). */
int	person_finish_dates(struct person *person, const char **ret_why);
/* As person_get(). */
void	person_get_from(const struct person *person,
	    char buf[PERSON_FIELD_MAX]);
void	person_get_until(const struct person *person,
	    char buf[PERSON_FIELD_MAX]);

#endif
