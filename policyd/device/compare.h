/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A machine's hardware IDs beside those of the asset that it is said to be:
 * which agree, differ, are absent, and what that makes together. Pure.
 */
#ifndef FG_COMPARE_H
#define FG_COMPARE_H

#include "policyd/device/hwid.h"

enum compare_standing {
	COMPARE_NONE = 0,	/* the inventory has none of this kind */
	COMPARE_AGREE,		/* one at least is on both sides */
	COMPARE_DIFFER,		/* both sides have some, and none is alike */
	COMPARE_ABSENT,		/* the machine shows none */
	COMPARE_UNREAD		/* not all of them could be looked at */
};

enum compare_grade {
	COMPARE_NOTHING = 0,	/* the inventory has no IDs to compare */
	COMPARE_SAME,
	COMPARE_WEAK,
	COMPARE_STRONG
};

/* From which share of differing weight on, in percent, 1 to 100. */
struct compare_limits {
	unsigned int	 weak;
	unsigned int	 strong;
};

/*
 * Of all kinds but a TPM's a new disk and a new card differ by 33 %, as does a
 * virtual machine that has another's DMI, and a disk and a card of its own; a
 * new board with its own serial number, UUID and card by 60 %; another machine
 * with the old disk in it by 73 %, one with a copied serial number by 86 %.
 */
#define COMPARE_WEAK_DEFAULT	30u
#define COMPARE_STRONG_DEFAULT	65u

struct comparison {
	enum compare_standing standing[HWID_KINDS];
	unsigned int	 percent;	/* of the weight compared: it differs */
};

/* Each kind that agrees or differs counts by its weight (hwid_weight()). */
void	compare_hwids(const struct hwid_digests *machine,
	    const struct hwid_digests *asset,
	    struct comparison *ret_comparison);

/*
 * The grade is
 * - strong if the TPM's key differs;
 * - strong if the share that differs reaches limits->strong, weak if it reaches
 *   limits->weak or if something differs that no repair changes but a new board
 *   (serial, UUID, chassis, board); but disks alone and network cards alone are
 *   exchanged, and are no difference where something else agrees;
 * - weak if nothing agrees, if the asset has a TPM and the machine shows none,
 *   or if it shows less than half of the asset's weight: whoever hides what
 *   would differ is not better off. What was not read is on neither side;
 * - else the same, which is so for disks and cards together below the limits.
 */
enum compare_grade compare_grade(const struct comparison *comparison,
	    const struct compare_limits *limits);

/* "agree", "differ", "absent", "unread"; "none". Static. */
const char	*compare_standing_name(enum compare_standing standing);
/* "nothing", "same", "weak", "strong". Static. */
const char	*compare_grade_name(enum compare_grade grade);

#endif
