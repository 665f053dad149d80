/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Hashes of the load balancer, free of BPF helpers so that a host build can test them.
 *
 * The flow hash is Bob Jenkins' lookup3 final mix (http://burtleburtle.net/bob/c/lookup3.c) with
 * katran's seeds: a fleet may mix katran and weir only while these agree bit for bit.
 */
#ifndef WEIR_HASH_H
#define WEIR_HASH_H

#include <linux/types.h>
#include "abi.h"

/* katran: 512 VIPs x 65537 slots, and 512. Fixed here whatever the size of the tables. */
#define FLOW_SEED 33554944u
#define FLOW_SEED_V6 512u
#define LOOKUP3_INIT 0xdeadbeefu

static __always_inline __u32 rol32(__u32 word, __u32 shift)
{
	return (word << shift) | (word >> (32 - shift));
}

static __always_inline __u32 lookup3_final(__u32 a, __u32 b, __u32 c)
{
	c ^= b;
	c -= rol32(b, 14);
	a ^= c;
	a -= rol32(c, 11);
	b ^= a;
	b -= rol32(a, 25);
	c ^= b;
	c -= rol32(b, 16);
	a ^= c;
	a -= rol32(c, 4);
	b ^= a;
	b -= rol32(a, 14);
	c ^= b;
	c -= rol32(b, 24);
	return c;
}

/* 16 bytes to 32 bits. */
static __always_inline __u32 lookup3_address(const __be32 w[4], __u32 seed)
{
	__u32 a, b, c;

	a = b = c = LOOKUP3_INIT + 16 + seed;
	a += w[0];
	b += w[1];
	c += w[2];
	a -= c; a ^= rol32(c, 4); c += b;
	b -= a; b ^= rol32(a, 6); a += c;
	c -= b; c ^= rol32(b, 8); b += a;
	a -= c; a ^= rol32(c, 16); c += b;
	b -= a; b ^= rol32(a, 19); a += c;
	c -= b; c ^= rol32(b, 4); b += a;
	a += w[3];
	return lookup3_final(a, b, c);
}

/* src: the source address word, or lookup3_address() of an IPv6 source. ports: both ports as they
 * lie in the packet. */
static __always_inline __u32 flow_hash(__u32 src, __u32 ports)
{
	__u32 init = FLOW_SEED + LOOKUP3_INIT + 8;

	return lookup3_final(src + init, ports + init, init);
}

/* hash mod 65537 without a division: 2^16 is -1 modulo 2^16 + 1. And without a branch, which half of
 * all flows would take and the CPU mispredict (5 to 7 ns over 64 k flows); clang 19 would make one. */
static __always_inline __u32 flow_slot(__u32 hash)
{
	__s64 slot = (__s64)(hash & 0xffff) - (__s64)(hash >> 16);
	__s64 negative = slot >> 63;

	__asm__ volatile("" : "+r"(negative));
	return (__u32)(slot + (negative & RING_SIZE));
}

/* Multiplier of Fibonacci hashing, 2^64 divided by the golden ratio (Knuth, TAOCP 6.4). */
#define VIP_HASH_K 0x9E3779B97F4A7C15ull

/* Key of the VIP table. tail: port, proto, family as they lie in struct vip_entry. A product is
 * only good in its high bits, so each is folded before it is used: neighbouring ports and IPv6
 * addresses differ in one byte. */
static __always_inline __u64 vip_hash(const __be32 addr[4], __u32 tail, int family)
{
	__u64 hash = ((__u64)addr[0] | (__u64)addr[1] << 32);

	hash = (hash + ((__u64)tail << 32)) * VIP_HASH_K;
	hash ^= hash >> 32;
	if (family == 6) {
		hash = (hash ^ ((__u64)addr[2] | (__u64)addr[3] << 32)) * VIP_HASH_K;
		hash ^= hash >> 32;
	}
	hash *= VIP_HASH_K;
	return hash ^ hash >> 32;
}

static __always_inline __u32 vip_hash_first(__u64 hash, __u32 mask)
{
	return (__u32)hash & mask;
}

static __always_inline __u32 vip_hash_second(__u64 hash, __u32 mask)
{
	return (__u32)((hash * VIP_HASH_K) >> 32) & mask;
}

/* Key of the flow table: three words, folded after each product; once more at the end, because a
 * product carries nothing downwards and the last word differs in its high half. */
static __always_inline __u64 flow_key_hash(const __u64 word[3], __u32 seed)
{
	__u64 hash = (word[0] ^ seed) * VIP_HASH_K;

	hash = (hash ^ hash >> 32 ^ word[1]) * VIP_HASH_K;
	hash = (hash ^ hash >> 32 ^ word[2]) * VIP_HASH_K;
	hash = (hash ^ hash >> 32) * VIP_HASH_K;
	return hash ^ hash >> 32;
}

#endif
