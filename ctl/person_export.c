/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl person export: one object of JSON, written as it comes, so that
 * memory is bounded: what the daemon has, and then each record of the audit log
 * that names them, as the daemon wrote it.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "ctl/audit/line.h"
#include "ctl/audit/naming.h"
#include "ctl/audit/source.h"
#include "ctl/person.h"
#include "policyd/audit/audit.h"
#include "policyd/conf.h"
#include "proto/result.h"

#define COMMAND "person"

struct copy {
	const char *user, *output, *config, *file;
	FILE *out;
	struct naming *naming;
	uint64_t rows, records;
	bool begun;
	bool held; /* more than that they were asked for */
	bool failed; /* something is missing */
};

/* ---- writing ------------------------------------------------------------ */

/* One object behind the others of a list. */
static void
put(struct copy *copy, uint64_t *n, const char *text, size_t len)
{
	fputs((*n)++ == 0 ? "\n" : ",\n", copy->out);
	(void)fwrite(text, 1, len, copy->out); /* the end tells */
}

static int
begin(struct copy *copy)
{
	struct json *json = json_new();
	char *text;

	copy->begun = true;
	json_set_int(json, "v", 1);
	json_set_untrusted(json, "user", copy->user);
	json_set_int(json, "at", (int64_t)time(NULL));
	text = json_text(json);
	json_free(json);
	if (text == NULL) {
		ctl_complain("person: out of memory");
		return CTL_ERROR;
	}
	text[strlen(text) - 1] = '\0'; /* it goes on */
	fprintf(copy->out, "%s,\"store\":[", text);
	free(text);
	return CTL_OK;
}

/* A new file, which nobody else may read. */
static int
open_output(struct copy *copy)
{
	int fd;

	copy->out = stdout;
	if (copy->output == NULL)
		return CTL_OK;
	fd = open(copy->output,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd != -1 && (copy->out = fdopen(fd, "w")) != NULL)
		return CTL_OK;
	ctl_complain("person: %s: %s", copy->output, strerror(errno));
	if (fd != -1)
		(void)close(fd); /* nothing is in it */
	return CTL_ERROR;
}

static int
close_output(struct copy *copy)
{
	int r = fflush(copy->out);

	if (r == 0 && ferror(copy->out))
		r = -1;
	if (copy->out != stdout && fclose(copy->out) != 0)
		r = -1;
	if (r == 0)
		return CTL_OK;
	ctl_complain("person: %s: %s",
	    copy->output != NULL ? copy->output : "standard output",
	    strerror(errno));
	return CTL_ERROR;
}

/* ---- the store ---------------------------------------------------------- */

static int
no_memory(int r)
{
	if (r == 0)
		return CTL_OK;
	ctl_complain(r == FG_ERR_LIMIT ? "person: they have too many names" :
					 "person: out of memory");
	return CTL_ERROR;
}

/* By what they are called here, and the login ids of that. */
static int
take_names(struct copy *copy, const struct json *names)
{
	const struct passwd *pw;
	const char *name;

	for (size_t i = 0; i < json_length(names); i++) {
		name = json_string_at(names, i, "");
		if (i > 0 && strcmp(name, json_string_at(names, 0, "")) == 0)
			continue;
		if (no_memory(naming_add(copy->naming, name)) != CTL_OK)
			return CTL_ERROR;
		if ((pw = getpwnam(name)) != NULL &&
		    no_memory(naming_add_id(copy->naming, pw->pw_uid)) !=
			CTL_OK)
			return CTL_ERROR;
	}
	return CTL_OK;
}

static int
take_row(struct json *row, void *arg)
{
	struct copy *copy = arg;
	char *text;

	if (!copy->begun && begin(copy) != CTL_OK)
		return CTL_ERROR;
	copy->held = copy->held || json_get_bool(row, "known", true);
	if (strcmp(json_get_string(row, "of", ""), "inventory") == 0 &&
	    take_names(copy, json_get(row, "names")) != CTL_OK)
		return CTL_ERROR;
	if ((text = json_text(row)) == NULL)
		return no_memory(FG_ERR_NOMEM);
	put(copy, &copy->rows, text, strlen(text));
	json_text_free(text);
	return CTL_OK;
}

static int
copy_store(const struct ctl *ctl, struct copy *copy)
{
	struct json *command = json_new();

	json_set_string(command, "do", "person.export");
	json_set_string(command, "user", copy->user);
	return ctl_ask_lines(ctl, command, true, take_row, copy);
}

/* ---- the audit log ------------------------------------------------------ */

static void
take_line(struct copy *copy, const struct source_line *line)
{
	struct line_parts parts;

	if (line->cut || line->torn ||
	    !naming_has(copy->naming, line->text, line->len) ||
	    !line_parse(line->text, line->len, &parts))
		return;
	copy->held = copy->held ||
	    !line_has(line->text, line->len, "\"event\":\"person\"");
	put(copy, &copy->records, line->text, line->len);
}

static void
read_log(struct copy *copy, const char *path)
{
	char why[SOURCE_WHY_SIZE];
	struct source_line line;
	struct source *source;
	int r;

	if (source_open(path, true, &source, why) != 0) {
		ctl_complain("person: %s", why);
		copy->failed = true;
		return;
	}
	while ((r = source_next(source, &line, why)) != FG_ERR_NOT_FOUND) {
		if (r == 0) {
			take_line(copy, &line);
			continue;
		}
		ctl_complain("person: %s", why);
		copy->failed = true;
	}
	source_free(source);
}

static void
copy_log(struct copy *copy)
{
	char *path;

	path = copy->file != NULL ? strdup(copy->file) :
				    ctl_audit_path(COMMAND, copy->config);
	if (path == NULL)
		copy->failed = true;
	else
		read_log(copy, path);
	free(path);
}

/* ---- the command -------------------------------------------------------- */

static int
take_options(int argc, char **argv, struct copy *copy)
{
	const struct ctl_option options[] = {
		{ "output", &copy->output, NULL },
		{ "config", &copy->config, NULL },
		{ "file", &copy->file, NULL },
		{ NULL, NULL, NULL },
	};

	if (ctl_take_options(COMMAND, argc, argv, options) != CTL_OK)
		return CTL_ERROR;
	if (optind + 1 != argc)
		return ctl_misuse(COMMAND, "person export: one user is needed");
	copy->user = argv[optind];
	return ctl_is_argument("USER", copy->user, FG_USER_MAX) ? CTL_OK :
								  CTL_ERROR;
}

static int
make(const struct ctl *ctl, struct copy *copy)
{
	int status;

	/* Whoever is refused gets no half of an object. */
	if ((status = copy_store(ctl, copy)) != CTL_OK)
		return status;
	if (!copy->begun && begin(copy) != CTL_OK)
		return CTL_ERROR;
	fputs("\n],\"audit\":[", copy->out);
	copy_log(copy);
	/* That something is missing is not to be seen here only. */
	fprintf(copy->out, "\n],\"whole\":%s}\n",
	    copy->failed ? "false" : "true");
	return copy->failed ? CTL_ERROR : CTL_OK;
}

/* What was made, or that there was nothing to make: as of a name mistyped. */
static int
tell(const struct copy *copy)
{
	if (copy->output != NULL)
		printf("%s: %llu rows of the store, %llu records of the audit "
		       "log\n",
		    copy->output, (unsigned long long)copy->rows,
		    (unsigned long long)copy->records);
	if (copy->held)
		return CTL_OK;
	ctl_complain("person: nothing is held on %s; is the name right?",
	    copy->user);
	return CTL_NO;
}

int
person_export(const struct ctl *ctl, int argc, char **argv)
{
	struct copy copy = { .config = CONF_FILE };
	int status;

	if (take_options(argc, argv, &copy) != CTL_OK)
		return CTL_ERROR;
	if ((copy.naming = naming_new()) == NULL)
		return no_memory(FG_ERR_NOMEM);
	if ((status = open_output(&copy)) == CTL_OK) {
		status = make(ctl, &copy);
		if (close_output(&copy) != CTL_OK)
			status = CTL_ERROR;
		if (copy.output != NULL && !copy.begun)
			(void)unlink(copy.output); /* our own, and empty */
	}
	if (status == CTL_OK)
		status = tell(&copy);
	naming_free(copy.naming);
	return status;
}
