/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The only file that knows libqrencode. Two rows of modules are one line of
 * text: white ones are drawn in white, black ones are the background, and both
 * colours are set, so that a light terminal shows the same picture.
 */
#include "ctl/qrcode.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <qrencode.h>

#include "policyd/crypto.h"
#include "proto/result.h"

#define QUIET 4 /* modules around it, as ISO 18004 wants */

/* Bright white on black. */
#define COLOURS "\033[0;97;40m"
#define PLAIN	"\033[0m"

/* Outside of it all is white. */
static bool
is_white(const QRcode *code, int x, int y)
{
	if (x < 0 || y < 0 || x >= code->width || y >= code->width)
		return true;
	return (code->data[y * code->width + x] & 1) == 0;
}

static void
print_line(const QRcode *code, int y, FILE *out)
{
	/* both black, the lower one white, the upper one, both */
	static const char *const blocks[] = { " ", "\xe2\x96\x84",
		"\xe2\x96\x80", "\xe2\x96\x88" };
	int x;

	(void)fputs(COLOURS, out); /* main looks for errors */
	for (x = -QUIET; x < code->width + QUIET; x++)
		(void)fputs(blocks[is_white(code, x, y) << 1 |
				is_white(code, x, y + 1)],
		    out);
	(void)fputs(PLAIN "\n", out);
}

int
qrcode_print(const char *text, unsigned int columns, FILE *out)
{
	QRcode *code;
	int y;

	code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_L);
	if (code == NULL)
		return errno == ERANGE ? FG_ERR_LIMIT : FG_ERR_SYSTEM;
	if (columns > 0 && (unsigned int)code->width + 2 * QUIET > columns) {
		QRcode_free(code);
		return FG_ERR_LIMIT;
	}
	for (y = -QUIET; y < code->width + QUIET; y += 2)
		print_line(code, y, out);
	crypto_wipe(code->data, (size_t)code->width * (size_t)code->width);
	QRcode_free(code);
	return 0;
}
