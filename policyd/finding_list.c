/* SPDX-License-Identifier: BSD-2-Clause */
/* The list of findings that checks add to. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "policyd/finding.h"
#include "policyd/text.h"

void
finding_add(struct finding_list *list, enum finding_code code,
    const char *grade, const char *fmt, ...)
{
	char raw[2 * FINDING_TEXT_MAX];
	struct finding *f;
	va_list ap;

	/* A finding that gets lost must not make the verdict milder. */
	if (list->count >= FINDING_LIST_MAX ||
	    strlen(grade) > FINDING_GRADE_MAX) {
		list->overflow = true;
		return;
	}
	f = &list->list[list->count++];
	memset(f, 0, sizeof(*f));
	f->code = code;
	memcpy(f->grade, grade, strlen(grade));
	va_start(ap, fmt);
	if (vsnprintf(raw, sizeof(raw), fmt, ap) < 0)
		raw[0] = '\0';
	va_end(ap);
	(void)text_escape_utf8(f->text, sizeof(f->text), raw, strlen(raw));
}

void
finding_by_entry(struct finding_list *list, enum finding_code code)
{
	/* It may not have found room. */
	if (list->count > 0 && list->list[list->count - 1].code == code)
		list->list[list->count - 1].by_entry = true;
}

void
finding_minor(struct finding_list *list, enum finding_code code)
{
	/* It may not have found room. */
	if (list->count > 0 && list->list[list->count - 1].code == code)
		list->list[list->count - 1].minor = true;
}

void
finding_of(struct finding_list *list, enum finding_code code, const char *what)
{
	struct finding *f;

	/* The same. */
	if (list->count == 0)
		return;
	f = &list->list[list->count - 1];
	if (f->code == code)
		(void)text_copy(f->of, sizeof(f->of), what);
}
