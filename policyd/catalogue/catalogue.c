/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The catalogue's life: which files make it, in which order, and how it ends.
 */
#include "policyd/catalogue/catalogue.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/catalogue/catalogue_parts.h"
#include "policyd/crypto.h"
#include "proto/result.h"

/* ---- its life ---------------------------------------------------------- */

void
catalogue_entry_done(struct catalogue_entry *entry)
{
	size_t i;

	for (i = 0; i < entry->nkeys; i++)
		conf_strings_done(&entry->keys[i].values);
	free(entry->keys);
	free(entry->name);
	free(entry->file);
	free(entry->rules);
	memset(entry, 0, sizeof(*entry));
}

void
catalogue_free(struct catalogue *catalogue)
{
	size_t i;

	if (catalogue == NULL)
		return;
	for (i = 0; i < catalogue->nentries; i++)
		catalogue_entry_done(&catalogue->entries[i]);
	free(catalogue->entries);
	free(catalogue);
}

/* ---- files ------------------------------------------------------------- */

/* Each file's hash, and that of the files before it. */
static void
add_hash(struct catalogue *catalogue, const char *text, size_t len)
{
	char both[2 * CRYPTO_HEX_SIZE];

	memcpy(both, catalogue->hash, CRYPTO_HEX_SIZE);
	crypto_sha256_hex(text, len, both + CRYPTO_HEX_SIZE);
	crypto_sha256_hex(both, sizeof(both), catalogue->hash);
}

/* text is changed; text[len] is NUL. */
static int
read_text(struct catalogue *catalogue, size_t folder, const char *name,
    char *text, size_t len, struct conf_errors *errors)
{
	struct catalogue_build b = {
		.reader = { .file = name, .errors = errors },
		.catalogue = catalogue,
		.folder = folder,
	};
	int r;

	add_hash(catalogue, text, len);
	catalogue->nfiles++;
	r = conf_form_parse(&catalogue_grammar, name, text, len, errors,
	    &b.scan, catalogue_read, &b);
	free(b.scan.titles);
	return r;
}

static int
read_file(struct catalogue *catalogue, size_t folder, const char *path,
    struct conf_errors *errors)
{
	char *text;
	size_t len;
	int r;

	r = conf_form_read(path, CATALOGUE_FILE_MAX, &text, &len, errors);
	if (r != 0)
		return r;
	r = read_text(catalogue, folder, path, text, len, errors);
	free(text);
	return r;
}

/* ---- folders ----------------------------------------------------------- */

struct names {
	char *v[CATALOGUE_FILES_MAX];
	size_t n;
};

static bool
is_file_of_catalogue(const char *name)
{
	size_t len = strlen(name);

	return name[0] != '.' && len > 5 &&
	    strcmp(name + len - 5, ".conf") == 0;
}

static int
compare_names(const void *a, const void *b)
{
	const char *const *sa = a, *const *sb = b;

	return strcmp(*sa, *sb);
}

static void
names_done(struct names *names)
{
	while (names->n > 0)
		free(names->v[--names->n]);
}

/* Returns 0, FG_ERR_NOMEM, FG_ERR_SYSTEM, or FG_ERR_LIMIT: there are more. */
static int
list_names(const char *folder, struct names *names)
{
	const struct dirent *entry;
	DIR *dir = opendir(folder);
	int r = 0, saved;

	names->n = 0;
	if (dir == NULL)
		return FG_ERR_SYSTEM;
	for (errno = 0; r == 0 && (entry = readdir(dir)) != NULL; errno = 0) {
		if (!is_file_of_catalogue(entry->d_name))
			continue;
		if (names->n == CATALOGUE_FILES_MAX)
			r = FG_ERR_LIMIT;
		else if ((names->v[names->n] = strdup(entry->d_name)) == NULL)
			r = FG_ERR_NOMEM;
		else
			names->n++;
	}
	if (r == 0 && errno != 0)
		r = FG_ERR_SYSTEM;
	saved = errno;
	(void)closedir(dir); /* was only read */
	errno = saved;
	qsort(names->v, names->n, sizeof(names->v[0]), compare_names);
	return r;
}

/* Without one of the first folder there is nothing to look for. */
static int
report_folder(const char *folder, bool first, int r, struct conf_errors *errors)
{
	if (r == FG_ERR_SYSTEM && errno == ENOENT && !first)
		return 0;
	if (r == FG_ERR_SYSTEM)
		conf_errors_add(errors, folder, 0, "cannot be read: %s; %s",
		    strerror(errno),
		    errno == EACCES ?
			"let everybody search it with chmod 0755, as the "
			"daemon reads it as a user of its own, or use sudo" :
			"install the catalogue there, or name another folder "
			"in catalogue of farmgate.conf");
	else if (r == FG_ERR_LIMIT)
		conf_errors_add(errors, folder, 0,
		    "has more than %u files; put entries of one kind in one "
		    "file",
		    CATALOGUE_FILES_MAX);
	else if (r == 0 && first)
		conf_errors_add(errors, folder, 0,
		    "holds no file that ends in .conf; install the catalogue "
		    "there, or name another folder in catalogue of "
		    "farmgate.conf");
	return r == FG_ERR_NOMEM ? r : 0;
}

static int
read_folder(struct catalogue *catalogue, size_t number, const char *folder,
    struct conf_errors *errors)
{
	struct names names;
	char *path;
	size_t i;
	int r;

	r = list_names(folder, &names);
	if (r != 0 || names.n == 0)
		r = report_folder(folder, number == 0, r, errors);
	for (i = 0; i < names.n && r != FG_ERR_NOMEM; i++) {
		if (asprintf(&path, "%s/%s", folder, names.v[i]) == -1) {
			r = FG_ERR_NOMEM;
			break;
		}
		r = read_file(catalogue, number, path, errors);
		free(path);
	}
	names_done(&names);
	return r == FG_ERR_NOMEM ? r : 0; /* errors has the others */
}

/* Everything was read; takes the catalogue. */
static int
finish(struct catalogue *catalogue, int r, struct catalogue **ret_catalogue,
    struct conf_errors *errors)
{
	if (r == 0)
		r = catalogue_link(catalogue, errors);
	if (r == 0 && (errors->count != 0 || errors->lost))
		r = FG_ERR_CONFIG;
	conf_errors_sort(errors, "");
	if (r == 0)
		*ret_catalogue = catalogue;
	else
		catalogue_free(catalogue);
	return r;
}

int
catalogue_load(const char *const *folders, size_t n,
    struct catalogue **ret_catalogue, struct conf_errors *errors)
{
	struct catalogue *catalogue;
	size_t i;
	int r = 0;

	*ret_catalogue = NULL;
	if ((catalogue = calloc(1, sizeof(*catalogue))) == NULL)
		return FG_ERR_NOMEM;
	for (i = 0; i < n && r == 0; i++)
		r = read_folder(catalogue, i, folders[i], errors);
	return finish(catalogue, r, ret_catalogue, errors);
}

int
catalogue_parse(const char *name, const void *data, size_t len,
    struct catalogue **ret_catalogue, struct conf_errors *errors)
{
	struct catalogue *catalogue = calloc(1, sizeof(*catalogue));
	char *text = malloc(len + 1);
	int r = FG_ERR_NOMEM;

	*ret_catalogue = NULL;
	if (catalogue == NULL || text == NULL)
		goto out;
	if (len != 0)
		memcpy(text, data, len);
	text[len] = '\0';
	r = read_text(catalogue, 0, name, text, len, errors);
	if (r == FG_ERR_CONFIG)
		r = 0; /* errors has it */
	r = finish(catalogue, r, ret_catalogue, errors);
	catalogue = NULL;
out:
	free(text);
	catalogue_free(catalogue);
	return r;
}

/* ---- what is in it ----------------------------------------------------- */

const struct catalogue_entry *
catalogue_find_kind(const struct catalogue *catalogue, enum entry_kind kind,
    const char *name)
{
	const struct catalogue_entry *e;
	size_t i;

	for (i = 0; i < catalogue->nentries; i++) {
		e = &catalogue->entries[i];
		if ((kind == ENTRY_NONE || e->kind == kind) &&
		    strcmp(e->name, name) == 0)
			return e;
	}
	return NULL;
}

const struct catalogue_entry *
catalogue_find(const struct catalogue *catalogue, const char *name)
{
	return catalogue_find_kind(catalogue, ENTRY_NONE, name);
}
