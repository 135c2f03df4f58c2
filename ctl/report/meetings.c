/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A login for each person and source, summed up as it comes.
 */
#include "ctl/report/meetings.h"

#include <stdlib.h>
#include <string.h>

#include "ctl/report/slots.h"
#include "policyd/text.h"
#include "proto/result.h"

#define KEY_SIZE 1024u

struct meetings {
	struct slots *slots;
	struct farm farm; /* a login for each slot */
	size_t max;
	uint64_t left_out;
};

struct meetings *
meetings_new(size_t max)
{
	struct meetings *m = calloc(1, sizeof(*m));

	if (m == NULL)
		return NULL;
	m->max = max;
	if ((m->slots = slots_new(max)) == NULL) {
		free(m);
		return NULL;
	}
	return m;
}

void
meetings_free(struct meetings *m)
{
	if (m == NULL)
		return;
	farm_done(&m->farm);
	slots_free(m->slots);
	free(m);
}

static int
add_new(struct meetings *m, const char *key, const struct farm_login *login)
{
	struct farm_login l = *login;
	size_t slot = m->farm.nlogins;
	int r;

	if (slot == m->max) {
		m->left_out++;
		return 0;
	}
	l.logins = 1;
	l.last_s = l.first_s;
	if ((r = farm_add(&m->farm, &l)) != 0)
		return r;
	return slots_put(m->slots, slot, key);
}

int
meetings_add(struct meetings *m, const struct farm_login *login)
{
	char key[KEY_SIZE];
	struct farm_login *l;
	size_t slot;

	(void)text_format(key, sizeof(key), "%d\n%.400s\n%.400s",
	    (int)login->why, login->source, login->person);
	if ((slot = slots_find(m->slots, key)) == SLOTS_NONE)
		return add_new(m, key, login);
	l = &m->farm.logins[slot];
	l->logins = farm_sum(l->logins, 1);
	if (login->first_s < l->first_s)
		l->first_s = login->first_s;
	if (login->first_s > l->last_s)
		l->last_s = login->first_s;
	return 0;
}

uint64_t
meetings_left_out(const struct meetings *m)
{
	return m->left_out;
}

int
meetings_cluster(const struct meetings *m, struct farm *farm)
{
	int r = 0;

	memset(farm, 0, sizeof(*farm));
	for (size_t i = 0; r == 0 && i < m->farm.nlogins; i++)
		r = farm_add(farm, &m->farm.logins[i]);
	return r == 0 ? farm_cluster(farm) : r;
}
