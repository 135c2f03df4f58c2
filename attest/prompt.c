/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ssh's prefix and the server's text behind it. Everything is the server's but
 * the form of the prefix, so the form is all that is believed.
 */
#include "attest/prompt.h"

#include <string.h>

#include "proto/result.h"

#define PREFIX_END ") "

/* Of names, addresses with their scope, and aliases with a port. */
#define HOST_BYTES                   \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZ" \
	"abcdefghijklmnopqrstuvwxyz" \
	"0123456789.-_:%[]"

static int
refuse(const char **ret_why, const char *why)
{
	*ret_why = why;
	return FG_ERR_FORMAT;
}

static int
refuse_token(const char **ret_why, int r)
{
	if (r == FG_ERR_VERSION)
		*ret_why = "it is of a version that this program does not know";
	else if (r == FG_ERR_LIMIT)
		*ret_why = "there are several challenges in one prompt";
	else
		*ret_why = "it is damaged";
	return r;
}

static bool
is_user(const char *s, size_t len)
{
	if (len == 0 || len > FG_USER_MAX)
		return false;
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)s[i] < ' ' || s[i] == 0x7f || s[i] == '(' ||
		    s[i] == ')')
			return false;
	return true;
}

static bool
is_host(const char *s, size_t len)
{
	return len > 0 && len <= FG_HOST_MAX && strspn(s, HOST_BYTES) >= len;
}

/* ssh itself takes the last '@' for the one between user and host. */
static int
take_prefix(const char *text, struct prompt_challenge *c)
{
	const char *user = text + 1, *at, *end;

	if (text[0] != '(' || (end = strstr(text, PREFIX_END)) == NULL)
		return FG_ERR_FORMAT;
	at = memrchr(user, '@', (size_t)(end - user));
	if (at == NULL || !is_user(user, (size_t)(at - user)) ||
	    !is_host(at + 1, (size_t)(end - at - 1)))
		return FG_ERR_FORMAT;
	memcpy(c->user, user, (size_t)(at - user));
	memcpy(c->host, at + 1, (size_t)(end - at - 1));
	return 0;
}

static bool
has_one_reading(const char *text, const char *token)
{
	const char *end = strstr(text, PREFIX_END);
	const char *word = strstr(text, token);

	return end != NULL && end < word &&
	    strstr(end + 1, PREFIX_END) == NULL &&
	    strspn(word + strlen(token), ": ") == strlen(word + strlen(token));
}

int
prompt_challenge(const char *text, struct prompt_challenge *ret_challenge,
    const char **ret_why)
{
	struct prompt_challenge c;
	int r;

	memset(ret_challenge, 0, sizeof(*ret_challenge));
	memset(&c, 0, sizeof(c));
	*ret_why = "";
	if ((r = fg_token_find(text, c.token)) == FG_ERR_NOT_FOUND)
		return r;
	if (r != 0)
		return refuse_token(ret_why, r);
	if (take_prefix(text, &c) != 0)
		return refuse(ret_why,
		    "ssh does not say in front of it whose it is");
	if (!has_one_reading(text, c.token))
		return refuse(ret_why,
		    "the text around it could be meant to look like ssh's own");
	*ret_challenge = c;
	return 0;
}

bool
prompt_is_open(const char *text)
{
	static const char *const git[] = { "Username for '", "Username: " };

	if (text[0] == '(')
		return false;
	for (size_t i = 0; i < sizeof(git) / sizeof(git[0]); i++)
		if (strncmp(text, git[i], strlen(git[i])) == 0)
			return true;
	return strstr(text, "(yes/no") != NULL ||
	    strncmp(text, "Please type 'yes'", 17) == 0;
}
