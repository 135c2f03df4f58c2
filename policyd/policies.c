/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One file for each text, which is never changed: the same text is the same
 * file, however often it comes back. What has become another text is written
 * anew.
 */
#include "policyd/policies.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "policyd/log.h"
#include "policyd/secret_file.h"
#include "policyd/text.h"
#include "proto/result.h"

static void
complain(const char *why)
{
	log_err("policies: %s: what was decided by this configuration can "
		"later not be explained by its text",
	    why);
}

static int
folder_of(const struct conf *conf, char folder[PATH_MAX])
{
	return text_format(folder, PATH_MAX, "%s/" POLICIES_FOLDER,
	    conf->state);
}

bool
policies_is_hash(const char *text)
{
	return strlen(text) == CONF_HASH_SIZE - 1 &&
	    text[strspn(text, "0123456789abcdef")] == '\0';
}

int
policies_path(const struct conf *conf, const char *hash, char *buf, size_t size)
{
	return text_format(buf, size,
	    "%s/" POLICIES_FOLDER "/%s" POLICIES_SUFFIX, conf->state, hash);
}

/* FG_ERR_NOT_FOUND: there is none; FG_ERR_FORMAT, FG_ERR_UNSAFE: it is none
 * that the daemon has written; or another error. */
static int
check(const struct secret_file *file, const char *text)
{
	char *there;
	int r;

	if ((there = malloc(file->size + 1)) == NULL)
		return secret_file_refuse(file, FG_ERR_NOMEM,
		    "cannot be read: out of memory");
	r = secret_file_load(file, there);
	if (r == 0 && memcmp(there, text, file->size) != 0)
		r = FG_ERR_FORMAT;
	free(there);
	return r;
}

void
policies_keep(const struct conf *conf)
{
	char folder[PATH_MAX], name[CONF_HASH_SIZE + sizeof(POLICIES_SUFFIX)];
	char why[SECRET_FILE_WHY_SIZE], path[PATH_MAX];
	const struct secret_file file = { .folder = folder,
		.name = name,
		.fresh = "fresh",
		.size = conf->len,
		.lost = "",
		.exposed = "",
		.why = why };
	int r;

	if (folder_of(conf, folder) != 0 ||
	    policies_path(conf, conf->hash, path, sizeof(path)) != 0) {
		complain("the path of the state folder is too long");
		return;
	}
	(void)text_format(name, sizeof(name), "%s" POLICIES_SUFFIX, conf->hash);
	r = check(&file, conf->text);
	if (r == FG_ERR_FORMAT || r == FG_ERR_UNSAFE) {
		log_warn("policies: %s was spoilt, and is written anew", path);
		(void)unlink(path); /* else that is the next error */
		r = FG_ERR_NOT_FOUND;
	}
	if (r == FG_ERR_NOT_FOUND)
		r = secret_file_make(&file, conf->text);
	if (r != 0)
		complain(why);
}

void
policies_open(const struct conf *conf)
{
	char folder[PATH_MAX];

	if (folder_of(conf, folder) == 0 && mkdir(folder, 0700) != 0 &&
	    errno != EEXIST) {
		complain(strerror(errno));
		return;
	}
	policies_keep(conf);
}
