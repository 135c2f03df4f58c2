/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the scanner and its reader say to each other: one request, and one
 * answer before the next. Both are of one program and one memory.
 */
#ifndef FG_READER_CHILD_H
#define FG_READER_CHILD_H

#include <stddef.h>
#include <stdint.h>

#include "policyd/scanner/procs_net.h"
#include "policyd/scanner/reader.h"

#define READER_TEXT_MAX	511u	/* bytes */

enum reader_kind {
	READER_NONE = 0,
	READER_ARGUMENTS,	/* .pid */
	READER_PROGRAMS,	/* .pid, .start */
	READER_MAPS,		/* .pid, .start; .text: the file's name */
	READER_ROOTS,		/* .pid, .start; .text: the path there */
	READER_SOCKETS,		/* .pid, .start; .ports; struct procs_socket */
	READER_UPGRADE,		/* .pid, .start; .text: the path here */
	READER_SYS		/* .text: the path below /sys */
};

struct reader_request {
	uint32_t	 kind;		/* enum reader_kind */
	int32_t		 pid;
	uint64_t	 start;
	uint32_t	 size;		/* bytes that are wanted */
	char		 text[READER_TEXT_MAX + 1];
	/* The last one is of no role. */
	struct procs_ports ports[PROCS_PORTS_MAX];
};

struct reader_answer {
	int32_t		 result;
	int32_t		 error;		/* errno of FG_ERR_SYSTEM */
	uint32_t	 len;
	uint8_t		 bytes[READER_BYTES];	/* .len of them are sent */
};

/* Bytes of an answer that are sent. */
size_t	reader_answer_size(const struct reader_answer *answer);

/* The reader's whole life. It ends with the other end of fd, or parent. */
void	reader_main(int fd, int32_t parent) __attribute__((noreturn));

#endif
