/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The exchange with the daemon: one question, its groups if it needs them, in
 * auth what it asks the user, and one answer. Any other message is a failure;
 * nothing is asked twice.
 */
#include "pam_module/ask.h"

#include <errno.h>
#include <string.h>

#include "pam_module/converse.h"
#include "pam_module/groups.h"
#include "pam_module/text.h"
#include "proto/client.h"
#include "proto/result.h"

#define ANSWER_MS 3000u /* at least, behind an answer of the user */

struct asking {
	pam_handle_t *pamh;
	const struct args *args;
	const struct items *items;
	struct fg_client client;
	bool asked; /* for groups */
};

void
ask_failed(struct answer *answer, int failure)
{
	int saved = errno;

	memset(answer, 0, sizeof(*answer));
	answer->failure = failure;
	answer->error = failure == FG_ERR_SYSTEM ? saved : 0;
}

static int
send_login(struct fg_client *client, const struct items *items)
{
	size_t len;
	int r;

	fg_client_next(client);
	if ((r = fg_msg_put_login(client->data, FG_MSG_MAX, &client->hdr,
		 &items->login, &len)) != 0)
		return r;
	return fg_client_send(client, len);
}

/*
 * The daemon may lose its patience while a look-up or the user takes longer: it
 * answers without and closes. That answer has the number which ours would have
 * had, and counts wherever it turns up: before ours is sent, instead of its
 * delivery, or on the way while it is. So where one is there, nothing is sent.
 */
static int
begin_reply(struct fg_client *client, bool *ret_answered)
{
	int r;

	if ((r = fg_client_pending(client, ret_answered)) != 0)
		return r;
	if (*ret_answered)
		client->late = true;
	else
		fg_client_next(client);
	return 0;
}

static int
send_reply(struct fg_client *client, size_t len)
{
	int r;

	client->may_cross = 1;
	r = fg_client_send(client, len);
	return r == FG_ERR_CLOSED ? 0 : r;
}

static int
send_groups(struct fg_client *client, const struct fg_groups *groups)
{
	bool answered;
	size_t len;
	int r;

	if ((r = begin_reply(client, &answered)) != 0 || answered)
		return r;
	if ((r = fg_msg_put_groups(client->data, FG_MSG_MAX, &client->hdr,
		 groups, &len)) != 0)
		return r;
	return send_reply(client, len);
}

static int
send_answer(struct fg_client *client, const struct fg_answer *answer)
{
	bool answered;
	size_t len;
	int r;

	if ((r = begin_reply(client, &answered)) != 0 || answered)
		return r;
	if ((r = fg_msg_put_answer(client->data, FG_MSG_MAX, &client->hdr,
		 answer, &len)) != 0)
		return r;
	r = send_reply(client, len);
	/* Not only at the end: the user may sit before another question. */
	explicit_bzero(client->data, len);
	return r;
}

/* Each decision has a reference; where there was none to take, it may lack. */
static bool
ref_is_good(const struct fg_verdict_msg *m)
{
	if (m->verdict == FG_VERDICT_EXEMPT && m->ref[0] == '\0')
		return true;
	return text_is_ref(m->ref);
}

static int
take_verdict(struct fg_client *client, size_t len, struct answer *answer)
{
	struct fg_verdict_msg m;
	int r;

	if ((r = fg_msg_get_verdict(client->data, len, &m)) != 0)
		return r;
	if (!ref_is_good(&m))
		return FG_ERR_FORMAT;
	answer->verdict = m.verdict;
	answer->would = m.would;
	memcpy(answer->ref, m.ref, strlen(m.ref) + 1);
	memcpy(answer->reason, m.reason, strlen(m.reason) + 1);
	memcpy(answer->help, m.help, strlen(m.help) + 1);
	return 0;
}

static int
take_need(struct fg_client *client, size_t len, const struct items *items)
{
	struct fg_groups groups;
	struct fg_need need;
	int r;

	if ((r = fg_msg_get_need(client->data, len, &need)) != 0)
		return r;
	if ((items->login.flags & FG_LOGIN_NOGROUPS) != 0)
		return FG_ERR_FORMAT;
	groups_collect(items, &need, client->deadline_ns, &groups);
	return send_groups(client, &groups);
}

/* The daemon holds each answer back, so that its time tells nothing: who does
 * not wait for that ends every step-up. */
static unsigned int
answer_ms(const struct args *args)
{
	return args->timeout_ms > ANSWER_MS ? args->timeout_ms : ANSWER_MS;
}

/* How long the user takes is no matter of the daemon's. */
static int
take_challenge(struct asking *a, size_t len)
{
	struct fg_answer answer = { .how = FG_ANSWER_NONE };
	struct fg_challenge m;
	char *text;
	int r;

	if (a->items->login.phase != FG_PHASE_AUTH || a->args->observe)
		return FG_ERR_FORMAT;
	if ((r = fg_msg_get_challenge(a->client.data, len, &m)) != 0)
		return r;
	answer.how = converse(a->pamh, &m, &text);
	answer.bytes = text;
	answer.len = text != NULL ? strlen(text) : 0;
	if ((r = fg_client_extend(&a->client, answer_ms(a->args))) == 0)
		r = send_answer(&a->client, &answer);
	converse_forget(text);
	return r;
}

/* Whatever comes before the verdict: groups at most once, at the beginning. */
static int
take_other(struct asking *a, const struct fg_header *hdr, size_t len)
{
	switch ((enum fg_msg_type)hdr->type) {
	case FG_MSG_NEED:
		if (a->asked || hdr->sequence != 2)
			return FG_ERR_FORMAT;
		a->asked = true;
		return take_need(&a->client, len, a->items);
	case FG_MSG_CHALLENGE:
		return take_challenge(a, len);
	case FG_MSG_NONE:
	case FG_MSG_LOGIN:
	case FG_MSG_GROUPS:
	case FG_MSG_VERDICT:
	case FG_MSG_ANSWER:
	case FG_MSG_CLOSE:
	case FG_MSG_FAIL:
	case FG_MSG_STATUS:
	case FG_MSG_RELOAD:
	case FG_MSG_REPORT:
	case FG_MSG_COMMAND:
	case FG_MSG_DATA:
	case FG_MSG_WITNESS:
	case FG_MSG_STATEMENT:
		break;
	}
	return FG_ERR_FORMAT;
}

static int
exchange(struct asking *a, struct answer *answer)
{
	struct fg_header hdr;
	size_t len;
	int r;

	if ((r = send_login(&a->client, a->items)) != 0)
		return r;
	while ((r = fg_client_recv(&a->client, &hdr, &len)) == 0 &&
	    hdr.type != FG_MSG_VERDICT)
		if ((r = take_other(a, &hdr, len)) != 0)
			return r;
	if (r != 0 || (r = take_verdict(&a->client, len, answer)) != 0)
		return r;
	/* It has asked, so they were late or could not be looked up here. */
	answer->own = a->asked && strcmp(answer->reason, "groups_unknown") == 0;
	return 0;
}

void
ask_daemon(pam_handle_t *pamh, const struct args *args,
    const struct items *items, struct answer *ret_answer)
{
	struct asking a = { .pamh = pamh, .args = args, .items = items };
	int r;

	ask_failed(ret_answer, 0);
	r = fg_client_open(&a.client, args->socket, args->timeout_ms);
	if (r == 0)
		r = exchange(&a, ret_answer);
	if (r != 0) {
		ask_failed(ret_answer, r);
		ret_answer->own = a.client.late;
	}
	if (r == FG_ERR_VERSION)
		ret_answer->version = a.client.hdr.version;
	fg_client_done(&a.client);
}
