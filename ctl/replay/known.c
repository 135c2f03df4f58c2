/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tables of fixed size: what finds no room takes the place of what is older.
 */
#include "ctl/replay/known.h"

#include <stdlib.h>
#include <string.h>

#include "policyd/people/civil.h"
#include "policyd/text.h"

#define SOURCES	  65536u
#define OPEN	  65536u /* by the lowest bits of the pid */
#define EXPIRES_S (INT64_C(7) * CIVIL_DAY_S)
#define V6_BYTES  8u /* a host has a /64 */

struct source {
	uint8_t key[ADDR_SIZE];
	uint8_t n;
	struct known_sharer sharer[KNOWN_SHARERS];
};

struct known {
	struct names *names;
	struct known_person person[NAMES_MAX];
	struct source source[SOURCES];
	uint32_t open[OPEN]; /* whose session it is, and 1 */
	bool ends;
};

struct known *
known_new(void)
{
	struct known *known = calloc(1, sizeof(*known));

	if (known != NULL && (known->names = names_new(NAMES_MAX)) == NULL) {
		free(known);
		return NULL;
	}
	return known;
}

void
known_free(struct known *known)
{
	if (known == NULL)
		return;
	for (size_t i = 0; i < names_count(known->names); i++)
		free(known->person[i].session);
	names_free(known->names);
	free(known);
}

struct names *
known_names(struct known *known)
{
	return known->names;
}

const struct known_person *
known_person(const struct known *known, uint32_t who)
{
	return &known->person[who];
}

bool
known_ends(const struct known *known)
{
	return known->ends;
}

/* ---- addresses --------------------------------------------------------- */

static void
key_of(const struct addr *addr, uint8_t key[ADDR_SIZE])
{
	struct addr inner;

	if (addr_classify(addr) == ADDR_NAT64 &&
	    addr_embedded(addr, &inner) == 0)
		addr = &inner;
	memcpy(key, addr->b, ADDR_SIZE);
	if (!addr_is_v4(addr))
		memset(key + V6_BYTES, 0, ADDR_SIZE - V6_BYTES);
}

static size_t
source_of(const uint8_t key[ADDR_SIZE])
{
	uint64_t a, b;

	memcpy(&a, key, sizeof(a));
	memcpy(&b, key + sizeof(a), sizeof(b));
	return (size_t)(((a ^ b) * UINT64_C(0x9e3779b97f4a7c15)) >> 40) %
	    SOURCES;
}

const struct known_sharer *
known_sharers(const struct known *known, const struct addr *addr, size_t *ret_n)
{
	uint8_t key[ADDR_SIZE];
	const struct source *s;

	key_of(addr, key);
	s = &known->source[source_of(key)];
	*ret_n = memcmp(s->key, key, ADDR_SIZE) == 0 ? s->n : 0;
	return s->sharer;
}

static void
take_source(struct known *known, uint32_t who, const struct addr *addr,
    int64_t at_s)
{
	struct known_sharer *oldest, *sharer;
	uint8_t key[ADDR_SIZE];
	struct source *s;

	key_of(addr, key);
	s = &known->source[source_of(key)];
	if (memcmp(s->key, key, ADDR_SIZE) != 0) {
		memcpy(s->key, key, ADDR_SIZE);
		s->n = 0;
	}
	oldest = s->sharer;
	for (sharer = s->sharer; sharer < s->sharer + s->n; sharer++) {
		if (sharer->who == who)
			break;
		if (sharer->at_s < oldest->at_s)
			oldest = sharer;
	}
	if (sharer == s->sharer + s->n) {
		if (s->n < KNOWN_SHARERS)
			s->n++;
		else
			sharer = oldest;
	}
	sharer->who = who;
	sharer->at_s = at_s;
}

/* ---- earlier logins ---------------------------------------------------- */

static void
take_login(struct known_person *p, const struct addr *addr, int64_t at_s)
{
	size_t kept = p->nlogins < KNOWN_LOGINS ? p->nlogins : KNOWN_LOGINS - 1;

	memmove(&p->login[1], &p->login[0], kept * sizeof(p->login[0]));
	p->login[0].addr = *addr;
	p->login[0].at_s = at_s;
	p->nlogins = kept + 1;
}

static int64_t
day_of(int64_t at_s)
{
	return at_s / CIVIL_DAY_S;
}

uint32_t
known_days(const struct known *known, uint32_t who, uint32_t asn)
{
	const struct known_person *p = &known->person[who];

	for (size_t i = 0; i < p->nasns; i++)
		if (p->asn[i].number == asn)
			return p->asn[i].days;
	return 0;
}

static void
take_asn(struct known_person *p, uint32_t number, int64_t at_s)
{
	struct known_asn *oldest = p->asn, *asn;
	int64_t day = day_of(at_s);

	for (asn = p->asn; asn < p->asn + p->nasns; asn++) {
		if (asn->number == number)
			break;
		if (asn->day < oldest->day)
			oldest = asn;
	}
	if (asn == p->asn + p->nasns) {
		if (p->nasns < KNOWN_ASNS)
			p->nasns++;
		else
			asn = oldest;
		*asn = (struct known_asn){ .number = number, .day = -1 };
	}
	if (asn->day != day)
		asn->days++;
	asn->day = day;
}

/* ---- sessions ---------------------------------------------------------- */

static void
drop(struct known_person *p, size_t i)
{
	memmove(&p->session[i], &p->session[i + 1],
	    (p->nsessions - i - 1) * sizeof(p->session[0]));
	p->nsessions--;
}

static void
take_session(struct known *known, uint32_t who, const struct past_login *login,
    const struct fact_where where[KNOWN_VIEWS])
{
	struct known_person *p = &known->person[who];
	struct known_session *s;

	if (login->pid == 0)
		return; /* nobody would see its end */
	if (p->session == NULL &&
	    (p->session = calloc(KNOWN_SESSIONS, sizeof(*s))) == NULL)
		return;
	if (p->nsessions == KNOWN_SESSIONS)
		drop(p, 0);
	s = &p->session[p->nsessions++];
	s->pid = login->pid;
	s->since_s = login->at_s;
	s->has_addr = login->has_addr;
	s->addr = login->addr;
	memcpy(s->where, where, sizeof(s->where));
	(void)text_copy(s->tty, sizeof(s->tty), login->tty);
	(void)text_copy(s->service, sizeof(s->service), login->service);
	(void)text_copy(s->key, sizeof(s->key), login->key);
	known->open[(uint64_t)login->pid % OPEN] = who + 1;
}

void
known_end(struct known *known, const struct past_login *end)
{
	uint32_t who = known->open[(uint64_t)end->pid % OPEN];
	struct known_person *p;

	if (who == 0 || end->pid == 0)
		return;
	p = &known->person[who - 1];
	for (size_t i = p->nsessions; i-- > 0;)
		if (p->session[i].pid == end->pid &&
		    strcmp(p->session[i].tty, end->tty) == 0) {
			drop(p, i);
			known->ends = true;
			return;
		}
}

void
known_expire(struct known *known, uint32_t who, int64_t at_s)
{
	struct known_person *p = &known->person[who];

	while (p->nsessions > 0 && at_s - p->session[0].since_s > EXPIRES_S)
		drop(p, 0);
}

void
known_take(struct known *known, uint32_t who, const struct past_login *login,
    uint32_t asn, const struct fact_where where[KNOWN_VIEWS])
{
	struct known_person *p = &known->person[who];

	take_session(known, who, login, where);
	if (!login->has_addr)
		return;
	take_login(p, &login->addr, login->at_s);
	take_source(known, who, &login->addr, login->at_s);
	if (asn != 0)
		take_asn(p, asn, login->at_s);
}
