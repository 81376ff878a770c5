# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_db_migrate_global_optspecs
    string join \n deadline= grace= output= termination-log= env-dir= e/env= print-config v/verbose h/help V/version
end

function __fish_db_migrate_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_db_migrate_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_db_migrate_using_subcommand
    set -l cmd (__fish_db_migrate_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c db-migrate -n "__fish_db_migrate_needs_command" -l deadline -d 'How long to wait in all before giving up with exit code 75' -r
complete -c db-migrate -n "__fish_db_migrate_needs_command" -l grace -d 'How long to retry what is probably a mistake, such as a wrong password, before giving up with exit code 69' -r
complete -c db-migrate -n "__fish_db_migrate_needs_command" -l output -d 'How to print results' -r -f -a "auto\t'A table and a progress line on a terminal, text elsewhere'
text\t'One line for every change of state'
json\t'One JSON object a line, with a `schema` number'"
complete -c db-migrate -n "__fish_db_migrate_needs_command" -l termination-log -d 'File for the final message; by default Kubernetes\' /dev/termination-log where that exists' -r -F
complete -c db-migrate -n "__fish_db_migrate_needs_command" -l env-dir -d 'Folder whose files are variables, such as a mounted Secret: file name = variable, content = value' -r -F
complete -c db-migrate -n "__fish_db_migrate_needs_command" -s e -l env -d 'Override one variable; secrets are refused here' -r
complete -c db-migrate -n "__fish_db_migrate_needs_command" -l print-config -d 'Print what was resolved, secrets masked, and where each value came from; then end'
complete -c db-migrate -n "__fish_db_migrate_needs_command" -s v -l verbose -d 'Log every try to standard error'
complete -c db-migrate -n "__fish_db_migrate_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c db-migrate -n "__fish_db_migrate_needs_command" -s V -l version -d 'Print version'
complete -c db-migrate -n "__fish_db_migrate_needs_command" -f -a "wait" -d 'Waits until the schema (or the database) is ready, or until it is hopeless, or until the deadline'
complete -c db-migrate -n "__fish_db_migrate_needs_command" -f -a "check" -d 'Looks once and says what it found'
complete -c db-migrate -n "__fish_db_migrate_needs_command" -f -a "status" -d 'Shows revisions, decision, lock holder and recorded migrations'
complete -c db-migrate -n "__fish_db_migrate_needs_command" -f -a "run" -d 'Migrates: takes the lock, decides, runs the command, and proves the result'
complete -c db-migrate -n "__fish_db_migrate_needs_command" -f -a "repair" -d 'Shows the statements that mend a revision which an interrupted migration left half applied; executes them with --yes'
complete -c db-migrate -n "__fish_db_migrate_needs_command" -f -a "bootstrap" -d 'Creates what is missing of databases, role and extensions; never changes what is there'
complete -c db-migrate -n "__fish_db_migrate_needs_command" -f -a "install" -d 'Copies this program into a folder, so that it can run inside Dify\'s own image'
complete -c db-migrate -n "__fish_db_migrate_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c db-migrate -n "__fish_db_migrate_using_subcommand wait" -l for -d 'What to prove: the schema at the image\'s head, or only a database in which a migration could work' -r -f -a "schema\t''
database\t''"
complete -c db-migrate -n "__fish_db_migrate_using_subcommand wait" -l target -d 'Whose database; several are looked at side by side. By default the one that the variables are for' -r -f -a "app\t'That of api and worker'
daemon\t'That of the plugin daemon'"
complete -c db-migrate -n "__fish_db_migrate_using_subcommand wait" -l migrations -d 'Folder with the image\'s revision files' -r -F
complete -c db-migrate -n "__fish_db_migrate_using_subcommand wait" -l on-ahead -d 'What to do about a schema that is newer than the image' -r -f -a "allow\t'Go on with a warning: pods of the release before must be able to restart during an upgrade'
fail\t'End with exit code 69'"
complete -c db-migrate -n "__fish_db_migrate_using_subcommand wait" -l deadline -d 'How long to wait in all before giving up with exit code 75' -r
complete -c db-migrate -n "__fish_db_migrate_using_subcommand wait" -l grace -d 'How long to retry what is probably a mistake, such as a wrong password, before giving up with exit code 69' -r
complete -c db-migrate -n "__fish_db_migrate_using_subcommand wait" -l output -d 'How to print results' -r -f -a "auto\t'A table and a progress line on a terminal, text elsewhere'
text\t'One line for every change of state'
json\t'One JSON object a line, with a `schema` number'"
complete -c db-migrate -n "__fish_db_migrate_using_subcommand wait" -l termination-log -d 'File for the final message; by default Kubernetes\' /dev/termination-log where that exists' -r -F
complete -c db-migrate -n "__fish_db_migrate_using_subcommand wait" -l env-dir -d 'Folder whose files are variables, such as a mounted Secret: file name = variable, content = value' -r -F
complete -c db-migrate -n "__fish_db_migrate_using_subcommand wait" -s e -l env -d 'Override one variable; secrets are refused here' -r
complete -c db-migrate -n "__fish_db_migrate_using_subcommand wait" -l print-config -d 'Print what was resolved, secrets masked, and where each value came from; then end'
complete -c db-migrate -n "__fish_db_migrate_using_subcommand wait" -s v -l verbose -d 'Log every try to standard error'
complete -c db-migrate -n "__fish_db_migrate_using_subcommand wait" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c db-migrate -n "__fish_db_migrate_using_subcommand wait" -s V -l version -d 'Print version'
complete -c db-migrate -n "__fish_db_migrate_using_subcommand check" -l for -d 'What to prove: the schema at the image\'s head, or only a database in which a migration could work' -r -f -a "schema\t''
database\t''"
complete -c db-migrate -n "__fish_db_migrate_using_subcommand check" -l target -d 'Whose database; several are looked at side by side. By default the one that the variables are for' -r -f -a "app\t'That of api and worker'
daemon\t'That of the plugin daemon'"
complete -c db-migrate -n "__fish_db_migrate_using_subcommand check" -l migrations -d 'Folder with the image\'s revision files' -r -F
complete -c db-migrate -n "__fish_db_migrate_using_subcommand check" -l on-ahead -d 'What to do about a schema that is newer than the image' -r -f -a "allow\t'Go on with a warning: pods of the release before must be able to restart during an upgrade'
fail\t'End with exit code 69'"
complete -c db-migrate -n "__fish_db_migrate_using_subcommand check" -l deadline -d 'How long to wait in all before giving up with exit code 75' -r
complete -c db-migrate -n "__fish_db_migrate_using_subcommand check" -l grace -d 'How long to retry what is probably a mistake, such as a wrong password, before giving up with exit code 69' -r
complete -c db-migrate -n "__fish_db_migrate_using_subcommand check" -l output -d 'How to print results' -r -f -a "auto\t'A table and a progress line on a terminal, text elsewhere'
text\t'One line for every change of state'
json\t'One JSON object a line, with a `schema` number'"
complete -c db-migrate -n "__fish_db_migrate_using_subcommand check" -l termination-log -d 'File for the final message; by default Kubernetes\' /dev/termination-log where that exists' -r -F
complete -c db-migrate -n "__fish_db_migrate_using_subcommand check" -l env-dir -d 'Folder whose files are variables, such as a mounted Secret: file name = variable, content = value' -r -F
complete -c db-migrate -n "__fish_db_migrate_using_subcommand check" -s e -l env -d 'Override one variable; secrets are refused here' -r
complete -c db-migrate -n "__fish_db_migrate_using_subcommand check" -l print-config -d 'Print what was resolved, secrets masked, and where each value came from; then end'
complete -c db-migrate -n "__fish_db_migrate_using_subcommand check" -s v -l verbose -d 'Log every try to standard error'
complete -c db-migrate -n "__fish_db_migrate_using_subcommand check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c db-migrate -n "__fish_db_migrate_using_subcommand check" -s V -l version -d 'Print version'
complete -c db-migrate -n "__fish_db_migrate_using_subcommand status" -l migrations -d 'Folder with the image\'s revision files' -r -F
complete -c db-migrate -n "__fish_db_migrate_using_subcommand status" -l on-ahead -d 'What to do about a schema that is newer than the image' -r -f -a "allow\t'Go on with a warning: pods of the release before must be able to restart during an upgrade'
fail\t'End with exit code 69'"
complete -c db-migrate -n "__fish_db_migrate_using_subcommand status" -l deadline -d 'How long to wait in all before giving up with exit code 75' -r
complete -c db-migrate -n "__fish_db_migrate_using_subcommand status" -l grace -d 'How long to retry what is probably a mistake, such as a wrong password, before giving up with exit code 69' -r
complete -c db-migrate -n "__fish_db_migrate_using_subcommand status" -l output -d 'How to print results' -r -f -a "auto\t'A table and a progress line on a terminal, text elsewhere'
text\t'One line for every change of state'
json\t'One JSON object a line, with a `schema` number'"
complete -c db-migrate -n "__fish_db_migrate_using_subcommand status" -l termination-log -d 'File for the final message; by default Kubernetes\' /dev/termination-log where that exists' -r -F
complete -c db-migrate -n "__fish_db_migrate_using_subcommand status" -l env-dir -d 'Folder whose files are variables, such as a mounted Secret: file name = variable, content = value' -r -F
complete -c db-migrate -n "__fish_db_migrate_using_subcommand status" -s e -l env -d 'Override one variable; secrets are refused here' -r
complete -c db-migrate -n "__fish_db_migrate_using_subcommand status" -l print-config -d 'Print what was resolved, secrets masked, and where each value came from; then end'
complete -c db-migrate -n "__fish_db_migrate_using_subcommand status" -s v -l verbose -d 'Log every try to standard error'
complete -c db-migrate -n "__fish_db_migrate_using_subcommand status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c db-migrate -n "__fish_db_migrate_using_subcommand status" -s V -l version -d 'Print version'
complete -c db-migrate -n "__fish_db_migrate_using_subcommand run" -l migrations -d 'Folder with the image\'s revision files' -r -F
complete -c db-migrate -n "__fish_db_migrate_using_subcommand run" -l on-ahead -d 'What to do about a schema that is newer than the image' -r -f -a "allow\t'Go on with a warning: pods of the release before must be able to restart during an upgrade'
fail\t'End with exit code 69'"
complete -c db-migrate -n "__fish_db_migrate_using_subcommand run" -l stall-after -d 'Say what the migration waits for when nothing has changed for so long' -r
complete -c db-migrate -n "__fish_db_migrate_using_subcommand run" -l target -d 'Whose tables; of the plugin daemon\'s no revision is known, so its command always runs' -r -f -a "app\t'That of api and worker'
daemon\t'That of the plugin daemon'"
complete -c db-migrate -n "__fish_db_migrate_using_subcommand run" -l deadline -d 'How long to wait in all before giving up with exit code 75' -r
complete -c db-migrate -n "__fish_db_migrate_using_subcommand run" -l grace -d 'How long to retry what is probably a mistake, such as a wrong password, before giving up with exit code 69' -r
complete -c db-migrate -n "__fish_db_migrate_using_subcommand run" -l output -d 'How to print results' -r -f -a "auto\t'A table and a progress line on a terminal, text elsewhere'
text\t'One line for every change of state'
json\t'One JSON object a line, with a `schema` number'"
complete -c db-migrate -n "__fish_db_migrate_using_subcommand run" -l termination-log -d 'File for the final message; by default Kubernetes\' /dev/termination-log where that exists' -r -F
complete -c db-migrate -n "__fish_db_migrate_using_subcommand run" -l env-dir -d 'Folder whose files are variables, such as a mounted Secret: file name = variable, content = value' -r -F
complete -c db-migrate -n "__fish_db_migrate_using_subcommand run" -s e -l env -d 'Override one variable; secrets are refused here' -r
complete -c db-migrate -n "__fish_db_migrate_using_subcommand run" -l print-config -d 'Print what was resolved, secrets masked, and where each value came from; then end'
complete -c db-migrate -n "__fish_db_migrate_using_subcommand run" -s v -l verbose -d 'Log every try to standard error'
complete -c db-migrate -n "__fish_db_migrate_using_subcommand run" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c db-migrate -n "__fish_db_migrate_using_subcommand run" -s V -l version -d 'Print version'
complete -c db-migrate -n "__fish_db_migrate_using_subcommand repair" -l migrations -d 'Folder with the image\'s revision files' -r -F
complete -c db-migrate -n "__fish_db_migrate_using_subcommand repair" -l on-ahead -d 'What to do about a schema that is newer than the image' -r -f -a "allow\t'Go on with a warning: pods of the release before must be able to restart during an upgrade'
fail\t'End with exit code 69'"
complete -c db-migrate -n "__fish_db_migrate_using_subcommand repair" -l deadline -d 'How long to wait in all before giving up with exit code 75' -r
complete -c db-migrate -n "__fish_db_migrate_using_subcommand repair" -l grace -d 'How long to retry what is probably a mistake, such as a wrong password, before giving up with exit code 69' -r
complete -c db-migrate -n "__fish_db_migrate_using_subcommand repair" -l output -d 'How to print results' -r -f -a "auto\t'A table and a progress line on a terminal, text elsewhere'
text\t'One line for every change of state'
json\t'One JSON object a line, with a `schema` number'"
complete -c db-migrate -n "__fish_db_migrate_using_subcommand repair" -l termination-log -d 'File for the final message; by default Kubernetes\' /dev/termination-log where that exists' -r -F
complete -c db-migrate -n "__fish_db_migrate_using_subcommand repair" -l env-dir -d 'Folder whose files are variables, such as a mounted Secret: file name = variable, content = value' -r -F
complete -c db-migrate -n "__fish_db_migrate_using_subcommand repair" -s e -l env -d 'Override one variable; secrets are refused here' -r
complete -c db-migrate -n "__fish_db_migrate_using_subcommand repair" -l yes -d 'Execute them: with the migration lock, and only while no other transaction is open in the database'
complete -c db-migrate -n "__fish_db_migrate_using_subcommand repair" -l print-config -d 'Print what was resolved, secrets masked, and where each value came from; then end'
complete -c db-migrate -n "__fish_db_migrate_using_subcommand repair" -s v -l verbose -d 'Log every try to standard error'
complete -c db-migrate -n "__fish_db_migrate_using_subcommand repair" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c db-migrate -n "__fish_db_migrate_using_subcommand repair" -s V -l version -d 'Print version'
complete -c db-migrate -n "__fish_db_migrate_using_subcommand bootstrap" -l deadline -d 'How long to wait in all before giving up with exit code 75' -r
complete -c db-migrate -n "__fish_db_migrate_using_subcommand bootstrap" -l grace -d 'How long to retry what is probably a mistake, such as a wrong password, before giving up with exit code 69' -r
complete -c db-migrate -n "__fish_db_migrate_using_subcommand bootstrap" -l output -d 'How to print results' -r -f -a "auto\t'A table and a progress line on a terminal, text elsewhere'
text\t'One line for every change of state'
json\t'One JSON object a line, with a `schema` number'"
complete -c db-migrate -n "__fish_db_migrate_using_subcommand bootstrap" -l termination-log -d 'File for the final message; by default Kubernetes\' /dev/termination-log where that exists' -r -F
complete -c db-migrate -n "__fish_db_migrate_using_subcommand bootstrap" -l env-dir -d 'Folder whose files are variables, such as a mounted Secret: file name = variable, content = value' -r -F
complete -c db-migrate -n "__fish_db_migrate_using_subcommand bootstrap" -s e -l env -d 'Override one variable; secrets are refused here' -r
complete -c db-migrate -n "__fish_db_migrate_using_subcommand bootstrap" -l print-config -d 'Print what was resolved, secrets masked, and where each value came from; then end'
complete -c db-migrate -n "__fish_db_migrate_using_subcommand bootstrap" -s v -l verbose -d 'Log every try to standard error'
complete -c db-migrate -n "__fish_db_migrate_using_subcommand bootstrap" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c db-migrate -n "__fish_db_migrate_using_subcommand bootstrap" -s V -l version -d 'Print version'
complete -c db-migrate -n "__fish_db_migrate_using_subcommand install" -l deadline -d 'How long to wait in all before giving up with exit code 75' -r
complete -c db-migrate -n "__fish_db_migrate_using_subcommand install" -l grace -d 'How long to retry what is probably a mistake, such as a wrong password, before giving up with exit code 69' -r
complete -c db-migrate -n "__fish_db_migrate_using_subcommand install" -l output -d 'How to print results' -r -f -a "auto\t'A table and a progress line on a terminal, text elsewhere'
text\t'One line for every change of state'
json\t'One JSON object a line, with a `schema` number'"
complete -c db-migrate -n "__fish_db_migrate_using_subcommand install" -l termination-log -d 'File for the final message; by default Kubernetes\' /dev/termination-log where that exists' -r -F
complete -c db-migrate -n "__fish_db_migrate_using_subcommand install" -l env-dir -d 'Folder whose files are variables, such as a mounted Secret: file name = variable, content = value' -r -F
complete -c db-migrate -n "__fish_db_migrate_using_subcommand install" -s e -l env -d 'Override one variable; secrets are refused here' -r
complete -c db-migrate -n "__fish_db_migrate_using_subcommand install" -l print-config -d 'Print what was resolved, secrets masked, and where each value came from; then end'
complete -c db-migrate -n "__fish_db_migrate_using_subcommand install" -s v -l verbose -d 'Log every try to standard error'
complete -c db-migrate -n "__fish_db_migrate_using_subcommand install" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c db-migrate -n "__fish_db_migrate_using_subcommand install" -s V -l version -d 'Print version'
complete -c db-migrate -n "__fish_db_migrate_using_subcommand help; and not __fish_seen_subcommand_from wait check status run repair bootstrap install help" -f -a "wait" -d 'Waits until the schema (or the database) is ready, or until it is hopeless, or until the deadline'
complete -c db-migrate -n "__fish_db_migrate_using_subcommand help; and not __fish_seen_subcommand_from wait check status run repair bootstrap install help" -f -a "check" -d 'Looks once and says what it found'
complete -c db-migrate -n "__fish_db_migrate_using_subcommand help; and not __fish_seen_subcommand_from wait check status run repair bootstrap install help" -f -a "status" -d 'Shows revisions, decision, lock holder and recorded migrations'
complete -c db-migrate -n "__fish_db_migrate_using_subcommand help; and not __fish_seen_subcommand_from wait check status run repair bootstrap install help" -f -a "run" -d 'Migrates: takes the lock, decides, runs the command, and proves the result'
complete -c db-migrate -n "__fish_db_migrate_using_subcommand help; and not __fish_seen_subcommand_from wait check status run repair bootstrap install help" -f -a "repair" -d 'Shows the statements that mend a revision which an interrupted migration left half applied; executes them with --yes'
complete -c db-migrate -n "__fish_db_migrate_using_subcommand help; and not __fish_seen_subcommand_from wait check status run repair bootstrap install help" -f -a "bootstrap" -d 'Creates what is missing of databases, role and extensions; never changes what is there'
complete -c db-migrate -n "__fish_db_migrate_using_subcommand help; and not __fish_seen_subcommand_from wait check status run repair bootstrap install help" -f -a "install" -d 'Copies this program into a folder, so that it can run inside Dify\'s own image'
complete -c db-migrate -n "__fish_db_migrate_using_subcommand help; and not __fish_seen_subcommand_from wait check status run repair bootstrap install help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
