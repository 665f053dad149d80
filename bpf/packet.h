/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The cursor: the only place that compares with data_end, and what parsing finds out about a
 * packet. For the BPF programs only.
 */
#ifndef WEIR_PACKET_H
#define WEIR_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include "abi.h"

#ifndef memcpy
#define memcpy __builtin_memcpy
#endif
#ifndef memset
#define memset __builtin_memset
#endif

#define ETH_SIZE 14
#define TAG_SIZE 4
#define MAX_TAGS 2
#define IPV4_SIZE 20
#define IPV6_SIZE 40
#define TCP_SIZE 20
#define UDP_SIZE 8
#define ICMP_SIZE 8

#define PROTO_IPV6_FRAGMENT 44
#define PROTO_ICMPV6 58 /* linux/in.h does not have it */

struct mac {
	__u16 word[3];
};

struct eth_header {
	struct mac dst;
	struct mac src;
	__be16 proto;
};

struct vlan_tag {
	__be16 tci;
	__be16 proto;
};

/* IP headers as words: the balancer copies and sums them more than it looks into them. */
struct ipv4_header {
	__u8 version_ihl;
	__u8 tos;
	__be16 total_length;
	__be16 id;
	__be16 fragment;
	__u8 ttl;
	__u8 protocol;
	__u16 checksum;
	__be32 src;
	__be32 dst;
};

struct ipv6_header {
	__u8 version_class; /* version, high nibble of the traffic class */
	__u8 class_label; /* low nibble of the traffic class, flow label */
	__be16 label;
	__be16 payload_length;
	__u8 next_header;
	__u8 hop_limit;
	__be32 src[4];
	__be32 dst[4];
};

struct ports {
	__be16 src;
	__be16 dst;
};

struct tcp_header {
	struct ports ports;
	__be32 seq;
	__be32 ack;
	__u8 offset; /* high nibble: header length in words */
	__u8 flags;
	__be16 window;
	__u16 checksum;
	__be16 urgent;
};

struct udp_header {
	struct ports ports;
	__be16 length;
	__u16 checksum;
};

struct icmp_header {
	__u8 type;
	__u8 code;
	__u16 checksum;
	__be16 id;
	__be16 mtu; /* ICMPv4 fragmentation needed; ICMPv6 too big: low half of 32 bits */
};

#define TCP_FLAG_SYN 0x02
#define TCP_FLAG_RST 0x04

/* Reads and writes the packet; a null pointer means: not that long. */
struct cursor {
	void *data;
	void *end;
};

static __always_inline struct cursor cursor_of(const struct xdp_md *ctx)
{
	return (struct cursor){ (void *)(long)ctx->data, (void *)(long)ctx->data_end };
}

static __always_inline void *cursor_at(const struct cursor *cur, __u32 offset, __u32 size)
{
	void *at = cur->data + offset;
	void *end = cur->end;

	/* clang 19 drops a check that an earlier, longer one implies, but the verifier (6.18)
	 * does not carry a range from one variable offset to another: hide that end is the same. */
	asm volatile("" : "+r"(end));
	if (at + size > end)
		return NULL;
	/* clang 19 merges two checks into a select of NULL and an unchecked pointer, which the
	 * verifier takes for a scalar: a value made behind the branch stays there. */
	asm volatile("" : "+r"(at));
	return at;
}

/* Four and two bytes at once: left alone, clang 19 copies by what alignment promises, byte by byte.
 * The machines that weir runs on take words at any address. */
static __always_inline void mac_copy(void *to, const void *from)
{
	*(__u32 *)to = *(const __u32 *)from;
	*(__u16 *)(to + 4) = *(const __u16 *)(from + 4);
}

/* What is known of a packet. The flow is the client's side: ICMP errors are turned around. */
struct packet {
	__be32 src[4];
	__be32 dst[4];
	struct ports ports;
	__u8 protocol; /* of the flow; IPPROTO_TCP or IPPROTO_UDP once parsed */
	__u8 family; /* of the packet, 4 or 6 */
	__u8 tos;
	__u8 l2; /* bytes in front of the IP header: 14, 18, 22 */
	bool syn;
	bool rst;
	bool icmp; /* an ICMP error; the flow is the quoted one */
	bool no_checksum; /* UDP over IPv4 without one */
	bool sourceless; /* the outer header takes 0 for the source address */
	__u8 icmp_code;
	__u8 reason; /* enum drop_reason, for VERDICT_DROP and VERDICT_REFUSE */
	__u16 bytes; /* IPv4 total length, IPv6 payload length */
	__u16 frame; /* frame bytes as received, saturated at 65535 */
	__u16 l4; /* offset of the header behind the IP header */
};

/* What to do with a packet; decided first, done last. */
enum verdict {
	VERDICT_GO_ON, /* not decided yet */
	VERDICT_PASS,
	VERDICT_DROP, /* for pkt->reason */
	VERDICT_REFUSE, /* the same if the destination is a VIP address, else pass */
	VERDICT_ECHO, /* answer the ping */
	VERDICT_DECAP, /* take the outer header off */
	VERDICT_SEND, /* done with it, transmit */
};

/* Bytes of the inner IP packet, as its header says. */
static __always_inline __u32 packet_ip_bytes(const struct packet *pkt)
{
	return pkt->bytes + (pkt->family == 6 ? IPV6_SIZE : 0);
}

#endif
