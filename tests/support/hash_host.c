/*
 * bpf/hash.h and bpf/checksum.h for the host: one question a line on standard input, the answer in
 * hexadecimal. `flow SOURCE PORTS`, `flow6 W0 W1 W2 W3 PORTS`, `slot HASH`, `fold SUM`,
 * `sum W0 W1 W2 W3`, `key SEED W0 W1 W2`, all words in hexadecimal as they lie in memory.
 */
#define __always_inline inline
#include <stdio.h>
#include <string.h>
#include "hash.h"
#include "checksum.h"

#define WORDS 5

static unsigned long long answer(const char *question, const unsigned long long *word)
{
	const __be32 addr[4] = { (__be32)word[0], (__be32)word[1], (__be32)word[2], (__be32)word[3] };
	const __u64 key[3] = { word[1], word[2], word[3] };

	if (!strcmp(question, "flow"))
		return flow_hash((__u32)word[0], (__u32)word[1]);
	if (!strcmp(question, "flow6"))
		return flow_hash(lookup3_address(addr, FLOW_SEED_V6), (__u32)word[4]);
	if (!strcmp(question, "slot"))
		return flow_slot((__u32)word[0]);
	if (!strcmp(question, "fold"))
		return sum_fold(word[0]);
	if (!strcmp(question, "sum"))
		return sum_fold(sum_address(0, addr));
	if (!strcmp(question, "key"))
		return flow_key_hash(key, (__u32)word[0]);
	return ~0ull;
}

int main(void)
{
	char line[256], question[16];

	while (fgets(line, sizeof(line), stdin)) {
		unsigned long long word[WORDS] = { 0 };

		if (sscanf(line, "%15s %llx %llx %llx %llx %llx", question, &word[0], &word[1],
			   &word[2], &word[3], &word[4]) < 2)
			return 1;
		printf("%llx\n", answer(question, word));
	}
	return 0;
}
