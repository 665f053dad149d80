/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Answers to pings, made of the request in place. docs/dataplane.md section 2. */
#ifndef WEIR_ECHO_H
#define WEIR_ECHO_H

#include "checksum.h"
#include "maps.h"
#include "packet.h"
#include "parse.h"

static __always_inline void eth_turn(struct eth_header *eth)
{
	struct mac mac __attribute__((aligned(4)));

	mac_copy(&mac, &eth->dst);
	mac_copy(&eth->dst, &eth->src);
	mac_copy(&eth->src, &mac);
}

static __always_inline bool echo_v4(const struct cursor *cur, const struct packet *pkt)
{
	struct ipv4_header *ip = cursor_at(cur, pkt->l2, IPV4_SIZE + ICMP_SIZE);
	struct icmp_header *icmp;
	__be32 *word = (void *)ip;
	__be32 src;

	if (!ip)
		return false;
	icmp = (void *)(ip + 1);
	src = ip->src;
	ip->src = ip->dst;
	ip->dst = src;
	ip->ttl = settings.ttl;
	ip->checksum = 0;
	ip->checksum = ~sum_fold((__u64)word[0] + word[1] + word[2] + word[3] + word[4]);
	icmp->type = ICMP4_ECHO_REPLY;
	icmp->checksum = sum_fold((__u64)icmp->checksum + ICMP4_ECHO);
	return true;
}

static __always_inline bool echo_v6(const struct cursor *cur, const struct packet *pkt)
{
	struct ipv6_header *ip = cursor_at(cur, pkt->l2, IPV6_SIZE + ICMP_SIZE);
	struct icmp_header *icmp;
	__be32 src[4];

	if (!ip)
		return false;
	icmp = (void *)(ip + 1);
	memcpy(src, ip->src, sizeof(src));
	memcpy(ip->src, ip->dst, sizeof(src));
	memcpy(ip->dst, src, sizeof(src));
	ip->hop_limit = settings.ttl;
	icmp->type = ICMP6_ECHO_REPLY;
	/* The type grew by one, so the checksum shrinks by one; below 0 follows -1, which is 0xfffe. */
	icmp->checksum = icmp->checksum ? icmp->checksum - 1 : 0xfffe;
	return true;
}

static __always_inline bool echo(const struct cursor *cur, const struct packet *pkt,
				 struct counters *count)
{
	struct eth_header *eth = cursor_at(cur, 0, ETH_SIZE);

	if (!eth || !(pkt->family == 6 ? echo_v6(cur, pkt) : echo_v4(cur, pkt)))
		return false;
	eth_turn(eth);
	if (pkt->family == 6)
		count->echo_v6++;
	else
		count->echo_v4++;
	return true;
}

#endif
