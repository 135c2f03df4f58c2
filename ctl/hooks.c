/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is wrong with a hook, told before somebody waits for what it would have
 * said. The service's own look at it decides.
 */
#include "ctl/hooks.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl/ctl.h"
#include "policyd/hooks/hook_class.h"
#include "policyd/hooks/hook_file.h"
#include "policyd/privilege/safeopen.h"
#include "policyd/text.h"
#include "proto/result.h"

#define HOOKS_SOCKET "/run/farmgate/hooks.sock"

struct findings {
	size_t usable;
	struct conf_errors warnings;
};

static void
list_classes(char *buf, size_t size)
{
	size_t used = 0;
	int i;

	buf[0] = '\0';
	for (i = HOOK_NONE + 1; i < HOOK_COUNT && used < size; i++) {
		(void)text_format(buf + used, size - used, "%s, ",
		    hook_class_name((enum hook_class)i)); /* it has room */
		used += strlen(buf + used);
	}
	(void)text_format(buf + used, size - used, "%s", HOOK_DEFAULT);
}

static void
check_one(const char *folder, const char *name, struct findings *f)
{
	char path[PATH_MAX], classes[256];
	const char *why;
	int r;

	r = hook_file_find(folder, name, path, sizeof(path), &why);
	if (hook_class_by_name(name) == HOOK_NONE &&
	    strcmp(name, HOOK_DEFAULT) != 0) {
		list_classes(classes, sizeof(classes));
		conf_errors_add(&f->warnings, path, 0,
		    "warning: no event has this name, so it is never run; "
		    "there are: %s",
		    classes);
	} else if (r == FG_ERR_UNSAFE) {
		conf_errors_add(&f->warnings, path, 0,
		    "warning: it %s; until then it is not run", why);
	} else if (r != 0) {
		conf_errors_add(&f->warnings, path, 0,
		    "warning: not tested whether it can be run: %s",
		    text_error(r));
	} else {
		f->usable++;
	}
}

/* Copies that package managers and editors leave are told of, too: whoever made
 * one may think that it is run. */
static void
check_folder(const char *folder, struct findings *f)
{
	const struct dirent *entry;
	DIR *dir;

	if ((dir = opendir(folder)) == NULL) {
		if (errno != ENOENT)
			conf_errors_add(&f->warnings, folder, 0,
			    "warning: not tested what hooks there are: %s",
			    strerror(errno));
		return;
	}
	while ((entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] != '.')
			check_one(folder, entry->d_name, f);
	}
	(void)closedir(dir); /* only read */
	if (f->usable > 0 && access(HOOKS_SOCKET, F_OK) != 0)
		conf_errors_add(&f->warnings, folder, 0,
		    "warning: there is no %s, so no hook is run; systemctl "
		    "enable --now farmgate-hooks.socket",
		    HOOKS_SOCKET);
}

/* Of first and these rules that run the hook, the one further up. */
static const struct conf_live_rule *
first_hook(const struct conf_live_rule *rules, size_t n,
    const struct conf_live_rule *first)
{
	for (size_t i = 0; i < n; i++)
		if (rules[i].action == LIVE_HOOK &&
		    (first == NULL || rules[i].line < first->line))
			first = &rules[i];
	return first;
}

/* One that is there and cannot be run is told of with its folder. */
static void
check_live(const struct conf *conf, const char *folder, struct findings *f)
{
	const struct conf_live_rule *rule;
	char path[PATH_MAX];
	const char *why;

	rule = first_hook(conf->live, conf->nlive, NULL);
	for (size_t i = 0; i < conf->npolicies; i++)
		rule = first_hook(conf->policies[i].live,
		    conf->policies[i].nlive, rule);
	if (rule == NULL ||
	    hook_file_find(folder, HOOK_DEFAULT, path, sizeof(path), &why) !=
		FG_ERR_NOT_FOUND ||
	    hook_file_find(folder, hook_class_name(HOOK_LIVE), path,
		sizeof(path), &why) != FG_ERR_NOT_FOUND)
		return;
	conf_errors_add(&f->warnings, conf->path, rule->line,
	    "warning: %s = hook runs %s, and there is none; put a program "
	    "there, root's own and chmod 0755, or write alert",
	    finding_info(rule->code)->name, path);
}

void
hooks_check(const struct conf *conf)
{
	char *folder, *slash, path[PATH_MAX + 16];
	struct findings f = { .usable = 0 };

	if ((folder = realpath(conf->path, NULL)) == NULL)
		return; /* it was there just now */
	if ((slash = strrchr(folder, '/')) != NULL)
		*slash = '\0';
	if (text_format(path, sizeof(path), "%s/hooks", folder) == 0) {
		check_live(conf, path, &f);
		check_folder(path, &f);
	}
	conf_errors_print(&f.warnings, stderr);
	conf_errors_done(&f.warnings);
	free(folder);
}
