import {
  type ApplicationText,
  ArgumentParseError,
  ArgumentScannerError,
  formatMessageForArgumentScannerError,
  text_en,
} from "@stricli/core";
import { nearest } from "../core/config/nearest.ts";
import { printable } from "./printable.ts";

/** Characters of a value in a message. */
const LONGEST = 40;

/** stricli's words, in the voice of weir's own errors. */
export const text: ApplicationText = {
  ...text_en,
  noCommandRegisteredForInput: ({ input, corrections }) => {
    const words = corrections.map((word) => word.replaceAll("`", '"')).join(" or ");
    const hint = words === "" ? "see: weir --help" : `did you mean ${words}?`;
    return `weir: Unknown command "${printable(cut(input))}"; ${hint}`;
  },
  exceptionWhileParsingArguments: (error) => `weir: ${printable(argumentMessage(error))}`,
  exceptionWhileLoadingCommandFunction: (error) => `weir: Cannot load the command: ${error}`,
  exceptionWhileLoadingCommandContext: (error) => `weir: Cannot start: ${error}`,
  exceptionWhileRunningCommand: (error) => `weir: Unexpected error: ${error}`,
  commandErrorResult: (error) => `weir: ${error.message}`,
};

function argumentMessage(error: unknown): string {
  if (error instanceof ArgumentParseError && error.exception instanceof Error) {
    return error.exception.message.replace(/(?<=found ")(.+)(?="$)/s, cut);
  }
  if (!(error instanceof ArgumentScannerError)) return String(error);
  return formatMessageForArgumentScannerError(error, {
    AliasNotFoundError: ({ input }) => `Unknown flag "-${input}"`,
    FlagNotFoundError: ({ input, corrections }) => {
      const words = corrections.map((word) => `"--${kebab(word)}"`).join(" or ");
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

/** stricli suggests the names that the code has. */
function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Enough of a value to know it by. */
function cut(value: string): string {
  const characters = [...value];
  return characters.length <= LONGEST ? value : `${characters.slice(0, LONGEST).join("")}...`;
}
