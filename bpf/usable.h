/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* May flows of a VIP go to a real? Down is per VIP, so that one bad port does not take a server
 * out of the others; the flag in the real's entry keeps the second look-up off the usual path. */
#ifndef WEIR_USABLE_H
#define WEIR_USABLE_H

#include "maps.h"

/* Of a real that is active. */
static __always_inline bool real_is_up(const struct real *entry, __u32 real, __u16 vip)
{
	struct down_key key = { .vip = vip, .real = (__u16)real };

	return !(entry->flags & REAL_DOWN_SOMEWHERE) || !bpf_map_lookup_elem(&down, &key);
}

static __always_inline bool real_is_usable(__u32 real, __u16 vip)
{
	const struct real *entry = bpf_map_lookup_elem(&reals, &real);

	return entry && entry->flags & REAL_ACTIVE && real_is_up(entry, real, vip);
}

#endif
