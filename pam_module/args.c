/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The arguments of the PAM line: one table of what there is. A line with a
 * mistake in it refuses, as nobody knows what its author meant.
 */
#include "pam_module/args.h"

#include <sys/un.h>

#include <string.h>

#include "proto/glass.h"
#include "proto/msg.h"
#include "proto/result.h"
#include "proto/word.h"

#define ARGS_SHOWN_SIZE	    64
#define ARGS_MAX_LENGTH	    255 /* of one argument */
#define ARGS_TIMEOUT_MS	    3000
#define ARGS_TIMEOUT_MIN_MS 100
#define ARGS_TIMEOUT_MAX_MS 30000

/* Each setter returns NULL, or what is wrong with the value. */
typedef const char *(*setter_fn)(struct args *, const char *);

struct option {
	const char *name; /* with '=' if it takes a value */
	setter_fn set;
};

static const char *
set_socket(struct args *args, const char *value)
{
	struct sockaddr_un addr;

	if (value[0] != '/')
		return "not an absolute path";
	if (strlen(value) >= sizeof(addr.sun_path))
		return "longer than a socket's path can be";
	args->socket = value;
	return NULL;
}

static const char *
set_breakglass(struct args *args, const char *value)
{
	if (value[0] != '/')
		return "not an absolute path";
	args->breakglass = value;
	return NULL;
}

/* Decimal digits only. On success *ret_end is the first byte after them. */
static int
parse_uint(const char *s, unsigned int max, unsigned int *ret_v,
    const char **ret_end)
{
	unsigned int digit, v = 0;
	const char *p;

	for (p = s; *p >= '0' && *p <= '9'; p++) {
		digit = (unsigned int)(*p - '0');
		if (v > (max - digit) / 10)
			return FG_ERR_LIMIT;
		v = v * 10 + digit;
	}
	*ret_v = v;
	*ret_end = p;
	return p == s ? FG_ERR_FORMAT : 0;
}

static const char *
set_timeout(struct args *args, const char *value)
{
	static const char wrong[] =
	    "not a number of seconds from 1 to 30, or 100ms to 30000ms";
	const char *unit;
	unsigned int v;

	if (parse_uint(value, ARGS_TIMEOUT_MAX_MS, &v, &unit) != 0)
		return wrong;
	if (*unit == '\0' && v <= ARGS_TIMEOUT_MAX_MS / 1000)
		v *= 1000;
	else if (strcmp(unit, "ms") != 0)
		return wrong;
	if (v < ARGS_TIMEOUT_MIN_MS || v > ARGS_TIMEOUT_MAX_MS)
		return wrong;
	args->timeout_ms = v;
	return NULL;
}

static const char *
set_on_error(struct args *args, const char *value)
{
	args->allow_on_error = strcmp(value, "allow") == 0;
	if (!args->allow_on_error && strcmp(value, "deny") != 0)
		return "neither deny nor allow";
	return NULL;
}

static const char *
set_nonroot(struct args *args, const char *value)
{
	args->nonroot_deny = strcmp(value, "deny") == 0;
	if (!args->nonroot_deny && strcmp(value, "ignore") != 0)
		return "neither ignore nor deny";
	return NULL;
}

static const char *
set_observe(struct args *args, const char *value)
{
	(void)value; /* a flag has none */
	args->observe = true;
	return NULL;
}

static const char *
set_nogroups(struct args *args, const char *value)
{
	(void)value;
	args->nogroups = true;
	return NULL;
}

static const char *
set_debug(struct args *args, const char *value)
{
	(void)value;
	args->debug = true;
	return NULL;
}

static const char *
set_delegated(struct args *args, const char *value)
{
	(void)value;
	args->delegated = true;
	return NULL;
}

static const struct option options[] = {
	{ "socket=", set_socket },
	{ "timeout=", set_timeout },
	{ "on_error=", set_on_error },
	{ "breakglass=", set_breakglass },
	{ "nonroot=", set_nonroot },
	{ "observe", set_observe },
	{ "nogroups", set_nogroups },
	{ "delegated", set_delegated },
	{ "debug", set_debug },
};

#define OPTIONS (sizeof(options) / sizeof(options[0]))

/* Find the option that arg is, and its value in arg ("" for a flag). */
static const struct option *
option_find(const char *arg, const char **ret_value)
{
	*ret_value = "";
	for (size_t i = 0; i < OPTIONS; i++) {
		size_t n = strlen(options[i].name);
		bool takes_value = options[i].name[n - 1] == '=';

		if (strncmp(arg, options[i].name, n) != 0 ||
		    (!takes_value && arg[n] != '\0'))
			continue;
		*ret_value = arg + n;
		return &options[i];
	}
	return NULL;
}

/* Apply one argument. Returns NULL, or what is wrong with it. */
static const char *
args_apply(struct args *args, bool seen[OPTIONS], const char *arg)
{
	const struct option *option;
	const char *value;

	if (arg[0] == '\0')
		return "an empty argument";
	if (strlen(arg) > ARGS_MAX_LENGTH)
		return "too long";
	if ((option = option_find(arg, &value)) == NULL)
		return "unknown, see pam_farmgate(8)";
	if (seen[option - options])
		return "given twice";
	seen[option - options] = true;
	return option->set(args, value);
}

static void
args_default(struct args *args)
{
	memset(args, 0, sizeof(*args));
	args->socket = FG_POLICY_SOCKET;
	args->breakglass = FG_GLASS_FILE;
	args->timeout_ms = ARGS_TIMEOUT_MS;
}

/* As one word; its '=' ends no field here. A backslash in arg was escaped. */
static void
args_show(char *shown, size_t size, const char *arg)
{
	static const char equals[] = "\\x3d";
	const char *from = shown;

	fg_word(shown, size, arg);
	while (*from != '\0') {
		if (strncmp(from, equals, strlen(equals)) == 0) {
			*shown++ = '=';
			from += strlen(equals);
		} else {
			*shown++ = *from++;
		}
	}
	*shown = '\0';
}

int
args_read(int argc, const char *const *argv, args_wrong_fn fn, void *arg,
    struct args *ret_args)
{
	bool seen[OPTIONS] = { false };
	char shown[ARGS_SHOWN_SIZE];
	const char *wrong;
	int r = 0;

	args_default(ret_args);
	for (int i = 0; i < argc; i++) {
		wrong = args_apply(ret_args, seen, argv[i]);
		if (wrong == NULL)
			continue;
		args_show(shown, sizeof(shown), argv[i]);
		fn(i + 1, shown, wrong, arg);
		r = FG_ERR_CONFIG;
	}
	if (r != 0)
		args_default(ret_args);
	return r;
}
