/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The yardstick of `weir bench`: TCP over IPv4 balanced the classical way, as balancers of the
 * katran kind do it. Every flow is remembered in an LRU hash of its CPU, the VIP is looked up in a
 * hash, and each control value, counter and ring slot in an array of its own. It carries the speed
 * of the machine from one run to the next, so do not make it faster.
 */
#include <stdbool.h>
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include "checksum.h"
#include "hash.h"
#include "packet.h"
#include "bench.h"

#define VIPS 512
#define SECOND_NS 1000000000ull
#define NEW_FLOWS_PER_SECOND 125000

#define CONTROL_SIZE 16
#define CONTROL_GATEWAY 0

/* Counters: one for each VIP, then these. */
#define COUNT_VIP_PACKETS (VIPS + 0)
#define COUNT_MISSES (VIPS + 1)
#define COUNT_RECEIVED (VIPS + 2)
#define COUNT_SENT (VIPS + 3)
#define COUNT_DROPPED (VIPS + 4)
#define COUNT_PASSED (VIPS + 5)

/* clang 19 leaves a struct that only an inner map names as a forward declaration in BTF. */
struct reference_flow_key *flow_key_type __attribute__((unused));
struct reference_flow *flow_type __attribute__((unused));

/* User space writes all maps but counters; flow tables both sides write. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, VIPS);
	__type(key, struct reference_vip_key);
	__type(value, struct reference_vip);
} vips SEC(".maps");

struct flow_table {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1000);
	__type(key, struct reference_flow_key);
	__type(value, struct reference_flow);
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, REFERENCE_CPUS);
	__type(key, __u32);
	__array(values, struct flow_table);
} flow_tables SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, REFERENCE_SLOTS); /* of one VIP */
	__type(key, __u32);
	__type(value, __u32);
} ring SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, REFERENCE_REALS);
	__type(key, __u32);
	__type(value, struct reference_real);
} reals SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, CONTROL_SIZE);
	__type(key, __u32);
	__type(value, struct reference_control);
} control SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 2 * VIPS);
	__type(key, __u32);
	__type(value, struct reference_count);
} counts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, REFERENCE_REALS);
	__type(key, __u32);
	__type(value, struct reference_count);
} real_counts SEC(".maps");

struct window {
	__u64 since; /* ns */
	__u64 flows;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct window);
} windows SEC(".maps");

static __always_inline void count(void *map, __u32 index, __u64 bytes)
{
	struct reference_count *own = bpf_map_lookup_elem(map, &index);

	if (!own)
		return;
	own->packets++;
	own->bytes += bytes;
}

static __always_inline bool flood(__u64 now)
{
	__u32 only = 0;
	struct window *window = bpf_map_lookup_elem(&windows, &only);

	if (!window)
		return true;
	if (now - window->since > SECOND_NS) {
		window->flows = 1;
		window->since = now;
		return false;
	}
	return ++window->flows > NEW_FLOWS_PER_SECOND;
}

/* The ring's real, remembered unless too many flows are new. */
static __always_inline struct reference_real *place(struct reference_flow_key *key, void *table,
						    const struct reference_vip *vip, __u32 *index)
{
	__u32 ports = (__u32)key->sport | (__u32)key->dport << 16;
	__u32 slot = vip->number * REFERENCE_SLOTS + flow_hash(key->src[0], ports) % REFERENCE_SLOTS;
	__u64 now = bpf_ktime_get_ns();
	struct reference_flow flow = {};
	struct reference_real *real;
	__u32 *entry;

	entry = bpf_map_lookup_elem(&ring, &slot);
	if (!entry || !*entry)
		return NULL;
	*index = *entry;
	real = bpf_map_lookup_elem(&reals, entry);
	if (!real || flood(now))
		return real;
	flow.real = *index;
	bpf_map_update_elem(table, key, &flow, BPF_ANY);
	return real;
}

static __always_inline struct reference_real *find(struct reference_flow_key *key, bool syn,
						   const struct reference_vip *vip, __u32 *index)
{
	__u32 cpu = bpf_get_smp_processor_id();
	void *table = bpf_map_lookup_elem(&flow_tables, &cpu);
	struct reference_real *real = NULL;
	struct reference_flow *flow;

	if (!table)
		return NULL;
	if (!syn) {
		flow = bpf_map_lookup_elem(table, key);
		if (flow) {
			*index = flow->real;
			real = bpf_map_lookup_elem(&reals, index);
		}
	}
	if (!real) {
		count(&counts, COUNT_MISSES, 1);
		real = place(key, table, vip, index);
	}
	return real;
}

static __always_inline __u16 header_checksum(const struct ipv4_header *ip)
{
	const __u16 *word = (const void *)ip;
	__u64 sum = 0;
	int i;

#pragma unroll
	for (i = 0; i < IPV4_SIZE / 2; i++)
		sum += word[i];
	return ~sum_fold(sum);
}

static __always_inline bool encapsulate(struct xdp_md *ctx, const struct reference_flow_key *key,
					const struct reference_control *gateway,
					const struct reference_real *real, __u8 tos, __u16 bytes)
{
	struct eth_header *from, *eth;
	struct ipv4_header *ip;
	struct cursor cur;

	if (bpf_xdp_adjust_head(ctx, -IPV4_SIZE))
		return false;
	cur = cursor_of(ctx);
	eth = cursor_at(&cur, 0, ETH_SIZE);
	ip = cursor_at(&cur, ETH_SIZE, IPV4_SIZE);
	from = cursor_at(&cur, IPV4_SIZE, ETH_SIZE);
	if (!eth || !ip || !from)
		return false;
	memcpy(&eth->dst, gateway->mac, 6);
	memcpy(&eth->src, &from->dst, 6);
	eth->proto = bpf_htons(ETH_P_IP);
	memset(ip, 0, sizeof(*ip));
	ip->version_ihl = 0x45;
	ip->tos = tos;
	ip->total_length = bpf_htons(bytes + IPV4_SIZE);
	ip->ttl = 64;
	ip->protocol = IPPROTO_IPIP;
	ip->src = 0x10ac | (((__u32)bpf_ntohs(key->sport) << 16) ^ (key->src[0] & 0xffff0000));
	ip->dst = real->addr[0];
	ip->checksum = header_checksum(ip);
	return true;
}

/* The packet's flow and VIP; false: not for a VIP. */
static __always_inline bool classify(const struct ipv4_header *ip, const struct tcp_header *tcp,
				     struct reference_flow_key *key, struct reference_vip **vip)
{
	struct reference_vip_key vip_key = {};

	key->src[0] = ip->src;
	key->dst[0] = ip->dst;
	key->sport = tcp->ports.src;
	key->dport = tcp->ports.dst;
	key->proto = ip->protocol;
	vip_key.addr[0] = ip->dst;
	vip_key.port = tcp->ports.dst;
	vip_key.proto = ip->protocol;
	*vip = bpf_map_lookup_elem(&vips, &vip_key);
	return *vip;
}

static __always_inline int balance(struct xdp_md *ctx)
{
	struct cursor cur = cursor_of(ctx);
	const struct eth_header *eth = cursor_at(&cur, 0, ETH_SIZE);
	const struct ipv4_header *ip = cursor_at(&cur, ETH_SIZE, IPV4_SIZE);
	const struct tcp_header *tcp = cursor_at(&cur, ETH_SIZE + IPV4_SIZE, TCP_SIZE);
	__u32 index = CONTROL_GATEWAY, chosen = 0;
	struct reference_flow_key key = {};
	struct reference_control *gateway;
	struct reference_real *real;
	struct reference_vip *vip;
	__u16 bytes;
	__u8 tos;

	if (!eth || !ip || !tcp)
		return XDP_DROP;
	if (eth->proto != bpf_htons(ETH_P_IP) || ip->protocol != IPPROTO_TCP)
		return XDP_PASS;
	if (ip->version_ihl != 0x45 || ip->fragment & bpf_htons(0x3fff))
		return XDP_DROP;
	if (!classify(ip, tcp, &key, &vip))
		return XDP_PASS;
	if (cur.end - cur.data > 1514)
		return XDP_DROP;
	bytes = bpf_ntohs(ip->total_length);
	tos = ip->tos;
	count(&counts, COUNT_VIP_PACKETS, 0);
	real = find(&key, tcp->flags & TCP_FLAG_SYN, vip, &chosen);
	gateway = bpf_map_lookup_elem(&control, &index);
	if (!real || !gateway)
		return XDP_DROP;
	count(&counts, vip->number, bytes);
	count(&real_counts, chosen, bytes);
	return encapsulate(ctx, &key, gateway, real, tos, bytes) ? XDP_TX : XDP_DROP;
}

SEC("xdp")
int reference(struct xdp_md *ctx)
{
	__u64 bytes = ctx->data_end - ctx->data;
	int action;

	count(&counts, COUNT_RECEIVED, bytes);
	action = balance(ctx);
	count(&counts, action == XDP_TX ? COUNT_SENT : action == XDP_DROP ? COUNT_DROPPED :
									    COUNT_PASSED, bytes);
	return action;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
