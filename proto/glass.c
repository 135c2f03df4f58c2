/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Break-glass: lines of a user, a service and an origin, and whether one is of
 * a login. An entry only ever lets somebody in, so whatever is not surely meant
 * grants nothing. How the file is opened and read is glass_file.c's business.
 */
#include "proto/glass.h"

#include <arpa/inet.h>
#include <string.h>

#include "proto/result.h"

#define GLASS_WORDS	3
#define GLASS_V4_BITS	96u /* in front of an IPv4 address */
#define GLASS_ADDR_TEXT 64u /* more than any address needs */

static const uint8_t mapped[] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Up to max words; the number of those there are. '#' ends the line. */
static int
split(char *line, char *words[GLASS_WORDS])
{
	int n = 0;

	for (;;) {
		while (is_space(*line))
			line++;
		if (*line == '\0' || *line == '#')
			return n;
		if (n < GLASS_WORDS)
			words[n] = line;
		n++;
		while (*line != '\0' && !is_space(*line))
			line++;
		if (*line != '\0')
			*line++ = '\0';
	}
}

/* Names of groups, of everybody, and those that no account can have. */
static const char *
parse_user(const char *word, char user[FG_USER_MAX + 1])
{
	size_t len = strlen(word);

	if (strchr(word, '*') != NULL)
		return "each user has to be named; there is no * for users";
	if (word[0] == '@' || word[0] == '%' || word[0] == '!')
		return "name an account; groups are not looked up here";
	for (size_t i = 0; i < len; i++) {
		unsigned char u = (unsigned char)word[i];

		if (u < 0x20 || u == 0x7f || u == ':' || u == '/' || u == ',')
			return "the user is not the name of one account";
	}
	if (len > FG_USER_MAX)
		return "the user's name is too long";
	memcpy(user, word, len + 1);
	return NULL;
}

/* libpam knows services by their names in lower case. */
static const char *
parse_service(const char *word, char service[FG_SERVICE_MAX + 1])
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789"
				      "._-+@";
	size_t len = strlen(word);

	if (len > FG_SERVICE_MAX)
		return "the service's name is too long";
	for (size_t i = 0; i < len && strcmp(word, "*") != 0; i++) {
		if (strchr(allowed, word[i]) == NULL)
			return "the service has to be the name of one file "
			       "in /etc/pam.d, in lower case, or *";
	}
	memcpy(service, word, len + 1);
	return NULL;
}

/* Numeric, without a zone; IPv4 as its mapped form. */
static bool
parse_address(const char *text, uint8_t addr[FG_GLASS_ADDR_SIZE], bool *ret_v4)
{
	struct in6_addr v6;
	struct in_addr v4;

	*ret_v4 = inet_pton(AF_INET, text, &v4) == 1;
	if (*ret_v4) {
		memcpy(addr, mapped, sizeof(mapped));
		memcpy(addr + sizeof(mapped), &v4, sizeof(v4));
		return true;
	}
	if (inet_pton(AF_INET6, text, &v6) != 1)
		return false;
	memcpy(addr, &v6, sizeof(v6));
	return true;
}

/* One to three digits, at most max. */
static bool
parse_bits(const char *text, unsigned int max, unsigned int *ret_bits)
{
	unsigned int v = 0;
	size_t n;

	for (n = 0; text[n] >= '0' && text[n] <= '9' && n < 3; n++)
		v = v * 10 + (unsigned int)(text[n] - '0');
	*ret_bits = v;
	return n > 0 && text[n] == '\0' && v <= max;
}

/* Whether the first bits of both are the same. */
static bool
same_bits(const uint8_t *a, const uint8_t *b, unsigned int bits)
{
	unsigned int whole = bits / 8, rest = bits % 8;

	if (memcmp(a, b, whole) != 0)
		return false;
	return rest == 0 || ((a[whole] ^ b[whole]) >> (8 - rest)) == 0;
}

/* Bits behind the prefix are usually a typing mistake. */
static bool
has_host_bits(const struct fg_glass_entry *e)
{
	for (unsigned int i = e->bits; i < 8 * FG_GLASS_ADDR_SIZE; i++) {
		if ((e->addr[i / 8] & (0x80u >> (i % 8))) != 0)
			return true;
	}
	return false;
}

static const char *
parse_prefix(char *word, struct fg_glass_entry *e)
{
	char *slash = strchr(word, '/');
	unsigned int max;
	bool v4;

	if (slash != NULL)
		*slash = '\0';
	if (!parse_address(word, e->addr, &v4))
		return "the origin has to be console, local, any, or a "
		       "numeric address or prefix";
	max = v4 ? 8 * FG_GLASS_ADDR_SIZE - GLASS_V4_BITS :
		   8 * FG_GLASS_ADDR_SIZE;
	e->bits = max;
	if (slash != NULL && !parse_bits(slash + 1, max, &e->bits))
		return "behind the address a number of bits has to follow, "
		       "as in 192.0.2.0/24";
	if (v4)
		e->bits += GLASS_V4_BITS;
	if (has_host_bits(e))
		return "the address has bits set behind its prefix; write "
		       "192.0.2.0/24, not 192.0.2.1/24";
	e->from = FG_GLASS_ADDRESS;
	return NULL;
}

static const char *
parse_from(char *word, struct fg_glass_entry *e)
{
	if (strcmp(word, "console") == 0)
		e->from = FG_GLASS_CONSOLE;
	else if (strcmp(word, "local") == 0)
		e->from = FG_GLASS_LOCAL;
	else if (strcmp(word, "any") == 0)
		e->from = FG_GLASS_ANY;
	else
		return parse_prefix(word, e);
	return NULL;
}

int
fg_glass_parse(char *line, struct fg_glass_entry *ret_entry,
    const char **ret_why)
{
	struct fg_glass_entry e;
	char *words[GLASS_WORDS];
	int n = split(line, words);

	memset(&e, 0, sizeof(e));
	*ret_entry = e;
	*ret_why = NULL;
	if (n == 0)
		return FG_ERR_NOT_FOUND;
	if (n != GLASS_WORDS)
		*ret_why = "a line has three words: USER SERVICE ORIGIN";
	else if ((*ret_why = parse_user(words[0], e.user)) == NULL &&
	    (*ret_why = parse_service(words[1], e.service)) == NULL)
		*ret_why = parse_from(words[2], &e);
	if (*ret_why != NULL)
		return FG_ERR_FORMAT;
	*ret_entry = e;
	return 0;
}

/* The first word, without a zone. What does not fit is no address. */
static void
login_address(const char *text, struct fg_glass_login *login)
{
	char word[GLASS_ADDR_TEXT];
	size_t n = 0;
	bool v4;

	while (text[n] != '\0' && text[n] != ' ' && text[n] != '%' &&
	    n < sizeof(word) - 1) {
		word[n] = text[n];
		n++;
	}
	word[n] = '\0';
	if (n < sizeof(word) - 1 && parse_address(word, login->addr, &v4))
		login->from = FG_GLASS_ADDRESS;
}

/*
 * sudo and su say who asks, and change the user on their way; what they say of
 * that is believed only where nothing says that it came from elsewhere.
 */
void
fg_glass_who(const struct fg_login *login, struct fg_glass_login *ret_login)
{
	struct fg_glass_login *l = ret_login;

	memset(l, 0, sizeof(*l));
	l->user = login->user;
	l->service = login->service;
	l->from = FG_GLASS_NOWHERE;
	if (login->ssh_connection[0] != '\0') {
		login_address(login->ssh_connection, l);
	} else if (login->rhost[0] != '\0') {
		login_address(login->rhost, l);
	} else if (login->ruser[0] != '\0') {
		l->from = FG_GLASS_LOCAL;
		l->user = login->ruser;
	} else {
		l->from = FG_GLASS_CONSOLE;
	}
}

/* A prefix of IPv6 holds no IPv4 address, however short it is. */
static bool
holds_address(const struct fg_glass_entry *e, const uint8_t *addr)
{
	if (e->bits < GLASS_V4_BITS && same_bits(addr, mapped, GLASS_V4_BITS))
		return false;
	return same_bits(addr, e->addr, e->bits);
}

bool
fg_glass_holds(const struct fg_glass_entry *entry,
    const struct fg_glass_login *login)
{
	if (entry->user[0] == '\0' || strcmp(entry->user, login->user) != 0 ||
	    (strcmp(entry->service, "*") != 0 &&
		strcmp(entry->service, login->service) != 0))
		return false;
	switch (entry->from) {
	case FG_GLASS_NOWHERE:
		break;
	case FG_GLASS_ANY:
		return true;
	case FG_GLASS_CONSOLE:
	case FG_GLASS_LOCAL:
		return login->from == entry->from;
	case FG_GLASS_ADDRESS:
		return login->from == FG_GLASS_ADDRESS &&
		    holds_address(entry, login->addr);
	}
	return false;
}
