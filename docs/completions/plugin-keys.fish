# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_plugin_keys_global_optspecs
    string join \n deadline= grace= output= termination-log= env-dir= e/env= print-config v/verbose h/help V/version
end

function __fish_plugin_keys_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_plugin_keys_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_plugin_keys_using_subcommand
    set -l cmd (__fish_plugin_keys_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c plugin-keys -n "__fish_plugin_keys_needs_command" -l deadline -d 'How long to wait in all before giving up with exit code 75' -r
complete -c plugin-keys -n "__fish_plugin_keys_needs_command" -l grace -d 'How long to retry what is probably a mistake, such as a wrong password, before giving up with exit code 69' -r
complete -c plugin-keys -n "__fish_plugin_keys_needs_command" -l output -d 'How to print results' -r -f -a "auto\t'A table and a progress line on a terminal, text elsewhere'
text\t'One line for every change of state'
json\t'One JSON object a line, with a `schema` number'"
complete -c plugin-keys -n "__fish_plugin_keys_needs_command" -l termination-log -d 'File for the final message; by default Kubernetes\' /dev/termination-log where that exists' -r -F
complete -c plugin-keys -n "__fish_plugin_keys_needs_command" -l env-dir -d 'Folder whose files are variables, such as a mounted Secret: file name = variable, content = value' -r -F
complete -c plugin-keys -n "__fish_plugin_keys_needs_command" -s e -l env -d 'Override one variable; secrets are refused here' -r
complete -c plugin-keys -n "__fish_plugin_keys_needs_command" -l print-config -d 'Print what was resolved, secrets masked, and where each value came from; then end'
complete -c plugin-keys -n "__fish_plugin_keys_needs_command" -s v -l verbose -d 'Log every try to standard error'
complete -c plugin-keys -n "__fish_plugin_keys_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c plugin-keys -n "__fish_plugin_keys_needs_command" -s V -l version -d 'Print version'
complete -c plugin-keys -n "__fish_plugin_keys_needs_command" -f -a "ensure" -d 'Make a Kubernetes Secret, or the keys that an existing one lacks; a key that is there is never changed'
complete -c plugin-keys -n "__fish_plugin_keys_needs_command" -f -a "check" -d 'Prove once that the keys are good; with --live, that the running components take them'
complete -c plugin-keys -n "__fish_plugin_keys_needs_command" -f -a "wait" -d 'Prove that the keys are good, waiting for those in files to appear and for the components to answer'
complete -c plugin-keys -n "__fish_plugin_keys_needs_command" -f -a "rotate" -d 'Give keys of a Kubernetes Secret new values, where that loses nothing, and say who must be restarted'
complete -c plugin-keys -n "__fish_plugin_keys_needs_command" -f -a "generate" -d 'Print a Secret with new keys as YAML, or as JSON with --output json'
complete -c plugin-keys -n "__fish_plugin_keys_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand ensure" -l secret -d 'The Secret\'s name' -r
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand ensure" -l namespace -d 'The namespace; by default the pod\'s own, or the kubeconfig\'s' -r
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand ensure" -l key -d 'Only this key; may be given several times. All by default' -r
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand ensure" -l deadline -d 'How long to wait in all before giving up with exit code 75' -r
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand ensure" -l grace -d 'How long to retry what is probably a mistake, such as a wrong password, before giving up with exit code 69' -r
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand ensure" -l output -d 'How to print results' -r -f -a "auto\t'A table and a progress line on a terminal, text elsewhere'
text\t'One line for every change of state'
json\t'One JSON object a line, with a `schema` number'"
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand ensure" -l termination-log -d 'File for the final message; by default Kubernetes\' /dev/termination-log where that exists' -r -F
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand ensure" -l env-dir -d 'Folder whose files are variables, such as a mounted Secret: file name = variable, content = value' -r -F
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand ensure" -s e -l env -d 'Override one variable; secrets are refused here' -r
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand ensure" -l print-config -d 'Print what was resolved, secrets masked, and where each value came from; then end'
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand ensure" -s v -l verbose -d 'Log every try to standard error'
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand ensure" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand check" -l key -d 'Only this key; may be given several times. All by default' -r
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand check" -l holder -d 'Keys of a component in place of the own environment: a folder, a file of NAME=value lines, or a Secret or `ConfigMap` as YAML or JSON, such as plugin-daemon=daemon.env. May be given several times, also for one component: then the later ones go first' -r
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand check" -l ask -d 'Ask only this component; may be given several times. By default all whose URL is known' -r -f -a "api\t'The api, as the plugin daemon calls it back'
plugin-daemon\t'The plugin daemon'
sandbox\t'The sandbox; one line of code is run in it'
agent-backend\t'The agent backend'
local-sandbox\t'The local sandbox of the agents'"
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand check" -l ca -d 'File with the CA of components that speak HTTPS' -r -F
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand check" -l deadline -d 'How long to wait in all before giving up with exit code 75' -r
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand check" -l grace -d 'How long to retry what is probably a mistake, such as a wrong password, before giving up with exit code 69' -r
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand check" -l output -d 'How to print results' -r -f -a "auto\t'A table and a progress line on a terminal, text elsewhere'
text\t'One line for every change of state'
json\t'One JSON object a line, with a `schema` number'"
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand check" -l termination-log -d 'File for the final message; by default Kubernetes\' /dev/termination-log where that exists' -r -F
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand check" -l env-dir -d 'Folder whose files are variables, such as a mounted Secret: file name = variable, content = value' -r -F
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand check" -s e -l env -d 'Override one variable; secrets are refused here' -r
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand check" -l live -d 'Ask the running components too whether they take the keys'
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand check" -l print-config -d 'Print what was resolved, secrets masked, and where each value came from; then end'
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand check" -s v -l verbose -d 'Log every try to standard error'
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand wait" -l key -d 'Only this key; may be given several times. All by default' -r
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand wait" -l holder -d 'Keys of a component in place of the own environment: a folder, a file of NAME=value lines, or a Secret or `ConfigMap` as YAML or JSON, such as plugin-daemon=daemon.env. May be given several times, also for one component: then the later ones go first' -r
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand wait" -l ask -d 'Ask only this component; may be given several times. By default all whose URL is known' -r -f -a "api\t'The api, as the plugin daemon calls it back'
plugin-daemon\t'The plugin daemon'
sandbox\t'The sandbox; one line of code is run in it'
agent-backend\t'The agent backend'
local-sandbox\t'The local sandbox of the agents'"
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand wait" -l ca -d 'File with the CA of components that speak HTTPS' -r -F
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand wait" -l deadline -d 'How long to wait in all before giving up with exit code 75' -r
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand wait" -l grace -d 'How long to retry what is probably a mistake, such as a wrong password, before giving up with exit code 69' -r
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand wait" -l output -d 'How to print results' -r -f -a "auto\t'A table and a progress line on a terminal, text elsewhere'
text\t'One line for every change of state'
json\t'One JSON object a line, with a `schema` number'"
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand wait" -l termination-log -d 'File for the final message; by default Kubernetes\' /dev/termination-log where that exists' -r -F
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand wait" -l env-dir -d 'Folder whose files are variables, such as a mounted Secret: file name = variable, content = value' -r -F
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand wait" -s e -l env -d 'Override one variable; secrets are refused here' -r
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand wait" -l live -d 'Ask the running components too whether they take the keys'
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand wait" -l print-config -d 'Print what was resolved, secrets masked, and where each value came from; then end'
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand wait" -s v -l verbose -d 'Log every try to standard error'
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand wait" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand rotate" -l secret -d 'The Secret\'s name' -r
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand rotate" -l namespace -d 'The namespace; by default the pod\'s own, or the kubeconfig\'s' -r
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand rotate" -l key -d 'This key; may be given several times' -r
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand rotate" -l deadline -d 'How long to wait in all before giving up with exit code 75' -r
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand rotate" -l grace -d 'How long to retry what is probably a mistake, such as a wrong password, before giving up with exit code 69' -r
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand rotate" -l output -d 'How to print results' -r -f -a "auto\t'A table and a progress line on a terminal, text elsewhere'
text\t'One line for every change of state'
json\t'One JSON object a line, with a `schema` number'"
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand rotate" -l termination-log -d 'File for the final message; by default Kubernetes\' /dev/termination-log where that exists' -r -F
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand rotate" -l env-dir -d 'Folder whose files are variables, such as a mounted Secret: file name = variable, content = value' -r -F
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand rotate" -s e -l env -d 'Override one variable; secrets are refused here' -r
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand rotate" -l all -d 'All keys that the Secret has and that can be rotated'
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand rotate" -l yes -d 'Do it; without this flag it is only said what would be done'
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand rotate" -l print-config -d 'Print what was resolved, secrets masked, and where each value came from; then end'
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand rotate" -s v -l verbose -d 'Log every try to standard error'
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand rotate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand generate" -l secret -d 'The Secret\'s name' -r
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand generate" -l namespace -d 'The namespace; by default the pod\'s own, or the kubeconfig\'s' -r
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand generate" -l key -d 'Only this key; may be given several times. All by default' -r
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand generate" -l deadline -d 'How long to wait in all before giving up with exit code 75' -r
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand generate" -l grace -d 'How long to retry what is probably a mistake, such as a wrong password, before giving up with exit code 69' -r
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand generate" -l output -d 'How to print results' -r -f -a "auto\t'A table and a progress line on a terminal, text elsewhere'
text\t'One line for every change of state'
json\t'One JSON object a line, with a `schema` number'"
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand generate" -l termination-log -d 'File for the final message; by default Kubernetes\' /dev/termination-log where that exists' -r -F
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand generate" -l env-dir -d 'Folder whose files are variables, such as a mounted Secret: file name = variable, content = value' -r -F
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand generate" -s e -l env -d 'Override one variable; secrets are refused here' -r
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand generate" -l print-config -d 'Print what was resolved, secrets masked, and where each value came from; then end'
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand generate" -s v -l verbose -d 'Log every try to standard error'
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand generate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand help; and not __fish_seen_subcommand_from ensure check wait rotate generate help" -f -a "ensure" -d 'Make a Kubernetes Secret, or the keys that an existing one lacks; a key that is there is never changed'
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand help; and not __fish_seen_subcommand_from ensure check wait rotate generate help" -f -a "check" -d 'Prove once that the keys are good; with --live, that the running components take them'
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand help; and not __fish_seen_subcommand_from ensure check wait rotate generate help" -f -a "wait" -d 'Prove that the keys are good, waiting for those in files to appear and for the components to answer'
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand help; and not __fish_seen_subcommand_from ensure check wait rotate generate help" -f -a "rotate" -d 'Give keys of a Kubernetes Secret new values, where that loses nothing, and say who must be restarted'
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand help; and not __fish_seen_subcommand_from ensure check wait rotate generate help" -f -a "generate" -d 'Print a Secret with new keys as YAML, or as JSON with --output json'
complete -c plugin-keys -n "__fish_plugin_keys_using_subcommand help; and not __fish_seen_subcommand_from ensure check wait rotate generate help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
