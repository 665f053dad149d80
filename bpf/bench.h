/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the programs of `weir bench` and user space both see. For bench.bpf.c and reference.bpf.c
 * only; ffi/bench/bench.gen.ts is generated from here.
 */
#ifndef WEIR_BENCH_H
#define WEIR_BENCH_H

#include <linux/types.h>

/* Bytes of a frame that are written anew for every packet. What is behind them stays, or becomes
 * zero where the target cut it off: no program reads it. */
#define BENCH_HEAD 128
#define BENCH_TEMPLATES 64
/* Flows whose forwarding `audit` can keep. */
#define BENCH_SEEN 1048576

/* One kind of packet. */
struct bench_template {
	__u8 head[BENCH_HEAD];
	__u16 length; /* of the frame, at least BENCH_HEAD, bytes */
	__u16 client; /* offset of the client's address, last four bytes; the flow is added to them */
	__u16 port; /* offset of the client's port */
	__u16 pad;
};

/* What comes next; user space writes all of it before a run. */
struct bench_state {
	__u32 templates; /* in use, less one; a power of two in use */
	__u32 flows; /* a power of two, less one */
	__u32 first; /* number of the first flow */
	__u32 ascending; /* flows in order; 0: in random order */
	__u32 random; /* state of the generator */
	__u32 packets; /* so far */
	__u32 failed; /* packets that never reached the target */
	__u32 flow; /* of the packet before, counted from `first` */
	__u64 start; /* address where frames begin */
	__u64 now; /* address where the frame begins as the target left it */
};

/* ---- reference.bpf.c: a balancer of the classical kind ---- */

#define REFERENCE_CPUS 128
#define REFERENCE_REALS 4096
#define REFERENCE_SLOTS 65537

struct reference_flow_key {
	__be32 src[4];
	__be32 dst[4];
	__be16 sport;
	__be16 dport;
	__u8 proto;
	__u8 pad[3];
};

struct reference_flow {
	__u32 real;
	__u32 pad;
	__u64 last_seen; /* ns, UDP only */
};

struct reference_vip_key {
	__be32 addr[4];
	__be16 port;
	__u8 proto;
	__u8 pad;
};

struct reference_vip {
	__u32 flags;
	__u32 number;
};

struct reference_real {
	__be32 addr[4];
	__u32 flags;
};

struct reference_control {
	__u8 mac[6];
	__u8 pad[2];
};

struct reference_count {
	__u64 packets;
	__u64 bytes;
};

#define ASSERT_SIZE(type, size) _Static_assert(sizeof(type) == (size), #type " changed its size")
ASSERT_SIZE(struct bench_template, 136);
ASSERT_SIZE(struct bench_state, 48);
ASSERT_SIZE(struct reference_flow_key, 40);
ASSERT_SIZE(struct reference_flow, 16);
ASSERT_SIZE(struct reference_vip_key, 20);
ASSERT_SIZE(struct reference_real, 20);

#endif
