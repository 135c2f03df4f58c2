/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Other people's bytes made fit to show: one escape for terminals, logs and
 * evidence. Also the one parser of numbers.
 */
#ifndef FG_TEXT_H
#define FG_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Copy src so that it is printable ASCII: backslash, control, DEL and non-ASCII
 * bytes become \xHH, backslash \\. What does not fit is cut at a whole escape
 * and ends in "...". dst is always terminated. Returns dst.
 */
char	*text_escape(char *dst, size_t size, const char *src);

/*
 * The same for a terminal that shows UTF-8: valid, printable code points stay;
 * C0, C1, DEL, bidirectional and other format characters, line separators and
 * invalid bytes are escaped.
 */
char	*text_escape_utf8(char *dst, size_t size, const char *src, size_t len);

/*
 * The same for a text with words in it that are escaped already: backslashes
 * stay as they are.
 */
char	*text_escape_once_utf8(char *dst, size_t size, const char *src,
	    size_t len);

/*
 * Decode the code point that starts at s, of len > 0 bytes, as RFC 3629 has
 * it: no overlong form, no surrogate, nothing above U+10FFFF.
 * Returns the number of its bytes, or 0 if there is none.
 */
size_t	text_utf8_next(const char *s, size_t len, uint32_t *ret_cp);

/* True if the len bytes are well-formed UTF-8 without NUL. */
bool	text_is_utf8(const char *src, size_t len);

/*
 * Parse a decimal number, digits only, within min..max.
 * Returns 0, FG_ERR_FORMAT or FG_ERR_LIMIT.
 */
int	text_parse_uint(const char *s, uint64_t min, uint64_t max,
	    uint64_t *ret_v);

/* Of ASCII; any other byte is as it was. */
char	text_upper(char c);
char	text_lower(char c);

/* Whether s ends in that, or is that. */
bool	text_ends_in(const char *s, const char *end);

/* Copy src. Returns 0 or FG_ERR_LIMIT (cut, but terminated). */
int	text_copy(char *dst, size_t size, const char *src);

/*
 * Why a call has returned r: errno's text for FG_ERR_SYSTEM, else
 * fg_strerror()'s. Valid until the next call, as strerror(3)'s.
 */
const char	*text_error(int r);

/* snprintf(3) that returns 0 or FG_ERR_LIMIT (cut, but terminated). */
int	text_format(char *dst, size_t size, const char *fmt, ...)
	    __attribute__((format(printf, 3, 4)));

#endif
