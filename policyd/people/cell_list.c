/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Values with several items, and the items that people's and assets' have in
 * common.
 */
#include "policyd/people/cell.h"

#include <string.h>

#include "proto/msg.h"
#include "proto/result.h"

#define SEPARATORS  CELL_BLANKS ";"
#define SHA256_NAME "SHA256:"
#define SHA256_LEN  43u /* 32 bytes in base64, without its padding */

/* ---- what is an item ---- */

const char *
cell_check_account(char *item)
{
	if (!cell_is_visible(item) || strpbrk(item, ",:\"/") != NULL)
		return "has a character that no account's name has; separate "
		       "accounts by blanks or ';'";
	if (cell_is_formula(item))
		return "has a name that begins with '=', '+', '-' or '@'; "
		       "write names of accounts alone";
	return NULL;
}

const char *
cell_check_key(char *item)
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
	if (!cell_is_visible(item) || strpbrk(item, ",\"") != NULL ||
	    cell_is_formula(item))
		return "has what is no key; write fingerprints (SHA256:...) "
		       "or key ids of certificates, separated by blanks or "
		       "';'";
	return NULL;
}

/* ---- lists of them ---- */

static bool
has_item(const struct cell_list *list, const char *item)
{
	for (size_t i = 0; i < *list->count; i++)
		if (strcmp(list->items + i * list->size, item) == 0)
			return true;
	return false;
}

static int
add_item(const struct cell_list *list, const char *text, size_t len,
    const char **ret_why)
{
	char item[FG_USER_MAX + 1] = "";
	const char *why;

	if (len >= list->size || len >= sizeof(item))
		return cell_too_long(list->why_long, ret_why);
	memcpy(item, text, len);
	if ((why = list->check(item)) != NULL)
		return cell_wrong(why, ret_why);
	if (has_item(list, item))
		return 0;
	if (*list->count == list->max)
		return cell_too_long(list->why_many, ret_why);
	memcpy(list->items + *list->count * list->size, item, len);
	(*list->count)++;
	return 0;
}

static void
empty_list(const struct cell_list *list)
{
	memset(list->items, 0, list->size * list->max);
	*list->count = 0;
}

int
cell_list_set(const struct cell_list *list, const char *text,
    const char **ret_why)
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

void
cell_list_append(char *buf, size_t size, const char *separator,
    const char *item)
{
	size_t used = strlen(buf), len = strlen(item);
	size_t between = used > 0 ? strlen(separator) : 0;

	if (between + len >= size - used)
		return;
	memcpy(buf + used, separator, between);
	memcpy(buf + used + between, item, len + 1);
}
