/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The codec of what farmgatectl and the daemon say to each other, as msg.c has
 * the module's. It must not allocate, log, or know what a message means.
 */
#include <string.h>

#include "proto/buf.h"
#include "proto/msg.h"
#include "proto/msg_parts.h"
#include "proto/result.h"

int
fg_msg_put_report(void *data, size_t size, const struct fg_header *hdr,
    const struct fg_report *m, size_t *ret_len)
{
	struct fg_buf buf;

	fg_msg_put_begin(&buf, data, size, hdr, FG_MSG_REPORT);
	(void)fg_buf_put_u8(&buf, m->exit_status);
	(void)fg_buf_put_string(&buf, FG_REPORT_MAX, m->json);
	return fg_msg_put_end(&buf, ret_len);
}

int
fg_msg_put_command(void *data, size_t size, const struct fg_header *hdr,
    const struct fg_command *m, size_t *ret_len)
{
	struct fg_buf buf;

	fg_msg_put_begin(&buf, data, size, hdr, FG_MSG_COMMAND);
	(void)fg_buf_put_string(&buf, FG_REPORT_MAX, m->json);
	return fg_msg_put_end(&buf, ret_len);
}

int
fg_msg_put_data(void *data, size_t size, const struct fg_header *hdr,
    const struct fg_data *m, size_t *ret_len)
{
	struct fg_buf buf;

	fg_msg_put_begin(&buf, data, size, hdr, FG_MSG_DATA);
	if (m->len > FG_DATA_MAX)
		buf.error = FG_ERR_LIMIT;
	(void)fg_buf_put_u16(&buf, (uint16_t)m->len);
	if (m->len > 0)
		(void)fg_buf_put_bytes(&buf, m->bytes, m->len);
	return fg_msg_put_end(&buf, ret_len);
}

/*
 * Reading. From here on every byte is the peer's.
 */
int
fg_msg_get_report(void *data, size_t len, struct fg_report *ret_m)
{
	struct fg_buf buf;
	int r;

	fg_msg_get_begin(&buf, data, len);
	(void)fg_buf_get_u8(&buf, &ret_m->exit_status);
	(void)fg_buf_get_string(&buf, FG_REPORT_MAX, &ret_m->json);
	if ((r = fg_buf_end(&buf)) != 0) {
		/* Nobody may read a failure as exit status 0. */
		ret_m->exit_status = UINT8_MAX;
		ret_m->json = "";
	}
	return r;
}

int
fg_msg_get_command(void *data, size_t len, struct fg_command *ret_m)
{
	struct fg_buf buf;
	int r;

	fg_msg_get_begin(&buf, data, len);
	(void)fg_buf_get_string(&buf, FG_REPORT_MAX, &ret_m->json);
	if ((r = fg_buf_end(&buf)) != 0)
		ret_m->json = "";
	return r;
}

int
fg_msg_get_data(void *data, size_t len, struct fg_data *ret_m)
{
	struct fg_buf buf;
	uint16_t n;
	int r;

	memset(ret_m, 0, sizeof(*ret_m));
	fg_msg_get_begin(&buf, data, len);
	if ((r = fg_buf_get_u16(&buf, &n)) == 0 && n > FG_DATA_MAX)
		r = FG_ERR_LIMIT;
	if (r == 0)
		(void)fg_buf_get_direct(&buf, n, &ret_m->bytes);
	if (r == 0 && (r = fg_buf_end(&buf)) == 0)
		ret_m->len = n;
	if (r != 0)
		memset(ret_m, 0, sizeof(*ret_m));
	return r;
}
