/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One question over witness.sock. The answer is for another host and is not
 * looked into.
 */
#include "attest/witness.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "proto/client.h"
#include "proto/result.h"

#define SOCKET_NAME "witness.sock"
#define PATH_SIZE   256u
#define PAUSE_MS    100

static int64_t
now_ms(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts); /* cannot fail */
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

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

static int
ask_once(struct fg_client *client, const char *path,
    const struct prompt_challenge *challenge, struct fg_statement *ret_answer)
{
	int r;

	fg_client_done(client);
	if ((r = fg_client_open(client, path, WITNESS_MS)) != 0)
		return r;
	return ask(client, challenge, ret_answer);
}

/*
 * The daemon answers a user only so often, and has few places: what runs many
 * ssh at once has to wait for its turn, and so has who asks while others flood
 * it. Without a place a question is not read.
 */
static bool
is_not_yet(int r)
{
	return r == FG_ERR_BUSY || r == FG_ERR_CLOSED;
}

int
witness_ask(const char *rundir, const struct prompt_challenge *challenge,
    char ret_answer[FG_STATEMENT_MAX + 1], uint8_t *ret_fail)
{
	struct fg_client client = { .fd = -1 };
	struct fg_statement answer;
	char path[PATH_SIZE];
	const int64_t end_ms = now_ms() + WITNESS_TURN_MS;
	int n, saved, r;

	ret_answer[0] = '\0';
	*ret_fail = FG_FAIL_NONE;
	n = snprintf(path, sizeof(path), "%s/%s", rundir, SOCKET_NAME);
	if (n < 0 || (size_t)n >= sizeof(path))
		return FG_ERR_LIMIT;
	while (is_not_yet(r = ask_once(&client, path, challenge, &answer))) {
		if (end_ms - now_ms() <= PAUSE_MS)
			break;
		(void)poll(NULL, 0, PAUSE_MS); /* a signal shortens it */
	}
	if (r == 0)
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
