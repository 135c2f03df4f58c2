#compdef farmgatectl
# SPDX-License-Identifier: BSD-2-Clause
#
# Completion of farmgatectl(8) in zsh. The forms are what forms.sh has printed
# of the program that this belongs to.

local -a _farmgatectl_forms=(
@FORMS@
)

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
		compadd -- /etc/pam.d/^(common-*|*.*|*~)(N-.:t)
		;;
	USER)
		_users
		;;
	KIND)
		compadd -- ${(f)"$(_farmgatectl_catalogue 2)"}
		;;
	NAME)
		compadd -- ${(f)"$(_farmgatectl_catalogue 1)"}
		;;
	FILE*|AUDIT|PROGRAM|SSHD_CONFIG)
		_files
		;;
	*[A-Z]*)
		;;
	*)
		compadd -- ${(s:|:)1}
		;;
	esac
}

# FORM WORD...: offer what can follow the words, the last of which is being
# typed.
_farmgatectl_of_form()
{
	local -a form=(${=1}) options operands
	local token kind

	shift
	if (( $# == 1 )); then
		compadd -- $form[1]
		return
	fi
	[[ $form[1] == $1 ]] || return
	shift
	shift form
	if [[ $form[1] =~ '^[a-z][a-z-]*$' ]]; then
		if (( $# == 1 )); then
			compadd -- $form[1]
			return
		fi
		[[ $form[1] == $1 ]] || return
		shift
		shift form
	fi
	for token in $form; do
		case $token in
		-*)	options+=(${token%%=*}) ;;
		*)	operands+=($token) ;;
		esac
		if (( $# > 1 )) && [[ $token == "$@[-2]="* ]]; then
			kind=${token#*=}
		fi
	done
	if [[ -n $kind ]]; then
		_farmgatectl_values $kind
	elif [[ $@[-1] == -* || $#operands -eq 0 ]]; then
		compadd -- $options --help
	else
		for token in ${(u)operands}; do
			_farmgatectl_values $token
		done
	fi
}

_farmgatectl()
{
	setopt localoptions extendedglob
	local -a typed=("${(@)words[2,CURRENT]}")
	local form

	[[ $typed[1] != -S ]] || (( $#typed <= 2 )) || shift 2 typed
	for form in $_farmgatectl_forms; do
		_farmgatectl_of_form $form "$typed[@]"
	done
}

_farmgatectl
