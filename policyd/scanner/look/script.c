/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Interpreters and their options. Only those options have to be known that
 * take an argument of their own, or stand for the script.
 */
#include "policyd/scanner/look/script.h"

#include <ctype.h>
#include <string.h>

#include "policyd/scanner/look/match.h"

#define SCRIPT_CLUSTER 5u /* letters behind one '-' */

struct script_kind {
	const char *glob; /* of the last component */
	const char *code; /* the code itself follows */
	const char *with; /* an argument follows that is no script */
	const char *script; /* the script follows */
};

#define SHELL(name)                                                \
	{                                                          \
		name, "-c", "-o +o -O +O --rcfile --init-file", "" \
	}

static const struct script_kind kinds[] = {
	{ "python*", "-c", "-W -X --check-hash-based-pycs", "-m" },
	{ "pypy*", "-c", "-W -X", "-m" },
	{ "perl*", "-e -E", "-I", "" },
	{ "node", "-e -p --eval --print",
	    "-r -C --require --import --loader --experimental-loader "
	    "--conditions",
	    "" },
	{ "nodejs", "-e -p --eval --print",
	    "-r -C --require --import --loader --experimental-loader "
	    "--conditions",
	    "" },
	SHELL("bash"),
	SHELL("sh"),
	SHELL("dash"),
	SHELL("zsh*"),
	SHELL("ksh*"),
	SHELL("mksh*"),
	{ "ruby*", "-e", "-I -r -C", "" },
	{ "java", "",
	    "-cp -classpath --class-path -p --module-path "
	    "--add-modules --add-opens --add-exports --add-reads",
	    "-jar -m --module" },
	{ "mono*", "", "--config", "" },
	{ "dotnet", "",
	    "--additionalprobingpath --depsfile --runtimeconfig "
	    "--fx-version --roll-forward",
	    "exec" },
	{ "php*", "-r -B -R", "-c -d -z", "-f -F" },
	{ "lua*", "-e", "-l", "" },
	{ "tclsh*", "", "-encoding", "" },
	{ "wish*", "", "-encoding -display -geometry -name", "" },
	{ "gjs*", "-c --command", "-I --include-path", "" },
	{ "pwsh", "-c -Command -EncodedCommand", "-WorkingDirectory", "-File" },
	{ "electron*", "", "-r --require", "" },
};

static const char *const loaders[] = { "ld-*.so*", "ld.so*" };

/* Anybody may give a program of theirs such a name, but not put it here. */
static const char *const loader_folders[] = { "/lib", "/usr/lib" };

static const struct script_kind loader = { "", "",
	"--library-path --inhibit-rpath --audit --preload --argv0 "
	"--glibc-hwcaps-prepend --glibc-hwcaps-mask",
	"" };

static bool
is_loader(const char *exe)
{
	const char *name = match_last(exe);
	size_t i, n = 0;

	for (i = 0; i < sizeof(loader_folders) / sizeof(loader_folders[0]); i++)
		n += strncmp(exe, loader_folders[i],
			 strlen(loader_folders[i])) == 0;
	for (i = 0; n > 0 && i < sizeof(loaders) / sizeof(loaders[0]); i++)
		if (rule_glob(loaders[i], name))
			return true;
	return false;
}

static const struct script_kind *
find_kind(const char *exe)
{
	const char *name = match_last(exe);
	size_t i;

	if (is_loader(exe))
		return &loader;
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (rule_glob(kinds[i].glob, name))
			return &kinds[i];
	return NULL;
}

enum script_by
script_by(const char *exe)
{
	const struct script_kind *kind = find_kind(exe);

	if (kind == NULL)
		return SCRIPT_BY_NONE;
	return kind == &loader ? SCRIPT_BY_LOADER : SCRIPT_BY_INTERPRETER;
}

/* Whether a list of words has this one. */
static bool
has_word(const char *list, const char *word, size_t len)
{
	const char *end;

	for (; *list != '\0'; list = *end == ' ' ? end + 1 : end) {
		end = strchrnul(list, ' ');
		if ((size_t)(end - list) == len && memcmp(list, word, len) == 0)
			return true;
	}
	return false;
}

/* Of letters behind one '-' the last one may take an argument. */
static bool
has_option(const char *list, const char *arg)
{
	size_t len = strlen(arg), i;
	char last[2] = "-";

	if (has_word(list, arg, len))
		return true;
	if (len < 3 || len > SCRIPT_CLUSTER || arg[0] != '-')
		return false;
	for (i = 1; i < len; i++)
		if (!isalpha((unsigned char)arg[i]))
			return false;
	last[1] = arg[len - 1];
	return has_word(list, last, sizeof(last));
}

const char *
script_next(const char *args, size_t len, const char *arg)
{
	const char *next = arg + strlen(arg) + 1;

	return next < args + len ? next : NULL;
}

static const char *
find_script(const struct script_kind *kind, const char *args, size_t len)
{
	const char *arg = script_next(args, len, args);

	while (arg != NULL) {
		if (strcmp(arg, "--") == 0 || has_option(kind->script, arg))
			return script_next(args, len, arg);
		if (has_option(kind->code, arg))
			return NULL;
		if (has_option(kind->with, arg))
			arg = script_next(args, len, arg);
		else if (*arg != '-' && *arg != '+' && *arg != '\0')
			return arg;
		if (arg != NULL)
			arg = script_next(args, len, arg);
	}
	return NULL;
}

const char *
script_find(const char *exe, const char *args, size_t len)
{
	const struct script_kind *kind = find_kind(exe);

	return kind == NULL || len == 0 ? NULL : find_script(kind, args, len);
}
