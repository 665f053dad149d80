/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Which VIP a packet is for. docs/dataplane.md section 3. */
#ifndef WEIR_VIP_H
#define WEIR_VIP_H

#include "hash.h"
#include "maps.h"
#include "packet.h"
#include "scratch.h"

/* port, proto and family as the word that stands in struct vip_entry. */
static __always_inline __u32 vip_tail(__be16 port, __u8 proto, __u8 family)
{
	return (__u32)port | (__u32)proto << 16 | (__u32)family << 24;
}

static __always_inline bool vip_entry_is(const struct vip_entry *entry, const __be32 addr[4],
					 __u32 tail, int family)
{
	const __u32 *entry_tail = (const void *)&entry->port;

	if (*entry_tail != tail || entry->addr[0] != addr[0])
		return false;
	return family == 4 || (entry->addr[1] == addr[1] && entry->addr[2] == addr[2] &&
			       entry->addr[3] == addr[3]);
}

static __always_inline const struct vip_entry *vip_bucket_find(const struct vip_bucket *bucket,
							       const __be32 addr[4], __u32 tail,
							       int family)
{
	if (vip_entry_is(&bucket->entry[0], addr, tail, family))
		return &bucket->entry[0];
	if (vip_entry_is(&bucket->entry[1], addr, tail, family))
		return &bucket->entry[1];
	return NULL;
}

/* One look-up of the cuckoo table: the first bucket, and the second only if one of the first's
 * keys lives there. */
static __always_inline const struct vip_entry *vip_table_find(void *table, const __be32 addr[4],
							      __u32 tail, int family)
{
	__u64 hash = vip_hash(addr, tail, family);
	__u32 index = vip_hash_first(hash, settings.vip_bucket_mask);
	const struct vip_bucket *bucket = bpf_map_lookup_elem(table, &index);
	const struct vip_entry *entry;

	if (!bucket)
		return NULL;
	entry = vip_bucket_find(bucket, addr, tail, family);
	if (entry || !bucket->entry[0].more)
		return entry;
	index = vip_hash_second(hash, settings.vip_bucket_mask);
	bucket = bpf_map_lookup_elem(table, &index);
	return bucket ? vip_bucket_find(bucket, addr, tail, family) : NULL;
}

static __always_inline const struct vip_cidr *vip_cidr_find(const __be32 addr[4], __be16 port,
							     __u8 proto, int family)
{
	struct vip_cidr_key key = {
		.prefix_len = 32 + (family == 6 ? 128 : 32),
		.port = port,
		.proto = proto,
		.family = (__u8)family,
	};

	memcpy(key.addr, addr, sizeof(key.addr));
	return bpf_map_lookup_elem(&vip_cidrs, &key);
}

/* One port: the table first, then the prefixes. */
static __always_inline bool vip_find_port(void *table, const struct packet *pkt, __be16 port,
					  struct vip_match *match)
{
	__u32 tail = vip_tail(port, pkt->protocol, pkt->family);
	const struct vip_entry *entry = vip_table_find(table, pkt->dst, tail, pkt->family);

	if (entry) {
		match->flags = entry->flags;
		match->vip = entry->vip;
		return true;
	}
	if (settings.cidr) {
		const struct vip_cidr *cidr =
			vip_cidr_find(pkt->dst, port, pkt->protocol, pkt->family);

		if (cidr) {
			match->flags = cidr->flags;
			match->vip = cidr->vip;
			return true;
		}
	}
	return false;
}

static __always_inline bool vip_find(const struct packet *pkt, struct vip_match *match)
{
	__u32 zero = 0;
	void *table = bpf_map_lookup_elem(&vip_tables, &zero);

	if (!table)
		return false;
	if (vip_find_port(table, pkt, pkt->ports.dst, match)) {
		match->any_port = settings.compat_katran && match->flags & VIP_CIDR;
	} else {
		if (!(host.any_port_vips || settings.cidr))
			return false;
		if (!vip_find_port(table, pkt, 0, match))
			return false;
		match->any_port = true;
	}
	if (match->flags & (VIP_DPORT_HASH | VIP_HASH_SRC_DST_PORT))
		match->any_port = false;
	return true;
}

/* Does any VIP have this address? Asked for what has no ports: echo, fragments, stumps. */
static __always_inline bool vip_has_address(const __be32 addr[4], int family)
{
	__u32 zero = 0;
	void *table = bpf_map_lookup_elem(&vip_tables, &zero);

	if (!table)
		return false;
	if (vip_table_find(table, addr, vip_tail(0, 0, (__u8)family), family))
		return true;
	return settings.cidr && vip_cidr_find(addr, 0, 0, family);
}

#endif
