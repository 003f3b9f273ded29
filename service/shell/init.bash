# For ~/.bashrc: eval "$(codex-share shell-init bash)"

# `codex share …` is codex-share's; everything else goes to Codex as it is.
codex() {
  if [ "${1-}" = share ]; then
    command codex-share "$@"
  else
    command codex "$@"
  fi
}

_codex_share() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    COMPREPLY+=("$line")
  done < <(command codex-share complete bash "$COMP_WORDBREAKS" "${COMP_LINE:0:COMP_POINT}" 2>/dev/null)
  # Behind a folder comes what is in it. The bash of macOS has no compopt.
  if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == */ ]]; then compopt -o nospace 2>/dev/null; fi
}

_codex_with_share() {
  if [ "$COMP_CWORD" -gt 1 ] && [ "${COMP_WORDS[1]}" = share ]; then
    _codex_share
  elif declare -F _codex >/dev/null; then
    _codex "$@"
  elif [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W share -- "${COMP_WORDS[1]}"))
  fi
}

complete -o default -F _codex_share codex-share
complete -o default -F _codex_with_share codex
