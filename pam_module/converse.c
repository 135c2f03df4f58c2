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

uint8_t
converse(pam_handle_t *pamh, const struct fg_challenge *m, char **ret_text)
{
	int style = m->style == FG_STYLE_VISIBLE ? PAM_PROMPT_ECHO_ON :
						   PAM_PROMPT_ECHO_OFF;
	char *text = NULL;
	int r;

	*ret_text = NULL;
	r = pam_prompt(pamh, style, &text, "%s", m->prompt);
	if (r == PAM_SUCCESS && (text == NULL || is_usable(text))) {
		*ret_text = text;
		return FG_ANSWER_GIVEN;
	}
	converse_forget(text);
	return r == PAM_SUCCESS ? FG_ANSWER_UNUSABLE : FG_ANSWER_IMPOSSIBLE;
}

void
converse_forget(char *text)
{
	if (text != NULL)
		explicit_bzero(text, strlen(text));
	free(text);
}
