"""A stand-in for Dify's api image: its environment, commands, exit codes and start-up needs, not its product."""
