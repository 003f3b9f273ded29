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
  local line typed
  typed=${COMP_LINE:0:COMP_POINT}
  # Before 4.3, as on macOS, bash counts the bytes up to the cursor and not the characters.
  if (( BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] < 403 )); then
    typed=$(LC_ALL=C; printf %s "${COMP_LINE:0:COMP_POINT}")
  fi
  COMPREPLY=()
  while IFS= read -r line; do
    COMPREPLY+=("$line")
  done < <(command codex-share complete bash "$COMP_WORDBREAKS" "$typed" 2>/dev/null)
  # Behind a folder comes what is in it. The bash of macOS has no compopt, and puts a space only behind what is the one candidate.
  if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == */ ]]; then
    compopt -o nospace 2>/dev/null || COMPREPLY+=("${COMPREPLY[0]} ")
  fi
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
