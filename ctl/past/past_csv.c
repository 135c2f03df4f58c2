/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A CSV of logins: time, user, address and service, in that order, or in that
 * of a first line which names them and may name more. A time is RFC 3339's, or
 * seconds since 1970; a service that is left out is sshd.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/audit/stream.h"
#include "ctl/ctl.h"
#include "ctl/past/past_parts.h"
#include "policyd/people/csv_name.h"
#include "policyd/people/csv_record.h"
#include "policyd/text.h"
#include "proto/result.h"

enum column {
	COLUMN_TIME,
	COLUMN_USER,
	COLUMN_ADDRESS,
	COLUMN_SERVICE,
	COLUMNS
};

static const char *const names[COLUMNS] = { "time", "user", "address",
	"service" };

struct past_csv {
	struct stream *stream;
	FILE *in;
	int error; /* of the stream */
	size_t at[COLUMNS]; /* which field; CSV_FIELDS_MAX: none */
	bool kept; /* the first record is a login */
	struct csv_reader reader;
};

/* ---- bytes ------------------------------------------------------------- */

static ssize_t
read_more(void *cookie, char *buf, size_t size)
{
	struct past_csv *csv = cookie;
	size_t len;

	csv->error = stream_read(csv->stream, buf, size, &len);
	return csv->error == 0 ? (ssize_t)len : -1;
}

/* ---- the first line ---------------------------------------------------- */

static const char *
field(const struct past_csv *csv, size_t i)
{
	return i < csv->reader.nfields ?
	    csv->reader.data + csv->reader.field[i] :
	    "";
}

static bool
read_time(const char *text, int64_t *ret_s)
{
	uint64_t v;

	if (text_parse_uint(text, 1, UINT32_MAX, &v) == 0) {
		*ret_s = (int64_t)v;
		return true;
	}
	return strcmp(text, "now") != 0 && ctl_parse_time(text, ret_s) == 0;
}

/* Whether the first line names the columns, or is a login already. */
static bool
take_header(struct past_csv *csv)
{
	int64_t at_s;

	for (size_t c = 0; c < COLUMNS; c++)
		csv->at[c] = CSV_FIELDS_MAX;
	for (size_t i = 0; i < csv->reader.nfields; i++)
		for (size_t c = 0; c < COLUMNS; c++)
			if (csv_name_is(field(csv, i), names[c]))
				csv->at[c] = i;
	if (csv->at[COLUMN_TIME] != CSV_FIELDS_MAX &&
	    csv->at[COLUMN_USER] != CSV_FIELDS_MAX &&
	    csv->at[COLUMN_ADDRESS] != CSV_FIELDS_MAX)
		return true;
	for (size_t c = 0; c < COLUMNS; c++)
		csv->at[c] = c;
	csv->kept = true;
	return csv->reader.nfields >= 3 && read_time(field(csv, 0), &at_s);
}

static int
open_csv(struct past_csv *csv, const char **why)
{
	const cookie_io_functions_t io = { .read = read_more };
	int r;

	if ((csv->in = fopencookie(csv, "r", io)) == NULL)
		return FG_ERR_NOMEM;
	(void)setvbuf(csv->in, NULL, _IOFBF, 65536); /* it is faster */
	csv_reader_init(&csv->reader, csv->in);
	do {
		r = csv_reader_next(&csv->reader);
	} while (r == 0 && csv->reader.why == NULL &&
	    csv_reader_is_empty(&csv->reader));
	if (r == FG_ERR_NOT_FOUND)
		return 0; /* an empty file has none */
	if (r != 0)
		return csv->error != 0 ? csv->error : r;
	*why = "its first line is no CSV of time,user,address,service";
	return csv->reader.why == NULL && take_header(csv) ? 0 : FG_ERR_FORMAT;
}

int
past_csv_open(struct stream *stream, struct past_csv **ret_csv,
    const char **ret_why)
{
	struct past_csv *csv = calloc(1, sizeof(*csv));
	int r;

	*ret_csv = NULL;
	if (csv == NULL) {
		stream_free(stream);
		return FG_ERR_NOMEM;
	}
	csv->stream = stream;
	if ((r = open_csv(csv, ret_why)) == 0)
		*ret_csv = csv;
	else
		past_csv_free(csv);
	return r;
}

void
past_csv_free(struct past_csv *csv)
{
	if (csv == NULL)
		return;
	if (csv->in != NULL)
		(void)fclose(csv->in); /* only read */
	stream_free(csv->stream);
	free(csv);
}

const struct stream *
past_csv_stream(const struct past_csv *csv)
{
	return csv->stream;
}

/* ---- one login --------------------------------------------------------- */

static enum past_found
take_record(const struct past_csv *csv, struct past_login *login,
    const char **why)
{
	const char *user = field(csv, csv->at[COLUMN_USER]);
	const char *from = field(csv, csv->at[COLUMN_ADDRESS]);
	const char *service = field(csv, csv->at[COLUMN_SERVICE]);

	login->event = PAST_ACCEPTED;
	*why = csv->reader.why;
	if (*why != NULL)
		return PAST_BAD;
	*why = "the time is none such as 2026-03-01T08:30:00+01:00";
	if (!read_time(field(csv, csv->at[COLUMN_TIME]), &login->at_s))
		return PAST_BAD;
	*why = "no user has such a name";
	if (user[0] == '\0' ||
	    !past_copy(login->user, sizeof(login->user), user, strlen(user)))
		return PAST_BAD;
	*why = "no host has such a name";
	if (!past_set_from(login, from, strlen(from)))
		return PAST_BAD;
	if (service[0] == '\0')
		service = "sshd";
	*why = "no service has such a name";
	if (!past_copy(login->service, sizeof(login->service), service,
		strlen(service)))
		return PAST_BAD;
	return PAST_LOGIN;
}

int
past_csv_next(struct past_csv *csv, struct past_login *login,
    enum past_found *ret_found, uint64_t *ret_line, const char **ret_why)
{
	int r = 0;

	*ret_found = PAST_NOTHING;
	*ret_line = 0;
	if (!csv->kept)
		r = csv_reader_next(&csv->reader);
	csv->kept = false;
	if (r == FG_ERR_NOT_FOUND)
		return csv->error;
	if (r != 0)
		return csv->error != 0 ? csv->error : r;
	*ret_line = csv->reader.begins;
	if (csv->reader.why == NULL && csv_reader_is_empty(&csv->reader))
		return 0;
	*ret_found = take_record(csv, login, ret_why);
	return 0;
}

bool
past_csv_is(const char *head, size_t len)
{
	const char *end = memchr(head, '\n', len);
	size_t n = end == NULL ? len : (size_t)(end - head);
	static struct csv_reader reader;
	static struct past_csv csv;
	char line[1024];
	FILE *in;
	bool is;

	if (n == 0 || n > sizeof(line))
		return false;
	memcpy(line, head, n);
	if ((in = fmemopen(line, n, "r")) == NULL)
		return false;
	csv_reader_init(&reader, in);
	is = csv_reader_next(&reader) == 0 && reader.why == NULL;
	(void)fclose(in); /* only read */
	csv.reader = reader;
	return is && take_header(&csv);
}
