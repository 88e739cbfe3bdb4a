#! /bin/sh
# test-hardening.sh: what the compiler and the linker were asked for against
# attackers, read back from the programs
# SPDX-FileCopyrightText: 2026 The gsock authors
# SPDX-License-Identifier: GPL-3.0-or-later
. "${0%/*}/../lib/functions.sh"
requires readelf
# The programs, and not what starts them under a checker.
test -z "$TEST_WRAPPER" || PATH=$GSOCK_BUILDDIR:$PATH

# What configure found: a compiler may lack one of them.  A package, where
# nobody says what was found, has them all.
found=${GSOCK_HARDENING--fstack-protector-strong -pie -Wl,-z,relro,-z,now \
-Wl,-z,noexecstack}

# has FLAG: whether configure found it
has ()
{
  case " $found " in
    *" $1 "*) return 0 ;;
    *) return 1 ;;
  esac
}

for tool in gsock-client gsock-get gsock-resolve gsock-server; do
  program=$(command -v "$tool") || continue    # gsock-resolve takes ldns
  dynamic=$(readelf -dW "$program")
  segments=$(readelf -lW "$program")

  if has -pie; then
    like "$(readelf -hW "$program")" 'Type: +DYN' "$tool is at no fixed address"
    like "$dynamic" 'FLAGS_1.*PIE' '... as a program, not a library'
  else
    skip 2 'the linker makes no PIE'
  fi
  if has -Wl,-z,relro,-z,now; then
    like "$segments" '^ +GNU_RELRO ' '... its tables are read-only once it runs'
    like "$dynamic" '\(FLAGS\).*BIND_NOW|\(BIND_NOW\)|FLAGS_1.*NOW' \
      '... all of them: every symbol is bound at its start'
  else
    skip 2 'the linker has no RELRO'
  fi
  if has -Wl,-z,noexecstack; then
    like "$segments" '^ +GNU_STACK .* RW +0x' '... no code is run on its stack'
  else
    skip 1 'the linker knows nothing of stacks'
  fi
  unlike "$segments" '^ +LOAD .* [R ]WE +0x' \
    '... nothing can be both written to and run'
  unlike "$dynamic" '\((RPATH|RUNPATH)\)' '... its libraries are the system'\''s'
  unlike "$dynamic" '\(TEXTREL\)' '... its code is not written to at its start'
  symbols=$(readelf --dyn-syms -W "$program")
  if printf '%s\n' "$symbols" | grep -Eq '__(asan|ubsan|tsan)_'; then
    skip 1 'the sanitizers look after the stack'
  elif has -fstack-protector-strong; then
    like "$symbols" '__stack_chk_(fail|guard)' '... its stack has a guard'
  else
    skip 1 'the compiler has no stack protector'
  fi
done

done_testing
