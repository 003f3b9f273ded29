# For ~/.config/fish/config.fish: codex-share shell-init fish | source

# `codex share …` is codex-share's; everything else goes to Codex as it is.
function codex --description 'Codex, with `codex share`'
    if test "$argv[1]" = share
        command codex-share $argv
    else
        command codex $argv
    end
end

# Files only where there is nothing else.
function __codex_share_candidates
    set -l words (commandline -opc)
    set -l typed (commandline -ct)
    # A quote may be open.
    set -l word (string unescape -- $typed; or string unescape -- "$typed'"; or string unescape -- "$typed\"")
    set -l found (command codex-share complete -- $words[2..-1] "$word" 2>/dev/null)
    if set -q found[1]
        printf '%s\n' $found
    else
        __fish_complete_path $typed
    end
end

function __codex_is_share
    set -l words (commandline -opc)
    test (count $words) -ge 2; and test "$words[2]" = share
end

complete -c codex-share -f -a '(__codex_share_candidates)'
complete -c codex -n __fish_use_subcommand -a share -d 'Share one live thread'
complete -c codex -n __codex_is_share -f -a '(__codex_share_candidates)'
