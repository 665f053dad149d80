import { help, type StricliIntegration } from "@stricli/core";
import type { Context } from "./command.ts";
import { ROOT_HELP } from "./help.ts";
import { VERSION } from "./version.ts";

const generated = help<Context>({
  brief: "Print help and exit",
  complete: true,
  defaultForRouteMap: true,
  formatting: {
    useAliasInUsageLine: false,
    onlyRequiredInUsageLine: true,
    caseStyle: "convert-camel-to-kebab",
  },
});

/** `--help` everywhere, in our own words at the top, and `--version`. */
export const integrations: Readonly<Record<string, StricliIntegration<Context>>> = {
  help: {
    ...generated,
    ...(generated.flag === undefined ? {} : {
      flag: {
        ...generated.flag,
        run(app, args) {
          // Generated help of the whole tree would not fit a screen.
          if (args.result.target === app.root) this.process.stdout.write(ROOT_HELP);
          else return generated.flag?.run.call(this, app, args);
        },
      },
    }),
  },
  version: {
    flag: {
      brief: "Print the version and exit",
      aliases: [],
      run() {
        this.process.stdout.write(`weir ${VERSION}\n`);
      },
    },
  },
};
