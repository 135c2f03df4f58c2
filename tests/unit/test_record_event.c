/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What administrators have done, as it is explained: every member that such a
 * record has is shown, and nothing in one does harm on a terminal.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policyd/record/record.h"
#include "policyd/record/record_witness.h"
#include "policyd/text.h"
#include "policyd/witness/statement.h"

static const char *
name_of(int64_t uid, char *buf, size_t size)
{
	if (uid != 0 && uid != 1003)
		return NULL;
	(void)text_copy(buf, size, uid == 0 ? "root" : "carol");
	return buf;
}

/* Of what its last review is to be; NULL: there is none. */
static struct json *review;

/* With ' for ". */
static struct json *
parsed(const char *text)
{
	char line[4096];
	struct json *json;

	assert_int_equal(text_format(line, sizeof(line), "%s", text), 0);
	for (char *p = line; *p != '\0'; p++)
		if (*p == '\'')
			*p = '"';
	assert_non_null(json = json_parse(line, strlen(line)));
	return json;
}

/* What is printed of a record; the caller frees. */
static char *
printed(const char *text)
{
	const struct record_context context = { .name = name_of,
		.review = review };
	struct json *json = parsed(text);
	char *shown = NULL;
	size_t len;
	FILE *out;

	assert_non_null(out = open_memstream(&shown, &len));
	assert_int_equal(record_print(json, &context, out), 0);
	assert_int_equal(fclose(out), 0);
	json_free(json);
	return shown;
}

static void
assert_prints(const char *text, const char *want)
{
	char *shown = printed(text);

	if (strstr(shown, want) == NULL)
		fail_msg("no \"%s\" in\n%s", want, shown);
	free(shown);
}

#define ALICE "'user':'alice','person':'alice','service':'sshd',"

static void
test_each_word_about_a_request_says_whose_and_what(void **state)
{
	(void)state;
	assert_prints("{'event':'approval','action':'approve','ok':true," ALICE
		      "'by':{'uid':1003,'loginuid':1003}}",
	    "  word       approved by carol (uid 1003): alice by sshd\n");
	assert_prints("{'event':'approval','action':'approve','ok':true," ALICE
		      "'by':{'uid':0,'loginuid':1003}}",
	    "approved by carol (uid 1003) as root: alice by sshd\n");
	assert_prints("{'event':'approval','action':'refuse','ok':true," ALICE
		      "'by':{'uid':1004,'loginuid':null}}",
	    "  word       refused by uid 1004: alice by sshd\n");
	assert_prints("{'event':'approval','action':'approve','ok':false,"
		      "'why':'no login','user':'al','person':'alice',"
		      "'service':'su','by':{'uid':0,'loginuid':null}}",
	    "  word       not approved by root (uid 0): al (alice) by su\n"
	    "  why        no login\n");
	assert_prints("{'event':'approval'}",
	    "  word       not approved by nobody knows whom: - by -\n");
}

static void
test_an_import_names_each_in_a_line(void **state)
{
	(void)state;
	assert_prints("{'event':'inventory','action':'import','changes':3,"
		      "'named':[{'change':'added','user':'a\\u001bb'},"
		      "{'change':'changed','user':'bob','fields':'hours zone'},"
		      "{'change':'changed','asset':'LT-8','fields':'user',"
		      "'users':['bob','carol']}]}",
	    "  named      added a\\x1bb\n"
	    "             changed bob: hours zone\n"
	    "             changed LT-8: user, of bob, carol\n");
}

static void
test_the_last_review_is_what_counts(void **state)
{
	static const char first[] =
	    "{'seq':7,'event':'review','of':'AAAA-0001','disposition':"
	    "'unclear','unseen':true,'by':{'uid':0,'loginuid':1003}}";

	(void)state;
	assert_prints(first,
	    "  of         AAAA-0001\n"
	    "  disposition unclear\n"
	    "  unseen     yes\n"
	    "  by         carol (uid 1003) as root\n");
	review = parsed("{'seq':9,'event':'review','disposition':'expected',"
			"'ticket':'T-1\\u001b','note':'a trip',"
			"'by':{'uid':1003,'loginuid':1003}}");
	assert_prints(first, "  replaced   by record 9\n");
	assert_prints("{'event':'decision','verdict':'deny'}",
	    "  reviewed   expected by carol (uid 1003), T-1\\x1b: a trip\n");
	assert_prints("{'event':'breakglass','user':'al'}",
	    "  reviewed   expected by carol");
	json_free(review);
	review = NULL;
}

static void
test_each_event_is_printed_with_what_it_has(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "{'event':'exception','action':'bypass','id':7,'user':'al',"
		  "'code':'geo.country','until':1767225600,'reason':'lost'}",
		    "  action     bypass\n"
		    "  user       al\n"
		    "  id         7\n"
		    "  code       geo.country\n"
		    "  until      2026-01-01T00:00:00Z\n"
		    "  reason     lost\n" },
		{ "{'event':'totp','action':'enrol','user':'al','algorithm':"
		  "'sha1','digits':6,'by':{'uid':0,'loginuid':1003}}",
		    "  algorithm  sha1\n"
		    "  digits     6\n"
		    "  by         carol (uid 1003) as root\n" },
		{ "{'event':'verification','action':'add','asset':'LT-17',"
		  "'serial':true,'until':0}",
		    "  asset      LT-17\n"
		    "  until      1970-01-01T00:00:00Z\n"
		    "  serial     yes\n" },
		{ "{'event':'baseline','action':'learn','devices':['keyboard "
		  "usb 1:2 a','monitor edid X'],'file':'dock.jsonl'}",
		    "  action     learn\n"
		    "  devices    keyboard usb 1:2 a, monitor edid X\n"
		    "  file       dock.jsonl\n" },
		{ "{'event':'support','action':'add','id':3,'asset':'LT-17',"
		  "'tool':'rustdesk','until':0,'reason':'ticket'}",
		    "  action     add\n"
		    "  asset      LT-17\n"
		    "  id         3\n"
		    "  tool       rustdesk\n"
		    "  until      1970-01-01T00:00:00Z\n"
		    "  reason     ticket\n" },
		{ "{'event':'stepup','action':'forget','source':'192.0.2.1',"
		  "'failures':5,'remembered':0}",
		    "  source     192.0.2.1\n"
		    "  failures   5\n"
		    "  remembered 0\n" },
		{ "{'event':'revocation','action':'revoke','user':'al',"
		  "'accounts':['al','al2'],'kill':false}",
		    "  accounts   al, al2\n"
		    "  kill       no\n" },
		{ "{'event':'rollout','action':'enable','mode':'observe',"
		  "'services':['sshd','sudo']}",
		    "  services   sshd, sudo\n"
		    "  mode       observe\n" },
		{ "{'event':'bundle','ok':false,'file':'f','serial':12}",
		    "  ok         no\n"
		    "  serial     12\n"
		    "  file       f\n" },
		{ "{'event':'terminate','user':'al','command':'revoke'}",
		    "  command    revoke\n" },
		{ "{'event':'reload','ok':true,'by':{'signal':'SIGHUP'}}",
		    "  by         SIGHUP\n" },
		{ "{'event':'recovered','torn':{'bytes':3,'sha256':'abc'}}",
		    "  torn       3 bytes, sha256 abc\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_prints(cases[i].text, cases[i].want);
}

static void
test_mangled_events_are_printed_without_harm(void **state)
{
	static const char *const events[] = { "approval", "totp", "x" };
	static const char *const keys[] = { "action", "user", "person", "why",
		"accounts", "until", "torn", "by", "kill" };
	static const char *const values[] = { "null", "-1", "''", "[]", "{}",
		"'\\u001b[2J'", "[[],{},1,'\\n']", "true", "1.5",
		"9223372036854775807", "{'uid':'x','loginuid':[]}",
		"{'signal':'\\u001b'}", "{'watch':'\\n'}", "{'bytes':'x'}" };
	char text[256], *shown;

	(void)state;
	for (size_t i = 0; i < 3 * 9 * 14; i++) {
		(void)text_format(text, sizeof(text), "{'event':'%s','%s':%s}",
		    events[i % 3], keys[i / 3 % 9], values[i / 27]);
		shown = printed(text);
		for (const char *p = shown; *p != '\0'; p++)
			assert_true(*p == '\n' || (*p >= 0x20 && *p < 0x7f));
		free(shown);
	}
}

static void
test_a_statement_says_to_whom_for_whom_and_what(void **state)
{
	(void)state;
	assert_prints("{'event':'witness','jumphost':'bastion',"
		      "'user':'alice','findings':[{'code':'remote.tool',"
		      "'grade':'active'},{'code':'remote.session'}],"
		      "'stated':['remote','cut'],"
		      "'by':{'uid':1003,'loginuid':1003,'pid':7}}",
	    "  jumphost   bastion\n"
	    "  user       alice\n"
	    "  findings   remote.tool:active\n"
	    "             remote.session\n"
	    "  stated     remote, cut\n"
	    "  by         carol (uid 1003)\n");
	assert_prints("{'event':'witness','jumphost':'bastion','user':"
		      "'a\\u001b[2Jb','findings':[],'stated':[]}",
	    "  jumphost   bastion\n"
	    "  user       a\\x1b[2Jb\n");
	assert_prints("{'event':'witness'}", "  jumphost   -\n");
}

/* By its name alone: what it is, and with which number, is not in it. */
static void
test_a_statement_s_record_has_no_number_of_a_device(void **state)
{
	static struct facts facts;
	struct finding_list findings = { .count = 1 };
	const struct record_witness r = { .host = "bastion",
		.user = "alice",
		.facts = &facts,
		.findings = &findings,
		.flags = STATEMENT_BLIND | STATEMENT_VIRTUAL };
	struct json *json = json_new();
	char *text;

	(void)state;
	facts.peer.uid = 1003;
	facts.peer.loginuid = (uint32_t)-1;
	facts.peer.pid = 7;
	findings.list[0].code = FINDING_DEVICE_NEW_INPUT;
	(void)text_copy(findings.list[0].of, sizeof(findings.list[0].of),
	    "usb 046d:c52b 0123456789abcdef");
	(void)text_copy(findings.list[0].text, sizeof(findings.list[0].text),
	    "serial \"8C7F1A2B\"");
	record_witness(json, &r);
	assert_non_null(text = json_text(json));
	assert_string_equal(text,
	    "{\"jumphost\":\"bastion\",\"user\":\"alice\","
	    "\"findings\":[{\"code\":\"device.new_input\"}],"
	    "\"stated\":[\"blind\",\"virtual\"],"
	    "\"by\":{\"uid\":1003,\"loginuid\":null,\"pid\":7}}");
	json_text_free(text);
	json_free(json);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    test_each_word_about_a_request_says_whose_and_what),
		cmocka_unit_test(test_an_import_names_each_in_a_line),
		cmocka_unit_test(test_the_last_review_is_what_counts),
		cmocka_unit_test(test_each_event_is_printed_with_what_it_has),
		cmocka_unit_test(test_mangled_events_are_printed_without_harm),
		cmocka_unit_test(
		    test_a_statement_says_to_whom_for_whom_and_what),
		cmocka_unit_test(
		    test_a_statement_s_record_has_no_number_of_a_device),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
