/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fields of a person with one value each. Whatever is not exactly of its form
 * is refused: a typing error must not become a rule that nobody meant.
 */
#include <string.h>
#include <strings.h>

#include "policyd/people/person_parts.h"
#include "policyd/text.h"
#include "proto/result.h"

/* A name of the directory's may have blanks in it, where it stands alone. */
int
person_set_user(struct person *person, const char *text, const char **ret_why)
{
	memset(person->user, 0, sizeof(person->user));
	if (strlen(text) > FG_USER_MAX)
		return cell_too_long("is longer than 256 bytes; write the "
				     "name of the account",
		    ret_why);
	if (!cell_is_visible(text) || strpbrk(text, ",;:\"/") != NULL)
		return cell_wrong("has a character that no account's name "
				  "has; write the name as getent passwd "
				  "shows it",
		    ret_why);
	if (cell_is_formula(text))
		return cell_wrong("begins with '=', '+', '-' or '@'; write "
				  "the name of the account alone",
		    ret_why);
	memcpy(person->user, text, strlen(text));
	return 0;
}

int
person_set_name(struct person *person, const char *text, const char **ret_why)
{
	memset(person->name, 0, sizeof(person->name));
	if (strlen(text) > PERSON_NAME_MAX)
		return cell_too_long("is longer than 128 bytes; shorten it",
		    ret_why);
	if (!cell_is_visible(text))
		return cell_wrong("has a control character or one that is "
				  "not seen; type the name again, on one "
				  "line",
		    ret_why);
	if (cell_is_formula(text))
		return cell_wrong("begins with '=', '+', '-' or '@', as a "
				  "formula does; write the name alone",
		    ret_why);
	memcpy(person->name, text, strlen(text));
	return 0;
}

int
person_set_kind(struct person *person, const char *text, const char **ret_why)
{
	static const enum person_kind kinds[] = { PERSON_KIND_PERSON,
		PERSON_KIND_SERVICE, PERSON_KIND_SHARED, PERSON_KIND_VENDOR };
	size_t i;

	person->kind = PERSON_KIND_PERSON;
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcasecmp(text, person_kind_name(kinds[i])) == 0) {
			person->kind = kinds[i];
			return 0;
		}
	}
	return cell_wrong("is no kind of entry; write person, service, "
			  "shared or vendor, or leave it empty",
	    ret_why);
}

int
person_set_status(struct person *person, const char *text, const char **ret_why)
{
	static const enum person_status all[] = { PERSON_STATUS_ACTIVE,
		PERSON_STATUS_REVOKED };
	size_t i;

	/* Not known is not active. */
	person->status = PERSON_STATUS_REVOKED;
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (strcasecmp(text, person_status_name(all[i])) == 0) {
			person->status = all[i];
			return 0;
		}
	}
	return cell_wrong("is no status; write active or revoked, or leave "
			  "it empty",
	    ret_why);
}

/* Whether it exists is asked where people come in, not where they are read. */
int
person_set_zone(struct person *person, const char *text, const char **ret_why)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "abcdefghijklmnopqrstuvwxyz"
				      "0123456789_+-/";

	memset(person->zone, 0, sizeof(person->zone));
	if (strlen(text) > PERSON_ZONE_MAX)
		return cell_too_long("is longer than a time zone's name; "
				     "write one such as Europe/Oslo",
		    ret_why);
	if (text[strspn(text, allowed)] != '\0' || text[0] == '/' ||
	    cell_is_formula(text))
		return cell_wrong("is no name of a time zone; write one "
				  "such as Europe/Oslo or Asia/Tokyo",
		    ret_why);
	memcpy(person->zone, text, strlen(text));
	return 0;
}
