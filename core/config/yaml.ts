/**
 * The YAML parser, by the one name it has here. The package's browser build is pure ESM; its default
 * entry is CommonJS and would add 30 ms to every command that reads a file.
 *
 * @module
 */
// @ts-types="npm:yaml@2.9.1"
export {
  Document as YamlDocument,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
} from "../../node_modules/yaml/browser/index.js";
