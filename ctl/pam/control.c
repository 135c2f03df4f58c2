/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The control of a PAM line, read as libpam 1.5.2 reads it: values need no
 * blank between them, the first name that fits is taken, and default fills
 * only what was not named before it.
 */
#include "ctl/pam/control.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include <security/pam_modules.h>

#include "proto/result.h"

#define JUMP_MAX 1000000 /* as good as any that leads over the end */

_Static_assert(STACK_CODES == _PAM_RETURN_VALUES, "PAM's return codes");

/* By their numbers, as they are written in PAM files. */
static const char *const code_names[STACK_CODES] = {
	"success",
	"open_err",
	"symbol_err",
	"service_err",
	"system_err",
	"buf_err",
	"perm_denied",
	"auth_err",
	"cred_insufficient",
	"authinfo_unavail",
	"user_unknown",
	"maxtries",
	"new_authtok_reqd",
	"acct_expired",
	"session_err",
	"cred_unavail",
	"cred_expired",
	"cred_err",
	"no_module_data",
	"conv_err",
	"authtok_err",
	"authtok_recover_err",
	"authtok_lock_busy",
	"authtok_disable_aging",
	"try_again",
	"ignore",
	"abort",
	"authtok_expired",
	"module_unknown",
	"bad_item",
	"conv_again",
	"incomplete",
};

static const struct {
	const char *name;
	int action;
} action_names[] = {
	{ "ignore", STACK_IGNORE },
	{ "ok", STACK_OK },
	{ "done", STACK_DONE },
	{ "bad", STACK_BAD },
	{ "die", STACK_DIE },
	{ "reset", STACK_RESET },
};

static const struct {
	const char *name;
	int success; /* and new_authtok_reqd */
	int ignore;
	int others;
} words[] = {
	{ "required", STACK_OK, STACK_IGNORE, STACK_BAD },
	{ "requisite", STACK_OK, STACK_IGNORE, STACK_DIE },
	{ "optional", STACK_OK, STACK_IGNORE, STACK_IGNORE },
	{ "sufficient", STACK_DONE, STACK_IGNORE, STACK_IGNORE },
};

const char *
control_code_name(int code)
{
	return code >= 0 && code < STACK_CODES ? code_names[code] : "?";
}

static void
fill(int actions[STACK_CODES], int from, int to)
{
	size_t i;

	for (i = 0; i < STACK_CODES; i++)
		if (actions[i] == from)
			actions[i] = to;
}

static bool
take_name(const char **at, const char *name)
{
	size_t len = strlen(name);

	if (strncmp(*at, name, len) != 0)
		return false;
	*at += len;
	return true;
}

static void
skip_space(const char **at)
{
	while (isspace((unsigned char)**at))
		(*at)++;
}

/* *ret_code is STACK_CODES for "default". */
static const char *
take_code(const char **at, int *ret_code)
{
	int i;

	for (i = 0; i < STACK_CODES; i++)
		if (take_name(at, code_names[i]))
			break;
	*ret_code = i;
	if (i == STACK_CODES && !take_name(at, "default"))
		return "is no return value";
	skip_space(at);
	if (**at != '=')
		return "should be \"=\" and an action";
	(*at)++;
	skip_space(at);
	return NULL;
}

static const char *
take_jump(const char **at, int *ret_action)
{
	int n = 0;

	if (!isdigit((unsigned char)**at))
		return "is no action";
	for (; isdigit((unsigned char)**at); (*at)++)
		if (n < JUMP_MAX)
			n = n * 10 + (**at - '0');
	*ret_action = n;
	return n > 0 ? NULL : "comes after a jump over no line";
}

static const char *
take_action(const char **at, int *ret_action)
{
	size_t i;

	for (i = 0; i < sizeof(action_names) / sizeof(action_names[0]); i++)
		if (take_name(at, action_names[i].name)) {
			*ret_action = action_names[i].action;
			return NULL;
		}
	return take_jump(at, ret_action);
}

static const char *
parse_values(const char **at, int actions[STACK_CODES])
{
	const char *why;
	int code, action = STACK_UNDEF;

	for (skip_space(at); **at != '\0'; skip_space(at)) {
		if ((why = take_code(at, &code)) != NULL ||
		    (why = take_action(at, &action)) != NULL)
			return why;
		if (code < STACK_CODES)
			actions[code] = action;
		else
			fill(actions, STACK_UNDEF, action);
	}
	return NULL;
}

static bool
parse_word(const char *word, int actions[STACK_CODES])
{
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcasecmp(word, words[i].name) == 0)
			break;
	if (i == sizeof(words) / sizeof(words[0]))
		return false;
	actions[PAM_SUCCESS] = words[i].success;
	actions[PAM_NEW_AUTHTOK_REQD] = words[i].success;
	actions[PAM_IGNORE] = words[i].ignore;
	fill(actions, STACK_UNDEF, words[i].others);
	return true;
}

int
control_parse(const char *word, int actions[STACK_CODES], const char **ret_why,
    const char **ret_at)
{
	size_t i;

	*ret_at = word;
	*ret_why = NULL;
	for (i = 0; i < STACK_CODES; i++)
		actions[i] = STACK_UNDEF;
	if (parse_word(word, actions))
		return 0;
	if ((*ret_why = parse_values(ret_at, actions)) == NULL) {
		fill(actions, STACK_UNDEF, STACK_BAD);
		return 0;
	}
	for (i = 0; i < STACK_CODES; i++)
		actions[i] = STACK_BAD;
	return FG_ERR_FORMAT;
}
