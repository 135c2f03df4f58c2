/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From what a laptop knows to its statement. What is too long or too much is
 * cut here, and never left to the encoder, which would refuse all of it.
 */
#include "policyd/witness/statement_fill.h"

#include <string.h>

#include "policyd/witness/statement_names.h"

#define USER_LABEL	 "farmgate-user-v1"
#define SITE_LABEL	 "farmgate-site-v1"
#define GATEWAY_LABEL	 "gateway"
#define PERIPHERAL_LABEL "peripheral"
#define CUT		 "..." /* at the end of a name; no name has it */

void
statement_user_digest(const char *user, uint8_t ret_digest[STATEMENT_USER_SIZE])
{
	uint8_t digest[CRYPTO_DIGEST_SIZE];

	crypto_digest(USER_LABEL, user, strlen(user), digest);
	memcpy(ret_digest, digest, STATEMENT_USER_SIZE);
}

/* ---- findings ----------------------------------------------------------- */

#define WORTH_MAJOR 64u
#define WORTH_CODE  32u /* the first of its kind, ... */
#define WORTH_GRADE 16u /* ... and of its grade */

/* Whether one like it is taken already. */
static bool
is_told(const struct finding_list *list, const bool *taken,
    const struct finding *f, bool by_grade)
{
	for (size_t i = 0; i < list->count; i++)
		if (taken[i] && list->list[i].code == f->code &&
		    (!by_grade || strcmp(list->list[i].grade, f->grade) == 0))
			return true;
	return false;
}

/* How much is lost with it. Which actions a jump host has is not known here, so
 * that many of what it only logs hide nothing that it denies. */
static unsigned int
worth(const struct finding_list *list, const bool *taken,
    const struct finding *f)
{
	return (f->minor ? 0 : WORTH_MAJOR) +
	    (is_told(list, taken, f, false) ? 0 : WORTH_CODE) +
	    (is_told(list, taken, f, true) ? 0 : WORTH_GRADE) +
	    (unsigned int)finding_shipped(f->code, f->grade);
}

/* The first one that is worth most and not taken. There is one. */
static size_t
next_best(const struct finding_list *list, const bool *taken)
{
	size_t i, best = list->count;
	unsigned int most = 0, w;

	for (i = 0; i < list->count; i++) {
		if (taken[i])
			continue;
		w = worth(list, taken, &list->list[i]);
		if (best == list->count || w > most) {
			best = i;
			most = w;
		}
	}
	return best;
}

/* Printable ASCII; what was cut does not look like a whole name. */
static void
set_of(char of[STATEMENT_OF_MAX + 1], const char *name)
{
	size_t i, len = strlen(name);

	memset(of, 0, STATEMENT_OF_MAX + 1);
	for (i = 0; i < len && i < STATEMENT_OF_MAX; i++)
		of[i] = name[i] < ' ' || name[i] > '~' ? '?' : name[i];
	if (len > STATEMENT_OF_MAX)
		memcpy(of + STATEMENT_OF_MAX - strlen(CUT), CUT, strlen(CUT));
}

static void
set_finding(struct statement_finding *to, const struct finding *f)
{
	to->finding = statement_finding_number(f->code);
	to->grade = statement_grade_number(f->grade);
	to->minor = f->minor;
	set_of(to->of, f->of);
}

void
statement_set_findings(struct statement *statement,
    const struct finding_list *findings)
{
	bool taken[FINDING_LIST_MAX] = { false };
	size_t best, n = 0;

	memset(statement->finding, 0, sizeof(statement->finding));
	statement->flags &= (uint8_t)~STATEMENT_CUT;
	if (findings->overflow || findings->count > STATEMENT_FINDINGS_MAX)
		statement->flags |= STATEMENT_CUT;
	while (n < STATEMENT_FINDINGS_MAX && n < findings->count) {
		best = next_best(findings, taken);
		taken[best] = true;
		set_finding(&statement->finding[n++], &findings->list[best]);
	}
	statement->nfindings = n;
}

/* ---- hardware IDs ------------------------------------------------------- */

/* Lower what is to be kept of each kind until all of it has room. */
static void
cut_kinds(size_t keep[HWID_KINDS], size_t total)
{
	size_t kind, most;

	for (; total > STATEMENT_HWIDS_MAX; total--) {
		for (most = kind = HWID_KINDS - 1; kind > HWID_NONE; kind--)
			if (keep[kind] > keep[most])
				most = kind;
		keep[most]--;
	}
}

void
statement_set_hwids(struct statement *statement,
    const struct hwid_digests *digests)
{
	struct hwid_digests *to = &statement->hwids;
	size_t i, keep[HWID_KINDS] = { 0 };

	memset(to, 0, sizeof(*to));
	to->unread = digests->unread;
	for (i = 0; i < digests->n; i++)
		keep[digests->list[i].kind]++;
	cut_kinds(keep, digests->n);
	for (i = 0; i < digests->n; i++) {
		if (keep[digests->list[i].kind] == 0)
			continue;
		keep[digests->list[i].kind]--;
		to->list[to->n++] = digests->list[i];
	}
}

/* ---- where it is -------------------------------------------------------- */

static void
site_digest(const uint8_t host_key[CRYPTO_KEY_SIZE], const char *label,
    const void *data, size_t len, uint8_t ret_digest[STATEMENT_SITE_SIZE])
{
	uint8_t key[CRYPTO_DIGEST_SIZE], digest[CRYPTO_DIGEST_SIZE];

	_Static_assert(CRYPTO_DIGEST_SIZE == CRYPTO_KEY_SIZE, "it is a key");
	crypto_digest(SITE_LABEL, host_key, CRYPTO_KEY_SIZE, key);
	crypto_keyed_digest(key, label, data, len, digest);
	memcpy(ret_digest, digest, STATEMENT_SITE_SIZE);
}

void
statement_set_gateway(struct statement *statement,
    const uint8_t host_key[CRYPTO_KEY_SIZE], const uint8_t mac[6])
{
	site_digest(host_key, GATEWAY_LABEL, mac, 6, statement->gateway);
}

void
statement_add_peripheral(struct statement *statement,
    const uint8_t host_key[CRYPTO_KEY_SIZE], const char *serial)
{
	uint8_t(*list)[STATEMENT_SITE_SIZE] = statement->peripheral;
	uint8_t digest[STATEMENT_SITE_SIZE];
	size_t at = 0, n = statement->nperipherals;

	site_digest(host_key, PERIPHERAL_LABEL, serial, strlen(serial), digest);
	while (at < n && memcmp(list[at], digest, sizeof(digest)) < 0)
		at++;
	if (at == STATEMENT_PERIPHERALS_MAX ||
	    (at < n && memcmp(list[at], digest, sizeof(digest)) == 0))
		return;
	if (n == STATEMENT_PERIPHERALS_MAX)
		n--;
	memmove(list[at + 1], list[at], (n - at) * sizeof(digest));
	memcpy(list[at], digest, sizeof(digest));
	statement->nperipherals = n + 1;
}
