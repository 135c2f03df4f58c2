/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Unix sockets by their names, which whoever makes one chooses: whose it is
 * tells the kernel.
 */
#include "policyd/scanner/look/eis.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <stdio.h>
#include <string.h>

#include "policyd/scanner/look/owner.h"
#include "proto/result.h"

#define EIS_ESTABLISHED 1u /* the kernel's number, as of TCP */

struct eis_with {
	const struct scan *scan;
	struct since *since;
};

static void
report_eis(const struct eis_with *with, const struct rule_entry *entry,
    const char *path, uint32_t uid)
{
	char seen[SIGN_SEEN_MAX + 1];
	struct sign sign;

	memset(&sign, 0, sizeof(sign));
	sign.kind = entry->kind;
	sign.grade = (entry->active & RULE_ACTIVE_LISTEN) != 0 ? SIGN_ACTIVE :
								 SIGN_RUNNING;
	sign.confidence = SIGN_BY_BEHAVIOUR;
	sign.steers = entry->steers;
	owner_set_uid(uid, with->scan->picture->seat_uid, &sign);
	sign.audit_session = (uint32_t)-1;
	sign_text(sign.what, sizeof(sign.what), entry->name);
	(void)snprintf(seen, sizeof(seen), "somebody is connected to %.100s",
	    path);
	sign_text(sign.seen, sizeof(sign.seen), seen);
	sign.since_s = since_met(with->since, &sign, with->scan->round);
	picture_add(with->scan->picture, &sign);
	if (sign.grade == SIGN_ACTIVE)
		carry_note(with->scan->carry, &sign);
}

/* What is the seat's is nobody's where nobody sits. */
static void
take_name(const struct eis_with *with, const char *path, uint32_t uid)
{
	const struct rules *rules = with->scan->match->rules;
	const struct rule_entry *entry;
	size_t i;

	for (i = rules->first[RULE_SOCKET]; i < rules->first[RULE_SOCKET + 1];
	     i++) {
		entry = &rules->entry[rules->rule[i].entry];
		if (entry->kind != ENTRY_ORDINARY &&
		    (entry->steers != ENTRY_STEERS_SEAT ||
			with->scan->picture->seat_uid != (uint32_t)-1) &&
		    rule_glob(rules->rule[i].text, path))
			report_eis(with, entry, path, uid);
	}
}

/* The name has no NUL at its end; an abstract one begins with it. */
static void
take_socket(const void *data, size_t len, void *arg)
{
	const size_t head = sizeof(struct unix_diag_msg);
	char path[sizeof(((struct sockaddr_un *)NULL)->sun_path) + 1];
	const void *name, *id;
	uint32_t uid;
	size_t n;

	name = netlink_attribute(data, len, head, UNIX_DIAG_NAME, 1, &n);
	id = netlink_attribute(data, len, head, UNIX_DIAG_UID, sizeof(uid),
	    NULL);
	if (name == NULL || id == NULL || n >= sizeof(path))
		return;
	memcpy(path, name, n);
	path[n] = '\0';
	memcpy(&uid, id, sizeof(uid));
	take_name(arg, path, uid);
}

void
eis_look(const struct scan *scan, struct netlink *diag, struct since *since)
{
	const struct unix_diag_req req = { .sdiag_family = AF_UNIX,
		.udiag_states = UINT32_C(1) << EIS_ESTABLISHED,
		.udiag_show = UDIAG_SHOW_NAME | UDIAG_SHOW_UID };
	const struct netlink_request ask = { SOCK_DIAG_BY_FAMILY, &req,
		sizeof(req) };
	struct eis_with with = { scan, since };

	if ((scan->match->any & MATCH_KIND(RULE_SOCKET)) == 0)
		return;
	/* Without unix_diag in the kernel there is none to be seen. */
	if (netlink_dump(diag, &ask, scan->until_ns, take_socket, &with) ==
	    FG_ERR_TIMEOUT) {
		scan->picture->cut |= PICTURE_SOCKETS;
		scan->carry->missing = true;
	}
}
