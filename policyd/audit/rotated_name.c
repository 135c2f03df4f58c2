/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finding rotated files by their names, which nobody else makes.
 */
#include "policyd/audit/rotated_name.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "policyd/text.h"
#include "proto/result.h"

#define DIGITS	   "0123456789"
#define DIGITS_MAX 19u

/* The number that s begins with, and what stands behind it; or NULL. */
static const char *
take_number(const char *s, uint64_t *ret_n)
{
	size_t len = strspn(s, DIGITS);
	char digits[DIGITS_MAX + 1];

	if (len == 0 || len > DIGITS_MAX || s[0] == '0')
		return NULL;
	memcpy(digits, s, len);
	digits[len] = '\0';
	return text_parse_uint(digits, 1, INT64_MAX, ret_n) == 0 ? s + len :
								   NULL;
}

enum rotated_kind
rotated_name_kind(const char *name, const char *base, uint64_t *ret_first)
{
	size_t len = strlen(base);
	const char *s;
	uint64_t last;

	*ret_first = 0;
	if (strncmp(name, base, len) != 0 || name[len] != '.' ||
	    (s = take_number(name + len + 1, ret_first)) == NULL || *s != '-' ||
	    (s = take_number(s + 1, &last)) == NULL || last < *ret_first)
		return ROTATED_NONE;
	if (*s == '\0')
		return ROTATED_PLAIN;
	if (strcmp(s, ".zst") == 0)
		return ROTATED_PACKED;
	return strcmp(s, ".zst.new") == 0 ? ROTATED_HALF : ROTATED_NONE;
}

struct search {
	const char *base;
	int len; /* of the folder, with its slash */
	bool clear;
	uint64_t first;
};

static int
look_at(struct search *search, const char *path, const char *name,
    char ret_path[AUDIT_NAME_SIZE])
{
	char whole[AUDIT_NAME_SIZE];
	enum rotated_kind kind;
	uint64_t first;

	kind = rotated_name_kind(name, search->base, &first);
	if (kind != ROTATED_PLAIN && (kind != ROTATED_HALF || !search->clear))
		return 0;
	if (text_format(whole, sizeof(whole), "%.*s%s", search->len, path,
		name) != 0)
		return FG_ERR_LIMIT;
	if (kind == ROTATED_HALF)
		(void)unlink(whole); /* the plain one is still there */
	else if (search->first == 0 || first < search->first) {
		search->first = first;
		(void)text_copy(ret_path, AUDIT_NAME_SIZE, whole);
	}
	return 0;
}

int
rotated_name_plain(const char *path, bool clear, char ret_path[AUDIT_NAME_SIZE])
{
	const char *slash = strrchr(path, '/');
	struct search search = { .base = slash == NULL ? path : slash + 1,
		.clear = clear };
	const struct dirent *entry;
	DIR *dir;
	int r = 0;

	ret_path[0] = '\0';
	search.len = (int)(search.base - path);
	if (text_format(ret_path, AUDIT_NAME_SIZE, "%.*s", search.len, path) !=
	    0)
		return FG_ERR_LIMIT;
	if ((dir = opendir(search.len == 0 ? "." : ret_path)) == NULL)
		return FG_ERR_SYSTEM;
	ret_path[0] = '\0';
	while (r == 0 && (entry = readdir(dir)) != NULL)
		r = look_at(&search, path, entry->d_name, ret_path);
	(void)closedir(dir); /* only read */
	if (r != 0)
		return r;
	return ret_path[0] == '\0' ? FG_ERR_NOT_FOUND : 0;
}
