/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A laptop that is to be enrolled beside what is known: whose asset it is said
 * to be, whether that was enrolled before, and whether it is the machine that
 * was issued. Its line was signed by its own key, and is a stranger's word
 * otherwise.
 */
#include <string.h>

#include "policyd/control/control_enrol.h"
#include "policyd/store/store_asset.h"
#include "policyd/text.h"
#include "policyd/witness/enrolment_code.h"
#include "proto/result.h"

/* ---- what was asked for ------------------------------------------------- */

static bool
take_tag(struct control_job *job, const char *claimed, char *ret_tag)
{
	const char *tag = json_get_string(job->args, "asset", claimed), *why;
	struct asset asset;

	if (tag[0] == '\0') {
		control_problem(job,
		    "the laptop says no tag of its own, as it has no asset in "
		    "farmgate.conf; give it with --asset");
		return false;
	}
	asset_init(&asset);
	if (asset_set(&asset, "asset_tag", tag, &why) != 0) {
		control_problem(job, "the asset's tag %s", why);
		return false;
	}
	memcpy(ret_tag, asset.tag, sizeof(asset.tag));
	return true;
}

static bool
take_request(struct control_job *job, struct enrolling *x)
{
	const char *text = control_text(job, "code", ENROLMENT_CODE_MAX), *why;
	struct enrolment_code code;

	if (text == NULL)
		return false;
	if (enrolment_code_read(text, &code, &why) != 0) {
		control_problem(job,
		    "that enrols nothing: %s; copy all of the line that "
		    "farmgatectl enrol request prints on the laptop",
		    why);
		return false;
	}
	key_text(KEY_DEVICE, code.device_key, x->e.key);
	memcpy(x->claimed, code.asset, sizeof(x->claimed));
	x->e.digests = code.hwids;
	return take_tag(job, code.asset, x->e.asset);
}

/* ---- what is known ------------------------------------------------------ */

/* An error is a problem; none is no error. */
static bool
has_read(struct control_job *job, const char *what, int r)
{
	if (r == 0 || r == FG_ERR_NOT_FOUND)
		return true;
	control_problem(job, "%s: %s", what, text_error(r));
	return false;
}

static bool
is_new(struct control_job *job, const struct enrolling *x)
{
	struct store_enrolment e;
	enum store_enrolment_state state;
	int r;

	r = store_enrolment_find(job->daemon->store, x->e.key, x->e.made_s, &e,
	    &state);
	if (!has_read(job, "enrolments", r))
		return false;
	if (r == FG_ERR_NOT_FOUND)
		return true;
	if (state == STORE_ENROLMENT_REVOKED)
		control_problem(job,
		    "this key was revoked, as that of %s, and is never "
		    "enrolled again; make another one on the laptop, with "
		    "farmgatectl enrol init --replace",
		    e.asset);
	else if (state == STORE_ENROLMENT_PENDING)
		control_problem(job,
		    "this key is enrolled already, as that of %s, and waits; "
		    "to have it count at once, take it out with farmgatectl "
		    "device remove %s and add it with --now",
		    e.asset, e.key);
	else
		control_problem(job,
		    "this key is enrolled already, as that of %s; see "
		    "farmgatectl device list",
		    e.asset);
	return false;
}

static bool
may_be_issued(struct control_job *job, const struct enrolling *x)
{
	const struct asset *asset = &x->asset;

	if (asset->status == ASSET_LOST || asset->status == ASSET_RETIRED)
		control_problem(job,
		    "%s is %s by the inventory of assets; mend that first, and "
		    "import it",
		    asset->tag, asset_status_name(asset->status));
	else if (asset->device_key[0] != '\0' &&
	    strcmp(asset->device_key, x->e.key) != 0)
		control_problem(job,
		    "the inventory of assets has another device_key for %s; "
		    "mend that first, and import it",
		    asset->tag);
	else
		return true;
	return false;
}

/* Nobody else's key, by the inventory. */
static bool
is_nobody_elses(struct control_job *job, const struct enrolling *x)
{
	static struct asset other;
	int r;

	r = store_asset_by_device_key(job->daemon->store, x->e.key, &other);
	if (!has_read(job, "assets", r))
		return false;
	if (r == FG_ERR_NOT_FOUND || strcmp(other.tag, x->e.asset) == 0)
		return true;
	control_problem(job,
	    "by the inventory of assets that is the device_key of %s",
	    other.tag);
	return false;
}

static bool
find_asset(struct control_job *job, struct enrolling *x)
{
	struct store_outline outline;
	int r;

	if ((r = store_outline(job->daemon->store, &outline)) != 0)
		return has_read(job, "store", r);
	if (outline.older || outline.assets_lost) {
		control_problem(job,
		    "what was known of assets is lost, or may be that of an "
		    "older copy; see farmgatectl status, and settle that "
		    "first");
		return false;
	}
	if (!outline.assets)
		return true;
	r = store_asset_by_tag(job->daemon->store, x->e.asset, &x->asset);
	if (!has_read(job, "assets", r))
		return false;
	if (r != 0) {
		control_problem(job,
		    "%s is not in the inventory of assets; import it, or name "
		    "the right one with --asset",
		    x->e.asset);
		return false;
	}
	x->listed = true;
	return may_be_issued(job, x) && is_nobody_elses(job, x);
}

static int
take_last(const struct store_enrolment *e, void *arg)
{
	struct enrolling *x = arg;

	x->before = true;
	x->last = *e;
	return 1;
}

/* ---- is it the machine? ------------------------------------------------- */

static void
compare(struct enrolling *x)
{
	static const struct compare_limits limits = { COMPARE_WEAK_DEFAULT,
		COMPARE_STRONG_DEFAULT };
	struct hwid_digests issued;

	memset(&issued, 0, sizeof(issued));
	if (x->listed && x->asset.ids.n > 0) {
		hwids_digest(&x->asset.ids, &issued);
		x->against = "inventory";
	}
	if (x->before && hwid_digests_complete(&issued, &x->last.digests))
		x->against = x->against == NULL ? "enrolment" : "both";
	if (x->against == NULL)
		return;
	compare_hwids(&x->e.digests, &issued, &x->compared);
	x->grade = compare_grade(&x->compared, &limits);
}

/* Whoever has another key made for a laptop that has one has to be waited for:
 * its user, or whoever misses it, may say something. */
static void
set_times(const struct control_job *job, struct enrolling *x)
{
	bool now = json_get_bool(job->args, "now", false);

	x->e.from_s = x->e.made_s;
	if (x->before && !now)
		x->e.from_s += CONTROL_ENROL_WAIT_S;
}

bool
control_enrol_judge(struct control_job *job, struct enrolling *ret_x)
{
	struct enrolling *x = ret_x;
	int r;

	memset(x, 0, sizeof(*x));
	x->e.made_s = daemon_wall_s();
	x->e.by_uid = job->by.uid;
	x->e.by_loginuid = job->by.loginuid;
	if (!take_request(job, x) || !is_new(job, x) || !find_asset(job, x))
		return false;
	r = store_enrolments_of(job->daemon->store, x->e.asset, take_last, x);
	if (!has_read(job, "enrolments", r))
		return false;
	compare(x);
	set_times(job, x);
	return true;
}

/* ---- as an object ------------------------------------------------------- */

static void
set_asset(struct json *json, const struct enrolling *x)
{
	struct json *users = json_set_array(json, "users");

	for (size_t i = 0; i < x->asset.nusers; i++)
		json_add_string(users, x->asset.user[i]);
	if (!x->listed)
		return;
	json_set_string(json, "status", asset_status_name(x->asset.status));
	json_set_given(json, "vendor", x->asset.vendor);
	json_set_given(json, "model", x->asset.model);
}

static void
set_compared(struct json *json, const struct enrolling *x)
{
	struct json *kinds;
	enum hwid_kind kind;

	json_set_string(json, "against", x->against);
	json_set_string(json, "grade", compare_grade_name(x->grade));
	if (x->against == NULL)
		return;
	json_set_int(json, "percent", x->compared.percent);
	kinds = json_set_object(json, "kinds");
	for (kind = HWID_TPM; kind < HWID_KINDS; kind++)
		if (x->compared.standing[kind] != COMPARE_NONE)
			json_set_string(kinds, hwid_kind_name(kind),
			    compare_standing_name(x->compared.standing[kind]));
}

void
control_enrol_set(struct json *json, const struct enrolling *x)
{
	json_set_string(json, "asset", x->e.asset);
	json_set_string(json, "key", x->e.key);
	json_set_given(json, "claimed", x->claimed);
	json_set_bool(json, "listed", x->listed);
	set_asset(json, x);
	set_compared(json, x);
	json_set_bool(json, "before", x->before);
	if (x->before)
		json_set_string(json, "last", x->last.key);
	json_set_int(json, "from", x->e.from_s);
}
