/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is stated of this machine: findings by the same checks as a login's,
 * hardware IDs, and what it is plugged into.
 */
#include "policyd/witness/witness.h"

#include <string.h>

#include "policyd/check/check.h"
#include "policyd/device/identity.h"
#include "policyd/gather/gather.h"
#include "policyd/text.h"
#include "policyd/witness/statement_fill.h"

static const check_fn checks[] = { check_remote_tool, check_remote_desktop,
	check_remote_tunnel, check_remote_kvm, check_remote_display,
	check_remote_jiggler, check_remote_session, check_remote_unknown,
	check_net_vpn_client, check_device_virtual, check_device_new_input };

void
witness_gather(const struct conf *conf, const struct ruleset_sources *from,
    struct facts *facts)
{
	facts->kind = SERVICE_NESTED;
	facts->login.uid = facts->peer.uid;
	gather_device(conf, from->store, from->identity, facts);
	gather_remote(conf, from->machine, facts);
}

/* ---- what is found ------------------------------------------------------ */

static void
drop_minor(struct finding_list *findings)
{
	size_t i, n = 0;

	for (i = 0; i < findings->count; i++)
		if (!findings->list[i].minor)
			findings->list[n++] = findings->list[i];
	findings->count = n;
}

static uint8_t
flag_of(const struct finding *f)
{
	if (f->code == FINDING_REMOTE_SESSION)
		return STATEMENT_REMOTE;
	if (f->code == FINDING_REMOTE_UNKNOWN)
		return strcmp(f->grade, "blind") == 0 ? STATEMENT_BLIND :
							STATEMENT_PARTIAL;
	return 0;
}

static void
find(const struct witness_of *of, struct finding_list *findings,
    struct statement *st)
{
	size_t i;

	memset(findings, 0, sizeof(*findings));
	for (i = 0; i < sizeof(checks) / sizeof(checks[0]); i++)
		checks[i](of->facts, of->conf, NULL, findings);
	drop_minor(findings);
	statement_set_findings(st, findings);
	for (i = 0; i < findings->count; i++)
		st->flags |= flag_of(&findings->list[i]);
}

/* ---- what is seen ------------------------------------------------------- */

/* Devices that are the same in all are told apart by " #2", which says where
 * they are plugged in, and nothing of them. */
static void
add_peripheral(const struct witness_of *of, const struct sign *sign,
    struct statement *st)
{
	char what[SIGN_WHAT_MAX + 1], *twin;

	(void)text_copy(what, sizeof(what), sign->what);
	if ((twin = strstr(what, " #")) != NULL)
		*twin = '\0';
	statement_add_peripheral(st, of->host->key, what);
}

static void
see(const struct witness_of *of, struct statement *st)
{
	static const uint8_t none[sizeof(of->picture->gateway)];
	const struct picture *p = of->picture;
	size_t i;

	if (of->facts->remote.state != FACT_KNOWN || p == NULL)
		return;
	for (i = 0; i < p->nsigns; i++) {
		if (p->sign[i].kind == ENTRY_HYPERVISOR &&
		    p->sign[i].grade != SIGN_INSTALLED)
			st->flags |= STATEMENT_VIRTUAL;
		if (gather_is_device((enum entry_kind)p->sign[i].kind) &&
		    p->sign[i].serial != 0)
			add_peripheral(of, &p->sign[i], st);
	}
	if (memcmp(p->gateway, none, sizeof(none)) != 0)
		statement_set_gateway(st, of->host->key, p->gateway);
}

void
witness_state(const struct witness_of *of, struct finding_list *ret_findings,
    struct statement *ret_statement)
{
	struct statement *st = ret_statement;

	memset(st, 0, sizeof(*st));
	memcpy(st->host_id, of->token->host_id, sizeof(st->host_id));
	memcpy(st->nonce, of->token->nonce, sizeof(st->nonce));
	statement_user_digest(of->user, st->user_digest);
	st->at_s = of->facts->at_s < 0 ? 0 : (uint64_t)of->facts->at_s;
	find(of, ret_findings, st);
	statement_set_hwids(st, &of->identity->digests);
	see(of, st);
	(void)text_copy(st->release, sizeof(st->release), FG_PACKAGE_VERSION);
}
