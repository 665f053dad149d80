/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Packets that carry the number of their server: QUIC connection ids, the UDP stable-routing
 * header, the TCP server-id option. docs/dataplane.md section 5.
 */
#ifndef WEIR_IDENTIFY_H
#define WEIR_IDENTIFY_H

#include "maps.h"
#include "packet.h"
#include "tcp_option.h"
#include "usable.h"

#define QUIC_LONG 0x80
#define QUIC_TYPE_HANDSHAKE 0x20 /* types below: Initial, 0-RTT */
#define QUIC_TYPE_MASK 0x30
#define QUIC_LONG_MIN 14
#define QUIC_SHORT_MIN 9
#define QUIC_MIN_ID 8

#define STABLE_MARK 0x52
#define STABLE_SIZE 8

enum server_found { SERVER_UNKNOWN, SERVER_FOUND, SERVER_BROKEN };

/* Offset of the transport header, at most 62; masked for the verifier, which knows nothing of a
 * packet in scratch. */
static __always_inline __u32 l4_of(const struct packet *pkt)
{
	return pkt->l4 & 0x3f;
}

struct server {
	enum server_found found;
	__u32 real;
};

/* Broken: the id maps to a real without an entry. A real that is down is as good as unknown. */
static __always_inline struct server server_of_id(__u32 id, __u16 vip)
{
	struct server server = { SERVER_UNKNOWN, NO_REAL };
	const __u32 *real = bpf_map_lookup_elem(&server_ids, &id);
	const struct real *entry;

	if (!real || *real == NO_REAL)
		return server;
	server.real = *real;
	entry = bpf_map_lookup_elem(&reals, &server.real);
	if (!entry || !(entry->flags & REAL_ACTIVE))
		server.found = SERVER_BROKEN;
	else if (real_is_up(entry, server.real, vip))
		server.found = SERVER_FOUND;
	return server;
}

/* Server id in a connection id of at least eight bytes (version in the top bits), 0: none. */
static __always_inline __u32 quic_server_id(const __u8 *cid, struct counters *count)
{
	__u8 lb_length = settings.quic_lb_id_length[cid[0] >> 5];
	__u32 word = (__u32)cid[1] << 24 | (__u32)cid[2] << 16 | (__u32)cid[3] << 8 | cid[4];
	__u32 id = 0;

	if (lb_length) {
		id = word >> (32 - 8 * lb_length);
		if (id)
			count->quic_cid_lb++;
		return id;
	}
	switch (cid[0] >> 6) {
	case 1:
		id = (__u32)(cid[0] & 0x3f) << 10 | (__u32)cid[1] << 2 | cid[2] >> 6;
		if (id)
			count->quic_cid_v1++;
		break;
	case 2:
		id = word >> 8;
		if (id)
			count->quic_cid_v2++;
		break;
	case 3:
		id = word;
		if (id)
			count->quic_cid_v3++;
		break;
	}
	return id;
}

/* The connection id of a QUIC packet (RFC 9000 section 17) if it can carry a server id. */
static __always_inline const __u8 *quic_connection_id(const struct cursor *cur,
						       const struct packet *pkt, bool *initial)
{
	__u32 offset = l4_of(pkt) + UDP_SIZE;
	const __u8 *quic = cursor_at(cur, offset, QUIC_SHORT_MIN);

	if (!quic)
		return NULL;
	if (!(quic[0] & QUIC_LONG))
		return quic + 1;
	quic = cursor_at(cur, offset, QUIC_LONG_MIN);
	if (!quic)
		return NULL;
	if (!(quic[1] | quic[2] | quic[3] | quic[4])) /* version negotiation */
		return NULL;
	if ((quic[0] & QUIC_TYPE_MASK) < QUIC_TYPE_HANDSHAKE) {
		*initial = true;
		return NULL;
	}
	return quic[5] < QUIC_MIN_ID ? NULL : quic + 6;
}

/* ICMP errors carry no QUIC header of the client; some codes mean nothing to QUIC servers. */
static __always_inline void quic_count_icmp(const struct packet *pkt, struct counters *count)
{
	count->quic_icmp++;
	if (pkt->family == 6 ? pkt->icmp_code == 3 || pkt->icmp_code == 4 :
			       pkt->icmp_code == 1 || pkt->icmp_code == 3)
		count->quic_icmp_ignorable++;
}

static __always_inline struct server quic_server(const struct cursor *cur, const struct packet *pkt,
						 __u16 vip, struct counters *count, bool *initial)
{
	struct server server = { SERVER_UNKNOWN, NO_REAL };
	const __u8 *cid;
	__u32 id = 0;

	if (pkt->icmp) {
		quic_count_icmp(pkt, count);
		return server;
	}
	cid = quic_connection_id(cur, pkt, initial);
	if (*initial) {
		count->quic_initial++;
		return server;
	}
	if (cid)
		id = quic_server_id(cid, count);
	if (id) {
		server = server_of_id(id, vip);
		if (server.found == SERVER_FOUND)
			count->quic_routed++;
		else if (server.found == SERVER_UNKNOWN)
			count->quic_unknown_id++;
	}
	if (server.found == SERVER_UNKNOWN)
		count->quic_ring++;
	return server;
}

static __always_inline struct server stable_server(const struct cursor *cur,
						   const struct packet *pkt, __u16 vip,
						   struct counters *count)
{
	struct server server = { SERVER_UNKNOWN, NO_REAL };
	const __u8 *header = cursor_at(cur, l4_of(pkt) + UDP_SIZE, STABLE_SIZE);
	__u32 id;

	if (pkt->icmp)
		return server;
	if (!header || header[0] != STABLE_MARK) {
		count->stable_invalid++;
		count->stable_ring++;
		return server;
	}
	id = (__u32)header[1] << 16 | (__u32)header[2] << 8 | header[3];
	if (id) {
		server = server_of_id(id, vip);
		if (server.found == SERVER_FOUND)
			count->stable_routed++;
		else if (server.found == SERVER_UNKNOWN)
			count->stable_unknown_id++;
	}
	if (server.found == SERVER_UNKNOWN)
		count->stable_ring++;
	return server;
}

/* option_id: what tcp_option_server_id() found; asked for by the caller, since a third frame of
 * calls is too much for the 512 bytes of stack that 5.10 and 6.1 allow (rounded up to 32 each). */
static __always_inline struct server tcp_server(__u32 option_id, const struct packet *pkt,
						__u16 vip, struct counters *count)
{
	struct server server = { SERVER_UNKNOWN, NO_REAL };

	if (pkt->icmp)
		return server;
	if (pkt->syn) {
		count->server_id_syn++;
		return server;
	}
	if (option_id)
		server = server_of_id(option_id, vip);
	if (server.found == SERVER_FOUND) {
		count->server_id_routed++;
	} else {
		server.found = SERVER_UNKNOWN;
		count->server_id_ring++;
	}
	return server;
}

#endif
