/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table in man/pam_farmgate.8 of what a control makes of the gate's
 * answers: the real module in a real stack gives each of its words.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "proto/msg.h"
#include "tests/pam/fake.h"
#include "tests/pam/spy.h"
#include "tests/pam/stack.h"

#define PAGE	  "man/pam_farmgate.8"
#define ROWS_MAX  16
#define NELEMS(a) (sizeof(a) / sizeof((a)[0]))

enum answer {
	ALLOW,
	DENY,
	FAIL,
	EXEMPT,
	ANSWERS
};

struct row {
	char control[64];
	char words[ANSWERS][32];
};

static struct row rows[ROWS_MAX];
static size_t nrows;

/* ---- the page ----------------------------------------------------------- */

static void
copy(char *dst, size_t size, const char *src)
{
	size_t len = strlen(src);

	assert_true(len < size);
	memcpy(dst, src, len + 1);
}

/* ".It Li required Ta WORDS Ta WORDS ...", a control with blanks in quotes. */
static void
take_row(char *line)
{
	struct row *row = &rows[nrows];
	char *cell, *rest = line + strlen(".It Li ");

	assert_true(nrows < ROWS_MAX);
	line[strcspn(line, "\n")] = '\0';
	cell = strstr(rest, " Ta ");
	assert_non_null(cell);
	*cell = '\0';
	if (*rest == '"') {
		rest++;
		cell[-1] = '\0';
	}
	copy(row->control, sizeof(row->control), rest);
	for (size_t i = 0; i < ANSWERS; i++) {
		assert_non_null(cell);
		rest = cell + strlen(" Ta ");
		if ((cell = strstr(rest, " Ta ")) != NULL)
			*cell = '\0';
		copy(row->words[i], sizeof(row->words[i]), rest);
	}
	assert_null(cell);
	nrows++;
}

static int
read_page(void **state)
{
	char line[512];
	bool on = false;
	FILE *in = fopen(PAGE, "r");

	(void)state;
	assert_non_null(in);
	while (fgets(line, sizeof(line), in) != NULL) {
		if (strncmp(line, ".Bl -column", 11) == 0)
			on = true;
		else if (strncmp(line, ".El", 3) == 0)
			on = false;
		else if (on && strncmp(line, ".It Li ", 7) == 0)
			take_row(line);
	}
	return fclose(in);
}

/* ---- the stack ---------------------------------------------------------- */

/* How it ends if the line behind the gate lets everybody in, or nobody. */
static int
ends(const struct row *row, const char *args, bool others, enum stack_phase at)
{
	const char *type = at == STACK_ACCOUNT ? "account" : "session";
	char lines[512];

	(void)snprintf(lines, sizeof(lines),
	    "%s %s %%s %s\n%s required pam_%s.so\n%s required pam_permit.so\n",
	    type, row->control, args, type, others ? "permit" : "deny", type);
	stack_service_raw("extra", lines);
	return stack_run("extra", "root", at);
}

static const char *
outcome(const struct row *row, const char *args, enum stack_phase at)
{
	bool permitted = ends(row, args, true, at) == PAM_SUCCESS;
	bool denied = ends(row, args, false, at) != PAM_SUCCESS;

	if (!permitted)
		return denied ? "refused" : "let in by what denies";
	return denied ? "others" : "let in";
}

static void
answer(enum answer answer)
{
	static const uint8_t verdicts[] = { [ALLOW] = FG_VERDICT_ALLOW,
		[DENY] = FG_VERDICT_DENY,
		[FAIL] = FG_VERDICT_DENY,
		[EXEMPT] = FG_VERDICT_EXEMPT };

	spy_reset();
	fake_script(verdicts[answer]);
	if (answer == EXEMPT)
		fake->ref[0] = '\0';
	if (answer == FAIL)
		fake->mode = FAKE_CLOSE;
}

/* With these arguments the answer counts as that one of the table. */
static void
counts_as(const char *args, enum answer given, enum answer as)
{
	static const enum stack_phase phases[] = { STACK_ACCOUNT,
		STACK_SESSION };
	const char *got;

	for (size_t i = 0; i < nrows; i++)
		for (size_t p = 0; p < NELEMS(phases); p++) {
			answer(given);
			got = outcome(&rows[i], args, phases[p]);
			if (strcmp(got, rows[i].words[as]) != 0)
				fail_msg("%s %s: the page says \"%s\", it is "
					 "\"%s\"",
				    rows[i].control, args, rows[i].words[as],
				    got);
			assert_true(fake->connects >= 1);
		}
}

static void
pam_11_an_enforcing_line_does_what_the_page_says(void **state)
{
	(void)state;
	for (int i = 0; i < ANSWERS; i++)
		counts_as("", (enum answer)i, (enum answer)i);
	counts_as("on_error=deny", FAIL, FAIL);
}

static void
pam_11_on_error_allow_makes_an_allow_of_a_failure_alone(void **state)
{
	(void)state;
	counts_as("on_error=allow", FAIL, ALLOW);
	counts_as("on_error=allow", DENY, DENY);
	counts_as("on_error=allow", EXEMPT, EXEMPT);
}

static void
pam_11_observe_makes_an_allow_of_everything(void **state)
{
	(void)state;
	for (int i = 0; i < ANSWERS; i++)
		counts_as("observe", (enum answer)i, ALLOW);
}

static void
pam_11_the_page_has_the_controls_that_people_use(void **state)
{
	static const char *const controls[] = { "required", "requisite",
		"sufficient", "optional", "[success=1 default=ignore]",
		"[default=bad success=ok user_unknown=ignore]" };
	size_t i, k;

	(void)state;
	for (i = 0; i < NELEMS(controls); i++) {
		for (k = 0; k < nrows; k++)
			if (strcmp(controls[i], rows[k].control) == 0)
				break;
		if (k == nrows)
			fail_msg("%s is missing", controls[i]);
	}
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    pam_11_an_enforcing_line_does_what_the_page_says),
		cmocka_unit_test(
		    pam_11_on_error_allow_makes_an_allow_of_a_failure_alone),
		cmocka_unit_test(pam_11_observe_makes_an_allow_of_everything),
		cmocka_unit_test(
		    pam_11_the_page_has_the_controls_that_people_use),
	};
	int failed;

	(void)argc;
	stack_init(argv);
	fake_start(stack_socket(), 8);
	failed =
	    cmocka_run_group_tests_name("controls", tests, read_page, NULL);
	fake_stop();
	stack_done();
	return failed;
}
