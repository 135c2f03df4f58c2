/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is missing from the log, held against the tombstones that stand in it
 * later on: records that have expired are no gap where one vouches for them.
 */
#include <string.h>

#include "ctl/audit/verify.h"
#include "policyd/audit/tombstone.h"
#include "policyd/text.h"

static bool
has_hash(const struct verify_gap *gap, const struct tombstone *t)
{
	return t->last == gap->to && t->begin <= gap->from &&
	    memcmp(gap->prev, t->hash, LINE_HASH_LEN) == 0;
}

/* Those that are missing before a record. */
static void
set(struct verify_gap *gap, const struct verify_place *at, uint64_t from,
    const char *prev)
{
	memset(gap, 0, sizeof(*gap));
	gap->at = *at;
	gap->from = from;
	gap->to = at->seq - 1;
	memcpy(gap->prev, prev, LINE_HASH_LEN);
}

void
verify_gap_begins(struct verify *v, const struct verify_place *at,
    const char *prev)
{
	set(&v->missing, at, 1, prev);
}

bool
verify_gap_is(struct verify *v, const struct verify_place *at, uint64_t from,
    const char *prev)
{
	struct verify_gap *gap;

	if (v->ngaps == VERIFY_GAPS_MAX)
		return false;
	gap = &v->gap[v->ngaps++];
	set(gap, at, from, prev);
	gap->bad = v->bad;
	gap->before_bad = v->before_bad;
	gap->anchored = v->anchored;
	return true;
}

static void
vouch(struct verify *v, struct verify_gap *gap, const struct tombstone *t,
    uint64_t seq)
{
	if (gap->at.seq == 0 || !has_hash(gap, t))
		return;
	gap->vouched = true;
	if (t->last <= v->expired.last)
		return;
	v->expired.begin = t->begin;
	v->expired.last = t->last;
	v->expired.at_s = t->at_s;
	v->expired.newest_s = t->newest_s;
	v->expired.seq = seq;
	key_text(KEY_AUDIT, t->key, v->expired.key);
}

/* Whose key it is to be: one that was asked for, or that of the anchors, as
 * whoever can write the log can have it say anything; or else what the daemon
 * said when it last started. */
static bool
is_believed(const struct verify *v, const struct anchors *keys,
    const struct tombstone *t)
{
	char text[KEY_TEXT_SIZE];

	if (keys != NULL && anchors_keys(keys) > 0)
		return anchors_has_key(keys, t->key);
	key_text(KEY_AUDIT, t->key, text);
	return v->key[0] == '\0' || strcmp(v->key, text) == 0;
}

enum chain_fault
verify_gap_stone(struct verify *v, const struct anchors *keys,
    const struct source_line *line, uint64_t seq)
{
	struct json *record = json_parse(line->text, line->len);
	struct tombstone t;
	int r = tombstone_read(record, &t);

	json_free(record);
	if (r != 0)
		return CHAIN_SIGNATURE;
	if (!is_believed(v, keys, &t))
		return CHAIN_KEY;
	v->stones++;
	vouch(v, &v->missing, &t, seq);
	for (size_t i = 0; i < v->ngaps; i++)
		vouch(v, &v->gap[i], &t, seq);
	if (v->expired.seq == seq)
		v->expired.known = keys != NULL && anchors_keys(keys) > 0;
	return CHAIN_RIGHT;
}

void
verify_gap_key(struct verify *v, const struct source_line *line)
{
	struct json *record = json_parse(line->text, line->len);

	if (text_copy(v->key, sizeof(v->key),
		json_get_string(record, "audit_key", "")) != 0)
		v->key[0] = '\0';
	json_free(record);
}

/* From the last to the first: the first one that is before all that is bad is
 * what is told of. */
void
verify_gap_settle(struct verify *v)
{
	const struct verify_gap *gap;

	if (v->missing.vouched)
		v->missing.at.seq = 0;
	for (size_t i = v->ngaps; i-- > 0;) {
		gap = &v->gap[i];
		if (gap->vouched)
			continue;
		v->bad++;
		v->gaps++;
		if (gap->bad > 0)
			continue;
		v->bad_at = gap->at;
		v->fault = CHAIN_MISSING;
		v->expected = gap->from;
		v->before_bad = gap->before_bad;
		v->anchored = gap->anchored;
		v->damaged[0] = '\0';
	}
}
