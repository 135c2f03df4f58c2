/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The import of a bundle: whether it is one that may be taken, and reading it
 * in the worker. Nothing in it is looked at before its seal, and none of its
 * lines before its serial.
 */
#include <stdio.h>
#include <string.h>

#include "policyd/bundle/bundle_line.h"
#include "policyd/bundle/bundle_seal.h"
#include "policyd/check/check_end.h"
#include "policyd/control/control_import.h"
#include "policyd/text.h"
#include "proto/result.h"

#define TEXT_SIZE 512u

static int
refuse(struct control_import *import, const char *text)
{
	control_import_error(import, 0, text);
	return FG_ERR_FORMAT;
}

/* ---- the seal ---------------------------------------------------------- */

static int
refuse_key(struct control_import *import, const char *key)
{
	char text[TEXT_SIZE], shown[4 * KEY_TEXT_SIZE];

	if (import->job->daemon->rules->conf->bundle_keys.n == 0)
		return refuse(import,
		    "no bundle is taken here; write the public key of whoever "
		    "signs into bundle_keys of farmgate.conf, and run "
		    "farmgatectl reload");
	(void)text_format(text, sizeof(text),
	    "it is signed by %s, which is not in bundle_keys; if it should "
	    "be, write it there and run farmgatectl reload",
	    text_escape(shown, sizeof(shown), key));
	return refuse(import, text);
}

static int
check_seal(struct control_import *import, struct bundle_seal *ret_seal)
{
	const struct conf_strings *keys =
	    &import->job->daemon->rules->conf->bundle_keys;
	int r;

	r = bundle_seal_check(import->bytes, import->len,
	    (const char *const *)keys->v, keys->n, ret_seal);
	if (r == FG_ERR_FORMAT)
		return refuse(import,
		    "it is no bundle, or not all of one: its last line is no "
		    "signature; fetch it again");
	if (r == FG_ERR_PEER)
		return refuse_key(import, ret_seal->key);
	if (r == FG_ERR_UNSAFE)
		return refuse(import,
		    "it is not what was signed: somebody or something has "
		    "changed it; fetch it again");
	return r;
}

/* ---- which one it is --------------------------------------------------- */

static int
check_time(struct control_import *import, const struct bundle_head *head)
{
	int64_t max_s = import->job->daemon->rules->conf->bundle_max_age_s;
	int64_t now_s = daemon_wall_s();
	char text[TEXT_SIZE], age[CHECK_SPAN_SIZE], max[CHECK_SPAN_SIZE];

	if (head->made_s > now_s + STORE_SERIAL_AHEAD_S ||
	    (now_s > 0 &&
		head->serial > (uint64_t)now_s + STORE_SERIAL_AHEAD_S))
		return refuse(import,
		    "it is of more than a day to come; set the clock, here or "
		    "where it was made, and there farmgatectl bundle forget "
		    "lets serials begin again");
	if (head->made_s >= now_s || now_s - head->made_s <= max_s)
		return 0;
	(void)text_format(text, sizeof(text),
	    "it was made %s ago, and bundle_max_age is %s; import a newer one",
	    check_span_text(now_s - head->made_s, age),
	    check_span_text(max_s, max));
	return refuse(import, text);
}

static int
check_serial(struct control_import *import, const struct bundle_head *head,
    const struct bundle_seal *seal)
{
	struct store_serial last;
	char text[TEXT_SIZE];
	int r;

	r = store_serial_last(import->store, &last);
	if (r == FG_ERR_FORMAT)
		return refuse(import,
		    STORE_FILE
		    ".serial in the state folder is damaged, and "
		    "which bundle was the last is not known; run farmgatectl "
		    "bundle forget, and import one that is made after that");
	if (r != 0)
		return r;
	if (head->serial > last.serial ||
	    (head->serial == last.serial &&
		strcmp(seal->sha256, last.sha256) == 0))
		return 0;
	(void)text_format(text, sizeof(text),
	    head->serial == last.serial ?
		"another bundle of serial %llu was imported; import a newer "
		"one" :
		"one of serial %llu was imported, and this is of %llu; import "
		"a newer one",
	    (unsigned long long)last.serial, (unsigned long long)head->serial);
	return refuse(import, text);
}

static int
check_head(struct control_import *import, const struct bundle_head *head,
    const struct bundle_seal *seal)
{
	struct store_bundle *b = &import->bundle;
	int r;

	if ((r = check_time(import, head)) != 0 ||
	    (r = check_serial(import, head, seal)) != 0)
		return r;
	b->serial = head->serial;
	b->made_s = head->made_s;
	(void)text_copy(b->key, sizeof(b->key), seal->key);
	(void)text_copy(b->sha256, sizeof(b->sha256), seal->sha256);
	return store_import_bundle(import->into, b);
}

/* ---- its lines --------------------------------------------------------- */

static int
add_revocation(struct control_import *import, const struct store_revocation *r,
    unsigned long line)
{
	char text[FG_USER_MAX + 64];
	int e = store_import_add_revocation(import->into, r);

	if (e != FG_ERR_LIMIT)
		return e;
	(void)text_format(text, sizeof(text),
	    "%s is revoked in another line already", r->user);
	control_import_error(import, line, text);
	return 0;
}

static int
add_item(struct control_import *import, const struct bundle_item *item,
    unsigned long line)
{
	switch (item->kind) {
	case BUNDLE_PERSON:
		return control_import_add(import, &item->person, line);
	case BUNDLE_REVOCATION:
		return add_revocation(import, &item->revocation, line);
	case BUNDLE_GIVEN_BACK:
		return store_import_give_back(import->into, item->name,
		    item->at_s);
	case BUNDLE_NOTHING:
		break;
	}
	return FG_ERR_FORMAT;
}

static int
read_lines(struct control_import *import, struct bundle_reader *reader)
{
	static struct bundle_item item;
	int r;

	while ((r = bundle_read(reader, &item)) == 0)
		if ((r = add_item(import, &item, reader->line)) != 0)
			return r;
	if (r == FG_ERR_FORMAT)
		control_import_error(import, reader->line, reader->why);
	import->bundle.revocations = reader->counts.revocations;
	return r == FG_ERR_NOT_FOUND ? 0 : r;
}

/* ---- what it says ------------------------------------------------------ */

/* One that begins later is told with its time. */
static int
tell_revoked(const struct store_revocation *r, void *arg)
{
	struct control_import *import = arg;
	int64_t now_s = daemon_wall_s();
	bool later = store_revocation_since(r, now_s) > now_s;

	import->revoked++;
	control_import_tell(import, "revoked", r->user, later ? r->at_s : 0);
	return 0;
}

int
control_import_revoked(struct control_import *import)
{
	return import->bundle.serial == 0 ?
	    0 :
	    store_import_revoked(import->into, daemon_wall_s(), tell_revoked,
		import);
}

void
control_import_about_bundle(const struct control_import *import,
    struct json *json)
{
	const struct store_bundle *b = &import->bundle;

	if (b->serial == 0)
		return;
	json_set_int(json, "serial", (int64_t)b->serial);
	json_set_int(json, "made", b->made_s);
	json_set_string(json, "key", b->key);
	json_set_int(json, "revocations", (int64_t)b->revocations);
	json_set_int(json, "revoked", (int64_t)import->revoked);
}

/* ---- all of it --------------------------------------------------------- */

static int
bundle_read_all(struct control_import *import)
{
	struct bundle_reader reader;
	struct bundle_seal seal;
	struct bundle_head head;
	int r;

	if ((r = check_seal(import, &seal)) != 0)
		return r;
	r = bundle_read_head(import->bytes, seal.len, &reader, &head);
	if (r != 0) {
		control_import_error(import, reader.line, reader.why);
		return r;
	}
	if ((r = check_head(import, &head, &seal)) != 0)
		return r;
	return read_lines(import, &reader);
}

static int
bundle_run(int out_fd, void *arg)
{
	return control_import_run(arg, out_fd, bundle_read_all);
}

void
control_bundle_import(struct control_job *job)
{
	control_import(job, bundle_run);
}
