/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Of logrotate's files only the patterns are read, which stand where a section
 * begins.
 */
#include "ctl/logrotate.h"

#include <dirent.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/text.h"

#define BLANKS	  " \t\r\n\"'{"
#define NAME_SIZE 4096u

static bool
line_has(char *line, const char *path)
{
	char *word, *rest = NULL;

	for (word = strtok_r(line, BLANKS, &rest); word != NULL;
	     word = strtok_r(NULL, BLANKS, &rest)) {
		if (word[0] != '/')
			return false; /* an option, or a comment */
		if (fnmatch(word, path, FNM_PATHNAME) == 0)
			return true;
	}
	return false;
}

static unsigned int
find_line(FILE *file, const char *path)
{
	unsigned int n = 0, found = 0;
	char *line = NULL;
	size_t size = 0;

	while (found == 0 && getline(&line, &size, file) != -1) {
		n++;
		if (line_has(line, path))
			found = n;
	}
	free(line);
	return found;
}

static void
look_at(const struct conf *conf, const char *name, struct conf_errors *warnings)
{
	unsigned int line;
	FILE *file;

	if ((file = fopen(name, "re")) == NULL)
		return; /* then it is not known */
	if ((line = find_line(file, conf->audit)) != 0)
		conf_errors_add(warnings, name, line,
		    "warning: logrotate rotates %s as well, and what it "
		    "removes is a gap for farmgatectl audit verify; the daemon "
		    "does it by audit_rotate_size, audit_rotate_age and "
		    "audit_keep: remove it there",
		    conf->audit);
	(void)fclose(file); /* only read */
}

void
logrotate_warn(const struct conf *conf, const char *folder,
    struct conf_errors *warnings)
{
	const struct dirent *entry;
	char name[NAME_SIZE];
	DIR *dir;

	if (conf->audit_keep_s == 0 || (dir = opendir(folder)) == NULL)
		return;
	while ((entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.' &&
		    text_format(name, sizeof(name), "%s/%s", folder,
			entry->d_name) == 0)
			look_at(conf, name, warnings);
	(void)closedir(dir); /* only read */
}
