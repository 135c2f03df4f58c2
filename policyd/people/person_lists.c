/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fields of a person with several values, separated by blanks or ';'. The
 * arrays have lengths of their own: hence a description of each.
 */
#include <string.h>

#include "policyd/conf/countries.h"
#include "policyd/people/person_parts.h"
#include "proto/result.h"

#define SEPARATORS  PERSON_BLANKS ";"
#define SHA256_NAME "SHA256:"
#define SHA256_LEN  43u /* 32 bytes in base64, without its padding */

/* One item; NULL, or why it is none. It may be changed. */
typedef const char *(*item_fn)(char *item);

struct list {
	char *items; /* count items of size bytes */
	size_t size;
	size_t max;
	size_t *count;
	item_fn check;
	const char *why_long; /* one item is */
	const char *why_many;
};

/* ---- what is an item ---- */

static const char *
check_account(char *item)
{
	if (!person_is_visible(item) || strpbrk(item, ",:\"/") != NULL)
		return "has a character that no account's name has; separate "
		       "accounts by blanks or ';'";
	if (person_is_formula(item))
		return "has a name that begins with '=', '+', '-' or '@'; "
		       "write names of accounts alone";
	return NULL;
}

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
	if (!person_is_visible(item) || strpbrk(item, ",:\"/") != NULL ||
	    person_is_formula(item))
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
	if (item[strspn(item, allowed)] != '\0' || person_is_formula(item))
		return "has what is no name of a network; write names of the "
		       "configuration's networks, separated by blanks or ';'";
	return NULL;
}

static const char *
check_key(char *item)
{
	static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz"
				     "0123456789+/";
	static const char *const others[] = { "MD5:", "SHA512:", "SHA1:",
		"ssh-", "ecdsa-", "sk-ssh-", "sk-ecdsa-", "AAAA" };
	const char *hash;

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (strncmp(item, others[i], strlen(others[i])) == 0)
			return "has no SHA-256 fingerprint; write the one "
			       "that ssh-keygen -l prints, SHA256:...";
	if (strncmp(item, SHA256_NAME, strlen(SHA256_NAME)) == 0) {
		hash = item + strlen(SHA256_NAME);
		if (strlen(hash) != SHA256_LEN ||
		    strspn(hash, base64) != SHA256_LEN)
			return "has a fingerprint that is not whole; copy all "
			       "50 characters of what ssh-keygen -l prints";
		return NULL;
	}
	if (!person_is_visible(item) || strpbrk(item, ",\"") != NULL ||
	    person_is_formula(item))
		return "has what is no key; write fingerprints (SHA256:...) "
		       "or key ids of certificates, separated by blanks or "
		       "';'";
	return NULL;
}

/* ---- lists of them ---- */

static bool
has_item(const struct list *list, const char *item)
{
	for (size_t i = 0; i < *list->count; i++)
		if (strcmp(list->items + i * list->size, item) == 0)
			return true;
	return false;
}

static int
add_item(const struct list *list, const char *text, size_t len,
    const char **ret_why)
{
	char item[FG_USER_MAX + 1] = "";
	const char *why;

	if (len >= list->size || len >= sizeof(item))
		return person_too_long(list->why_long, ret_why);
	memcpy(item, text, len);
	if ((why = list->check(item)) != NULL)
		return person_wrong(why, ret_why);
	if (has_item(list, item))
		return 0;
	if (*list->count == list->max)
		return person_too_long(list->why_many, ret_why);
	memcpy(list->items + *list->count * list->size, item, len);
	(*list->count)++;
	return 0;
}

static void
empty_list(const struct list *list)
{
	memset(list->items, 0, list->size * list->max);
	*list->count = 0;
}

static int
set_list(const struct list *list, const char *text, const char **ret_why)
{
	size_t n;
	int r;

	empty_list(list);
	for (text += strspn(text, SEPARATORS); *text != '\0';
	     text += n + strspn(text + n, SEPARATORS)) {
		n = strcspn(text, SEPARATORS);
		if ((r = add_item(list, text, n, ret_why)) != 0) {
			empty_list(list);
			return r;
		}
	}
	return 0;
}

int
person_set_accounts(struct person *person, const char *text,
    const char **ret_why)
{
	const struct list list = { person->account[0],
		sizeof(person->account[0]), PERSON_ACCOUNTS_MAX,
		&person->naccounts, check_account,
		"has a name longer than 256 bytes; separate accounts by "
		"blanks or ';'",
		"has more than 16 accounts; make entries of their own for "
		"some" };

	return set_list(&list, text, ret_why);
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
	const struct list list = { person->country[0],
		sizeof(person->country[0]), PERSON_COUNTRIES_MAX,
		&person->ncountries, check_country,
		"has what is no country; write the two letters of ISO 3166, "
		"such as \"NO SE\", separated by blanks or ';'",
		"has more than 32 countries; leave it empty for no limit" };

	return set_list(&list, text, ret_why);
}

int
person_set_groups(struct person *person, const char *text, const char **ret_why)
{
	const struct list list = { person->group[0], sizeof(person->group[0]),
		PERSON_GROUPS_MAX, &person->ngroups, check_group,
		"has a name longer than 64 bytes; separate groups by blanks "
		"or ';'",
		"has more than 16 groups; keep those that policies name" };

	return set_list(&list, text, ret_why);
}

int
person_set_networks(struct person *person, const char *text,
    const char **ret_why)
{
	const struct list list = { person->network[0],
		sizeof(person->network[0]), PERSON_NETWORKS_MAX,
		&person->nnetworks, check_network,
		"has a name longer than 32 bytes; separate networks by blanks "
		"or ';'",
		"has more than 8 networks; make one network of several in the "
		"configuration" };

	return set_list(&list, text, ret_why);
}

int
person_set_keys(struct person *person, const char *text, const char **ret_why)
{
	const struct list list = { person->key[0], sizeof(person->key[0]),
		PERSON_KEYS_MAX, &person->nkeys, check_key,
		"has a key longer than 80 bytes; write its fingerprint, "
		"SHA256:..., as ssh-keygen -l prints it",
		"has more than 8 keys; remove those that are not used" };

	return set_list(&list, text, ret_why);
}
