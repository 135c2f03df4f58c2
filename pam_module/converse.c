/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One prompt a call, as sshd asks one at a time and applications disagree on
 * how several are passed. What was typed may be a password, typed at the wrong
 * prompt: it is wiped, and never logged.
 */
#include "pam_module/converse.h"

#include <stdlib.h>
#include <string.h>

#include <security/pam_ext.h>

static bool
is_usable(const char *text)
{
	size_t len = strlen(text);

	if (len > FG_ANSWER_MAX)
		return false;
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
			return false;
	return true;
}

/*
 * Some applications compare what they are asked to the prompt for the user's
 * name, which is NULL unless somebody has set it: saslauthd dies of that, one
 * of its processes for each login. While it is asked, there is libpam's own.
 */
static int
ask(pam_handle_t *pamh, const struct fg_challenge *m, char **ret_text)
{
	int style = m->style == FG_STYLE_VISIBLE ? PAM_PROMPT_ECHO_ON :
						   PAM_PROMPT_ECHO_OFF;
	const void *name_prompt = NULL;
	bool lent = false;
	int r;

	if (pam_get_item(pamh, PAM_USER_PROMPT, &name_prompt) == PAM_SUCCESS &&
	    name_prompt == NULL)
		lent = pam_set_item(pamh, PAM_USER_PROMPT, "login:") ==
		    PAM_SUCCESS;
	r = pam_prompt(pamh, style, ret_text, "%s", m->prompt);
	if (lent)
		(void)pam_set_item(pamh, PAM_USER_PROMPT, NULL); /* frees it */
	return r;
}

uint8_t
converse(pam_handle_t *pamh, const struct fg_challenge *m, char **ret_text)
{
	uint8_t how = FG_ANSWER_GIVEN;
	char *text = NULL;

	*ret_text = NULL;
	if (ask(pamh, m, &text) != PAM_SUCCESS)
		how = FG_ANSWER_IMPOSSIBLE;
	else if (text == NULL)
		how = FG_ANSWER_SILENT; /* who presses Enter has answered */
	else if (!is_usable(text))
		how = FG_ANSWER_UNUSABLE;
	if (how == FG_ANSWER_GIVEN)
		*ret_text = text;
	else
		converse_forget(text);
	return how;
}

void
converse_forget(char *text)
{
	if (text != NULL)
		explicit_bzero(text, strlen(text));
	free(text);
}
