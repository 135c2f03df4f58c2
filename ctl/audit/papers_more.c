/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is not in the log itself: anchors, from wherever they were kept, and the
 * configurations, which the daemon keeps.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/audit/papers.h"
#include "ctl/audit/source.h"
#include "policyd/audit/anchor.h"
#include "policyd/key.h"
#include "policyd/policies.h"
#include "proto/result.h"

#define WHAT	    "audit bundle"
#define ANCHOR_HEAD "farmgate-anchor-v1 "
#define ANCHOR_SIG  " sig="

/* ---- anchors ------------------------------------------------------------ */

/* Of the line the anchor alone, as others' words may be personal. */
static size_t
anchor_length(const char *at, size_t len)
{
	const char *sig = memmem(at, len, ANCHOR_SIG, strlen(ANCHOR_SIG));
	const char *end;

	if (sig == NULL)
		return 0;
	end = sig + strlen(ANCHOR_SIG);
	while (end<at + len && * end> ' ' && *end != '"' && *end != '\\')
		end++;
	return (size_t)(end - at);
}

/* Of another machine, as a log that several send theirs to has them. Neither
 * name nor key alone says so: both can have been changed here. */
static bool
is_foreign(const struct papers *p, const struct anchor *anchor)
{
	char key[KEY_TEXT_SIZE];

	key_text(KEY_AUDIT, anchor->key, key);
	return p->audit_key[0] != '\0' && strcmp(key, p->audit_key) != 0 &&
	    strcmp(anchor->host, p->host) != 0;
}

static void
take_anchor(struct papers *p, const struct source_line *line)
{
	const char *at =
	    memmem(line->text, line->len, ANCHOR_HEAD, strlen(ANCHOR_HEAD));
	struct anchor anchor;
	size_t n;

	if (at == NULL)
		return;
	n = anchor_length(at, line->len - (size_t)(at - line->text));
	/* What is wrong with one is for verify to say, not to be kept back. */
	if (anchor_read(at, n, &anchor) != 0 || anchor.seq < p->first ||
	    anchor.seq > p->last || is_foreign(p, &anchor))
		return;
	(void)fwrite(at, 1, n, p->part[PAPERS_ANCHORS]); /* seen when packed */
	(void)fputc('\n', p->part[PAPERS_ANCHORS]);
	p->anchored++;
	if (anchor.seq > p->anchored_last)
		p->anchored_last = anchor.seq;
}

static int
read_anchors(struct papers *p, const char *file)
{
	char why[SOURCE_WHY_SIZE];
	struct source_line line;
	struct source *source;
	int r;

	if (source_open(file, false, &source, why) != 0) {
		ctl_complain(WHAT ": %s", why);
		return CTL_ERROR;
	}
	while ((r = source_next(source, &line, why)) == 0)
		take_anchor(p, &line);
	source_free(source);
	if (r == FG_ERR_NOT_FOUND)
		return CTL_OK;
	ctl_complain(WHAT ": %s", why);
	return CTL_ERROR;
}

int
papers_add_anchors(struct papers *p)
{
	int r = CTL_OK;

	for (size_t i = 0; i < p->nanchors && r == CTL_OK; i++)
		r = read_anchors(p, p->anchors[i]);
	if (r == CTL_OK && p->anchored == 0)
		ctl_complain(WHAT ": warning: no anchors of these records are "
				  "known here; name the files that have them "
				  "with --anchors");
	return r;
}

/* ---- policies ----------------------------------------------------------- */

static size_t
place_of(const struct papers *p, const char *hash, bool *ret_there)
{
	size_t from = 0, to = p->npolicies, at;
	int order;

	*ret_there = false;
	while (from < to) {
		at = from + (to - from) / 2;
		order = strcmp(p->policies[at].hash, hash);
		if (order == 0) {
			*ret_there = true;
			return at;
		}
		if (order < 0)
			from = at + 1;
		else
			to = at;
	}
	return from;
}

int
papers_want_policy(struct papers *p, const char *hash)
{
	struct papers_policy *list;
	bool there;
	size_t at;

	if (!policies_is_hash(hash))
		return CTL_OK; /* of a line that is no record: see verify */
	at = place_of(p, hash, &there);
	if (there)
		return CTL_OK;
	list = p->npolicies == PAPERS_POLICIES_MAX ?
	    NULL :
	    reallocarray(p->policies, p->npolicies + 1, sizeof(*list));
	if (list == NULL) {
		ctl_complain(WHAT ": more than %u configurations; take a "
				  "shorter time",
		    PAPERS_POLICIES_MAX);
		return CTL_ERROR;
	}
	p->policies = list;
	memmove(list + at + 1, list + at, (p->npolicies - at) * sizeof(*list));
	memset(&list[at], 0, sizeof(list[at]));
	(void)snprintf(list[at].hash, sizeof(list[at].hash), "%s", hash);
	p->npolicies++;
	return CTL_OK;
}

static int
take_text(const void *bytes, size_t len, void *arg)
{
	return fwrite(bytes, 1, len, arg) == len ? CTL_OK : CTL_ERROR;
}

/* The daemon has it, and it is the text with that hash. */
static bool
get_text(const struct papers *p, const char *hash, FILE *to, bool quiet)
{
	const struct ctl_stream stream = {
		.take = take_text, .take_arg = to, .is_quiet = quiet
	};
	struct json *command = json_new(), *report = NULL;
	char found[CRYPTO_HEX_SIZE];
	int status;

	json_set_string(command, "do", "policy.text");
	json_set_string(command, "sha256", hash);
	if (ctl_command(p->ctl, command, &stream, &report, &status) != CTL_OK)
		status = CTL_ERROR;
	json_free(report);
	return status == CTL_OK && fflush(to) == 0 &&
	    crypto_sha256_file(fileno(to), found) == 0 &&
	    strcmp(found, hash) == 0;
}

/* A bundle without a text is one all the same, and says so. */
int
papers_add_policies(struct papers *p)
{
	FILE *text;

	for (size_t i = 0; i < p->npolicies; i++) {
		if ((text = papers_spool(p)) == NULL)
			return CTL_ERROR;
		if (get_text(p, p->policies[i].hash, text, p->missing > 0)) {
			p->policies[i].text = text;
			continue;
		}
		(void)fclose(text); /* not wanted */
		p->missing++;
	}
	if (p->missing > 0)
		ctl_complain(WHAT ": warning: of %zu configurations that were "
				  "in force the text of %zu is not known here",
		    p->npolicies, p->missing);
	return CTL_OK;
}
