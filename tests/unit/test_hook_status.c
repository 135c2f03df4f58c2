/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ALT-04: how the programs of hooks have ended, written by the service and read
 * back as farmgatectl does it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "policyd/hooks/hook_status.h"
#include "policyd/json/json.h"
#include "proto/result.h"

#define EXITED(status) ((status) << 8) /* as wait(2) has it */

static char folder[64];
static char path[80];

static int
make_folder(void **state)
{
	(void)state;
	(void)strcpy(folder, "/tmp/farmgate-unit.XXXXXX");
	if (mkdtemp(folder) == NULL)
		return -1;
	(void)snprintf(path, sizeof(path), "%s/status", folder);
	return 0;
}

static int
remove_folder(void **state)
{
	(void)state;
	(void)unlink(path);
	return rmdir(folder);
}

static int
write_all(const struct hook_tally *denied, const struct hook_tally *live)
{
	static const struct hook_tally none;
	const struct hook_tally *tallies[HOOK_COUNT];

	for (int i = 0; i < HOOK_COUNT; i++)
		tallies[i] = &none;
	tallies[HOOK_DENIED] = denied;
	tallies[HOOK_LIVE] = live;
	return hook_status_write(folder, 1000, tallies);
}

static void
what_is_written_is_read(void **state)
{
	const struct hook_tally denied = { .events = 10000,
		.done = 3,
		.failed = 2,
		.lost = 1,
		.status = EXITED(3),
		.ended_s = 2000 };
	const struct hook_tally live = { .events = 1,
		.killed = 1,
		.late = 1,
		.status = 9,
		.ended_s = 2001 };
	const struct json *events;
	struct json *json;
	struct stat st;
	char *text;

	(void)state;
	assert_int_equal(hook_status_read(folder, &json), FG_ERR_NOT_FOUND);
	assert_null(json);
	assert_int_equal(write_all(&live, &live), 0);
	assert_int_equal(write_all(&denied, &live), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0644);
	assert_int_equal(hook_status_read(folder, &json), 0);
	assert_int_equal(json_get_int(json, "since", 0), 1000);
	events = json_get(json, "events");
	assert_int_equal(json_members(events), 2);
	text = json_text(json_get(events, "denied"));
	assert_string_equal(text,
	    "{\"told\":10000,\"done\":3,\"failed\":2,\"lost\":1,"
	    "\"ended\":2000,\"status\":3}");
	free(text);
	text = json_text(json_get(events, "live"));
	assert_string_equal(text,
	    "{\"told\":1,\"killed\":1,\"late\":1,\"ended\":2001,"
	    "\"signal\":9}");
	free(text);
	json_free(json);
}

static void
what_is_no_such_file_is_refused(void **state)
{
	const struct hook_tally none = { .events = 0 };
	struct json *json;
	FILE *file;

	(void)state;
	assert_int_equal(write_all(&none, &none), 0);
	assert_int_equal(chmod(path, 0666), 0);
	assert_int_equal(hook_status_read(folder, &json), FG_ERR_UNSAFE);
	assert_int_equal(chmod(path, 0644), 0);
	assert_non_null(file = fopen(path, "w"));
	assert_true(fputs("{\"since\":", file) >= 0);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(hook_status_read(folder, &json), FG_ERR_FORMAT);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0644), 0);
	assert_int_equal(hook_status_read(folder, &json), FG_ERR_UNSAFE);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(symlink("/dev/zero", path), 0);
	assert_int_equal(hook_status_read(folder, &json), FG_ERR_SYSTEM);
	assert_null(json);
	assert_int_equal(hook_status_read("/nonexistent", &json),
	    FG_ERR_NOT_FOUND);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_is_written_is_read,
		    make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(what_is_no_such_file_is_refused,
		    make_folder, remove_folder),
	};

	json_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
