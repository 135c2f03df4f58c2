/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The asking side of an approval: its prompt, and what has become of it. Who
 * may approve is up to approvals.c.
 */
#include "policyd/stepup/method_approval.h"

#include <string.h>

#include "policyd/crypto.h"
#include "policyd/hooklink.h"
#include "policyd/log.h"
#include "policyd/text.h"
#include "policyd/told.h"
#include "proto/result.h"
#include "proto/word.h"

/* Never the number: who reads the log could type it. */
static void
log_request(const struct approval_login *login)
{
	const struct approval *a = login->request;
	char line[640], user[96], service[72], rhost[96];
	char reason[FG_REASON_MAX + 1];

	fg_word(user, sizeof(user), a->user);
	fg_word(service, sizeof(service), a->service);
	fg_word(rhost, sizeof(rhost), login->facts->login.rhost);
	(void)text_format(line, sizeof(line),
	    "approval wanted: ref=%s user=%s service=%s rhost=%s findings=%s",
	    a->ref, user, service, rhost,
	    decide_reason(login->decision, reason));
	log_words(line);
}

static void
tell_operators(const struct approval_login *login)
{
	struct json *event = hooklink_event(HOOK_APPROVAL);

	log_request(login);
	told_approval(event, login->request, login->facts->boot_s);
	hooklink_tell(login->hooks, event);
}

static void
begin(struct approval_login *login, bool open)
{
	approval_number(login->number);
	decide_approved(login->decision, &login->asked);
	login->error = approvals_ask(login->approvals, login->facts,
	    login->decision, login->until_s, !open, &login->request);
	if (login->error != 0)
		return;
	memcpy(login->number, login->request->number, sizeof(login->number));
}

const char *
method_approval_prompt(struct approval_login *login, bool open,
    char buf[METHOD_APPROVAL_PROMPT_SIZE])
{
	if (login->number[0] == '\0')
		begin(login, open);
	(void)text_format(buf, METHOD_APPROVAL_PROMPT_SIZE,
	    "Waiting for approval. Give the number %s to who approves, and "
	    "press Enter: ",
	    login->number);
	return buf;
}

void
method_approval_tell(struct approval_login *login)
{
	if (login->told || login->request == NULL)
		return;
	login->told = true;
	if (!login->request->shadow)
		tell_operators(login);
}

static const char *
error_why(int r)
{
	return r == FG_ERR_LIMIT ? "too many requests wait" :
				   "it could not be asked for: out of memory";
}

enum stepup_result
method_approval_answer(const struct approval_login *login, int64_t now_s,
    const char **ret_why)
{
	const struct approval *a = login->request;

	*ret_why = "nobody has approved it yet";
	if (login->error != 0) {
		*ret_why = error_why(login->error);
		return STEPUP_ERROR;
	}
	if (a == NULL)
		return STEPUP_AGAIN;
	switch (approval_state_at(a, now_s)) {
	case APPROVAL_WAITING:
		return STEPUP_AGAIN;
	case APPROVAL_APPROVED:
		*ret_why = "a second person has approved it";
		return STEPUP_PASSED;
	case APPROVAL_REFUSED:
		*ret_why = a->tries < APPROVAL_TRIES ?
		    "a second person has refused it" :
		    "too many wrong numbers were typed";
		return STEPUP_FAILED;
	case APPROVAL_EXPIRED:
	case APPROVAL_GONE:
	case APPROVAL_NONE:
		break;
	}
	*ret_why = "nobody has approved it in time";
	return STEPUP_ERROR;
}

void
method_approval_end(struct approval_login *login, int64_t now_s)
{
	if (login->request != NULL)
		approvals_end(login->approvals, login->request, now_s);
	login->request = NULL;
	crypto_wipe(login->number, sizeof(login->number));
}
