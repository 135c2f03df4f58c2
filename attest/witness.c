/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One question over witness.sock. The answer is for another host and is not
 * looked into.
 */
#include "attest/witness.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "proto/client.h"
#include "proto/result.h"

#define SOCKET_NAME "witness.sock"
#define PATH_SIZE   256u
/* Each is three, 150 ms together: others may be flooding it. */
#define WITNESS_TRIES 20

static int
ask(struct fg_client *client, const struct prompt_challenge *challenge,
    struct fg_statement *ret_answer)
{
	const struct fg_witness question = { challenge->token, challenge->user,
		challenge->host };
	struct fg_header hdr;
	size_t len;
	int r;

	fg_client_next(client);
	if ((r = fg_msg_put_witness(client->data, FG_MSG_MAX, &client->hdr,
		 &question, &len)) != 0 ||
	    (r = fg_client_send(client, len)) != 0 ||
	    (r = fg_client_recv(client, &hdr, &len)) != 0)
		return r;
	if (hdr.type != FG_MSG_STATEMENT)
		return FG_ERR_FORMAT;
	return fg_msg_get_statement(client->data, len, ret_answer);
}

int
witness_ask(const char *rundir, const struct prompt_challenge *challenge,
    char ret_answer[FG_STATEMENT_MAX + 1], uint8_t *ret_fail)
{
	struct fg_client client = { .fd = -1 };
	struct fg_statement answer;
	char path[PATH_SIZE];
	int n, saved, r = 0;

	ret_answer[0] = '\0';
	*ret_fail = FG_FAIL_NONE;
	n = snprintf(path, sizeof(path), "%s/%s", rundir, SOCKET_NAME);
	if (n < 0 || (size_t)n >= sizeof(path))
		return FG_ERR_LIMIT;
	for (int i = 0; i < WITNESS_TRIES; i++) {
		fg_client_done(&client);
		r = fg_client_open(&client, path, WITNESS_MS);
		if (r != FG_ERR_BUSY)
			break;
	}
	if (r == 0 && (r = ask(&client, challenge, &answer)) == 0)
		memcpy(ret_answer, answer.answer, strlen(answer.answer) + 1);
	saved = errno;
	*ret_fail = client.fail;
	fg_client_done(&client);
	errno = saved;
	return r;
}

static const char *
why_refused(uint8_t fail)
{
	switch ((enum fg_fail)fail) {
	case FG_FAIL_NOT_ENROLLED:
		return "this laptop has no device key that can be used; "
		       "farmgatectl status says why; ask your "
		       "administrator";
	case FG_FAIL_UNKNOWN_HOST:
		return "this laptop does not know the jump host that asks; "
		       "ask your administrator";
	case FG_FAIL_OTHER_NAME:
		return "this laptop knows the jump host that asks by another "
		       "name than that; if you did not choose another name "
		       "than usual (as a short one, or an address), do not "
		       "log in, and tell your administrator";
	case FG_FAIL_STOPPING:
		return "this laptop's Farmgate is just being stopped; try "
		       "again";
	case FG_FAIL_NONE:
	case FG_FAIL_VERSION:
	case FG_FAIL_MALFORMED:
	case FG_FAIL_NOT_PERMITTED:
	case FG_FAIL_BUSY:
	case FG_FAIL_INTERNAL:
		break;
	}
	return "this laptop's Farmgate refuses; ask your administrator";
}

const char *
witness_why(int r, uint8_t fail)
{
	switch (r) {
	case FG_ERR_REFUSED:
		return why_refused(fail);
	case FG_ERR_UNREACHABLE:
		return "Farmgate does not run on this laptop, or makes no "
		       "statements; ask your administrator";
	case FG_ERR_TIMEOUT:
	case FG_ERR_BUSY:
		return "this laptop's Farmgate has not answered in time; try "
		       "again";
	case FG_ERR_PEER:
		return "somebody else than root listens in Farmgate's place "
		       "on this laptop; tell your administrator";
	case FG_ERR_VERSION:
		return "this laptop's Farmgate is of another version than "
		       "this program; ask your administrator to restart it";
	case FG_ERR_CLOSED:
		return "this laptop's Farmgate has hung up; try again";
	default:
		return "this laptop's Farmgate cannot be asked";
	}
}
