/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Records, anchors and times, and nothing else.
 */
#include "policyd/audit/anchor_due.h"

#define MS INT64_C(1000000)

/* Numbers of records that a disk has lost are used again. */
static void
go_back(uint64_t *done, uint64_t seq)
{
	if (seq <= *done)
		*done = seq - 1;
}

void
anchor_due_record(struct anchor_due *due, uint64_t seq, int64_t now_ns)
{
	if (due->head == 0 && due->made == 0)
		due->made = due->kept = seq - 1; /* an earlier daemon's */
	go_back(&due->made, seq);
	go_back(&due->kept, seq);
	due->head = seq;
	if (due->new_ns == 0)
		due->new_ns = now_ns;
	if (due->many_ns == 0 && due->head - due->made >= ANCHOR_RECORDS)
		due->many_ns = now_ns;
	if (due->unkept_ns == 0)
		due->unkept_ns = now_ns;
}

void
anchor_due_tried(struct anchor_due *due, uint64_t seq, bool kept,
    int64_t now_ns)
{
	due->tried_ns = now_ns;
	due->failing = seq == 0;
	if (seq == 0)
		return;
	due->made = seq;
	due->new_ns = due->head > seq ? now_ns : 0;
	due->many_ns = 0;
	if (!kept)
		return;
	due->kept = seq;
	due->unkept_ns = due->head > seq ? now_ns : 0;
}

static int64_t
later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int64_t
earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t
due_ns(const struct anchor_due *due)
{
	int64_t at = INT64_MAX;

	if (due->failing)
		return due->tried_ns + ANCHOR_MS * MS;
	if (due->new_ns != 0)
		at = due->new_ns + ANCHOR_MS * MS;
	if (due->many_ns != 0)
		at = earlier(at, due->many_ns + ANCHOR_SOON_MS * MS);
	/* What could not be kept. */
	if (due->unkept_ns != 0 && due->tried_ns > due->unkept_ns)
		at = earlier(at, due->tried_ns + ANCHOR_MS * MS);
	if (due->tried_ns != 0)
		at = later(at, due->tried_ns + ANCHOR_GAP_MS * MS);
	return at;
}

int64_t
anchor_due_ms(const struct anchor_due *due, int64_t now_ns)
{
	int64_t at;

	if (due->unkept_ns == 0)
		return -1;
	at = due_ns(due);
	return at <= now_ns ? 0 : (at - now_ns + MS - 1) / MS;
}

bool
anchor_due_late(const struct anchor_due *due, int64_t now_ns)
{
	return due->unkept_ns != 0 &&
	    now_ns - due->unkept_ns > ANCHOR_LATE_MS * MS;
}
