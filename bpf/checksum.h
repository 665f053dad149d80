/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* One's complement sums (RFC 1071). Words are taken as they lie in memory. */
#ifndef WEIR_CHECKSUM_H
#define WEIR_CHECKSUM_H

#include <linux/types.h>

/* Adds a 32-bit word; a u64 holds 2^32 of them. */
static __always_inline __u64 sum_word(__u64 sum, __u32 word)
{
	return sum + word;
}

static __always_inline __u64 sum_address(__u64 sum, const __be32 addr[4])
{
	return sum + addr[0] + addr[1] + addr[2] + addr[3];
}

/* Folds to 16 bits; 0 only if every word was 0. */
static __always_inline __u16 sum_fold(__u64 sum)
{
	sum = (sum & 0xffffffff) + (sum >> 32);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return (__u16)((sum & 0xffff) + (sum >> 16));
}

/* The same for a sum of at most 2^16 words of 16 bits. */
static __always_inline __u16 sum_fold_words(__u32 sum)
{
	sum = (sum & 0xffff) + (sum >> 16);
	return (__u16)(sum + (sum >> 16));
}

#endif
