"""The pictures that show what each style looks like: the portrait that ships, dressed and placed by a painter."""
