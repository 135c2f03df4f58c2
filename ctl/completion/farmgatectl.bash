# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Completion of farmgatectl(8) in bash. The forms are what forms.sh has printed
# of the program that this belongs to.

_farmgatectl_forms=(
@FORMS@
)

# COMMAND...: what it prints is offered, a line each, as far as it begins with
# what was typed.
_farmgatectl_offer()
{
	local line

	while IFS= read -r line; do
		[[ $line != "$typed"* ]] || COMPREPLY+=("$line")
	done < <("$@")
}

_farmgatectl_services()
{
	find /etc/pam.d -maxdepth 1 -type f ! -name 'common-*' \
	    ! -name '*.*' ! -name '*~' -printf '%f\n' 2>/dev/null | sort
}

# COLUMN: of the catalogue's table, each value once.
_farmgatectl_catalogue()
{
	farmgatectl catalogue list 2>/dev/null |
	    awk -v column="$1" 'NR > 1 { print $column }' | sort -u
}

# KIND: offer what can stand where a form names it so.
_farmgatectl_values()
{
	case $1 in
	SERVICE)
		_farmgatectl_offer _farmgatectl_services
		;;
	USER)
		_farmgatectl_offer compgen -u
		;;
	KIND)
		_farmgatectl_offer _farmgatectl_catalogue 2
		;;
	NAME)
		_farmgatectl_offer _farmgatectl_catalogue 1
		;;
	FILE*|AUDIT|PROGRAM|SSHD_CONFIG)
		compopt -o filenames
		_farmgatectl_offer compgen -f -- "$typed"
		;;
	*[A-Z]*)
		;;
	*)
		_farmgatectl_offer printf '%s\n' "${1//|/$'\n'}"
		;;
	esac
}

# FORM WORD...: offer what can follow the words, the last of which is being
# typed.
_farmgatectl_of_form()
{
	local form token kind='' options=() operands=()

	read -ra form <<<"$1"
	shift
	if [ $# -eq 1 ]; then
		_farmgatectl_offer echo "${form[0]}"
		return
	fi
	[ "${form[0]}" = "$1" ] || return
	shift
	form=("${form[@]:1}")
	if [[ ${form[0]-} =~ ^[a-z][a-z-]*$ ]]; then
		if [ $# -eq 1 ]; then
			_farmgatectl_offer echo "${form[0]}"
			return
		fi
		[ "${form[0]}" = "$1" ] || return
		shift
		form=("${form[@]:1}")
	fi
	for token in "${form[@]}"; do
		case $token in
		-*)	options+=("${token%%=*}") ;;
		*)	operands+=("$token") ;;
		esac
		if [ $# -gt 1 ] && [[ $token == "${*: -2:1}="* ]]; then
			kind=${token#*=}
		fi
	done
	if [ -n "$kind" ]; then
		_farmgatectl_values "$kind"
	elif [[ $typed == -* || ${#operands[@]} -eq 0 ]]; then
		_farmgatectl_offer printf '%s\n' "${options[@]}" --help
	else
		for token in "${operands[@]}"; do
			_farmgatectl_values "$token"
		done
	fi
}

_farmgatectl()
{
	local form words=("${COMP_WORDS[@]:1:COMP_CWORD}")
	local typed=${COMP_WORDS[COMP_CWORD]}

	COMPREPLY=()
	[ "${words[0]}" != -S ] || [ "${#words[@]}" -le 2 ] ||
	    words=("${words[@]:2}")
	for form in "${_farmgatectl_forms[@]}"; do
		_farmgatectl_of_form "$form" "${words[@]}"
	done
}

complete -F _farmgatectl farmgatectl
