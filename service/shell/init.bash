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
    COMPREPLY+=("$(printf '%q' "${line%%$'\t'*}")")
  done < <(command codex-share complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
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
