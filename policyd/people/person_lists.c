/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fields of a person with several values, and what the values may be.
 */
#include <string.h>

#include "policyd/conf/countries.h"
#include "policyd/people/person_parts.h"
#include "proto/result.h"

/* ---- what is an item ---- */

static const char *
check_country(char *item)
{
	for (char *c = item; *c != '\0'; c++)
		if (*c >= 'a' && *c <= 'z')
			*c = (char)(*c - 'a' + 'A');
	if (strcmp(item, "UK") == 0)
		return "has UK, which is no code of a country; write GB";
	if (strcmp(item, "EL") == 0)
		return "has EL, which is no code of a country; write GR";
	if (strchr(item, ',') != NULL)
		return "has a comma; separate countries by blanks or ';'";
	if (!country_is_known(item))
		return "has what is no country; write the two letters of ISO "
		       "3166, such as \"NO SE\"";
	return NULL;
}

static const char *
check_group(char *item)
{
	if (item[0] == '@')
		return "has an '@'; write names of groups without it";
	if (!cell_is_visible(item) || strpbrk(item, ",:\"/") != NULL ||
	    cell_is_formula(item))
		return "has what is no name of a group; write names such as "
		       "staff, separated by blanks or ';'";
	return NULL;
}

static const char *
check_network(char *item)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
				      "0123456789_-";

	if (strpbrk(item, "./:") != NULL)
		return "has an address; name a network of the configuration "
		       "instead, and write the address there";
	if (item[strspn(item, allowed)] != '\0' || cell_is_formula(item))
		return "has what is no name of a network; write names of the "
		       "configuration's networks, separated by blanks or ';'";
	return NULL;
}

/* ---- lists of them ---- */

int
person_set_accounts(struct person *person, const char *text,
    const char **ret_why)
{
	const struct cell_list list = { person->account[0],
		sizeof(person->account[0]), PERSON_ACCOUNTS_MAX,
		&person->naccounts, cell_check_account,
		"has a name longer than 256 bytes; separate accounts by "
		"blanks or ';'",
		"has more than 16 accounts; make entries of their own for "
		"some" };

	return cell_list_set(&list, text, ret_why);
}

int
person_lead_accounts(struct person *person, const char *account)
{
	size_t i;

	for (i = 0; i < person->naccounts; i++)
		if (strcmp(person->account[i], account) == 0)
			break;
	if (i == PERSON_ACCOUNTS_MAX)
		return FG_ERR_LIMIT;
	if (i == person->naccounts)
		person->naccounts++;
	memmove(person->account[1], person->account[0],
	    i * sizeof(person->account[0]));
	memset(person->account[0], 0, sizeof(person->account[0]));
	memcpy(person->account[0], account, strlen(account));
	return 0;
}

int
person_set_countries(struct person *person, const char *text,
    const char **ret_why)
{
	const struct cell_list list = { person->country[0],
		sizeof(person->country[0]), PERSON_COUNTRIES_MAX,
		&person->ncountries, check_country,
		"has what is no country; write the two letters of ISO 3166, "
		"such as \"NO SE\", separated by blanks or ';'",
		"has more than 32 countries; leave it empty for no limit" };

	return cell_list_set(&list, text, ret_why);
}

int
person_set_groups(struct person *person, const char *text, const char **ret_why)
{
	const struct cell_list list = { person->group[0],
		sizeof(person->group[0]), PERSON_GROUPS_MAX, &person->ngroups,
		check_group,
		"has a name longer than 64 bytes; separate groups by blanks "
		"or ';'",
		"has more than 16 groups; keep those that policies name" };

	return cell_list_set(&list, text, ret_why);
}

int
person_set_networks(struct person *person, const char *text,
    const char **ret_why)
{
	const struct cell_list list = { person->network[0],
		sizeof(person->network[0]), PERSON_NETWORKS_MAX,
		&person->nnetworks, check_network,
		"has a name longer than 32 bytes; separate networks by blanks "
		"or ';'",
		"has more than 8 networks; make one network of several in the "
		"configuration" };

	return cell_list_set(&list, text, ret_why);
}

int
person_set_keys(struct person *person, const char *text, const char **ret_why)
{
	const struct cell_list list = { person->key[0], sizeof(person->key[0]),
		PERSON_KEYS_MAX, &person->nkeys, cell_check_key,
		"has a key longer than 80 bytes; write its fingerprint, "
		"SHA256:..., as ssh-keygen -l prints it",
		"has more than 8 keys; remove those that are not used" };

	return cell_list_set(&list, text, ret_why);
}
