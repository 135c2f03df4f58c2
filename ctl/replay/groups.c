/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The name service takes its time: what it has said is kept.
 */
#include "ctl/replay/groups.h"

#include <stdlib.h>
#include <string.h>

#include "ctl/replay/names.h"
#include "ctl/supposed.h"
#include "policyd/text.h"

/* What this machine says of an account. */
struct account {
	bool asked;
	enum fact_state state;
	uint32_t uid;
	size_t count;
	const char **names; /* the conf's */
};

struct groups {
	const struct conf *conf;
	struct names *users;
	uint64_t strangers;
	struct supposed supposed; /* to ask with */
	struct account account[NAMES_MAX];
};

struct groups *
groups_new(const struct conf *conf)
{
	struct groups *groups = calloc(1, sizeof(*groups));

	if (groups != NULL && (groups->users = names_new(NAMES_MAX)) == NULL) {
		free(groups);
		return NULL;
	}
	if (groups != NULL)
		groups->conf = conf;
	return groups;
}

void
groups_free(struct groups *groups)
{
	if (groups == NULL)
		return;
	for (size_t i = 0; i < names_count(groups->users); i++)
		free(groups->account[i].names);
	names_free(groups->users);
	free(groups);
}

uint64_t
groups_strangers(const struct groups *groups)
{
	return groups->strangers;
}

static void
ask(struct groups *groups, const char *user, struct account *account)
{
	struct supposed *s = &groups->supposed;
	const struct fact_groups *found = &s->facts.groups;

	memset(&s->facts.groups, 0, sizeof(s->facts.groups));
	(void)text_copy(s->facts.login.user, sizeof(s->facts.login.user), user);
	(void)supposed_look_up(s, groups->conf); /* .state says it */
	account->asked = true;
	account->state = found->state;
	account->uid = s->facts.login.uid;
	if (found->state == FACT_UNKNOWN)
		groups->strangers++;
	if (found->count == 0)
		return;
	account->names = calloc(found->count, sizeof(account->names[0]));
	if (account->names == NULL) {
		account->state = FACT_ERROR;
		return;
	}
	memcpy(account->names, found->names,
	    found->count * sizeof(account->names[0]));
	account->count = found->count;
}

void
groups_find(struct groups *groups, const char *user,
    struct fact_groups *ret_fact, uint32_t *ret_uid)
{
	struct account *account;
	uint32_t i;

	memset(ret_fact, 0, sizeof(*ret_fact));
	if (groups->conf->groups.n == 0)
		return;
	if ((i = names_add(groups->users, user)) == NAMES_NONE) {
		ret_fact->state = FACT_ERROR;
		return;
	}
	account = &groups->account[i];
	if (!account->asked)
		ask(groups, user, account);
	ret_fact->state = account->state;
	ret_fact->count = account->count;
	ret_fact->names = account->names;
	*ret_uid = account->uid;
}
