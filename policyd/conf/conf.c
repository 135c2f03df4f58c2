/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The only file that knows libconfuse. It gets text that conf_scan.c has been
 * through; every option is a string or a list of them, kept with the line
 * that it stands on. What the strings mean is told by the other conf_*.c.
 */
#include "policyd/conf.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <confuse.h>

#include "policyd/conf/conf_parts.h"
#include "policyd/crypto.h"
#include "policyd/privilege/safeopen.h"
#include "proto/result.h"

/*
 * The parser keeps no line with a value, but knows it while it calls this.
 * Values are therefore "pointers", which this makes from the text.
 */
static int
value_parse(cfg_t *cfg, cfg_opt_t *opt, const char *text, void *result)
{
	size_t size = strlen(text) + 1;
	struct conf_value *v = malloc(sizeof(*v) + size);

	(void)opt;
	if (v == NULL)
		return -1;
	v->line = cfg->line < 0 ? 0 : (unsigned int)cfg->line;
	memcpy(v->text, text, size);
	*(void **)result = v;
	return 0;
}

/* The scan has reported everything; without this it would go to stderr. */
static void
ignore_error(cfg_t *cfg, const char *fmt, va_list ap)
{
	(void)cfg;
	(void)fmt;
	(void)ap;
}

static void
free_options(cfg_opt_t *options)
{
	size_t i;

	for (i = 0; options != NULL && options[i].name != NULL; i++)
		free_options(options[i].subopts);
	free(options);
}

static int
set_option(cfg_opt_t *option, const struct conf_key *key, cfg_opt_t *subopts)
{
	const cfg_opt_t string =
	    CFG_PTR_CB(key->name, NULL, CFGF_NODEFAULT, value_parse, free);
	const cfg_opt_t list =
	    CFG_PTR_LIST_CB(key->name, NULL, CFGF_NODEFAULT, value_parse, free);
	/* Multiple, or an empty one would be made in its place. */
	const cfg_opt_t section = CFG_SEC(key->name, subopts, CFGF_MULTI);
	const cfg_opt_t titled = CFG_SEC(key->name, subopts,
	    CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES);

	switch (key->kind) {
	case CONF_KEY_STRING:
		*option = string;
		break;
	case CONF_KEY_LIST:
		*option = list;
		break;
	case CONF_KEY_SECTION:
		*option = section;
		break;
	case CONF_KEY_TITLED:
		*option = titled;
		break;
	case CONF_KEY_NONE:
		return -1;
	}
	return 0;
}

/* libconfuse's options for a table of the schema; NULL if out of memory. */
static cfg_opt_t *
make_options(const struct conf_key *keys)
{
	cfg_opt_t *options, *subopts;
	size_t n = 0, i;

	while (keys[n].name != NULL)
		n++;
	if ((options = calloc(n + 1, sizeof(*options))) == NULL)
		return NULL;
	for (i = 0; i < n; i++) {
		subopts = NULL;
		if (keys[i].keys != NULL &&
		    (subopts = make_options(keys[i].keys)) == NULL) {
			free_options(options);
			return NULL;
		}
		(void)set_option(&options[i], &keys[i], subopts);
	}
	return options;
}

/*
 * The lexer replaces ${NAME} from the environment. The scan refuses that; as
 * a second line the environment is empty meanwhile.
 */
static int
parse_cleared(cfg_t *cfg, FILE *in)
{
	char *none[] = { NULL };
	char **saved = environ;
	int r;

	environ = none;
	r = cfg_parse_fp(cfg, in);
	environ = saved;
	return r;
}

/* FG_ERR_CONFIG: the parser gave up at *ret_line. */
static int
parse_text(const struct conf_key *keys, char *text, size_t len, cfg_t **ret_cfg,
    unsigned int *ret_line)
{
	cfg_opt_t *options;
	FILE *in = NULL;
	int r = FG_ERR_NOMEM;

	*ret_cfg = NULL;
	if ((options = make_options(keys)) == NULL)
		goto out;
	if ((*ret_cfg = cfg_init(options, CFGF_NONE)) == NULL)
		goto out;
	(void)cfg_set_error_function(*ret_cfg, ignore_error);
	r = 0;
	if (len == 0)
		goto out;
	if ((in = fmemopen(text, len, "r")) == NULL) {
		r = FG_ERR_NOMEM;
		goto out;
	}
	if (parse_cleared(*ret_cfg, in) == CFG_SUCCESS)
		goto out;
	*ret_line = (*ret_cfg)->line < 0 ? 0 : (unsigned int)(*ret_cfg)->line;
	/*
	 * The scan let the text through, so memory ran out. libconfuse 3.3
	 * crashes when it frees a section that it could not complete: this
	 * one is left behind.
	 */
	*ret_cfg = NULL;
	r = FG_ERR_CONFIG;
out:
	if (in != NULL)
		(void)fclose(in);
	free_options(options);
	return r;
}

size_t
conf_section_count(struct cfg_t *section, const char *key)
{
	return cfg_size(section, key);
}

const struct conf_value *
conf_section_value(struct cfg_t *section, const char *key, size_t i)
{
	return cfg_getnptr(section, key, (unsigned int)i);
}

struct cfg_t *
conf_section_at(struct cfg_t *section, const char *key, size_t i)
{
	return cfg_getnsec(section, key, (unsigned int)i);
}

const char *
conf_section_title(struct cfg_t *section)
{
	return cfg_title(section);
}

/* U+FEFF at the beginning, which editors put there. */
static void
blank_mark(char *text)
{
	static const char mark[] = "\xef\xbb\xbf";

	if (strncmp(text, mark, strlen(mark)) == 0)
		memset(text, ' ', strlen(mark));
}

int
conf_form_parse(const struct conf_grammar *grammar, const char *file,
    char *text, size_t len, struct conf_errors *errors, struct conf_scan *scan,
    conf_fill_fn fill, void *arg)
{
	unsigned int line = 0;
	cfg_t *cfg = NULL;
	int r;

	blank_mark(text);
	r = conf_scan(grammar, file, text, len, errors, scan);
	if (r != 0)
		return r;
	r = parse_text(grammar->keys, text, len, &cfg, &line);
	if (r == 0)
		r = fill(cfg, arg);
	else if (r == FG_ERR_CONFIG)
		conf_errors_add(errors, file, line,
		    "the parser gives up about here; free some memory, or "
		    "simplify this part");
	if (cfg != NULL)
		(void)cfg_free(cfg); /* always succeeds */
	return r;
}

/* What the parser has read becomes a configuration. */
static int
fill_conf(struct cfg_t *root, void *arg)
{
	struct conf_build *b = arg;
	int r = 0;

	conf_read(b, root);
	if (b->reader.nomem || conf_object_fill(b->conf) != 0)
		return FG_ERR_NOMEM;
	/* What makes no sense together is only known of a whole file. */
	if (b->scan.whole)
		r = conf_check(b->conf, b->reader.errors);
	if (b->reader.errors->count != 0 || b->reader.errors->lost)
		r = FG_ERR_CONFIG;
	return r;
}

int
conf_parse(const char *name, const void *data, size_t len,
    struct conf **ret_conf, struct conf_errors *errors)
{
	struct conf_build b = { .reader = { .file = name, .errors = errors } };
	char *text = NULL;
	int r = FG_ERR_NOMEM;

	*ret_conf = NULL;
	if ((b.conf = conf_new(name)) == NULL ||
	    (text = malloc(len + 1)) == NULL ||
	    (b.conf->text = malloc(len + 1)) == NULL)
		goto out;
	if (len > CONF_FILE_MAX) {
		conf_errors_add(errors, name, 0,
		    "larger than %u bytes; move addresses to network files",
		    CONF_FILE_MAX);
		r = FG_ERR_CONFIG;
		goto out;
	}
	crypto_sha256_hex(data, len, b.conf->hash);
	if (len != 0)
		memcpy(text, data, len);
	text[len] = '\0';
	memcpy(b.conf->text, text, len + 1);
	b.conf->len = len;
	r = conf_form_parse(&conf_grammar, name, text, len, errors, &b.scan,
	    fill_conf, &b);
	if (r != 0)
		goto out;
	*ret_conf = b.conf;
	b.conf = NULL;
out:
	conf_errors_sort(errors, name);
	free(b.scan.titles);
	free(text);
	conf_free(b.conf);
	return r;
}

/* Call it before errno changes. */
static const char *
unread_remedy(void)
{
	if (errno == EACCES)
		return "let everybody read it with chmod 0644, as the daemon "
		       "reads it as a user of its own, or use sudo";
	return "create it, or name another file";
}

int
conf_form_read(const char *path, size_t max, char **ret_data, size_t *ret_len,
    struct conf_errors *errors)
{
	const char *why;
	int r;

	r = safeopen_read(path, max, ret_data, ret_len, &why);
	if (r == 0 || r == FG_ERR_NOMEM)
		return r;
	if (r == FG_ERR_SYSTEM)
		conf_errors_add(errors, path, 0, "cannot be read: %s; %s",
		    strerror(errno), unread_remedy());
	else
		conf_errors_add(errors, path, 0, "%s", why);
	return FG_ERR_CONFIG;
}

int
conf_load(const char *path, struct conf **ret_conf, struct conf_errors *errors)
{
	char *data;
	size_t len;
	int r;

	*ret_conf = NULL;
	r = conf_form_read(path, CONF_FILE_MAX, &data, &len, errors);
	if (r != 0)
		return r;
	r = conf_parse(path, data, len, ret_conf, errors);
	free(data);
	return r;
}
