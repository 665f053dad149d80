/** What becomes of packets, table by table: verdict, real, and every counter that moves. */
import { tableTest } from "./table.ts";
import { TABLES } from "./tables/mod.ts";

for (const table of TABLES) tableTest(table);
