import {
  type ApplicationText,
  ArgumentParseError,
  ArgumentScannerError,
  formatMessageForArgumentScannerError,
  text_en,
} from "@stricli/core";
import { nearest } from "../core/config/nearest.ts";

/** stricli's words, in the voice of weir's own errors. */
export const text: ApplicationText = {
  ...text_en,
  noCommandRegisteredForInput: ({ input, corrections }) => {
    const words = corrections.map((word) => word.replaceAll("`", '"')).join(" or ");
    const hint = words === "" ? "see: weir --help" : `did you mean ${words}?`;
    return `weir: Unknown command "${input}"; ${hint}`;
  },
  exceptionWhileParsingArguments: (error) => `weir: ${argumentMessage(error)}`,
  exceptionWhileLoadingCommandFunction: (error) => `weir: Cannot load the command: ${error}`,
  exceptionWhileLoadingCommandContext: (error) => `weir: Cannot start: ${error}`,
  exceptionWhileRunningCommand: (error) => `weir: Unexpected error: ${error}`,
  commandErrorResult: (error) => `weir: ${error.message}`,
};

function argumentMessage(error: unknown): string {
  if (error instanceof ArgumentParseError && error.exception instanceof Error) {
    return error.exception.message;
  }
  if (!(error instanceof ArgumentScannerError)) return String(error);
  return formatMessageForArgumentScannerError(error, {
    AliasNotFoundError: ({ input }) => `Unknown flag "-${input}"`,
    FlagNotFoundError: ({ input, corrections }) => {
      const words = corrections.map((word) => `"--${word}"`).join(" or ");
      return `Unknown flag "--${input}"${words === "" ? "" : `; did you mean ${words}?`}`;
    },
    EnumValidationError: ({ externalFlagName, input, values }) => {
      const near = nearest(input, values);
      return near === null
        ? `Expected --${externalFlagName} to be one of ${values.join(", ")} but found "${input}"`
        : `Unknown ${externalFlagName} "${input}"; did you mean "${near}"?`;
    },
    UnsatisfiedFlagError: ({ externalFlagName }) => `Missing the value of --${externalFlagName}`,
    UnexpectedFlagError: ({ externalFlagName, previousInput, input }) =>
      `Too many values for --${externalFlagName}: "${previousInput}" and "${input}"`,
    UnexpectedPositionalError: ({ expectedCount, input }) =>
      `Too many arguments: expected ${expectedCount}, then found "${input}"`,
    UnsatisfiedPositionalError: ({ placeholder }) => `Missing argument <${placeholder}>`,
    InvalidNegatedFlagSyntaxError: ({ externalFlagName }) =>
      `The flag --${externalFlagName} takes no value`,
  });
}
