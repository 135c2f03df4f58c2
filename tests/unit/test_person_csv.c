/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * people.csv as people write it, as spreadsheets do, and as nobody should.
 */
#include "policyd/people/csv_record.h"
#include "policyd/people/person_csv.h"
#include "tests/unit/people.h"

#include <malloc.h>
#include <unistd.h>

/* Everything that a reader has said, "LINE: TEXT\n" each. */
static char said[256 * 1024];

static void
say(unsigned long line, const char *text, void *arg)
{
	size_t used = strlen(said);

	(void)arg;
	if (strstr(text, "; ") == NULL)
		fail_msg("no fix in: %s", text);
	(void)snprintf(said + used, sizeof(said) - used, "%lu: %s\n", line,
	    text);
}

static unsigned long
said_lines(void)
{
	unsigned long n = 0;

	for (const char *s = said; (s = strchr(s, '\n')) != NULL; s++)
		n++;
	return n;
}

struct result {
	int opened;
	size_t n;
	unsigned long errors;
	struct person person[8];
	unsigned long line[8];
};

static struct result result;

static void
read_bytes(const void *data, size_t len, const struct csv_table_map *map,
    size_t nmap)
{
	const struct person_csv_options options = {
		.map = map, .nmap = nmap, .error = say
	};
	struct person_csv *csv;
	struct person p;
	unsigned long line;
	char *copy;
	FILE *in;
	int r;

	memset(&result, 0, sizeof(result));
	said[0] = '\0';
	assert_non_null(copy = malloc(len + 1));
	memcpy(copy, data, len);
	assert_non_null(in = fmemopen(copy, len + (len == 0), "r"));
	if (len == 0)
		(void)getc(in);
	result.opened = person_csv_open(in, &options, &csv);
	if (result.opened == 0) {
		while ((r = person_csv_next(csv, &p, &line)) == 0) {
			assert_true(result.n < COUNT(result.person));
			result.person[result.n] = p;
			result.line[result.n++] = line;
		}
		assert_int_equal(r, FG_ERR_NOT_FOUND);
		result.errors = said_lines();
		person_csv_free(csv);
	} else
		assert_null(csv);
	(void)fclose(in);
	free(copy);
}

static void
read_text(const char *text)
{
	read_bytes(text, strlen(text), NULL, 0);
}

static void
want_people(size_t n)
{
	if (result.n != n || said[0] != '\0')
		fail_msg("%zu people: %s", result.n, said);
	assert_int_equal(result.opened, 0);
	assert_int_equal(result.errors, 0);
}

static void
want_said(const char *part)
{
	if (strstr(said, part) == NULL)
		fail_msg("said: %s", said);
}

static void
a_file_is_read_whatever_ends_its_lines(void **state)
{
	static const char *const files[] = {
		"user,name,countries\nalice,Alice,NO\nbob,Bob,SE\n",
		"user,name,countries\r\nalice,Alice,NO\r\nbob,Bob,SE\r\n",
		"\xef\xbb\xbfuser,name,countries\r\nalice,Alice,NO\r\nbob,Bob,"
		"SE",
		"\xef\xbb\xbf\"user\",name,countries\nalice,Alice,NO\nbob,Bob,"
		"SE\r",
		"\n\r\nuser,name,countries\n\nalice,Alice,NO\n,,\n  , ,\n"
		"bob,Bob,SE\n\n",
		"user;name;countries\nalice;Alice;NO\nbob;Bob;SE\n",
		"user\tname\tcountries\nalice\tAlice\tNO\nbob\tBob\tSE\n",
		"sep=;\r\nuser;name;countries\r\nalice;Alice;NO\r\nbob;Bob;"
		"SE\r\n",
		" User , NAME,Countries\nalice,Alice,NO\nbob,Bob,SE\n",
		"\"user\",\"name\",\"countries\"\n\"alice\",\"Alice\",\"NO\"\n"
		"\"bob\",\"Bob\",\"SE\"\n",
		"countries,user,name\nNO,alice,Alice\nSE,bob,Bob",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(files); i++) {
		read_text(files[i]);
		want_people(2);
		assert_string_equal(result.person[0].user, "alice");
		assert_string_equal(result.person[0].country[0], "NO");
		assert_string_equal(result.person[1].name, "Bob");
	}
}

static void
only_the_user_is_required(void **state)
{
	(void)state;
	read_text("user\nalice\n");
	want_people(1);
	assert_int_equal(result.line[0], 2);
	read_text("user,\nalice,\n");
	want_people(1);
	read_text("name,countries\nAlice,NO\n");
	assert_int_equal(result.opened, FG_ERR_FORMAT);
	want_said("1: there is no column user; ");
	read_text("user,name\nalice,Alice\n,Bob\n");
	assert_int_equal(result.n, 1);
	want_said("3: user is missing; ");
}

static void
quoted_values_hold_commas_quotes_and_lines(void **state)
{
	(void)state;
	read_text("user,name,home,accounts\n"
		  "alice,\"Alice \"\"Al\"\" O'X, Jr.\",\"59.91, 10.75\","
		  "\"adm-alice\r\nroot-alice\n\"\n"
		  "bob,\"\",,\"a;b\"\n"
		  "carol,Carol,,\n");
	want_people(3);
	assert_string_equal(result.person[0].name, "Alice \"Al\" O'X, Jr.");
	assert_true(result.person[0].longitude == 10.75);
	assert_int_equal(result.person[0].naccounts, 3);
	assert_int_equal(result.line[1], 5);
	assert_int_equal(result.person[1].naccounts, 3);
	assert_int_equal(result.line[2], 6);
}

static void
a_bad_line_in_the_middle_is_said_and_passed_over(void **state)
{
	(void)state;
	read_text("user,countries,radius,home\n"
		  "alice,NO,,\n"
		  "bob,XX,100,Nowhere\n"
		  "carol,NO\n"
		  "dave,NO,,,\n"
		  "erin,\"NO\"x,,\n"
		  "frank,N\"O,,\n"
		  "grace,NO,,\n");
	assert_int_equal(result.n, 2);
	assert_string_equal(result.person[1].user, "grace");
	assert_int_equal(result.line[1], 8);
	assert_int_equal(result.errors, 7);
	want_said("3: countries: \"XX\" ");
	want_said("3: radius: \"100\" ");
	want_said("3: home: \"Nowhere\" ");
	want_said("4: the line has 2 columns, and the first line 4; ");
	want_said("5: the line has 5 columns");
	want_said("6: there is text behind a closing quote; ");
	want_said("7: there is a quote inside of a value without quotes; ");
}

static void
unknown_columns_are_refused_with_a_way_out(void **state)
{
	const struct csv_table_map map[] = { { "Login", "user" },
		{ "salary", "" }, { "Land", "countries" } };
	static const char file[] = "Login,Salary,Land\nalice,1,NO\nbob,2,UK\n";

	(void)state;
	read_text(file);
	assert_int_equal(result.opened, FG_ERR_FORMAT);
	want_said("1: column \"Login\" is unknown; ");
	want_said("--map \"Login=\" to leave it out; a file of assets ");
	want_said("--map \"Salary=\" to leave it out");
	want_said("1: there is no column user; ");
	read_bytes(file, strlen(file), map, COUNT(map));
	assert_int_equal(result.n, 1);
	assert_string_equal(result.person[0].country[0], "NO");
	want_said("3: \"Land\" (countries): \"UK\" has UK");
}

static void
names_of_columns_are_taken_as_people_write_them(void **state)
{
	(void)state;
	read_text("User,Valid-Until,valid from\nalice,2030-01-01,\n");
	want_people(1);
	read_text("user,country,Acounts\nalice,NO,\n");
	assert_int_equal(result.opened, FG_ERR_FORMAT);
	want_said("\"country\" is unknown; did you mean countries?");
	want_said("\"Acounts\" is unknown; did you mean accounts?");
}

static void
a_map_has_to_fit_the_file(void **state)
{
	const struct csv_table_map nobody[] = { { "Login", "user" } };
	const struct csv_table_map nothing[] = { { "name", "salary" } };
	static const char file[] = "user,name\nalice,Alice\n";

	(void)state;
	read_bytes(file, strlen(file), nobody, 1);
	assert_int_equal(result.opened, FG_ERR_FORMAT);
	want_said("--map \"Login=user\" names no column of this file; ");
	read_bytes(file, strlen(file), nothing, 1);
	assert_int_equal(result.opened, FG_ERR_FORMAT);
	want_said("--map \"name=salary\" names no field; ");
}

static void
one_field_from_two_columns_is_refused(void **state)
{
	const struct csv_table_map map[] = { { "uid", "user" } };
	static const char file[] = "user,uid\nalice,bob\n";

	(void)state;
	read_text("user,name,User\nalice,Alice,bob\n");
	assert_int_equal(result.opened, FG_ERR_FORMAT);
	want_said("1: user is there twice, as columns 1 and 3; ");
	read_bytes(file, strlen(file), map, 1);
	assert_int_equal(result.opened, FG_ERR_FORMAT);
	want_said("user is there twice");
	read_text("user,\nalice,x\n");
	want_said("2: column 2 has a value and no name; ");
}

static void
an_empty_file_is_no_inventory(void **state)
{
	static const char *const files[] = { "", "\n\n", "\xef\xbb\xbf",
		",,\n" };

	(void)state;
	for (size_t i = 0; i < COUNT(files); i++) {
		read_text(files[i]);
		assert_int_equal(result.opened, FG_ERR_FORMAT);
		want_said("1: the file is empty; ");
	}
}

static void
a_quote_that_never_ends_is_told_where_it_begins(void **state)
{
	static char file[CSV_RECORD_MAX * 4];

	(void)state;
	read_text("user,name\nalice,A\nbob,\"B\ncarol,C\ndave,D\n");
	assert_int_equal(result.n, 1);
	want_said("3: a quote begins here that never ends; ");
	/* A long file is given up where a record is full. */
	(void)snprintf(file, sizeof(file), "user,name\nalice,A\nbob,\"B\n");
	for (size_t used = strlen(file); used + 20 < sizeof(file);
	     used += strlen(file + used))
		(void)snprintf(file + used, 20, "u%zu,x\n", used);
	read_text(file);
	assert_int_equal(result.n, 1);
	assert_int_equal(result.errors, 1);
	want_said("3: a quote begins here that never ends; ");
	/* In the second line of a value, it is that one's. */
	read_text("user,name\nalice,\"A\nB\"\nbob,\"C\"\"\n");
	want_said("4: a quote begins here");
}

static void
a_line_that_is_too_long_is_passed_over(void **state)
{
	static char file[CSV_RECORD_MAX * 3];
	size_t used;

	(void)state;
	used = (size_t)snprintf(file, sizeof(file), "user,name\nalice,");
	memset(file + used, 'x', CSV_RECORD_MAX * 2);
	(void)snprintf(file + used + CSV_RECORD_MAX * 2,
	    sizeof(file) - used - CSV_RECORD_MAX * 2, ",\"\nbob,Bob\n");
	read_text(file);
	assert_int_equal(result.n, 1);
	assert_string_equal(result.person[0].user, "bob");
	assert_int_equal(result.line[0], 3);
	want_said("2: the line is longer than 65536 bytes; ");
}

static void
bytes_that_are_no_text_are_said(void **state)
{
	static const char nul[] = "user,name\nalice,A\0B\nbob,Bob\n";
	static const char utf16[] = "\xff\xfeu\0s\0e\0r\0\n\0a\0";

	(void)state;
	read_bytes(nul, sizeof(nul) - 1, NULL, 0);
	assert_int_equal(result.n, 1);
	want_said("2: there is a NUL byte; ");
	read_bytes(utf16, sizeof(utf16) - 1, NULL, 0);
	assert_int_equal(result.opened, FG_ERR_FORMAT);
	want_said("UTF-8");
	read_text("user,name\nalice,Bj\xf8rn\nbob,Bob\n");
	assert_int_equal(result.n, 1);
	want_said("2: name: \"Bj\\xf8rn\" is not in UTF-8; ");
	read_text("user,name\ralice,Alice\r");
	assert_int_equal(result.opened, FG_ERR_FORMAT);
	want_said("1: there is a carriage return inside of the line; ");
}

static void
what_a_file_says_cannot_drive_a_terminal(void **state)
{
	(void)state;
	read_text("user,\x1b[2J\xe2\x80\xae\nalice,x\n");
	assert_null(strchr(said, '\x1b'));
	want_said("\\x1b[2J\\xe2\\x80\\xae");
	read_text("user,home\nalice,\"\x1b]0;x\x07\"\n");
	assert_null(strchr(said, '\x1b'));
}

static void
zones_and_cities_have_to_be_known_here(void **state)
{
	(void)state;
	read_text("user,zone,home\nalice,Europe/Atlantis,\nbob,Europe/Oslo,\n"
		  "carol,,\"Oslo, NO\"\n");
	assert_int_equal(result.n, 1);
	want_said("2: zone: \"Europe/Atlantis\" is not known");
	want_said("4: home: \"Oslo, NO\" cannot be found without a list");
}

static void
cities_are_found_in_the_list_that_is_given(void **state)
{
	static const char oslo[] = "NO\tOslo\t59.91\t10.75\t1\n";
	char list[] = "/tmp/farmgate-people-XXXXXX";
	struct person_csv_options options = { .error = say };
	char file[] = "user,home\nalice,\"oslo, no\"\nbob,\"Oslo, SE\"\n";
	struct cities *cities;
	struct person_csv *csv;
	struct person p;
	unsigned long line;
	const char *why;
	int fd = mkstemp(list);
	FILE *in;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, oslo, strlen(oslo)), strlen(oslo));
	assert_int_equal(close(fd), 0);
	assert_int_equal(cities_open(list, &cities, &why), 0);
	assert_int_equal(unlink(list), 0);
	said[0] = '\0';
	options.cities = cities;
	assert_non_null(in = fmemopen(file, strlen(file), "r"));
	assert_int_equal(person_csv_open(in, &options, &csv), 0);
	assert_int_equal(person_csv_next(csv, &p, &line), 0);
	assert_true(p.has_point && p.latitude == 59.91);
	assert_string_equal(p.home, "oslo, no");
	assert_int_equal(person_csv_next(csv, &p, &line), FG_ERR_NOT_FOUND);
	want_said("3: home: \"Oslo, SE\" is not in the list of cities; ");
	person_csv_free(csv);
	cities_free(cities);
	(void)fclose(in);
}

static void
columns_are_counted(void **state)
{
	char file[1024];
	size_t used = 0;

	(void)state;
	used = (size_t)snprintf(file, sizeof(file), "user");
	for (int i = 0; i < 64; i++)
		used += (size_t)snprintf(file + used, sizeof(file) - used, ",");
	(void)snprintf(file + used, sizeof(file) - used, "\n");
	read_text(file);
	assert_int_equal(result.opened, FG_ERR_FORMAT);
	want_said("more than 64 columns; ");
}

/* ---- writing ---- */

static void
what_is_written_reads_back_to_the_same_people(void **state)
{
	const struct person_csv_options options = { .error = say };
	const unsigned int n = 5000;
	struct person *all = calloc(n, sizeof(*all)), p;
	struct person_csv *csv;
	unsigned long line;
	FILE *file;

	(void)state;
	said[0] = '\0';
	assert_non_null(all);
	assert_non_null(file = tmpfile());
	assert_int_equal(person_csv_header(file), 0);
	for (unsigned int i = 0; i < n; i++) {
		random_person(&all[i], i);
		assert_int_equal(person_csv_write(file, &all[i]), 0);
	}
	rewind(file);
	assert_int_equal(person_csv_open(file, &options, &csv), 0);
	for (unsigned int i = 0; i < n; i++) {
		if (person_csv_next(csv, &p, &line) != 0)
			fail_msg("%u: %s", i, said);
		assert_int_equal(line, i + 2);
		same_person(&all[i], &p);
	}
	assert_int_equal(person_csv_next(csv, &p, &line), FG_ERR_NOT_FOUND);
	assert_int_equal(said_lines(), 0);
	person_csv_free(csv);
	(void)fclose(file);
	free(all);
}

static void
no_cell_begins_as_a_formula_but_a_number(void **state)
{
	char *text = NULL;
	size_t size = 0;
	struct person p;
	FILE *out;

	(void)state;
	for (unsigned int i = 0; i < 2000; i++) {
		random_person(&p, i);
		assert_non_null(out = open_memstream(&text, &size));
		assert_int_equal(person_csv_write(out, &p), 0);
		assert_int_equal(fclose(out), 0);
		for (char *c = text; *c != '\0'; c++) {
			bool begins = c == text || c[-1] == ',' ||
			    (c[-1] == '"' && (c - text < 2 || c[-2] == ','));

			if (!begins)
				continue;
			assert_null(strchr("=+@\t\r", *c));
			assert_true(*c != '-' || (c[1] >= '0' && c[1] <= '9'));
		}
		free(text);
		text = NULL;
	}
}

static void
a_full_disk_is_an_error(void **state)
{
	struct person p;
	FILE *out = fopen("/dev/full", "w");
	int r = 0;

	(void)state;
	if (out == NULL)
		skip();
	(void)setvbuf(out, NULL, _IONBF, 0);
	random_person(&p, 1);
	r = person_csv_write(out, &p);
	assert_int_equal(r, FG_ERR_SYSTEM);
	assert_int_equal(person_csv_header(out), FG_ERR_SYSTEM);
	(void)fclose(out);
}

/* ---- a million lines ---- */

#define MILLION 1000000ul

struct source {
	unsigned long next; /* line */
	char line[128];
	size_t used, len;
};

/* A file that is never anywhere as a whole. */
static ssize_t
source_read(void *cookie, char *buf, size_t size)
{
	struct source *s = cookie;
	size_t n;

	if (s->used == s->len) {
		if (s->next > MILLION)
			return 0;
		s->used = 0;
		s->len = (size_t)(s->next == 0 ?
			snprintf(s->line, sizeof(s->line),
			    "user,name,countries,home,radius,zone\n") :
			snprintf(s->line, sizeof(s->line),
			    "user%lu,\"Name, %lu\",%s,\"59.91,10.75\",100km,"
			    "Europe/Oslo\r\n",
			    s->next, s->next,
			    s->next % 100000 == 0 ? "XX" : "NO SE"));
		s->next++;
	}
	n = s->len - s->used < size ? s->len - s->used : size;
	memcpy(buf, s->line + s->used, n);
	s->used += n;
	return (ssize_t)n;
}

static size_t
memory_in_use(void)
{
	struct mallinfo2 info = mallinfo2();

	return info.uordblks + info.hblkhd;
}

static void
a_million_lines_need_no_more_memory_than_a_few(void **state)
{
	const struct person_csv_options options = { .error = say };
	struct source source = { 0 };
	cookie_io_functions_t io = { .read = source_read };
	struct person_csv *csv;
	struct person p;
	unsigned long line = 0, n = 0;
	size_t before = 0;
	FILE *in;

	(void)state;
	said[0] = '\0';
	assert_non_null(in = fopencookie(&source, "r", io));
	assert_int_equal(person_csv_open(in, &options, &csv), 0);
	while (person_csv_next(csv, &p, &line) == 0) {
		if (++n == 10)
			before = memory_in_use();
		else if (n % 100000 == 10)
			assert_int_equal(memory_in_use(), before);
	}
	assert_int_equal(n, MILLION - 10);
	assert_int_equal(said_lines(), 10);
	want_said("100001: countries: \"XX\" ");
	want_said("1000001: countries: \"XX\" ");
	person_csv_free(csv);
	(void)fclose(in);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_file_is_read_whatever_ends_its_lines),
		TEST(only_the_user_is_required),
		TEST(quoted_values_hold_commas_quotes_and_lines),
		TEST(a_bad_line_in_the_middle_is_said_and_passed_over),
		TEST(unknown_columns_are_refused_with_a_way_out),
		TEST(names_of_columns_are_taken_as_people_write_them),
		TEST(a_map_has_to_fit_the_file),
		TEST(one_field_from_two_columns_is_refused),
		TEST(an_empty_file_is_no_inventory),
		TEST(a_quote_that_never_ends_is_told_where_it_begins),
		TEST(a_line_that_is_too_long_is_passed_over),
		TEST(bytes_that_are_no_text_are_said),
		TEST(what_a_file_says_cannot_drive_a_terminal),
		TEST(zones_and_cities_have_to_be_known_here),
		TEST(cities_are_found_in_the_list_that_is_given),
		TEST(columns_are_counted),
		TEST(what_is_written_reads_back_to_the_same_people),
		TEST(no_cell_begins_as_a_formula_but_a_number),
		TEST(a_full_disk_is_an_error),
		TEST(a_million_lines_need_no_more_memory_than_a_few),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
