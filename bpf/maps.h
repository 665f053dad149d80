/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The maps of the load balancer. For lb.bpf.c only. Each says who writes it, who reads it, why
 * this type. max_entries marked "attach" are set by user space before load.
 */
#ifndef WEIR_MAPS_H
#define WEIR_MAPS_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "abi.h"

const volatile struct settings settings = {};

struct host host SEC(".data.host") = {};

/* clang 19 leaves a struct that only an inner map's value names as a forward declaration in BTF;
 * naming it as a type of its own makes it whole. */
struct vip_bucket *vip_bucket_type __attribute__((unused));
struct ring *ring_type __attribute__((unused));

/* User space swaps, program reads. Array of maps: the whole table changes in one write, and both
 * look-ups are inlined by the verifier (equal max_entries, so no BPF_F_INNER_MAP). */
struct vip_table {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2); /* attach: settings.vip_bucket_mask + 1 */
	__type(key, __u32);
	__type(value, struct vip_bucket);
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 1);
	__type(key, __u32);
	__array(values, struct vip_table);
} vip_tables SEC(".maps");

/* User space writes, program reads when settings.cidr. */
struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 1024); /* attach */
	__type(key, struct vip_cidr_key);
	__type(value, struct vip_cidr);
} vip_cidrs SEC(".maps");

/* User space swaps a VIP's inner map, program reads. One value: current, prev and time change
 * together; 128 KiB of u16 slots stay in L2. */
struct vip_ring {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct ring);
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 1024); /* attach: max_vips */
	__type(key, __u32);
	__array(values, struct vip_ring);
} rings SEC(".maps");

/* User space writes, program reads. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4096); /* attach: max_reals */
	__type(key, __u32);
	__type(value, struct real);
} reals SEC(".maps");

/* Program writes and reads, user space maps it into memory to list and purge. One table for all
 * CPUs, so that a flow keeps its entry when it moves to another CPU. An array of our own buckets,
 * because the kernel's LRU hash reads three cold lines where this reads one (docs/adr/0005). */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 32768); /* attach: settings.flow_bucket_mask + 1 */
	__type(key, __u32);
	__type(value, struct flow_bucket);
} flows SEC(".maps");

/* Filled from outside (a synchroniser), program reads for VIPs with global-flows. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1); /* attach */
	__type(key, struct flow_key);
	__type(value, struct global_flow);
} global_flows SEC(".maps");

/* User space writes; the program asks only for reals with REAL_DOWN_SOMEWHERE. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 65536); /* attach */
	__type(key, struct down_key);
	__type(value, __u8);
} down SEC(".maps");

/* User space writes, program reads: server id to real index. A hash holds what is used, where
 * an array of 2^24 ids takes 128 MiB. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 65536); /* attach */
	__type(key, __u32);
	__type(value, __u32);
} server_ids SEC(".maps");

/* User space writes, program reads: source prefix to real index. */
struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 65536); /* attach */
	__type(key, struct source_key_v4);
	__type(value, __u32);
} sources_v4 SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 65536); /* attach */
	__type(key, struct source_key_v6);
	__type(value, __u32);
} sources_v6 SEC(".maps");

/* User space writes, program reads: outer destinations that are decapsulated inline, with
 * enum decap_flag. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 1024); /* attach */
	__type(key, struct decap_key);
	__type(value, __u32);
} decap_destinations SEC(".maps");

/* User space writes: slot 0 is weir_lb_inner, which takes a packet after inline decapsulation. */
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} recirculation SEC(".maps");

/* Program writes struct event and the packet's first bytes, user space polls. */
struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} events SEC(".maps");

/* Program writes, user space reads. Per-CPU arrays: a counter is one inlined look-up and an add. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct counters);
} counters SEC(".maps");

static __always_inline struct counters *counters_get(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&counters, &zero);
}

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1024); /* attach: max_vips */
	__type(key, __u32);
	__type(value, struct vip_traffic);
} vip_counters SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 4096); /* attach: max_reals */
	__type(key, __u32);
	__type(value, struct traffic);
} real_counters SEC(".maps");

/* ---- User space only: the configured state ---- */

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct balancer_info);
} balancer_info SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1024); /* attach: max_vips */
	__type(key, __u32);
	__type(value, struct vip_info);
} vip_info SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4096); /* attach: max_reals */
	__type(key, __u32);
	__type(value, struct real_info);
} real_info SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 262144); /* attach */
	__type(key, struct member_key);
	__type(value, struct member);
} members SEC(".maps");

#endif
