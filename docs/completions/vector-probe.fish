# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_vector_probe_global_optspecs
    string join \n store= strict deadline= grace= output= termination-log= env-dir= e/env= print-config v/verbose h/help V/version
end

function __fish_vector_probe_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_vector_probe_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_vector_probe_using_subcommand
    set -l cmd (__fish_vector_probe_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c vector-probe -n "__fish_vector_probe_needs_command" -l store -d 'The stores to look at, instead of the one in `VECTOR_STORE`. A knowledge base stays in the store that it was made in, so after a change of `VECTOR_STORE` Dify uses both' -r
complete -c vector-probe -n "__fish_vector_probe_needs_command" -l deadline -d 'How long to wait in all before giving up with exit code 75' -r
complete -c vector-probe -n "__fish_vector_probe_needs_command" -l grace -d 'How long to retry what is probably a mistake, such as a wrong password, before giving up with exit code 69' -r
complete -c vector-probe -n "__fish_vector_probe_needs_command" -l output -d 'How to print results' -r -f -a "auto\t'A table and a progress line on a terminal, text elsewhere'
text\t'One line for every change of state'
json\t'One JSON object a line, with a `schema` number'"
complete -c vector-probe -n "__fish_vector_probe_needs_command" -l termination-log -d 'File for the final message; by default Kubernetes\' /dev/termination-log where that exists' -r -F
complete -c vector-probe -n "__fish_vector_probe_needs_command" -l env-dir -d 'Folder whose files are variables, such as a mounted Secret: file name = variable, content = value' -r -F
complete -c vector-probe -n "__fish_vector_probe_needs_command" -s e -l env -d 'Override one variable; secrets are refused here' -r
complete -c vector-probe -n "__fish_vector_probe_needs_command" -l strict -d 'Fail where only reachability can be proven, because nothing but the vendor\'s own client can log in'
complete -c vector-probe -n "__fish_vector_probe_needs_command" -l print-config -d 'Print what was resolved, secrets masked, and where each value came from; then end'
complete -c vector-probe -n "__fish_vector_probe_needs_command" -s v -l verbose -d 'Log every try to standard error'
complete -c vector-probe -n "__fish_vector_probe_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vector-probe -n "__fish_vector_probe_needs_command" -s V -l version -d 'Print version'
complete -c vector-probe -n "__fish_vector_probe_needs_command" -f -a "wait" -d 'Waits until every store is ready, or one is hopeless, or until the deadline'
complete -c vector-probe -n "__fish_vector_probe_needs_command" -f -a "check" -d 'Looks once and says what it found'
complete -c vector-probe -n "__fish_vector_probe_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c vector-probe -n "__fish_vector_probe_using_subcommand wait" -l store -d 'The stores to look at, instead of the one in `VECTOR_STORE`. A knowledge base stays in the store that it was made in, so after a change of `VECTOR_STORE` Dify uses both' -r
complete -c vector-probe -n "__fish_vector_probe_using_subcommand wait" -l deadline -d 'How long to wait in all before giving up with exit code 75' -r
complete -c vector-probe -n "__fish_vector_probe_using_subcommand wait" -l grace -d 'How long to retry what is probably a mistake, such as a wrong password, before giving up with exit code 69' -r
complete -c vector-probe -n "__fish_vector_probe_using_subcommand wait" -l output -d 'How to print results' -r -f -a "auto\t'A table and a progress line on a terminal, text elsewhere'
text\t'One line for every change of state'
json\t'One JSON object a line, with a `schema` number'"
complete -c vector-probe -n "__fish_vector_probe_using_subcommand wait" -l termination-log -d 'File for the final message; by default Kubernetes\' /dev/termination-log where that exists' -r -F
complete -c vector-probe -n "__fish_vector_probe_using_subcommand wait" -l env-dir -d 'Folder whose files are variables, such as a mounted Secret: file name = variable, content = value' -r -F
complete -c vector-probe -n "__fish_vector_probe_using_subcommand wait" -s e -l env -d 'Override one variable; secrets are refused here' -r
complete -c vector-probe -n "__fish_vector_probe_using_subcommand wait" -l strict -d 'Fail where only reachability can be proven, because nothing but the vendor\'s own client can log in'
complete -c vector-probe -n "__fish_vector_probe_using_subcommand wait" -l print-config -d 'Print what was resolved, secrets masked, and where each value came from; then end'
complete -c vector-probe -n "__fish_vector_probe_using_subcommand wait" -s v -l verbose -d 'Log every try to standard error'
complete -c vector-probe -n "__fish_vector_probe_using_subcommand wait" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vector-probe -n "__fish_vector_probe_using_subcommand wait" -s V -l version -d 'Print version'
complete -c vector-probe -n "__fish_vector_probe_using_subcommand check" -l store -d 'The stores to look at, instead of the one in `VECTOR_STORE`. A knowledge base stays in the store that it was made in, so after a change of `VECTOR_STORE` Dify uses both' -r
complete -c vector-probe -n "__fish_vector_probe_using_subcommand check" -l deadline -d 'How long to wait in all before giving up with exit code 75' -r
complete -c vector-probe -n "__fish_vector_probe_using_subcommand check" -l grace -d 'How long to retry what is probably a mistake, such as a wrong password, before giving up with exit code 69' -r
complete -c vector-probe -n "__fish_vector_probe_using_subcommand check" -l output -d 'How to print results' -r -f -a "auto\t'A table and a progress line on a terminal, text elsewhere'
text\t'One line for every change of state'
json\t'One JSON object a line, with a `schema` number'"
complete -c vector-probe -n "__fish_vector_probe_using_subcommand check" -l termination-log -d 'File for the final message; by default Kubernetes\' /dev/termination-log where that exists' -r -F
complete -c vector-probe -n "__fish_vector_probe_using_subcommand check" -l env-dir -d 'Folder whose files are variables, such as a mounted Secret: file name = variable, content = value' -r -F
complete -c vector-probe -n "__fish_vector_probe_using_subcommand check" -s e -l env -d 'Override one variable; secrets are refused here' -r
complete -c vector-probe -n "__fish_vector_probe_using_subcommand check" -l strict -d 'Fail where only reachability can be proven, because nothing but the vendor\'s own client can log in'
complete -c vector-probe -n "__fish_vector_probe_using_subcommand check" -l print-config -d 'Print what was resolved, secrets masked, and where each value came from; then end'
complete -c vector-probe -n "__fish_vector_probe_using_subcommand check" -s v -l verbose -d 'Log every try to standard error'
complete -c vector-probe -n "__fish_vector_probe_using_subcommand check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vector-probe -n "__fish_vector_probe_using_subcommand check" -s V -l version -d 'Print version'
complete -c vector-probe -n "__fish_vector_probe_using_subcommand help; and not __fish_seen_subcommand_from wait check help" -f -a "wait" -d 'Waits until every store is ready, or one is hopeless, or until the deadline'
complete -c vector-probe -n "__fish_vector_probe_using_subcommand help; and not __fish_seen_subcommand_from wait check help" -f -a "check" -d 'Looks once and says what it found'
complete -c vector-probe -n "__fish_vector_probe_using_subcommand help; and not __fish_seen_subcommand_from wait check help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
