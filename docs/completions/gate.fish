complete -c gate -l deadline -d 'How long to wait in all before giving up with exit code 75' -r
complete -c gate -l grace -d 'How long to retry what is probably a mistake, such as a wrong password, before giving up with exit code 69' -r
complete -c gate -l output -d 'How to print results' -r -f -a "auto\t'A table and a progress line on a terminal, text elsewhere'
text\t'One line for every change of state'
json\t'One JSON object a line, with a `schema` number'"
complete -c gate -l termination-log -d 'File for the final message; by default Kubernetes\' /dev/termination-log where that exists' -r -F
complete -c gate -l env-dir -d 'Folder whose files are variables, such as a mounted Secret: file name = variable, content = value' -r -F
complete -c gate -s e -l env -d 'Override one variable; secrets are refused here' -r
complete -c gate -l print-config -d 'Print what was resolved, secrets masked, and where each value came from; then end'
complete -c gate -s v -l verbose -d 'Log every try to standard error'
complete -c gate -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gate -s V -l version -d 'Print version'
