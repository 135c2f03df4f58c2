/* SPDX-License-Identifier: BSD-2-Clause */
/* The lines of the format. */
#include "ctl/metrics/put.h"

#include <string.h>

#include "policyd/text.h"

void
put_head(FILE *out, const char *name, const char *type, const char *help)
{
	fprintf(out, "# HELP farmgate_%s %s\n# TYPE farmgate_%s %s\n", name,
	    help, name, type);
}

/* Backslash, quote and newline are what the format names,
 * and what is no UTF-8 is escaped before that. */
void
put_label(FILE *out, const char *text)
{
	char shown[CTL_TEXT_SIZE];

	(void)text_escape_utf8(shown, sizeof(shown), text, strlen(text));
	for (const char *p = shown; *p != '\0'; p++) {
		if (*p == '\\' || *p == '"')
			putc('\\', out);
		putc(*p, out);
	}
}

void
put_metric(FILE *out, const struct json *report, const struct metric *m)
{
	const struct json *o =
	    m->section[0] == '\0' ? report : json_get(report, m->section);
	long long value = (long long)json_get_int(o, m->key, -1);

	if (value < 0)
		return;
	put_head(out, m->name, m->type, m->help);
	fprintf(out, "farmgate_%s %lld\n", m->name, value);
}

void
put_flag(FILE *out, const char *name, const char *help, bool value)
{
	put_head(out, name, "gauge", help);
	fprintf(out, "farmgate_%s %d\n", name, value ? 1 : 0);
}
