/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reload: a new ruleset beside the old one, checked against what the daemon
 * can still reach after its drop, then swapped.
 */
#include "policyd/reload.h"

#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "policyd/log.h"
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

static size_t
reload_count_files(const struct conf *conf)
{
	size_t i, n = 1 + conf->ndatabases;

	for (i = 0; i < conf->nnetworks; i++)
		n += conf->networks[i].files.n;
	for (i = 0; i < conf->nasns; i++)
		n += conf->asns[i].files.n;
	return n;
}

/* The i-th file that the configuration needs, itself first. */
static const char *
reload_file(const struct conf *conf, size_t i)
{
	size_t n;

	if (i-- == 0)
		return conf->path;
	if (i < conf->ndatabases)
		return conf->databases[i].path;
	i -= conf->ndatabases;
	for (n = 0; n < conf->nnetworks; n++) {
		if (i < conf->networks[n].files.n)
			return conf->networks[n].files.v[i];
		i -= conf->networks[n].files.n;
	}
	for (n = 0; n < conf->nasns; n++) {
		if (i < conf->asns[n].files.n)
			return conf->asns[n].files.v[i];
		i -= conf->asns[n].files.n;
	}
	return NULL;
}

char **
reload_folders(const struct conf *conf)
{
	size_t i, n = reload_count_files(conf);
	char **folders;

	if ((folders = calloc(n + 1, sizeof(*folders))) == NULL)
		return NULL;
	for (i = 0; i < n; i++) {
		folders[i] = reload_folder(reload_file(conf, i));
		if (folders[i] == NULL) {
			reload_folders_free(folders);
			return NULL;
		}
	}
	return folders;
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

static int
reload_check_folders(const struct daemon *daemon, const struct conf *conf,
    struct conf_errors *errors)
{
	char **folders;
	int r = 0;
	size_t i;

	if ((folders = reload_folders(conf)) == NULL)
		return FG_ERR_NOMEM;
	for (i = 0; folders[i] != NULL; i++) {
		if (reload_is_open(daemon->folders, folders[i]))
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

/* What was opened as root at the start stays as it was. */
static int
reload_check_fixed(const struct conf *old, const struct conf *new,
    struct conf_errors *errors)
{
	int r = 0;

	if (strcmp(old->audit, new->audit) != 0) {
		conf_errors_add(errors, new->path, 0,
		    "audit changed to %s; restart needed", new->audit);
		r = FG_ERR_CONFIG;
	}
	if (strcmp(old->state, new->state) != 0) {
		conf_errors_add(errors, new->path, 0,
		    "state changed to %s; restart needed", new->state);
		r = FG_ERR_CONFIG;
	}
	return r;
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
static int
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

static int
reload_build(const struct daemon *daemon, struct ruleset **ret_rules,
    struct conf_errors *errors)
{
	struct ruleset *rules = NULL;
	int r;

	*ret_rules = NULL;
	if ((r = ruleset_load(daemon->options.config, &rules, errors)) != 0 ||
	    (r = reload_check_fixed(daemon->rules->conf, rules->conf,
		 errors)) != 0 ||
	    (r = reload_check_folders(daemon, rules->conf, errors)) != 0 ||
	    (r = reload_check_databases(daemon->rules, rules, errors)) != 0) {
		ruleset_release(rules);
		return r;
	}
	*ret_rules = rules;
	return 0;
}

static void
reload_log(bool ok, const struct conf_errors *errors,
    const struct ruleset *rules)
{
	conf_errors_log(errors, log_err);
	if (!ok) {
		log_err("reload: %s has errors; the old policy stays",
		    rules->conf->path);
		return;
	}
	conf_errors_log(&rules->warnings, log_warn);
	log_info("reload: %s is in force, sha256 %s", rules->conf->path,
	    rules->conf->hash);
}

static void
reload_record(struct daemon *daemon, const struct reload_by *by,
    const char *old_hash, const struct conf_errors *errors)
{
	struct json *record, *who;

	record = audit_record(daemon->audit, "reload", daemon_wall_ns());
	json_set_bool(record, "ok", daemon->refused_at_s == 0);
	json_set_int(record, "errors", (int64_t)errors->count);
	json_set_untrusted(record, "file", daemon->options.config);
	json_set_string(record, "old_sha256", old_hash);
	json_set_string(record, "sha256", daemon->rules->conf->hash);
	who = json_set_object(record, "by");
	if (by->peer == NULL) {
		json_set_string(who, "signal", "SIGHUP");
	} else {
		json_set_int(who, "uid", by->peer->uid);
		if (by->peer->loginuid == (uint32_t)-1)
			json_set_null(who, "loginuid");
		else
			json_set_int(who, "loginuid", by->peer->loginuid);
		json_set_int(who, "pid", by->peer->pid);
	}
	(void)daemon_audit(daemon, record, true); /* reported there */
}

int
reload(struct daemon *daemon, const struct reload_by *by,
    struct conf_errors *errors)
{
	struct ruleset *new, *old = daemon->rules;
	char old_hash[CONF_HASH_SIZE];
	int r;

	memcpy(old_hash, old->conf->hash, sizeof(old_hash));
	r = reload_build(daemon, &new, errors);
	if (r == FG_ERR_NOMEM)
		conf_errors_add(errors, daemon->options.config, 0,
		    "out of memory; free some and reload again");
	if (r == 0) {
		daemon->rules = new;
		ruleset_release(old);
	}
	daemon->refused_at_s = r == 0 ? 0 : daemon_wall_ns() / 1000000000;
	reload_log(r == 0, errors, daemon->rules);
	reload_record(daemon, by, old_hash, errors);
	return r == 0 ? 0 : FG_ERR_CONFIG;
}
