/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A service's PAM stack as libpam 1.5.2 puts it together: which lines there
 * are, of which type, and what @include, include and substack bring in. Files
 * are opened through safeopen(). Every line that libpam would make fail, or
 * that makes it give up, is an error.
 */
#include "ctl/pam/stack.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <security/pam_modules.h>

#include "ctl/pam/control.h"
#include "ctl/pam/scan.h"
#include "policyd/privilege/safeopen.h"
#include "policyd/text.h"
#include "proto/result.h"

#define FILE_MAX  (256u * 1024u)
#define LINES_MAX 1000u
#define FILES_MAX 256u /* that are brought in, each as often as it is */
#define LEVEL_MAX 16u /* of substacks libpam's own; of others, ours */

static const char *const type_names[STACK_TYPES] = {
	[STACK_NONE] = "none",
	[STACK_AUTH] = "auth",
	[STACK_ACCOUNT] = "account",
	[STACK_SESSION] = "session",
	[STACK_PASSWORD] = "password",
};

struct reader {
	struct stack *stack;
	unsigned int files; /* brought in so far */
	const char *confdir;
	struct conf_errors *errors;
};

/* A file that is being read, and what of it is asked for. */
struct source {
	const char *path;
	enum stack_type only; /* NONE: every type */
	unsigned int level; /* of files around it */
	unsigned int depth; /* of substacks around it */
	unsigned int own_line; /* 0: it is the service's own */
	unsigned int line; /* that is being read */
};

/* The file that holds it. */
struct text {
	char *path;
	char *data;
	size_t len;
};

/* A line's words. */
struct words {
	enum stack_type type;
	bool is_optional;
	bool bracketed; /* the control */
	char *control;
	char *rest; /* behind it */
};

static int read_file(struct reader *rd, struct source *src, const char *data,
    size_t len);

const char *
stack_type_name(enum stack_type type)
{
	return type_names[type];
}

/* ---- one line ----------------------------------------------------------- */

static void
line_done(struct stack_line *line)
{
	int i;

	for (i = 0; i < line->argc; i++)
		free(line->argv[i]);
	free(line->argv);
	free(line->module);
	free(line->control);
	free(line->file);
}

static int
add_argument(struct stack_line *line, const char *word)
{
	char **v;

	v = reallocarray(line->argv, (size_t)line->argc + 2, sizeof(*v));
	if (v == NULL)
		return FG_ERR_NOMEM;
	line->argv = v;
	v[line->argc + 1] = NULL;
	if ((v[line->argc] = strdup(word)) == NULL)
		return FG_ERR_NOMEM;
	line->argc++;
	return 0;
}

static int
set_arguments(struct stack_line *line, char *rest)
{
	bool bracketed;
	char *word;

	if ((line->argv = calloc(1, sizeof(*line->argv))) == NULL)
		return FG_ERR_NOMEM;
	while ((word = scan_word(&rest, &bracketed)) != NULL)
		if (add_argument(line, word) != 0)
			return FG_ERR_NOMEM;
	return 0;
}

/* A line at the end of the stack, or NULL without memory for it. */
static struct stack_line *
add_line(struct reader *rd, const struct source *src, const struct words *words)
{
	struct stack *st = rd->stack;
	struct stack_line *v, *line;

	v = reallocarray(st->lines, st->n + 1, sizeof(*v));
	if (v == NULL)
		return NULL;
	st->lines = v;
	line = &v[st->n++];
	*line = (struct stack_line){ .type = words->type,
		.line = src->line,
		.own_line = src->own_line != 0 ? src->own_line : src->line,
		.depth = src->depth,
		.is_optional = words->is_optional };
	if ((line->file = strdup(src->path)) == NULL)
		return NULL;
	if (asprintf(&line->control, words->bracketed ? "[%s]" : "%s",
		words->control) == -1) {
		line->control = NULL;
		return NULL;
	}
	return line;
}

static int
add_module(struct reader *rd, struct source *src, struct words *words)
{
	struct stack_line *line;
	const char *why, *at;
	bool bracketed;
	char *module;
	int r;

	if ((module = scan_word(&words->rest, &bracketed)) == NULL) {
		conf_errors_add(rd->errors, src->path, src->line,
		    "\"%s\" without a module, which fails every login; "
		    "name one, or take the line out",
		    words->control);
		return 0;
	}
	if ((line = add_line(rd, src, words)) == NULL ||
	    (line->module = strdup(module)) == NULL)
		return FG_ERR_NOMEM;
	if ((r = set_arguments(line, words->rest)) != 0)
		return r;
	if (control_parse(words->control, line->actions, &why, &at) != 0)
		conf_errors_add(rd->errors, src->path, src->line,
		    "the control %s makes the line fail always: \"%s\" %s; "
		    "see pam.conf(5)",
		    line->control, at, why);
	return 0;
}

/* ---- files that others bring in ----------------------------------------- */

/* Where the file of that name is: *ret_path is the caller's to free. */
static int
find_path(const char *folder, const char *name, char **ret_path)
{
	int n;

	if (name[0] == '/')
		n = asprintf(ret_path, "%s", name);
	else
		n = asprintf(ret_path, "%s/%s", folder, name);
	if (n == -1)
		*ret_path = NULL;
	return n == -1 ? FG_ERR_NOMEM : 0;
}

/* Likewise and its bytes; distributions may have theirs in another folder. */
static int
open_file(const struct reader *rd, const char *name, struct text *ret_text,
    const char **ret_why)
{
	struct text *t = ret_text;
	int r;

	if ((r = find_path(rd->confdir, name, &t->path)) != 0)
		return r;
	r = safeopen_read(t->path, FILE_MAX, &t->data, &t->len, ret_why);
	if (r == FG_ERR_SYSTEM && errno == ENOENT &&
	    strcmp(rd->confdir, STACK_CONFDIR) == 0) {
		free(t->path);
		if ((r = find_path(STACK_VENDORDIR, name, &t->path)) != 0)
			return r;
		r = safeopen_read(t->path, FILE_MAX, &t->data, &t->len,
		    ret_why);
	}
	return r;
}

static void
text_done(struct text *text)
{
	free(text->path);
	free(text->data);
}

/* safeopen() says what to do about what it refuses. */
static void
complain_of_include(const struct reader *rd, const struct source *src,
    const char *path, const char *why)
{
	if (strstr(why, "; ") != NULL)
		conf_errors_add(rd->errors, src->path, src->line,
		    "%s, which is brought in here, %s", path, why);
	else
		conf_errors_add(rd->errors, src->path, src->line,
		    "cannot read %s: %s; put it there, or take the line out",
		    path, why);
}

/* What a line of src names, of that type, as a part of the stack. */
static int
read_included(struct reader *rd, struct source *src, const char *name,
    const struct source *inner)
{
	struct source in = *inner;
	struct text text = { 0 };
	const char *why = NULL;
	int r;

	if (in.level >= LEVEL_MAX) {
		conf_errors_add(rd->errors, src->path, src->line,
		    "files bring each other in more than %u deep, or in a "
		    "circle; take this line out",
		    LEVEL_MAX - 1);
		return 0;
	}
	if (++rd->files > FILES_MAX) {
		if (rd->files == FILES_MAX + 1)
			conf_errors_add(rd->errors, src->path, src->line,
			    "more than %u files are brought in; take some out",
			    FILES_MAX);
		return 0;
	}
	if ((r = open_file(rd, name, &text, &why)) == 0) {
		in.path = text.path;
		in.own_line = src->own_line != 0 ? src->own_line : src->line;
		r = read_file(rd, &in, text.data, text.len);
	} else if (r != FG_ERR_NOMEM) {
		complain_of_include(rd, src, text.path,
		    r == FG_ERR_SYSTEM ? text_error(r) : why);
		r = 0;
	}
	text_done(&text);
	return r;
}

static int
include(struct reader *rd, struct source *src, struct words *words)
{
	struct source in = *src;
	bool bracketed;
	char *name;

	in.only = words->type;
	in.level++;
	if ((name = scan_word(&words->rest, &bracketed)) == NULL) {
		conf_errors_add(rd->errors, src->path, src->line,
		    "\"%s\" without a file, at which libpam crashes; name one, "
		    "or take the line out",
		    words->control);
		return 0;
	}
	if (strcasecmp(words->control, "substack") == 0) {
		struct stack_line *line = add_line(rd, src, words);

		if (line == NULL)
			return FG_ERR_NOMEM;
		line->is_substack = true;
		in.depth++;
	}
	return read_included(rd, src, name, &in);
}

/* ---- a file ------------------------------------------------------------- */

static bool
take_type(const char *word, struct words *words)
{
	int i;

	words->is_optional = word[0] == '-';
	if (words->is_optional)
		word++;
	for (i = STACK_AUTH; i < STACK_TYPES; i++)
		if (strcasecmp(word, type_names[i]) == 0) {
			words->type = (enum stack_type)i;
			return true;
		}
	return false;
}

static bool
is_include_word(const char *word)
{
	return strcasecmp(word, "@include") == 0 ||
	    strcasecmp(word, "-@include") == 0;
}

static bool
brings_in(const char *control)
{
	return strcasecmp(control, "include") == 0 ||
	    strcasecmp(control, "substack") == 0;
}

static int
read_line(struct reader *rd, struct source *src, char *buf)
{
	struct words w = { .type = src->only, .rest = buf };
	bool bracketed;
	char *type = scan_word(&w.rest, &bracketed);

	if (type != NULL && is_include_word(type)) {
		w.control = type;
		return include(rd, src, &w);
	}
	if (type == NULL || !take_type(type, &w)) {
		conf_errors_add(rd->errors, src->path, src->line,
		    "\"%s\" is no type of line, and libpam fails every login "
		    "for it; write auth, account, password or session",
		    type != NULL ? type : "");
		return 0;
	}
	if (src->only != STACK_NONE && w.type != src->only)
		return 0;
	if ((w.control = scan_word(&w.rest, &w.bracketed)) == NULL) {
		conf_errors_add(rd->errors, src->path, src->line,
		    "\"%s\" without a control and a module, which fails every "
		    "login; write both, or take the line out",
		    type);
		return 0;
	}
	if (brings_in(w.control))
		return include(rd, src, &w);
	return add_module(rd, src, &w);
}

static void
complain_of_line(struct reader *rd, const struct source *src, int r)
{
	const char *what = "ends in a backslash with nothing after it, and "
			   "libpam refuses the whole file; take it out";

	if (r == FG_ERR_LIMIT)
		what = "longer than libpam's 1,023 bytes: its rest counts as "
		       "another line; shorten it";
	else if (r == FG_ERR_FORMAT)
		what = "a NUL byte, at which libpam ends the line; take it out";
	conf_errors_add(rd->errors, src->path, src->line, "%s", what);
}

static int
read_file(struct reader *rd, struct source *src, const char *data, size_t len)
{
	struct scan scan = { .data = data, .len = len };
	char buf[SCAN_LINE_SIZE];
	int r;

	while ((r = scan_line(&scan, buf, &src->line)) != FG_ERR_NOT_FOUND) {
		if (r != 0) {
			complain_of_line(rd, src, r);
			continue;
		}
		if (rd->stack->n >= LINES_MAX) {
			conf_errors_add(rd->errors, src->path, src->line,
			    "more than %u lines in one stack; take some out",
			    LINES_MAX);
			return 0;
		}
		if ((r = read_line(rd, src, buf)) != 0)
			return r;
	}
	return 0;
}

/* ---- a stack ------------------------------------------------------------ */

void
stack_free(struct stack *stack)
{
	size_t i;

	if (stack == NULL)
		return;
	for (i = 0; i < stack->n; i++)
		line_done(&stack->lines[i]);
	free(stack->lines);
	free(stack->path);
	free(stack->service);
	free(stack);
}

static int
read_own(struct reader *rd)
{
	struct source src = { .only = STACK_NONE };
	struct text text = { 0 };
	const char *why = NULL;
	int r;

	r = open_file(rd, rd->stack->service, &text, &why);
	rd->stack->path = text.path;
	src.path = text.path;
	if (r == FG_ERR_SYSTEM && errno == ENOENT)
		r = FG_ERR_NOT_FOUND;
	if (r == FG_ERR_UNSAFE || r == FG_ERR_LIMIT) {
		conf_errors_add(rd->errors, text.path, 0, "%s", why);
		r = 0;
	} else if (r == 0) {
		r = read_file(rd, &src, text.data, text.len);
	}
	text.path = NULL; /* the stack's now */
	text_done(&text);
	return r;
}

int
stack_read(const char *confdir, const char *service, struct stack **ret_stack,
    struct conf_errors *errors)
{
	struct reader rd = { .confdir = confdir, .errors = errors };
	size_t before = errors->count;
	int r = FG_ERR_NOMEM;

	*ret_stack = NULL;
	if (service[0] == '\0' || service[0] == '.' ||
	    strchr(service, '/') != NULL)
		return FG_ERR_NOT_FOUND;
	if ((rd.stack = calloc(1, sizeof(*rd.stack))) == NULL ||
	    (rd.stack->service = strdup(service)) == NULL ||
	    (r = read_own(&rd)) != 0)
		goto out;
	if (errors->count != before || errors->lost)
		r = FG_ERR_CONFIG;
	*ret_stack = rd.stack;
	rd.stack = NULL;
out:
	stack_free(rd.stack);
	return r;
}
