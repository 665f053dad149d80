/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The server id that katran's TCP packet router puts into a TCP option. */
#ifndef WEIR_TCP_OPTION_H
#define WEIR_TCP_OPTION_H

#include "packet.h"

#define TCP_OPTION_END 0
#define TCP_OPTION_NOP 1
#define TCP_OPTION_SERVER_ID 0xb7
#define TCP_OPTION_SERVER_ID_SIZE 6
#define TCP_MAX_OPTIONS 15
#define TCP_MAX_OPTION_BYTES 40

/* Walks the options for kind 0xB7 of katran's TCP packet router; its id is little endian. A global
 * function: the verifier walks the loop once. */
__noinline __u32 tcp_option_server_id(struct xdp_md *ctx, __u32 l4)
{
	struct cursor cur = cursor_of(ctx);
	const struct tcp_header *tcp;
	__u32 offset = 0, left, i;

	l4 &= 0x3f;
	tcp = cursor_at(&cur, l4, TCP_SIZE);
	if (!tcp || (tcp->offset >> 4) < TCP_SIZE / 4)
		return 0;
	left = (tcp->offset >> 4) * 4 - TCP_SIZE;
	if (!cursor_at(&cur, l4 + TCP_SIZE - 1 + left, 1)) /* the header ends behind the frame */
		return 0;
	for (i = 0; i < TCP_MAX_OPTIONS; i++) {
		const __u8 *option;
		__u32 size;

		if (left < TCP_OPTION_SERVER_ID_SIZE || offset > TCP_MAX_OPTION_BYTES)
			return 0;
		/* No room for a server id behind here, so its six bytes can be asked for at once. */
		option = cursor_at(&cur, l4 + TCP_SIZE + offset, TCP_OPTION_SERVER_ID_SIZE);
		if (!option || option[0] == TCP_OPTION_END)
			return 0;
		if (option[0] == TCP_OPTION_NOP) {
			offset++;
			left--;
			continue;
		}
		size = option[1];
		if (option[0] == TCP_OPTION_SERVER_ID)
			return size != TCP_OPTION_SERVER_ID_SIZE ? 0 :
			       (__u32)option[2] | (__u32)option[3] << 8 |
			       (__u32)option[4] << 16 | (__u32)option[5] << 24;
		if (size < 2 || size > left)
			return 0;
		offset += size;
		left -= size;
	}
	return 0;
}

#endif
