/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The exchange with the daemon: one question, its groups if it needs them,
 * one answer. Any other message is a failure; nothing is asked twice.
 */
#include "pam_module/ask.h"

#include <errno.h>
#include <string.h>

#include "pam_module/groups.h"
#include "pam_module/text.h"
#include "proto/client.h"
#include "proto/result.h"

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
 * The look-up may outlast the daemon's patience, which decides without the
 * groups then and closes. That answer has the number which the groups would
 * have had, and counts wherever it turns up: before they are sent, instead of
 * their delivery, or on the way while they are.
 */
static int
send_groups(struct fg_client *client, const struct fg_groups *groups)
{
	bool answered;
	size_t len;
	int r;

	if ((r = fg_client_pending(client, &answered)) != 0)
		return r;
	if (answered) {
		client->late = true;
		return 0;
	}
	fg_client_next(client);
	if ((r = fg_msg_put_groups(client->data, FG_MSG_MAX, &client->hdr,
		 groups, &len)) != 0)
		return r;
	client->may_cross = 1;
	r = fg_client_send(client, len);
	return r == FG_ERR_CLOSED ? 0 : r;
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

static int
exchange(struct fg_client *client, const struct items *items,
    struct answer *answer)
{
	struct fg_header hdr;
	bool asked = false;
	size_t len;
	int r;

	if ((r = send_login(client, items)) != 0 ||
	    (r = fg_client_recv(client, &hdr, &len)) != 0)
		return r;
	if (hdr.type == FG_MSG_NEED) {
		asked = true;
		if ((r = take_need(client, len, items)) != 0 ||
		    (r = fg_client_recv(client, &hdr, &len)) != 0)
			return r;
	}
	if (hdr.type != FG_MSG_VERDICT)
		return FG_ERR_FORMAT;
	if ((r = take_verdict(client, len, answer)) != 0)
		return r;
	/* It has asked, so they were late or could not be looked up here. */
	answer->own = asked && strcmp(answer->reason, "groups_unknown") == 0;
	return 0;
}

void
ask_daemon(const struct args *args, const struct items *items,
    struct answer *ret_answer)
{
	struct fg_client client;
	int r;

	ask_failed(ret_answer, 0);
	if ((r = fg_client_open(&client, args->socket, args->timeout_ms)) == 0)
		r = exchange(&client, items, ret_answer);
	if (r != 0) {
		ask_failed(ret_answer, r);
		ret_answer->own = client.late;
	}
	if (r == FG_ERR_VERSION)
		ret_answer->version = client.hdr.version;
	fg_client_done(&client);
}
