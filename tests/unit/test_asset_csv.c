/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Assets as files: one's own, what other inventories export, and what nobody
 * should write. What all tables have in common is in test_person_csv.c.
 */
#include "policyd/device/asset_csv.h"
#include "tests/unit/assets.h"

#include <unistd.h>

#define FIXTURES "tests/fixtures/assets/"

/* What a reader has said, "LINE: TEXT\n" each, and "LINE? TEXT\n" warnings. */
static char said[64 * 1024];

static void
say(const char *form, unsigned long line, const char *text)
{
	size_t used = strlen(said);

	if (strstr(text, "; ") == NULL)
		fail_msg("no fix in: %s", text);
	(void)snprintf(said + used, sizeof(said) - used, "%lu%s %s\n", line,
	    form, text);
}

static void
say_error(unsigned long line, const char *text, void *arg)
{
	(void)arg;
	say(":", line, text);
}

static void
say_warning(unsigned long line, const char *text, void *arg)
{
	(void)arg;
	say("?", line, text);
}

static void
want_said(const char *part)
{
	if (strstr(said, part) == NULL)
		fail_msg("said: %s", said);
}

static size_t
said_lines(void)
{
	size_t n = 0;

	for (const char *s = said; (s = strchr(s, '\n')) != NULL; s++)
		n++;
	return n;
}

struct result {
	int opened;
	size_t n;
	struct asset asset[8];
	unsigned long line[8];
};

static struct result result;

static void
read_file(FILE *in, const struct asset_csv_options *options)
{
	struct asset_csv *csv;
	struct asset a;
	unsigned long line;
	int r;

	memset(&result, 0, sizeof(result));
	said[0] = '\0';
	result.opened = asset_csv_open(in, options, &csv);
	if (result.opened != 0) {
		assert_null(csv);
		return;
	}
	while ((r = asset_csv_next(csv, &a, &line)) == 0) {
		assert_true(result.n < COUNT(result.asset));
		result.asset[result.n] = a;
		result.line[result.n++] = line;
	}
	assert_int_equal(r, FG_ERR_NOT_FOUND);
	assert_int_equal(line, 0);
	asset_csv_free(csv);
}

static void
read_mapped(const char *text, const struct csv_table_map *map, size_t nmap)
{
	const struct asset_csv_options options = { .map = map,
		.nmap = nmap,
		.error = say_error,
		.warn = say_warning };
	char *copy = strdup(text);
	FILE *in;

	assert_non_null(copy);
	assert_non_null(in = fmemopen(copy, strlen(copy), "r"));
	read_file(in, &options);
	(void)fclose(in);
	free(copy);
}

static void
read_text(const char *text)
{
	read_mapped(text, NULL, 0);
}

/* So many good ones, and so many lines said. */
static void
want_assets(size_t n, size_t lines)
{
	if (result.opened != 0 || result.n != n || said_lines() != lines)
		fail_msg("%zu assets: %s", result.n, said);
}

static const char *
got_of(size_t i, const char *field)
{
	return got(&result.asset[i], field);
}

/* ---- files of one's own ---- */

static void
a_file_of_ones_own_needs_no_map(void **state)
{
	(void)state;
	read_text("asset_tag,user,vendor,model,form,status,serial,uuid,"
		  "board_serial,chassis_serial,disk_serials,macs,tpm_ek,"
		  "device_key,ssh_keys,location,shipped_to\n"
		  "LT-0042,alice,Dell Inc.,Latitude 5440,,,7exmpl3,"
		  "f81d4fae-7dec-11d0-a765-00a0c91e6bf6,/7EXMPL3/CN1/,7EXMPL3,"
		  "S4EXMPL0A1;S4EXMPL0B2,00:00:5e:00:53:01," TPM_EK
		  "," DEVICE_KEY "," SSH_KEY " principal:alice,\"59.91,10.75\","
		  "\"12 Example Street, Springfield, US\"\n"
		  "VM-7,bob,,,virtual,stock,,,,,,,,,,,\n");
	want_assets(2, 0);
	assert_int_equal(result.asset[0].ids.n, 8);
	assert_string_equal(got_of(0, "serial"), "7EXMPL3");
	assert_string_equal(got_of(0, "device_key"), DEVICE_KEY);
	assert_true(result.asset[0].location.has_point);
	assert_false(result.asset[0].shipped_to.has_point);
	assert_string_equal(got_of(1, "form"), "virtual");
	assert_int_equal(result.line[1], 3);
}

static void
only_the_tag_is_required(void **state)
{
	(void)state;
	read_text("asset_tag\nLT-0042\n");
	want_assets(1, 0);
	read_text("serial,user\n7EXMPL3,alice\n");
	assert_int_equal(result.opened, FG_ERR_FORMAT);
	want_said("1: there is no column asset_tag; ");
	want_said("--map \"COLUMN=asset_tag\"");
	read_text("asset_tag,serial\nLT-0042,7EXMPL3\n,7EXMPL4\n \t,7EXMPL5\n");
	want_assets(1, 2);
	want_said("3: asset_tag is missing; ");
	want_said("4: asset_tag is missing; ");
	read_text("");
	assert_int_equal(result.opened, FG_ERR_FORMAT);
}

static void
a_file_that_is_empty_is_told_what_assets_look_like(void **state)
{
	(void)state;
	read_text("\n");
	assert_int_equal(result.opened, FG_ERR_FORMAT);
	want_said("1: the file is empty; ");
	want_said("such as asset_tag,user,serial");
}

static void
a_bad_line_in_the_middle_is_said_and_passed_over(void **state)
{
	(void)state;
	read_text("asset_tag,status,uuid,macs,device_key\n"
		  "LT-1,,,,\n"
		  "LT 2,gone,x,y,z\n"
		  "LT-3,,\n"
		  "LT-4,,,,\n");
	want_assets(2, 6);
	assert_int_equal(result.line[1], 5);
	want_said("3: asset_tag: \"LT 2\" has a blank");
	want_said("3: status: \"gone\" is no status; write issued, stock, lost "
		  "or retired");
	want_said("3: uuid: \"x\" is no UUID");
	want_said("3: macs: \"y\" has what is no MAC address");
	want_said("3: device_key: \"z\" is no key of a device");
	want_said("4: the line has 3 columns, and the first line 5; ");
}

static void
an_unknown_column_is_refused_with_the_page_of_assets(void **state)
{
	const struct csv_table_map nothing[] = { { "asset_tag", "tag" } };

	(void)state;
	read_text("asset_tag,price\nLT-1,7\n");
	assert_int_equal(result.opened, FG_ERR_FORMAT);
	want_said("1: column \"price\" is unknown; ");
	want_said("one of farmgate-assets(5)");
	read_mapped("asset_tag\nLT-1\n", nothing, 1);
	assert_int_equal(result.opened, FG_ERR_FORMAT);
	want_said("--map \"asset_tag=tag\" names no field; write one of those "
		  "in farmgate-assets(5)");
}

static void
what_a_file_says_cannot_drive_a_terminal(void **state)
{
	(void)state;
	read_text("asset_tag,serial,shipped_to\n"
		  "\x1b[2J,\x1b]0;x\x07,\xe2\x80\xae\n");
	want_assets(0, 3);
	assert_null(strchr(said, '\x1b'));
	want_said("\\x1b[2J");
}

/* ---- IDs that are none ---- */

static void
a_placeholder_is_a_warning_with_its_line(void **state)
{
	(void)state;
	read_text("asset_tag,serial,board_serial,uuid\n"
		  "LT-1,7EXMPL3,,\n"
		  "LT-2,To be filled by O.E.M., Default string ,"
		  "03000200-0400-0500-0006-000700080009\n");
	want_assets(2, 3);
	assert_int_equal(result.asset[1].ids.n, 0);
	want_said("3? serial: \"To be filled by O.E.M.\" is ");
	want_said("3? board_serial: \"Default string\" is ");
	want_said("3? uuid: \"03000200-0400-0500-0006-000700080009\" is ");
	want_said("; it is left out\n");
}

static void
of_several_ids_each_that_is_none_is_told(void **state)
{
	const struct csv_table_map map[] = { { "MAC Address", "macs" } };

	(void)state;
	read_mapped("asset_tag,MAC Address,disk_serials\n"
		    "LT-1,00:00:5e:00:53:01 02:00:5e:00:53:01 "
		    "ff:ff:ff:ff:ff:ff,none; S4EXMPL0A1;QM00001\n",
	    map, 1);
	want_assets(1, 4);
	want_said("2? \"MAC Address\" (macs): \"02:00:5e:00:53:01\" was made "
		  "up");
	want_said("2? \"MAC Address\" (macs): \"ff:ff:ff:ff:ff:ff\" is ");
	want_said("2? disk_serials: \"none\" is ");
	want_said("2? disk_serials: \"QM00001\" is ");
	assert_string_equal(got_of(0, "macs"), "00:00:5e:00:53:01");
	assert_string_equal(got_of(0, "disk_serials"), "S4EXMPL0A1");
}

static void
a_placeholder_among_blanks_without_end_is_told(void **state)
{
	char file[8192], blanks[5000];

	(void)state;
	memset(blanks, ' ', sizeof(blanks) - 1);
	blanks[sizeof(blanks) - 1] = '\0';
	(void)snprintf(file, sizeof(file), "asset_tag,serial\nLT-1,%sN/A%s\n",
	    "  ", blanks);
	read_text(file);
	want_assets(1, 1);
	want_said("2? serial: \"N/A\" is ");
}

static void
nobody_has_to_listen(void **state)
{
	const struct asset_csv_options options = { .warn = NULL };
	char file[] = "asset_tag,serial\nLT-1,N/A\nLT 2,x\nLT-3,7EXMPL3\n";
	FILE *in = fmemopen(file, strlen(file), "r");

	(void)state;
	assert_non_null(in);
	read_file(in, &options);
	want_assets(2, 0);
	(void)fclose(in);
}

/* ---- places ---- */

static struct cities *
list_of_cities(void)
{
	static const char oslo[] = "NO\tOslo\t59.91\t10.75\t1\n";
	char list[] = "/tmp/farmgate-assets-XXXXXX";
	struct cities *cities;
	const char *why;
	int fd = mkstemp(list);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, oslo, strlen(oslo)), strlen(oslo));
	assert_int_equal(close(fd), 0);
	assert_int_equal(cities_open(list, &cities, &why), 0);
	assert_int_equal(unlink(list), 0);
	return cities;
}

static void
a_location_that_is_in_no_list_is_an_error(void **state)
{
	char file[] = "asset_tag,location\nLT-1,\"oslo, no\"\n"
		      "LT-2,\"Oslo, SE\"\nLT-3,Oslo Office\n";
	struct asset_csv_options options = { .error = say_error,
		.warn = say_warning };
	struct cities *cities = list_of_cities();
	FILE *in = fmemopen(file, strlen(file), "r");

	(void)state;
	assert_non_null(in);
	options.cities = cities;
	read_file(in, &options);
	want_assets(1, 2);
	assert_true(result.asset[0].location.has_point);
	assert_true(result.asset[0].location.latitude == 59.91);
	assert_string_equal(got_of(0, "location"), "oslo, no");
	want_said("3: location: \"Oslo, SE\" is not in the list of cities; ");
	want_said("4: location: \"Oslo Office\" is no place; ");
	(void)fclose(in);
	cities_free(cities);
	read_text("asset_tag,location\nLT-1,\"Oslo, NO\"\n");
	want_assets(0, 1);
	want_said("2: location: \"Oslo, NO\" cannot be found without a list");
}

static void
an_address_that_is_in_no_list_has_no_point(void **state)
{
	char file[] = "asset_tag,shipped_to\nLT-1,\"Oslo, NO\"\n"
		      "LT-2,\"Oslo, SE\"\n"
		      "LT-3,\"12 Example Street, Springfield, US\"\n"
		      "LT-4,Gate 4\n";
	struct asset_csv_options options = { .error = say_error,
		.warn = say_warning };
	struct cities *cities = list_of_cities();
	FILE *in = fmemopen(file, strlen(file), "r");

	(void)state;
	assert_non_null(in);
	options.cities = cities;
	read_file(in, &options);
	want_assets(4, 0);
	assert_true(result.asset[0].shipped_to.has_point);
	assert_true(result.asset[0].shipped_to.longitude == 10.75);
	for (size_t i = 1; i < 4; i++)
		assert_false(result.asset[i].shipped_to.has_point);
	assert_string_equal(got_of(2, "shipped_to"),
	    "12 Example Street, Springfield, US");
	(void)fclose(in);
	cities_free(cities);
	read_text("asset_tag,shipped_to\nLT-1,\"Oslo, NO\"\nLT-2,=1\n");
	want_assets(1, 1);
	assert_false(result.asset[0].shipped_to.has_point);
	want_said("3: shipped_to: \"=1\" begins with");
}

/* ---- what other inventories export ---- */

static void
read_fixture(const char *name, const struct csv_table_map *map, size_t nmap)
{
	struct cities *cities = list_of_cities();
	const struct asset_csv_options options = { .map = map,
		.nmap = nmap,
		.cities = cities,
		.error = say_error,
		.warn = say_warning };
	FILE *in = fopen(name, "r");

	if (in == NULL)
		fail_msg("%s is not there", name);
	read_file(in, &options);
	(void)fclose(in);
	cities_free(cities);
}

static void
an_export_of_snipe_it_comes_through_with_maps(void **state)
{
	const struct csv_table_map map[] = { { "Asset Tag", "asset_tag" },
		{ "Manufacturer", "vendor" }, { "Checked Out To", "" },
		{ "Username", "user" }, { "MAC Address", "macs" } };

	(void)state;
	read_fixture(FIXTURES "snipe-it.csv", map, COUNT(map));
	want_assets(6, 4);
	want_said("5? \"MAC Address\" (macs): \"02:00:5e:00:53:04\" was made");
	want_said("6? Serial: \"To be filled by O.E.M.\" is ");
	want_said("7? Serial: \"N/A\" is ");
	want_said("7? \"MAC Address\" (macs): \"00:00:00:00:00:00\" is ");
	assert_string_equal(got_of(0, "asset_tag"), "LT-0042");
	assert_string_equal(got_of(0, "user"), "alice");
	assert_string_equal(got_of(0, "vendor"), "Dell Inc.");
	assert_string_equal(got_of(0, "serial"), "7EXMPL3");
	assert_string_equal(got_of(0, "macs"), "00:00:5e:00:53:01");
	assert_true(result.asset[0].location.has_point);
	assert_string_equal(got_of(0, "status"), "issued");
	assert_string_equal(got_of(2, "status"), "stock");
	assert_string_equal(got_of(3, "status"), "lost");
	assert_string_equal(got_of(4, "status"), "retired");
	assert_string_equal(got_of(5, "status"), "retired");
}

static void
blanks_and_hyphens_are_underscores(void **state)
{
	(void)state;
	read_text("Asset Tag,SSH-Keys,board serial,shipped-To\n"
		  "LT-1,alice-laptop,L1HF16B00XY,\n");
	assert_int_equal(result.opened, 0);
	assert_int_equal(result.n, 1);
	assert_string_equal(got_of(0, "asset_tag"), "LT-1");
	assert_string_equal(got_of(0, "ssh_keys"), "alice-laptop");
	assert_string_equal(got_of(0, "board_serial"), "L1HF16B00XY");
	read_text("asset_tag,Asset-Tag\nLT-1,LT-1\n");
	assert_int_equal(result.opened, FG_ERR_FORMAT);
	want_said("asset_tag is there twice, as columns 1 and 2");
	read_text("Asset Tag,user\nLT 1,alice\n");
	want_said("2: \"Asset Tag\" (asset_tag): \"LT 1\" has a blank");
}

static void
what_is_nearly_a_field_is_proposed(void **state)
{
	(void)state;
	read_text("asset_tag,serial_number,users,mac,Hostname,Price\n"
		  "LT-1,,,,,\n");
	assert_int_equal(result.opened, FG_ERR_FORMAT);
	assert_int_equal(said_lines(), 5);
	want_said("\"serial_number\" is unknown; did you mean serial?");
	want_said("\"users\" is unknown; did you mean user?");
	want_said("\"mac\" is unknown; did you mean macs?");
	want_said("\"Hostname\" is unknown; did you mean asset_tag?");
	want_said("\"Price\" is unknown; write --map \"Price=FIELD\"");
}

static void
numbers_that_a_spreadsheet_has_made_are_warned_of(void **state)
{
	(void)state;
	read_text("asset_tag,serial,disk_serials,model\n"
		  "LT-1,1.23E+11,S4EXMPL0A1;5.02E+14,1.2E+10\n"
		  "LT-2,\"1,23E+11\",,\n"
		  "LT-3,123E5,,\n"
		  "1.5E+10,1200E+,,\n");
	assert_int_equal(result.n, 4);
	assert_int_equal(said_lines(), 4);
	want_said("2? serial: \"1.23E+11\" is what a spreadsheet makes of ");
	want_said("2? disk_serials: \"5.02E+14\" is what a spreadsheet ");
	want_said("3? serial: \"1,23E+11\" is what a spreadsheet ");
	want_said("5? asset_tag: \"1.5E+10\" is what a spreadsheet ");
	assert_string_equal(got_of(0, "serial"), "1.23E+11");
}

static void
without_maps_each_column_of_snipe_it_is_named(void **state)
{
	(void)state;
	read_fixture(FIXTURES "snipe-it.csv", NULL, 0);
	assert_int_equal(result.opened, FG_ERR_FORMAT);
	assert_int_equal(said_lines(), 4);
	want_said("1: column \"Manufacturer\" is unknown; did you mean vendor? "
		  "write --map \"Manufacturer=vendor\", or --map "
		  "\"Manufacturer=\" to leave it out");
	want_said("column \"MAC Address\" is unknown; did you mean macs?");
	want_said("column \"Username\" is unknown; did you mean user?");
	want_said("column \"Checked Out To\" is unknown; write --map "
		  "\"Checked Out To=FIELD\"");
}

static void
an_export_of_fleet_comes_through_with_maps(void **state)
{
	const struct csv_table_map map[] = { { "hostname", "asset_tag" },
		{ "hardware_vendor", "vendor" }, { "hardware_model", "model" },
		{ "hardware_serial", "serial" }, { "primary_mac", "macs" },
		{ "status", "" } };

	(void)state;
	read_fixture(FIXTURES "fleet.csv", map, COUNT(map));
	want_assets(3, 3);
	want_said("4? uuid: \"03000200-0400-0500-0006-000700080009\" is ");
	want_said("4? \"hardware_serial\" (serial): \"Not Specified\" is ");
	want_said("4? \"primary_mac\" (macs): \"52:54:00:00:53:03\" was made");
	assert_string_equal(got_of(0, "asset_tag"), "lt-0042.example.com");
	assert_string_equal(got_of(0, "serial"), "7EXMPL3");
	assert_string_equal(got_of(0, "board_serial"), "/7EXMPL3/CNEXMPL001/");
	assert_string_equal(got_of(1, "uuid"),
	    "5c146b14-3c52-8afd-938a-375d0df1fbf6");
	/* That it was not seen for a while is not that it is lost. */
	assert_string_equal(got_of(1, "status"), "issued");
	assert_int_equal(result.asset[2].ids.n, 0);
}

static void
fleets_own_status_is_no_status_of_an_asset(void **state)
{
	const struct csv_table_map map[] = { { "hostname", "asset_tag" },
		{ "hardware_vendor", "vendor" }, { "hardware_model", "model" },
		{ "hardware_serial", "serial" }, { "primary_mac", "macs" } };

	(void)state;
	read_fixture(FIXTURES "fleet.csv", map, COUNT(map));
	want_said("2: status: \"online\" is no status; ");
	assert_int_equal(result.n, 1);
	assert_string_equal(got_of(0, "status"), "lost");
}

/* ---- writing ---- */

static void
what_is_written_reads_back_to_the_same_assets(void **state)
{
	const struct asset_csv_options options = { .error = say_error,
		.warn = say_warning };
	const unsigned int n = 3000;
	struct asset *all = calloc(n, sizeof(*all)), a;
	struct asset_csv *csv;
	unsigned long line;
	FILE *file;

	(void)state;
	said[0] = '\0';
	assert_non_null(all);
	assert_non_null(file = tmpfile());
	assert_int_equal(asset_csv_header(file), 0);
	for (unsigned int i = 0; i < n; i++) {
		random_asset(&all[i], i);
		assert_int_equal(asset_csv_write(file, &all[i]), 0);
	}
	rewind(file);
	assert_int_equal(asset_csv_open(file, &options, &csv), 0);
	for (unsigned int i = 0; i < n; i++) {
		if (asset_csv_next(csv, &a, &line) != 0)
			fail_msg("%u: %s", i, said);
		assert_int_equal(line, i + 2);
		same_asset(&all[i], &a);
	}
	assert_int_equal(asset_csv_next(csv, &a, &line), FG_ERR_NOT_FOUND);
	assert_string_equal(said, "");
	asset_csv_free(csv);
	(void)fclose(file);
	free(all);
}

static void
no_cell_begins_as_a_formula_but_a_number(void **state)
{
	char text[ASSET_FIELD_MAX];
	struct asset a;

	(void)state;
	for (unsigned int n = 0; n < 2000; n++) {
		random_asset(&a, n);
		for (size_t i = 0; asset_fields[i] != NULL; i++) {
			(void)asset_get(&a, asset_fields[i], text);
			if (text[0] == '\0')
				continue;
			assert_null(strchr("=+@\t\r", text[0]));
			assert_true(text[0] != '-' ||
			    (text[1] >= '0' && text[1] <= '9'));
		}
	}
}

static void
a_full_disk_is_an_error(void **state)
{
	FILE *out = fopen("/dev/full", "w");
	struct asset a;
	int r;

	(void)state;
	if (out == NULL)
		skip();
	(void)setvbuf(out, NULL, _IONBF, 0);
	random_asset(&a, 1);
	r = asset_csv_write(out, &a);
	assert_int_equal(r, FG_ERR_SYSTEM);
	assert_int_equal(asset_csv_header(out), FG_ERR_SYSTEM);
	(void)fclose(out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_file_of_ones_own_needs_no_map),
		TEST(only_the_tag_is_required),
		TEST(a_file_that_is_empty_is_told_what_assets_look_like),
		TEST(a_bad_line_in_the_middle_is_said_and_passed_over),
		TEST(an_unknown_column_is_refused_with_the_page_of_assets),
		TEST(what_a_file_says_cannot_drive_a_terminal),
		TEST(a_placeholder_is_a_warning_with_its_line),
		TEST(of_several_ids_each_that_is_none_is_told),
		TEST(a_placeholder_among_blanks_without_end_is_told),
		TEST(nobody_has_to_listen),
		TEST(a_location_that_is_in_no_list_is_an_error),
		TEST(an_address_that_is_in_no_list_has_no_point),
		TEST(an_export_of_snipe_it_comes_through_with_maps),
		TEST(blanks_and_hyphens_are_underscores),
		TEST(what_is_nearly_a_field_is_proposed),
		TEST(numbers_that_a_spreadsheet_has_made_are_warned_of),
		TEST(without_maps_each_column_of_snipe_it_is_named),
		TEST(an_export_of_fleet_comes_through_with_maps),
		TEST(fleets_own_status_is_no_status_of_an_asset),
		TEST(what_is_written_reads_back_to_the_same_assets),
		TEST(no_cell_begins_as_a_formula_but_a_number),
		TEST(a_full_disk_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
