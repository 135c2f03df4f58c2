/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rules as text: "geo.country = deny", "net.listed:vpn = log",
 * "audit_unwritable = allow". Names are looked up in the registries here;
 * whether a rule makes sense is conf_check.c's business.
 */
#include <stdlib.h>
#include <string.h>

#include "policyd/conf/conf_parts.h"

#define RULE_SIDE_MAX 80u

struct sides {
	char left[RULE_SIDE_MAX + 1];
	char right[RULE_SIDE_MAX + 1];
};

/* Copy first..last without the blanks around it; false if it is too long. */
static bool
copy_trimmed(const char *first, const char *last, char dst[RULE_SIDE_MAX + 1])
{
	size_t len;

	while (first < last && *first == ' ')
		first++;
	while (last > first && last[-1] == ' ')
		last--;
	len = (size_t)(last - first);
	if (len > RULE_SIDE_MAX)
		return false;
	memcpy(dst, first, len);
	dst[len] = '\0';
	return true;
}

static bool
split_sides(struct conf_reader *reader, const struct conf_value *v,
    const char *form, struct sides *ret_sides)
{
	const char *equals = strchr(v->text, '=');

	if (equals != NULL && strchr(equals + 1, '=') == NULL &&
	    copy_trimmed(v->text, equals, ret_sides->left) &&
	    copy_trimmed(equals + 1, v->text + strlen(v->text),
		ret_sides->right))
		return true;
	conf_errors_add(reader->errors, reader->file, v->line,
	    "\"%.80s\" is no rule; write \"%s\"", v->text, form);
	return false;
}

static void
report_finding(struct conf_reader *reader, unsigned int line, const char *name)
{
	struct conf_near near = { .word = name };
	char buf[CONF_NEAR_SIZE];
	enum finding_code code;

	for (code = FINDING_NONE + 1; code < FINDING_COUNT; code++)
		conf_near_offer(&near, finding_info(code)->name);
	conf_errors_add(reader->errors, reader->file, line,
	    "unknown finding \"%.80s\"; %s", name,
	    conf_near_text(&near, "farmgate.conf(5) lists them all", buf));
}

/* "CODE[:GRADE]"; name is cut into its parts. */
static void
read_finding(struct conf_reader *reader, unsigned int line, char *name,
    struct conf_rule *ret_rule)
{
	char *colon = strchr(name, ':');

	ret_rule->line = line;
	if (colon != NULL)
		*colon = '\0';
	ret_rule->code = finding_by_name(name);
	if (ret_rule->code == FINDING_NONE) {
		report_finding(reader, line, name);
		return;
	}
	if (colon == NULL)
		return;
	if (!conf_name_is_valid(colon + 1, strlen(colon + 1))) {
		conf_errors_add(reader->errors, reader->file, line,
		    "\"%.80s\" is no grade of %s; use a-z, 0-9, _ and -",
		    colon + 1, name);
		ret_rule->code = FINDING_NONE;
		return;
	}
	ret_rule->grade = conf_value_dup(reader, colon + 1);
}

/* A rule that could not be read keeps FINDING_NONE or ACTION_NONE. */
void
conf_rule_read(struct conf_reader *reader, const struct conf_value *v,
    struct conf_rule *ret_rule)
{
	struct sides sides;

	memset(ret_rule, 0, sizeof(*ret_rule));
	ret_rule->line = v->line;
	if (!split_sides(reader, v, "FINDING = ACTION", &sides))
		return;
	read_finding(reader, v->line, sides.left, ret_rule);
	ret_rule->action =
	    conf_methods_action(reader, v, sides.right, &ret_rule->methods);
}

void
conf_rule_read_finding(struct conf_reader *reader, const struct conf_value *v,
    struct conf_rule *ret_rule)
{
	char name[RULE_SIDE_MAX + 1];

	memset(ret_rule, 0, sizeof(*ret_rule));
	ret_rule->line = v->line;
	if (copy_trimmed(v->text, v->text + strlen(v->text), name))
		read_finding(reader, v->line, name, ret_rule);
	else
		report_finding(reader, v->line, v->text);
}

static void
report_failure(struct conf_reader *reader, unsigned int line, const char *name)
{
	struct conf_near near = { .word = name };
	char buf[CONF_NEAR_SIZE];
	enum failure failure;

	for (failure = FAILURE_NONE + 1; failure < FAILURE_COUNT; failure++)
		conf_near_offer(&near, failure_info(failure)->name);
	conf_errors_add(reader->errors, reader->file, line,
	    "unknown failure \"%.80s\"; %s", name,
	    conf_near_text(&near, "farmgate.conf(5) lists them all", buf));
}

void
conf_rule_read_failure(struct conf_reader *reader, const struct conf_value *v,
    struct conf_failure_rule *ret_rule)
{
	struct sides sides;

	memset(ret_rule, 0, sizeof(*ret_rule));
	ret_rule->line = v->line;
	if (!split_sides(reader, v, "FAILURE = allow", &sides))
		return;
	ret_rule->failure = failure_by_name(sides.left);
	if (ret_rule->failure == FAILURE_NONE)
		report_failure(reader, v->line, sides.left);
	if (strcmp(sides.right, "allow") == 0)
		ret_rule->action = ACTION_LOG;
	else if (strcmp(sides.right, "deny") == 0)
		ret_rule->action = ACTION_DENY;
	else
		conf_errors_add(reader->errors, reader->file, v->line,
		    "\"%.80s\" is nothing to do on a failure; write allow or "
		    "deny",
		    sides.right);
}

static enum live_action
live_action_by_name(const char *name)
{
	enum live_action action;

	for (action = LIVE_IGNORE; action <= LIVE_TERMINATE; action++)
		if (strcmp(live_action_name(action), name) == 0)
			return action;
	return LIVE_NONE;
}

void
conf_rule_read_live(struct conf_reader *reader, const struct conf_value *v,
    struct conf_live_rule *ret_rule)
{
	struct conf_near near;
	char buf[CONF_NEAR_SIZE];
	struct conf_rule rule;
	struct sides sides;
	enum live_action action;

	memset(ret_rule, 0, sizeof(*ret_rule));
	memset(&rule, 0, sizeof(rule));
	ret_rule->line = v->line;
	if (!split_sides(reader, v, "FINDING = alert", &sides))
		return;
	read_finding(reader, v->line, sides.left, &rule);
	ret_rule->code = rule.code;
	ret_rule->grade = rule.grade;
	ret_rule->action = live_action_by_name(sides.right);
	if (ret_rule->action != LIVE_NONE)
		return;
	near = (struct conf_near){ .word = sides.right };
	for (action = LIVE_IGNORE; action <= LIVE_TERMINATE; action++)
		conf_near_offer(&near, live_action_name(action));
	conf_errors_add(reader->errors, reader->file, v->line,
	    "\"%.80s\" is nothing to do to an open session; %s", sides.right,
	    conf_near_text(&near, "write ignore, alert, hook or terminate",
		buf));
}
