/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What one scan saw: signs, each of one thing. A picture is a value, of one
 * size and without pointers, so that it goes to the decider as it is. What is
 * in it are other people's strings: printable ASCII, cut to size.
 */
#ifndef FG_PICTURE_H
#define FG_PICTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policyd/scanner/entry.h"

/* How far a thing is from being used; the order counts. */
enum sign_grade {
	SIGN_GRADE_NONE = 0,
	SIGN_INSTALLED,
	SIGN_RUNNING,
	SIGN_ACTIVE,		/* somebody is connected; VPN: default route */
	SIGN_PRESENT		/* a thing of hardware: it is there */
};

/* How it is known, the weakest first. */
enum sign_confidence {
	SIGN_CONFIDENCE_NONE = 0,
	SIGN_BY_NAME,		/* a name, which anybody may give: no more
				 * than log */
	SIGN_BY_BEHAVIOUR,	/* what it does, as listening on a port */
	SIGN_BY_COMPOSITION,	/* what it is made of */
	SIGN_BY_IDENTITY	/* a program's path, a device's own strings */
};

/* Whose it is: what decides for which logins it may count. */
enum sign_owner {
	SIGN_OWNER_NONE = 0,
	SIGN_OF_MACHINE,	/* hardware, root's, a system unit's */
	SIGN_OF_SEAT,		/* of who sits at the machine, .uid */
	SIGN_OF_USER		/* of somebody else, .uid */
};

/* Namespaces of its own, bits: what it is in is not the host's. */
#define SIGN_APART_PID	0x01u
#define SIGN_APART_USER	0x02u
#define SIGN_APART_NET	0x04u
#define SIGN_APARTS	3u

#define SIGN_WHAT_MAX	64u	/* bytes */
#define SIGN_SEEN_MAX	160u
#define SIGN_CGROUP_MAX	255u	/* FACT_CGROUP_MAX */

struct sign {
	uint32_t	 kind;		/* enum entry_kind */
	uint32_t	 grade;		/* enum sign_grade */
	uint32_t	 confidence;	/* enum sign_confidence */
	uint32_t	 owner;		/* enum sign_owner */
	uint32_t	 steers;	/* enum entry_steers */
	uint32_t	 uid;		/* (uint32_t)-1: nobody's */
	uint32_t	 audit_session;	/* of the process; (uint32_t)-1 */
	int32_t		 pid;		/* 0: no process is known */
	uint64_t	 start;		/* of it */
	int64_t		 since_s;	/* wall clock: when it began, or was
					 * first seen; 0: not known */
	/* The catalogue's name of it; of what has none (hidden processes,
	 * devices), what tells it from others of its kind. */
	char		 what[SIGN_WHAT_MAX + 1];
	/* In words: program, connection, strings of the device. */
	char		 seen[SIGN_SEEN_MAX + 1];
	char		 cgroup[SIGN_CGROUP_MAX + 1];	/* of the process */
	/* The catalogue's name of it where .what is another one, as of a
	 * session; else "". */
	char		 entry[ENTRY_NAME_MAX + 1];
	/* 1: .what has a serial number in it, or an address, and so is that of
	 * one device, on whichever machine it is met; else 0. */
	uint8_t		 serial;
	uint8_t		 apart;		/* SIGN_APART_*, of the process */
};

/* What a scan looks at; bits of .failed and .cut. */
#define PICTURE_PROCESSES  0x01u
#define PICTURE_SOCKETS	   0x02u
#define PICTURE_SESSIONS   0x04u	/* the service manager's */
#define PICTURE_FILES	   0x08u	/* what is installed */
#define PICTURE_INTERFACES 0x10u
#define PICTURE_USB	   0x20u	/* and input devices */
#define PICTURE_DISPLAYS   0x40u
#define PICTURE_MACHINE	   0x80u	/* virtual or not */
#define PICTURE_PARTS	   8u

#define PICTURE_SIGNS_MAX     128u
#define PICTURE_SIGNS_OF_SEAT 32u
#define PICTURE_SIGNS_OF_USER 32u	/* of one uid, not the seat's */
#define PICTURE_LOST_UIDS     16u
#define PICTURE_ADDRESSES_MAX 256u /* one of each container as well */

struct picture {
	uint64_t	 number;	/* of this scanner, from 1; 0: none */
	int64_t		 taken_ns;	/* CLOCK_BOOTTIME when it was begun */
	int64_t		 taken_s;	/* wall clock */
	uint32_t	 rules;		/* by which it was taken: 0: none yet */
	uint32_t	 cost_us;
	uint32_t	 processes;	/* that were looked at */
	uint32_t	 sockets;
	uint32_t	 failed;	/* PICTURE_*: could not look */
	uint32_t	 cut;		/* PICTURE_*: not all of it, for time */
	uint32_t	 seat_uid;	/* (uint32_t)-1: nobody sits there */
	char		 seat_scope[SIGN_CGROUP_MAX + 1]; /* cgroup, or "" */
	uint8_t		 gateway[6];	/* its MAC address; zero: not known */
	/* The machine's own addresses, as struct addr's bytes. 0: there are
	 * more, or they are not known, and any may be one. */
	uint32_t	 naddresses;
	uint8_t		 address[PICTURE_ADDRESSES_MAX][16];
	/* Signs that found no room: the machine's and the seat's, and of other
	 * users whose they were, the first ones. */
	uint32_t	 lost;
	uint32_t	 nlost_uids;
	uint32_t	 lost_uid[PICTURE_LOST_UIDS];
	uint32_t	 nsigns;
	struct sign	 sign[PICTURE_SIGNS_MAX];	/* .nsigns of them */
};

/* Bytes of a picture up to its last sign: what is sent of it. */
size_t	picture_size(const struct picture *picture);

/*
 * Add a sign, or make the one of the same kind, what, owner and uid stronger:
 * by grade, then confidence; one by name is weaker than any other. Of what is
 * in use and steers each session has its own sign, as logins are tied to that.
 * Where there is no room a user's goes, of who has the most; the machine's
 * makes room for none but the machine's. What is not printable becomes '?', and
 * a time that is none, not known.
 */
void	picture_add(struct picture *picture, const struct sign *sign);

/*
 * From another process: the numbers are in their ranges, the times are in the
 * calendar, and the texts are printable and end. len bytes of it came.
 */
bool	picture_is_valid(const struct picture *picture, size_t len);

/* Whether an address may be the machine's own. */
bool	picture_may_own(const struct picture *picture,
	    const uint8_t address[16]);

/* "processes", ... of 1 << part, part below PICTURE_PARTS. Static. */
const char *picture_part_name(unsigned int part);
/* "installed", "running", ...; "identity", ...; "none" for the zero. Static. */
const char *sign_grade_name(enum sign_grade grade);
const char *sign_confidence_name(enum sign_confidence confidence);
const char *sign_owner_name(enum sign_owner owner);
/* "pid", "user", "net" of 1 << bit, bit below SIGN_APARTS. Static. */
const char *sign_apart_name(unsigned int bit);

/* By which name the catalogue has it, if it does. Borrowed from the sign. */
const char *sign_entry(const struct sign *sign);

/* Copy s, printable and cut to size; what is not printable is '?'. */
void	sign_text(char *dst, size_t size, const char *s);

#endif
