"""`python -m imprint`: the command line."""

from imprint.cli import program

if __name__ == "__main__":
    program()
