/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * All lines of the log through its chain, and against anchors.
 */
#include "ctl/audit/verify.h"

#include <string.h>

#include "ctl/ctl.h"
#include "policyd/audit/tombstone.h"
#include "policyd/people/civil.h"
#include "policyd/text.h"
#include "proto/result.h"

#define PROGRESS_LINES 4096u

static struct verify_place
place_of(const struct source_line *line, uint64_t seq)
{
	struct verify_place place = { line->file, line->number, seq };

	return place;
}

static void
take_bad(struct verify *v, const struct source_line *line,
    const struct line_parts *parts, enum chain_fault fault)
{
	v->gaps += fault == CHAIN_MISSING || fault == CHAIN_BEGINNING;
	if (v->bad++ > 0)
		return;
	v->bad_at = place_of(line, parts->seq);
	v->fault = fault;
}

static void
take_anchors(struct verify *v, struct anchors *anchors,
    const struct source_line *line, const struct line_parts *parts)
{
	struct anchors_place place;

	if (!anchors_take(anchors, parts->seq, parts->hash, &place)) {
		if (v->against.seq == 0) {
			v->against = place;
			v->against_at = place_of(line, parts->seq);
		}
	} else if (place.seq > v->anchored.seq && v->bad == 0 &&
	    v->against.seq == 0)
		v->anchored = place;
}

/* What the chain itself finds nothing wrong with. */
static enum chain_fault
take_right(struct verify *v, const struct anchors *anchors,
    const struct source_line *line, const struct line_parts *parts)
{
	enum chain_fault fault = CHAIN_RIGHT;

	if (line_is_event(parts, "start"))
		verify_gap_key(v, line);
	else if (line_is_event(parts, TOMBSTONE_EVENT))
		fault = verify_gap_stone(v, anchors, line, parts->seq);
	if (fault != CHAIN_RIGHT)
		return fault;
	if (v->bad == 0)
		v->before_bad = parts->seq;
	if (line_recovers(line->text, line->len, parts)) {
		v->recovered++;
		v->recovered_at = place_of(line, parts->seq);
	}
	return CHAIN_RIGHT;
}

/* It may be vouched for. */
static bool
is_gap(struct verify *v, const struct source_line *line,
    const struct line_parts *parts, uint64_t expected, enum chain_fault fault)
{
	struct verify_place at = place_of(line, parts->seq);

	return fault == CHAIN_MISSING &&
	    verify_gap_is(v, &at, expected, parts->prev);
}

static int
take_line(struct verify *v, struct chain *chain, struct anchors *anchors,
    const struct verify_watch *watch, const struct source_line *line)
{
	bool begins = chain_records(chain) == 0 && chain_next(chain) == 1;
	uint64_t expected = chain_next(chain);
	struct line_parts parts;
	struct verify_place at;
	enum chain_fault fault;
	int r;

	if ((r = chain_take(chain, line, &parts, &fault)) != 0)
		return r;
	at = place_of(line, parts.seq);
	if (fault == CHAIN_RIGHT && begins && parts.seq > 1)
		verify_gap_begins(v, &at, parts.prev);
	if (is_gap(v, line, &parts, expected, fault))
		fault = CHAIN_RIGHT;
	if (fault == CHAIN_RIGHT)
		fault = take_right(v, anchors, line, &parts);
	if (fault != CHAIN_RIGHT) {
		if (v->bad == 0)
			v->expected = expected;
		take_bad(v, line, &parts, fault);
	}
	if (parts.seq > 0 && anchors != NULL)
		take_anchors(v, anchors, line, &parts);
	return watch->line == NULL ? 0 : watch->line(line, &parts, watch->arg);
}

/* What follows a file that is not known is not held against it. */
static void
take_file(struct verify *v, struct chain *chain, int r, const char *why)
{
	if (r == FG_ERR_FORMAT) {
		if (v->bad++ == 0)
			memcpy(v->damaged, why, sizeof(v->damaged));
	} else if (v->unread++ == 0)
		memcpy(v->why, why, sizeof(v->why));
	chain_skip(chain);
}

static void
take_end(struct verify *v, const struct chain *chain,
    const struct anchors *anchors)
{
	struct anchors_place place;

	verify_gap_settle(v);
	v->records = chain_records(chain);
	v->first = chain_first(chain);
	v->last = chain_last(chain);
	(void)text_copy(v->head, sizeof(v->head), chain_head(chain));
	if (anchors == NULL)
		return;
	if (v->expired.seq != 0 &&
	    v->expired.newest_s <= INT64_MAX - CIVIL_DAY_S)
		v->younger_s =
		    anchors_after(anchors, v->expired.begin, v->expired.last,
			v->expired.newest_s + CIVIL_DAY_S, &v->younger);
	if (anchors_all_seen(anchors, v->first, &place, &v->older) ||
	    v->against.seq != 0 || (v->unread > 0 && place.seq < v->last))
		return;
	v->against = place;
}

int
verify_read(struct source *source, struct anchors *anchors,
    const struct verify_watch *watch, struct verify *v)
{
	struct chain *chain = chain_new();
	char why[SOURCE_WHY_SIZE];
	struct source_line line;
	uint64_t lines = 0;
	int r;

	memset(v, 0, sizeof(*v));
	v->files = source_files(source);
	v->foreign = source_foreign(source);
	r = chain == NULL ? FG_ERR_NOMEM : 0;
	while (r == 0 &&
	    (r = source_next(source, &line, why)) != FG_ERR_NOT_FOUND) {
		if (r == 0) {
			r = take_line(v, chain, anchors, watch, &line);
		} else if (r != FG_ERR_NOMEM) {
			take_file(v, chain, r, why);
			r = 0;
		}
		if (watch->progress != NULL && ++lines % PROGRESS_LINES == 0)
			watch->progress(source);
	}
	if (r == FG_ERR_NOT_FOUND)
		take_end(v, chain, anchors);
	chain_free(chain);
	return r == FG_ERR_NOT_FOUND ? 0 : r;
}

bool
verify_lacks_beginning(const struct verify *v)
{
	return v->missing.at.seq > 0 && !v->partial;
}

int
verify_status(const struct verify *v)
{
	if (v->against.seq != 0 || v->younger.seq != 0 || v->bad > v->gaps)
		return CTL_NO;
	if (v->unread > 0)
		return CTL_ERROR;
	return v->bad > 0 || verify_lacks_beginning(v) ? CTL_NO : CTL_OK;
}
