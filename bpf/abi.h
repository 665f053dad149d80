/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Everything that the BPF programs and user space both see: structs, enums, constants.
 * Included by every program in this folder. User space never repeats a layout from here:
 * ffi/abi.gen.ts is generated from the BTF of the compiled object (scripts/gen_abi.ts).
 *
 * Integers are host order unless typed __be16 or __be32. An address takes 16 bytes; an IPv4
 * address stands in the first four, the rest is zero.
 */
#ifndef WEIR_ABI_H
#define WEIR_ABI_H

#include <linux/types.h>

/* Version of the map layouts below. A program never runs on pinned maps of another version. */
#define WEIR_ABI_VERSION 1

/* Slots of a ring; prime, 2^16 + 1, so that h % RING_SIZE needs no division (ring.h). */
#define RING_SIZE 65537

/* A slot is 15 bits of real index and one bit that says: changed within a living flow's time. */
#define SLOT_UNSTABLE 0x8000
#define SLOT_REAL_MASK 0x7fff
#define NO_REAL 0

/* One tick is 2^24 ns, about 16.8 ms: fits u32 for 2.28 years of uptime. */
#define TICK_SHIFT 24

#define NAME_SIZE 64

enum vip_flag {
	VIP_NO_SOURCE_PORT = 1 << 0, /* the source port takes no part in the hash */
	VIP_AFFINITY_NONE = 1 << 1, /* remember no flow (katran: NO_LRU) */
	VIP_QUIC = 1 << 2, /* route by QUIC connection id */
	VIP_DPORT_HASH = 1 << 3, /* hash the destination port only */
	VIP_SOURCE_ROUTING = 1 << 4, /* source prefixes decide first */
	VIP_LOCAL = 1 << 5, /* deliver to this host when the real is local */
	VIP_GLOBAL_FLOWS = 1 << 6, /* second look-up in the shared flow table (katran: global LRU) */
	VIP_HASH_SRC_DST_PORT = 1 << 7, /* keep the destination port in the hash of an any-port VIP */
	VIP_UDP_STABLE = 1 << 8, /* route by the UDP stable-routing header */
	VIP_UDP_MIGRATION = 1 << 9, /* flows leave down reals, the ring stays (katran) */
	VIP_AFFINITY_ALWAYS = 1 << 10, /* remember every flow (katran's way) */
	VIP_TCP_SERVER_ID = 1 << 11, /* route by TCP option 0xB7 */
	VIP_GUE = 1 << 12, /* encapsulate in GUE unless the real says otherwise */
	VIP_CIDR = 1 << 13, /* the address is a prefix; set by user space, never by hand */
};

enum real_flag {
	REAL_ACTIVE = 1 << 0, /* the entry may be sent to; a zero entry never is */
	REAL_IPV6 = 1 << 1, /* address family, derived from the address */
	REAL_LOCAL = 1 << 2, /* this host */
	REAL_DOWN_SOMEWHERE = 1 << 3, /* map `down` names it for at least one VIP */
	REAL_IPIP = 1 << 4, /* IPIP whatever the VIP says */
	REAL_GUE = 1 << 5, /* GUE whatever the VIP says */
};

/* Why a packet was dropped: one number, one name, one counter. Numbers never change meaning. */
enum drop_reason {
	DROP_NONE,
	DROP_FRAME_SHORT, /* no complete Ethernet header or 802.1Q tag */
	DROP_IP_TRUNCATED, /* no complete IPv4 or IPv6 header */
	DROP_IP_OPTIONS, /* IPv4 header length is not 20 bytes, to a VIP */
	DROP_FRAGMENT, /* IPv4 or IPv6 fragment, to a VIP */
	DROP_L4_TRUNCATED, /* no complete TCP, UDP or ICMP header, to a VIP */
	DROP_ICMP_QUOTE, /* ICMP error to a VIP without a usable quoted header */
	DROP_TOO_BIG, /* larger than what can be sent to the real */
	DROP_NO_REAL, /* the VIP has no real for this slot */
	DROP_REAL_UNSET, /* the ring names a real that has no entry */
	DROP_UNKNOWN_SERVER, /* a server id maps to a real that has no entry */
	DROP_ENCAP_FAILED, /* no room for the outer header */
	DROP_DECAP_MALFORMED, /* tunnel packet to a listed address without a complete inner header */
	DROP_DECAP_TTL, /* inner TTL or hop limit used up */
	DROP_DECAP_ECN, /* congestion mark for an inner sender that does not know ECN */
	DROP_REASONS, /* number of reasons, keep last */
};

enum echo_mode { ECHO_OFF, ECHO_VIP, ECHO_ANY };

/* Fixed at load, in .rodata: the verifier removes what is off. Shown by `weir status`. */
struct settings {
	__u32 abi_version;
	__u32 vip_bucket_mask; /* number of struct vip_bucket in the table, less one */
	__u32 flow_bucket_mask; /* number of struct flow_bucket, less one */
	__u32 flow_seed; /* random, so that nobody can aim at one bucket */
	__u32 conn_rate; /* insertions into the flow table per second and CPU */
	__u32 too_big_rate; /* ICMP too-big messages per second and CPU */
	__u32 udp_idle; /* ticks after which a silent UDP flow is forgotten */
	__u32 tcp_idle; /* the same for TCP: a slot settles when no entry younger than this disagrees */
	__u32 udp_grace; /* ticks for which unknown UDP follows prev after a change */
	__be32 ipip_source_v4; /* first two bytes of the outer source, rest zero */
	__be32 ipip_source_v6[3]; /* first 96 bits of the outer source */
	__be16 gue_port; /* UDP destination port of GUE */
	__u16 max_frame; /* largest frame to a VIP, bytes with the untagged Ethernet header */
	__u16 path_mtu; /* largest IP packet towards reals, bytes; 0: not known */
	__u8 ttl; /* TTL and hop limit of outer headers and generated ICMP */
	__u8 echo; /* enum echo_mode */
	__u8 too_big; /* answer oversized packets with ICMP */
	__u8 cidr; /* CIDR VIPs */
	__u8 gue; /* GUE encapsulation */
	__u8 quic;
	__u8 tcp_server_id;
	__u8 udp_stable;
	__u8 udp_migration;
	__u8 sources; /* source-prefix routing */
	__u8 local; /* local delivery */
	__u8 global_flows;
	__u8 decap_ipip; /* inline decapsulation */
	__u8 decap_gue;
	__u8 decap_any; /* strip and pass up what is for unlisted destinations too (katran) */
	__u8 events; /* introspection events */
	__u8 coarse_clock; /* the kernel has bpf_ktime_get_coarse_ns (5.11) */
	__u8 compat_katran; /* katran's verdicts where weir's differ (docs/katran-compat.md) */
	__u8 quic_lb_id_length[8]; /* by QUIC-LB config id: bytes of the server id, 1 to 4; 0: katran format */
	__u8 pad[4];
};

/* Changes while running, in .data: user space writes, the program reads without a look-up. */
struct host {
	__u8 gateway_mac[6]; /* next hop of every packet sent */
	__u8 events_on; /* emit introspection events */
	__u8 any_port_vips; /* 0: no VIP has port 0, skip that look-up */
	__be32 gue_source_v4;
	__u8 gateway_auto; /* user space: 1: gateway_mac was found, 0: given */
	__u8 pad[3];
	__be32 gue_source_v6[4];
};

/*
 * VIP table: cuckoo hash of two choices, two entries a bucket (one cache line), built by user
 * space and swapped whole. proto 0 with port 0 marks "this address belongs to a VIP".
 */
struct vip_entry {
	__be32 addr[4];
	__be16 port; /* 0: every port */
	__u8 proto; /* IPPROTO_TCP, IPPROTO_UDP; 0: address marker */
	__u8 family; /* 4, 6; 0: empty entry */
	__u32 flags; /* enum vip_flag */
	__u16 vip; /* index into rings and vip_counters */
	__u8 more; /* in entry 0: a key of this bucket lives in its second choice */
	__u8 pad[5];
};

struct vip_bucket {
	struct vip_entry entry[2];
};

/* Key of the CIDR table; matched bits: 32 for port, proto, family, then the prefix. */
struct vip_cidr_key {
	__u32 prefix_len;
	__be16 port;
	__u8 proto;
	__u8 family;
	__be32 addr[4];
};

struct vip_cidr {
	__u32 flags;
	__u16 vip;
	__u16 pad;
};

/* One value per VIP; swapping the inner map replaces ring, prev and time in one write. */
struct ring {
	__u16 slot[RING_SIZE]; /* real index | SLOT_UNSTABLE */
	__u16 prev[RING_SIZE]; /* real of flows older than the change, or NO_REAL */
	__u32 changed_at; /* tick of the last change of a slot */
	__u32 generation; /* counts rings written for this VIP */
	__u32 pad;
};

/* What the data plane needs of a real: half a cache line. */
struct real {
	__be32 addr[4];
	__u32 flags; /* enum real_flag */
	__u32 ipip_sum; /* one's complement sum of the constant words of the outer IPv4 header, IPIP */
	__u32 gue_sum; /* the same for GUE without the source address */
	__u32 pad;
};

/*
 * Flow table: exceptions only, unless the VIP asks for affinity always. Eight flows a bucket; the
 * heads, one cache line, are all that a look-up reads. An entry is one 64-bit word, read and
 * written whole, so that CPUs never see half of one:
 *
 *     bits 0-31   tag: high half of the key's hash; two flows of a bucket have equal tags, and
 *                 are taken for each other, once in 2^32
 *     bits 32-46  real, never 0; a word of 0 is a free entry
 *     bit  47     data was seen after the entry was made: a flood of first packets does not push it out
 *     bits 48-63  age: tick of the last packet >> 6, modulo 2^16 (about 1.07 s, 19.5 h)
 *
 * The keys serve listing and purging.
 */
#define FLOW_WAYS 8
#define FLOW_REAL_SHIFT 32
#define FLOW_CARRIED_SHIFT 47
#define FLOW_AGE_SHIFT 48
#define FLOW_AGE_TICK_SHIFT 6

struct flow_key {
	__be32 src[4];
	__be16 sport;
	__be16 dport;
	__u16 vip;
	__u16 dst; /* CIDR VIPs: fold of the destination, else 0 */
};

struct flow_bucket {
	__u64 head[FLOW_WAYS];
	struct flow_key key[FLOW_WAYS];
};

/* Value of the shared flow table. */
struct global_flow {
	__u32 last_seen; /* tick, for whoever fills the table */
	__u16 real;
	__u16 pad;
};

struct down_key {
	__u16 vip;
	__u16 real;
};

struct source_key_v4 {
	__u32 prefix_len;
	__be32 addr;
};

struct source_key_v6 {
	__u32 prefix_len;
	__be32 addr[4];
};

struct traffic {
	__u64 packets;
	__u64 bytes; /* IPv4: total length, IPv6: payload length, as katran counts */
};

struct vip_traffic {
	__u64 packets;
	__u64 bytes;
	__u64 new_flows; /* TCP SYN, QUIC initial */
	__u64 server_id_mismatch; /* server id and flow table disagreed */
};

/* One per CPU. A field is the exported metric's name. Frame bytes include Ethernet. */
struct counters {
	struct traffic sent; /* XDP_TX */
	struct traffic dropped; /* XDP_DROP */
	struct traffic passed; /* XDP_PASS */
	__u64 ring_picks; /* real chosen by the ring, current or prev */
	__u64 prev_picks; /* of these: prev, an old flow on an unstable slot */
	__u64 syn_picks; /* of ring_picks: TCP SYN */
	__u64 unknown_picks; /* TCP non-SYN that asked the flow table in vain */
	__u64 flow_hits; /* real chosen by the flow table */
	__u64 flow_inserts;
	__u64 flow_gated; /* insertions refused by the rate gate */
	__u64 flow_crowded; /* insertions that found only flows in use */
	__u64 flow_unusable; /* entries passed over because their real is down or gone */
	__u64 udp_migrated; /* of these: VIPs with udp-migration */
	__u64 global_hits;
	__u64 global_misses;
	__u64 source_hits;
	__u64 source_misses;
	__u64 local_delivered;
	__u64 echo_v4;
	__u64 echo_v6;
	__u64 icmp_error_v4; /* relayed to the real of the quoted flow */
	__u64 icmp_error_v6;
	__u64 frag_needed_v4; /* fragmentation needed seen, any destination */
	__u64 frag_needed_small_v4; /* of these: MTU below 1280 */
	__u64 too_big_v6;
	__u64 too_big_small_v6;
	__u64 too_big_sent_v4;
	__u64 too_big_sent_v6;
	__u64 too_big_gated;
	__u64 quic_icmp; /* ICMP errors on QUIC VIPs */
	__u64 quic_icmp_ignorable; /* of these: codes that QUIC servers ignore */
	__u64 quic_ring; /* no usable connection id */
	__u64 quic_initial;
	__u64 quic_cid_v1;
	__u64 quic_cid_v2;
	__u64 quic_cid_v3;
	__u64 quic_cid_lb; /* IETF QUIC-LB */
	__u64 quic_routed;
	__u64 quic_unknown_id;
	__u64 quic_match; /* flow table agreed with the id */
	__u64 quic_mismatch;
	__u64 quic_not_found;
	__u64 server_id_syn;
	__u64 server_id_ring;
	__u64 server_id_routed;
	__u64 server_id_mismatch;
	__u64 stable_ring;
	__u64 stable_routed;
	__u64 stable_unknown_id;
	__u64 stable_invalid; /* no stable-routing header */
	__u64 decap_ipip_v4; /* by outer family */
	__u64 decap_ipip_v6;
	__u64 decap_gue_v4;
	__u64 decap_gue_v6;
	__u64 decap_listed; /* tunnel packets to a listed destination */
	__u64 decap_forwarded_v4; /* inner packets that went through the balancer again */
	__u64 decap_forwarded_v6;
	__u64 decap_returned_v4; /* inner packets sent back out (egress) */
	__u64 decap_returned_v6;
	__u64 events_lost;
	__u64 drops[DROP_REASONS];
};

enum decap_flag {
	DECAP_PASS = 1 << 0, /* the inner packet is for this host */
	DECAP_RETURN = 1 << 1, /* send the inner packet back out instead of balancing it */
};

struct decap_key {
	__be32 addr[4];
};

enum event_kind {
	EVENT_UNKNOWN_FLOW, /* TCP non-SYN that no flow entry names */
	EVENT_TOO_BIG,
	EVENT_UNKNOWN_SERVER, /* dropped as unknown_server */
};

/* Precedes the packet's first bytes in a perf sample. */
struct event {
	__u32 kind; /* enum event_kind */
	__u32 frame_bytes;
	__u32 captured;
	__u32 pad;
};

#define EVENT_CAPTURE 128

/* ---- State that only user space reads and writes; the kernel is the database ---- */

enum slot_state { SLOT_FREE, SLOT_USED, SLOT_RETIRED };
enum member_state { MEMBER_UP, MEMBER_DRAINED, MEMBER_DOWN };
enum ring_hash { RING_MAGLEV_V1 = 1, RING_MAGLEV_V2 = 2 };

struct balancer_info {
	__u32 abi_version;
	__u32 ifindex;
	__u64 sequence; /* counts completed commands; a plan is for one sequence */
	__u64 attached_at; /* Unix time, s */
	char name[NAME_SIZE];
	char ifname[NAME_SIZE];
	char mode[NAME_SIZE]; /* native, generic, offload */
	char version[NAME_SIZE]; /* of weir that attached */
};

struct vip_info {
	__be32 addr[4];
	__be16 port;
	__u8 proto;
	__u8 family; /* 4, 6 */
	__u8 prefix_len; /* 32 or 128 for a plain address */
	__u8 state; /* enum slot_state */
	__u8 ring_hash; /* enum ring_hash */
	__u8 pad;
	__u32 flags; /* enum vip_flag */
	__u32 pad2;
	char name[NAME_SIZE];
};

struct real_info {
	__be32 addr[4];
	__u8 family;
	__u8 state; /* enum slot_state; retired: deleted, but prev or entries still name it */
	__u8 pad[2];
	__u32 flags; /* REAL_LOCAL, REAL_IPIP, REAL_GUE as configured */
	char name[NAME_SIZE];
};

struct member_key {
	__u16 vip;
	__u16 real;
};

struct member {
	__u32 weight;
	__u8 state; /* enum member_state */
	__u8 pad[3];
};

/* ---- decap.bpf.c, on reals ---- */

struct decap_settings {
	__u32 abi_version;
	__u32 server_id; /* of this real for TCP server-id routing; 0: none */
	__be16 gue_port;
	__u8 ipip;
	__u8 gue;
	__u8 any_destination; /* strip whatever the outer destination is */
	__u8 per_vip; /* count inner destinations in decap_vips */
	__u8 compat_katran; /* drop fragments and IPv4 options, as katran */
	__u8 pad;
};

/* What clients talk to, as learnt from an inner packet. */
struct inner_vip {
	__be32 addr[4];
	__be16 port;
	__u8 proto;
	__u8 family;
};

struct decap_counters {
	__u64 ipip_v4; /* stripped, by outer family */
	__u64 ipip_v6;
	__u64 gue_v4;
	__u64 gue_v6;
	__u64 passed; /* not for decapsulation */
	__u64 not_listed; /* of these: tunnel packets to an address that is not this host's */
	__u64 server_id_seen; /* TCP non-SYN with a server id */
	__u64 server_id_mismatch; /* of these: another real's */
	__u64 malformed; /* dropped: tunnel packet without a complete inner header */
	__u64 congested; /* dropped: congestion mark for a sender without ECN */
	__u64 refused; /* dropped: fragment or IPv4 options, with compat_katran */
	__u64 failed; /* dropped: the kernel refused to move the packet head */
};

/* ---- probe.bpf.c, health-check egress ---- */

struct probe_settings {
	__u32 abi_version;
	__u32 max_packet; /* bytes of a check packet with Ethernet header; 0: no limit */
	__be16 gue_port;
	__u8 ttl;
	__u8 pad;
};

/* In .data.probe_host: changes while running. Tunnel devices of 0: weir builds the outer header. */
struct probe_host {
	__u32 ifindex; /* where check packets leave */
	__u32 tunnel_v4; /* ifindex of an `ipip external` device, 0: none */
	__u32 tunnel_v6; /* ifindex of an `ip6tnl external` device, 0: none */
	__be32 source_v4;
	__be32 source_v6[4];
	__u8 local_mac[6];
	__u8 gateway_mac[6];
	__u32 pad;
};

struct probe_real {
	__be32 addr[4];
	__u32 flags; /* REAL_IPV6, REAL_GUE */
};

struct probe_counters {
	__u64 sent; /* left towards a real */
	__u64 skipped; /* no mark, or a mark that names no real */
	__u64 too_big; /* dropped: longer than max_packet */
	__u64 failed; /* dropped: no IP packet, or the kernel refused the outer header */
};

#define ASSERT_SIZE(type, size) _Static_assert(sizeof(type) == (size), #type " changed its size")
ASSERT_SIZE(struct vip_entry, 32);
ASSERT_SIZE(struct vip_bucket, 64);
ASSERT_SIZE(struct vip_cidr_key, 24);
ASSERT_SIZE(struct ring, 262160);
ASSERT_SIZE(struct real, 32);
ASSERT_SIZE(struct flow_key, 24);
ASSERT_SIZE(struct flow_bucket, 256);
ASSERT_SIZE(struct global_flow, 8);
ASSERT_SIZE(struct host, 32);
ASSERT_SIZE(struct vip_info, 96);
ASSERT_SIZE(struct real_info, 88);
ASSERT_SIZE(struct member, 8);
ASSERT_SIZE(struct inner_vip, 20);
ASSERT_SIZE(struct probe_host, 48);
ASSERT_SIZE(struct probe_real, 20);

#endif
