/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Jump hosts in the configuration: whose challenges are answered, and under
 * which of their names.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policyd/conf/conf_parts.h"
#include "policyd/key.h"
#include "policyd/witness/token.h"
#include "tests/unit/conf_fixture.h"

#define N_ELEMENTS(a) (sizeof(a) / sizeof((a)[0]))

#define KEY_A "x25519:KdF+BgsbPEJGdSRNN/G9l2E9DbNSOnUYqr0ycg3cG1M="
#define KEY_B "x25519:CQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
#define NAMES "names = {\"jump.example.org\"}"

static void
test_each_section_is_one_that_is_answered(void **state)
{
	struct conf *conf = accepted("jumphost a {\n" NAMES "\n"
				     "key = \"" KEY_A "\" }\n"
				     "jumphost b { key = \"" KEY_B "\" "
				     "names = {\"10.0.0.5\", \"2001:db8::5\", "
				     "Other.Example.ORG.} }\n");
	uint8_t key[CRYPTO_KEY_SIZE], id[FG_TOKEN_HOST_SIZE];

	(void)state;
	assert_int_equal(conf->njumphosts, 2);
	assert_string_equal(conf->jumphosts[0].name, "a");
	assert_int_equal(conf->jumphosts[0].line, 1);
	assert_int_equal(conf->jumphosts[0].key_line, 3);
	assert_int_equal(conf->jumphosts[0].names.n, 1);
	assert_int_equal(conf->jumphosts[1].names.n, 3);
	assert_string_equal(conf->jumphosts[1].names.v[2], "other.example.org");
	assert_int_equal(key_parse(KEY_HOST, KEY_A, key), 0);
	assert_memory_equal(conf->jumphosts[0].key, key, sizeof(key));
	token_host_id(key, id);
	assert_ptr_equal(conf_jumphost_by_id(conf, id), &conf->jumphosts[0]);
	assert_int_equal(key_parse(KEY_HOST, KEY_B, key), 0);
	token_host_id(key, id);
	assert_ptr_equal(conf_jumphost_by_id(conf, id), &conf->jumphosts[1]);
	conf_free(conf);
}

static void
test_no_other_token_is_anybodys(void **state)
{
	struct conf *conf =
	    accepted("jumphost a { " NAMES " key = \"" KEY_A "\" }");
	uint8_t id[FG_TOKEN_HOST_SIZE];
	unsigned int bit;

	(void)state;
	memset(id, 0, sizeof(id));
	assert_null(conf_jumphost_by_id(conf, id));
	for (bit = 0; bit < 8 * sizeof(id); bit++) {
		memcpy(id, conf->jumphosts[0].id, sizeof(id));
		id[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_null(conf_jumphost_by_id(conf, id));
	}
	conf_free(conf);
	conf = accepted("");
	assert_int_equal(conf->njumphosts, 0);
	assert_null(conf_jumphost_by_id(conf, id));
	conf_free(conf);
}

static void
test_a_name_is_compared_as_ssh_may_have_it(void **state)
{
	static const char *const same[] = { "jump.example.org",
		"JUMP.example.ORG", "jump.example.org.", "10.0.0.5",
		"fe80::1%eth0", "FE80::1%ETH0" };
	static const char *const others[] = { "", ".", "jump",
		"jump.example.org..", "jump.example.or", "jump.example.orgx",
		"xjump.example.org", ".jump.example.org", "jump.example.com",
		"jump.example.org ", " jump.example.org", "jump.example.org\n",
		"jump.example.org:22", "alice@jump.example.org", "10.0.0.50",
		"10.0.0.5/32", "010.0.0.5", "fe80::1", "jump_example.org",
		"jump.example.org\xc2\xad" };
	struct conf *conf = accepted("jumphost a { key = \"" KEY_A
				     "\" names = {\"Jump.Example.org.\", "
				     "\"10.0.0.5\", \"fe80::1%eth0\"} }");
	char text[FG_HOST_MAX + 2];
	size_t i;

	(void)state;
	for (i = 0; i < N_ELEMENTS(same); i++)
		if (!conf_jumphost_has_name(&conf->jumphosts[0], same[i]))
			fail_msg("\"%s\" is not its name", same[i]);
	for (i = 0; i < N_ELEMENTS(others); i++)
		if (conf_jumphost_has_name(&conf->jumphosts[0], others[i]))
			fail_msg("\"%s\" is its name", others[i]);
	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_false(conf_jumphost_has_name(&conf->jumphosts[0], text));
	conf_free(conf);
}

static void
test_a_section_has_a_name_and_a_key(void **state)
{
	(void)state;
	refused("\njumphost a { key = \"" KEY_A "\" }", 2,
	    "jumphost a has no name; add names");
	complains("jumphost a { names = {} key = \"" KEY_A "\" }", 1,
	    "has no name; add names");
	refused("jumphost a { " NAMES " }", 1,
	    "jumphost a has no key; add key = \"x25519:...\"");
	refused("jumphost { " NAMES " key = \"" KEY_A "\" }", 1,
	    "without a name; write jumphost NAME");
	complains("jumphost \"a b\" { " NAMES " key = \"" KEY_A "\" }", 1,
	    "; ");
	complains("jumphost a { name = \"x\" key = \"" KEY_A "\" }", 1,
	    "did you mean \"names\"?");
	complains("policy p { jumphost a { } }", 1, "outside of all sections");
}

static void
test_what_is_no_host_is_no_name(void **state)
{
	static const char *const bad[] = { "", ".", "a b", "alice@jump",
		"jump:22", "jump:22 ", "jump/x", "*", "*.example.org",
		"[2001:db8::5]", ".example.org", "-oProxyCommand=x",
		"j\xc3\xb8rn", "jump)", "jump..\t" };
	char text[512], name[FG_HOST_MAX + 2];
	size_t i;

	(void)state;
	for (i = 0; i < N_ELEMENTS(bad); i++) {
		(void)snprintf(text, sizeof(text),
		    "jumphost a { key = \"" KEY_A "\"\nnames = {\"%s\"} }",
		    bad[i]);
		complains(text, 2, "; ");
	}
	memset(name, 'a', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	(void)snprintf(text, sizeof(text),
	    "jumphost a { key = \"" KEY_A "\"\nnames = {\"%s\"} }", name);
	refused(text, 2, "is no host's name or address; write it without");
	name[FG_HOST_MAX] = '\0';
	(void)snprintf(text, sizeof(text),
	    "jumphost a { key = \"" KEY_A "\"\nnames = {\"%s\"} }", name);
	is_accepted(text);
}

static void
test_what_nothing_can_be_sealed_to_is_no_key(void **state)
{
	static const char *const bad[] = { "", "x25519:", "x25519",
		"ed25519:KdF+BgsbPEJGdSRNN/G9l2E9DbNSOnUYqr0ycg3cG1M=",
		"KdF+BgsbPEJGdSRNN/G9l2E9DbNSOnUYqr0ycg3cG1M=",
		"X25519:KdF+BgsbPEJGdSRNN/G9l2E9DbNSOnUYqr0ycg3cG1M=",
		"x25519:KdF+BgsbPEJGdSRNN/G9l2E9DbNSOnUYqr0ycg3cG1M",
		"x25519:KdF+BgsbPEJGdSRNN/G9l2E9DbNSOnUYqr0ycg3cG1M= ",
		"x25519:KdF-BgsbPEJGdSRNN_G9l2E9DbNSOnUYqr0ycg3cG1M=",
		"x25519:KdF+BgsbPEJGdSRNN/G9l2E9DbNSOnUYqr0ycg3cGw==",
		/* points for which every secret would do */
		"x25519:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
		"x25519:AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" };
	char text[512];
	size_t i;

	(void)state;
	for (i = 0; i < N_ELEMENTS(bad); i++) {
		(void)snprintf(text, sizeof(text),
		    "jumphost a { " NAMES "\nkey = \"%s\" }", bad[i]);
		refused(text, 2, "is no jump host's key; write \"x25519:\"");
	}
}

static void
test_no_two_have_a_key_or_a_name_in_common(void **state)
{
	(void)state;
	refused("jumphost a { " NAMES " key = \"" KEY_A "\" }\n"
		"jumphost b { names = \"other\"\nkey = \"" KEY_A "\" }\n",
	    3, "jumphost a in line 1 has this key already; make one section");
	refused("jumphost a { " NAMES " key = \"" KEY_A "\" }\n"
		"jumphost b { key = \"" KEY_B "\" names = {other,\n"
		"JUMP.example.org.} }\n",
	    3,
	    "jumphost a in line 1 has the name \"jump.example.org\" already; "
	    "take it out");
	refused("jumphost a { key = \"" KEY_A "\" names = {other,\n"
		"\"Other\"} }\n",
	    2, "\"other\" is in names twice; remove one");
	refused("jumphost a { " NAMES " key = \"" KEY_A "\" }\n"
		"jumphost a { names = \"b\" key = \"" KEY_B "\" }\n",
	    2, "was defined in line 1 already");
}

static void
test_there_is_an_end_to_how_many(void **state)
{
	char *text = NULL, key[KEY_TEXT_SIZE];
	uint8_t bytes[CRYPTO_KEY_SIZE] = { 9 };
	struct parsed p;
	size_t i, size;
	FILE *out;

	(void)state;
	assert_non_null(out = open_memstream(&text, &size));
	for (i = 0; i <= CONF_JUMPHOSTS_MAX; i++) {
		bytes[1] = (uint8_t)i;
		key_text(KEY_HOST, bytes, key);
		(void)fprintf(out,
		    "jumphost h%zu { names = h%zu key = \"%s\" }\n", i, i, key);
	}
	assert_int_equal(fclose(out), 0);
	refused(text, CONF_JUMPHOSTS_MAX + 1, "too many jump hosts; keep");
	*strstr(text, "jumphost h64") = '\0';
	is_accepted(text);
	free(text);
	assert_non_null(out = open_memstream(&text, &size));
	(void)fprintf(out, "jumphost a { key = \"" KEY_A "\" names = {\n");
	for (i = 0; i <= CONF_JUMPHOST_NAMES_MAX; i++)
		(void)fprintf(out, "n%zu,\n", i);
	(void)fprintf(out, "} }\n");
	assert_int_equal(fclose(out), 0);
	refused(text, CONF_JUMPHOST_NAMES_MAX + 2, "too many names; keep");
	p = parse(text);
	assert_int_equal(p.errors.count, 1);
	parsed_done(&p);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_section_is_one_that_is_answered),
		cmocka_unit_test(test_no_other_token_is_anybodys),
		cmocka_unit_test(test_a_name_is_compared_as_ssh_may_have_it),
		cmocka_unit_test(test_a_section_has_a_name_and_a_key),
		cmocka_unit_test(test_what_is_no_host_is_no_name),
		cmocka_unit_test(test_what_nothing_can_be_sealed_to_is_no_key),
		cmocka_unit_test(test_no_two_have_a_key_or_a_name_in_common),
		cmocka_unit_test(test_there_is_an_end_to_how_many),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
