/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which step-ups this person has passed with this device from this network.
 * The device is the SSH key that was taken, and no device where there was none:
 * with a password alone anybody's machine is the same. The network is what
 * addr_source() takes for one.
 */
#include "policyd/gather/gather.h"

#include <string.h>

#include "policyd/store/store_proof.h"
#include "policyd/text.h"

_Static_assert(sizeof(((struct fact_remembered *)0)->list[0].grade) >=
	FINDING_GRADE_MAX + 1,
    "a grade fits");

static void
set_source(const struct fact_origin *origin, char ret_source[ADDR_TEXT_SIZE])
{
	if (origin->kind == ORIGIN_ADDRESS)
		(void)addr_source(&origin->addr, ret_source);
	else
		(void)text_copy(ret_source, ADDR_TEXT_SIZE,
		    origin_kind_name(origin->kind));
}

/* In sudo and su nobody shows a key: the session has the one that was. */
static void
set_device(const struct gather_parent *parent, const struct facts *facts,
    char ret_device[PERSON_KEY_MAX + 1])
{
	const struct ssh_keys *keys = &facts->login.keys;
	const char *device = "";

	if (keys->n > 0)
		device = keys->list[0].fingerprint;
	else if (facts->kind == SERVICE_NESTED && parent != NULL &&
	    parent->device != NULL)
		device = parent->device;
	(void)text_copy(ret_device, PERSON_KEY_MAX + 1, device);
}

/*
 * Of nobody, and of a shared account as long as it is not known whose login it
 * is, nothing is: others would get in by it. Nor from where nobody knows.
 */
static bool
is_somebody(const struct facts *facts)
{
	const struct fact_person *p = &facts->person;

	return facts->kind != SERVICE_NONE && facts->kind != SERVICE_EXEMPT &&
	    facts->origin.kind != ORIGIN_NONE &&
	    facts->origin.kind != ORIGIN_NO_ADDRESS && p->state != FACT_ERROR &&
	    !p->nobody &&
	    !(p->state == FACT_KNOWN && p->person.kind == PERSON_KIND_SHARED) &&
	    facts->login.key_state != FACT_ERROR && fact_who(facts)[0] != '\0';
}

static void
look_up(struct store *store, struct facts *facts)
{
	struct fact_remembered *fact = &facts->remembered;
	struct store_proof list[FACT_REMEMBERED_MAX];
	struct store_proof like = { .id = 0 };
	size_t i, n;

	(void)text_copy(like.person, sizeof(like.person), fact_who(facts));
	memcpy(like.device, fact->device, sizeof(like.device));
	memcpy(like.source, fact->source, sizeof(like.source));
	fact->state = FACT_ERROR;
	if (store_proofs_of(store, &like, facts->at_s, list,
		FACT_REMEMBERED_MAX, &n) != 0)
		return;
	fact->state = n == 0 ? FACT_UNKNOWN : FACT_KNOWN;
	fact->count = n;
	for (i = 0; i < n; i++) {
		fact->list[i].id = list[i].id;
		fact->list[i].code = (int)list[i].code;
		(void)text_copy(fact->list[i].grade,
		    sizeof(fact->list[i].grade), list[i].grade);
		fact->list[i].methods = list[i].methods;
		fact->list[i].made_s = list[i].made_s;
		fact->list[i].until_s = list[i].until_s;
	}
}

void
gather_remembered(const struct conf *conf, struct store *store,
    const struct gather_parent *parent, struct facts *facts)
{
	struct fact_remembered *fact = &facts->remembered;

	memset(fact, 0, sizeof(*fact));
	if (store == NULL || conf->remember_s == 0 || !is_somebody(facts))
		return;
	set_source(&facts->origin, fact->source);
	set_device(parent, facts, fact->device);
	look_up(store, facts);
}
