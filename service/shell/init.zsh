# For ~/.zshrc: eval "$(codex-share shell-init zsh)"

# `codex share …` is codex-share's; everything else goes to Codex as it is.
codex() {
  if [[ "${1-}" == share ]]; then
    command codex-share "$@"
  else
    command codex "$@"
  fi
}

_codex_share() {
  local line text about
  local -a found suffix
  for line in "${(@f)$(command codex-share complete -- "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)}"; do
    [[ -n $line ]] || continue
    # As _describe takes it: a colon in between, and both with backslashes doubled.
    line=${line//\\/\\\\}
    text=${${line%%$'\t'*}//:/\\:}
    about=${line#*$'\t'}
    found+=("$text${about:+:$about}")
  done
  if (( $#found )); then
    # Behind a folder comes what is in it.
    [[ $#found == 1 && $text == */ ]] && suffix=(-S '')
    _describe codex-share found "${suffix[@]}"
  else
    _files
  fi
}

_codex_with_share() {
  if (( CURRENT > 2 )) && [[ $words[2] == share ]]; then
    _codex_share
  elif (( $+functions[_codex] )); then
    _codex "$@"
  elif (( CURRENT == 2 )); then
    compadd share
  else
    _files
  fi
}

(( $+functions[compdef] )) || { autoload -Uz compinit && compinit -i }
compdef _codex_share codex-share
compdef _codex_with_share codex
