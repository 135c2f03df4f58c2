/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The result codes that every function below the edge returns: 0, or one of
 * these negative numbers. They never leave the process: the wire and PAM have
 * codes of their own.
 */
#ifndef FG_RESULT_H
#define FG_RESULT_H

enum fg_result {
	FG_OK = 0,
	FG_ERR_SYSTEM = -1,	/* errno is meaningful and preserved */
	FG_ERR_NOMEM = -2,	/* an allocation failed */
	FG_ERR_SHORT = -3,	/* the data ends before the field does */
	FG_ERR_TRAILING = -4,	/* bytes are left over after the last field */
	FG_ERR_LIMIT = -5,	/* longer or more than the documented limit */
	FG_ERR_FORMAT = -6,	/* not of the documented form */
	FG_ERR_VERSION = -7,	/* the peer's, or a file's, is not known here */
	FG_ERR_TIMEOUT = -8,	/* the deadline passed */
	FG_ERR_BUSY = -9,	/* the listener's backlog stayed full */
	FG_ERR_PEER = -10,	/* the peer is not who it has to be */
	FG_ERR_CLOSED = -11,	/* the peer closed the connection */
	FG_ERR_REFUSED = -12,	/* the peer answered with FG_MSG_FAIL */
	FG_ERR_UNREACHABLE = -13, /* no socket, or nobody listens on it */
	FG_ERR_NOT_FOUND = -14,	/* no such entry */
	FG_ERR_UNSAFE = -15,	/* owner, mode or type of a file is not safe */
	FG_ERR_CONFIG = -16	/* errors of a file, reported apart */
};

/*
 * A short lower-case text for a result code, without a full stop. Static;
 * for FG_ERR_SYSTEM the caller adds strerror(errno) itself.
 */
const char	*fg_strerror(int result);

#endif
