# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_redis_check_global_optspecs
    string join \n deadline= grace= output= termination-log= env-dir= e/env= print-config v/verbose h/help V/version
end

function __fish_redis_check_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_redis_check_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_redis_check_using_subcommand
    set -l cmd (__fish_redis_check_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c redis-check -n "__fish_redis_check_needs_command" -l deadline -d 'How long to wait in all before giving up with exit code 75' -r
complete -c redis-check -n "__fish_redis_check_needs_command" -l grace -d 'How long to retry what is probably a mistake, such as a wrong password, before giving up with exit code 69' -r
complete -c redis-check -n "__fish_redis_check_needs_command" -l output -d 'How to print results' -r -f -a "auto\t'A table and a progress line on a terminal, text elsewhere'
text\t'One line for every change of state'
json\t'One JSON object a line, with a `schema` number'"
complete -c redis-check -n "__fish_redis_check_needs_command" -l termination-log -d 'File for the final message; by default Kubernetes\' /dev/termination-log where that exists' -r -F
complete -c redis-check -n "__fish_redis_check_needs_command" -l env-dir -d 'Folder whose files are variables, such as a mounted Secret: file name = variable, content = value' -r -F
complete -c redis-check -n "__fish_redis_check_needs_command" -s e -l env -d 'Override one variable; secrets are refused here' -r
complete -c redis-check -n "__fish_redis_check_needs_command" -l print-config -d 'Print what was resolved, secrets masked, and where each value came from; then end'
complete -c redis-check -n "__fish_redis_check_needs_command" -s v -l verbose -d 'Log every try to standard error'
complete -c redis-check -n "__fish_redis_check_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c redis-check -n "__fish_redis_check_needs_command" -s V -l version -d 'Print version'
complete -c redis-check -n "__fish_redis_check_needs_command" -f -a "wait" -d 'Waits until every target is ready, or until one is hopeless, or until the deadline'
complete -c redis-check -n "__fish_redis_check_needs_command" -f -a "check" -d 'Looks once at every target and says what it found'
complete -c redis-check -n "__fish_redis_check_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c redis-check -n "__fish_redis_check_using_subcommand wait" -l target -d 'Which Redis to check; may be given several times' -r -f -a "app\t'Cache and locks of api and worker (`REDIS_*`)'
broker\t'The Celery broker (`CELERY_BROKER_URL`)'
results\t'Results of Celery\'s tasks (`CELERY_BACKEND`, at the broker)'
event-bus\t'Events of running workflows (`EVENT_BUS_REDIS_URL`)'
daemon\t'The plugin daemon\'s, which reads `REDIS_*` in its own way'
agent\t'The agent backend\'s (`DIFY_AGENT_REDIS_URL`)'"
complete -c redis-check -n "__fish_redis_check_using_subcommand wait" -l deadline -d 'How long to wait in all before giving up with exit code 75' -r
complete -c redis-check -n "__fish_redis_check_using_subcommand wait" -l grace -d 'How long to retry what is probably a mistake, such as a wrong password, before giving up with exit code 69' -r
complete -c redis-check -n "__fish_redis_check_using_subcommand wait" -l output -d 'How to print results' -r -f -a "auto\t'A table and a progress line on a terminal, text elsewhere'
text\t'One line for every change of state'
json\t'One JSON object a line, with a `schema` number'"
complete -c redis-check -n "__fish_redis_check_using_subcommand wait" -l termination-log -d 'File for the final message; by default Kubernetes\' /dev/termination-log where that exists' -r -F
complete -c redis-check -n "__fish_redis_check_using_subcommand wait" -l env-dir -d 'Folder whose files are variables, such as a mounted Secret: file name = variable, content = value' -r -F
complete -c redis-check -n "__fish_redis_check_using_subcommand wait" -s e -l env -d 'Override one variable; secrets are refused here' -r
complete -c redis-check -n "__fish_redis_check_using_subcommand wait" -l print-config -d 'Print what was resolved, secrets masked, and where each value came from; then end'
complete -c redis-check -n "__fish_redis_check_using_subcommand wait" -s v -l verbose -d 'Log every try to standard error'
complete -c redis-check -n "__fish_redis_check_using_subcommand wait" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c redis-check -n "__fish_redis_check_using_subcommand wait" -s V -l version -d 'Print version'
complete -c redis-check -n "__fish_redis_check_using_subcommand check" -l target -d 'Which Redis to check; may be given several times' -r -f -a "app\t'Cache and locks of api and worker (`REDIS_*`)'
broker\t'The Celery broker (`CELERY_BROKER_URL`)'
results\t'Results of Celery\'s tasks (`CELERY_BACKEND`, at the broker)'
event-bus\t'Events of running workflows (`EVENT_BUS_REDIS_URL`)'
daemon\t'The plugin daemon\'s, which reads `REDIS_*` in its own way'
agent\t'The agent backend\'s (`DIFY_AGENT_REDIS_URL`)'"
complete -c redis-check -n "__fish_redis_check_using_subcommand check" -l deadline -d 'How long to wait in all before giving up with exit code 75' -r
complete -c redis-check -n "__fish_redis_check_using_subcommand check" -l grace -d 'How long to retry what is probably a mistake, such as a wrong password, before giving up with exit code 69' -r
complete -c redis-check -n "__fish_redis_check_using_subcommand check" -l output -d 'How to print results' -r -f -a "auto\t'A table and a progress line on a terminal, text elsewhere'
text\t'One line for every change of state'
json\t'One JSON object a line, with a `schema` number'"
complete -c redis-check -n "__fish_redis_check_using_subcommand check" -l termination-log -d 'File for the final message; by default Kubernetes\' /dev/termination-log where that exists' -r -F
complete -c redis-check -n "__fish_redis_check_using_subcommand check" -l env-dir -d 'Folder whose files are variables, such as a mounted Secret: file name = variable, content = value' -r -F
complete -c redis-check -n "__fish_redis_check_using_subcommand check" -s e -l env -d 'Override one variable; secrets are refused here' -r
complete -c redis-check -n "__fish_redis_check_using_subcommand check" -l print-config -d 'Print what was resolved, secrets masked, and where each value came from; then end'
complete -c redis-check -n "__fish_redis_check_using_subcommand check" -s v -l verbose -d 'Log every try to standard error'
complete -c redis-check -n "__fish_redis_check_using_subcommand check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c redis-check -n "__fish_redis_check_using_subcommand check" -s V -l version -d 'Print version'
complete -c redis-check -n "__fish_redis_check_using_subcommand help; and not __fish_seen_subcommand_from wait check help" -f -a "wait" -d 'Waits until every target is ready, or until one is hopeless, or until the deadline'
complete -c redis-check -n "__fish_redis_check_using_subcommand help; and not __fish_seen_subcommand_from wait check help" -f -a "check" -d 'Looks once at every target and says what it found'
complete -c redis-check -n "__fish_redis_check_using_subcommand help; and not __fish_seen_subcommand_from wait check help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
