/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lists that the daemon has for other commands, and of them what is the
 * person's.
 */
#include <string.h>

#include "ctl/assets.h"
#include "ctl/dossier/dossier.h"
#include "policyd/people/person_json.h"

struct list {
	struct dossier *dossier;
	struct json *to;
};

/* ---- who it is ---------------------------------------------------------- */

static int
learn(struct dossier *d, const struct person *person)
{
	struct json *accounts = json_set_array(d->json, "accounts");
	int r = aliases_add(&d->names, person->user);

	for (size_t i = 0; i < person->naccounts && r == 0; i++) {
		json_add_string(accounts, person->account[i]);
		r = aliases_add(&d->names, person->account[i]);
	}
	d->names.is_person = true;
	return r == 0 ? CTL_OK : CTL_ERROR;
}

static int
take_entry(struct json *line, void *arg)
{
	static struct person person;
	struct dossier *d = arg;

	json_copy_all(json_set_object(d->json, "inventory"), line);
	return person_from_json(line, &person) == 0 ? learn(d, &person) :
						      CTL_OK;
}

static int
know_person(struct dossier *d)
{
	struct json *command = json_new();

	json_set_string(command, "do", "inventory.show");
	json_set_string(command, "user", d->user);
	return ctl_ask_lines(d->ctl, command, false, take_entry, d);
}

/* ---- what there is of them ---------------------------------------------- */

static int
take_line(struct json *line, void *arg)
{
	struct list *list = arg;

	if (aliases_have(&list->dossier->names, line))
		json_copy_all(json_add_object(list->to), line);
	return CTL_OK;
}

static int
ask_list(struct dossier *d, const char *what, const char *member)
{
	struct list list = { .dossier = d,
		.to = json_set_array(d->json, member) };
	struct json *command = json_new();

	json_set_string(command, "do", what);
	return ctl_ask_lines(d->ctl, command, false, take_line, &list) ==
		CTL_ERROR ?
	    CTL_ERROR :
	    CTL_OK;
}

/* What was issued to them speaks of them, too. */
static int
know_assets(struct dossier *d)
{
	const struct json *list;
	bool known;
	int r = CTL_OK;

	for (size_t i = 0; i < d->names.people && r == CTL_OK; i++) {
		if (json_length(json_get(d->json, "assets")) > 0)
			break; /* they are listed by any of the names */
		r = assets_of(d->ctl, d->names.name[i], d->json, &known);
	}
	list = json_get(d->json, "assets");
	for (size_t i = 0; i < json_length(list); i++)
		(void)aliases_add_asset(&d->names,
		    json_get_string(json_at(list, i), "asset", ""));
	return r;
}

int
dossier_now(struct dossier *d)
{
	static const struct {
		const char *what, *member;
	} lists[] = {
		{ "verify.list", "verifications" },
		{ "device.list", "devices" },
		{ "totp.list", "totp" },
		{ "stepup.list", "step_ups" },
		{ "sessions.list", "sessions" },
		{ "except.list", "exceptions" },
		{ "revocations", "revocations" },
	};
	int r = know_person(d);

	if (r != CTL_ERROR)
		r = know_assets(d);
	for (size_t i = 0; r == CTL_OK && i < sizeof(lists) / sizeof(lists[0]);
	     i++)
		r = ask_list(d, lists[i].what, lists[i].member);
	json_set_bool(d->json, "known", r == CTL_OK);
	return r;
}
