#! /bin/sh
# test-completion.sh: what bash, zsh and fish make of a Tab after our tools
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
. "${0%/*}/../lib/functions.sh"

requires bash

# What is installed, or else what make has made.
completions=$GSOCK_SRCDIR/completions
bash_files=$completions
zsh_files=$completions
fish_files=$completions
if test -n "$GSOCK_INSTALLED"; then
  share=$(dirname "$(command -v gsock-server)")/../share
  test ! -d "$share/bash-completion/completions" ||
    bash_files=$share/bash-completion/completions
  test ! -f "$share/zsh/site-functions/_gsock-server" ||
    zsh_files=$share/zsh/site-functions
  test ! -f "$share/fish/vendor_completions.d/gsock-server.fish" ||
    fish_files=$share/fish/vendor_completions.d
fi
test -f "$bash_files/gsock-server" || skip_all 'no completions are installed'

# Things to find.
mkdir .ssh 'a dir'
: >record.json
: >'a dir/file'
: >socket-of-ours
cat >.ssh/known_hosts <<'END'
alpha.example,192.0.2.7 ssh-ed25519 AAAA
[beta.example]:2222 ssh-ed25519 AAAA
|1|c2FsdA==|aGFzaA== ssh-ed25519 AAAA
@revoked gamma.example ssh-ed25519 AAAA
*.wild.example ssh-ed25519 AAAA
END

# Bash: a real one, whose readline is asked to insert all completions and to
# write the line down.

bash_completes ()
{
  rm -f result
  {
    printf '%s' "$2"
    printf '\030\001\030\004\025'
  } >keys
  HISTFILE='' timeout "$DEADLINE" bash --noprofile --rcfile "$1" -i <keys \
    >/dev/null 2>&1
  is "$(sed 's/ *$//' result)" "$3" "$1: $2"
}

cat >plain <<END
PS1='$ '
cd '$TMP'
. '$bash_files/gsock-server'
. '$bash_files/gsock-client'
. '$bash_files/gsock-get'
. '$bash_files/gsock-resolve'
dump () { printf '%s\n' "\$READLINE_LINE" >result; }
bind -x '"\C-x\C-d": dump'
bind '"\C-x\C-a": insert-completions'
END

bash_tests ()
{
  bash_completes "$1" 'gsock-server --fr' 'gsock-server --frame='
  bash_completes "$1" 'gsock-server --ec' 'gsock-server --echo'
  bash_completes "$1" 'gsock-server --frame=u16' \
    'gsock-server --frame=u16 u16le'
  bash_completes "$1" 'gsock-server --frame=' \
    'gsock-server --frame=int line netstring nul raw u16 u16le u32 u32le u8'
  bash_completes "$1" 'gsock-server -f ne' 'gsock-server -f netstring'
  bash_completes "$1" 'gsock-server -f=ne' 'gsock-server -f=netstring'
  bash_completes "$1" 'gsock-server -fne' 'gsock-server -fnetstring'
  bash_completes "$1" 'gsock-client --sockopt=keep' \
    'gsock-client --sockopt=keepalive'
  bash_completes "$1" 'gsock-client --sockopt rcv' \
    'gsock-client --sockopt rcvbuf='
  bash_completes "$1" 'gsock-client --color n' 'gsock-client --color never'
  bash_completes "$1" 'gsock-client --retry=f' 'gsock-client --retry=forever'
  bash_completes "$1" 'gsock-server -o rec' 'gsock-server -o record.json'
  bash_completes "$1" 'gsock-server --record=rec' \
    'gsock-server --record=record.json'
  bash_completes "$1" 'gsock-server --greet=@rec' \
    'gsock-server --greet=@record.json'
  bash_completes "$1" 'gsock-server --allow=ui' 'gsock-server --allow=uid:'
  bash_completes "$1" 'gsock-server --allow uid:roo' \
    'gsock-server --allow uid:root'
  bash_completes "$1" 'gsock-server --deny=@rec' \
    'gsock-server --deny=@record.json'
  bash_completes "$1" 'gsock-server --owner root:roo' \
    'gsock-server --owner root:root'
  bash_completes "$1" 'gsock-server uni' 'gsock-server unix:'
  bash_completes "$1" 'gsock-server unix:sock' \
    'gsock-server unix:socket-of-ours'
  bash_completes "$1" 'gsock-server ./sock' 'gsock-server ./socket-of-ours'
  bash_completes "$1" 'gsock-client ./a\ dir/f' \
    'gsock-client ./a\ dir/file'
  bash_completes "$1" 'gsock-client alp' 'gsock-client alpha.example'
  bash_completes "$1" 'gsock-client tcp:bet' 'gsock-client tcp:beta.example'
  bash_completes "$1" 'gsock-client gamma' 'gsock-client gamma.example'
  bash_completes "$1" 'gsock-client wild' 'gsock-client wild'
  bash_completes "$1" 'gsock-client -- --fr' 'gsock-client -- --fr'
  bash_completes "$1" 'gsock-client ./socket-of-ours --jso' \
    'gsock-client ./socket-of-ours --json'
  bash_completes "$1" 'gsock-client ./socket-of-ours rec' \
    'gsock-client ./socket-of-ours rec'
  bash_completes "$1" 'gsock-get --incl' 'gsock-get --include'
  bash_completes "$1" 'gsock-get --request=PU' 'gsock-get --request=PUT'
  bash_completes "$1" 'gsock-get -o rec' 'gsock-get -o record.json'
  bash_completes "$1" 'gsock-resolve --type=DNSK' 'gsock-resolve --type=DNSKEY'
  bash_completes "$1" 'gsock-resolve --source bo' 'gsock-resolve --source both'
  bash_completes "$1" 'gsock-resolve alp' 'gsock-resolve alpha.example'
}

bash_tests plain
if getent services https >/dev/null; then
  bash_completes plain 'gsock-client alpha.example:https' \
    'gsock-client alpha.example:https'
  bash_completes plain 'gsock-client alpha.example htt' \
    "gsock-client alpha.example $(bash -c 'compgen -A service htt' | sort -u |
      tr '\n' ' ' | sed 's/ $//')"
else
  skip 2 'no service has a name here'
fi

if test -r /usr/share/bash-completion/bash_completion; then
  {
    echo '. /usr/share/bash-completion/bash_completion'
    cat plain
  } >with-bash-completion
  bash_tests with-bash-completion
fi

# Neither more nor fewer than the tool has.
for tool in gsock-server gsock-client gsock-get gsock-resolve; do
  # Not built without ldns.
  test "$tool" != gsock-resolve || command -v "$tool" >/dev/null || continue
  run "$tool" --help-all
  sed -nE 's/^ +(-.,)? *--([a-z0-9-]+).*/--\2/p' stdout | sort >has
  bash -c '. "$1" && variable=_${2//-/_}_options && printf "%s\n" ${!variable}' \
    bash "$bash_files/$tool" "$tool" | sed 's/=$//' | sort >offers
  same_bytes has offers "$tool: the options of --help-all are those offered"
done

# Zsh, on a terminal, which "script" gives it.

zsh_completes ()
{
  rm -f result
  printf '%s\t\030d\025' "$1" >&7
  wait_for "$DEADLINE" test -s result
  is "$(sed 's/ *$//' result 2>/dev/null)" "$2" "zsh: $1"
}

if command -v zsh >/dev/null && command -v script >/dev/null; then
  mkdir zdotdir
  cat >zdotdir/.zshrc <<END
cd '$TMP'
fpath=('$zsh_files' \$fpath)
autoload -Uz compinit
compinit -u -d '$TMP/.zcompdump'
dump () { print -r -- "\$BUFFER" >dumped && mv dumped result }
zle -N dump
bindkey '^Xd' dump
zle-line-init () { : >ready }
zle -N zle-line-init
END
  mkfifo typed
  exec 7<>typed
  HISTFILE='' ZDOTDIR=$TMP/zdotdir TERM=xterm \
    script -q -c 'zsh -d -i' /dev/null <typed >zsh.out 2>&1 &
  wait_for "$DEADLINE" test -e ready
  zsh_completes 'gsock-server --fra' 'gsock-server --frame='
  zsh_completes 'gsock-server --frame=nets' 'gsock-server --frame=netstring'
  zsh_completes 'gsock-server -f nets' 'gsock-server -f netstring'
  zsh_completes 'gsock-client --color=nev' 'gsock-client --color=never'
  zsh_completes 'gsock-client --record=rec' 'gsock-client --record=record.json'
  zsh_completes 'gsock-server --greet=@rec' 'gsock-server --greet=@record.json'
  zsh_completes 'gsock-server --allow=uid:roo' 'gsock-server --allow=uid:root'
  zsh_completes 'gsock-server unix:sock' 'gsock-server unix:socket-of-ours'
  zsh_completes 'gsock-client alpha' 'gsock-client alpha.example'
  zsh_completes 'gsock-get --request=PU' 'gsock-get --request=PUT'
  zsh_completes 'gsock-get --output=rec' 'gsock-get --output=record.json'
  zsh_completes 'gsock-resolve --source=bo' 'gsock-resolve --source=both'
  zsh_completes 'gsock-resolve -t DNSK' 'gsock-resolve -t DNSKEY'
  exec 7>&-
else
  skip 13 'needs zsh and script'
fi

# Fish answers by itself; since version 4 also with what has the letters elsewhere.

fish_completes ()
{
  is "$(fish --no-config -c \
    'source $argv[1]; complete -C $argv[2]' "$fish_files/${1%% *}.fish" "$1" \
    2>/dev/null | cut -f 1 |
    awk -v typed="${1##* }" 'index ($0, typed) == 1' | sort | tr '\n' ' ' | sed 's/ $//')" \
    "$2" "fish: $1"
}

if command -v fish >/dev/null; then
  fish_completes 'gsock-server --ch' '--chat'
  fish_completes 'gsock-server --frame=u16' '--frame=u16 --frame=u16le'
  fish_completes 'gsock-server -f nets' 'netstring'
  fish_completes 'gsock-client --color n' 'never'
  fish_completes 'gsock-client --record rec' 'record.json'
  fish_completes 'gsock-get --request PU' 'PUT'
  fish_completes 'gsock-get --output rec' 'record.json'
  fish_completes 'gsock-resolve --source bo' 'both'
  fish_completes 'gsock-resolve -t DNSK' 'DNSKEY'
else
  skip 9 'needs fish'
fi

done_testing
