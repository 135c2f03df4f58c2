/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The list of mistakes in PAM stacks.
 */
#include "ctl/pam/mistakes.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/text.h"
#include "proto/result.h"

#define SHOWN_SIZE 4096u

static const char *const severity_names[] = {
	[SEVERITY_NONE] = "none",
	[SEVERITY_WARNING] = "warning",
	[SEVERITY_ERROR] = "error",
};

static bool
is_known(const struct mistakes *mistakes, const struct mistake *m)
{
	const struct mistake *k;

	for (size_t i = 0; i < mistakes->n; i++) {
		k = &mistakes->list[i];
		if (k->line == m->line && strcmp(k->code, m->code) == 0 &&
		    strcmp(k->file, m->file) == 0 &&
		    strcmp(k->what, m->what) == 0)
			return true;
	}
	return false;
}

/* One that is the list's: its texts are copies. */
static void
mistake_done(struct mistake *m)
{
	free((void *)(uintptr_t)m->service);
	free((void *)(uintptr_t)m->file);
	free((void *)(uintptr_t)m->what);
	free((void *)(uintptr_t)m->fix);
}

int
mistakes_add(struct mistakes *mistakes, const struct mistake *m)
{
	struct mistake copy = *m, *v;

	if (is_known(mistakes, m))
		return 0;
	v = reallocarray(mistakes->list, mistakes->n + 1, sizeof(*v));
	if (v == NULL)
		return FG_ERR_NOMEM;
	mistakes->list = v;
	copy.service = strdup(m->service);
	copy.file = strdup(m->file);
	copy.what = strdup(m->what);
	copy.fix = strdup(m->fix);
	if (copy.service == NULL || copy.file == NULL || copy.what == NULL ||
	    copy.fix == NULL) {
		mistake_done(&copy);
		return FG_ERR_NOMEM;
	}
	v[mistakes->n++] = copy;
	if (m->severity == SEVERITY_ERROR)
		mistakes->errors++;
	return 0;
}

static void
print_one(const struct mistake *m, FILE *out)
{
	char raw[SHOWN_SIZE], shown[SHOWN_SIZE], place[16] = "";

	if (m->line != 0)
		(void)text_format(place, sizeof(place), ":%u", m->line);
	(void)text_format(raw, sizeof(raw), "%s%s: %s: %s; %s (%s)", m->file,
	    place, severity_names[m->severity], m->what, m->fix, m->code);
	fprintf(out, "%s\n",
	    text_escape_utf8(shown, sizeof(shown), raw, strlen(raw)));
}

void
mistakes_print(const struct mistakes *mistakes, FILE *out)
{
	for (size_t i = 0; i < mistakes->n; i++)
		print_one(&mistakes->list[i], out);
}

void
mistakes_to_json(const struct mistakes *mistakes, struct json *array)
{
	const struct mistake *m;
	struct json *o;

	for (size_t i = 0; i < mistakes->n; i++) {
		m = &mistakes->list[i];
		o = json_add_object(array);
		json_set_string(o, "code", m->code);
		json_set_string(o, "severity", severity_names[m->severity]);
		json_set_untrusted(o, "service", m->service);
		json_set_untrusted(o, "file", m->file);
		if (m->line != 0)
			json_set_int(o, "line", m->line);
		json_set_untrusted(o, "what", m->what);
		json_set_untrusted(o, "fix", m->fix);
	}
}

void
mistakes_done(struct mistakes *mistakes)
{
	for (size_t i = 0; i < mistakes->n; i++)
		mistake_done(&mistakes->list[i]);
	free(mistakes->list);
	*mistakes = (struct mistakes){ 0 };
}
