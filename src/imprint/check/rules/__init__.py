"""The rules, one folder for each kind of thing that they hold."""
