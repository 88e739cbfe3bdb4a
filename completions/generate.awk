# generate.awk: completions out of options.table and one template a shell
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# awk -v tool=client -f generate.awk options.table bash.in
#
# In a template @TOOL@ is the tool, a line that begins with #server# or
# #client,resolve# is for those only, and @BASH_KINDS@ and the like are what is
# made of the table.

# Whether the tool is one of a list: "client", "client,resolve", "both" (the
# server and the client), "all".
function is_for(list,  i, count, names)
{
  if (list == "all" || (list == "both" && tool ~ /^(server|client)$/))
    return 1
  count = split(list, names, ",")
  for (i = 1; i <= count; i++)
    if (names[i] == tool || (names[i] == "both" && tool ~ /^(server|client)$/))
      return 1
  return 0
}

function quoted(word)
{
  gsub(/'/, "'\\''", word)
  return "'" word "'"
}

function fill(name)
{
  if (name == "BASH_KINDS")
    bash_kinds()
  else if (name == "BASH_VALUES")
    bash_values()
  else if (name == "ZSH_OPTIONS")
    zsh_options()
  else if (name == "FISH_OPTIONS")
    fish_options()
}

function bash_kinds(  i)
{
  for (i = 1; i <= count; i++)
    if (kinds[i] != "flag")
      print "    " (short[i] != "-" ? "-" short[i] " | " : "") long[i] \
        ") kind=" kinds[i] (optional[i] ? "" : " next=1") " ;;"
}

function bash_values(  i)
{
  for (i = 1; i <= value_count; i++)
    print "    " value_kinds[i] ")\n      words='" values[value_kinds[i]] "' ;;"
}

function bash_options(  i, all)
{
  for (i = 1; i <= count; i++)
    all = all (i % 4 == 1 ? "\n  " : " ") long[i] \
      (kinds[i] == "flag" || optional[i] ? "" : "=")
  return all
}

function zsh_action(i)
{
  if (kinds[i] in values)
    return kinds[i] ":(" values[kinds[i]] ")"
  if (kinds[i] == "file")
    return "file:_files"
  if (kinds[i] == "text" || kinds[i] == "rule" || kinds[i] == "owner")
    return kinds[i] ":_gsock_" tool "_" kinds[i]
  return kinds[i] ": "
}

function zsh_options(  i, many, flag, spec)
{
  for (i = 1; i <= count; i++)
    {
      many = long[i] ~ /^--(allow|deny|header|sockopt|verbose)$/
      flag = kinds[i] == "flag"
      spec = "[" text[i] "]"
      if (!flag)
        spec = spec (optional[i] ? "::" : ":") zsh_action(i)
      if (short[i] == "-")
        print "  " quoted((many ? "*" : "") long[i] \
          (flag ? "" : optional[i] ? "=-" : "=") spec) " \\"
      else
        print "  " quoted(many ? "*" : "(-" short[i] " " long[i] ")") "{-" \
          short[i] (flag ? "" : "+") "," long[i] (flag ? "" : "=") "}" \
          quoted(spec) " \\"
    }
}

function fish_options(  i, line)
{
  for (i = 1; i <= count; i++)
    {
      line = "complete -c gsock-" tool (short[i] != "-" ? " -s " short[i] : "")
      line = line " -l " substr(long[i], 3)
      if (kinds[i] in values)
        line = line " -x -a " quoted(values[kinds[i]])
      else if (kinds[i] == "file" || (kinds[i] == "text" && !optional[i]))
        line = line " -r -F"
      else if (kinds[i] == "rule")
        line = line " -x -a 'uid: gid: @'"
      else if (kinds[i] == "owner")
        line = line " -x -a '(__fish_complete_users)'"
      else if (kinds[i] != "flag" && !optional[i])
        line = line " -x"
      print line " -d " quoted(text[i])
    }
}

# The table

FILENAME ~ /\.table$/ && $1 == "value" {
  value_kinds[++value_count] = $2
  kind = $2
  sub(/^value +[^ ]+ +/, "")
  values[kind] = $0
}

FILENAME ~ /\.table$/ && $1 == "option" && is_for($2) {
  short[++count] = $3
  long[count] = $4
  optional[count] = $5 ~ /\?$/
  kinds[count] = $5
  sub(/\?$/, "", kinds[count])
  sub(/^option +[^ ]+ +[^ ]+ +[^ ]+ +[^ ]+ +/, "")
  text[count] = $0
}

FILENAME ~ /\.table$/ {
  next
}

# The template

/^#[a-z,]+#/ {
  split($0, parts, "#")
  if (!is_for(parts[2]))
    next
  sub(/^#[a-z,]+#/, "")
}

/^@[A-Z_]+@$/ {
  fill(substr($0, 2, length($0) - 2))
  next
}

{
  gsub(/@TOOL@/, tool)
  if ($0 ~ /@BASH_OPTIONS@/)
    {
      all = bash_options()
      sub(/@BASH_OPTIONS@/, all)
    }
  print
}
