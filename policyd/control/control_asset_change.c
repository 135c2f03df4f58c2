/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an import of assets changes, one by one and in all: whose each was and
 * is, which of them are given back that were lost, and which are anybody's now.
 */
#include <string.h>

#include "policyd/control/control_asset.h"
#include "policyd/control/control_named.h"
#include "policyd/text.h"

/* In whose hands it is, and in which state: the rest only describes it. */
static const char *const told[] = { "user", "status" };

static bool
is_given_back(const struct store_asset_change *change)
{
	return change->old != NULL &&
	    (change->old->status == ASSET_LOST ||
		change->old->status == ASSET_RETIRED) &&
	    (change->new->status == ASSET_ISSUED ||
		change->new->status == ASSET_STOCK);
}

/* What is not issued is nobody's on purpose. */
static bool
is_bared(const struct store_asset_change *change)
{
	return change->old != NULL && change->old->nusers > 0 &&
	    change->new->nusers == 0 && change->new->status == ASSET_ISSUED;
}

static void
add_back(struct control_asset_changes *changes, const char *tag)
{
	size_t len = strlen(changes->back);

	if (changes->restored++ < CONTROL_ASSET_NAMED)
		(void)text_format(changes->back + len,
		    sizeof(changes->back) - len, "%s%s", len > 0 ? " " : "",
		    tag); /* so many fit */
}

void
control_asset_change_see(struct control_asset_changes *changes,
    const struct store_asset_change *change)
{
	changes->added += change->what == 'A';
	changes->changed += change->what == 'C';
	changes->removed += change->what == 'R';
	changes->bared += is_bared(change);
	if (is_given_back(change))
		add_back(changes, change->tag);
}

static void
set_sides(struct json *json, const struct store_asset_change *change)
{
	struct json *old = json_set_object(json, "old");
	struct json *new = json_set_object(json, "new");
	char x[ASSET_FIELD_MAX], y[ASSET_FIELD_MAX];

	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
		(void)asset_get(change->old, told[i], x);
		(void)asset_get(change->new, told[i], y);
		if (strcmp(x, y) == 0)
			continue;
		json_set_untrusted(old, told[i], x);
		json_set_untrusted(new, told[i], y);
	}
}

static struct json *
change_json(const struct store_asset_change *change)
{
	struct json *json = json_new();

	json_set_string(json, "change", control_change_name(change->what));
	json_set_untrusted(json, "asset", change->tag);
	json_set_given(json, "fields", change->fields);
	return json;
}

struct json *
control_asset_change_json(const struct store_asset_change *change)
{
	struct json *json = change_json(change);

	if (change->old != NULL)
		set_sides(json, change);
	return json;
}

static bool
has_user(const struct asset *asset, const char *user)
{
	for (size_t i = 0; i < asset->nusers; i++)
		if (strcmp(asset->user[i], user) == 0)
			return true;
	return false;
}

/* Whose it is that of was not, or no more: each is an account's name. */
static void
add_users(struct json *list, const struct asset *of, const struct asset * not )
{
	for (size_t i = 0; i < of->nusers; i++)
		if (!has_user(not, of->user[i]))
			json_add_string(list, of->user[i]);
}

struct json *
control_asset_change_named(const struct store_asset_change *change)
{
	struct json *json = change_json(change), *list;

	if (change->old == NULL)
		return json;
	list = json_set_array(json, "users");
	add_users(list, change->old, change->new);
	add_users(list, change->new, change->old);
	return json;
}

static void
warn_bared(const struct control_asset_changes *changes,
    const struct control_asset_warner *warner)
{
	char text[192];
	bool one = changes->bared == 1;

	if (changes->bared == 0)
		return;
	(void)text_format(text, sizeof(text),
	    "%llu %s had a user and %s none now: anybody may log in with %s "
	    "(device.unissued finds nothing)",
	    (unsigned long long)changes->bared, one ? "asset" : "assets",
	    one ? "has" : "have", one ? "it" : "them");
	warner->warn(0, text, warner->arg);
}

bool
control_asset_change_judge(const struct control_asset_changes *changes,
    bool restore, const struct control_asset_warner *warner,
    char ret_problem[CONTROL_PROBLEM_MAX])
{
	bool one = changes->restored == 1;

	warn_bared(changes, warner);
	if (changes->restored == 0 || restore)
		return true;
	(void)text_format(ret_problem, CONTROL_PROBLEM_MAX,
	    "%llu %s lost or retired, and would be issued or in stock again: "
	    "%s%s; keep the status, or give --restore",
	    (unsigned long long)changes->restored,
	    one ? "asset is" : "assets are", changes->back,
	    changes->restored > CONTROL_ASSET_NAMED ? " ..." : "");
	return false;
}

void
control_asset_change_names(const struct control_asset_changes *changes,
    struct json *list)
{
	const char *p = changes->back;
	char tag[ASSET_TAG_MAX + 1];
	size_t len;

	for (; *p != '\0'; p += len + (p[len] == ' ')) {
		len = strcspn(p, " ");
		memcpy(tag, p, len); /* a tag, and so it fits */
		tag[len] = '\0';
		json_set_untrusted(json_add_object(list), "name", tag);
	}
}
