/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The catalogue on disk: which files are read, in which order, what takes the
 * place of what, and which are not trusted. And the shipped one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/unit/catalogue_fixture.h"

static char dir[] = "/tmp/fg-catalogue.XXXXXX";
static char folder[2][64];
static const char *const folders[] = { folder[0], folder[1] };

static const char *
path_of(size_t n, const char *name)
{
	static char path[512];

	(void)snprintf(path, sizeof(path), "%s/%s", folder[n], name);
	return path;
}

static void
put_bytes(size_t n, const char *name, const void *data, size_t len)
{
	FILE *out = fopen(path_of(n, name), "w");

	assert_non_null(out);
	assert_int_equal(fwrite(data, 1, len, out), len);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(chmod(path_of(n, name), 0644), 0);
}

static void
put(size_t n, const char *name, const char *text)
{
	put_bytes(n, name, text, strlen(text));
}

static int
new_folders(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		(void)snprintf(folder[i], sizeof(folder[i]), "%s/%zu", dir, i);
		if (mkdir(folder[i], 0755) != 0)
			return -1;
	}
	return 0;
}

static int
no_folders(void **state)
{
	char command[128];

	(void)state;
	(void)snprintf(command, sizeof(command), "rm -rf %s/0 %s/1", dir, dir);
	return system(command);
}

static int
set_up_all(void **state)
{
	(void)state;
	return mkdtemp(dir) == NULL ? -1 : crypto_init();
}

static int
tear_down_all(void **state)
{
	(void)state;
	return rmdir(dir);
}

static struct parsed
load(size_t n)
{
	struct parsed p;

	memset(&p, 0, sizeof(p));
	p.r = catalogue_load(folders, n, &p.catalogue, &p.errors);
	assert_true((p.r == 0) == (p.catalogue != NULL));
	assert_true((p.r == 0) == (p.errors.count == 0));
	return p;
}

static void
is_loaded(size_t n, size_t entries)
{
	struct parsed p = load(n);

	if (p.r != 0)
		show(&p.errors, "folders");
	assert_int_equal(p.r, 0);
	assert_int_equal(p.catalogue->nentries, entries);
	parsed_done(&p);
}

/* With this one complaint, about that file or folder. */
static void
not_loaded(size_t n, const char *file, unsigned int line, const char *part)
{
	struct parsed p = load(n);

	if (p.errors.count != 1 || !has_error(&p.errors, line, part)) {
		show(&p.errors, file);
		fail_msg("wanted %s", part);
	}
	assert_string_equal(p.errors.list[0].file, file);
	assert_int_equal(p.r, FG_ERR_CONFIG);
	parsed_done(&p);
}

/* ---- files and folders ------------------------------------------------- */

static void
test_files_are_those_that_end_in_conf(void **state)
{
	(void)state;
	put(0, "b.conf", "tool b { " CAT_TOOL "exe = b }");
	put(0, "a.conf", "tool a { " CAT_TOOL "exe = a }");
	put(0, "README", "nonsense");
	put(0, "a.conf~", "nonsense");
	put(0, "a.conf.dpkg-old", "nonsense");
	put(0, ".hidden.conf", "nonsense");
	put(0, ".conf", "nonsense");
	is_loaded(1, 2);
}

static void
test_the_first_folder_has_to_be_there(void **state)
{
	(void)state;
	put(1, "a.conf", "tool a { " CAT_TOOL "exe = a }");
	not_loaded(2, folder[0], 0,
	    "holds no file that ends in .conf; install");
	assert_int_equal(rmdir(folder[0]), 0);
	not_loaded(2, folder[0], 0,
	    "cannot be read: No such file or directory; install");
	put(1, "a.conf", "tool a { " CAT_TOOL "exe = a }");
}

static void
test_others_need_not_be_there(void **state)
{
	(void)state;
	put(0, "a.conf", "tool a { " CAT_TOOL "exe = a }");
	is_loaded(2, 1);
	assert_int_equal(rmdir(folder[1]), 0);
	is_loaded(2, 1);
	put(0, "b", "");
	assert_int_equal(rename(path_of(0, "b"), folder[1]), 0);
	not_loaded(2, folder[1], 0, "cannot be read: Not a directory; ");
}

static void
test_no_folder_is_an_empty_catalogue(void **state)
{
	(void)state;
	is_loaded(0, 0);
}

static void
test_a_later_entry_takes_the_place_of_an_earlier(void **state)
{
	struct parsed p;
	struct rules rules;

	(void)state;
	put(0, "a.conf",
	    "tool a { " CAT_TOOL "exe = {x, y, z} }\n"
	    "tool b { " CAT_TOOL "exe = b }\n"
	    "usb a { " CAT_USB "model = a }\n"
	    "usb c { same_as = a model = c }");
	put(1, "z.conf",
	    "tool a { title = \"own\" kind = vnc exe = \"/usr/bin/own\" }\n"
	    "tool b { title = \"B\" kind = ordinary }");
	p = load(2);
	assert_int_equal(p.r, 0);
	assert_int_equal(p.catalogue->nentries, 4);
	assert_string_equal(catalogue_find(p.catalogue, "a")->title, "own");
	assert_int_equal(catalogue_find(p.catalogue, "a")->folder, 1);
	assert_string_equal(catalogue_find(p.catalogue, "a")->file,
	    path_of(1, "z.conf"));
	assert_int_equal(catalogue_rules(p.catalogue, &rules), 0);
	assert_int_equal(count_rules(&rules, RULE_EXE, NULL), 1);
	assert_int_equal(count_rules(&rules, RULE_EXE, "/usr/bin/own"), 1);
	assert_int_equal(count_rules(&rules, RULE_USB, NULL), 2);
	rules_done(&rules);
	parsed_done(&p);
}

static void
test_within_a_folder_an_entry_is_there_once(void **state)
{
	(void)state;
	put(0, "a.conf", "\ntool a { " CAT_TOOL "exe = a }");
	put(0, "b.conf", "tool a { " CAT_TOOL "exe = b }");
	not_loaded(1, path_of(0, "b.conf"), 1,
	    "/0/a.conf, line 2 already; rename or merge one of them");
}

static void
test_errors_of_all_files_are_told(void **state)
{
	struct parsed p;

	(void)state;
	put(0, "a.conf", "tool a { " CAT_TOOL "exes = a }");
	put(0, "b.conf", "tool b {");
	put(1, "a.conf", "tool c { title = T exe = a }");
	p = load(2);
	assert_int_equal(p.r, FG_ERR_CONFIG);
	assert_true(has_error(&p.errors, 1, "did you mean \"exe\"?"));
	assert_true(has_error(&p.errors, 1, "tool is not closed; add }"));
	assert_true(has_error(&p.errors, 1, "tool c has no kind"));
	assert_string_equal(p.errors.list[0].file, path_of(0, "a.conf"));
	parsed_done(&p);
}

static void
test_the_hash_is_of_all_files(void **state)
{
	char hash[CONF_HASH_SIZE];
	struct parsed p;

	(void)state;
	put(0, "a.conf", "tool a { " CAT_TOOL "exe = a }");
	p = load(2);
	(void)snprintf(hash, sizeof(hash), "%s", p.catalogue->hash);
	parsed_done(&p);
	p = load(2);
	assert_string_equal(p.catalogue->hash, hash);
	parsed_done(&p);
	put(1, "a.conf", "# own\n");
	p = load(2);
	assert_string_not_equal(p.catalogue->hash, hash);
	assert_int_equal(p.catalogue->nfiles, 2);
	parsed_done(&p);
}

/* ---- RCD-12: what is not trusted --------------------------------------- */

static void
test_a_file_that_others_may_write_is_refused(void **state)
{
	(void)state;
	put(0, "a.conf", "tool a { " CAT_TOOL "exe = a }");
	assert_int_equal(chmod(path_of(0, "a.conf"), 0666), 0);
	not_loaded(1, path_of(0, "a.conf"), 0, "can be written by others; ");
	assert_int_equal(chmod(path_of(0, "a.conf"), 0644), 0);
	assert_int_equal(chmod(folder[0], 0777), 0);
	not_loaded(1, path_of(0, "a.conf"), 0,
	    "which others can write; take the");
}

static void
test_a_link_is_refused(void **state)
{
	(void)state;
	put(0, "a", "tool a { " CAT_TOOL "exe = a }");
	assert_int_equal(symlink("a", path_of(0, "a.conf")), 0);
	not_loaded(1, path_of(0, "a.conf"), 0, "is a symbolic link; name");
}

static void
test_what_is_no_file_is_refused(void **state)
{
	(void)state;
	assert_int_equal(mkfifo(path_of(0, "a.conf"), 0644), 0);
	not_loaded(1, path_of(0, "a.conf"), 0, "is no regular file");
	assert_int_equal(unlink(path_of(0, "a.conf")), 0);
	assert_int_equal(mkdir(path_of(0, "a.conf"), 0755), 0);
	not_loaded(1, path_of(0, "a.conf"), 0, "is no regular file");
}

static void
test_a_huge_file_is_refused(void **state)
{
	char *data = malloc(CATALOGUE_FILE_MAX + 1);

	(void)state;
	assert_non_null(data);
	memset(data, '#', CATALOGUE_FILE_MAX + 1);
	put_bytes(0, "a.conf", data, CATALOGUE_FILE_MAX);
	is_loaded(1, 0);
	put_bytes(0, "a.conf", data, CATALOGUE_FILE_MAX + 1);
	not_loaded(1, path_of(0, "a.conf"), 0, "is larger than");
	free(data);
}

static void
test_a_folder_has_so_many_files(void **state)
{
	char name[32];
	size_t i;

	(void)state;
	for (i = 0; i < CATALOGUE_FILES_MAX; i++) {
		(void)snprintf(name, sizeof(name), "%zu.conf", i);
		put(0, name, "# none\n");
	}
	is_loaded(1, 0);
	put(0, "more.conf", "# none\n");
	not_loaded(1, folder[0], 0, "has more than 256 files; put entries");
}

static void
test_entries_of_all_files_are_counted(void **state)
{
	static char text[RULE_ENTRIES_MAX * 64];
	size_t i, len = 0;

	(void)state;
	for (i = 0; i < RULE_ENTRIES_MAX; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len,
		    "tool t%zu { " CAT_TOOL "exe = x }\n", i);
	put(0, "a.conf", text);
	is_loaded(2, RULE_ENTRIES_MAX);
	put(1, "a.conf", "tool t0 { " CAT_TOOL "exe = y }\n");
	is_loaded(2, RULE_ENTRIES_MAX);
	put(1, "a.conf", "tool own { " CAT_TOOL "exe = y }\n");
	not_loaded(2, path_of(1, "a.conf"), 1, "more than 512 entries");
}

/* ---- what is shipped --------------------------------------------------- */

/* A copy: a working tree may belong to anybody. */
static struct catalogue *
shipped(void)
{
	struct parsed p;
	char command[256];

	(void)snprintf(command, sizeof(command),
	    "install -m 0644 conf/catalogue/*.conf %s", folder[0]);
	assert_int_equal(system(command), 0);
	p = load(1);
	if (p.r != 0)
		show(&p.errors, folder[0]);
	assert_int_equal(p.r, 0);
	conf_errors_done(&p.errors);
	return p.catalogue;
}

/* Whoever reaches a port connects to it, which by itself is no session. */
static void
test_no_port_alone_uses_what_shows_it_better(void **state)
{
	struct catalogue *c = shipped();
	struct rules rules;
	size_t i, n = 0;

	(void)state;
	assert_int_equal(catalogue_rules(c, &rules), 0);
	for (i = 0; i < rules.nentries; i++) {
		if (strcmp(rules.entry[i].name, "anydesk") != 0 &&
		    strcmp(rules.entry[i].name, "rustdesk") != 0)
			continue;
		assert_int_equal(rules.entry[i].active & RULE_ACTIVE_LISTEN, 0);
		n++;
	}
	assert_true(n >= 2); /* devices may have the name as well */
	rules_done(&rules);
	catalogue_free(c);
}

static void
test_each_shipped_entry_says_where_it_is_from(void **state)
{
	struct catalogue *c = shipped();
	size_t i;

	(void)state;
	assert_true(c->nentries > 100);
	for (i = 0; i < c->nentries; i++)
		if (catalogue_value(&c->entries[i], "source")[0] == '\0')
			fail_msg("%s has no source", c->entries[i].name);
	catalogue_free(c);
}

/* Whether a process of that program, or of that name, is some entry's. */
static bool
is_found(const struct rules *rules, enum rule_kind kind, const char *text)
{
	size_t i;

	for (i = rules->first[kind]; i < rules->first[kind + 1]; i++)
		if (rule_glob(rules->rule[i].text, text))
			return true;
	return false;
}

static void
test_no_login_of_this_machine_is_a_shipped_entry(void **state)
{
	static const char *const programs[] = { "/usr/sbin/sshd",
		"/usr/lib/openssh/sshd-session", "/usr/bin/ssh",
		"/usr/bin/sudo", "/usr/bin/su", "/bin/login", "/usr/bin/bash",
		"/usr/bin/tmux", "/usr/bin/screen", "/usr/bin/python3.11",
		"/usr/lib/systemd/systemd", "/usr/bin/gnome-shell",
		"/usr/bin/Xwayland", "/usr/lib/xorg/Xorg", "/usr/bin/java",
		"/usr/bin/node", "/usr/share/code/code", "/usr/bin/dockerd",
		"/usr/sbin/NetworkManager", "/usr/bin/vncviewer",
		"/usr/bin/xtigervncviewer", "/usr/bin/remmina",
		"/usr/bin/xfreerdp", "/srv/u/.vscode-server/bin/x/node" };
	static const char *const names[] = { "sshd", "sshd-session", "ssh",
		"sudo", "su", "login", "bash", "python3", "node", "java",
		"edge", "msedge", "agent", "code", "Xorg", "remmina" };
	struct catalogue *c = shipped();
	struct rules rules;
	size_t i;

	(void)state;
	assert_int_equal(catalogue_rules(c, &rules), 0);
	for (i = 0; i < sizeof(programs) / sizeof(programs[0]); i++)
		if (is_found(&rules, RULE_EXE, programs[i]) ||
		    is_found(&rules, RULE_SCRIPT, programs[i]))
			fail_msg("%s is found", programs[i]);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (is_found(&rules, RULE_COMM, names[i]))
			fail_msg("%s is found", names[i]);
	assert_true(is_found(&rules, RULE_EXE, "/usr/bin/x11vnc"));
	assert_true(is_found(&rules, RULE_EXE, "/opt/teamviewer/tv_bin/x"));
	assert_true(is_found(&rules, RULE_COMM, "anydesk"));
	rules_done(&rules);
	catalogue_free(c);
}

int
main(void)
{
#define IN_FOLDERS(test) \
	cmocka_unit_test_setup_teardown(test, new_folders, no_folders)
	const struct CMUnitTest tests[] = {
		IN_FOLDERS(test_files_are_those_that_end_in_conf),
		IN_FOLDERS(test_the_first_folder_has_to_be_there),
		IN_FOLDERS(test_others_need_not_be_there),
		IN_FOLDERS(test_no_folder_is_an_empty_catalogue),
		IN_FOLDERS(test_a_later_entry_takes_the_place_of_an_earlier),
		IN_FOLDERS(test_within_a_folder_an_entry_is_there_once),
		IN_FOLDERS(test_errors_of_all_files_are_told),
		IN_FOLDERS(test_the_hash_is_of_all_files),
		IN_FOLDERS(test_a_file_that_others_may_write_is_refused),
		IN_FOLDERS(test_a_link_is_refused),
		IN_FOLDERS(test_what_is_no_file_is_refused),
		IN_FOLDERS(test_a_huge_file_is_refused),
		IN_FOLDERS(test_a_folder_has_so_many_files),
		IN_FOLDERS(test_entries_of_all_files_are_counted),
		IN_FOLDERS(test_no_port_alone_uses_what_shows_it_better),
		IN_FOLDERS(test_each_shipped_entry_says_where_it_is_from),
		IN_FOLDERS(test_no_login_of_this_machine_is_a_shipped_entry),
	};

	return cmocka_run_group_tests_name("catalogue_folders", tests,
	    set_up_all, tear_down_all);
}
