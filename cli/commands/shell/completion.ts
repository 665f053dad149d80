import { Exit, type ExitCode } from "../../exit.ts";
import type { Host } from "../../host.ts";

/** Shells that completion scripts exist for. */
export type Shell = "bash" | "zsh" | "fish";

/** Each hands the words before and at the cursor to `weir __complete`, one candidate a line. */
const SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: `# weir completion for bash: eval "$(weir completion bash)"
_weir() {
  local IFS=$'\\n' line=\${COMP_LINE:0:COMP_POINT}
  local cur=\${line##*[[:space:]]} words
  IFS=' ' read -r -a words <<<"$line"
  [[ -z $cur ]] && words+=("")
  COMPREPLY=($(weir __complete "\${words[@]:1}" 2>/dev/null | cut -f1))
  # bash takes a colon for the begin of a word; what stands before it must not be repeated.
  if [[ $cur == *:* && $COMP_WORDBREAKS == *:* ]]; then
    local prefix=\${cur%"\${cur##*:}"}
    COMPREPLY=("\${COMPREPLY[@]#"$prefix"}")
  fi
}
complete -o default -F _weir weir
`,
  zsh: `#compdef weir
# weir completion for zsh: eval "$(weir completion zsh)"
_weir() {
  local -a lines candidates
  lines=("\${(@f)$(weir __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  local line
  for line in $lines; do
    candidates+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  (( \${#candidates} )) && _describe weir candidates || _files
}
(( $+functions[compdef] )) && compdef _weir weir
`,
  fish: `# weir completion for fish: weir completion fish | source
function __weir_complete
  set -l words (commandline -opc) (commandline -ct)
  weir __complete $words[2..] 2>/dev/null
end
complete -c weir -f -n 'test (count (__weir_complete)) -gt 0' -a '(__weir_complete)'
`,
};

/** `weir completion <shell>` */
export function completionCommand(
  host: Host,
  _flags: Readonly<Record<never, never>>,
  shell: Shell,
): ExitCode {
  host.stdout.write(SCRIPTS[shell]);
  return Exit.ok;
}
