/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a new configuration may not ask of a daemon that has given its
 * privileges up, and may not lose. Pure but for access(2).
 */
#include "policyd/reload/reload_check.h"

#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "policyd/reload/filewatch.h"
#include "proto/result.h"

/* The folder of path, or NULL. */
static char *
reload_folder(const char *path)
{
	char *copy, *folder;

	if ((copy = strdup(path)) == NULL)
		return NULL;
	folder = strdup(dirname(copy));
	free(copy);
	return folder;
}

/* The i-th file that the configuration needs, itself first. */
static const char *
reload_file(const struct conf *conf, size_t i)
{
	return i == 0 ? conf->path : filewatch_path(conf, i - 1);
}

/* Folders of the catalogue need not be there. */
static int
reload_add_catalogue(const struct conf *conf, char **folders)
{
	const struct conf_strings *catalogue = &conf->machine.catalogue;
	size_t i, n = 0;

	for (i = 0; i < catalogue->n; i++) {
		if (access(catalogue->v[i], F_OK) != 0)
			continue;
		if ((folders[n++] = strdup(catalogue->v[i])) == NULL)
			return FG_ERR_NOMEM;
	}
	return 0;
}

char **
reload_folders(const struct conf *conf)
{
	size_t i, n = 0;
	char **folders;

	while (reload_file(conf, n) != NULL)
		n++;
	folders = calloc(n + conf->machine.catalogue.n + 1, sizeof(*folders));
	if (folders == NULL)
		return NULL;
	for (i = 0; i < n; i++) {
		folders[i] = reload_folder(reload_file(conf, i));
		if (folders[i] == NULL)
			goto fail;
	}
	if (reload_add_catalogue(conf, folders + n) == 0)
		return folders;
fail:
	reload_folders_free(folders);
	return NULL;
}

void
reload_folders_free(char **folders)
{
	size_t i;

	if (folders == NULL)
		return;
	for (i = 0; folders[i] != NULL; i++)
		free(folders[i]);
	free(folders);
}

void
reload_folders_existing(char **folders)
{
	size_t i, n = 0;

	for (i = 0; folders[i] != NULL; i++) {
		if (access(folders[i], F_OK) == 0)
			folders[n++] = folders[i];
		else
			free(folders[i]);
	}
	folders[n] = NULL;
}

static bool
reload_is_open(char *const *folders, const char *folder)
{
	size_t i, n;

	for (i = 0; folders[i] != NULL; i++) {
		n = strlen(folders[i]);
		if (strncmp(folders[i], folder, n) == 0 &&
		    (folder[n] == '\0' || folder[n] == '/'))
			return true;
	}
	return false;
}

int
reload_check_folders(char *const *open, const struct conf *conf,
    struct conf_errors *errors)
{
	char **folders;
	int r = 0;
	size_t i;

	if ((folders = reload_folders(conf)) == NULL)
		return FG_ERR_NOMEM;
	for (i = 0; folders[i] != NULL; i++) {
		if (reload_is_open(open, folders[i]))
			continue;
		conf_errors_add(errors, conf->path, 0,
		    "%s was no folder of "
		    "the configuration when the daemon started; restart "
		    "needed",
		    folders[i]);
		r = FG_ERR_CONFIG;
	}
	reload_folders_free(folders);
	return r;
}

static const char *
or_none(const char *path)
{
	return path == NULL ? "none" : path;
}

/* What was opened or kept as root at the start stays as it was. */
int
reload_check_fixed(const struct conf *old, const struct conf *new,
    struct conf_errors *errors)
{
	int r = 0;

	if (strcmp(old->audit, new->audit) != 0) {
		conf_errors_add(errors, new->path, 0,
		    "audit changed to %s; restart needed", new->audit);
		r = FG_ERR_CONFIG;
	}
	if (strcmp(or_none(old->anchors), or_none(new->anchors)) != 0) {
		conf_errors_add(errors, new->path, 0,
		    "anchors changed to %s; restart needed",
		    or_none(new->anchors));
		r = FG_ERR_CONFIG;
	}
	if (strcmp(old->state, new->state) != 0) {
		conf_errors_add(errors, new->path, 0,
		    "state changed to %s; restart needed", new->state);
		r = FG_ERR_CONFIG;
	}
	if (old->terminate != new->terminate) {
		conf_errors_add(errors, new->path, 0,
		    "terminate changed to %s; restart needed",
		    new->terminate ? "yes" : "no");
		r = FG_ERR_CONFIG;
	}
	return r;
}

/* What is shipped may be missing at the start, and not go missing later. */
int
reload_check_catalogue(const struct ruleset *old, const struct ruleset *new,
    struct conf_errors *errors)
{
	if (!new->partial || old->partial)
		return 0;
	conf_errors_add(errors, new->conf->machine.catalogue.v[0], 0,
	    "there is no such folder; the catalogue in memory stays, install "
	    "it there, or name its folder with catalogue = {...}, and reload "
	    "again");
	return FG_ERR_CONFIG;
}

static bool
reload_has_database(const struct geo *geo, const char *path)
{
	size_t i;

	for (i = 0; i < geo_count(geo); i++) {
		if (strcmp(geo_info(geo, i)->path, path) == 0)
			return true;
	}
	return false;
}

/*
 * A database that could be used and cannot be any more is an updater at work
 * or a mistake: to go on without it would let in whom it kept out.
 */
int
reload_check_databases(const struct ruleset *old, const struct ruleset *new,
    struct conf_errors *errors)
{
	const struct conf_error *w;
	const char *path;
	size_t i;
	int r = 0;

	for (i = 0; i < new->conf->ndatabases; i++) {
		path = new->conf->databases[i].path;
		if (reload_has_database(new->geo, path) ||
		    !reload_has_database(old->geo, path))
			continue;
		conf_errors_add(errors, path, 0,
		    "could be used before and cannot now; the database in "
		    "memory stays, repair the file and reload again");
		r = FG_ERR_CONFIG;
	}
	for (i = 0; r != 0 && i < new->warnings.count; i++) {
		w = &new->warnings.list[i];
		conf_errors_add(errors, w->file, w->line, "%s", w->text);
	}
	return r;
}
