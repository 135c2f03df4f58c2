/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A text as a QR code on a terminal; qrcode.c is the only file that knows
 * libqrencode.
 */
#ifndef FG_QRCODE_H
#define FG_QRCODE_H

#include <stdio.h>

/*
 * Print it in UTF-8 half blocks, white and black whatever the terminal's own
 * colours are. columns is the terminal's width, 0 if it is not known.
 * Returns 0, FG_ERR_LIMIT: it does not fit, nothing was printed; or
 * FG_ERR_SYSTEM.
 */
int	qrcode_print(const char *text, unsigned int columns, FILE *out);

#endif
