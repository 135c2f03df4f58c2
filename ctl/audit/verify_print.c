/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What came of looking at the log: in words, and as one object. What is worst
 * comes first.
 */
#include <stdio.h>
#include <string.h>

#include "ctl/audit/verify.h"
#include "ctl/ctl.h"
#include "policyd/people/civil.h"
#include "policyd/record/show.h"

typedef unsigned long long ull;

/* " (FILE, line 7)" */
static void
print_where(const char *file, uint64_t line, FILE *out)
{
	struct shown a;

	fprintf(out, " (%s, line %llu)", show_text(&a, file), (ull)line);
}

/* "FILE, line 7, record 12: " */
static void
print_place(const struct verify_place *at, FILE *out)
{
	struct shown a;

	fprintf(out, "%s, line %llu", show_text(&a, at->file), (ull)at->line);
	if (at->seq > 0)
		fprintf(out, ", record %llu", (ull)at->seq);
	fputs(": ", out);
}

/* ---- what is bad ------------------------------------------------------- */

static void
print_against(const struct verify *v, FILE *out)
{
	struct shown a;

	fputs("NOT INTACT: ", out);
	if (v->against_at.seq > 0) {
		print_place(&v->against_at, out);
		fputs("it is another one than ", out);
	} else {
		fprintf(out, "record %llu is not there, which ",
		    (ull)v->against.seq);
	}
	fprintf(out, "the anchor in %s, line %llu has seen%s\n",
	    show_text(&a, v->against.file), (ull)v->against.line,
	    v->against_at.seq > 0	 ? ": the log was written anew" :
		v->against.seq > v->last ? ": the end was cut off" :
					   "");
}

/* Whoever has the daemon's key has had it sign what is not true. */
static void
print_younger(const struct verify *v, FILE *out)
{
	char day[CIVIL_DAY_SIZE], newest[CIVIL_DAY_SIZE];

	fprintf(out,
	    "NOT INTACT: records %llu to %llu are from %s or before, says what "
	    "has taken their place, and on %s record %llu was the last one, "
	    "says an anchor",
	    (ull)v->expired.begin, (ull)v->expired.last,
	    civil_day(v->expired.newest_s, newest),
	    civil_day(v->younger_s, day), (ull)v->younger.seq);
	print_where(v->younger.file, v->younger.line, out);
	fputc('\n', out);
}

static void
print_bad(const struct verify *v, FILE *out)
{
	struct shown a;

	fputs("NOT INTACT: ", out);
	if (v->damaged[0] != '\0') {
		fprintf(out, "%s\n", show_text(&a, v->damaged));
	} else {
		print_place(&v->bad_at, out);
		if (v->fault == CHAIN_MISSING &&
		    v->expected + 1 == v->bad_at.seq)
			fprintf(out, "record %llu is missing before it\n",
			    (ull)v->expected);
		else if (v->fault == CHAIN_MISSING)
			fprintf(out,
			    "records %llu to %llu are missing before it\n",
			    (ull)v->expected, (ull)v->bad_at.seq - 1);
		else
			fprintf(out, "%s\n", chain_fault_text(v->fault));
	}
	if (v->bad > 1)
		fprintf(out, "and %llu more after that are wrong\n",
		    (ull)v->bad - 1);
	if (v->before_bad > 0)
		fprintf(out, "right: records %llu to %llu, in front of that\n",
		    (ull)v->first, (ull)v->before_bad);
}

/* Of a log that says so itself: its first file continues another one. */
static void
print_beginning(const struct verify *v, FILE *out)
{
	fputs("NOT INTACT: ", out);
	print_place(&v->missing.at, out);
	fprintf(out,
	    "records 1 to %llu are missing before it, and no signed record "
	    "says that they have expired; put their files back, or look at "
	    "the rest with --partial\n",
	    (ull)v->missing.to);
}

/* ---- what else there is to say ----------------------------------------- */

/* "records 1 to 20, up to 2025-10-01, expired on 2026-11-30 by policy" */
static void
print_expired(const struct verify *v, FILE *out)
{
	char day[CIVIL_DAY_SIZE], newest[CIVIL_DAY_SIZE];

	if (v->expired.seq == 0)
		return;
	fprintf(out,
	    "records %llu to %llu, up to %s, expired on %s by policy, signed "
	    "by %s (record %llu)\n",
	    (ull)v->expired.begin, (ull)v->expired.last,
	    civil_day(v->expired.newest_s, newest),
	    civil_day(v->expired.at_s, day), v->expired.key,
	    (ull)v->expired.seq);
	if (!v->expired.known)
		fputs("nobody has said that this key is right, see --key\n",
		    out);
}

static void
print_right(const struct verify *v, FILE *out)
{
	if (v->records == 0)
		fputs("intact: there is no record yet\n", out);
	else
		fprintf(out, "intact: records %llu to %llu, in %zu %s\n",
		    (ull)v->first, (ull)v->last, v->files,
		    v->files == 1 ? "file" : "files");
}

/* What could be written anew without an anchor telling; 0: nothing. */
static uint64_t
unanchored_from(const struct verify *v)
{
	uint64_t next = v->anchored.seq + 1;

	if (next > v->last)
		return 0;
	return next > v->first ? next : v->first;
}

/* Where none is anchored, that is said. */
static void
print_unanchored(const struct verify *v, FILE *out)
{
	uint64_t from = unanchored_from(v);

	if (from == 0)
		return;
	if (from == v->last)
		fprintf(out, "unanchored: record %llu, the last one\n",
		    (ull)from);
	else
		fprintf(out,
		    "unanchored: records %llu to %llu, the last ones\n",
		    (ull)from, (ull)v->last);
}

static void
print_anchored(const struct verify *v, const struct anchors *anchors, FILE *out)
{
	const struct anchors_count *n = anchors_count(anchors);

	if (v->anchored.seq > 0) {
		fprintf(out, "anchored to %llu", (ull)v->anchored.seq);
		print_where(v->anchored.file, v->anchored.line, out);
		fputc('\n', out);
		print_unanchored(v, out);
	} else if (v->against.seq == 0)
		fputs("not anchored: no anchor has seen a record that is here "
		      "and right\n",
		    out);
	if (v->older > 0)
		fprintf(out, "%llu anchors are of records that are older\n",
		    (ull)v->older);
	if (n->wrong > 0)
		fprintf(out,
		    "warning: the signature of %llu anchors is wrong\n",
		    (ull)n->wrong);
	if (n->odd > 0)
		fprintf(out, "warning: %llu anchors cannot be read\n",
		    (ull)n->odd);
	if (n->others > 0)
		fprintf(out, "%llu anchors are by other keys\n",
		    (ull)n->others);
}

static void
print_notes(const struct verify *v, FILE *out)
{
	print_expired(v, out);
	if (v->missing.at.seq > 0 && v->partial)
		fprintf(out,
		    "records 1 to %llu are not here: older files are "
		    "missing\n",
		    (ull)v->missing.to);
	if (v->recovered > 0) {
		fprintf(out,
		    "warning: %llu records tell that the daemon has found "
		    "the file damaged, the last is record %llu",
		    (ull)v->recovered, (ull)v->recovered_at.seq);
		print_where(v->recovered_at.file, v->recovered_at.line, out);
		fputc('\n', out);
	}
	if (v->foreign > 0)
		fprintf(out, "%zu files beside it are no audit files\n",
		    v->foreign);
	if (v->head[0] != '\0')
		fprintf(out, "hash of the last record: %.64s\n", v->head);
}

static void
complain(const struct verify *v)
{
	if (v->unread == 0)
		return;
	ctl_complain("audit verify: %s", v->why);
	if (v->unread > 1)
		ctl_complain("audit verify: %llu more files cannot be read",
		    (ull)v->unread - 1);
}

int
verify_print(const struct verify *v, const struct anchors *anchors, FILE *out)
{
	complain(v);
	if (v->against.seq != 0)
		print_against(v, out);
	if (v->younger.seq != 0)
		print_younger(v, out);
	if (verify_lacks_beginning(v))
		print_beginning(v, out);
	if (v->bad > 0)
		print_bad(v, out);
	else if (verify_lacks_beginning(v))
		fprintf(out, "right: records %llu to %llu\n", (ull)v->first,
		    (ull)v->last);
	else if (v->against.seq == 0 && v->younger.seq == 0 && v->unread == 0)
		print_right(v, out);
	else
		fprintf(out, "records %llu to %llu follow each other\n",
		    (ull)v->first, (ull)v->last);
	if (anchors != NULL)
		print_anchored(v, anchors, out);
	print_notes(v, out);
	return verify_status(v);
}

/* ---- as an object ------------------------------------------------------ */

static void
set_place(struct json *json, const struct verify_place *at)
{
	json_set_untrusted(json, "file", at->file);
	json_set_int(json, "line", (int64_t)at->line);
	if (at->seq > 0)
		json_set_int(json, "seq", (int64_t)at->seq);
}

static void
set_anchor(struct json *json, const struct anchors_place *place)
{
	json_set_int(json, "seq", (int64_t)place->seq);
	json_set_untrusted(json, "file", place->file);
	json_set_int(json, "line", (int64_t)place->line);
}

static void
set_bad(struct json *json, const struct verify *v)
{
	struct json *bad;

	if (v->bad == 0)
		return;
	bad = json_set_object(json, "first_bad");
	if (v->damaged[0] != '\0') {
		json_set_string(bad, "what", "damaged");
		json_set_untrusted(bad, "why", v->damaged);
		return;
	}
	set_place(bad, &v->bad_at);
	json_set_string(bad, "what", chain_fault_word(v->fault));
	if (v->fault == CHAIN_MISSING) {
		json_set_int(bad, "from", (int64_t)v->expected);
		json_set_int(bad, "to", (int64_t)v->bad_at.seq - 1);
	}
}

static void
set_expired(struct json *json, const struct verify *v)
{
	struct json *o;

	if (v->missing.at.seq > 0) {
		o = json_set_object(json, "missing");
		json_set_int(o, "from", (int64_t)v->missing.from);
		json_set_int(o, "to", (int64_t)v->missing.to);
	}
	if (v->expired.seq == 0)
		return;
	o = json_set_object(json, "expired");
	json_set_int(o, "from", (int64_t)v->expired.begin);
	json_set_int(o, "to", (int64_t)v->expired.last);
	json_set_int(o, "newest", v->expired.newest_s);
	json_set_int(o, "at", v->expired.at_s);
	json_set_int(o, "seq", (int64_t)v->expired.seq);
	json_set_string(o, "key", v->expired.key);
	json_set_bool(o, "known_key", v->expired.known);
	if (v->younger.seq == 0)
		return;
	set_anchor(json_set_object(o, "younger"), &v->younger);
}

static void
set_unanchored(struct json *json, const struct verify *v)
{
	uint64_t from = unanchored_from(v);

	if (from == 0)
		return;
	json = json_set_object(json, "unanchored");
	json_set_int(json, "from", (int64_t)from);
	json_set_int(json, "to", (int64_t)v->last);
}

static void
set_anchors(struct json *json, const struct verify *v,
    const struct anchors *anchors)
{
	const struct anchors_count *n = anchors_count(anchors);
	struct json *o = json_set_object(json, "anchors");
	struct json *against;

	json_set_int(o, "good", (int64_t)n->good);
	json_set_int(o, "other_keys", (int64_t)n->others);
	json_set_int(o, "wrong", (int64_t)n->wrong);
	json_set_int(o, "unreadable", (int64_t)n->odd);
	json_set_int(o, "older", (int64_t)v->older);
	if (v->anchored.seq > 0)
		set_anchor(json_set_object(o, "anchored"), &v->anchored);
	set_unanchored(o, v);
	if (v->against.seq == 0)
		return;
	against = json_set_object(o, "contradicts");
	set_anchor(against, &v->against);
	if (v->against_at.seq > 0)
		set_place(json_set_object(against, "record"), &v->against_at);
}

int
verify_print_json(const struct verify *v, const struct anchors *anchors)
{
	int status = verify_status(v);
	struct json *json = json_new();

	json_set_bool(json, "intact", status == CTL_OK);
	json_set_int(json, "records", (int64_t)v->records);
	json_set_int(json, "first", (int64_t)v->first);
	json_set_int(json, "last", (int64_t)v->last);
	json_set_string(json, "head", v->head[0] != '\0' ? v->head : NULL);
	json_set_int(json, "files", (int64_t)v->files);
	json_set_int(json, "foreign_files", (int64_t)v->foreign);
	json_set_int(json, "bad", (int64_t)v->bad);
	set_bad(json, v);
	set_expired(json, v);
	json_set_int(json, "unread_files", (int64_t)v->unread);
	if (v->unread > 0)
		json_set_untrusted(json, "unread_why", v->why);
	json_set_int(json, "recovered", (int64_t)v->recovered);
	if (anchors != NULL)
		set_anchors(json, v, anchors);
	if (ctl_print_json(json) != CTL_OK)
		status = CTL_ERROR;
	json_free(json);
	return status;
}
