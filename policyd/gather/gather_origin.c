/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kind of service and where the login comes from. Every byte read here is
 * the caller's or the peer's; only numeric addresses are believed, and only
 * from where sshd or the service itself has put them. No name is resolved.
 */
#include "policyd/gather/gather.h"

#include <string.h>

#include "policyd/net/addr.h"
#include "policyd/text.h"
#include "proto/msg.h"

#define PORT_MAX   65535u
#define FIELD_SIZE ADDR_TEXT_SIZE

#define NO_RHOST  "the service gave no remote address"
#define NAME_ONLY "the remote host is a name, and names are not resolved"
#define CUT	  "the remote host is longer than any address"
#define BAD_SSH	  "SSH_CONNECTION is not of the form sshd writes"
#define DIFFER	  "SSH_CONNECTION and PAM_RHOST are different addresses"

/* Copy the next field, up to one blank or the end; NULL if there is none. */
static const char *
next_field(const char *p, char field[FIELD_SIZE])
{
	size_t len = strcspn(p, " ");

	if (len == 0 || len >= FIELD_SIZE)
		return NULL;
	memcpy(field, p, len);
	field[len] = '\0';
	return p + len;
}

/* "ADDRESS PORT" and what follows; NULL if p does not start with that. */
static const char *
parse_endpoint(const char *p, struct addr *ret_addr, uint16_t *ret_port)
{
	char field[FIELD_SIZE];
	uint64_t port = 0;

	if ((p = next_field(p, field)) == NULL || *p++ != ' ' ||
	    addr_parse(field, ret_addr) != 0 ||
	    (p = next_field(p, field)) == NULL ||
	    text_parse_uint(field, 1, PORT_MAX, &port) != 0)
		return NULL;
	*ret_port = (uint16_t)port;
	return p;
}

/* "CLIENT PORT SERVER PORT", single blanks, nothing behind. */
static bool
parse_ssh_connection(const char *text, struct gather_ends *ret_ends)
{
	const char *p;

	return (p = parse_endpoint(text, &ret_ends->client,
		    &ret_ends->client_port)) != NULL &&
	    *p++ == ' ' &&
	    (p = parse_endpoint(p, &ret_ends->server,
		 &ret_ends->server_port)) != NULL &&
	    *p == '\0';
}

bool
gather_ends(const struct fact_login *login, struct gather_ends *ret_ends)
{
	return parse_ssh_connection(login->ssh_connection, ret_ends);
}

static void
set_address(struct fact_origin *o, enum origin_source source,
    const struct addr *addr)
{
	o->kind = ORIGIN_ADDRESS;
	o->source = source;
	o->addr = *addr;
	o->cls = addr_classify(addr);
}

static void
set_no_address(struct fact_origin *o, const char *problem)
{
	o->kind = ORIGIN_NO_ADDRESS;
	o->problem = problem;
}

static const char *
rhost_problem(const struct fact_login *login)
{
	if (login->rhost[0] == '\0')
		return NO_RHOST;
	if ((login->flags & FG_LOGIN_CUT) != 0 &&
	    strlen(login->rhost) >= FG_RHOST_MAX)
		return CUT;
	return NAME_ONLY;
}

/*
 * A service that is reached over the network. With believe_ssh the two
 * sources are held against each other: whoever managed to make them differ
 * must not choose which one counts.
 */
static void
remote_origin(const struct fact_login *login, bool believe_ssh,
    struct fact_origin *o)
{
	struct gather_ends ssh;
	struct addr rhost;
	bool have_rhost = addr_parse(login->rhost, &rhost) == 0;

	if (!believe_ssh || login->ssh_connection[0] == '\0') {
		if (have_rhost)
			set_address(o, ORIGIN_FROM_RHOST, &rhost);
		else
			set_no_address(o, rhost_problem(login));
	} else if (!parse_ssh_connection(login->ssh_connection, &ssh)) {
		set_no_address(o, BAD_SSH);
	} else if (have_rhost &&
	    memcmp(ssh.client.b, rhost.b, ADDR_SIZE) != 0) {
		set_no_address(o, DIFFER);
	} else {
		/* With UseDNS the rhost is whatever the peer's PTR says. */
		set_address(o, ORIGIN_FROM_SSH_CONNECTION, &ssh.client);
	}
}

/* Without a session to inherit from, "local" is all that can be said. */
static void
nested_origin(const struct gather_parent *parent, struct facts *facts)
{
	struct fact_origin *o = &facts->origin;

	if (parent == NULL || parent->origin == NULL ||
	    parent->origin->kind == ORIGIN_NONE) {
		o->kind = ORIGIN_LOCAL;
		o->source = ORIGIN_FROM_SERVICE;
		return;
	}
	*o = *parent->origin;
	o->source = ORIGIN_FROM_SESSION;
	if (parent->ref != NULL)
		(void)text_copy(o->inherited, sizeof(o->inherited),
		    parent->ref);
	if (parent->person != NULL)
		(void)text_copy(facts->whose, sizeof(facts->whose),
		    parent->person);
}

/* cron and the like: an address is noted, and nothing depends on it. */
static void
exempt_origin(const struct fact_login *login, struct fact_origin *o)
{
	struct addr rhost;

	if (addr_parse(login->rhost, &rhost) == 0) {
		set_address(o, ORIGIN_FROM_RHOST, &rhost);
		return;
	}
	o->kind = ORIGIN_LOCAL;
	o->source = ORIGIN_FROM_SERVICE;
}

/*
 * "login -h": with a remote host it is no console, whatever its name. sudo's
 * option pam_rhost gives its own machine's name: with a nested service only
 * an address counts.
 */
static bool
comes_from_afar(const struct fact_login *login, enum service_kind listed)
{
	struct addr rhost;

	if (listed == SERVICE_CONSOLE)
		return login->rhost[0] != '\0';
	return listed == SERVICE_NESTED &&
	    addr_parse(login->rhost, &rhost) == 0;
}

void
gather_origin(const struct conf *conf, const struct gather_parent *parent,
    struct facts *facts)
{
	enum service_kind listed =
	    conf_service_kind(conf, facts->login.service);
	struct fact_origin *o = &facts->origin;

	memset(o, 0, sizeof(*o));
	facts->whose[0] = '\0';
	facts->kind = listed;
	if (comes_from_afar(&facts->login, listed))
		facts->kind = SERVICE_REMOTE;

	switch (facts->kind) {
	case SERVICE_NONE:
	case SERVICE_REMOTE:
		facts->kind = SERVICE_REMOTE;
		remote_origin(&facts->login, listed == SERVICE_REMOTE, o);
		break;
	case SERVICE_NESTED:
		nested_origin(parent, facts);
		break;
	case SERVICE_CONSOLE:
		o->kind = ORIGIN_CONSOLE;
		o->source = ORIGIN_FROM_SERVICE;
		break;
	case SERVICE_EXEMPT:
		exempt_origin(&facts->login, o);
		break;
	}
}
