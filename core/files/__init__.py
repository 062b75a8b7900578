"""Files that people bring: taken in by parts, kept encrypted, examined, shown small, given back as they came. Every other app's files lie here."""
