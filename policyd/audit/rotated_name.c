/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finding rotated files by their names, which nobody else makes.
 */
#include "policyd/audit/rotated_name.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
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

/* Of path; *ret_base is its own name, behind the folder's. */
static int
open_folder(const char *path, const char **ret_base, DIR **ret_dir)
{
	const char *slash = strrchr(path, '/');
	char folder[AUDIT_NAME_SIZE];

	*ret_dir = NULL;
	*ret_base = slash == NULL ? path : slash + 1;
	if (text_format(folder, sizeof(folder), "%.*s", (int)(*ret_base - path),
		path) != 0)
		return FG_ERR_LIMIT;
	*ret_dir = opendir(folder[0] == '\0' ? "." : folder);
	return *ret_dir == NULL ? FG_ERR_SYSTEM : 0;
}

int
rotated_name_plain(const char *path, bool clear, char ret_path[AUDIT_NAME_SIZE])
{
	struct search search = { .clear = clear };
	const struct dirent *entry;
	DIR *dir;
	int r;

	ret_path[0] = '\0';
	if ((r = open_folder(path, &search.base, &dir)) != 0)
		return r;
	search.len = (int)(search.base - path);
	while (r == 0 && (entry = readdir(dir)) != NULL)
		r = look_at(&search, path, entry->d_name, ret_path);
	(void)closedir(dir); /* only read */
	if (r != 0)
		return r;
	return ret_path[0] == '\0' ? FG_ERR_NOT_FOUND : 0;
}

/* ---- all of them -------------------------------------------------------- */

static int
keep_name(struct rotated **list, size_t *n, const char *name, const char *base)
{
	struct rotated r, *more;

	r.kind = rotated_name_kind(name, base, &r.first);
	if (r.kind != ROTATED_PLAIN && r.kind != ROTATED_PACKED)
		return 0;
	if (text_copy(r.name, sizeof(r.name), name) != 0)
		return FG_ERR_LIMIT;
	if ((more = reallocarray(*list, *n + 1, sizeof(*more))) == NULL)
		return FG_ERR_NOMEM;
	*list = more;
	more[(*n)++] = r;
	return 0;
}

static int
by_number(const void *a, const void *b)
{
	const struct rotated *x = a, *y = b;

	if (x->first != y->first)
		return x->first < y->first ? -1 : 1;
	return (int)x->kind - (int)y->kind;
}

int
rotated_names(const char *path, struct rotated **ret_list, size_t *ret_n)
{
	const struct dirent *entry;
	const char *base;
	DIR *dir;
	int r;

	*ret_list = NULL;
	*ret_n = 0;
	if ((r = open_folder(path, &base, &dir)) != 0)
		return r;
	while (r == 0 && (entry = readdir(dir)) != NULL)
		r = keep_name(ret_list, ret_n, entry->d_name, base);
	(void)closedir(dir); /* only read */
	if (r != 0) {
		free(*ret_list);
		*ret_list = NULL;
		*ret_n = 0;
	} else if (*ret_n > 1)
		qsort(*ret_list, *ret_n, sizeof(**ret_list), by_number);
	return r;
}
