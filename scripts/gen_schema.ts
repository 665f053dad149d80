/** `deno task gen`: writes docs/weir.schema.json; config_json_schema_test.ts holds that it is current. */
import { configJsonSchema } from "../core/config/config_json_schema.ts";

const path = new URL("../docs/weir.schema.json", import.meta.url);
await Deno.writeTextFile(path, `${JSON.stringify(configJsonSchema(), null, 2)}\n`);
