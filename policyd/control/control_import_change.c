/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * In the worker: what an import of people changes, and who comes back by it who
 * was kept out.
 */
#include <time.h>

#include "policyd/control/control_asset.h"
#include "policyd/control/control_import.h"
#include "policyd/text.h"

#define IMPORT_NAMED 10u /* who comes back, in the record */
#define IMPORT_SHOWN 100u /* changes that are told one by one */

static bool
import_shows(struct control_import *import)
{
	return import->dry_run || import->shown++ < IMPORT_SHOWN;
}

static struct json *
change_json(const char *change, const char *user)
{
	struct json *json = json_new();

	json_set_string(json, "change", change);
	json_set_untrusted(json, "user", user);
	return json;
}

void
control_import_tell(struct control_import *import, const char *change,
    const char *user, int64_t at_s)
{
	struct json *json;

	if (!import_shows(import))
		return;
	json = change_json(change, user);
	if (at_s != 0)
		json_set_int(json, "at", at_s);
	control_out_json(&import->out, json);
}

static struct json *
person_change_json(const struct store_person_change *change)
{
	struct json *json =
	    change_json(control_change_name(change->what), change->user);

	json_set_given(json, "fields", change->fields);
	return json;
}

static int
import_change(const struct store_person_change *change, void *arg)
{
	struct control_import *import = arg;
	char what = change->what;

	import->added += what == 'A';
	import->changed += what == 'C';
	import->removed += what == 'R';
	import->dismissed += what == 'D';
	if (import_shows(import))
		control_out_json(&import->out, person_change_json(change));
	if (control_named_may(&import->named, what))
		control_named_add(&import->named, what,
		    person_change_json(change));
	return 0;
}

static int
import_give_back(struct control_import *import, const char *name)
{
	if (import->restored++ < IMPORT_NAMED)
		json_set_untrusted(json_add_object(json_get(import->about,
				       "restored_names")),
		    "name", name);
	control_import_tell(import, "restored", name, 0);
	if (import->bundle.serial != 0)
		return 0; /* that is said by others */
	return store_import_give_back(import->into, name, (int64_t)time(NULL));
}

/*
 * A line that is missing must not let anybody in who was dismissed. What a
 * bundle says on purpose it says for all hosts; whom it has forgotten it keeps
 * out, and must not keep the others' dismissals from this host.
 */
static int
import_restored(const char *name, bool on_purpose, void *arg)
{
	struct control_import *import = arg;
	char text[FG_USER_MAX + 192];

	if (on_purpose || import->restore)
		return import_give_back(import, name);
	if (import->bundle.serial != 0) {
		import->kept_out++;
		control_import_tell(import, "kept out", name, 0);
		return store_import_keep_out(import->into, name,
		    (int64_t)time(NULL));
	}
	(void)text_format(text, sizeof(text),
	    "access of %s was taken back and would come back; keep the line "
	    "with status revoked, or give --restore",
	    name);
	control_import_error(import, 0, text);
	return 0;
}

static void
import_warn_kept_out(struct control_import *import)
{
	char text[CONTROL_PROBLEM_MAX];

	if (import->kept_out == 0)
		return;
	(void)text_format(text, sizeof(text),
	    "access of %llu names was taken back, and the bundle neither keeps "
	    "them out nor says that it was given back: they stay out; "
	    "farmgatectl unrevoke where it is made says it, or --restore here",
	    (unsigned long long)import->kept_out);
	control_import_warn(import, 0, text);
}

/* Nobody is kept out by being in no line, unless a policy says so. */
static void
import_warn_removed(struct control_import *import)
{
	const struct conf *conf = import->job->daemon->rules->conf;
	char text[CONTROL_PROBLEM_MAX];
	unsigned int line;

	if (import->removed == 0 ||
	    conf_action(conf, NULL, FINDING_PERSON_UNKNOWN, "account", &line) >
		ACTION_LOG)
		return;
	(void)text_format(text, sizeof(text),
	    "%llu have no entry any more, and may still log in, as whoever has "
	    "none (person.unknown); keep the line of who has left, with status "
	    "revoked",
	    (unsigned long long)import->removed);
	control_import_warn(import, 0, text);
}

static void
import_warn_asset(unsigned long line, const char *text, void *arg)
{
	control_import_warn(arg, line, text);
}

int
control_import_compare(struct control_import *import)
{
	const struct control_asset_warner warner = { import_warn_asset,
		import };
	int r;

	/* First, as it is what nobody may miss. */
	r = control_import_revoked(import);
	if (r == 0)
		r = control_asset_warn_people(import->job, import->store,
		    &warner);
	if (r == 0)
		r = store_import_restored(import->into, (int64_t)time(NULL),
		    import_restored, import);
	if (r == 0 && (import->errors == 0 || import->dry_run))
		r = store_import_changes(import->into, import_change, import);
	if (r == 0) {
		import_warn_kept_out(import);
		import_warn_removed(import);
		r = control_import_kept(import);
	}
	return r;
}
